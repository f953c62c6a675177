"""Epochs of the baselines' MMoE in PyTorch, as bench/baselines/{census,ml1m}-mmoe.yaml describe it.

usage: epoch_mmoe.py census|ml1m DATA_FOLDER THREADS

Prints "ready", then answers each line on standard input with one number:
    slice   one epoch over tensors sliced by hand: rows/s
    loader  one epoch over a DataLoader with its default collation: rows/s
    auc N   a new model, N epochs by slices: mean test AUC of the tasks
"""

import sys
import time

import duckdb
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

BATCH, WIDTH, EXPERTS, TOWER = 2048, 16, 8, 32
RATES = {"census": 0.02, "ml1m": 0.15}

NUMERIC = "age wage_per_hour capital_gains capital_losses stock_dividends num_emp weeks_worked".split()
COLUMNS = """age class_worker det_ind_code det_occ_code education wage_per_hour hs_college marital_stat major_ind_code
major_occ_code race hisp_origin sex union_member unemp_reason full_or_part_emp capital_gains capital_losses
stock_dividends tax_filer_stat region_prev_res state_prev_res det_hh_fam_stat det_hh_summ instance_weight mig_chg_msa
mig_chg_reg mig_move_reg mig_same mig_prev_sunbelt num_emp fam_under_18 country_father country_mother country_self
citizenship own_or_self vet_question vet_benefits weeks_worked year income_50k""".split()
LABELS = ["income_50k", "marital_stat", "education"]
BACHELOR = ("Bachelors degree(BA AB BS)", "Masters degree(MA MS MEng MEd MSW MBA)",
            "Prof school degree (MD DDS DVM LLB JD)", "Doctorate degree(PhD EdD)")


def codes(values):
    return np.unique(values, return_inverse=True)[1]


def split(count):
    fold = np.arange(count) % 10
    return np.where(fold == 0, 2, np.where(fold == 1, 1, 0))


def census(folder):
    names = ", ".join(f"'{name}'" for name in COLUMNS)
    frame = duckdb.sql(f"SELECT * FROM read_csv('{folder}/census-income.csv.gz', header = false, all_varchar = true, "
                       f"names = [{names}])").df()
    frame = frame.map(lambda text: "missing" if text is None else str(text).strip())
    parts = split(len(frame))
    numbers = np.log1p(frame[NUMERIC].to_numpy(dtype=np.float64))
    train = numbers[parts == 0]
    numbers = (numbers - train.mean(0)) / train.std(0)
    fields = [name for name in COLUMNS if name not in NUMERIC + LABELS + ["instance_weight"]]
    labels = np.stack([frame.income_50k.str.startswith("50000+"), frame.marital_stat == "Never married",
                       frame.education.isin(BACHELOR)], 1)
    bag = np.zeros((len(frame), 0), np.float32)
    return np.stack([codes(frame[name]) for name in fields], 1), bag, numbers, labels, parts


def ml1m(folder):
    ratings = duckdb.sql(f"SELECT user_id AS u, movie_id AS m, rating AS r FROM '{folder}/ratings.csv.gz'").df()
    read = "columns = {'line': 'VARCHAR'}, header = false, delim = '\\x01', quote = '', escape = ''"
    read += ", encoding = 'latin-1'"

    def parts_of(name):
        return duckdb.sql(
            f"SELECT string_split(line, '::') AS p FROM read_csv('{folder}/{name}.dat.gz', {read})").fetchall()

    users = {int(p[0]): p[1:4] for (p,) in parts_of("users")}
    movies = {int(p[0]): p[2].split("|") for (p,) in parts_of("movies")}
    genres = sorted({genre for names in movies.values() for genre in names})
    table = np.zeros((max(movies) + 1, len(genres)), np.float32)
    for movie, names in movies.items():
        table[movie, [genres.index(name) for name in names]] = 1 / len(names)
    columns = [ratings.u, ratings.m] + [[users[u][i] for u in ratings.u] for i in range(3)]
    labels = np.stack([ratings.r >= 4, ratings.r == 5], 1)
    numbers = np.zeros((len(ratings), 0))
    return np.stack([codes(column) for column in columns], 1), table[ratings.m], numbers, labels, split(len(ratings))


def mlp(width, layers):
    modules = []
    for layer in layers:
        modules += [nn.Linear(width, layer), nn.ReLU()]
        width = layer
    return nn.Sequential(*modules)


class Mmoe(nn.Module):
    def __init__(self, sizes, bags, numbers, tasks):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(size, WIDTH) for size in sizes)
        self.bag = nn.Parameter(torch.randn(bags, WIDTH) * 0.05) if bags else None
        for table in self.tables:
            nn.init.normal_(table.weight, 0, 0.05)
        width = WIDTH * (len(sizes) + (bags > 0)) + numbers
        self.experts = nn.ModuleList(mlp(width, [128, 64]) for _ in range(EXPERTS))
        self.gates = nn.ModuleList(nn.Linear(width, EXPERTS, bias=False) for _ in range(tasks))
        self.towers = nn.ModuleList(nn.Sequential(mlp(64, [TOWER]), nn.Linear(TOWER, 1)) for _ in range(tasks))

    def forward(self, ids, bag, numbers):
        inputs = [table(ids[:, f]) for f, table in enumerate(self.tables)]
        if self.bag is not None:
            inputs.append(bag @ self.bag)
        x = torch.cat(inputs + [numbers], 1)
        experts = torch.stack([expert(x) for expert in self.experts], 1)
        mixed = [torch.einsum("bn,bnh->bh", gate(x).softmax(1), experts) for gate in self.gates]
        return torch.cat([tower(z) for tower, z in zip(self.towers, mixed)], 1)


class Training:
    def __init__(self, name, folder):
        ids, bag, numbers, labels, parts = {"census": census, "ml1m": ml1m}[name](folder)
        self.rate = RATES[name]
        self.sizes = ids.max(0) + 1
        tensors = [torch.tensor(ids), torch.tensor(bag), torch.tensor(numbers, dtype=torch.float32),
                   torch.tensor(labels, dtype=torch.float32)]
        self.train = [tensor[torch.tensor(parts == 0)].contiguous() for tensor in tensors]
        self.test = [tensor[torch.tensor(parts == 2)] for tensor in tensors]
        self.reset()

    def reset(self):
        ids, bag, numbers, labels = self.train
        self.model = Mmoe(self.sizes, bag.shape[1], numbers.shape[1], labels.shape[1])
        rows = list(self.model.tables.parameters()) + ([] if self.model.bag is None else [self.model.bag])
        known = {id(parameter) for parameter in rows}
        dense = [parameter for parameter in self.model.parameters() if id(parameter) not in known]
        self.optimizers = [torch.optim.Adagrad(rows, lr=self.rate), torch.optim.Adam(dense, lr=0.001, fused=True)]

    def step(self, ids, bag, numbers, labels):
        loss = F.binary_cross_entropy_with_logits(self.model(ids, bag, numbers), labels, reduction="none").mean(0).sum()
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in self.optimizers:
            optimizer.step()

    def slice(self):
        order = torch.randperm(len(self.train[0]))
        for rows in order.split(BATCH):
            self.step(*(tensor[rows] for tensor in self.train))

    def loader(self):
        for batch in DataLoader(TensorDataset(*self.train), batch_size=BATCH, shuffle=True):
            self.step(*batch)

    def rate_of(self, epoch):
        start = time.perf_counter()
        epoch()
        return len(self.train[0]) / (time.perf_counter() - start)

    @torch.no_grad()
    def auc(self):
        ids, bag, numbers, labels = self.test
        scores = torch.cat([self.model(ids[i:i + 8192], bag[i:i + 8192], numbers[i:i + 8192])
                            for i in range(0, len(ids), 8192)]).numpy()
        return float(np.mean([midrank_auc(scores[:, k], labels[:, k].numpy()) for k in range(labels.shape[1])]))


def midrank_auc(scores, labels):
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives = labels.sum()
    return (ranks[labels > 0].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives))


def main():
    name, folder, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    training = Training(name, folder)
    print("ready", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "auc":
            training.reset()
            for _ in range(int(words[1])):
                training.slice()
            print(training.auc(), flush=True)
        else:
            print(training.rate_of({"slice": training.slice, "loader": training.loader}[words[0]]), flush=True)


if __name__ == "__main__":
    main()

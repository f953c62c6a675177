"""Training steps of a wide MMoE in PyTorch: 40 fields of 16 floats, 8 experts (256, 128), 2 tasks with a tower of 64.

usage: wide_mmoe.py installed|tuned float32|bfloat16 THREADS

    installed   as pip leaves it
    tuned       matrix products by oneDNN, freed memory kept by the C library, waiting threads asleep

Prints "ready", then answers each line on standard input with rows a second over N steps, or as many as begin within ten
seconds, where a processor multiplies bfloat16 slowly:
    dense N     the network alone, whose input stands still
    sparse N    with an nn.Embedding of sparse gradients and PyTorch's Adagrad
    rowwise N   with row-wise Adagrad on the unique rows of a batch
"""

import ctypes
import os
import sys
import time

if sys.argv[1:2] == ["tuned"]:
    os.environ["OMP_WAIT_POLICY"] = "passive"  # read when torch is loaded

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BATCH, FIELDS, DIMENSION, EXPERTS, TOWER, TASKS = 4096, 40, 16, 8, 64, 2
KEYS_PER_FIELD, SKEW, BATCHES, RATE = 52_500, 1.05, 16, 0.05
LONG = 10  # s
WIDTH = FIELDS * DIMENSION


class Mmoe(nn.Module):
    def __init__(self):
        super().__init__()
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Linear(WIDTH, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU()) for _ in range(EXPERTS))
        self.gates = nn.ModuleList(nn.Linear(WIDTH, EXPERTS, bias=False) for _ in range(TASKS))
        self.towers = nn.ModuleList(
            nn.Sequential(nn.Linear(128, TOWER), nn.ReLU(), nn.Linear(TOWER, 1)) for _ in range(TASKS))

    def forward(self, x):
        f = torch.stack([expert(x) for expert in self.experts], 1)  # [B, n, H]
        g = torch.stack([gate(x).softmax(-1) for gate in self.gates], 1)  # [B, K, n]
        return [tower(z) for tower, z in zip(self.towers, torch.bmm(g, f).unbind(1))]


def tune():
    torch.backends.mkldnn.matmul.fp32_precision = "bf16"  # the way to oneDNN; exact where the processor lacks AMX
    a, b = torch.randn(256, 640), torch.randn(640, 256)
    exact = (a.double() @ b.double()).float()
    if (a @ b - exact).abs().max() > 1e-3:
        torch.backends.mkldnn.matmul.fp32_precision = "ieee"
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        for parameter, value in ((-3, 32 << 20), (-1, 2**31 - 1), (-2, 128 << 20)):
            libc.mallopt(parameter, value)


class Training:
    def __init__(self, bfloat16):
        self.bfloat16 = bfloat16
        self.model = Mmoe()
        self.dense_optimizer = torch.optim.Adam(self.model.parameters(), fused=True)
        shares = np.arange(1, KEYS_PER_FIELD + 1) ** -SKEW
        up_to = np.cumsum(shares / shares.sum())
        random = np.random.default_rng(1)
        starts = np.arange(FIELDS) * KEYS_PER_FIELD
        self.keys = [torch.from_numpy(np.minimum(up_to.searchsorted(random.random((BATCH, FIELDS))),
                                                 KEYS_PER_FIELD - 1) + starts) for _ in range(BATCHES)]
        self.labels = [torch.randint(0, 2, (BATCH, 1)).float() for _ in range(TASKS)]
        self.embedding = nn.Embedding(FIELDS * KEYS_PER_FIELD, DIMENSION, sparse=True)
        nn.init.normal_(self.embedding.weight, std=0.05)
        self.adagrad = torch.optim.Adagrad(self.embedding.parameters(), lr=RATE)
        self.accumulator = torch.zeros(len(self.embedding.weight))
        self.still = torch.randn(BATCH, WIDTH).mul_(0.05).requires_grad_()
        self.count = 0

    def learn(self, x):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            outputs = self.model(x)
        loss = sum(F.binary_cross_entropy_with_logits(z.float(), y) for z, y in zip(outputs, self.labels))
        loss.item()
        self.dense_optimizer.zero_grad()
        loss.backward()
        self.dense_optimizer.step()

    def next_keys(self):
        self.count += 1
        return self.keys[self.count % BATCHES]

    def dense(self):
        self.still.grad = None
        self.learn(self.still)

    def sparse(self):
        self.adagrad.zero_grad()
        self.learn(self.embedding(self.next_keys()).view(BATCH, WIDTH))
        self.adagrad.step()

    def rowwise(self):
        rows, places = self.next_keys().unique(return_inverse=True)
        table = self.embedding.weight.detach()
        values = table[rows].requires_grad_()
        self.learn(F.embedding(places, values).view(BATCH, WIDTH))
        with torch.no_grad():
            gradient = values.grad
            accumulated = self.accumulator[rows].add_(gradient.square().mean(1))
            self.accumulator[rows] = accumulated
            step = gradient.mul_((-RATE / (accumulated.sqrt_() + 1e-8)).unsqueeze(1))
            table.index_add_(0, rows, step)

    def rate(self, step, count):
        start = time.perf_counter()
        done, seconds = 0, 0.0
        while done < count and seconds < LONG:
            step()
            done, seconds = done + 1, time.perf_counter() - start
        return done * BATCH / seconds


def main():
    how, precision, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    if how == "tuned":
        tune()
    training = Training(precision == "bfloat16")
    steps = {"dense": training.dense, "sparse": training.sparse, "rowwise": training.rowwise}
    print("ready", flush=True)
    for line in sys.stdin:
        what, count = line.split()
        print(training.rate(steps[what], int(count)), flush=True)


if __name__ == "__main__":
    main()

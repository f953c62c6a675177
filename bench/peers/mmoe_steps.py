"""Repeats the first steps of an MMoE training in PyTorch and compares the losses with Corymb's.

    python mmoe_steps.py OUT        OUT is the folder that StepDump wrote

Same initial parameters, same rows of the tables, same batches; PyTorch's own autograd, Adam and Adagrad.
Exit status 0 if every loss of every step agrees within 1e-4 relative, 1 otherwise.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F
import yaml
from safetensors.torch import load_file

TOLERANCE = 1e-4


def main(folder):
    experiment = yaml.safe_load((folder / "run" / "experiment.yaml").read_text())
    model, train, tasks = experiment["model"], experiment["train"], experiment["tasks"]
    assert model["type"] == "mmoe" and train["dense"]["optimizer"] == "adam"
    assert train["embedding"]["optimizer"] == "adagrad" and model["dropout"] == 0
    batches = load_file(folder / "batches.safetensors")
    dense = {name: values.clone().requires_grad_() for name, values in load_file(folder / "dense.safetensors").items()}
    rows, places = {}, {}
    for name in batches:
        if name.startswith("table.") and name.endswith(".keys"):
            table = name.split(".")[1]
            rows[table] = batches[f"table.{table}.rows"].clone().requires_grad_()
            places[table] = {key: place for place, key in enumerate(batches[name].tolist())}
    fields = [(name, feature) for name, feature in experiment["features"].items() if is_embedded(feature)]

    adam = torch.optim.Adam(
        dense.values(),
        lr=train["dense"]["rate"],
        betas=(train["dense"]["beta1"], train["dense"]["beta2"]),
        eps=train["dense"]["epsilon"],
    )
    adagrad = torch.optim.Adagrad(rows.values(), lr=train["embedding"]["rate"], eps=train["embedding"]["epsilon"])
    history = [json.loads(line) for line in (folder / "run" / "history.jsonl").read_text().splitlines()]
    history = [line for line in history if "loss" in line]

    worst = 0.0
    for step, line in enumerate(history):
        losses = step_losses(batches, f"batch.{step}", fields, tasks, model, dense, rows, places)
        total = sum(task["weight"] * loss for task, loss in zip(tasks.values(), losses))
        adam.zero_grad()
        adagrad.zero_grad()
        total.backward()
        l2_on_looked_up_rows(train["embedding"]["l2"], batches, f"batch.{step}", fields, rows, places)
        adam.step()
        adagrad.step()
        for name, loss in zip(tasks, losses):
            ours, theirs = line["loss"][name], loss.item()
            relative = abs(ours - theirs) / abs(theirs)
            worst = max(worst, relative)
            print(f"step {line['step']:3d}  {name:10s}  corymb {ours:.7f}  torch {theirs:.7f}  relative {relative:.1e}")
    print(f"{len(history)} steps, largest relative difference {worst:.1e}, allowed {TOLERANCE:.0e}")
    return 0 if history and worst <= TOLERANCE else 1


def is_embedded(feature):
    return feature["type"] in ("categorical", "bag", "sequence") or feature.get("scaling") == "quantile"


def table_of(name, feature):
    return feature.get("table") or name


def indexes(batches, prefix, name, feature, places):
    offsets = batches[f"{prefix}.field.{name}.offsets"]
    keys = batches[f"{prefix}.field.{name}.keys"].tolist()
    own = places[table_of(name, feature)]
    return torch.tensor([own[key] for key in keys], dtype=torch.long), offsets


def step_losses(batches, prefix, fields, tasks, model, dense, rows, places):
    parts = []
    for name, feature in fields:
        index, offsets = indexes(batches, prefix, name, feature, places)
        pooling = feature.get("pooling", "sum")
        parts.append(F.embedding_bag(index, rows[table_of(name, feature)], offsets[:-1], mode=pooling))
    x = torch.cat(parts + [batches[f"{prefix}.numeric"]], 1)  # [B, D]
    experts = torch.stack([mlp(x, dense, f"expert.{i}") for i in range(model["experts"])], 1)  # [B, n, H]
    losses = []
    for k, (name, task) in enumerate(tasks.items()):
        gate = (x @ dense[f"gate.{name}.weight"].T).softmax(1)  # [B, n]
        z = (gate.unsqueeze(2) * experts).sum(1)  # [B, H]
        hidden = mlp(z, dense, f"tower.{name}")
        y = hidden @ dense[f"tower.{name}.output.weight"].T + dense[f"tower.{name}.output.bias"]
        losses.append(loss_of(task, y.squeeze(1), batches[f"{prefix}.label.{k}"], batches[f"{prefix}.weight.{k}"]))
    return losses


def mlp(x, dense, prefix):
    layer = 0
    while f"{prefix}.layer.{layer}.weight" in dense:
        x = F.linear(x, dense[f"{prefix}.layer.{layer}.weight"], dense[f"{prefix}.layer.{layer}.bias"]).relu()
        layer += 1
    return x


def loss_of(task, output, label, weight):
    if task["type"] == "binary":
        each = F.binary_cross_entropy_with_logits(output, label, reduction="none")
    else:
        assert task["type"] == "regression" and task["loss"] == "squared" and task["scale"] == "linear"
        each = (output - label) ** 2
    return (each * weight).sum() / max(1, int((weight > 0).sum()))


def l2_on_looked_up_rows(l2, batches, prefix, fields, rows, places):
    if l2 == 0:
        return
    looked_up = {}
    for name, feature in fields:
        index, _ = indexes(batches, prefix, name, feature, places)
        looked_up.setdefault(table_of(name, feature), []).append(index)
    for table, parts in looked_up.items():
        index = torch.cat(parts).unique()
        rows[table].grad[index] += l2 * rows[table].data[index]


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

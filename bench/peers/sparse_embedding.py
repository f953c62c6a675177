"""Steps of an embedding table in PyTorch: gather, then an update by a given gradient.

usage: sparse_embedding.py ROWS_FILE TABLE_ROWS FIELDS BATCH WIDTH THREADS

ROWS_FILE holds int64 row numbers, batch after batch, field after field. Prints "ready", then answers each line on
standard input with lookups a second over all batches:
    sparse  nn.Embedding(sparse=True) and torch.optim.Adagrad
    unique  row-wise Adagrad by hand: duplicates summed, one accumulator a row, distinct rows alone read and written
"""

import sys
import time

import numpy as np
import torch

file, rows, fields, batch, width, threads = sys.argv[1], *map(int, sys.argv[2:])
torch.set_num_threads(threads)
indices = [torch.from_numpy(part.T.copy()) for part in np.fromfile(file, np.int64).reshape(-1, fields, batch)]
gradient = (torch.rand(batch, fields, width) - 0.5) * 1e-3
weight = torch.randn(rows, width) * 0.05


def sparse_steps():
    embedding = torch.nn.Embedding.from_pretrained(weight, freeze=False, sparse=True)
    optimizer = torch.optim.Adagrad(embedding.parameters(), lr=0.05)

    def step(index):
        embedding(index).backward(gradient)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def unique_steps():
    squares = torch.zeros(rows)

    @torch.no_grad()
    def step(index):
        torch.nn.functional.embedding(index, weight)
        distinct, inverse = torch.unique(index.flatten(), return_inverse=True)
        sums = torch.zeros(len(distinct), width).index_add_(0, inverse, gradient.view(-1, width))
        total = squares[distinct] + sums.square().mean(1)
        squares[distinct] = total
        weight.index_add_(0, distinct, sums * (-0.05 / (total.sqrt() + 1e-8)).unsqueeze(1))

    return step


steps = {"sparse": sparse_steps(), "unique": unique_steps()}
print("ready", flush=True)
for question in sys.stdin:
    step = steps[question.strip()]
    start = time.perf_counter()
    for index in indices:
        step(index)
    print(len(indices) * fields * batch / (time.perf_counter() - start), flush=True)

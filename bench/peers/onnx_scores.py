"""A client of an exported bundle that knows nothing of Corymb but docs/export.md: onnxruntime and xxhash.

usage: onnx_scores.py BUNDLE SOURCE SCORES

Scores the rows of SOURCE (a file or SQL that DuckDB reads) by BUNDLE/all-in-one.onnx, in batches, and compares with
SCORES, which `corymb predict --source SOURCE --out SCORES` wrote. Prints the largest difference of each task; its exit
status is 1 where one is above 1e-5, relative to the score where that is above 1.
"""

import json
import math
import re
import struct
import sys

import duckdb
import numpy as np
import onnxruntime
import xxhash

MISSING, UNKNOWN, RESERVED = 1, 2, 16
BATCH, LIMIT = 512, 1e-5
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")


def key(value, vocabulary=None):
    if value is None or isinstance(value, float) and math.isnan(value):
        return MISSING
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(int(value) if isinstance(value, bool) else value)
    if vocabulary is not None and text not in vocabulary:
        return UNKNOWN
    if INTEGER.fullmatch(text) and -2**63 <= int(text) < 2**63:
        found = xxhash.xxh64_intdigest(struct.pack("<q", int(text)), seed=1)
    else:
        found = xxhash.xxh64_intdigest(text.encode(), seed=0)
    signed = found - 2**64 if found >= 2**63 else found
    return ~signed if 0 <= signed < RESERVED else signed


def bucket(value, boundaries):
    return MISSING if value is None else key(int(np.searchsorted(boundaries, value, side="right")))


def entries(value, feature):
    if value is None:
        return []
    values = value.split(feature["separator"]) if isinstance(value, str) else list(value)
    values = [v for v in values if v is not None and v != ""]
    return values[-feature["length"]:] if feature["type"] == "sequence" else values[:feature["limit"]]


def numbers(values, feature, statistics):
    x = np.array([math.nan if v is None else v for v in values], dtype=float)
    scaling = feature["scaling"]
    if scaling == "log":
        x = np.copysign(np.log1p(np.abs(x)), x)
    if scaling in ("standard", "log"):
        x = (x - statistics["mean"]) / (statistics["standard_deviation"] or 1)
    if scaling == "min_max":
        x = np.clip((x - statistics["minimum"]) / ((statistics["maximum"] - statistics["minimum"]) or 1), 0, 1)
    return np.stack([np.nan_to_num(x), np.isnan(x)], axis=1).astype(np.float32)


def dense(values, feature):
    rows = np.zeros((len(values), feature["length"] + 1), dtype=np.float32)
    for row, value in enumerate(values):
        rows[row] = [0] * feature["length"] + [1] if value is None else [*value, 0]
    return rows


def encode(name, feature, values, statistics, vocabularies):
    kind, vocabulary = feature["type"], vocabularies.get(feature.get("table", name))
    if kind == "categorical":
        return np.array([[key(v, vocabulary)] for v in values], dtype=np.int64)
    if kind in ("bag", "sequence"):
        lists = [[key(v, vocabulary) for v in entries(value, feature)] for value in values]
        padded = np.zeros((len(lists), max(1, max(map(len, lists)))), dtype=np.int64)
        for row, keys in enumerate(lists):
            padded[row, :len(keys)] = keys
        return padded
    if kind == "dense":
        return dense(values, feature)
    if feature["scaling"] == "quantile":
        return np.array([[bucket(v, statistics["boundaries"])] for v in values], dtype=np.int64)
    return numbers(values, feature, statistics)


def main(bundle, source, scores):
    schema = json.load(open(f"{bundle}/schema.json"))
    features, statistics = schema["features"]["features"], schema["features"]["statistics"]
    vocabularies = {f.get("table", n): set(f["vocabulary"]) for n, f in features.items() if f.get("vocabulary")}
    query = source if re.match(r"(?is)\s*(select|with|from)\b", source) else f"FROM '{source}'"
    table = duckdb.sql(query)
    columns = dict(zip(table.columns, zip(*table.fetchall())))
    expected = duckdb.sql(f"FROM '{scores}'").fetchnumpy()
    session = onnxruntime.InferenceSession(f"{bundle}/all-in-one.onnx")
    count, worst = len(next(iter(columns.values()))), {}
    for start in range(0, count, BATCH):
        inputs = {}
        for name, feature in features.items():
            values = columns[feature.get("column", name)][start:start + BATCH]
            inputs[name] = encode(name, feature, values, statistics.get(name), vocabularies)
        for output, found in zip(session.get_outputs(), session.run(None, inputs)):
            name = output.name
            if found.shape[1] == 1 and name in expected:
                wanted = np.asarray(expected[name][start:start + BATCH], dtype=float)
                off = np.max(np.abs(found[:, 0] - wanted) / np.maximum(1, np.abs(wanted)))
                worst[name] = max(worst.get(name, 0.0), float(off))
    for name, off in worst.items():
        print(f"{name}: {count} rows, largest difference {off:.2e}")
    return 0 if worst and max(worst.values()) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

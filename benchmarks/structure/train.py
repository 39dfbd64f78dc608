"""Learns the shipped weights: run as `python -m benchmarks.structure.train`; the same sources give the same bytes.

The notes are generated from the material in this folder; nothing else is learnt from.
"""

import argparse
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.structure.flatten import flat_example
from benchmarks.structure.generate import notes
from mlguide_site.structure.data import NAME, pack
from mlguide_site.structure.learn import Course, Example, example, learn

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "src" / "mlguide_site" / "structure"
TARGET = PACKAGE / "data" / NAME
NOTES = 8000
SEED = 7
COURSE = Course(3)
CODE = ("train", "flatten", "generate", "styles", "phrases", "material")
LEARNING = ("words", "looks", "attributes", "lattice", "features", "chain", "model", "learn")


def digest() -> bytes:
    """SHA-256 of all that the weights depend on: the material, and the code that generates, describes and learns."""
    paths = [HERE / f"{name}.py" for name in CODE] + [PACKAGE / f"{name}.py" for name in LEARNING]
    summed = hashlib.sha256()
    for path in [*paths, *sorted((HERE / "material").rglob("*.txt"))]:
        data = path.read_bytes().replace(b"\r\n", b"\n")
        summed.update(f"{path.name} {len(data)}\n".encode() + data)
    return summed.digest()


def examples(count: int, seed: int) -> Iterator[Example]:
    """Generated notes as examples; one in twenty has literal marks."""
    signs = random.Random(seed)
    for blocks in notes(count, seed):
        marked = signs.random() < 0.05
        if blocks and (made := example(*flat_example(blocks, signs if marked else None))):
            yield made


def main() -> None:
    """Learn and write the weights."""
    parser = argparse.ArgumentParser(description="Learn the weights that are shipped.")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("-n", type=int, default=NOTES, help="how many notes are generated")
    options = parser.parse_args()
    model = learn(list(examples(options.n, SEED)), COURSE)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(pack(model, digest()))
    print(f"{options.out.name}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

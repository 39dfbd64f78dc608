"""Learns the shipped weights: run as `python -m benchmarks.structure.train`; the same sources give the same bytes.

Most notes are generated from the material in this folder. A tenth are the founding page's labelled notes, those of the
development third and of the rest, some cut up and put together anew; the measuring third is never learnt from. Where
the page is absent, weights are learnt without it, which the command says; they are worse.
"""

import argparse
import hashlib
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.structure.flatten import flat_example
from benchmarks.structure.generate import notes as generated
from benchmarks.structure.marked import Marked, blocks_of, labelled
from benchmarks.structure.sources import read_notes
from mlguide_site.importers.structure import word_pairs
from mlguide_site.structure.adaptation import example_of, recombined
from mlguide_site.structure.data import NAME, pack
from mlguide_site.structure.habits import NAME as HABITS
from mlguide_site.structure.learn import Course, Example, example, learn
from mlguide_site.structure.model import Model
from mlguide_site.structure.notes import Blocks, read_blocks

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "src" / "mlguide_site" / "structure"
TARGET = PACKAGE / "data" / NAME
NOTES = 4500
SEEDS = (7, 8, 9)
"""The weights are the mean of those that are learnt from notes generated with each of these."""
COURSE = Course(3)
LABELLED = ("development", "rest")
WRITTEN = 1600
"""So many examples of the notes that were written whole are learnt from, and as many that are recombined from them."""
SHARE = 8
"""For one labelled or recombined note there are so many generated ones."""
CODE = ("train", "flatten", "generate", "variation", "styles", "phrases", "material", "marked", "labelling", "sources")
LEARNING = (
    *("words", "lexicon", "looks", "habits", "attributes", "lattice", "view", "phrasing", "features", "chain"),
    *("model", "learn", "adaptation", "notes"),
)


def digest() -> bytes:
    """SHA-256 of all that the weights depend on: the material, and the code that generates, describes and learns."""
    paths = [HERE / f"{name}.py" for name in CODE] + [PACKAGE / f"{name}.py" for name in LEARNING]
    summed = hashlib.sha256()
    paths += [PACKAGE / "data" / HABITS]
    paths += [HERE / "labels" / f"{part}.jsonl" for part in LABELLED]
    texts = [*(HERE / "material").rglob("*.txt"), *(HERE / "material" / "notes").glob("*.md")]
    for path in [*paths, *sorted(texts)]:
        data = path.read_bytes()
        if path.suffix != ".bin":
            data = data.replace(b"\r\n", b"\n")
        summed.update(f"{path.name} {len(data)}\n".encode() + data)
    return summed.digest()


def examples(count: int, seed: int) -> Iterator[Example]:
    """Generated notes as examples; one in twenty has literal marks."""
    signs = random.Random(seed)
    for blocks in generated(count, seed):
        marked = signs.random() < 0.05
        if blocks and (made := example(*flat_example(blocks, signs if marked else None))):
            yield made


def known() -> list[Marked]:
    """The labelled notes that are learnt from; none where the page is absent."""
    return [note for part in LABELLED for note in labelled(part)]


def labelled_examples(notes: Sequence[Marked], count: int) -> Iterator[Example]:
    """As many examples of labelled notes, each as often as fits, and as many that are recombined from them."""
    if not notes:
        return
    real = [blocks_of(note) for note in notes]
    pairs = word_pairs([note.text for note in read_notes()])
    often = -(-count // len(real))
    for at, blocks in enumerate((*(real * often)[:count], *recombined(real, count))):
        # half of them as they are read alone, half as they are read beside the other notes of their source
        if made := example_of(blocks, pairs if (at // len(real)) % 2 else ()):
            yield made


def written() -> list[Blocks]:
    """The notes that were written to be learnt from, whole."""
    return [read_blocks(path.read_text("utf-8")) for path in sorted((HERE / "material" / "notes").glob("*.md"))]


def written_examples(count: int) -> Iterator[Example]:
    """As many examples of them, each as often as fits, and as many that are recombined from them."""
    notes = written()
    for blocks in (*(notes * -(-count // len(notes)))[:count], *recombined(notes, count)):
        if made := example_of(blocks):
            yield made


def mean(models: Sequence[Model]) -> Model:
    """The mean of models."""
    weights = np.stack([model.weights for model in models]).sum(axis=0, dtype=np.float64) / len(models)
    changes = np.stack([model.changes for model in models]).sum(axis=0) / len(models)
    return Model(weights.astype(np.float32), changes)


def main() -> None:
    """Learn and write the weights."""
    parser = argparse.ArgumentParser(description="Learn the weights that are shipped.")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("-n", type=int, default=NOTES, help="how many notes are generated with each seed")
    options = parser.parse_args()
    notes = known()
    if not notes:
        print("the founding page is absent: learning from generated notes alone")
    real = [*labelled_examples(notes, options.n // SHARE // 2), *written_examples(WRITTEN)]
    model = mean([learn([*examples(options.n, seed), *real], COURSE) for seed in SEEDS])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(pack(model, digest()))
    print(f"{options.out.name}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""Learns the shipped weights: run as `python -m benchmarks.structure.train`; the same sources give the same bytes.

The weights are the mean of models of three sorts. The first learns from notes that are generated from the material in
this folder, from those of `material/notes`, which were written whole, and from the founding page's labelled notes,
those of the development third and of the rest. The second learns from the notes of `material/harder` besides, the
third from what the second does but for generated notes. Whole and labelled notes are cut up and put together anew
besides. The measuring third is never learnt from. Where the page is absent, weights are learnt without it, which the
command says; they are worse.
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
"""With each of these a model of each sort is learnt."""
COURSE, ALONE = Course(3), Course(5)
LABELLED = ("development", "rest")
WHOLE = {"notes": 1600, "harder": 1080}
"""So many examples of the notes of each folder are learnt from, and as many that are recombined from them."""
FIRST = 6
"""For each model of the second and third sort there are so many of the first, whose notes are most like the page's."""
MARKED = 280
"""So many examples of labelled notes are learnt from, and as many that are recombined from them."""
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
    texts = [path for kind in ("txt", "md") for path in (HERE / "material").rglob(f"*.{kind}")]
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


def labelled_examples(notes: Sequence[Marked], count: int, seed: int) -> Iterator[Example]:
    """As many examples of labelled notes, each as often as fits, and as many that are recombined from them."""
    if not notes:
        return
    real = [blocks_of(note) for note in notes]
    pairs = word_pairs([note.text for note in read_notes()])
    often = -(-count // len(real))
    for at, blocks in enumerate((*(real * often)[:count], *recombined(real, count, seed))):
        # half of them as they are read alone, half as they are read beside the other notes of their source
        if made := example_of(blocks, pairs if (at // len(real)) % 2 else ()):
            yield made


def written(folder: str) -> list[Blocks]:
    """The notes of a folder of `material` that were written to be learnt from, whole."""
    return [read_blocks(path.read_text("utf-8")) for path in sorted((HERE / "material" / folder).glob("*.md"))]


def written_examples(folder: str, seed: int) -> Iterator[Example]:
    """As many examples of whole notes as `WHOLE` says, each as often as fits, and as many recombined ones."""
    notes, count = written(folder), WHOLE[folder]
    for blocks in (*(notes * -(-count // len(notes)))[:count], *recombined(notes, count, seed)):
        if made := example_of(blocks):
            yield made


def mean(models: Sequence[Model]) -> Model:
    """The mean of models."""
    weights = np.stack([model.weights for model in models]).sum(axis=0, dtype=np.float64) / len(models)
    changes = np.stack([model.changes for model in models]).sum(axis=0) / len(models)
    return Model(weights.astype(np.float32), changes)


def sorts(notes: Sequence[Marked], count: int, seed: int) -> list[Model]:
    """A model of each sort, the first one as often as it counts; so many notes are generated."""
    real = [*labelled_examples(notes, MARKED, seed), *written_examples("notes", seed)]
    made, harder = list(examples(count, seed)), list(written_examples("harder", seed))
    first = learn([*made, *real], COURSE)
    return [first] * FIRST + [learn([*made, *real, *harder], COURSE), learn([*real, *harder], ALONE)]


def main() -> None:
    """Learn and write the weights."""
    parser = argparse.ArgumentParser(description="Learn the weights that are shipped.")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("-n", type=int, default=NOTES, help="how many notes are generated with each seed")
    options = parser.parse_args()
    notes = known()
    if not notes:
        print("the founding page is absent: learning from generated notes alone")
    model = mean([model for seed in SEEDS for model in sorts(notes, options.n, seed)])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(pack(model, digest()))
    print(f"{options.out.name}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

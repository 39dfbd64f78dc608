"""Learns the shipped weights: run as `python -m benchmarks.structure.train`; the same sources give the same bytes.

The weights are the mean of a model for each seed. Each learns from notes that are generated from the material in this
folder, from those of `material/notes` and `material/alike`, which were written whole, and from the founding page's
labelled notes, those of the development third and of the rest. Whole and labelled notes are cut up and put together
anew besides. The measuring third is never learnt from. Where the page is absent, weights are learnt without it, which
the command says; they are worse.
"""

import argparse
import hashlib
import itertools
import multiprocessing
import random
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.structure.flatten import flat_example
from benchmarks.structure.generate import notes as generated
from benchmarks.structure.marked import Marked, blocks_of, labelled
from benchmarks.structure.sources import read_notes
from mlguide_site.importers.structure import word_pairs
from mlguide_site.recovery.adaptation import example_of, recombined
from mlguide_site.recovery.data import NAME, pack
from mlguide_site.recovery.habits import NAME as HABITS
from mlguide_site.recovery.learn import Course, Example, example, learn
from mlguide_site.recovery.model import Model
from mlguide_site.recovery.notes import Blocks, read_blocks

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "src" / "mlguide_site" / "structure"
TARGET = PACKAGE / "data" / NAME
NOTES = 4500
SEEDS = (7, 8, 9, 10)
"""With each of these a model is learnt."""
COURSE = Course(3)
LABELLED = ("development", "rest")
WHOLE = {"notes": 1600, "alike": 3184}
"""So many examples of the notes of each folder are learnt from, and as many that are recombined from them."""
MARKED = 280
"""So many examples of labelled notes are learnt from, and as many that are recombined from them."""
CODE = ("train", "flatten", "generate", "variation", "styles", "phrases", "material", "marked", "labelling", "sources")
LEARNING = (
    *("words", "lexicon", "looks", "habits", "attributes", "lattice", "view", "phrasing", "features", "chain"),
    *("model", "learn", "adaptation", "notes"),
)


def digest() -> bytes:
    """SHA-256 of all that the weights depend on: the material, and the code that generates, describes and learns."""
    return digest_of([*(PACKAGE / f"{name}.py" for name in LEARNING), PACKAGE / "data" / HABITS])


def digest_of(learning: Sequence[Path]) -> bytes:
    """SHA-256 of the notes that are learnt from, of the code that makes them, and of the files that do the rest."""
    paths = [*(HERE / f"{name}.py" for name in CODE), *(HERE / "labels" / f"{part}.jsonl" for part in LABELLED)]
    texts = [path for kind in ("txt", "md") for path in (HERE / "material").rglob(f"*.{kind}")]
    summed = hashlib.sha256()
    for path in [*paths, *learning, *sorted(texts)]:
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


def repeated(notes: Sequence[Blocks], count: int, seed: int) -> Iterator[Blocks]:
    """So many notes, each as often as it takes, and as many that are recombined from them."""
    yield from itertools.islice(itertools.cycle(notes), count)
    yield from recombined(notes, count, seed)


def labelled_examples(notes: Sequence[Marked], count: int, seed: int) -> Iterator[Example]:
    """Examples of labelled notes, `repeated`; none where there are none."""
    pairs = word_pairs([note.text for note in read_notes()]) if notes else ()
    for at, blocks in enumerate(repeated([blocks_of(note) for note in notes], count, seed)):
        # half of them as they are read alone, half as they are read beside the other notes of their source
        if made := example_of(blocks, pairs if (at // len(notes)) % 2 else ()):
            yield made


def written(folder: str, without: Collection[int] = ()) -> list[Blocks]:
    """The notes of a folder of `material` that were written to be learnt from, whole. Those of `alike` are named for
    the labelled note that each was written after, counted from 1 as `known` has them; `without` leaves some out."""
    paths = sorted((HERE / "material" / folder).glob("*.md"))
    if folder == "alike":
        paths = [path for path in paths if int(path.stem.partition("-")[0]) - 1 not in without]
    return [read_blocks(path.read_text("utf-8")) for path in paths]


def written_examples(folder: str, seed: int, without: Collection[int] = ()) -> Iterator[Example]:
    """Examples of whole notes, `repeated` as often as `WHOLE` says."""
    for blocks in repeated(written(folder, without), WHOLE[folder], seed):
        if made := example_of(blocks):
            yield made


def mean(each: Sequence[Model]) -> Model:
    """The mean of models."""
    weights = np.stack([model.weights for model in each]).sum(axis=0, dtype=np.float64) / len(each)
    changes = np.stack([model.changes for model in each]).sum(axis=0) / len(each)
    return Model(weights.astype(np.float32), changes)


def learnt(seed: int, count: int = NOTES, without: Collection[int] = ()) -> Model:
    """The model of a seed, with so many generated notes. Nothing is learnt from the labelled notes whose places in
    `known` are in `without`, nor from what was written after them."""
    labelled_notes = [note for at, note in enumerate(known()) if at not in without]
    return learn(
        [
            *examples(count, seed),
            *labelled_examples(labelled_notes, MARKED, seed),
            *(example for folder in sorted(WHOLE) for example in written_examples(folder, seed, without)),
        ],
        COURSE,
    )


def models(tasks: Sequence[tuple[int, int, Collection[int]]]) -> list[Model]:
    """The models that `learnt` makes of these arguments, two at a time."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return pool.starmap(learnt, tasks, chunksize=1)


def main() -> None:
    """Learn and write the weights."""
    parser = argparse.ArgumentParser(description="Learn the weights that are shipped.")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("-n", type=int, default=NOTES, help="how many notes are generated with each seed")
    options = parser.parse_args()
    if not known():
        print("the founding page is absent: learning without its labelled notes")
    model = mean(models([(seed, options.n, ()) for seed in SEEDS]))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(pack(model, digest()))
    print(f"{options.out.name}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

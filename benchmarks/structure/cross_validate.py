"""Measures on labelled notes that are learnt from: run as `python -m benchmarks.structure.cross_validate`.

The notes of the development third and of the rest are dealt to three folds. For each of them a model learns from the
other two, without what was written after its notes, and from fewer generated notes than the shipped weights have seen,
with the first seed alone. `--encoders` names the files of encoders that learnt without the notes of the folds
(`train_encoder --without`), in their order; without them none is asked.
"""

import argparse
from collections import Counter
from pathlib import Path

from benchmarks.structure.measure import KINDS
from benchmarks.structure.train import SEEDS, known, models
from mlguide_site.recovery.encoder_data import unpack
from mlguide_site.recovery.reading import Read
from mlguide_site.recovery.recovery import find_places

FOLDS = 3
NOTES = 2500


def main() -> None:
    """Print the figures of all folds together."""
    parser = argparse.ArgumentParser(description="Measure on labelled notes that the shipped weights have learnt from.")
    parser.add_argument("-n", type=int, default=NOTES, help="how many notes are generated")
    parser.add_argument("--encoders", type=Path, nargs=FOLDS, metavar="FILE", help="an encoder for each fold")
    options = parser.parse_args()
    count = options.n
    encoders: list[Read | None] = [unpack(path.read_bytes()).encoder.read for path in options.encoders or ()]
    encoders = encoders or [None] * FOLDS
    notes = known()
    folds = [frozenset(range(fold, len(notes), FOLDS)) for fold in range(FOLDS)]
    counts: Counter[tuple[str, str]] = Counter()
    learnt = models([(SEEDS[0], count, left) for left in folds])
    for left, model, read in zip(folds, learnt, encoders, strict=True):
        for text, places in (notes[at] for at in sorted(left)):
            found = set(find_places(text, (), model, read))
            for name, chosen in (("true", places), ("found", found), ("hit", places & found)):
                counts.update((place.kind, name) for place in chosen)
    for kind in KINDS:
        true, found_count, hit = (counts[kind, name] for name in ("true", "found", "hit"))
        precision, recall = hit / max(1, found_count), hit / max(1, true)
        harmonic = 2 * hit / max(1, true + found_count)
        print(f"{kind:9}  precision {precision:.3f}  recall {recall:.3f}  F1 {harmonic:.3f}  of {true}")


if __name__ == "__main__":
    main()

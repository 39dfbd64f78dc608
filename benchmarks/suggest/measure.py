"""Measures how many proposals are real: run as `python -m benchmarks.suggest.measure`. See README.md in this folder."""

import argparse
import csv
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlguide_site.editing.scaffold import init_root
from mlguide_site.editing.suggest.proposals import Proposal, propose
from mlguide_site.linking.tags import name_key
from mlguide_site.merge.run import run_import
from mlguide_site.pipeline import examine

PAGE = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "000_4d1c88396ec92ff9.txt"
JUDGED = Path(__file__).parent / "judged.csv"
FIRST = 100
SEED = 20_260_226


@dataclass(frozen=True, slots=True)
class Precision:
    """The number of proposals, the number of real names, and the names that haven't been judged."""

    count: int
    real: int
    unjudged: tuple[str, ...]


def read_judgements(path: Path = JUDGED) -> dict[str, bool]:
    """Return the judgements by normalised spelling."""
    with path.open(newline="", encoding="utf-8") as file:
        return {name_key(row["name"]): row["real"] == "yes" for row in csv.DictReader(file)}


def proposals(page: Path = PAGE) -> tuple[Proposal, ...]:
    """Return the proposals for a root with only the directory page, or none if the page doesn't exist."""
    if not page.exists():
        return ()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        init_root(root, "Measured", "", None)
        run_import(root, [str(page)])
        return propose(examine(root, drafts=True, texts=True).linked)


def precision(found: Sequence[Proposal], judged: Mapping[str, bool], first: int = FIRST) -> Precision:
    """Return how many of the first proposals are real."""
    names = [proposal.name for proposal in found[:first]]
    real = sum(judged.get(name_key(name), False) for name in names)
    return Precision(len(names), real, tuple(name for name in names if name_key(name) not in judged))


def main() -> None:
    """Print the figures, or the names that haven't been judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shuffled", action="store_true", help="print the proposals that have not been judged")
    arguments = parser.parse_args()
    judged = read_judgements()
    start = time.process_time()
    found = proposals()
    if not found:
        print("the founding page does not exist; nothing to measure")
        return
    if arguments.shuffled:
        open_ones = [one for one in found if name_key(one.name) not in judged]
        random.Random(SEED).shuffle(open_ones)
        print("\n".join(f"{one.name},{one.kind.value}" for one in open_ones))
        return
    result = precision(found, judged)
    known = [one for one in found if name_key(one.name) in judged]
    whole = precision(known, judged, len(known))
    wrong = [one.name for one in found[:FIRST] if not judged.get(name_key(one.name), False)]
    print(f"first {result.count}: {result.real} real; not: {', '.join(wrong) or 'none'}")
    print(f"judged: {whole.real} of {whole.count} real; proposed in all: {len(found)}")
    if result.unjudged:
        print(f"not judged, counted as wrong: {', '.join(result.unjudged)}")
    print(f"processor time with import: {time.process_time() - start:.1f} s")


if __name__ == "__main__":
    main()

"""Measure the structure that is recovered from flattened notes.

    python -m benchmarks.structure.measure [--shows SHOWS] [--page PAGE]

SHOWS is a folder with a folder of Markdown bodies for each show, PAGE the founding directory page. Figures on notes
that the shipped weights have learnt from flatter; `train --check` gives honest ones. A heading or label counts where
its words are right, an item where its first five words are.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.structure.shows import Example, evenly, flatten, read_labelled, read_shows
from mlguide_site.recovery import recovery
from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL
from mlguide_site.recovery.scorer import Weights

PAGE_NOTES, KNOWN_NOTES = 30, 20
NAMES = {HEADING: "headings", LABEL: "labels", ITEM: "items"}
Counts = dict[int, Counter[str]]


def figures(notes: Sequence[Example], lessons: Sequence[Example], weights: Weights | None, only: int = 0) -> Counts:
    """By kind how many blocks there are (`true`), found (`found`) and right (`hit`); of the first `only` notes."""
    found = recovery.recover([note.text for note in notes], [note.body for note in lessons], weights=weights)
    counts: Counts = {kind: Counter() for kind in NAMES}
    for note, recovered in list(zip(notes, found, strict=True))[: only or None]:
        made = flatten(recovered.markdown)
        for kind, count in counts.items():
            true, own = _keys(note, kind), _keys(made, kind)
            count.update(true=true.total(), found=own.total(), hit=(true & own).total())
    return counts


def _keys(note: Example, kind: int) -> Counter[str]:
    words = note.text.split()
    ends = [*(one.start for one in note.blocks[1:]), len(words)]
    found = Counter[str]()
    for one, end in zip(note.blocks, ends, strict=True):
        if one.kind == kind and kind != ITEM:
            found[" ".join(words[one.start : one.end]).rstrip(":")] += 1
        elif one.kind in (ITEM, LABEL) and kind == ITEM:
            found[" ".join(words[one.start : min(max(end, one.end), one.start + 5)])] += 1
    return found


def shown(counts: Counts) -> str:
    """Precision, recall and F1 of each kind."""
    parts = []
    for kind, count in counts.items():
        precision, recall, both = rates(count)
        wrong = count["found"] - count["hit"]
        parts.append(f"{NAMES[kind]} {precision:.2f} {recall:.2f} {both:.2f} ({wrong} wrong, {count['true']} there)")
    return "  ".join(parts)


def rates(count: Counter[str]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision = count["hit"] / count["found"] if count["found"] else float(not count["true"])
    recall = count["hit"] / count["true"] if count["true"] else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def of_show(notes: Sequence[Example], weights: Weights | None = None) -> list[Counts]:
    """The counts of a show with nothing of it known, and, where it has enough, with twenty of its notes in the root."""
    found = [figures(evenly(notes, PAGE_NOTES), (), weights)]
    lessons = evenly(notes, KNOWN_NOTES)
    others = [note for note in notes if note not in lessons]
    if len(others) > 2:
        found.append(figures(evenly(others, PAGE_NOTES), lessons, weights))
    return found


def report(shows: Iterable[tuple[str, list[Counts]]]) -> None:
    """Print the figures of shows, and their means."""
    every: tuple[list[Counts], list[Counts]] = ([], [])
    for show, found in shows:
        for name, counts, all_counts in zip(("unknown", "20 known"), found, every, strict=False):
            print(f"{show:24} {name:9} {shown(counts)}", flush=True)
            all_counts.append(counts)
    for name, all_counts in zip(("unknown", "20 known"), every, strict=True):
        for kind, title in NAMES.items() if all_counts else ():
            means = [
                sum(column) / len(all_counts) for column in zip(*(rates(one[kind]) for one in all_counts), strict=True)
            ]
            print(f"mean, {name:9} {title:9} precision {means[0]:.3f} recall {means[1]:.3f} F1 {means[2]:.3f}")


def main() -> None:
    """Print the figures of each show, and of the founding page's entries."""
    parser = argparse.ArgumentParser(description="Measure the recovered structure.")
    parser.add_argument("--shows", type=Path)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    if options.shows:
        report((show, of_show(notes)) for show, notes in read_shows(options.shows).items())
    if options.page:
        for part, notes in read_labelled(options.page).items():
            print(f"founding page, {part:12} {shown(figures(notes, (), None))}")


if __name__ == "__main__":
    main()

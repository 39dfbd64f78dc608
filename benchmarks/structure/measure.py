"""Measures the recovered structure of flattened notes.

Run as `python -m benchmarks.structure.measure [--shows SHOWS] [--page PAGE]`. SHOWS is a folder with a folder of
Markdown bodies for each show, and PAGE is the founding directory page. Figures for notes that the shipped weights were
trained on are too good; `train --check` cross-validates. A heading or label counts as correct if its words are correct,
and an item if its first five words are correct.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

from benchmarks.structure.shows import Example, evenly, flatten, read_labelled, read_shows
from mlguide_site.recovery import recovery
from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL
from mlguide_site.recovery.scorer import Weights

PAGE_NOTES, KNOWN_NOTES = 30, 20
SMALL = (1, 2, 3)
"""The number of notes on small pages."""
NAMES = {HEADING: "headings", LABEL: "labels", ITEM: "items"}
Counts = dict[int, Counter[str]]


def figures(notes: Sequence[Example], examples: Sequence[Example], weights: Weights | None, only: int = 0) -> Counts:
    """Count the blocks of each kind in the first `only` notes: actual (`true`), found (`found`) and correct (`hit`)."""
    found = recovery.recover([note.text for note in notes], [note.body for note in examples], weights=weights)
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
    """The precision, recall and F1 of each kind."""
    parts = []
    for kind, count in counts.items():
        precision, recall, both = rates(count)
        precision = 1.0 if precision is None else precision
        wrong = count["found"] - count["hit"]
        parts.append(f"{NAMES[kind]} {precision:.2f} {recall:.2f} {both:.2f} ({wrong} wrong, {count['true']} there)")
    return "  ".join(parts)


def rates(count: Counter[str]) -> tuple[float | None, float, float]:
    """Return precision (None if nothing was found), recall and F1."""
    precision = count["hit"] / count["found"] if count["found"] else None
    recall = count["hit"] / count["true"] if count["true"] else 1.0
    both = 2 * count["hit"] / (count["found"] + count["true"]) if count["found"] + count["true"] else 1.0
    return precision, recall, both


def pages_of(notes: Sequence[Example]) -> dict[str, list[tuple[Sequence[Example], Sequence[Example]]]]:
    """Return pages of a show with the notes that the root already has: a page without known notes, a page with twenty
    known notes if the show has enough, and pages with one to three notes."""
    pages: dict[str, list[tuple[Sequence[Example], Sequence[Example]]]] = {"unknown": [(evenly(notes, PAGE_NOTES), ())]}
    examples = evenly(notes, KNOWN_NOTES)
    others = [note for note in notes if note not in examples]
    if len(others) > 2:
        pages["20 known"] = [(evenly(others, PAGE_NOTES), examples)]
    return pages | {"few notes": [(page, ()) for page in small_pages(notes)]}


def small_pages(notes: Sequence[Example]) -> list[Sequence[Example]]:
    """Return pages with one, two and three notes, two of each."""
    chosen = evenly(notes, 2 * sum(SMALL))
    ends = list(accumulate(SMALL * 2, initial=0))
    return [chosen[start:end] for start, end in pairwise(ends) if chosen[start:end]]


def of_show(notes: Sequence[Example], weights: Weights | None = None) -> dict[str, Counts]:
    """Return the counts of a show by kind of page."""
    return {
        name: added([figures(page, examples, weights) for page, examples in pages])
        for name, pages in pages_of(notes).items()
    }


def added(pages: Sequence[Counts]) -> Counts:
    """Return the sums of the counts of pages."""
    return {kind: sum((one[kind] for one in pages), Counter[str]()) for kind in NAMES}


def report(shows: Iterable[tuple[str, dict[str, Counts]]]) -> None:
    """Print the figures of shows, and their means. The mean precision covers only shows with findings."""
    every: dict[str, list[Counts]] = {}
    for show, found in shows:
        for name, counts in found.items():
            print(f"{show:24} {name:9} {shown(counts)}", flush=True)
            every.setdefault(name, []).append(counts)
    for name, pages in every.items():
        for kind, title in NAMES.items():
            precisions, recalls, both = zip(*(rates(one[kind]) for one in pages), strict=True)
            known = [one for one in precisions if one is not None]
            total = added(pages)[kind]
            wrong = total["found"] - total["hit"]
            print(
                f"mean, {name:9} {title:9} precision {sum(known) / max(1, len(known)):.3f} (of {len(known)} shows)"
                f" recall {sum(recalls) / len(recalls):.3f} F1 {sum(both) / len(both):.3f};"
                f" {total['found']} found, {wrong} wrong"
            )


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

"""Measures the recovered structure: run as `python -m benchmarks.structure.measure`.

For each set and each kind: precision, recall and F1 over all notes of the set, where a hit is the exact span of tokens.
The sets: `development` and `measuring`, hand-labelled notes of the founding page (skipped where it is absent), and the
same with the page's pairs of words, as an import has them; `other`, structured notes of another show, flattened here.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.structure.marked import Marked, labelled
from benchmarks.structure.sources import read_notes
from mlguide_site.importers.structure import word_pairs
from mlguide_site.recovery.lattice import BODY
from mlguide_site.recovery.notes import Blocks, read_blocks
from mlguide_site.recovery.recovery import NAMES, Place, find_places

OTHER = Path(__file__).parent / "other"
KINDS = ("heading", "label", "item", "paragraph")
Pairs = frozenset[tuple[str, str]]


def flattened(body: str) -> Marked:
    """A structured note, flattened."""
    return flat_blocks(read_blocks(body))


def flat_blocks(blocks: Blocks) -> Marked:
    """The text of blocks and what begins in it."""
    text, places, offset = "", set(), 0
    for kind, words in blocks:
        size = len(words.split())
        if kind != BODY:
            places.add(Place(offset, size, NAMES[kind]))
        text, offset = f"{text} {words}".strip(), offset + size
    return text, frozenset(places)


def figures(notes: Iterable[Marked], phrases: Pairs = frozenset()) -> dict[str, tuple[float, float, float, int]]:
    """Precision, recall, F1 and number of places by kind."""
    counts: Counter[tuple[str, str]] = Counter()
    for text, places in notes:
        found = set(find_places(text, phrases))
        for name, chosen in (("true", places), ("found", found), ("hit", places & found)):
            counts.update((place.kind, name) for place in chosen)
    result = {}
    for kind in KINDS:
        true, found_count, hit = (counts[kind, name] for name in ("true", "found", "hit"))
        both = true + found_count
        result[kind] = (hit / max(1, found_count), hit / max(1, true), 2 * hit / max(1, both), true)
    return result


def report(name: str, notes: Sequence[Marked], phrases: Pairs = frozenset()) -> None:
    """Print a set's figures."""
    if not notes:
        print(f"{name}: skipped, its texts are absent")
        return
    begin = time.perf_counter()
    rows = figures(notes, phrases)
    rate = sum(len(text.split()) for text, _ in notes) / (time.perf_counter() - begin)
    print(f"{name}: {len(notes)} notes, {rate:,.0f} tokens a second")
    for kind, (precision, recall, both, count) in rows.items():
        print(f"  {kind:9}  precision {precision:.3f}  recall {recall:.3f}  F1 {both:.3f}  of {count}")


def main() -> None:
    """Print the figures of the sets asked for, or of all."""
    parser = argparse.ArgumentParser(description="Measure the recovered structure.")
    parser.add_argument(
        "sets", nargs="*", metavar="set", help="development, measuring or other; all where none is given"
    )
    sets = parser.parse_args().sets or ["development", "measuring", "other"]
    texts = [note.text for note in read_notes()]
    pairs = word_pairs(texts)
    for part in ("development", "measuring"):
        if part in sets:
            report(part, labelled(part))
            report(f"{part}, with pairs of words", labelled(part), pairs)
    if "other" in sets:
        report("other", [flattened(path.read_text("utf-8")) for path in sorted(OTHER.glob("*.md"))])


if __name__ == "__main__":
    main()

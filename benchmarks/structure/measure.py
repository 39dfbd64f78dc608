"""Measures the recovered structure: run as `python -m benchmarks.structure.measure`.

For each set and each kind: precision, recall and F1 over all notes of the set, where a hit is the exact span of tokens.
The sets: `development`, `measuring` and `rest`, hand-labelled notes of the founding page (skipped where it is absent),
and the same with the page's pairs of words, as an import has them; `other`, structured notes of another show, flattened
here. The shipped weights have learnt from `development` and `rest`.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.structure.sources import PARTS, read_notes
from mlguide_site.importers.structure import word_pairs
from mlguide_site.recovery.kinds import BODY
from mlguide_site.recovery.notes import Blocks, read_blocks
from mlguide_site.recovery.recovery import NAMES, Place, find_places
from mlguide_site.recovery.words import tokenize

LABELS = Path(__file__).parent / "labels.json.gz"
"""By part and digest of a note: the offset, count and kind of what begins in it, in white-space separated words."""
OTHER = Path(__file__).parent / "other.json.gz"
Marked = tuple[str, frozenset[Place]]
"""A flat text and what begins in it."""
KINDS = ("heading", "label", "item", "paragraph")
Pairs = frozenset[tuple[str, str]]


def labelled(part: str) -> list[Marked]:
    """The hand-labelled notes of a part."""
    labels = json.loads(gzip.decompress(LABELS.read_bytes()))[part]
    return [(note.text, _places(note.text, labels[note.digest])) for note in read_notes() if note.digest in labels]


def _places(text: str, labels: Sequence[tuple[int, int, str]]) -> frozenset[Place]:
    """Labels counted in tokens: literal marks are none."""
    index = {token.start: at for at, token in enumerate(tokenize(text))}
    starts, offset = list[int](), 0
    for word in text.split():
        starts.append(offset)
        offset += len(word) + 1
    return frozenset(
        Place(index[starts[first]], sum(starts[at] in index for at in range(first, first + size)), kind)
        for first, size, kind in labels
    )


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
        "sets", nargs="*", metavar="set", help="development, measuring, rest or other; all where none is given"
    )
    sets = parser.parse_args().sets or [*PARTS, "other"]
    texts = [note.text for note in read_notes()]
    pairs = word_pairs(texts)
    for part in PARTS:
        if part in sets:
            report(part, labelled(part))
            report(f"{part}, with pairs of words", labelled(part), pairs)
    if "other" in sets:
        report("other", [flattened(body) for body in json.loads(gzip.decompress(OTHER.read_bytes()))])


if __name__ == "__main__":
    main()

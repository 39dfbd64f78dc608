"""Turns an outline written by hand into labels: run as `python -m benchmarks.structure.labelling PART OUTLINE`.

The outline names, for each entry, the places where something begins, in their order; it stays outside the repository:

    === MLG001            the entry's number in its title, without the blank
    # Words of a heading  a heading, in full
    : Words of a label:   a label, in full, with its colon
    - First words         an item begins with these words
    p First words         a paragraph begins with these words
    -*                    each sentence from here to the next line's place is an item

Every line is searched from where the one before it ended, and must be found. A paragraph begins after a heading, and
at the beginning, where the outline says nothing else; what follows a label belongs to it. Written are JSON lines of
digest, token offset, token count and kind; a token is what stands between white space, and no word is in them.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.structure.sources import Note, read_notes
from mlguide_site.markdown.plain import ends_sentence, starts_upper

FOLDER = Path(__file__).parent / "labels"
KINDS = {"#": "heading", ":": "label", "-": "item", "p": "paragraph"}
MARKERS = frozenset({"#", "##", "###", ";#", ";##", ";###", "•", "*", "-"})


class Label(NamedTuple):
    """What begins at a token: how many tokens it has, and its kind."""

    offset: int
    size: int
    kind: str


def label_note(tokens: Sequence[str], outline: Sequence[str]) -> list[Label]:
    """The labels of one entry; ValueError where the outline doesn't fit its words."""
    starts = sorted(_starts(tokens, outline))
    labels = []
    for at, (offset, kind, size) in enumerate(starts):
        end = starts[at + 1][0] if at + 1 < len(starts) else len(tokens)
        count = size or end - offset
        while not size and count > 1 and tokens[offset + count - 1] in MARKERS:
            count -= 1
        if kind != "text":
            labels.append(Label(offset, count, kind))
    return labels


def _starts(tokens: Sequence[str], outline: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Places where something begins: token offset, kind, and token count where the outline gives it."""
    cursor, open_kind, pending = 0, "paragraph", -1
    for line in [*outline, "end"]:
        sign, _, words = line.partition(" ")
        if sign == "-*":
            pending = cursor
            continue
        sought = words.split()
        found = len(tokens) if line == "end" else _find(tokens, sought, cursor)
        if found < 0:
            raise ValueError(f"not found from token {cursor} on: {line}")
        if pending >= 0:
            yield from ((at, "item", 0) for at in _sentences(tokens, pending, found))
        elif cursor < found and open_kind and not all(token in MARKERS for token in tokens[cursor:found]):
            yield cursor, open_kind, 0
        if line == "end":
            return
        kind, pending = KINDS[sign], -1
        size = len(sought) if sign in "#:" else 0
        yield found, kind, size
        cursor = found + len(sought)
        open_kind = {"heading": "paragraph", "label": "text"}.get(kind, "")


def _find(tokens: Sequence[str], sought: Sequence[str], start: int) -> int:
    size = len(sought)
    return next((at for at in range(start, len(tokens) - size + 1) if tokens[at : at + size] == sought), -1)


def _sentences(tokens: Sequence[str], start: int, end: int) -> Iterator[int]:
    for at in range(start, end):
        if at == start or (ends_sentence(tokens[at - 1]) and starts_upper(tokens[at])):
            yield at


def read_labels(part: str) -> dict[str, list[Label]]:
    """The labels of a part by the digest of their text."""
    labels: dict[str, list[Label]] = {}
    for line in (FOLDER / f"{part}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        labels.setdefault(row["digest"], []).append(Label(row["offset"], row["count"], row["kind"]))
    return labels


def _rows(note: Note, outline: Sequence[str]) -> Iterator[str]:
    for label in label_note(note.text.split(), outline):
        yield json.dumps({"digest": note.digest, "offset": label.offset, "count": label.size, "kind": label.kind})


def main(part: str, path: str) -> None:
    """Write the labels of a part from an outline; what was read is printed, one line a label, to be looked through."""
    outlines: dict[str, list[str]] = {}
    name = ""
    for line in Path(path).read_text("utf-8").splitlines():
        if line.startswith("=== "):
            name = line[4:].strip()
            outlines[name] = []
        elif line.strip():
            outlines[name].append(line)
    notes = {"".join(note.title.split()[:2]): note for note in read_notes() if note.part == part}
    if set(notes) != set(outlines):
        raise SystemExit(f"not in both: {sorted(set(notes) ^ set(outlines))}")
    rows = [row for key in sorted(notes) for row in _rows(notes[key], outlines[key])]
    (FOLDER / f"{part}.jsonl").write_text("".join(f"{row}\n" for row in rows), "utf-8")
    for key in sorted(notes):
        tokens = notes[key].text.split()
        print("===", key)
        for offset, size, kind in label_note(tokens, outlines[key]):
            print(f"{kind:9} {' '.join(tokens[offset : offset + min(size, 12)])}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

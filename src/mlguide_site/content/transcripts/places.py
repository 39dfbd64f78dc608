"""Where the elements of a list in a JSON text stand, for what is to be said of them."""

import json
import re
from collections.abc import Iterator, Sequence

from mlguide_site.model.transcript import Note

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def place_notes(notes: Sequence[Note], text: str, key: str) -> list[Note]:
    """Notes on elements of the list under a key of the object that a valid JSON text is, with their lines and columns.

    >>> place_notes([Note(1, "odd", item=1)], '{"a": [1,\\n  2]}', "a")
    [Note(line=2, message='odd', column=3, item=1)]
    """
    wanted = {note.item for note in notes if note.item >= 0}
    if not wanted:
        return list(notes)
    found: dict[int, tuple[int, int]] = {}
    line, start = 1, 0
    for item, at in enumerate(_item_offsets(text, key)):
        if item in wanted:
            line += text.count("\n", start, at)
            start = at
            found[item] = (line, at - text.rfind("\n", 0, at))
    return [
        note._replace(line=found[note.item][0], column=found[note.item][1]) if note.item in found else note
        for note in notes
    ]


def _item_offsets(text: str, key: str) -> list[int]:
    """Where the elements of a list begin; of several lists under one key those of the last, as JSON is read."""
    found: list[int] = []
    try:
        at = _behind(text, text.index("{") + 1)
        while text[at] != "}":
            name, at = _DECODER.raw_decode(text, at)
            at = _behind(text, _behind(text, at) + 1)
            if name == key and text[at] == "[":
                found = []
                for place, end in _items(text, at):
                    found += [place] if place >= 0 else []
                    at = end
            else:
                at = _DECODER.raw_decode(text, at)[1]
            at = _behind(text, at)
            at = _behind(text, at + 1) if text[at] == "," else at
    except (ValueError, IndexError, RecursionError):
        # what can't be read a second time has no places
        return []
    return found


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The beginning and the end of each element of a list; last -1 and where the list ends."""
    at = _behind(text, at + 1)
    while text[at] != "]":
        end = _behind(text, _DECODER.raw_decode(text, at)[1])
        yield at, end
        at = _behind(text, end + 1) if text[end] == "," else end
    yield -1, at + 1


def _behind(text: str, at: int) -> int:
    """The place of the next sign that is no white space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at

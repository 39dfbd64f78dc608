"""Footnotes of a note that becomes several episodes: each gets those that it refers to."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlguide_site.importers.notes.source import Line, Part

MAX_COPIED = 10_000
"""Characters of footnotes that one episode gets from others."""
_REFERENCE = re.compile(r"\[\^([^\s\[\]]{1,999})\](?!:)")
_DEFINITION = re.compile(r" {0,3}\[\^([^\s\[\]]{1,999})\]:")


def share_footnotes(parts: Sequence[Part]) -> list[Part]:
    """The episodes of a note, each with copies of the footnotes that it refers to and that only another one defines.
    Footnotes that two episodes define are not copied, nor those without room.

    >>> parts = [Part("A", (Line(1, "Looms[^1]."),), 1), Part("B", (Line(2, "[^1]: Of wood."),), 2)]
    >>> [[line.text for line in part.lines] for part in share_footnotes(parts)]
    [['Looms[^1].', '', '[^1]: Of wood.'], ['[^1]: Of wood.']]
    """
    defined = [_definitions(part.lines) for part in parts]
    uses = Counter(key for own in defined for key in own)
    known = {key: lines for own in defined for key, lines in own.items() if uses[key] == 1}
    return [_with_lacking(part, own, known) for part, own in zip(parts, defined, strict=True)]


def _definitions(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines of each footnote, with those that continue it."""
    found: dict[str, list[Line]] = {}
    own: list[Line] | None = None
    for line in lines:
        if line.kind == "text" and not line.quotes and (begun := _DEFINITION.match(line.text)):
            own = found.setdefault(begun[1].casefold(), [])
        elif own is not None and line.text.strip() and not own[-1].breaks and not line.text.startswith(("    ", "\t")):
            own = None
        if own is not None:
            own.append(line)
    for own in found.values():
        while not own[-1].text.strip():
            own.pop()
    return found


def _with_lacking(part: Part, own: Mapping[str, object], known: Mapping[str, Sequence[Line]]) -> Part:
    """An episode with those footnotes that it lacks, and with those that these refer to."""
    lacking: dict[str, Sequence[Line]] = {}
    pending, room = list(part.lines), MAX_COPIED
    for line in pending:
        for key in map(str.casefold, _REFERENCE.findall(line.text) if not line.code else ()):
            lines = known.get(key, ())
            size = sum(len(line.text) for line in lines)
            if key not in own and key not in lacking and lines and size <= room:
                lacking[key] = lines
                room -= size
                pending += lines
    if not lacking:
        return part
    blank = Line(part.lines[-1].number, "")
    added = [line for lines in lacking.values() for line in (blank, *lines)]
    return replace(part, lines=(*part.lines, *(added if part.lines[-1].text.strip() else added[1:])))

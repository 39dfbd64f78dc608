"""Places of imported notes of which the recovered structure isn't sure, as long as their lines stand as imported.

Pure. What is in doubt is remembered in the record of the import, never in the note: a line that a person edits is no
longer the one in doubt, and a line that a person confirms is put down as settled.
"""

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Doubt, Recovery
from mlguide_site.merge.base import BodyBase, digest
from mlguide_site.recovery.notes import plain

MAX_HINTS = 5
"""How many places of a file are listed, the least sure ones."""
MAX_WORDS = 8
_NAMES = {"text": "text that goes on", "item": "an item"}


class Standing(NamedTuple):
    """A place in doubt in a body as it is now: the index of its line, the doubt, and what stands there."""

    line: int
    doubt: Doubt
    words: str

    @property
    def taken(self) -> str:
        return _called(self.doubt.taken)

    @property
    def instead(self) -> str:
        return _called(self.doubt.instead)


def standing(body: str, base: BodyBase | None) -> list[Standing]:
    """The places in doubt whose lines a body has as an import wrote them, and that nobody has settled."""
    if base is None or base.recovery is None or not base.recovery.doubts:
        return []
    lines = body.split("\n")
    now: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        now[digest(line.rstrip())].append(at)
    # of lines that are alike each is the one that comes in the same turn
    turns: dict[str, int] = defaultdict(int)
    where: dict[int, int] = {}
    for at, hash in enumerate(base.lines):
        if turns[hash] < len(now.get(hash, ())):
            where[at] = now[hash][turns[hash]]
        turns[hash] += 1
    return [
        Standing(where[doubt.line], doubt, _words(lines[where[doubt.line]], doubt.column))
        for doubt in base.recovery.doubts
        if doubt.line in where and base.lines[doubt.line] not in base.settled
    ]


def _called(kind: str) -> str:
    return _NAMES.get(kind, f"a {kind}")


def _words(line: str, column: int) -> str:
    words = plain(line[column - 1 :]).split()
    return " ".join(words[:MAX_WORDS]) + (" …" if len(words) > MAX_WORDS else "")


def doubt_hints(path: str, body: str, body_line: int, base: BodyBase | None) -> list[Problem]:
    """Hints for the least sure places of a note; the last one says how many more there are. `body_line` is the file's
    line on which the body begins."""
    found = standing(body, base)
    chosen = sorted(sorted(found, key=lambda one: (one.doubt.sure, one.line, one.doubt.column))[:MAX_HINTS])
    hints = [_hint(path, one, body_line + one.line) for one in chosen]
    if more := sorted(set(found) - set(chosen)):
        places = "1 more place" if len(more) == 1 else f"{len(more)} more places"
        message = f"{places} of these notes may have another structure"
        remedy = f"read them through, and confirm what stands: mlguide check --confirm {path}"
        hints.append(
            Problem(path, Span(body_line + more[0].line, more[0].doubt.column), message, remedy, Severity.HINT)
        )
    return hints


def _hint(path: str, one: Standing, line: int) -> Problem:
    message = f'"{one.words}" was taken for {one.taken} and may be {one.instead}'
    remedy = f"edit the line, or confirm it: mlguide check --confirm {path}:{line}"
    return Problem(path, Span(line, one.doubt.column), message, remedy, Severity.HINT)


def settled(body: str, base: BodyBase, line: int | None) -> BodyBase | None:
    """The record of a body in which the doubts of a line (an index; None: of all lines) are settled; None where there
    is no doubt."""
    hashes = {base.lines[one.doubt.line] for one in standing(body, base) if line is None or one.line == line}
    return base._replace(settled=base.settled | hashes) if hashes else None


def count_doubts(body: str, base: BodyBase | None) -> int:
    """How many places of a body are in doubt."""
    return len(standing(body, base))


def same_words(one: BodyBase | None, other: BodyBase) -> bool:
    """Whether two bodies of one format were made from the same flat notes."""
    if one is None or one.format != other.format or one.recovery is None or other.recovery is None:
        return False
    return one.recovery.text == other.recovery.text


def is_said(one: BodyBase | None, new: BodyBase) -> bool:
    """Whether a body says again what an import has written already: the same words, recovered by the same model.

    The model is another one with another version of the program, or where people's notes have taught it much more.
    """
    if one is None or one.recovery is None or new.recovery is None or not same_words(one, new):
        return False
    known = one.recovery.model == new.recovery.model and new.recovery.taught <= one.recovery.taught
    return known or not new.recovery.model


def outdone(one: BodyBase, new: BodyBase) -> Recovery | None:
    """How a body was recovered that stays as it is, now that another model has recovered it in another way."""
    if one.recovery is None or new.recovery is None:
        return one.recovery
    return replace(one.recovery, model=new.recovery.model, taught=new.recovery.taught)

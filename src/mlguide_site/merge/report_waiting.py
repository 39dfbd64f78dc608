"""What an import says of texts that name no episode: which found theirs, and which wait for it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from mlguide_site.merge.waiting import Matched, StillWaiting

SHOWN = 30
BEGINNING = 60
HOW: Mapping[str, str] = MappingProxyType(
    {
        "hand": "as its file says",
        "earlier": "as before",
        "neighbours": "by its words and its neighbours",
        "text": "by its words",
    }
)
"""What told the episode, where that isn't called as it is stored."""
REMEDY = (
    'import what has their episodes, or write a line such as "episode: mla-012" in its entry there, then run'
    ' "mlguide import"'
)


def waiting_lines(matched: Sequence[Matched], waiting: Sequence[StillWaiting]) -> list[str]:
    """The lines of a report, one for each text that was matched or waits; of very many the first 30."""
    lines = [f"matched: {one.id}: {_place(one)}, {HOW.get(one.by, f'by its {one.by}')}" for one in matched]
    lines = _few(lines, "matched")
    for path, group in groupby(waiting, key=lambda one: one.path):
        texts = list(group)
        count = "1 text that" if len(texts) == 1 else f"{len(texts)} texts that"
        lines.append(f"{f'waiting in {path}' if path else 'not waiting'}: {count} no episode took; {REMEDY}")
        lines += _few([f"  {_waiting(one)}" for one in texts], "  waiting")
    return lines


def _few(lines: list[str], label: str) -> list[str]:
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], f"{label}: {more} more"] if more > 1 else lines


def _place(one: Matched) -> str:
    return f"{one.kind} of {one.source}" + (f" (line {one.line})" if one.text else "")


def _waiting(one: StillWaiting) -> str:
    words = one.text.split()
    text = " ".join((["…"] if one.lead else []) + words[one.lead :])
    begins = text if len(text) <= BEGINNING else text[:BEGINNING].rpartition(" ")[0] + " …"
    like = f" (something like {' and '.join(one.like)})" if one.like else ""
    return f"line {one.line}, {one.kind}: {begins}{like}"

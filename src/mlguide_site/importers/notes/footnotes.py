"""Footnotes of a source that becomes several episodes: each gets those that it refers to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from mlguide_site.importers.base import Draft, Item
from mlguide_site.markdown.limits import LimitError, check_source
from mlguide_site.markdown.parse import parser

MAX_COPIED = 10_000
"""Characters of footnotes that one episode gets from others."""


class _Notes(NamedTuple):
    """The keys that a body refers to and those that it defines, and of its definitions, by key, lines and keys."""

    wanted: tuple[str, ...]
    defined: frozenset[str]
    lines: Mapping[str, tuple[str, tuple[str, ...]]]


def share_footnotes(items: list[Item]) -> list[Item]:
    """The items of a source, each episode with copies of the footnotes that it refers to and that only another episode
    of the same file defines. Footnotes that two episodes define differently are not copied, nor those without room."""
    files: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        if isinstance(item, Draft) and "[^" in item.body:
            files.setdefault(item.file, []).append(at)
    for places in files.values():
        drafts = [item for at in places if isinstance(item := items[at], Draft)]
        if len(drafts) > 1:
            for at, one in zip(places, _lent(drafts), strict=True):
                items[at] = one
    return items


def _lent(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The drafts of one file with the footnotes that they lack, and with what these show and lead to."""
    leads = {lead.address: lead for draft in drafts for lead in draft.leads}
    assets = {asset.path: asset for draft in drafts for asset in draft.assets}
    for draft, body in zip(drafts, lend([draft.body for draft in drafts]), strict=True):
        if body == draft.body:
            yield draft
            continue
        further = [lead for lead in leads.values() if lead not in draft.leads and f"]({lead.address})" in body]
        own = {asset.path for asset in draft.assets}
        shown = [asset for path, asset in assets.items() if path not in own and f"](asset:{path})" in body]
        yield replace(draft, body=body, leads=(*draft.leads, *further), assets=(*draft.assets, *shown))


def lend(bodies: Sequence[str]) -> list[str]:
    r"""The bodies of one source with the footnotes that they lack.

    >>> lend(["Looms[^1].", "Reeds[^2].\n\n[^1]: Of wood.\n[^2]: Of cane."])
    ['Looms[^1].\n\n[^1]: Of wood.', 'Reeds[^2].\n\n[^1]: Of wood.\n[^2]: Of cane.']
    """
    notes = [_notes(body) for body in bodies]
    texts: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for one in notes:
        for key, found in one.lines.items():
            texts.setdefault(key, set()).add(found)
    known = {key: next(iter(found)) for key, found in texts.items() if len(found) == 1}
    return [_with_lacking(body, own, known) for body, own in zip(bodies, notes, strict=True)]


def _with_lacking(body: str, own: _Notes, known: Mapping[str, tuple[str, tuple[str, ...]]]) -> str:
    lacking: dict[str, str] = {}
    waiting = list(reversed(own.wanted))
    room = MAX_COPIED
    while waiting:
        key = waiting.pop()
        if key in own.defined or key in lacking or key not in known:
            continue
        text, further = known[key]
        if len(text) <= room:
            lacking[key] = text
            room -= len(text)
            waiting.extend(reversed(further))
    if not lacking:
        return body
    # what ends in a quote goes on with the next line, and code that nobody closed with all that comes
    tries = (f"{body.rstrip(chr(10))}\n\n{gap.join(lacking.values())}" for gap in ("\n", "\n\n"))
    return next((made for made in tries if lacking.keys() <= _notes(made).defined), body)


def _notes(body: str) -> _Notes:
    """The footnotes of a body; none of one that can't be read."""
    try:
        check_source(body)
        # the rule for references looks whether there is any definition
        tokens = parser().parse(body, {"footnotes": {"refs": {}, "list": {}}})
    except (LimitError, RecursionError, RuntimeError, LookupError, ValueError, TypeError, AttributeError):
        return _Notes((), frozenset(), {})
    rows = body.split("\n")
    wanted: dict[str, None] = {}
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    defined = set()
    for at, token in enumerate(tokens):
        if token.type == "footnote_reference_open":
            key = normalizeReference(token.meta["label"])
            if token.level == 0 and token.map and key not in defined:
                text = "\n".join(rows[token.map[0] : token.map[1]]).rstrip()
                found[key] = text, tuple(_references(tokens[at : _end(tokens, at)]))
            defined.add(key)
        elif token.type == "inline":
            wanted.update(dict.fromkeys(_references([token])))
    return _Notes(tuple(wanted), frozenset(defined), found)


def _end(tokens: Sequence[Token], at: int) -> int:
    level = tokens[at].level
    while not (tokens[at].type == "footnote_reference_close" and tokens[at].level == level):
        at += 1
    return at


def _references(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref":
                yield child.meta["key"]

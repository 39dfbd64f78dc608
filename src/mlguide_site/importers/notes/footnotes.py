"""Footnotes of a source that becomes several episodes: each gets those that it refers to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from markdown_it.common.utils import normalizeReference

from mlguide_site.importers import Draft, Item
from mlguide_site.markdown.limits import LimitError, check_source
from mlguide_site.markdown.parse import parser

MAX_COPIED = 10_000
"""Characters of footnotes that one episode gets from others."""
_REFERENCE = re.compile(r"\[\^([^\s\[\]]{1,999})\](?!:)")


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
    notes = [_footnotes(body) for body in bodies]
    texts: dict[str, set[str]] = {}
    for _, defined in notes:
        for key, text in defined.items():
            texts.setdefault(key, set()).update({text} - {""})
    known = {key: next(iter(found)) for key, found in texts.items() if len(found) == 1}
    return [_with_lacking(body, *own, known) for body, own in zip(bodies, notes, strict=True)]


def _with_lacking(body: str, wanted: Sequence[str], defined: Mapping[str, str], known: Mapping[str, str]) -> str:
    """A body with those footnotes that it lacks, and with those that these refer to."""
    lacking: dict[str, str] = {}
    pending, room = list(reversed(wanted)), MAX_COPIED
    while pending:
        key = pending.pop()
        text = known.get(key, "")
        if key not in defined and key not in lacking and 0 < len(text) <= room:
            lacking[key] = text
            room -= len(text)
            pending += [normalizeReference(label) for label in reversed(_REFERENCE.findall(text))]
    if not lacking:
        return body
    # what ends in a quote continues on the next line, and an unclosed fence takes all that follows
    tries = (f"{body.rstrip(chr(10))}\n\n{gap.join(lacking.values())}" for gap in ("\n", "\n\n"))
    return next((made for made in tries if lacking.keys() <= _footnotes(made)[1].keys()), body)


def _footnotes(body: str) -> tuple[list[str], dict[str, str]]:
    """The keys that a body refers to, and the texts of the footnotes that it defines, "" for one within another block;
    none for a body that can't be read."""
    try:
        check_source(body)
        # the rule for references asks whether there is any definition
        tokens = parser().parse(body, {"footnotes": {"refs": {}, "list": {}}})
    except (LimitError, RecursionError, RuntimeError, LookupError, ValueError, TypeError, AttributeError):
        return [], {}
    rows = body.split("\n")
    wanted, defined = dict[str, None](), dict[str, str]()
    for token in tokens:
        if token.type == "footnote_reference_open":
            text = "\n".join(rows[slice(*token.map)]).rstrip() if token.level == 0 and token.map else ""
            defined.setdefault(normalizeReference(token.meta["label"]), text)
        wanted.update((one.meta["key"], None) for one in token.children or () if one.type == "footnote_ref")
    return list(wanted), defined

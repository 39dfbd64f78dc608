"""Quotes that are notes: `> [!kind] title` and `> NOTE:` as admonitions."""

import re
from typing import NamedTuple

KINDS = frozenset(
    "note abstract summary tldr info todo tip hint important success check done question help faq warning caution"
    " attention failure fail missing danger error bug example quote cite".split()
)
_QUOTE = re.compile(r"[ \t]{0,40}>[ \t]?(.*)$")
_BOX = re.compile(r"\[!([A-Za-z][\w-]{0,30})(?:\|[^\]\n]{0,60})?\]([-+]?)[ \t]*(.*)$")
_LABEL = re.compile(
    r"\**(NOTE|TIP|HINT|INFO|TODO|WARNING|CAUTION|IMPORTANT|DANGER|EXAMPLE|QUESTION|BUG|SUCCESS)\**:\**[ \t]*(.*)$",
    re.I,
)
_GLUED = re.compile(r"((?:!\[\[[^\[\]\n]{1,500}\]\][ \t]*)+)(>.*)$")


class Opening(NamedTuple):
    """The first line of an admonition, and the text that stands behind its label ("" for none)."""

    line: str
    text: str


def quoted(text: str) -> str | None:
    """What a line of a quote says; None where the line is none.

    >>> quoted("> a"), quoted("a")
    ('a', None)
    """
    found = _QUOTE.match(text)
    return found[1] if found else None


def opening(quote: str) -> Opening | None:
    """The admonition that a line of a quote opens.

    >>> opening("NOTE: Mind the gap"), opening("[!tip]- Try this").line
    (Opening(line='!!! note', text='Mind the gap'), '??? tip "Try this"')
    >>> opening("[!saw] Teeth").line, opening("Notes: none")
    ('!!! note "saw: Teeth"', None)
    """
    if found := _BOX.match(quote.strip()):
        kind = found[1].casefold()
        title = " ".join(found[3].replace('"', "'").split())
        if kind not in KINDS:
            kind, title = "note", f"{found[1]}: {title}" if title else found[1]
        mark = {"-": "???", "+": "???+", "": "!!!"}[found[2]]
        return Opening(f"{mark} {kind}" + (f' "{title}"' if title else ""), "")
    found = _LABEL.match(quote.strip())
    if not found or not (found[1].isupper() or found[1].istitle()):
        return None
    return Opening(f"!!! {found[1].casefold()}", found[2])


def split_glued(text: str) -> list[str]:
    """A line in which a quote follows embedded files without a line end, as two.

    >>> split_glued("![[a.png]]> NOTE: b")
    ['![[a.png]]', '> NOTE: b']
    """
    found = _GLUED.match(text)
    return [found[1].rstrip(), found[2]] if found else [text]

"""Flat notes of one page as the Markdown bodies of drafts: structure recovered, within the limits of notes."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate
from typing import NamedTuple

from mlguide_site.errors import Severity
from mlguide_site.importers import Doubt, Recovery
from mlguide_site.markdown.escape import unescape
from mlguide_site.markdown.parse import parse
from mlguide_site.markdown.plain import escape_start, paragraphs
from mlguide_site.recovery import recovery
from mlguide_site.recovery.scorer import shipped

FORM = 4
"""To be raised where the same scores of a text come to be written in another way."""
MAX_WORDS = 60_000
"""For how many words of one page the structure is recovered."""
MAX_LESSONS = 60
"""From how many of a root's own notes it is learnt."""
MAX_LINE = 15_000
"""Characters of a paragraph; a sign that Markdown may take for its own counts as `SIGN` characters."""
SIGN = 7
MAX_MARKS = 200
"""Characters of marks between two words of a text."""
_SIGNS = re.compile(r"[\[\]<*_`~!\\&{|=^$:+#]")
_OPENING = re.compile(r"(?P<indent> *)(?P<sign>- |\#\# )?")
_NO_ANCHOR = re.compile(r"\A\#\# (?P<text>\W*_.*)")
"""A heading that can have no anchor, for this would begin with an underscore."""
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class Body(NamedTuple):
    """The Markdown of a flat text, and how it was made (`model` is "" where it only has its paragraphs)."""

    markdown: str
    recovery: Recovery


def recover_bodies(texts: Sequence[str], lessons: Sequence[str] = ()) -> tuple[Body, ...]:
    """The bodies of the notes of one page, whatever their order: the same words in the same order.

    `texts` are the notes, a line a paragraph. `lessons` are bodies of structured notes that the root has. Beyond
    `MAX_WORDS` the longest notes keep their paragraphs.
    """
    return _recover_bodies(tuple(texts), tuple(sorted(lessons, key=_digest)[:MAX_LESSONS]))


# several sources given together are read twice, the second time mostly with the same words
@lru_cache(maxsize=4)
def _recover_bodies(texts: tuple[str, ...], lessons: tuple[str, ...]) -> tuple[Body, ...]:
    order = sorted(range(len(texts)), key=lambda at: (len(texts[at].split()), _digest(texts[at])))
    sums = accumulate(len(texts[at].split()) for at in order)
    chosen = sorted(at for at, words in zip(order, sums, strict=True) if words <= MAX_WORDS)
    found = dict(zip(chosen, recovery.recover([texts[at] for at in chosen], lessons), strict=True))
    return tuple(_body(text, found[at]) if at in found else _plain(text) for at, text in enumerate(texts))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def model_version() -> str:
    """A name for this version of the weights, and of the way in which notes are written."""
    return _digest(f"{FORM} {shipped()[1]}")


def _words_digest(text: str) -> str:
    """The digest of a text's words, line by line."""
    return _digest("\n".join(" ".join(line.split()) for line in text.split("\n")))


def _plain(text: str) -> Body:
    return Body(_broken(paragraphs(text.replace("\n", "\n\n"))), Recovery(_words_digest(text), ""))


def _body(text: str, found: recovery.Recovered) -> Body:
    markdown = _broken(found.markdown)
    places = _places(text, markdown) if found.unsure else {}
    doubts = tuple(
        Doubt(*places[one.offset], one.taken, one.instead, round(100 * one.confidence))
        for one in found.unsure
        if one.offset in places
    )
    return Body(markdown, Recovery(_words_digest(text), model_version(), doubts))


def fault_of(markdown: str) -> tuple[str, str] | None:
    """What keeps a body from being read as Markdown, and what to do; None where nothing does."""
    if _size(markdown) <= MAX_LINE:
        return None
    errors = [found for found in parse(markdown).findings if found.severity is Severity.ERROR]
    return (errors[0].message, errors[0].remedy) if errors else None


def _size(text: str) -> int:
    """The size of a text by which paragraphs are limited."""
    return len(text) + SIGN * len(_SIGNS.findall(text))


def _broken(markdown: str) -> str:
    """Markdown whose lines are within the limits of a paragraph: what is behind a cut is a paragraph of the same item.
    A heading that can have no anchor is bold instead."""
    lines: list[str] = []
    for line in (_NO_ANCHOR.sub(r"**\g<text>**", line) for line in markdown.split("\n")):
        if _size(line) <= MAX_LINE:
            lines.append(line)
            continue
        opening = _OPENING.match(line)
        indent = opening["indent"] + ("    " if opening["sign"] else "") if opening else ""
        size = 0
        lines.append("")
        for word in line.split(" "):
            size += _size(word) + 1
            if size > MAX_LINE and lines[-1]:
                lines += ["", indent + escape_start(word)]
                size = _size(word)
            else:
                lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)


def _places(text: str, markdown: str) -> Mapping[int, tuple[int, int]]:
    """For words of a text by offset, the line (from 0) and the column (from 1) at which its Markdown has them.

    >>> _places("Hinges: Oil & • a*b", "- **Hinges:** Oil &amp; a\\\\*b")
    {0: (0, 3), 8: (0, 15), 12: (0, 19), 16: (0, 25)}
    """
    places: dict[int, tuple[int, int]] = {}
    at = 0
    for number, line in enumerate(markdown.split("\n")):
        opening = _OPENING.match(line)
        begin = opening.end() if opening else 0
        for found in re.finditer(r"\S+", line[begin:]):
            shown = unescape(_ESCAPED.sub(r"\1", found.group().removeprefix("**").removesuffix("**")))
            # marks that became structure are words of the text only
            start = text.find(shown, at, at + len(shown) + MAX_MARKS)
            if start >= 0:
                places[start] = (number, begin + found.start() + 1)
                at = start + len(shown)
    return places

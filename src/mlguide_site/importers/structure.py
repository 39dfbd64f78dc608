"""Flat notes of one page as the Markdown bodies of drafts: structure recovered, within the limits of notes."""

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from mlguide_site.errors import Severity
from mlguide_site.importers import Doubt, Recovery
from mlguide_site.markdown.escape import escape_heading, unescape
from mlguide_site.markdown.headings import Outline
from mlguide_site.markdown.parse import parse
from mlguide_site.markdown.plain import ends_sentence, escape, escape_start, paragraphs
from mlguide_site.recovery import recovery
from mlguide_site.recovery.markdown import Escaping
from mlguide_site.recovery.recovery import Recovered, Unsure
from mlguide_site.recovery.scorer import version

FORM = 3
"""To be raised where the same scores of a text come to be written in another way."""
MAX_WORDS = 60_000
"""For how many words of one page the structure is recovered."""
MAX_LESSONS = 60
"""From how many of a root's own notes it is learnt."""
MAX_LINE = 15_000
MAX_SIGNS = 2_000
ESCAPING = Escaping(escape, escape_start, escape_heading)
"""People go on writing in these notes: only what Markdown would take for its own is escaped."""
_SIGNS = re.compile(r"[\[\]<*_`~!\\&{|=^$:+#]")
_LINE = re.compile(r"(?P<indent> *)(?P<sign>- |\#\# )?")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:\#\d{1,7}|[a-z]{1,8});)")


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
    chosen = within(texts, MAX_WORDS)
    found = iter(
        recovery.recover([text for text, is_chosen in zip(texts, chosen, strict=True) if is_chosen], lessons, ESCAPING)
    )
    return tuple(
        _body(text, next(found)) if is_chosen else _plain(text) for text, is_chosen in zip(texts, chosen, strict=True)
    )


def within(texts: Sequence[str], most: int) -> list[bool]:
    """Which texts have together no more than so many words, the shortest first; the order makes no difference.

    >>> within(["A B C", "A", "A B"], 3)
    [False, True, True]
    """
    sizes = [len(text.split()) for text in texts]
    order = sorted(range(len(texts)), key=lambda at: (sizes[at], _digest(texts[at])))
    sums = itertools.accumulate(sizes[at] for at in order)
    chosen = dict(zip(order, (total <= most for total in sums), strict=True))
    return [chosen[at] for at in range(len(texts))]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def model_version() -> str:
    """A name for this version of the weights, and of the way in which notes are written."""
    return _digest(f"{FORM} {version()}")


def _plain(text: str) -> Body:
    return Body(_broken(paragraphs(text.replace("\n", "\n\n"))), Recovery(_words_digest(text), ""))


def _words_digest(text: str) -> str:
    """The digest of a text's words, line by line."""
    return _digest("\n".join(" ".join(line.split()) for line in text.split("\n")))


def _body(text: str, found: Recovered) -> Body:
    markdown = _broken(found.markdown)
    doubts = _doubts(text, markdown, found.unsure)
    return Body(markdown, Recovery(_words_digest(text), model_version(), doubts))


def _broken(markdown: str) -> str:
    return "\n".join(part for line in markdown.split("\n") for part in _short(_headed(line)))


def _headed(line: str) -> str:
    """A line of Markdown, in bold instead of a heading where that could have no anchor."""
    if not line.startswith("## ") or "_" not in line or Outline("").anchor(_ESCAPED.sub(_read, line[3:])) is not None:
        return line
    return f"**{line[3:]}**"


def fault_of(markdown: str) -> tuple[str, str] | None:
    """What keeps a body from being read as Markdown, and what to do; None where nothing does."""
    if len(markdown) <= MAX_LINE and len(_SIGNS.findall(markdown)) <= MAX_SIGNS:
        return None
    errors = [found for found in parse(markdown).findings if found.severity is Severity.ERROR]
    return (errors[0].message, errors[0].remedy) if errors else None


def _short(line: str) -> Sequence[str]:
    """A line of Markdown cut into several where it is longer, or has more signs, than may stand in a paragraph; the
    further ones are paragraphs of the same item."""
    if len(line) <= MAX_LINE and (len(line) <= MAX_SIGNS or len(_SIGNS.findall(line)) <= MAX_SIGNS):
        return (line,)
    opening = _LINE.match(line)
    indent = opening["indent"] + ("    " if opening["sign"] else "") if opening else ""
    parts: list[list[str]] = [[]]
    size = signs = 0
    for word in line.split(" "):
        own = len(_SIGNS.findall(word))
        full = size + len(word) > MAX_LINE or signs + own > MAX_SIGNS
        rather = 4 * size > 3 * MAX_LINE or 4 * signs > 3 * MAX_SIGNS
        if parts[-1] and (full or (rather and ends_sentence(parts[-1][-1]))):
            parts.append([])
            size = signs = 0
        parts[-1].append(word)
        size, signs = size + len(word) + 1, signs + own
    first, *others = (" ".join(words) for words in parts)
    return [first, *(piece for part in others for piece in ("", indent + escape_start(part)))]


def _doubts(text: str, markdown: str, unsure: Sequence[Unsure]) -> tuple[Doubt, ...]:
    """The unsure places of a text as places of its Markdown."""
    if not unsure:
        return ()
    places = _places(text, markdown)
    return tuple(
        Doubt(*places[one.offset], one.taken, one.instead, round(100 * one.confidence))
        for one in unsure
        if one.offset in places
    )


def _places(text: str, markdown: str) -> Mapping[int, tuple[int, int]]:
    """For words of a text by offset, the line (from 0) and the column (from 1) at which its Markdown has them.

    >>> _places("Hinges: Oil & • a*b", "- **Hinges:** Oil &amp; a\\\\*b")
    {0: (0, 3), 8: (0, 15), 12: (0, 19), 16: (0, 25)}
    """
    offsets = defaultdict(list)
    for found in re.finditer(r"\S+", text):
        offsets[found.group()].append(found.start())
    places: dict[int, tuple[int, int]] = {}
    at = 0
    for number, line in enumerate(markdown.split("\n")):
        opening = _LINE.match(line)
        for found in re.finditer(r"\S+", line[opening.end() :] if opening else line):
            shown = _ESCAPED.sub(_read, found.group().removeprefix("**").removesuffix("**"))
            # marks that became structure are words of the text only
            same = offsets.get(shown, ())
            where = bisect_left(same, at)
            if where < len(same):
                at = same[where] + 1
                places[at - 1] = (number, found.start() + 1 + (opening.end() if opening else 0))
    return places


def _read(found: re.Match[str]) -> str:
    return found[1] or unescape(found[2])

"""Flat notes of one source, given back their structure by a model that has learnt from the root."""

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from mlguide_site.errors import Severity
from mlguide_site.importers import Doubt, Recovery
from mlguide_site.markdown.escape import escape_heading, unescape
from mlguide_site.markdown.headings import Outline
from mlguide_site.markdown.parse import parse
from mlguide_site.markdown.plain import ends_sentence, escape, escape_start, paragraphs
from mlguide_site.recovery import is_installed
from mlguide_site.recovery.kinds import Unsure
from mlguide_site.recovery.markdown import Escaping
from mlguide_site.recovery.words import bare, tokenize

if TYPE_CHECKING:
    from mlguide_site.recovery.model import Model

Pair = tuple[str, str]

FORM = 2
"""To be raised where the same segments of a text come to be written in another way."""
MAX_EFFORT = 120_000
"""For how much of one source, by `effort`, the structure is recovered."""
MAX_LESSONS = 42_000
"""From how much of a root's own notes the model learns."""
MAX_LESSON = 1_200
"""How much of one note it learns from: the beginning of a long one."""
MAX_LINE = 15_000
MAX_SIGNS = 2_000
ESCAPING = Escaping(escape, escape_start, escape_heading)
"""People go on writing in these notes: only what Markdown would take for its own is escaped."""
_SIGNS = re.compile(r"[\[\]<*_`~!\\&{|=^$:+#]")
_LINE = re.compile(r"(?P<indent> *)(?P<sign>- |\#\# )?")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:\#\d{1,7}|[a-z]{1,8});)")


class Body(NamedTuple):
    """The Markdown of a flat text, and how it was made (the model is "" where it holds its paragraphs only)."""

    markdown: str
    recovery: Recovery


def recover_bodies(
    texts: Sequence[str], shortened: Sequence[str], lessons: Sequence[str] = (), taught: int = 0
) -> tuple[Body, ...]:
    """The bodies of the notes of one source, whatever their order: the same words in the same order.

    `texts` are the notes as the source has them, a line a paragraph, and `shortened` what is to be written of each.
    `lessons` are bodies of structured notes that the root has, and `taught` says how much of them are people's work
    (see `Recovery.taught`). Where that would take more than `MAX_EFFORT` the longest notes keep their paragraphs.
    """
    return _recover_bodies(tuple(texts), tuple(shortened), tuple(lessons), taught)


# several sources given together are read twice, the second time mostly with the same words
@lru_cache(maxsize=4)
def _recover_bodies(
    texts: tuple[str, ...], shortened: tuple[str, ...], lessons: tuple[str, ...], taught: int
) -> tuple[Body, ...]:
    if not is_installed():
        return tuple(_plain(text) for text in shortened)
    phrases = word_pairs(texts)
    small = {bare(word): pair for pair in phrases for word in pair if word.islower()}
    model = _model(lessons)
    chosen = within(shortened, MAX_EFFORT)

    def made(text: str, is_chosen: bool) -> Body:
        if not is_chosen:
            return _plain(text)
        return _body(text, _own(text, phrases, small), model, taught)

    return tuple(map(made, shortened, chosen))


@lru_cache(maxsize=4)
def _model(lessons: tuple[str, ...]) -> "Model":
    """The shipped model, or one that has learnt from the root's notes."""
    from mlguide_site.recovery.adaptation import adapt  # noqa: PLC0415 - needs numpy
    from mlguide_site.recovery.data import shipped  # noqa: PLC0415

    return adapt(_some(map(_beginning, lessons), MAX_LESSONS)) if lessons else shipped().model


def word_pairs(texts: Iterable[str]) -> frozenset[Pair]:
    """Pairs of neighbouring words, letter case kept, that stand more than once in the texts of a source."""
    seen: set[Pair] = set()
    twice: set[Pair] = set()
    for text in texts:
        words = text.split()
        for pair in itertools.pairwise(words):
            (twice if pair in seen else seen).add(pair)
    return frozenset(twice)


def _own(text: str, phrases: Collection[Pair], small: Mapping[str, Pair]) -> frozenset[Pair]:
    """The pairs of a source that matter to one of its texts: those that it has, and one for each of its words that some
    pair has in small letters. What is recovered takes as long as there are pairs."""
    words = [token.text for token in tokenize(text)]
    own = {pair for pair in itertools.pairwise(words) if pair in phrases}
    return frozenset(own | {small[word] for word in map(bare, words) if word in small})


def effort(text: str) -> int:
    """About how long a text takes: its words, those threefold that may begin or end something, as all may that aren't
    of small letters alone; and 150 for being a text.

    >>> effort("The oil of hinges: A. b")
    162
    """
    words = text.split()
    return 150 + 3 * len(words) - 2 * sum(word.isalpha() and word.islower() for word in words)


def within(texts: Sequence[str], most: int) -> list[bool]:
    """Which texts cost together no more than so much, the cheapest first; the order makes no difference.

    >>> within(["A B C", "A", "A B"], 310)
    [False, True, True]
    """
    costs = list(map(effort, texts))
    order = sorted(range(len(texts)), key=lambda at: (costs[at], _digest(texts[at])))
    sums = itertools.accumulate(costs[at] for at in order)
    chosen = dict(zip(order, (total <= most for total in sums), strict=True))
    return [chosen[at] for at in range(len(texts))]


def _beginning(body: str) -> str:
    """The first lines of a body, as many as one note may have of the lessons."""
    lines = body.split("\n")
    sums = itertools.accumulate(effort(line) - effort("") for line in lines)
    return "\n".join(line for line, total in zip(lines, sums, strict=True) if total <= MAX_LESSON)


def _some(texts: Iterable[str], most: int) -> list[str]:
    """Some of the texts, whatever their order, that take together no more than so much effort."""
    mixed = sorted(set(texts), key=_digest)
    return [text for text, total in zip(mixed, itertools.accumulate(map(effort, mixed)), strict=True) if total <= most]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def model_version() -> str:
    """What tells one version of the model, and of the way it is written, from another."""
    from mlguide_site.recovery.data import shipped  # noqa: PLC0415 - needs numpy

    return _digest(f"{FORM} {shipped().digest.hex()}")


def _plain(text: str) -> Body:
    return Body(_broken(paragraphs(text.replace("\n", "\n\n"))), Recovery(_said(text), ""))


def _said(text: str) -> str:
    """The digest of a text's words, line by line."""
    return _digest("\n".join(" ".join(line.split()) for line in text.split("\n")))


def _body(text: str, phrases: Collection[Pair], model: "Model", taught: int) -> Body:
    from mlguide_site.recovery.data import shipped  # noqa: PLC0415 - needs numpy
    from mlguide_site.recovery.recovery import recover  # noqa: PLC0415

    first = shipped().model
    found = recover(text, phrases, model, ESCAPING, first if model is not first else None)
    markdown = _broken(found.markdown)
    doubts = _doubts(text, markdown, found.unsure)
    return Body(markdown, Recovery(_said(text), model_version(), taught, doubts))


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

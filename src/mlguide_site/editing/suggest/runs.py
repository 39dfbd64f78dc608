"""Runs of capitalised words: where a name may stand, with what the place says for and against it."""

from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest import lists, world
from mlguide_site.editing.suggest.tokens import Word, is_marked, is_plain_word
from mlguide_site.linking.names.words import is_ordinary

MAX_RUN = 6
_NEAR = frozenset([" ", "\n", " & "])
_ATTACHED = frozenset(
    """
    accelerated agnostic ai assisted aware backed based built centric class compatible compliant driven enabled first
    focused friendly generated heavy hosted in inspired integrated like level managed native only optimized oriented
    powered proprietary ready related run style supported side specific trained type wide written
    """.split()
)


_PREFIXES = frozenset("anti ex multi non pre post pseudo quasi semi sub".split())


class Run(NamedTuple):
    """A possible name: words `first` to `last` of its block.

    `loud`: the capitals say nothing, for they may come of the place: the first word of a sentence, a label, a title, a
    shout, the rest of a longer run. `low`: it's written small, as an item of a list of names.
    """

    first: int
    last: int
    text: str
    loud: bool
    low: bool = False


def runs_of(text: str, words: Sequence[Word]) -> list[Run]:
    """The runs of a block, in order, none overlapping."""
    label = _label(text, words)
    found: list[Run] = []
    at = 0
    while at < len(words):
        if not words[at].capital or words[at].low in lists.NO_NAMES:
            at += 1
            continue
        last = _last(words, at)
        run = _run(text, words, at, last, label)
        if run:
            found.append(run)
        at = last + 1
    return found


def _label(text: str, words: Sequence[Word]) -> int:
    """How many words at the beginning of a block are a label, set off by a colon."""
    for at, word in enumerate(words[:9]):
        if at and ":" in word.before:
            return at
        if at and any(char in ".!?;,(" for char in word.before):
            return 0
    return len(words) if words and len(words) < 9 and text.rstrip().endswith(":") else 0


def _last(words: Sequence[Word], at: int) -> int:
    """The last word of the run that begins at a capitalised word."""
    last = at
    while last + 1 < len(words) and last - at < MAX_RUN and not words[last].owner:
        following = words[last + 1]
        if _is_initial(words, at, last):
            last += 1
            continue
        if following.before not in _NEAR or following.first or following.link != words[at].link:
            break
        if _is_numbered(words, at, last):
            # "Route 53"
            return last + 1
        if following.capital and following.low not in lists.NO_NAMES:
            last += 1
        elif (
            following.bare
            and following.text in lists.NAME_JOINERS
            and last + 2 < len(words)
            and words[last + 2].capital
            and words[last + 2].before == " "
            and not words[last + 2].first
        ):
            last += 2
        else:
            break
    return last


def _is_initial(words: Sequence[Word], at: int, last: int) -> bool:
    """Whether a run's last word is the initial of a second name, with a name behind its point."""
    initial, following = words[last], words[last + 1]
    return last > at and len(initial.text) == 1 and following.before == ". " and following.capital


def _is_numbered(words: Sequence[Word], at: int, last: int) -> bool:
    """Whether a number behind a run of one ordinary word makes a name of it."""
    word, following = words[at], words[last + 1]
    if last > at or not (following.text.isascii() and following.text.isdigit()) or word.first or not following.bare:
        return False
    low = word.low
    counted = low in lists.COUNTED or low in lists.MARKUP_WORDS or low in world.CALENDAR
    return following.before == " " and len(following.text) < 4 and not counted and is_plain_word(word.text)


def _run(text: str, words: Sequence[Word], first: int, last: int, label: int) -> Run | None:
    """The run without what only introduces it; None where nothing is left."""
    cut = False
    while first <= last and _introduces(words[first]):
        # "The Docker daemon" leaves a name whole, "Machine Learning" at the start of a sentence does not
        cut = words[first].low not in lists.SMALL
        first += 1
    if first > last:
        return None
    name = text[words[first].start : words[last].end]
    if first == last:
        name = _bare(name)
        if not name:
            return None
    marked = is_marked(words[first].text)
    loud = not marked and (cut or words[first].first)
    loud = loud or (first < label and not marked)
    loud = loud or _shouted(words, first, last) or (not marked and _titled(words, first, last))
    return Run(first, last, name, loud)


def _introduces(word: Word) -> bool:
    low = word.low
    if low in lists.SMALL and not (word.text.isupper() and len(low) > 1 and low not in {"it", "us", "is"}):
        return True
    return word.first and not is_marked(word.text) and is_plain_word(word.text)


def _bare(name: str) -> str:
    """A word without what is attached to it: `AI-generated` names AI.

    >>> _bare("GPU-accelerated"), _bare("K-means"), _bare("TF-IDF"), _bare("multi-GPU")
    ('GPU', 'K-means', 'TF-IDF', 'GPU')
    """
    parts = name.split("-")
    while len(parts) > 1 and (parts[-1] in _ATTACHED or (parts[-1].islower() and _is_verbal(parts[-1]))):
        parts.pop()
    while len(parts) > 1 and parts[0].islower() and (is_ordinary(parts[0]) or parts[0] in _PREFIXES):
        parts.pop(0)
    return "-".join(parts)


def _is_verbal(word: str) -> bool:
    return len(word) > 4 and word.endswith(("ed", "ing", "ible", "able"))


def _shouted(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether words all in capitals stand beside the run, where capitals are only loud."""
    if not all(word.text.isupper() for word in words[first : last + 1]):
        return False
    long = [word for word in words[max(0, first - 2) : last + 3] if word.text.isupper() and len(word.text) > 3]
    return len(long) > 2 and any(is_ordinary(word.low) for word in long)


def _titled(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether the clause around the run is written as titles are, each word with a capital."""
    begin = first
    while begin and first - begin < 8 and words[begin].before in _NEAR:
        begin -= 1
    end = last
    while end + 1 < len(words) and end - last < 8 and words[end + 1].before in _NEAR:
        end += 1
    around = [*words[begin:first], *words[last + 1 : end + 1]]
    telling = [
        word for word in around if word.low not in lists.JOINERS and word.low not in lists.SMALL and not word.first
    ]
    raised = [word for word in telling if word.capital and not is_marked(word.text)]
    return len(telling) > 2 and len(raised) * 2 > len(telling)

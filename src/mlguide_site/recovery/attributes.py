"""What is known of each token of a text, as arrays: numbers for its word, its shape, and what stands around it."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery import habits
from mlguide_site.recovery.looks import Look, look_at
from mlguide_site.recovery.words import CLOSERS, COUNTED, SMALL, Token, bare, ends_sentence, initials

Ints = NDArray[np.int64]
FAR = 1 << 30
STOPPED = habits.LEVELS
SPAN_BASE = 0x9E3779B97F4A7C15
_ROMAN = re.compile(r"[IVX]{2,5}\.")


@dataclass(frozen=True, slots=True)
class Attributes:
    """Arrays over the tokens of one text; each has one more row, for what stands behind the last token."""

    size: int
    looks: NDArray[np.int64]  # a row per token, a column per field of `Look`
    hard: NDArray[np.bool_]
    mark: Ints  # 0 none, 1 heading, 2 item
    begins: NDArray[np.bool_]  # a sentence or a known block begins here
    run: Ints  # how many title words follow from here, this one counted
    colon: Ints  # tokens to the end of the label that may stand here: to the next colon in the sentence; 0 none
    rest: Ints  # tokens to the end of the sentence
    lower: Ints  # index of the next token that no title would write so
    known: Ints  # how often the word stands written small in the text, at most 3
    next_same: Ints  # index of the next token with the same stem
    last_same: Ints  # index of the last one before
    repeated: Ints  # 1 where the pair of the word before and this one is written elsewhere too, here or in the source
    glued: Ints  # 1 where an abbreviation in brackets shows that this word and the one before belong together
    depth: Ints  # brackets open before the token
    sums: Ints  # columns: running counts, see `SUMS`
    labels: float  # share of sentences that begin with a label
    usual: int  # usual number of words of the labels that begin a sentence, 0 where there is none
    seams: (
        int  # how sentences begin behind titles: 0 nowhere seen, 1 behind capitals, 2 behind both, 3 behind small ones
    )
    next_label: Ints  # tokens of the next label that begins a later sentence
    verb: Ints  # tokens to the next word of the sentence that can only be its verb, this one counted; 0 none
    bound: Ints  # how the word coheres with the one before it: a level of `habits`, `STOPPED` behind a comma or colon
    places: Ints  # a row per token: where such a word is at home, see `habits.PLACES`
    spans: NDArray[np.uint64]  # running mixture of words, from which each span of tokens gets its number


SUMS = (
    "plain",
    "comma",
    "colon",
    "digit",
    "special",
    "repeated",
    "glued",
    "sentence",
    "upper",
    "open",
    "quotes",
    "plurals",
    "finite",
    "weak",
    "strong",
)


def column(attributes: Attributes, name: str) -> Ints:
    """One field of `Look` for every token."""
    result: Ints = attributes.looks[:, Look._fields.index(name)]
    return result


def attributes_of(tokens: Sequence[Token], phrases: Collection[tuple[str, str]] = ()) -> Attributes:
    """What is known of the tokens of a text; `phrases` are pairs of words that its source writes side by side."""
    size = len(tokens)
    looks = [look_at(token.text) for token in tokens]
    table = np.zeros((size + 1, len(Look._fields)), np.int64)
    if size:
        table[:size] = np.array(looks, np.int64)
    hard = np.zeros(size + 1, np.bool_)
    hard[:size] = [token.hard for token in tokens]
    mark = np.zeros(size + 1, np.int64)
    mark[:size] = [{"": 0, "heading": 1, "item": 2}[token.mark] for token in tokens]
    begins = np.ones(size + 1, np.bool_)
    begins[1:size] = [
        (look.sentence and not _counts(tokens[at].text, tokens[at - 1].text if at else ""))
        or _ends_with_number(tokens[at].text, tokens[at - 1].text if at else "", tokens[at + 1].text)
        for at, look in enumerate(looks[:-1])
    ]
    begins |= hard | (mark > 0)
    run, colon, rest, lower = _backwards(looks, begins)
    stems = [look.stem for look in looks]
    words = [look.word for look in looks]
    known = Counter(word for word, look in zip(words, looks, strict=True) if not look.upper and not look.small)
    known.update({look_at(word).word: 2 for pair in phrases for word in pair if word.islower()})
    next_same, last_same = _same(stems)
    repeated = _repeated(tokens, looks, begins, phrases)
    glued = _glued(tokens, begins)
    opened = table[:, Look._fields.index("opened")]
    depth = _depth(opened, begins)
    # a plural with another word of a title behind it: seldom inside a name, often where one title ends
    plurals = table[:, Look._fields.index("plural")] * np.append(table[1:, Look._fields.index("content")], 0)
    bound, places = _habits(tokens, begins)
    flags = np.zeros((size + 1, len(SUMS)), np.int64)
    for place, name in enumerate(SUMS):
        flags[:, place] = {
            "plain": 1 - table[:, Look._fields.index("title")],
            "repeated": repeated > 0,
            "glued": glued,
            "open": opened,
            "plurals": plurals,
            "weak": (bound > habits.UNREAD) & (bound < habits.FIRST_BOUND),
            "strong": (bound > habits.FIRST_BOUND + 1) & (bound < STOPPED),
        }.get(name, table[:, Look._fields.index(name)] if name in Look._fields else 0)
    sums = np.zeros((size + 2, len(SUMS)), np.int64)
    np.cumsum(flags, axis=0, out=sums[1:])
    heads = [int(colon[at]) for at in range(size) if begins[at] and 0 < colon[at] <= 12]
    sure = sorted(heads)[: max(1, (len(heads) * 3 + 3) // 4)]
    next_label = np.zeros(size + 1, np.int64)
    coming = 0
    for at in range(size - 1, -1, -1):
        next_label[at] = coming
        if begins[at] and 0 < colon[at] <= 12:
            coming = int(colon[at])
    return Attributes(
        size,
        table,
        hard,
        mark,
        begins,
        run,
        colon,
        rest,
        lower,
        np.array([*(min(3, known[word]) for word in words), 0], np.int64),
        next_same,
        last_same,
        repeated,
        glued,
        depth,
        sums,
        len(heads) / max(1, int(begins[:size].sum())),
        sure[len(sure) // 2] if heads else 0,
        _seams(looks, begins),
        next_label,
        _verbs(looks, begins),
        bound,
        places,
        _spans(stems),
    )


def _habits(tokens: Sequence[Token], begins: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """How each word coheres with the one before it, and where such words are at home."""
    size, known = len(tokens), habits.shipped()
    words = [bare(token.text) for token in tokens]
    stopped = np.array([False, *(token.text[-1] in ",;:" for token in tokens[:-1])], np.bool_)[:size]
    bound = np.zeros(size + 1, np.int64)
    bound[:size] = np.where(begins[:size], 0, np.where(stopped, STOPPED, habits.coherence(words, known)))
    places = np.zeros((size + 1, habits.PLACES), np.int64)
    places[:size] = habits.places(words, known)
    return bound, places


def _ends_with_number(word: str, before: str, following: str) -> bool:
    """Whether a number with a full stop ends a sentence: not one that counts, as in `1. Parts` or `Level 2. Tools`."""
    bare_word = word.rstrip(CLOSERS)
    digits = bare_word[:-1]
    if not (bare_word.endswith(".") and digits[-1:].isdigit()):
        return False
    if len(digits) > 2 or not digits.isdigit():
        return True
    if not before or ends_sentence(before) or before.endswith(":") or before.casefold() in COUNTED:
        return False
    return len(digits) > 1 or not before[0].islower() or following[:1].islower()


def _counts(word: str, before: str) -> bool:
    """Whether a Roman number with a full stop counts what follows, as in `II. Tools`."""
    return _ROMAN.fullmatch(word) is not None and (not before or ends_sentence(before))


def _verbs(looks: Sequence[Look], begins: NDArray[np.bool_]) -> Ints:
    size = len(looks)
    verb = np.zeros(size + 1, np.int64)
    for at in range(size - 1, -1, -1):
        verb[at] = 1 if looks[at].finite else 0 if begins[at + 1] or not verb[at + 1] else verb[at + 1] + 1
    return verb


def _spans(stems: Sequence[int]) -> NDArray[np.uint64]:
    """Sums of numbers of words; see `span_numbers` of the features."""
    sums = np.zeros(len(stems) + 1, np.uint64)
    total = 0
    for at, word in enumerate(stems):
        total = (total * SPAN_BASE + word + 1) & 0xFFFFFFFFFFFFFFFF
        sums[at + 1] = total
    return sums


def _seams(looks: Sequence[Look], begins: NDArray[np.bool_]) -> int:
    """Where a capital stands on a word that has one only where something begins, what stands before it?"""
    large = small = 0
    for at, (before, look) in enumerate(pairwise(looks), 1):
        if not begins[at] and look.upper and look.kind and not look.special and not before.end:
            large += before.upper
            small += not before.upper
    if not large and not small:
        return 0
    return 1 if 4 * small < large else 3 if 4 * large < small else 2


def _depth(opened: Ints, begins: NDArray[np.bool_]) -> Ints:
    """Brackets open before each token; one that is never closed is forgotten at the end of its sentence."""
    depth = np.zeros(len(opened), np.int64)
    for at in range(1, len(opened)):
        depth[at] = 0 if begins[at] else max(0, depth[at - 1] + opened[at - 1])
    return depth


def _backwards(looks: Sequence[Look], begins: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
    size = len(looks)
    run, colon, rest, lower = (np.zeros(size + 1, np.int64) for _ in range(4))
    lower[size] = size
    for at in range(size - 1, -1, -1):
        look, last = looks[at], bool(begins[at + 1])
        rest[at] = 1 if last else rest[at + 1] + 1
        run[at] = 0 if not look.title else 1 if last or look.colon else run[at + 1] + 1
        colon[at] = 1 if look.colon else 0 if last or not colon[at + 1] else colon[at + 1] + 1
        lower[at] = lower[at + 1] if look.title and not last else at if not look.title else at + 1
    return run, colon, rest, lower


def _same(stems: Sequence[int]) -> tuple[Ints, Ints]:
    size = len(stems)
    following, before = np.full(size + 1, FAR, np.int64), np.full(size + 1, -1, np.int64)
    seen: dict[int, int] = {}
    for at, word in enumerate(stems):
        if word in seen:
            following[seen[word]] = at
            before[at] = seen[word]
        seen[word] = at
    return following, before


def _repeated(
    tokens: Sequence[Token], looks: Sequence[Look], begins: NDArray[np.bool_], phrases: Collection[tuple[str, str]]
) -> Ints:
    counts = Counter((one.stem, two.stem) for at, (one, two) in enumerate(pairwise(looks), 1) if not begins[at])
    repeated = np.zeros(len(tokens) + 1, np.int64)
    for at, (one, two) in enumerate(pairwise(looks), 1):
        if begins[at] or (one.small and two.small):
            continue
        if counts[one.stem, two.stem] > 1 or (phrases and (tokens[at - 1].text, tokens[at].text) in phrases):
            repeated[at] = 1
    return repeated


def _glued(tokens: Sequence[Token], begins: NDArray[np.bool_]) -> Ints:
    """Words whose first letters are spelled by an abbreviation in brackets behind them."""
    glued = np.zeros(len(tokens) + 1, np.int64)
    for at, token in enumerate(tokens):
        if not token.text.startswith("(") or at < 2:
            continue
        name = token.text.strip("():.,;?!").removesuffix("s")
        if not 2 <= len(name) <= 7 or not name.isupper():
            continue
        for size in range(1, min(9, at) + 1):
            words = [one.text for one in tokens[at - size : at]]
            telling = [word for word in words if word.casefold() not in SMALL]
            if name in ("".join(initials(words)), "".join(initials(telling))):
                glued[at - size + 1 : at + 1] = 1
                break
        else:
            glued[at] = 1
    return np.where(begins, 0, glued)

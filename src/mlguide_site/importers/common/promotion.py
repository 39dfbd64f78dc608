"""Finds and removes promotion: recurring sentences in a show's notes that aren't about the episode.

A block without punctuation at its end counts as a sentence. A sentence is promotion if all these conditions are true:
* It occurs in at least 15 % of the entries, and in at least three.
* It has at least four words, or eight if it is a block without punctuation at its end. Such a block needs only six
  words if it begins with a call to action, and only four if it also ends with an address.
* It contains an address, or begins with a call to action ("Try", "Buy", "Join").
* No more than a fifth of the entries become empty when all promotion is removed.

The last line of an entry is promotion as a whole if it consists of two or three sentences, of which the last one has an
address, and at least half of the entries end with it. Hosts add such footers: "Hosted on Loom Host. See loom.example
for more". Lines with credits ("Music by …"), or with names of the show's people, are kept.

In text without line breaks, repeated words from a call to action to a capitalised word may also be promotion.

A pattern is a sequence of words. `*` matches up to twenty words of the same sentence; at the end of a pattern, it
matches the rest of the sentence. Patterns ignore case, punctuation after words, and the type of dashes and quotes."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import dropwhile
from math import ceil
from operator import not_
from typing import NamedTuple

from mlguide_site.markdown.plain import SMALL_WORDS, ends_sentence, starts_upper
from mlguide_site.model.words import WORDS

MAX_GAP = 20
SHARE = 0.15
MAX_EMPTIED = 0.2
MIN_ENTRIES = 3
MIN_SENTENCE, MIN_CALL, MIN_PHRASE = 4, 6, 8
MAX_WORDS, MAX_PATTERN, MAX_PATTERNS = 60, 500, 100
MAX_FOOTER_SENTENCES, MAX_FOOTER_WORDS, FOOTER_SHARE = 3, 40, 0.5
MAX_SOURCE_WORDS = 150_000
_PLAIN = str.maketrans("‐‑‒–—―−‘’‚‛′“”„‟″", "-------'''''\"\"\"\"\"")
"""Maps dashes and quotation marks to ASCII, because patterns treat all forms as equal."""
_TRAILING = ".,!?;:…"
_ADDRESS = re.compile(r"://|\w\.(?!(?:js|md|py|ya?ml|txt|json|csv|toml)\b)[a-z]{2,24}(?:/|[.,;:!?)]*(?!\S))")
"""Matches an address, but not names such as `Node.js`, `ASP.NET` and `config.yml`."""
_UPPER = "A-ZÀ-ÖØ-Þ"
_NAME = rf"(?:[{_UPPER}][\w'’-]+|[{_UPPER}]\.(?:[ -]?[{_UPPER}]\.)*)"
_PERSON = re.compile(
    r"(?<!(?i:brought to you) )(?<!(?i:sponsored) )(?<!(?i:powered) )"
    r"(?::|\b(?i:by|with|von|mit|par|avec|por|con|di|da|door|met|are|is))\s+(?!(?i:an?|the)\b)"
    rf"{_NAME}(?:\s+(?:van|von|der|den|de|di|du|da|{_NAME}))*\s+[{_UPPER}][\w'’-]+"
)
"""Matches the name of a person in credits, such as `made by Ada Loom`."""
CALLS, CREDITS = WORDS["calls"], WORDS["credits"]
_GAP = rf"(?:(?<= )[^ .] ){{0,{MAX_GAP}}}?"
"""Matches words in the same sentence. In the text, "." follows the last word of each sentence, and " " other words."""
_REST = rf"(?:(?<= )(?:[^ .] ){{0,{MAX_GAP - 1}}}[^ .]\.)?"
"""Matches the rest of a sentence."""


class Match(NamedTuple):
    start: int
    end: int
    pattern: str


@lru_cache(maxsize=65536)
def word_key(word: str) -> str:
    """Normalise a word for comparison with patterns: `Learn!` becomes `learn`."""
    plain = word.translate(_PLAIN).casefold()
    return plain.rstrip(_TRAILING) or plain


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> tuple[Mapping[str, str], Sequence[str], re.Pattern[str]]:
    """Return a character for the key of each word, the patterns, with the longest first, and a regular expression that
    has a group for each of them. It matches texts in which each word is its character and "." or " " (see `_GAP`)."""
    codes, forms = dict[str, str](), dict[str, str]()
    for pattern in sorted(patterns, key=len, reverse=True):
        parts = map(str.split, pattern.split("*"))
        keys = ([codes.setdefault(word_key(word), chr(256 + len(codes))) for word in part] for part in parts)
        if runs := [*dropwhile(not_, ("".join(f"{key}[ .]" for key in run) for run in keys))]:
            gaps = (f"(?>{_GAP}{run})" for run in runs[1:] if run)
            forms[pattern] = "".join([runs[0], *gaps, "" if runs[-1] else _REST, "()"])
    return codes, [*forms], re.compile("|".join(forms.values()) or "(?!)")


def find_matches(text: str, patterns: Collection[str]) -> list[Match]:
    """Return the matches in order. If matches overlap, the first wins; at the same place, the longest pattern wins."""
    codes, known, form = _compiled(tuple(patterns))
    words = [*re.finditer(r"\S+", text.translate(_PLAIN))] if known else []
    ends = ["." if word[0][-1] in ".!?…" else " " for word in words[:-1]] + ["."] * bool(words)
    line = "".join(codes.get(word_key(word[0]), "\0") + end for word, end in zip(words, ends, strict=True))
    return [
        Match(words[one.start() // 2].start(), words[one.end() // 2 - 1].end(), known[one.lastindex - 1])
        for one in form.finditer(line)
        if one.lastindex
    ]


def without(text: str, patterns: Collection[str], mark: str = " ") -> tuple[str, tuple[str, ...]]:
    """Replace each match of a promotion pattern with `mark`. Return the text, and the pattern of each match."""
    matches = find_matches(text, patterns)
    starts, ends = [0, *(match.end for match in matches)], [*(match.start for match in matches), len(text)]
    parts = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return mark.join(filter(None, parts)), tuple(match.pattern for match in matches)


class Run(NamedTuple):
    """A run of words in a block, from index `start` to `end`. `entry` is the index of the entry with the block."""

    entry: int
    block: Sequence[str]
    start: int
    end: int

    @property
    def words(self) -> Sequence[str]:
        return self.block[self.start : self.end]

    @property
    def is_sentence(self) -> bool:
        return self.end > self.start and ends_sentence(self.block[self.end - 1])

    @property
    def is_whole(self) -> bool:
        """Whether the run ends where its block or a sentence ends, or between a lower-case and a capitalised word."""
        if self.end == len(self.block) or self.is_sentence:
            return True
        last = self.block[self.end - 1]
        return last[0].islower() and word_key(last) not in SMALL_WORDS and starts_upper(self.block[self.end])


def find_promotion(
    entries: Sequence[Sequence[str]], flat: bool = False, people: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the promotion patterns in the notes of one source, sorted. An entry is a list of the texts of its blocks.
    If `flat` is true, the blocks have lost their line breaks. `people` are the names of the show's people. At most
    about 150,000 words are read."""
    words = sum(text.count(" ") + 1 for entry in entries for text in entry)
    entries = entries[:: words // MAX_SOURCE_WORDS + 1]
    least = max(MIN_ENTRIES, ceil(SHARE * len(entries)))
    sentences = [runs for runs in _runs(entries, flat, least) if _is_promotion(runs, flat)]
    footers = [] if flat else [*_footers(entries, max(MIN_ENTRIES, ceil(FOOTER_SHARE * len(entries))), people)]
    for found in ([*footers, *sentences], sentences):
        patterns = _patterns(found)
        emptied = sum(any(entry) and not any(without(text, patterns)[0] for text in entry) for entry in entries)
        if emptied <= MAX_EMPTIED * len(entries):
            return patterns
    return ()


def _patterns(repeated: Iterable[Sequence[Run]]) -> tuple[str, ...]:
    """Return the most frequent patterns, sorted."""
    counts = {min(" ".join(run.words) for run in runs): _entries(runs) for runs in repeated}
    # an asterisk in a sentence would match any words
    ranked = sorted((one for one in counts if "*" not in one), key=lambda one: (-counts[one], one))[:MAX_PATTERNS]
    # drop patterns that consist of two others, or that are the start of a longer one with almost the same frequency
    pairs = {f"{one} {other}" for one in ranked for other in ranked}
    single = [text for text in ranked if text not in pairs]
    begun = ((text, one) for text in single for one in single if one.startswith(f"{text} "))
    parts = {text for text, whole in begun if counts[whole] >= 0.9 * counts[text]}
    return tuple(sorted(text for text in single if text not in parts))


def _footers(entries: Sequence[Sequence[str]], least: int, people: Collection[str]) -> Iterator[list[Run]]:
    """Yield all runs of each line that is the last one of at least `least` entries, and consists of a few sentences, of
    which the last one contains an address."""
    lines = defaultdict[tuple[str, ...], list[Run]](list)
    for number, words in enumerate(entry[-1].split() if entry else [] for entry in entries):
        lines[tuple(map(word_key, words))].append(Run(number, words, 0, len(words)))
    for runs in lines.values():
        block = runs[0].block
        ends = [at + 1 for at, word in enumerate(block[:-1]) if ends_sentence(word)]
        fits = 0 < len(ends) < MAX_FOOTER_SENTENCES and MIN_SENTENCE <= len(block) <= MAX_FOOTER_WORDS
        if len(runs) < least or not fits or not _ADDRESS.search(" ".join(block[ends[-1] :])):
            continue
        has_credits = any(re.sub(r"^\W+|\W+$", "", word_key(word)) in CREDITS for word in block[: ends[-1]])
        has_credits |= _PERSON.search(" ".join(block[: ends[-1]])) is not None
        if not has_credits and not any(name in " ".join(block) for name in people):
            yield runs


def _runs(entries: Sequence[Sequence[str]], flat: bool, least: int) -> Iterator[list[Run]]:
    """Yield all runs of each sentence that is in at least `least` entries, and in flat text, of each repeated call."""
    sentences, calls = defaultdict[tuple[str, ...], list[Run]](list), list[Run]()
    for number, entry in enumerate(entries):
        for block in map(str.split, entry):
            start = 0
            for at, word in enumerate(block):
                # of repeated calls ("Try Try Try …"), only the first begins a run
                if flat and not word[0].islower() and _calls(word) and not (at and _calls(block[at - 1])):
                    calls.append(Run(number, block, at, at))
                if at + 1 == len(block) or ends_sentence(word):
                    run = Run(number, block, start, at + 1)
                    sentences[tuple(map(word_key, run.words))].append(run)
                    start = at + 1
    yield from (runs for runs in sentences.values() if _entries(runs) >= least)
    pending = [calls]
    while pending:
        longer = defaultdict[str, list[Run]](list)
        for run in pending.pop():
            if run.end < len(run.block) and run.end - run.start < MAX_WORDS and not run.is_sentence:
                longer[word_key(run.block[run.end])].append(Run(run.entry, run.block, run.start, run.end + 1))
        alike = [runs for runs in longer.values() if _entries(runs) >= least]
        pending += alike
        yield from alike


def _entries(runs: Iterable[Run]) -> int:
    return len({run.entry for run in runs})


def _is_promotion(runs: Sequence[Run], flat: bool) -> bool:
    text = " ".join(runs[0].words)
    words = sum(any(map(str.isalnum, word)) for word in runs[0].words)
    is_sentence = all(run.is_sentence for run in runs)
    is_call = _calls(text)
    advertises = is_call or _ADDRESS.search(text) is not None
    is_complete = is_sentence or (is_call and _ADDRESS.search(runs[0].words[-1]))
    least = MIN_SENTENCE if is_complete else MIN_CALL if is_call else MIN_PHRASE
    fits = least <= words <= MAX_WORDS and len(text) <= MAX_PATTERN
    is_whole = is_sentence or not flat or sum(run.is_whole for run in runs) >= 0.9 * len(runs)
    return fits and advertises and is_whole


def _calls(text: str) -> bool:
    return text.lstrip("\"'“‘«([-–—*•> ").partition(" ")[0].rstrip(".,!:").casefold() in CALLS

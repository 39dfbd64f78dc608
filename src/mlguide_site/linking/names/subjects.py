"""What is known of an entry before any text is read: the words that its own description is made of, its topics, and
the words that stand near its name in this meaning and in others (`senses.txt`)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log
from pathlib import Path

from mlguide_site.linking.names.context import stem
from mlguide_site.linking.names.folding import plain
from mlguide_site.linking.names.grammar import CLASSES
from mlguide_site.model import Kind, Term, Tool
from mlguide_site.model.catalog import Catalog

_SENSES = Path(__file__).with_name("senses.txt")
_WORD = re.compile(r"\w+")
_TOLD = {"+": "L", "-": "U", "++": "M", "--": "V", "+?": "N", "-?": "W"}
_MANY = 60
"""So many words of an entry's description are kept, the most telling ones."""

Words = frozenset[str]


def description(catalog: Catalog, kind: Kind, slug: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What an entry is about: the text of its own description and of what it refers to, its topics with those above
    them, and the groups it belongs to."""
    entry = catalog.entries(kind)[slug]
    own = [slug] if kind is Kind.TOPIC else list(getattr(entry, "topics", ()))
    said = [entry.definition] if isinstance(entry, Term) else [getattr(entry, "summary", "")]
    groups = [f"topic {topic}" for topic in own]
    if isinstance(entry, Tool):
        said.append(entry.category)
        groups.insert(0, f"category {entry.category}")
    if isinstance(entry, Term):
        said += [catalog.terms[other].term for other in entry.see if other in catalog.terms]
    topics: dict[str, None] = {}
    for topic in own:
        at: str | None = topic
        while at and at in catalog.topics and at not in topics:
            topics[at] = None
            at = catalog.topics[at].parent
        if topic in catalog.topics:
            said += [catalog.topics[topic].name, catalog.topics[topic].summary]
    return " ".join(said), tuple(topics), tuple(groups)


def bag(text: str) -> Words:
    """The words of a text that say something, without the s of a plural."""
    return frozenset(stem(word) for word in _WORD.findall(plain(text).lower()) if len(word) > 1 and word not in CLASSES)


def rarity(bags: Iterable[Words]) -> Mapping[str, float]:
    """How much each word tells, from 0 (every description has it) to 1 (only one has).

    >>> rarity([frozenset({"a", "b"}), frozenset({"a"})])
    {'a': 0.0, 'b': 1.0}
    """
    counts: Counter[str] = Counter()
    number = 0
    for words in bags:
        counts.update(words)
        number += 1
    if number < 2:
        return {}
    return {word: log(number / count) / log(number) for word, count in sorted(counts.items())}


def profile(said: str, names: Iterable[str], telling: Mapping[str, float]) -> Mapping[str, float]:
    """The words of an entry's description with how much they tell, those of its names left out."""
    own = bag(" ".join(names))
    rated = sorted(((telling.get(word, 0.0), word) for word in bag(said) - own), reverse=True)
    return {word: value for value, word in rated[:_MANY] if value > 0}


@cache
def cues(name: str) -> Mapping[str, str]:
    """The words near a name (`kind name`) that tell its meanings apart, with the letters of what they tell (`CUES`);
    none for a name that the list lacks. Phrases have `_` between their words; no word has the s of a plural."""
    found: dict[str, str] = {}
    for line in listed().get(name, ()):
        sign, _, words = line.partition(" ")
        told = _TOLD[sign]
        for word in words.split():
            cue = _cue(word)
            before = found.get(cue, "")
            if told not in before:
                found[cue] = before + told
    return found


@cache
def listed() -> Mapping[str, Sequence[str]]:
    """The lines of each name in the list of words, as they are written: most texts ask for few of the names."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in _SENSES.read_text("utf-8").splitlines():
        if line.startswith("## "):
            lines = found[line[3:]] = []
        elif line[:1] in ("+", "-"):
            lines.append(line)
    return found


def _cue(text: str) -> str:
    text = plain(text).lower().replace("-", "_")
    return "_".join(map(stem, text.split("_"))) if "_" in text else stem(text)

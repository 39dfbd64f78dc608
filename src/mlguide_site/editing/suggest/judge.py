"""Whether a possible name is one, how surely, and of what kind. The weights were set by hand."""

from collections.abc import Callable
from math import log2
from typing import NamedTuple

from mlguide_site.editing.suggest import lists, world
from mlguide_site.editing.suggest.cues import Cue, is_first_name
from mlguide_site.editing.suggest.gather import Seen, Table, marked_name, name_key
from mlguide_site.editing.suggest.tokens import is_marked, is_plain_word
from mlguide_site.model import Kind

ENOUGH = 2.0


class Verdict(NamedTuple):
    """How surely a name is one (higher is surer; `ENOUGH` is enough) and what it names."""

    weight: float
    kind: Kind


def judge(seen: Seen, table: Table) -> Verdict:
    """The verdict on one possible name, from all that the texts show of it."""
    if seen.short:
        return Verdict(
            2.6 + min(0.0, _world(seen.name.split())) + _often(seen) + min(1.5, 0.3 * len(seen.cues)),
            _kind_of_expanded(seen),
        )
    if seen.work:
        return Verdict(3.0 + 2 * bool(seen.authors) + _often(seen), Kind.RESOURCE)
    words = seen.name.split()
    person = _person(seen, words, table)
    if person:
        return Verdict(person + _often(seen), Kind.PERSON)
    weight = _shape(seen, words) + _often(seen) + _around(seen, table) + _raised(seen) + _world(words)
    return Verdict(weight, _kind(seen, words))


def _often(seen: Seen) -> float:
    """More places and more episodes make a name more wanted, each less than the one before."""
    return min(3.0, 0.45 * log2(1 + seen.firm)) + min(1.5, 0.4 * log2(len(seen.episodes)))


def _shape(seen: Seen, words: list[str]) -> float:
    if words[0].lower() in world.SOFTWARE and seen.firm:
        return 1.6 if len(words) == 1 and not is_plain_word(words[0]) else 0.6
    if len(words) == 1:
        word = words[0]
        if is_marked(word):
            letters = sum(map(str.isalpha, word))
            if word.isalpha() and word.isupper():
                return 1.5 if letters > 2 else 0.6
            return 1.9 if letters > 1 or not word[1:].isdigit() else 0.9
        if seen.items and seen.items * 2 >= seen.count:
            return 0.3
        if is_plain_word(word):
            return -1.2 if seen.cues[Cue.TOOL] or seen.company else -3.0
        return -2.0 if word.endswith(("ian", "ean", "esque")) else 0.3
    if any(word[:1].isupper() and word.lower() in lists.SMALL for word in words[1:]) or len(words) > 5:
        return -3.0
    if any(is_marked(word) for word in words):
        if seen.count < 2 and len(words) > 2:
            return 0.2
        return 0.9 if all(is_marked(word) or is_plain_word(word) for word in words) else 1.2
    ordinary = sum(is_plain_word(word) for word in words)
    if ordinary == len(words):
        return -1.0
    return 0.4 if ordinary else 0.1


def _around(seen: Seen, table: Table) -> float:
    """What the words around say: what the name is called, what it does, what it's listed with."""
    cues = seen.cues
    weight = 1.1 * log2(1 + cues[Cue.TOOL]) + 0.8 * log2(1 + cues[Cue.TERM]) + 0.6 * log2(1 + cues[Cue.RESOURCE])
    weight += 0.35 * log2(1 + cues[Cue.USED]) + 0.4 * log2(1 + cues[Cue.DOES])
    companions = sum(count for other, count in seen.company.items() if other in table and is_solid(table[other]))
    weight += min(2.0, 0.6 * log2(1 + companions))
    weight += 2.0 * any(map(_own_address(seen), seen.addresses))
    weight -= 0.5 * log2(1 + max(0, cues[Cue.PLACE] - cues[Cue.TOOL])) if not marked_name(seen.name) else 0.0
    if cues[Cue.PERSON] > cues[Cue.TOOL]:
        weight -= 2.0
    return min(weight, 4.5)


def is_solid(seen: Seen) -> bool:
    """Whether a name is surely one by its shape or by what it's called."""
    return (is_marked(seen.name) and seen.firm > 0 and len(seen.name) > 2) or seen.cues[Cue.TOOL] > 1


def _raised(seen: Seen) -> float:
    """How far its capitals are its own: written small elsewhere, it's a word; only where all is raised, nothing."""
    if not seen.firm:
        return -4.0
    if seen.items * 2 >= seen.count:
        return -0.5
    share = seen.firm / (seen.firm + max(0, seen.low - seen.items))
    loudness = seen.loud / (seen.firm + seen.loud)
    return (0.4 if share > 0.95 else (share - 0.9) * 4) - (1.2 * loudness if not marked_name(seen.name) else 0.0)


def _world(words: list[str]) -> float:
    """Places, peoples, companies, days are no tools and no terms."""
    low = [word.lower() for word in words]
    if len(low) == 1:
        if low[0] in world.PLACES or low[0] in world.BODIES or low[0] in world.CALENDAR:
            return -8.0
        if low[0] in lists.MARKUP_WORDS or low[0] in lists.EDITIONS or low[0] in lists.COUNTED:
            return -4.0
        if low[0] in world.BODY_ENDINGS | world.PLACE_ENDINGS | world.EVENT_ENDINGS:
            return -2.0
        return -3.0 if is_first_name(words[0]) else 0.0
    if all(word in world.PLACES or word in world.CALENDAR or word in world.BODIES for word in low):
        return -8.0
    if low[-1] in world.BODY_ENDINGS or low[0] in {"university", "institute", "bank", "department"}:
        return -5.0
    if low[-1] in world.PLACE_ENDINGS or low[-1] in world.EVENT_ENDINGS or low[0] in {"mount", "lake", "st", "saint"}:
        return -4.0
    if any(word in world.CALENDAR for word in low):
        return -3.0
    if low[-1] in lists.MARKUP_WORDS or low[0] in lists.MARKUP_WORDS:
        return -2.5
    if low[0] in world.PLACES:
        return -1.0
    return -2.5 if low[-1] in world.PLACES else 0.0


def _person(seen: Seen, words: list[str], table: Table) -> float:
    """How surely somebody is named: a first name and a second one, or somebody who says or wrote something."""
    if (
        not 2 <= len(words) <= 4
        or "&" in words
        or any(is_marked(word) and "." not in word and "-" not in word for word in words)
    ):
        return 0.0
    ends = words[-1].lower()
    if ends in world.BODY_ENDINGS or ends in world.PLACE_ENDINGS or ends in world.EVENT_ENDINGS:
        return 0.0
    if seen.cues[Cue.TOOL] or seen.cues[Cue.TERM] or seen.low or ends in lists.MARKUP_WORDS:
        return 0.0
    ordinary = sum(is_plain_word(word) for word in words[1:])
    alone = table.get(name_key(words[0]))
    product = alone is not None and alone.firm > 1 and alone.cues[Cue.PERSON] <= alone.cues[Cue.TOOL]
    named = is_first_name(words[0]) and not product
    if named and ordinary < len(words) - 1:
        return 1.8 + 0.8 * min(2, seen.cues[Cue.PERSON])
    if seen.cues[Cue.PERSON] and (named or ordinary == 0):
        return 1.0 + 0.7 * min(3, seen.cues[Cue.PERSON])
    return 0.0


def _kind_of_expanded(seen: Seen) -> Kind:
    """What an expanded abbreviation names: a product where its maker comes first, else mostly a term."""
    first = seen.name.split()[0].lower()
    return Kind.TOOL if first in world.BODIES or first == "apache" else Kind.TERM


def _kind(seen: Seen, words: list[str]) -> Kind:
    cues, last = seen.cues, words[-1].lower()
    if len(words) == 1:
        stem = words[0].removesuffix("s") if words[0][-2:-1].isupper() else words[0]
        if stem.lower() in lists.TERMS or name_key(stem) in lists.TERMS:
            return Kind.TERM
        short = stem.isupper() and stem.isalpha()
    else:
        short = False
    if last in lists.TITLE_ENDINGS or cues[Cue.RESOURCE] > cues[Cue.TOOL] + cues[Cue.TERM]:
        return Kind.RESOURCE
    if cues[Cue.TERM] > cues[Cue.TOOL] or (len(words) > 1 and last in lists.TERM_NOUNS | lists.KINDS_OF_TERM):
        return Kind.TERM
    if cues[Cue.TOOL] or any(map(_own_address(seen), seen.addresses)):
        return Kind.TOOL
    return Kind.TERM if short or (len(words) > 1 and seen.low >= seen.firm) else Kind.TOOL


def _own_address(seen: Seen) -> Callable[[str], bool]:
    """Whether an address is the name's own: its host or its path holds the name."""
    bare = "".join(char for char in seen.key if char.isalnum())

    def is_own(address: str) -> bool:
        host, _, path = address.partition("://")[2].lower().partition("/")
        stem = "".join(char for char in host.removeprefix("www.") if char.isalnum())
        last = "".join(char for char in path.rstrip("/").rpartition("/")[2] if char.isalnum())
        everybodys = any(part in lists.SITES for part in host.split("."))
        return len(bare) > 2 and not everybodys and (bare in stem or last == bare)

    return is_own

"""Possible names that are one: an abbreviation and what it stands for, a maker's name before a product's, slips."""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mlguide_site.editing.suggest import lists, world
from mlguide_site.editing.suggest.cues import Cue
from mlguide_site.editing.suggest.gather import MAX_PLACES, Seen, Table, marked_name, name_key
from mlguide_site.editing.suggest.tokens import is_marked, is_plain_word

MIN_SLIP = 8
_MAKERS = world.BODIES | {"apache", "aws", "azure", "gcp"}


def merged(table: Table) -> Table:
    """The table with what is one name in one record; nothing is lost but what is no name of its own."""
    table = dict(sorted(table.items()))
    _join_spacings(table)
    _join_pairs(table)
    owners = _join_abbreviations(table)
    _join_compounds(table, owners)
    _join_slips(table)
    return table


def absorb(into: Seen, other: Seen) -> None:
    """Counts, places and hints of one record are added to another's."""
    into.firm += other.firm
    into.loud += other.loud
    into.items += other.items
    for episode, count in other.episodes.items():
        into.episodes[episode] = into.episodes.get(episode, 0) + count
    into.spots = sorted({*into.spots, *other.spots})[:MAX_PLACES]
    into.cues += other.cues
    into.company += other.company
    into.short += other.short
    into.authors += other.authors
    into.addresses += other.addresses


def _join_spacings(table: Table) -> None:
    """`scikit learn` and `ScikitLearn` are one; the spelling used most names it."""
    by_letters: dict[str, list[str]] = {}
    for name in table:
        by_letters.setdefault(name.replace(" ", ""), []).append(name)
    for names in by_letters.values():
        best, *others = sorted(names, key=lambda name: (-table[name].count, name))
        for other in others:
            seen = table.pop(other)
            table[best].forms += seen.forms
            table[best].low = max(table[best].low, seen.low)
            absorb(table[best], seen)


def _join_pairs(table: Table) -> None:
    """Abbreviations that mostly stand together with a stroke between them are one: CI/CD."""
    for name in sorted(table):
        seen = table.get(name)
        if seen is None or not seen.pairs:
            continue
        other, count = min(seen.pairs.items(), key=lambda item: (-item[1], item[0]))
        second = table.get(other)
        if second is None or second is seen or count < 2 or count * 2 <= max(seen.count, second.count):
            continue
        abbreviated = all(one.name.isupper() and one.name.isalpha() for one in (seen, second))
        if not abbreviated or seen.short or second.short:
            continue
        both = Seen(name_key(f"{seen.name}/{second.name}"))
        both.forms[f"{seen.name}/{second.name}"] = 3 * count
        absorb(both, seen)
        both.spots = sorted({*both.spots, *second.spots})[:MAX_PLACES]
        del table[name], table[other]
        table[both.key] = both


def _join_abbreviations(table: Table) -> dict[str, str]:
    """An abbreviation goes to what the texts say it stands for; of several, to what they say most often. Returns the
    keys of abbreviations with those of what they stand for."""
    owners: dict[str, list[str]] = {}
    for name, seen in table.items():
        for short in seen.short:
            owners.setdefault(name_key(short), []).append(name)
    for short, names in sorted(owners.items()):
        best, *others = sorted(names, key=lambda name: (-table[name].short.total(), -table[name].count, name))
        for other in others:
            table[other].short = type(table[other].short)(
                {form: count for form, count in table[other].short.items() if name_key(form) != short}
            )
        if short in table and short != best:
            absorb(table[best], table.pop(short))
    return {short: max(names, key=lambda name: (table[name].short.total(), name)) for short, names in owners.items()}


def _join_compounds(table: Table, owners: Mapping[str, str]) -> None:
    """`AWS SageMaker` is SageMaker, `Server AWS Amplify` a name behind a word: each goes to the name that it ends or
    begins with, where that stands alone as often, or where the rest is a maker or an ordinary word."""
    for name in sorted(table, key=lambda name: (-name.count(" "), name)):
        seen = table[name]
        words = seen.name.split()
        if len(words) < 2 or seen.short or seen.work or len(words) > 6:
            continue
        for cut in range(1, len(words)):
            head, tail = " ".join(words[:cut]), " ".join(words[cut:])
            maker = head.lower() in _MAKERS
            one, other = (table.get(owners.get(part, part)) for part in (name_key(head), name_key(tail)))
            if one is seen or other is seen:
                continue
            if maker and other and (other.short or name_key(tail) in lists.TERMS):
                # a maker's name before a term makes another thing of it
                continue
            if other and (maker or (one and marked_name(head))) and other.firm and (maker or other.firm >= seen.firm):
                if maker and is_plain_word(tail) and other.firm <= seen.firm + seen.loud:
                    continue
                if maker:
                    other.forms[seen.name] += 0
                absorb(other, table.pop(name))
                break
            loose = seen.count < 3 and not maker and not seen.company and not seen.cues[Cue.TOOL]
            if other and loose and marked_name(tail) and _is_loose(words[:cut]):
                absorb(other, table.pop(name))
                break
            if one and loose and marked_name(head) and _is_loose(words[cut:]) and one.count >= seen.count:
                absorb(one, table.pop(name))
                break


def _is_loose(words: Iterable[str]) -> bool:
    """Whether all words are ordinary ones, that a title or a heading may have put beside a name."""
    return all(is_plain_word(word) and not is_marked(word) for word in words)


def _join_slips(table: Table) -> None:
    """A name written once that differs by one letter from one written often is that one."""
    often = sorted(name for name, seen in table.items() if seen.count > 2 and len(name) >= MIN_SLIP and name.isalpha())
    if not often:
        return
    once = [name for name, seen in table.items() if seen.count == 1 and len(name) >= MIN_SLIP and name.isalpha()]
    for name in once:
        found = process.extractOne(name, often, scorer=OSA.distance, score_cutoff=1)
        if found and re.sub(r"s$", "", name) != re.sub(r"s$", "", found[0]):
            absorb(table[found[0]], table.pop(name))

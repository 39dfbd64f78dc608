"""What names are searched as: every spelling of every entry's names, by the words that it consists of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mlguide_site.linking.context import About, EntryKey, stems
from mlguide_site.linking.folding import address_keys, cased, key, lower, plain, words
from mlguide_site.linking.rules import Rule, rules_for
from mlguide_site.linking.spelling import Case, in_capitals, is_plain_word, spellings
from mlguide_site.model import Entry, Kind, MatchRule, Person, Resource, Term, Tool, Topic
from mlguide_site.model.catalog import Catalog

MAX_WORDS = 16
"""Names of more words are not searched for."""
ORDER = {kind: rank for rank, kind in enumerate(Kind)}


class Named(NamedTuple):
    """What finding an entry depends on: kind and slug, names as the knowledge file has them, rules, whether they are
    proper names, and what `context` needs to know."""

    kind: Kind
    slug: str
    names: tuple[str, ...]
    rules: tuple[MatchRule, ...] = ()
    proper: bool = True
    about: About = About()


class Form(NamedTuple):
    """One entry under one spelling. `text` is the cased spelling, `rules` those of the entry that apply to it; `own`,
    `case`: see `Spelling`; `proper`: it is a proper name; `word`: it looks like a word of the language."""

    entry: EntryKey
    text: str
    own: bool
    case: Case
    proper: bool
    word: bool
    rules: tuple[tuple[Rule, ...], ...]


class Pattern(NamedTuple):
    """Spellings that differ in case only, and whose they are. `text` is what is compared with a text (see `signed`),
    `lead` and `last` are the lengths of the signs before its first word and of all from its last word on. `firm`: it
    stays the same name where a hyphen joins it to a word."""

    text: str
    lead: int
    last: int
    forms: tuple[Form, ...]
    firm: bool


def named(kind: Kind, slug: str, entry: Entry) -> Named:
    """The names and rules of an entry as its knowledge file has them."""
    first = entry.title if isinstance(entry, Resource) else entry.term if isinstance(entry, Term) else entry.name
    more = entry.abbreviations if isinstance(entry, Term) else ()
    rules = () if isinstance(entry, (Topic, Person)) else entry.match
    proper = bool(entry.homepage or entry.source) if isinstance(entry, Tool) else isinstance(entry, (Resource, Person))
    return Named(kind, slug, (first, *more, *entry.aliases), rules, proper)


def named_in(catalog: Catalog) -> Iterator[Named]:
    """Every entry of a catalog, sorted, with what `context` needs to know."""
    for kind in Kind:
        for slug, entry in sorted(catalog.entries(kind).items()):
            found = named(kind, slug, entry)
            own = [slug] if isinstance(entry, Topic) else getattr(entry, "topics", ())
            category = [f"category {entry.category}"] if isinstance(entry, Tool) and entry.category != "Other" else []
            text = entry.definition if isinstance(entry, Term) else entry.summary
            addresses = [entry.homepage, entry.source] if isinstance(entry, Tool) else []
            yield found._replace(
                about=About(
                    frozenset([*(f"topic {topic}" for topic in own), *category]),
                    stems(key(plain(text)).split()) - stems(key(plain(" ".join(found.names))).split()),
                    frozenset(address_keys(address)[0] for address in addresses if address),
                )
            )


def signed(plain_text: str) -> str:
    """A plain text in lower case with its signs; a space and a hyphen are the same."""
    return lower(plain_text).replace("-", " ")


def patterns_of(entries: Iterable[Named]) -> Mapping[str, tuple[Pattern, ...]]:
    """All patterns of some entries by their words, joined by spaces."""
    groups: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for entry in entries:
        rules = tuple(map(Rule.of, entry.rules))
        for name in entry.names:
            own = key(plain(name)).strip()
            for spelling in spellings(name, entry.kind, entry.proper):
                text = cased(spelling.text)
                small = lower(text)
                found = [word[0] for word in words(small)]
                if 0 < len(found) <= MAX_WORDS:
                    form = Form(
                        (entry.kind, entry.slug),
                        text,
                        spelling.own,
                        spelling.case,
                        entry.proper,
                        is_plain_word(spelling.text),
                        rules_for(rules, frozenset([own, small.strip()])),
                    )
                    groups[" ".join(found), signed(spelling.text)].append(form)
    table: dict[str, tuple[Pattern, ...]] = {}
    for (path, text), forms in groups.items():
        if pattern := _pattern(text, forms):
            table[path] = (*table.get(path, ()), pattern)
    return table


def _pattern(text: str, forms: list[Form]) -> Pattern | None:
    """What spellings that differ in case only are searched as. One that several entries of a kind could have and none
    has is left out: a text can mean any of them."""
    rivals: dict[Kind, set[EntryKey]] = defaultdict(set)
    for form in forms:
        rivals[form.entry[0]].add(form.entry)
    clear = {form for form in forms if form.own or len(rivals[form.entry[0]]) == 1}
    if not clear:
        return None
    ranked = sorted(clear, key=lambda form: (ORDER[form.entry[0]], form.entry[1], form.text, not form.own))
    found = words(lower(cased(text)))
    return Pattern(
        text, found[0].start(), len(text) - found[-1].start(), tuple(ranked), all(_is_firm(form) for form in ranked)
    )


def _is_firm(form: Form) -> bool:
    """Whether a spelling is a proper name or an abbreviation, and no ordinary word."""
    last = form.text.rsplit(maxsplit=1)[-1]
    is_ordinary = form.word and form.case is not Case.ANY and not in_capitals(form.text.removesuffix("s"))
    return (form.proper or sum(map(str.isupper, last)) > 1) and not is_ordinary

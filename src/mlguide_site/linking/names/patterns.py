"""What names are searched for: the spellings of every entry's names, those that look alike in a text put together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlguide_site.linking.names.folding import cased, folded, is_unspaced, spaced
from mlguide_site.linking.names.rules import Rule
from mlguide_site.linking.names.spelling import key, spellings
from mlguide_site.linking.names.subjects import description
from mlguide_site.linking.names.words import is_ordinary
from mlguide_site.model import Kind, MatchRule, Person, Resource, Term, Tool, Topic
from mlguide_site.model.catalog import Catalog

EntryKey = tuple[Kind, str]
ORDER = {kind: rank for rank, kind in enumerate(Kind)}


class Named(NamedTuple):
    """An entry as far as finding it goes: kind and slug, names as the knowledge file has them, rules; what is said of
    it, its topics with those above them, and the groups it belongs to."""

    kind: Kind
    slug: str
    names: tuple[str, ...]
    rules: tuple[MatchRule, ...]
    said: str = ""
    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class Form(NamedTuple):
    """One entry under one spelling. `text` is the spelling in its own case, all but letters and digits a space; `name`
    is the name that is spelt; `judged`: it is known to mean other things as well, and what stands around it has to
    tell."""

    entry: EntryKey
    text: str
    own: bool
    strict: bool
    doubtful: bool
    proper: bool
    ordinary: bool
    names: frozenset[str]
    rules: tuple[Rule, ...]
    name: str
    judged: bool


class Pattern(NamedTuple):
    """What the automaton searches for, and whose it is. `gaps` are the signs inside that are neither letter nor digit;
    `spaced` says that they are spaces or hyphens all; `entries` is the answer where nothing but the edges needs to be
    judged."""

    lead: int
    gaps: tuple[tuple[int, str], ...]
    spaced: bool
    forms: tuple[Form, ...]
    entries: tuple[EntryKey, ...]
    proper: bool
    ordinary: bool


def named(kind: Kind, slug: str, entry: Topic | Tool | Resource | Term | Person) -> Named:
    """The names of an entry as its knowledge file has them."""
    first = entry.title if isinstance(entry, Resource) else entry.term if isinstance(entry, Term) else entry.name
    more = entry.abbreviations if isinstance(entry, Term) else ()
    rules = () if isinstance(entry, (Topic, Person)) else entry.match
    return Named(kind, slug, (first, *more, *entry.aliases), rules)


def described(catalog: Catalog, kind: Kind, slug: str) -> Named:
    """The names of an entry and what else is known of it."""
    said, topics, groups = description(catalog, kind, slug)
    return named(kind, slug, catalog.entries(kind)[slug])._replace(said=said, topics=topics, groups=groups)


class Keys(NamedTuple):
    """What a table searches for, so that for one text only what may stand in it need be worked out: each key with the
    places, in the table, of all entries that have a spelling of that key; and those of its names that were met in
    learning to judge, as `kind:name`."""

    entries: Mapping[str, Sequence[int]]
    met: frozenset[str]


def patterns(all_named: Iterable[Named], met: frozenset[str]) -> Mapping[str, tuple[Pattern, ...]]:
    """By what is searched for (a space first, unless the script sets none) the patterns of all names. `met` are the
    names, as `kind:name`, that were met in learning to judge."""
    by_key: dict[str, list[Pattern]] = defaultdict(list)
    for (text, signs), all_forms in _forms(all_named, met).items():
        if group := _clear(all_forms):
            by_key[_key(text)].append(_pattern(_lead(text), text, signs, group))
    return {text: tuple(group) for text, group in by_key.items()}


def keys_of(all_named: Sequence[Named], met: frozenset[str]) -> Keys:
    """The keys of a table."""
    places = {(entry.kind, entry.slug): at for at, entry in enumerate(all_named)}
    entries: dict[str, set[int]] = defaultdict(set)
    known: set[str] = set()
    for (text, _), all_forms in _forms(all_named, met).items():
        entries[_key(text)].update(places[form.entry] for form in all_forms)
        known.update(_learnt_as(form.entry[0], form.name) for form in all_forms if form.judged)
    return Keys({text: sorted(entries[text]) for text in sorted(entries)}, frozenset(known))


def _forms(all_named: Iterable[Named], met: frozenset[str]) -> Mapping[tuple[str, str], list[Form]]:
    """All spellings by their folded text and the signs in it."""
    forms: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for entry in all_named:
        rules = tuple(map(Rule.of, entry.rules))
        for name in entry.names:
            plain_name = key(name).strip()
            keys = frozenset([plain_name])
            for spelling in spellings(name, entry.kind):
                text = cased(spelling.text)
                form = Form(
                    (entry.kind, entry.slug),
                    text,
                    spelling.own,
                    spelling.strict,
                    spelling.doubtful,
                    _is_proper(text, entry.kind),
                    is_ordinary(text.lower()) and not text.isupper(),
                    keys | {folded(text).strip()},
                    rules,
                    plain_name,
                    _learnt_as(entry.kind, plain_name) in met,
                )
                signs = "".join(sign for sign, char in zip(spelling.text, text, strict=True) if char == " ")
                forms[folded(text), signs.replace("-", " ")].append(form)
    return forms


def _learnt_as(kind: Kind, name: str) -> str:
    return f"{kind.value}:{name}"


def _lead(text: str) -> int:
    """How many characters of its key stand before a folded text."""
    return 0 if is_unspaced(text[0]) else 1


def _key(text: str) -> str:
    return " " * _lead(text) + text


def _is_proper(text: str, kind: Kind) -> bool:
    """Whether a spelling is a proper name or an abbreviation, rather than a word of the language."""
    return kind not in (Kind.TOPIC, Kind.TERM) or sum(char.isupper() for char in text.rsplit(maxsplit=1)[-1]) > 1


def _clear(forms: list[Form]) -> list[Form]:
    """Spellings without those that several entries of a kind could have and none has: a text can mean any of them."""
    rivals: dict[Kind, set[EntryKey]] = defaultdict(set)
    for form in forms:
        rivals[form.entry[0]].add(form.entry)
    return [form for form in forms if form.own or len(rivals[form.entry[0]]) == 1]


def _judged_alike(forms: list[Form]) -> list[Form]:
    """Spellings with what is known of one name of an entry said of all its names that are spelt so: where
    "normalisation" is doubtful, it is so too as the British spelling of "normalization"."""
    known = {form.entry: form.name for form in sorted(forms, key=lambda form: (form.own, form.name)) if form.judged}
    return [
        form if form.judged or form.entry not in known else form._replace(name=known[form.entry], judged=True)
        for form in forms
    ]


def _pattern(lead: int, text: str, signs: str, forms: list[Form]) -> Pattern:
    forms = _judged_alike(forms)
    forms = sorted(
        set(forms), key=lambda form: (ORDER[form.entry[0]], form.entry[1], form.text, not form.own, form.name)
    )
    places = [at for at, char in enumerate(text) if char == " "]
    own = {form.entry for form in forms if form.own}
    judged = any(form.strict or form.rules or form.judged for form in forms)
    entries = tuple(dict.fromkeys(form.entry for form in forms if not own or form.entry in own))
    return Pattern(
        lead,
        tuple(zip(places, signs, strict=True)),
        signs.strip() == "",
        tuple(forms),
        () if judged else entries,
        all(form.proper for form in forms),
        any(form.ordinary for form in forms),
    )


def looked_through(small: str) -> Iterator[str]:
    """A folded text as it is looked through for names, which begin with the space before a word: as it is, and where
    scripts without spaces stand beside others, with spaces between.

    >>> list(looked_through("用docker做")), list(looked_through("docker"))
    ([' 用docker做', '  docker '], [' docker'])
    """
    yield f" {small}"
    if (other := spaced(small)) != small:
        yield f" {other}"

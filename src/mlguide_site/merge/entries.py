"""Entries and series that sources name, merged into `knowledge/*.yml`; what a person wrote stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import ValidationError

from mlguide_site.content.yaml_edit import (
    CHILDREN,
    Addition,
    Path,
    add_all,
    dump_value,
    flat_entries,
    is_blank,
    plain_value,
)
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import Draft, EntryDraft, SeriesDraft
from mlguide_site.merge.records import EntryRecord, SeriesRecord, value_hash
from mlguide_site.model import Person, Record, Resource, Series, Term, Tool, Topic
from mlguide_site.model.digests import digest
from mlguide_site.model.slugs import is_slug, make_slug

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "topic": "knowledge/topics.yml",
        "tool": "knowledge/tools.yml",
        "resource": "knowledge/resources.yml",
        "term": "knowledge/glossary.yml",
        "person": "knowledge/people.yml",
    }
)
"""The knowledge file of each kind of entry."""
FIELDS: Mapping[str, str] = MappingProxyType({"topics": "topic", "resources": "resource", "people": "person"})
"""The fields of an episode that name entries, and the kind of these; a person is named with a role."""
_MODELS: Mapping[str, type[Record]] = dict(zip(PATHS, (Topic, Tool, Resource, Term, Person), strict=True))
ENTRY_FIELDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "series": {"kind": "podcast"},
        "topic": {"summary": ""},
        "tool": {"category": "Other", "summary": ""},
        "resource": {"format": "other", "urls": [], "summary": ""},
        "term": {"definition": ""},
        "person": {"role": ""},
    }
)
"""The fields of a new entry of each kind beside its name."""
_NAME = {"resource": "title", "term": "term"}
"""The field that holds the name of an entry, where it isn't `name`."""
MAX_DEPTH = 8
SERIES_FILE = "knowledge/series.yml"
SERIES_ORDER: tuple[str, ...] = tuple(Series.model_fields)
PROMOTION = "promotion"
MEDIA = "media"
"""Hosts that a feed's audio redirects to."""
SHORT = 100
"""Characters of a value that is worth writing by hand."""


class EntryChange(NamedTuple):
    """The new texts of the files that change, by path; the new entries and those with more fields, each as `kind slug`;
    what imports have written; what could not be added; and for each source by kind the slugs of its entries here, by
    those in the source ("" for one that is not here)."""

    texts: Mapping[str, str]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    written: EntryRecord
    problems: tuple[Problem, ...]
    slugs: tuple[Mapping[str, Mapping[str, str]], ...]


@dataclass
class _Entry:
    """An entry while drafts are merged in. `where` leads to it in the file, `added` is new in it and replaces
    `instead`, `alike` names what sources and file agree on."""

    where: Path
    values: Mapping[str, Any]
    is_new: bool = False
    added: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, Any] = field(default_factory=dict)
    alike: set[str] = field(default_factory=set)

    @property
    def fields(self) -> Mapping[str, Any]:
        return {**self.values, **self.added}


def add_entries(
    texts: Mapping[str, str], sources: Sequence[tuple[str, Sequence[EntryDraft]]], written: EntryRecord
) -> EntryChange:
    """The knowledge files, by path, with what the drafts of the sources add. `sources` are names with drafts, the most
    trusted first.

    A draft is the entry that it shares an address with (a resource), else a name, else the slug; such an entry gets the
    fields that it lacks. Other drafts become entries. An entry or field that an import wrote and a person removed is
    not added again. Raises ContentError where a file is not valid YAML.
    """
    result: dict[str, str] = {}
    records: dict[str, Mapping[str, tuple[str, ...]]] = dict(written)
    names: dict[bool, list[str]] = {True: [], False: []}
    problems: list[Problem] = []
    slugs: list[dict[str, Mapping[str, str]]] = [{} for _ in sources]
    for kind, path in PATHS.items():
        drafts = [(name, [draft for draft in own if draft.kind == kind]) for name, own in sources]
        if not any(own for _, own in drafts):
            continue
        before = texts.get(path, "")
        table = _Table(kind, read_yaml(before, path).value, written.get(kind, {}))
        found = [table.merge(name, own) for name, own in drafts]
        text, refused = add_all(before, table.additions(), path)
        result |= {path: text} if text != before else {}
        left_out: set[str] = set()
        for addition in refused:
            children = addition.fields.get(CHILDREN) if addition.where else addition.fields
            left_out |= {*addition.where[-1:], *(slug for slug, _, _ in flat_entries(children))}
            what = f'more is known of {kind} "{addition.where[-1]}"' if addition.where else f"there are new {kind}s"
            remedy = f"add by hand what you want of it: {_lines(addition.fields)}"
            problems.append(Problem(path, Span(), what, remedy, Severity.HINT))
        problems += table.problems
        lost = {slug for slug in left_out if table.entries[slug].is_new}
        for one, own in zip(slugs, found, strict=True):
            one[kind] = {old: "" if slug in lost else slug for old, slug in own.items()}
        record = dict(written.get(kind, {}))
        for slug, entry in table.entries.items():
            if slug not in left_out and (entry.added or entry.alike):
                record[slug] = tuple(sorted({*record.get(slug, ()), *entry.added, *entry.alike}))
                if entry.added:
                    names[entry.is_new].append(f"{kind} {slug}")
        records[kind] = record
    written = {kind: dict(sorted(own.items())) for kind, own in sorted(records.items()) if own}
    new, changed = (tuple(sorted(names[is_new])) for is_new in (True, False))
    return EntryChange(result, new, changed, written, tuple(problems), tuple(slugs))


def _lines(fields: Mapping[str, Any]) -> str:
    return "; ".join(f"{key}: {dump_value(value)}" for key, value in fields.items())


class _Table:
    """The entries of one knowledge file while drafts are merged in; `written` is what imports have written there."""

    def __init__(self, kind: str, values: Mapping[str, Any], written: Mapping[str, tuple[str, ...]]) -> None:
        self.kind, self.model, self.written = kind, _MODELS[kind], written
        self.order = tuple(self.model.model_fields)
        self.entries: dict[str, _Entry] = {}
        self.by_name: dict[str, str] = {}
        self.by_url: dict[str, str] = {}
        self.problems: list[Problem] = []
        for slug, own, where in flat_entries(values):
            if slug not in self.entries:
                self.entries[slug] = _Entry(where, own)
                self._index(slug, own)

    def _index(self, slug: str, fields: Mapping[str, Any]) -> None:
        for name in (*_names(self.kind, fields), *_texts(fields, "abbreviations")):
            self.by_name.setdefault(name, slug)
        for url in _urls(fields):
            self.by_url.setdefault(url, slug)

    def merge(self, source: str, drafts: Sequence[EntryDraft]) -> dict[str, str]:
        """Merge in the drafts of one source. Returns their slugs here, "" for none, by those in the source."""
        slugs: dict[str, str] = {}
        taken: set[str] = set()
        refused: set[str] = set()
        for draft in drafts:
            fields = self._valid(source, draft)
            if not fields:
                refused.add(draft.slug)
                continue
            # what can't be an entry has no children
            above = "" if draft.parent in refused else draft.parent
            wanted = draft.slug if is_slug(draft.slug) else make_slug(draft.slug or str(fields[self.order[0]]))
            slug = self._find(wanted, fields)
            if draft.exact:
                slug = self._find_exact(wanted, fields, slug, taken)
            if slug is not None:
                self._fill(slug, fields)
            else:
                slug = self._free(wanted, fields)
                parent = self.entries.get(slugs.get(above, above)) if above else None
                if slug in self.written or (above and parent is None):
                    # a person removed it, or its parent
                    continue
                where = (*parent.where, CHILDREN, slug) if parent else (slug,)
                where = where if len(where) <= 2 * MAX_DEPTH else (slug,)
                self.entries[slug] = _Entry(where, {}, True, dict(fields))
                self._index(slug, fields)
            slugs.setdefault(draft.slug, slug)
            taken.add(slug)
        known = {slug: slug for slug in self.entries} | slugs
        return {draft.slug: known.get(draft.slug, "") for draft in drafts}

    def _valid(self, source: str, draft: EntryDraft) -> dict[str, Any]:
        """The fields that the model accepts, in its order; nothing where it refuses the name."""
        fields = {k: v for k, v in draft.fields.items() if k in self.order and not is_blank(v) and v != ()}
        fields.pop(CHILDREN, None)
        name = _NAME.get(self.kind, "name")
        for key in sorted(refused_fields(self.model, fields) & {*fields, name}):
            value = visible(str(fields.pop(key, "")))[:60]
            message = f"{key} of the {self.kind} on line {draft.line} can't be used: {value}"
            self.problems.append(Problem(source, Span(draft.line, 1), message, "add it by hand", Severity.WARNING))
        return {key: fields[key] for key in self.order if key in fields} if name in fields else {}

    def _find(self, slug: str, fields: Mapping[str, Any]) -> str | None:
        """The slug of the entry that a draft is."""
        for url in _urls(fields):
            if url in self.by_url:
                return self.by_url[url]
        for name in _names(self.kind, fields):
            if name in self.by_name:
                return self.by_name[name]
        entry = self.entries.get(slug)
        if entry is None or (self.kind == "resource" and _urls(fields) and _urls(entry.fields)):
            return None
        return slug

    def _find_exact(self, slug: str, fields: Mapping[str, Any], found: str | None, taken: set[str]) -> str | None:
        """The same for a draft that is no other draft of its source, though it shares a name or an address."""
        entry = self.entries.get(slug)
        if entry and slug not in taken and _names(self.kind, entry.fields)[:1] == _names(self.kind, fields)[:1]:
            return slug
        return found if found not in taken else None

    def _free(self, slug: str, fields: Mapping[str, Any]) -> str:
        if slug not in self.entries:
            return slug
        text = "\n".join([str(fields[_NAME.get(self.kind, "name")]), *_urls(fields)])
        return f"{slug[:55].rstrip('-')}-{digest(text, 4)}"

    def _fill(self, slug: str, fields: Mapping[str, Any]) -> None:
        entry = self.entries[slug]
        name = _NAME.get(self.kind, "name")
        untouched = {key: value for key, value in entry.values.items() if key != name} == ENTRY_FIELDS[self.kind]
        for key, value in fields.items():
            now = entry.values.get(key)
            if now == plain_value(value):
                entry.alike.add(key)
            elif key in entry.added or key in self.written.get(slug, ()):
                continue
            elif is_blank(now) or (untouched and key in ENTRY_FIELDS[self.kind]):
                entry.added[key] = value
                entry.instead |= {key: now} if key in entry.values else {}
                self._index(slug, {key: value})

    def additions(self) -> list[Addition]:
        """What is to be added to the file: one addition for each new tree of entries and for each entry."""
        trees: dict[Path, dict[str, Any]] = {}
        at_top: list[Addition] = []
        to_entries: dict[Path, dict[str, Any]] = {}
        for slug, entry in self.entries.items():
            values = {key: entry.added[key] for key in self.order if key in entry.added}
            above = entry.where[:-2]
            if not entry.is_new:
                if values:
                    to_entries.setdefault(entry.where, {}).update(values)
                continue
            trees[entry.where] = values
            if above in trees:
                trees[above].setdefault(CHILDREN, {})[slug] = values
            elif above:
                to_entries.setdefault(above, {}).setdefault(CHILDREN, {})[slug] = values
            else:
                at_top.append(Addition((), {slug: values}))
        return at_top + [
            Addition(where, values, self.order, self.entries[where[-1]].instead) for where, values in to_entries.items()
        ]


def _names(kind: str, fields: Mapping[str, Any]) -> list[str]:
    """The name and the aliases of an entry as two sources compare them."""
    names = (str(fields.get(_NAME.get(kind, "name")) or ""), *_texts(fields, "aliases"))
    return [" ".join(name.casefold().split()) for name in names if name]


def _texts(fields: Mapping[str, Any], key: str) -> list[str]:
    value = fields.get(key)
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []


def _urls(fields: Mapping[str, Any]) -> list[str]:
    value = fields.get("urls")
    items = value if isinstance(value, (list, tuple)) else ()
    found = [str(item.get("url", "")) if isinstance(item, Mapping) else str(item) for item in items]
    return [plain_url(url) for url in found if url]


def plain_url(url: str) -> str:
    """An address as two sources compare it: without scheme, `www.` and a slash at the end.

    >>> plain_url("https://www.A.example/b/"), plain_url("http://a.example/b")
    ('a.example/b', 'a.example/b')
    """
    host, slash, rest = url.partition("://")[2].partition("/")
    return (host.casefold().removeprefix("www.") + slash + rest).rstrip("/")


def topic_slugs(text: str) -> Mapping[str, str]:
    """The slugs of the topics in the text of their file, by name, alias and slug, in small letters with spaces. Raises
    ContentError where the text isn't valid YAML.

    >>> dict(topic_slugs("nlp:\\n  name: Natural language\\n  aliases: [Text-mining]\\n"))
    {'nlp': 'nlp', 'natural language': 'nlp', 'text mining': 'nlp'}
    """
    entries = read_yaml(text.removeprefix("\ufeff"), PATHS["topic"]).value
    found = {slug.replace("-", " "): slug for slug in entries}
    for slug, values in entries.items():
        for name in _names("topic", values) if isinstance(values, dict) else ():
            found.setdefault(name.replace("-", " "), slug)
    return MappingProxyType(found)


def resolve_slugs(drafts: Iterable[Draft], slugs: Mapping[str, Mapping[str, str]]) -> tuple[Draft, ...]:
    """Drafts of one source whose topics, resources and people are slugs of the root's. `slugs` has these by kind and by
    the source's own; an entry that the root hasn't, because a person removed it, goes. Other slugs stay.

    >>> draft = Draft("s", 1, None, "", {"topics": ["ml", "gone", "other"]}, "")
    >>> resolve_slugs([draft], {"topic": {"ml": "learning", "gone": ""}})[0].fields
    {'topics': ['learning', 'other']}
    """
    return tuple(_resolved(draft, slugs) for draft in drafts)


def _resolved(draft: Draft, slugs: Mapping[str, Mapping[str, str]]) -> Draft:
    fields = dict(draft.fields)
    for name in (name for name, kind in FIELDS.items() if kind in slugs):
        items: list[Any] = []
        for item in fields.pop(name, None) or ():
            old = item["person"] if name == "people" else item
            if slug := slugs[FIELDS[name]].get(old, old):
                items.append({**item, "person": slug} if name == "people" else slug)
        if items:
            fields[name] = items if name == "people" else list(dict.fromkeys(items))
    return replace(draft, fields=fields) if fields != draft.fields else draft


def refused_fields(model: type[Record], fields: Mapping[str, Any]) -> set[str]:
    """The names of fields that a model does not accept."""
    try:
        model.model_validate(dict(fields))
    except ValidationError as error:
        return {str(found["loc"][0]) for found in error.errors(include_url=False, include_input=False)}
    return set()


class SeriesChange(NamedTuple):
    """The file's new text, the ids of new series, what imports have written, and what couldn't be added."""

    text: str
    new: tuple[str, ...]
    written: Mapping[str, SeriesRecord]
    problems: tuple[Problem, ...]


def join_drafts(drafts: Iterable[SeriesDraft]) -> dict[str, dict[str, Any]]:
    """What several sources know of each series: of each field the first value, of promotion and hosts all."""
    joined: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        fields = joined.setdefault(draft.id, {})
        for name, value in draft.fields.items():
            if name in (PROMOTION, MEDIA):
                fields[name] = sorted({*fields.get(name, ()), *value})
            else:
                fields.setdefault(name, value)
    return {id: joined[id] for id in sorted(joined)}


def add_series(text: str, drafts: Mapping[str, Mapping[str, Any]], written: Mapping[str, SeriesRecord]) -> SeriesChange:
    """The text of `series.yml` with new series, fields that existing ones lack, and promotion found since.

    `written` is what imports have written before: a field or series of these that is gone was removed by a person and
    stays out; promotion that a person changed stays as it is. Raises ContentError where the text is not valid YAML, or
    a new series can't be added.
    """
    problems: list[Problem] = []
    new: list[str] = []
    records = dict(written)
    located = read_yaml(text, SERIES_FILE)
    additions: list[Addition] = []
    for id, fields in sorted(drafts.items()):
        before = written.get(id, SeriesRecord())
        wanted = {k: fields[k] for k in SERIES_ORDER if fields.get(k) not in (None, "", [], ())}
        if wanted.get("kind") == "podcast":
            del wanted["kind"]
        if id not in located.value and before.keys:
            problems.append(_removed(id, wanted))
            continue
        entry, instead = located.value.get(id) or {}, {}
        problems += _unknown_media(id, entry.get(MEDIA), wanted.get(MEDIA, ()), located.find((id, MEDIA)))
        added = {k: v for k, v in wanted.items() if k not in entry and k not in before.keys}
        alike = {k for k, v in wanted.items() if entry.get(k) == plain_value(v)}
        if entry.get(PROMOTION) and before.promotion == value_hash(entry[PROMOTION]):
            patterns = sorted({*entry[PROMOTION], *wanted.get(PROMOTION, ())})
            if patterns != sorted(entry[PROMOTION]):
                wanted[PROMOTION] = added[PROMOTION] = patterns
                instead = {PROMOTION: entry[PROMOTION]}
        if id not in located.value:
            additions.append(Addition((), {id: wanted}))
            new.append(id)
        elif added:
            additions.append(Addition((id,), added, SERIES_ORDER, instead))
        if added or alike - set(before.keys):
            promotion = value_hash(wanted[PROMOTION]) if PROMOTION in {*added, *alike} else before.promotion
            records[id] = SeriesRecord(tuple(sorted({*before.keys, *added, *alike})), promotion)
    changed, refused = add_all(text, additions, SERIES_FILE)
    for addition in refused:
        if not addition.where:
            [(id, found)] = addition.fields.items()
            remedy = f'add it by hand: "{id}" with {_lines(found)}'
            raise ContentError([Problem(SERIES_FILE, Span(), f'"{id}" can\'t be added without harm', remedy)])
        id = addition.where[0]
        remedy = f"add by hand what you want of it: {_lines(addition.fields)}"
        place = located.find_key((id,))
        problems.append(Problem(SERIES_FILE, place, f'more is known of series "{id}"', remedy, Severity.HINT))
        records.pop(id)
        records |= {id: written[id]} if id in written else {}
    return SeriesChange(changed, tuple(new), records, tuple(problems))


def _removed(id: str, wanted: Mapping[str, Any]) -> Problem:
    """A warning about a series that an import wrote and a person removed."""
    short = {name: value for name, value in wanted.items() if len(dump_value(value)) <= SHORT}
    message = f'the series "{id}" was removed here, and is not written again'
    remedy = f'to have it back, write "{id}: {dump_value({"title": id, **short})}"; else remove episodes/{id}/ as well'
    return Problem(SERIES_FILE, Span(), message, remedy, Severity.WARNING)


def _unknown_media(id: str, kept: object, hosts: Iterable[str], span: Span) -> list[Problem]:
    """A hint where a person listed hosts for the audio of a series, but not all that are needed now."""
    have = {str(host).rstrip("/") for host in kept} if isinstance(kept, list) else set()
    if not have or not (lacking := sorted(set(hosts) - have)):
        return []
    message = f'the audio of "{id}" also redirects to {", ".join(lacking)}'
    return [Problem(SERIES_FILE, span, message, "add it to media, or its player may be silent", Severity.HINT)]

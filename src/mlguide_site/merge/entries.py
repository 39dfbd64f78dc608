"""Merges series and entries from sources into `knowledge/*.yml`, without losing edits that people made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import ValidationError

from mlguide_site.content import yaml_edit
from mlguide_site.content.knowledge import KNOWLEDGE, MAX_ENTRIES, MAX_NAMES, PATHS, number_of_names
from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.errors import SHOWN, ContentError, Problem, Severity, Span, shortened, visible
from mlguide_site.importers import Draft, EntryDraft
from mlguide_site.importers.common.addresses import address_key
from mlguide_site.importers.common.naming import entry_slug
from mlguide_site.merge.records import EntryRecord
from mlguide_site.model.base import Record
from mlguide_site.model.digests import digest
from mlguide_site.model.records import MAX_ITEMS
from mlguide_site.model.slugs import is_plain_name, is_slug, make_slug

SERIES = "series"
_MODELS: Mapping[str, type[Record]] = {model.__name__.lower(): model for model in KNOWLEDGE.values()}
FIELDS: Mapping[str, str] = MappingProxyType({"topics": "topic", "resources": "resource", "people": "person"})
"""Maps fields of episodes that contain slugs to the kind of entry that the slugs identify."""
MAX_DEPTH = 8
SERIES_FILE = PATHS[SERIES]
MEDIA = "media"  # the field with the hosts that a feed's audio redirects to


def title_mark(title: str) -> str:
    """Return the text that a record contains for a new title of a series, which is reported only once."""
    return f"title {digest(title, 4)}"


def name_field(kind: str) -> str:
    """Return the name of the field that contains an entry's name, such as `title`."""
    return {SERIES: "title", "resource": "title", "term": "term"}.get(kind, "name")


class EntryChange(NamedTuple):
    """The result of `add_entries`. An entry is named by its kind and slug, such as `tool docker`."""

    texts: Mapping[str, str]  # the changed files, by path
    new: tuple[str, ...]  # the names of new entries
    changed: tuple[str, ...]  # the names of entries with added fields
    written: EntryRecord  # all fields that imports have written
    problems: tuple[Problem, ...]
    slugs: tuple[Mapping[str, Mapping[str, str]], ...]
    """For each source and kind, maps the source's slugs to the root's slugs, or to "" if the root has no such entry."""


@dataclass
class _Entry:
    where: yaml_edit.Path
    values: Mapping[str, Any]  # the fields in the file
    is_new: bool = False
    added: dict[str, Any] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)  # the fields that have the same value in a source

    @property
    def fields(self) -> Mapping[str, Any]:
        return {**self.values, **self.added}


def add_entries(
    texts: Mapping[str, str], sources: Sequence[tuple[str, Sequence[EntryDraft]]], written: EntryRecord
) -> EntryChange:
    """Merge drafts into knowledge files. `texts` maps paths to the files' texts. `sources` contains the name and drafts
    of each source, with the most trusted source first. `written` lists the fields that earlier imports wrote.

    A draft matches the entry with the same address, name or slug, in this order. Only resources have addresses, and
    series are matched only by slug. Missing fields are added to the matched entry. A draft without a match becomes a
    new entry. If a person removed an imported entry or field, it isn't added again. Raises ContentError if a file is
    not valid YAML, or if a new series can't be added."""
    result: dict[str, str] = {}
    records = {kind: dict(own) for kind, own in written.items()}
    new, changed, problems = list[str](), list[str](), list[Problem]()
    slugs: list[dict[str, Mapping[str, str]]] = [{} for _ in sources]
    for kind, path in PATHS.items():
        drafts = [(name, [draft for draft in own if draft.kind == kind]) for name, own in sources]
        if not any(own for _, own in drafts):
            continue
        before = texts.get(path, "")
        table = _Table(kind, read_yaml(before, path), written.get(kind, {}))
        found = [table.merge(name, own) for name, own in drafts]
        text, refused = yaml_edit.add_all(before, table.additions(), path)
        result |= {path: text} if text != before else {}
        left_out = table.leave_out(refused)
        problems += table.problems
        for one, own in zip(slugs, found, strict=True):
            lost = {slug for slug in left_out if table.entries[slug].is_new}
            one[kind] = {old: "" if slug in lost else slug for old, slug in own.items()}
        for slug, entry in table.entries.items():
            names = {*entry.added, *entry.same}
            if names and slug not in left_out:
                record = records.setdefault(kind, {})
                record[slug] = tuple(sorted({*record.get(slug, ()), *names}))
                if entry.added:
                    (new if entry.is_new else changed).append(f"{kind} {slug}")
    return EntryChange(result, tuple(sorted(new)), tuple(sorted(changed)), records, tuple(problems), tuple(slugs))


class _Table:
    """The entries of a knowledge file while drafts are merged. `written` lists the fields that imports wrote."""

    def __init__(self, kind: str, located: Located, written: Mapping[str, tuple[str, ...]]) -> None:
        self.kind, self.model, self.written = kind, _MODELS[kind], written
        self.located, self.name = located, name_field(kind)
        self.order = tuple(self.model.model_fields)
        self.entries: dict[str, _Entry] = {}
        self.slugs: dict[str, str] = {}
        self.former: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.names = 0
        for slug, own, where in yaml_edit.flat_entries(located.value):
            if slug not in self.entries:
                self.entries[slug] = _Entry(where, own)
                self.names += number_of_names(own)
                self._index(slug, own)
                self.former |= dict.fromkeys(_texts(own, "former"), slug)

    def _index(self, slug: str, fields: Mapping[str, Any]) -> None:
        for key in (*_urls(fields), *entry_names(self.kind, fields), *_texts(fields, "abbreviations")):
            self.slugs.setdefault(key, slug)

    def merge(self, source: str, drafts: Sequence[EntryDraft]) -> dict[str, str]:
        """Merge a source's drafts. Map each of their slugs to the slug of the entry in the root, or to "" for none."""
        slugs: dict[str, str] = {}
        taken: set[str] = set()
        excess = 0
        for draft in drafts:
            fields = self._valid(source, draft)
            if not fields:
                continue
            name = str(fields[self.name])
            is_given = is_slug(draft.slug) and draft.slug != entry_slug(name)
            wanted = draft.slug if is_given else make_slug(name, self.kind)
            slug = self._find(wanted, fields, draft.exact, taken)
            if slug is not None:
                excess += self._fill(slug, fields)
            else:
                slug = wanted
                if slug in self.entries:
                    text = "\n".join([str(fields[self.name]), *_urls(fields)])
                    slug = f"{slug[:55].rstrip('-')}-{digest(text, 4)}"
                parent = self.entries.get(slugs.get(draft.parent, draft.parent))
                if slug in self.written or (parent is None and draft.parent in self.written):
                    # the entry or its parent was removed by hand
                    continue
                names = self.names + number_of_names(fields)
                if len(self.entries) >= MAX_ENTRIES or names > MAX_NAMES:
                    excess += 1
                    continue
                self.names = names
                where = (*parent.where, yaml_edit.CHILDREN, slug) if parent else (slug,)
                where = where if len(where) <= 2 * MAX_DEPTH else (slug,)
                self.entries[slug] = _Entry(where, {}, True, dict(fields))
                self._index(slug, fields)
            if self.kind != SERIES and not is_plain_name(name):
                self.entries[slug].same.add(self._mark(name))
            slugs.setdefault(draft.slug, slug)
            taken.add(slug)
        if excess:
            message = f"more than {MAX_ENTRIES:,} entries or {MAX_NAMES:,} names; {excess:,} new ones are left out"
            remedy = "remove entries that you don't need, or split the knowledge base"
            self.problems.append(Problem(PATHS[self.kind], Span(), message, remedy, Severity.WARNING))
        known = {slug: slug for slug in self.entries} | slugs
        return {draft.slug: known.get(draft.slug, "") for draft in drafts}

    def _valid(self, source: str, draft: EntryDraft) -> dict[str, Any]:
        """Return a draft's valid fields in the model's order, or {} if the name is invalid."""
        given = {
            key: value
            for key, value in draft.fields.items()
            if key in self.order and key != yaml_edit.CHILDREN and not (yaml_edit.is_blank(value) or value == ())
        }
        what, place = f"the {self.kind} on line {draft.line}", Span(draft.line, 1)
        fields, problems = accepted(self.model, given, what, source, place)
        self.problems += problems
        return {key: fields[key] for key in self.order if key in fields} if self.name in fields else {}

    def _find(self, slug: str, fields: Mapping[str, Any], exact: bool, taken: set[str]) -> str | None:
        """Return the slug of the entry that a draft matches, or None for a new entry. `taken` contains the entries that
        earlier drafts of the same source match. If `exact` is true, the draft can't match an entry in `taken`."""
        entry = self.entries.get(slug)
        if self.kind == SERIES:
            return slug if entry else None
        is_named = entry and entry_names(self.kind, entry.fields)[:1] == entry_names(self.kind, fields)[:1]
        if exact and is_named and slug not in taken:
            return slug
        keys = (*_urls(fields), *entry_names(self.kind, fields))
        shared = next((self.slugs[key] for key in keys if key in self.slugs), None)
        near = slug if entry else self.former.get(slug)
        if shared is None and near and self._is_same(near, fields):
            shared = near
        return None if exact and shared in taken else shared

    def _is_same(self, slug: str, fields: Mapping[str, Any]) -> bool:
        """Return whether a draft with the slug, or a former slug, of an entry, but another name, can be that entry: the
        name was edited after an import, or is another spelling. `C` and `C++` have the same slug, but are different
        entries, as are entries with different addresses."""
        entry, name = self.entries[slug], str(fields[self.name])
        if _urls(fields) and _urls(entry.fields):
            return False
        known = {*self.written.get(slug, ()), *entry.added, *entry.same}
        if any(one.startswith(f"{self.name} ") for one in known):
            return self._mark(name) in known
        return is_plain_name(name) and (self.name in known or is_plain_name(str(entry.fields.get(self.name) or "")))

    def _mark(self, name: str) -> str:
        """Return the text that a record contains for an imported name that may share its slug with other names."""
        return f"{self.name} {digest(name, 4)}"

    def _fill(self, slug: str, fields: Mapping[str, Any]) -> int:
        """Add the fields that an entry lacks, and fill its empty fields. Empty fields of a series aren't filled. Return
        the number of fields that are left out because the file would have too many names."""
        entry, written, excess = self.entries[slug], self.written.get(slug, ()), 0
        for key, value in fields.items():
            now = entry.values.get(key)
            if now == yaml_edit.plain_value(value):
                entry.same.add(key)
            elif key == MEDIA and (lacking := sorted(set(value) - {str(host).rstrip("/") for host in now or value})):
                # report hosts that are missing in a list written by hand, because the player can't load their audio
                message = f'the audio of "{slug}" also redirects to {", ".join(lacking)}'
                span = self.located.find((slug, key))
                self.problems.append(Problem(SERIES_FILE, span, message, 'add the hosts to "media"', Severity.HINT))
            elif self.kind == SERIES and key == self.name and key in written:
                if (title := title_mark(value)) not in written:
                    message, remedy = f'the source of "{slug}" now has the title "{value}"', 'edit "title" to use it'
                    if "feed" in fields and "kind" in written:
                        remedy += ', and remove "kind" if the series is a podcast'
                    span = self.located.find((slug, key))
                    self.problems.append(Problem(SERIES_FILE, span, message, remedy, Severity.HINT))
                entry.same.add(title)
            elif key in entry.added or key in written or (self.kind == SERIES and key == "kind" and written):
                # an import that writes no kind found a podcast
                continue
            elif key not in entry.values or (yaml_edit.is_blank(now) and self.kind != SERIES):
                names = self.names + number_of_names({key: value}) - 1
                if names > MAX_NAMES:
                    excess += 1
                    continue
                self.names = names
                entry.added[key] = value
                self._index(slug, {key: value})
        return excess

    def additions(self) -> list[yaml_edit.Addition]:
        """Return an `Addition` for each new top-level entry, and each existing entry with new fields or children."""
        fields = {
            entry.where: {key: entry.added[key] for key in self.order if key in entry.added}
            for entry in self.entries.values()
        }
        new = {entry.where: slug for slug, entry in self.entries.items() if entry.is_new}
        at_top: list[yaml_edit.Addition] = []
        for where, slug in new.items():
            if above := where[:-2]:
                fields[above].setdefault(yaml_edit.CHILDREN, {})[slug] = fields[where]
            else:
                at_top.append(yaml_edit.Addition((), {slug: fields[where]}))
        into = {where: own for where, own in fields.items() if own and where not in new}
        return at_top + [yaml_edit.Addition(where, own, self.order) for where, own in into.items()]

    def leave_out(self, refused: Sequence[yaml_edit.Addition]) -> set[str]:
        """Report the `refused` additions, and return their slugs. Raises ContentError if a new series is refused."""
        left_out: set[str] = set()
        for one in refused:
            below = one.fields.get(yaml_edit.CHILDREN) if one.where else one.fields
            left_out |= {*one.where[-1:], *(slug for slug, _, _ in yaml_edit.flat_entries(below))}
        if refused:
            is_needed = self.kind == SERIES and not all(one.where for one in refused)
            lines = [f"{key}: {yaml_edit.dump_value(value)}" for one in refused for key, value in one.fields.items()]
            message = f"new fields of {shortened(sorted(left_out))} can't be added safely"
            remedy = f"add them by hand: {'; '.join(lines[:SHOWN])}"
            severity = Severity.ERROR if is_needed else Severity.HINT
            self.problems.append(Problem(PATHS[self.kind], Span(), message, remedy, severity))
            if is_needed:
                raise ContentError(self.problems)
        return left_out


def entry_names(kind: str, fields: Mapping[str, Any]) -> list[str]:
    """Return the name and aliases of an entry, in lower case."""
    names = (str(fields.get(name_field(kind)) or ""), *_texts(fields, "aliases"))
    return [" ".join(name.casefold().split()) for name in names if name]


def _texts(fields: Mapping[str, Any], key: str) -> list[str]:
    value = fields.get(key)
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []


def _urls(fields: Mapping[str, Any]) -> list[str]:
    value = fields.get("urls")
    items = value if isinstance(value, (list, tuple)) else ()
    urls = (str(item.get("url", "")) if isinstance(item, Mapping) else str(item) for item in items)
    return [f"//{key}" for url in urls if (key := address_key(url))]


def accepted(
    model: type[Record], fields: Mapping[str, Any], what: str, source: str, place: Span
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the valid fields, including `x-…` fields, and a warning for each invalid one. `what` names the record."""
    found, problems, known = dict(fields), list[Problem](), model.model_fields
    for key, value in fields.items():
        limits = (getattr(one, "max_length", None) for one in known[key].metadata) if key in known else ()
        most = min(filter(None, limits), default=MAX_ITEMS)
        if isinstance(value, (list, tuple)) and len(value) > most:
            found[key] = value[:most]
            message = f"only the first {most:,} of {len(value):,} {key} of {what} are used"
            remedy = "replace some of them by hand if others are more important"
            problems.append(Problem(source, place, message, remedy, Severity.WARNING))
    try:
        model.model_validate({key: value for key, value in found.items() if not key.startswith("x-")})
    except ValidationError as error:
        for key in sorted({str(one["loc"][0]) for one in error.errors(include_url=False, include_input=False)}):
            message = f"{key} of {what} can't be used: {visible(str(found.pop(key, '')))[:60]}"
            problems.append(Problem(source, place, message, "add a valid value by hand", Severity.WARNING))
    return found, problems


def resolve_slugs(draft: Draft, slugs: Mapping[str, Mapping[str, str]]) -> Draft:
    """Replace the source's slugs in a draft with the root's slugs. For each kind of entry, `slugs` maps the source's
    slugs to the root's. A slug that maps to "" is removed, and an unknown slug is kept."""
    fields, whole = dict(draft.fields), dict[str, Any]()
    for name, kind in FIELDS.items():
        own, items, everything = slugs.get(kind, {}), list[Any](), list[Any]()
        for item in fields.pop(name, None) or ():
            old = item["person"] if name == "people" else item
            new = own.get(old, old)
            everything.append({**item, "person": new or old} if name == "people" else new or old)
            items += everything[-1:] if new else []
        # two names in the source can be one person in the root
        lists = [list({str(item): item for item in found}.values()) for found in (items, everything)]
        fields |= {name: lists[0]} if items else {}
        whole |= {name: lists[1]} if len(lists[0]) < len(lists[1]) else {}
    return replace(draft, fields=fields, whole_fields=whole) if fields != draft.fields else draft


def join_drafts(drafts: Iterable[EntryDraft]) -> dict[str, dict[str, Any]]:
    """Combine the drafts of each series: join `promotion` and `media`, and keep the first value of other fields."""
    joined: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        fields = joined.setdefault(draft.slug, {})
        for name, value in draft.fields.items():
            if name in ("promotion", MEDIA):
                fields[name] = sorted({*fields.get(name, ()), *value})
            else:
                fields.setdefault(name, value)
    return {id: joined[id] for id in sorted(joined)}

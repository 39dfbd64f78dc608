"""Knowledge entries that sources name, into the texts of `knowledge/*.yml`: what is there stays as it is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import ValidationError

from mlguide_site.content.codec import dump_value, read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import EntryDraft
from mlguide_site.merge.base import plain_value
from mlguide_site.merge.entry_names import NAME, listed, main_name, plain_name, urls_of
from mlguide_site.merge.entry_record import Written
from mlguide_site.merge.entry_text import CHILDREN, Addition, Path, add_all, joined
from mlguide_site.merge.scaffolded import ENTRY_FIELDS, is_blank, is_untouched
from mlguide_site.model import Person, Record, Resource, Term, Tool, Topic
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
_MODELS: Mapping[str, type[Record]] = {
    "topic": Topic,
    "tool": Tool,
    "resource": Resource,
    "term": Term,
    "person": Person,
}
MAX_DEPTH = 8


class EntryChange(NamedTuple):
    """The new texts of the files that change, by path; the new entries and those with more fields, each as `kind slug`;
    what imports have written; what could not be added. `filled` and `kept` name the fields of entries that no import
    had written: those that said nothing until now, and those that the entry gives otherwise."""

    texts: Mapping[str, str]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    written: Written
    problems: tuple[Problem, ...]
    filled: tuple[tuple[str, tuple[str, ...]], ...] = ()
    kept: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass
class _Entry:
    """An entry while drafts are taken in. `where` leads to it in the file, `added` is what is new in it, of that
    `instead` what the file says until now, and `kept` names what it goes on to say though sources say otherwise."""

    where: Path
    values: dict[str, Any]
    is_new: bool = False
    added: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, Any] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)


def add_entries(
    texts: Mapping[str, str], sources: Sequence[tuple[str, Sequence[EntryDraft]]], written: Written
) -> EntryChange:
    """The knowledge files, by path, with what the sources' drafts add. `sources` are names with drafts, the most
    trusted first.

    A draft is the entry that it shares an address with (a resource), else a name, else the slug; such an entry gets the
    fields that it lacks. Others become entries. An entry or field that an import wrote and that is gone stays out.
    Raises ContentError where a file is not valid YAML.
    """
    result: dict[str, str] = {}
    records: dict[str, dict[str, tuple[str, ...]]] = {kind: dict(slugs) for kind, slugs in written.items()}
    new: list[str] = []
    changed: list[str] = []
    problems: list[Problem] = []
    filled: dict[str, _Entry] = {}
    for kind, path in PATHS.items():
        drafts = [(name, [draft for draft in own if draft.kind == kind]) for name, own in sources]
        if not any(own for _, own in drafts):
            continue
        table = _Table(kind, read_yaml(texts.get(path, ""), path).value, records.setdefault(kind, {}))
        for name, own in drafts:
            table.take(name, own)
        text, refused = add_all(texts.get(path, ""), table.additions(), path)
        for addition in refused:
            lines = "; ".join(f"{key}: {dump_value(value)}" for key, value in addition.fields.items())
            what = f'more is known of {kind} "{addition.where[-1]}"' if addition.where else f"there are new {kind}s"
            problems.append(Problem(path, Span(), what, f"add by hand what you want of it: {lines}", Severity.HINT))
        if text != texts.get(path, ""):
            result[path] = text
        left_out = {
            slug for one in refused for slug in ((one.where[-1],) if one.where else _slugs_in(one.fields)) if slug
        }
        new += [f"{kind} {slug}" for slug, one in table.entries.items() if one.is_new and slug not in left_out]
        changed += [
            f"{kind} {slug}"
            for slug, one in table.entries.items()
            if one.added and not one.is_new and slug not in left_out
        ]
        filled |= {f"{kind} {slug}": table.entries[slug] for slug in table.filled() if slug not in left_out}
        table.remember(left_out)
        problems += table.problems
    unknown = sorted({draft.kind for _, own in sources for draft in own} - set(PATHS))
    if unknown:
        raise ContentError([Problem("knowledge", Span(), f'no kind of entry: "{unknown[0]}"', "use a known kind")])
    kept = {kind: dict(sorted(slugs.items())) for kind, slugs in sorted(records.items()) if slugs}
    return EntryChange(
        result,
        tuple(sorted(new)),
        tuple(sorted(changed)),
        kept,
        tuple(problems),
        tuple((name, tuple(sorted(one.added))) for name, one in sorted(filled.items())),
        tuple((name, tuple(sorted(one.kept))) for name, one in sorted(filled.items()) if one.kept),
    )


def _slugs_in(fields: Mapping[str, Any]) -> Iterable[str]:
    for slug, values in fields.items():
        yield slug
        if isinstance(values, Mapping):
            yield from _slugs_in(values.get(CHILDREN) or {})


class _Table:
    """The entries of one knowledge file while drafts are taken in."""

    def __init__(self, kind: str, values: Mapping[str, Any], written: dict[str, tuple[str, ...]]) -> None:
        self.kind, self.written = kind, written
        self.model = _MODELS[kind]
        self.order = tuple(name for name in self.model.model_fields if name != "parent" or kind != "resource")
        self.entries: dict[str, _Entry] = {}
        self.names: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.before = set(written)
        self.alike: dict[str, set[str]] = {}
        self._read(values, ())

    def _read(self, values: Mapping[str, Any], where: Path) -> None:
        for slug, value in values.items():
            own = value if isinstance(value, dict) else {}
            if slug not in self.entries:
                self.entries[slug] = _Entry((*where, slug), own)
                self._index(slug, own)
            if isinstance(children := own.get(CHILDREN), dict):
                self._read(children, (*where, slug, CHILDREN))

    def _index(self, slug: str, fields: Mapping[str, Any]) -> None:
        for name in (main_name(self.kind, fields), *listed(fields, "aliases"), *listed(fields, "abbreviations")):
            if name:
                self.names.setdefault(plain_name(name), slug)
        for url in urls_of(fields):
            self.urls.setdefault(url, slug)

    def take(self, source: str, drafts: Sequence[EntryDraft]) -> None:
        """Take in the drafts of one source."""
        actual: dict[str, str] = {}
        taken: set[str] = set()
        refused: set[str] = set()
        for draft in drafts:
            fields = self._sound(source, draft)
            if not fields:
                refused.add(draft.slug)
                continue
            if draft.parent in refused:
                # what can't be an entry can have none below it
                draft = replace(draft, parent="")
            wanted = draft.slug if is_slug(draft.slug) else make_slug(draft.slug or main_name(self.kind, fields))
            slug = self._match(wanted, fields)
            if draft.exact:
                slug = self._match_exact(wanted, fields, slug, taken)
            if slug is not None:
                self._fill(slug, fields)
            else:
                slug = self._free(wanted, fields)
                parent = self.entries.get(actual.get(draft.parent, draft.parent)) if draft.parent else None
                if slug in self.before or (draft.parent and parent is None):
                    # taken out by a person, as was what it stands under
                    continue
                where = (*parent.where, CHILDREN, slug) if parent else (slug,)
                if len(where) > 2 * MAX_DEPTH:
                    where = (slug,)
                self.entries[slug] = _Entry(where, {}, True, dict(fields))
                self._index(slug, fields)
            actual.setdefault(draft.slug, slug)
            taken.add(slug)

    def _sound(self, source: str, draft: EntryDraft) -> dict[str, Any]:
        """The fields that the model accepts, in its order; nothing where the name is among those it doesn't."""
        fields = {k: v for k, v in draft.fields.items() if k in self.order and v not in (None, "", [], (), {})}
        fields.pop(CHILDREN, None)
        name = NAME.get(self.kind, "name")
        for key in sorted(_refused(self.model, fields, name)):
            value = visible(str(fields.pop(key, "")))[:60]
            message = f"{key} of the {self.kind} on line {draft.line} can't be used: {value}"
            self.problems.append(Problem(source, Span(draft.line, 1), message, "add it by hand", Severity.WARNING))
        return {key: fields[key] for key in self.order if key in fields} if name in fields else {}

    def _match(self, slug: str, fields: Mapping[str, Any]) -> str | None:
        for url in urls_of(fields):
            if url in self.urls:
                return self.urls[url]
        for name in (main_name(self.kind, fields), *listed(fields, "aliases")):
            if plain_name(name) in self.names:
                return self.names[plain_name(name)]
        entry = self.entries.get(slug)
        if entry is None or (self.kind == "resource" and urls_of(fields) and urls_of({**entry.values, **entry.added})):
            return None
        return slug

    def _match_exact(self, slug: str, fields: Mapping[str, Any], found: str | None, taken: set[str]) -> str | None:
        entry = self.entries.get(slug)
        name = main_name(self.kind, fields)
        if (
            entry
            and slug not in taken
            and plain_name(main_name(self.kind, {**entry.values, **entry.added})) == plain_name(name)
        ):
            return slug
        return found if found not in taken else None

    def _free(self, slug: str, fields: Mapping[str, Any]) -> str:
        if slug not in self.entries:
            return slug
        text = "\n".join([main_name(self.kind, fields), *urls_of(fields)])
        return f"{slug[:55].rstrip('-')}-{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"

    def _fill(self, slug: str, fields: Mapping[str, Any]) -> None:
        entry = self.entries[slug]
        removed = self.written.get(slug, ())
        untouched = is_untouched(self.kind, NAME.get(self.kind, "name"), entry.values)
        for key, value in fields.items():
            now = entry.values.get(key)
            if now == plain_value(value):
                self.alike.setdefault(slug, set()).add(key)
            elif key in entry.added or key in removed:
                continue
            elif is_blank(now) or (untouched and key in ENTRY_FIELDS[self.kind]):
                entry.added[key] = value
                entry.instead |= {key: now} if key in entry.values else {}
                self._index(slug, {key: value})
            else:
                entry.kept.add(key)

    def filled(self) -> list[str]:
        """The slugs of entries that no import had written, and that say more now."""
        return [slug for slug, one in self.entries.items() if one.added and not one.is_new and slug not in self.before]

    def additions(self) -> list[Addition]:
        """What is to be added: to the file, to entries that it has, and under these."""
        found: list[Addition] = []
        trees: dict[Path, dict[str, Any]] = {}
        for slug, entry in self.entries.items():
            if not entry.is_new:
                continue
            values = {key: entry.added[key] for key in self.order if key in entry.added}
            trees[entry.where] = values
            above = entry.where[:-2]
            if above in trees:
                trees[above].setdefault(CHILDREN, {})[slug] = values
            elif above:
                found.append(Addition(above, {CHILDREN: {slug: values}}, self.order))
            else:
                found.append(Addition((), {slug: values}))
        for entry in self.entries.values():
            if entry.added and not entry.is_new:
                found.append(Addition(entry.where, entry.added, self.order, entry.instead))
        return joined(found)

    def remember(self, left_out: set[str]) -> None:
        """Note in the record what has been written, and what the file says just as a source does."""
        for slug, entry in self.entries.items():
            keys = {*entry.added, *self.alike.get(slug, ())} if slug not in left_out else set()
            if keys:
                self.written[slug] = tuple(sorted({*self.written.get(slug, ()), *keys}))


def _refused(model: type[Record], fields: Mapping[str, Any], name: str) -> set[str]:
    try:
        model.model_validate(fields)
    except ValidationError as error:
        return {str(found["loc"][0]) for found in error.errors(include_url=False, include_input=False)} & {
            *fields,
            name,
        }
    return set()

"""Topics and resources that drafts name by the slugs of their own source, as the root calls them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from mlguide_site.importers import Draft, EntryDraft
from mlguide_site.merge.entry_names import listed, main_name, plain_name, urls_of

FIELDS: Mapping[str, str] = MappingProxyType({"topics": "topic", "resources": "resource", "people": "person"})
"""The fields of an episode that name entries, and the kind of these; a person is named with a role."""

Table = Mapping[str, Any]


def settle_names(
    drafts: Sequence[Draft], entries: Sequence[EntryDraft], tables: Mapping[str, Table]
) -> tuple[Draft, ...]:
    """Drafts of one source whose topics and resources are slugs of the root's. `tables` are the knowledge files as they
    will be, by name (`topics`, `resources`); `entries` are the source's own drafts of entries.

    An entry that the root knows by address, name or alias gets its slug there; one that it hasn't, because a person
    took it out, goes. What isn't among `entries` stays as it is.

    >>> draft = Draft("s", 1, None, "", {"topics": ["ml", "gone"]}, "")
    >>> entries = [EntryDraft("topic", "ml", {"name": "ML"}), EntryDraft("topic", "gone", {"name": "Gone"})]
    >>> settle_names([draft], entries, {"topics": {"learning": {"name": "Learning", "aliases": ["ml"]}}})[0].fields
    {'topics': ['learning']}
    """
    known: dict[str, Mapping[str, str]] = {}
    for field, kind in FIELDS.items():
        own = [entry for entry in entries if entry.kind == kind]
        if own and any(draft.fields.get(field) for draft in drafts):
            keys: dict[str, str] = {}
            for slug, values in _flat(tables.get(field, {})):
                for key in (*_keys(kind, values), f"slug {slug}"):
                    keys.setdefault(key, slug)
            known[field] = {
                entry.slug: next(
                    (keys[key] for key in (*_keys(kind, entry.fields), f"slug {entry.slug}") if key in keys), ""
                )
                for entry in reversed(own)
            }
    return tuple(_settled(draft, known) for draft in drafts) if known else tuple(drafts)


def _flat(table: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Entries and those that stand under them."""
    waiting = [table]
    while waiting:
        entries = waiting.pop()
        for slug, values in entries.items() if isinstance(entries, Mapping) else ():
            if isinstance(values, Mapping):
                yield slug, values
                waiting.append(values.get("children"))


def _keys(kind: str, values: Mapping[str, Any]) -> Iterator[str]:
    """What an entry is known by, the surest first."""
    yield from (f"url {url}" for url in urls_of(values))
    yield from (f"name {plain_name(name)}" for name in (main_name(kind, values), *listed(values, "aliases")) if name)


def _settled(draft: Draft, known: Mapping[str, Mapping[str, str]]) -> Draft:
    fields = dict(draft.fields)
    for field, slugs in known.items():
        items = list(fields.pop(field, None) or ())
        if field == "people":
            roles = [{**item, "person": slugs.get(item["person"], item["person"])} for item in items]
            if kept := [role for role in roles if role["person"]]:
                fields[field] = kept
            continue
        found = [slugs.get(slug, slug) for slug in items]
        if any(found):
            fields[field] = [slug for slug in dict.fromkeys(found) if slug]
    return replace(draft, fields=fields) if fields != draft.fields else draft

"""Topics that drafts name, as the root calls them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mlguide_site.importers import Draft, EntryDraft


def settle_topics(
    drafts: Sequence[Draft], entries: Sequence[EntryDraft], topics: Mapping[str, Any]
) -> tuple[Draft, ...]:
    """Drafts of one source whose topics are slugs of the root's. `topics` is the table of `knowledge/topics.yml` as it
    will be, `entries` are the source's own drafts of entries.

    A topic that the root knows by name or alias gets its slug; one that it hasn't, because a person took it out, goes.

    >>> draft = Draft("s", 1, None, "", {"topics": ["ml", "gone"]}, "")
    >>> entries = [EntryDraft("topic", "ml", {"name": "ML"}), EntryDraft("topic", "gone", {"name": "Gone"})]
    >>> settle_topics([draft], entries, {"learning": {"name": "Learning", "aliases": ["ml"]}})[0].fields
    {'topics': ['learning']}
    """
    own = {draft.slug: str(draft.fields.get("name", "")) for draft in entries if draft.kind == "topic"}
    if not own:
        return tuple(drafts)
    names: dict[str, str] = {}
    for slug, values in topics.items():
        if isinstance(values, dict):
            aliases = values.get("aliases")
            for name in (values.get("name"), *(aliases if isinstance(aliases, list) else ())):
                names.setdefault(_plain(str(name or "")), slug)
    known = {slug: slug if slug in topics else names.get(_plain(name), "") for slug, name in own.items()}
    return tuple(_settled(draft, known) for draft in drafts)


def _settled(draft: Draft, known: Mapping[str, str]) -> Draft:
    found = [known.get(slug, slug) for slug in draft.fields.get("topics") or ()]
    fields = dict(draft.fields)
    fields["topics"] = [slug for slug in dict.fromkeys(found) if slug]
    if not fields["topics"]:
        del fields["topics"]
    return replace(draft, fields=fields) if fields != draft.fields else draft


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())

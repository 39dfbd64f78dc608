"""Adds proposals to the knowledge files as drafts. The files are edited as text, so that comments are kept."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlguide_site.checks.catalog import shared_names
from mlguide_site.content.files import exclusive, resolve_inside, write_atomic
from mlguide_site.content.knowledge import PATHS
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.editing.scaffold import with_entries
from mlguide_site.editing.suggest.proposals import Proposal
from mlguide_site.errors import ContentError, Severity
from mlguide_site.merge.entries import name_field
from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import make_slug

Drafted = dict[tuple[Kind, str], Proposal]
"""The proposals that became drafts, by the kind and slug of the entry."""


def fields_of(proposal: Proposal) -> dict[str, Any]:
    """Return the non-empty fields of a draft, in the order of the knowledge file."""
    is_tool, is_work = proposal.kind is Kind.TOOL, proposal.kind is Kind.RESOURCE
    short = list(proposal.abbreviations)
    fields = {
        name_field(proposal.kind.value): proposal.name,
        "abbreviations": short if proposal.kind is Kind.TERM else [],
        "urls": [proposal.url] if is_work and proposal.url else [],
        "aliases": [*(short if is_tool else []), *proposal.aliases],
        "homepage": proposal.url if is_tool else "",
        "format": "other" if is_work else "",
        "status": "draft",
    }
    return {key: value for key, value in fields.items() if value}


def write_drafts(root: Path, proposals: Sequence[Proposal]) -> Drafted:
    """Add proposals to the knowledge files of a root without changing other bytes. A proposal with the name of another
    entry is left out. Raises ContentError if a knowledge file has an error, and ResourceError if the disk fails."""
    with exclusive(root):
        files = dict(read_root(root).texts)
        errors = [one for one in load(files, drafts=True).problems if one.severity is Severity.ERROR]
        if broken := [one for one in errors if one.path.startswith("knowledge/")]:
            raise ContentError(broken)
        texts, drafted = add_drafts(files, proposals)
        catalog = load({**files, **texts}, drafts=True).catalog
        valid = {(kind, slug): one for (kind, slug), one in drafted.items() if slug in catalog.entries(kind)}
        for kind, first, second in shared_names(catalog):
            valid.pop((kind, second if (kind, second) in valid else first), None)
        texts, drafted = add_drafts(files, list(valid.values()))
        for path, data in sorted(texts.items()):
            write_atomic(resolve_inside(root, path), data)
    return drafted


def add_drafts(files: Mapping[str, bytes], proposals: Sequence[Proposal]) -> tuple[dict[str, bytes], Drafted]:
    """Return the changed knowledge files by path, and the proposals that were added to these files."""
    catalog = load(files, drafts=True).catalog
    texts: dict[str, bytes] = {}
    drafted: Drafted = {}
    for kind in Kind:
        slugs: dict[str, Proposal] = {}
        for proposal in proposals:
            slug = make_slug(proposal.name)
            if proposal.kind is kind and slug not in catalog.entries(kind):
                slugs.setdefault(slug, proposal)
        if slugs:
            path, entries = PATHS[kind], {slug: fields_of(proposal) for slug, proposal in slugs.items()}
            texts[path], left_out = with_entries(files.get(path), kind, entries)
            drafted |= {(kind, slug): proposal for slug, proposal in slugs.items() if slug not in left_out}
    return texts, drafted

"""Chooses proposals, and adds them to the knowledge files without removing comments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlguide_site.checks.catalog import shared_names
from mlguide_site.content.files import change_files, exclusive
from mlguide_site.content.knowledge import PATHS
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.editing.scaffold import with_entries
from mlguide_site.editing.suggest.proposals import Proposal
from mlguide_site.errors import UsageError, refuse_errors, suggestion, visible
from mlguide_site.linking.tags import name_key
from mlguide_site.merge.entries import name_field
from mlguide_site.model.records import EntryStatus, Kind, Status
from mlguide_site.model.slugs import name_slug

Added = dict[tuple[Kind, str], Proposal]  # the proposals that became entries, by the kind and slug of the entry


def fields_of(proposal: Proposal, is_draft: bool) -> dict[str, Any]:
    """Return the non-empty fields of a proposal's entry, in the order of the knowledge file."""
    is_tool, is_work = proposal.kind is Kind.TOOL, proposal.kind is Kind.RESOURCE
    short = list(proposal.abbreviations)
    fields = {
        name_field(proposal.kind.value): proposal.name,
        "abbreviations": short if proposal.kind is Kind.TERM else [],
        "urls": [proposal.url] if is_work and proposal.url else [],
        "aliases": [*(short if is_tool else []), *proposal.aliases],
        "homepage": proposal.url if is_tool else "",
        "category": proposal.category,
        "format": "other" if is_work else "",
        "status": EntryStatus.DRAFT.value if is_draft else "",
    }
    return {key: value for key, value in fields.items() if value}


def choose(proposals: Sequence[Proposal], wanted: Sequence[str]) -> list[Proposal]:
    """Return the proposals with the names or numbers (from 1) in `wanted`. Raises UsageError for an unknown name."""
    names = {name_key(form): one for one in reversed(proposals) for form in (*one.aliases, one.name)}
    names |= {str(number): one for number, one in enumerate(proposals, 1)}
    for text in wanted:
        if name_key(text) not in names:
            remedy = suggestion(text, [one.name for one in proposals], "mlguide suggest lists all proposals")
            raise UsageError(f'no proposal "{visible(text)}"; {remedy}')
    return [names[name_key(text)] for text in wanted]


def add_entries(root: Path, proposals: Sequence[Proposal], is_draft: bool) -> Added:
    """Add proposals to a root's knowledge files, as drafts if `is_draft` is true or if only draft notes mention them.
    Skip proposals whose names existing entries have. Return the added proposals. Raises ContentError if a knowledge
    file has an error, and ResourceError if the disk fails."""
    with exclusive(root):
        files = read_root(root).texts
        before = load(files, drafts=True)
        refuse_errors(one for one in before.problems if one.path.startswith("knowledge/"))
        added: Added = {}
        # a published entry would publish words of unpublished notes
        drafts = {id for id, file in before.catalog.episodes.items() if file.meta.status is Status.DRAFT}
        for one in proposals:
            if (slug := name_slug(one.name)) not in before.catalog.entries(one.kind):
                added.setdefault((one.kind, slug), one)
        refused = set(added)
        while refused:
            refused, texts = set(), {}
            for kind in sorted({kind for kind, _ in added}):
                entries = {
                    slug: fields_of(one, is_draft or drafts.issuperset(one.episodes))
                    for (own, slug), one in added.items()
                    if own is kind
                }
                texts[PATHS[kind]], failed = with_entries(files.get(PATHS[kind]), kind, entries)
                refused |= {(kind, slug) for slug in failed}
            after = load({**files, **texts}, drafts=True).catalog
            refused |= {(kind, slug) for kind, slug in added if slug not in after.entries(kind)}
            for kind, first, second in shared_names(after):
                refused.add((kind, second if (kind, second) in added else first))
            refused &= added.keys()
            added = {key: one for key, one in added.items() if key not in refused}
        if added:
            change_files(root, dict(sorted(texts.items())), known=files)
    return added

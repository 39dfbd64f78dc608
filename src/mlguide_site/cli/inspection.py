"""What `check` says of a root: every problem of it, and what imports were not sure of."""

from pathlib import Path

from mlguide_site.checks.misplaced import misplaced
from mlguide_site.checks.site import check_site, published
from mlguide_site.checks.templates import template_problems
from mlguide_site.checks.vocabulary import check_names, find_doubts, find_slips
from mlguide_site.content.root import read_root
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.editing.renaming import cut_off
from mlguide_site.errors import ContentError, Problem
from mlguide_site.merge import doubt_hints, read_records, record_problems
from mlguide_site.pipeline import examine


def inspect(root: Path) -> tuple[Problem, ...]:
    """Every problem of a root, drafts included, sorted. Raises ResourceError where the disk refuses.

    Builds don't ask for what imports remember, so that they needn't read it.
    """
    examined = examine(root, drafts=True)
    catalog = examined.linked.catalog
    found = {*examined.problems, *check_names(catalog), *settings_problems(root), *template_problems(root)}
    found.update(check_site(root, published(catalog), examined.problems))
    found.update(misplaced(root, examined.linked))
    found.update(cut_off(root))
    read = read_root(root)
    found.update(slip.problem for slip in find_slips(read.texts, catalog) if slip.shown)
    found.update(find_doubts(read.texts))
    found.update(record_problems(root))
    try:
        records = read_records(root)
    except ContentError as error:
        return tuple(sorted({*found, *error.problems}))
    for id, file in catalog.episodes.items():
        if id in records:
            found.update(doubt_hints(file.path, file.body, file.body_line, records[id].body))
    return tuple(sorted(found))

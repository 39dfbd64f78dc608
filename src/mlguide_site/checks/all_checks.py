"""Lists and runs all checks of a knowledge base. Unreadable files are reported earlier, when they are loaded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mlguide_site.checks.catalog import check_catalog, check_pages, shared_names
from mlguide_site.checks.episodes import (
    check_copies,
    check_downloads,
    check_links,
    check_markup,
    check_sidecars,
    check_stages,
    check_unused,
)
from mlguide_site.checks.fixes import cut_off_values
from mlguide_site.checks.site_features import check_features
from mlguide_site.checks.templates import check_templates
from mlguide_site.content.files import JOURNAL, is_interrupted
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.linking.linked_catalog import LinkedCatalog


@dataclass(frozen=True)
class Checked:
    """The input of checks: the linked catalog, the root's folder, and the root's text files by path."""

    linked: LinkedCatalog
    root: Path = Path()
    texts: Mapping[str, bytes] = field(default_factory=dict)


class Check(NamedTuple):
    name: str
    run: Callable[[Checked], Iterable[Problem]]
    in_builds: bool = False  # true if builds also run the check


def _interrupted_rename(checked: Checked) -> Iterable[Problem]:
    if is_interrupted(checked.root):
        remedy = "run mlguide check --fix to undo it, then run the command again"
        yield Problem(JOURNAL, Span(), "a rename or an import was interrupted", remedy)


def _import_records(checked: Checked) -> Iterable[Problem]:
    # import on demand, because builds don't need these modules
    from mlguide_site.merge.records import read_records  # noqa: PLC0415
    from mlguide_site.merge.three_way import open_conflicts  # noqa: PLC0415
    from mlguide_site.merge.uncertain_structure import uncertainty_hints  # noqa: PLC0415

    try:
        records, _, written = read_records(checked.root)
    except ContentError as error:
        yield from error.problems
        return
    yield from check_downloads(checked.linked.catalog, written)
    for id, file in checked.linked.catalog.episodes.items():
        if id in records:
            yield from uncertainty_hints(file.path, file.body, file.body_line, records[id].body)
            series = checked.linked.catalog.series.get(file.series)
            source = "" if series and series.feed else "SOURCE "
            yield from open_conflicts(file, checked.texts[file.path].decode("utf-8-sig"), records[id], source)


CHECKS = (
    Check("slugs, ids and cycles", lambda checked: check_catalog(checked.linked.catalog), in_builds=True),
    Check("addresses of pages", lambda checked: check_pages(checked.linked.catalog), in_builds=True),
    Check("markup of notes", lambda checked: check_markup(checked.linked), in_builds=True),
    Check("links in notes", lambda checked: check_links(checked.linked), in_builds=True),
    Check("names of stages", lambda checked: check_stages(checked.linked), in_builds=True),
    Check("names that entries share", lambda checked: shared_names(checked.linked.catalog).values(), in_builds=True),
    Check("entries that no episode mentions", lambda checked: check_unused(checked.linked), in_builds=True),
    Check("copies of other episodes", lambda checked: check_copies(checked.linked.catalog), in_builds=True),
    Check("site features", lambda checked: check_features(checked.root, checked.linked.catalog), in_builds=True),
    Check("settings of the site", lambda checked: settings_problems(checked.root)),
    Check("templates and translations", lambda checked: check_templates(checked.root)),
    Check("transcripts without an episode", lambda checked: check_sidecars(checked.linked)),
    Check("interrupted rename", _interrupted_rename),
    Check("values that YAML truncates", lambda checked: cut_off_values(checked.texts)),
    Check("records of imports", _import_records),
)


def run_checks(checked: Checked, in_builds: bool = False) -> set[Problem]:
    """Return the problems that all checks find or, with `in_builds`, the checks of builds. Raises ResourceError."""
    return {problem for check in CHECKS if check.in_builds or not in_builds for problem in check.run(checked)}

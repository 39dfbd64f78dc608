"""What the stages before an engine leave for the steps after it, and for a preview's next edit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mlguide_site.build.cache import BUILD
from mlguide_site.build.notes import Tables
from mlguide_site.build.pages import PageMaker, Pages
from mlguide_site.config import Settings
from mlguide_site.errors import Problem
from mlguide_site.linking.linked import LinkedCatalog


@dataclass(frozen=True)
class Job:
    """How a build is run: the folder of generated files in the root, the number of processes, the folder in which the
    site will be in the end, and who gets a line where the cache can't be used."""

    folder: str = BUILD
    jobs: int = 1
    place: str = ""
    say: Callable[[str], None] = field(default=lambda _: None)


@dataclass(frozen=True, slots=True)
class Built:
    """A root whose folder of pages is up to date: the linked catalog, the settings, every problem found, the paths in
    the folder that were written or deleted, and what the pages were made with."""

    linked: LinkedCatalog
    settings: Settings
    problems: tuple[Problem, ...]
    changed: tuple[str, ...]
    pages: Pages
    outward: Mapping[str, str]
    tables: Tables
    maker: PageMaker
    is_first: bool
    """Whether no cache knew an earlier build, nor what that added to the site."""

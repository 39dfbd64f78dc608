"""Measures the pages of a built site by kind, and how their size grows with the number of episodes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "episodes": "episode",
    "topics": "topic",
    "tools": "tool",
    "resources": "resource",
    "terms": "term",
    "people": "person",
}
HELD = frozenset([*KINDS.values(), "home", "404.html"])
"""The kinds of pages whose size must not grow with the number of episodes. The other kinds are paginated lists."""


@dataclass(frozen=True)
class Growth:
    """The largest page of a kind in a small and in a large site, in bytes. `held` is true if the page must not grow."""

    kind: str
    few: int
    many: int
    held: bool

    @property
    def ratio(self) -> float:
        """Large over small."""
        return self.many / self.few


def pages_by_kind(site: Path) -> dict[str, list[Path]]:
    """Return the HTML files of a site: entries by kind, and other files by path with `*` for series and numbers."""
    catalog = json.loads((site / "catalog.json").read_bytes())
    kinds = {entry["url"]: kind for name, kind in KINDS.items() for entry in catalog[name]}
    series = {entry["id"] for entry in catalog["series"]}
    found: dict[str, list[Path]] = {}
    for path in sorted(site.rglob("*.html")):
        url = path.relative_to(site).as_posix().removesuffix("index.html")
        found.setdefault(_kind_of(url, kinds, series), []).append(path)
    return found


def _kind_of(url: str, kinds: Mapping[str, str], series: set[str]) -> str:
    """Return the kind of the page at an address relative to the site. A page below an entry's page is a list of that
    entry."""
    if url in kinds:
        return kinds[url]
    above = next((kinds[parent] for parent in _parents(url) if parent in kinds), "")
    if above:
        return f"{above}: further pages"
    parts = ["*" if part in series or part.isdigit() else part for part in url.split("/")]
    return "/".join(parts) or "home"


def _parents(url: str) -> Iterator[str]:
    parts = url.rstrip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        yield "/".join(parts[:length]) + "/"


def growth(few: Mapping[str, Sequence[Path]], many: Mapping[str, Sequence[Path]]) -> list[Growth]:
    """Return how the largest page of each kind in both sites grows from the small to the large site."""
    return [Growth(kind, _largest(few[kind]), _largest(many[kind]), kind in HELD) for kind in few if kind in many]


def _largest(paths: Sequence[Path]) -> int:
    return max(path.stat().st_size for path in paths)

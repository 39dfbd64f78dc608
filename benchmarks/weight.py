"""How heavy the pages of a built site are, by kind, and how that grows with the number of episodes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KINDS = {"episodes": "episode", "topics": "topic", "tools": "tool", "resources": "resource", "terms": "term"}


@dataclass(frozen=True)
class Growth:
    """The largest page of a kind in a small and in a large site, in bytes; `held` where it must not grow."""

    kind: str
    few: int
    many: int
    held: bool

    @property
    def ratio(self) -> float:
        """Large over small."""
        return self.many / self.few


def largest_pages(root: Path) -> dict[str, int]:
    """Bytes of the largest page of each kind: of entries by their kind, of the rest by its path with names replaced."""
    site = root / "site"
    catalog = json.loads((site / "catalog.json").read_bytes())
    kinds = {entry["url"]: kind for name, kind in KINDS.items() for entry in catalog[name] if entry.get("url")}
    series = {entry["id"] for entry in catalog["series"]}
    found: dict[str, int] = {}
    for path in sorted(site.rglob("*.html")):
        url = path.relative_to(site).as_posix().removesuffix("index.html")
        kind = _kind_of(url, kinds, series)
        found[kind] = max(found.get(kind, 0), path.stat().st_size)
    return found


def _kind_of(url: str, kinds: Mapping[str, str], series: set[str]) -> str:
    """The kind of the page at an address relative to the site's own; what lies below an entry's is a list of it."""
    if url in kinds:
        return kinds[url]
    above = next((kind for entry, kind in kinds.items() if url.startswith(entry)), "")
    if above:
        return f"{above}: further pages"
    parts = ["*" if part in series or part.isdigit() else part for part in url.split("/")]
    return "/".join(parts) or "home"


def growth(few: Mapping[str, int], many: Mapping[str, int]) -> list[Growth]:
    """The kinds that both sites have. Entries' pages, the home page and the 404 page must not grow; lists may."""
    held = {*KINDS.values(), "home", "404.html"}
    return [Growth(kind, few[kind], many[kind], kind in held) for kind in few if kind in many]

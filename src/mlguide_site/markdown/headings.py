"""Assigns levels and anchors to the headings of a body."""

from functools import lru_cache

from markdown.extensions.toc import slugify, unique

# anchors are cached, because headings such as "Resources" recur in every episode
_slug = lru_cache(maxsize=4096)(slugify)
_FIRST_LEVEL, _LAST_LEVEL = 2, 6


class Outline:
    """The outline of one body. The page's title is h1, so the body begins at h2. No level is skipped: an h4 after an h2
    becomes an h3. Anchors are the same as in Python-Markdown's toc extension. No heading uses the title's anchor."""

    def __init__(self, title: str) -> None:
        self._ranks: list[int] = []
        self._anchors: set[str] = set()
        self._counts: dict[str, int] = {}
        """Maps each anchor to the last number that `unique` appended to it, such as 2 for `clay_2`."""
        if title:
            self._free(_slug(title, "-"))

    def level(self, rank: int) -> int:
        """Return the level of the next heading on the page. `rank` is the heading's level in the source."""
        while self._ranks and self._ranks[-1] >= rank:
            self._ranks.pop()
        self._ranks.append(rank)
        return min(_FIRST_LEVEL - 1 + len(self._ranks), _LAST_LEVEL)

    def anchor(self, text: str) -> str | None:
        """Return the anchor of the next heading, or None if it would begin with `_`, like theme ids (`__search`)."""
        anchor = _slug(text, "-")
        # an extension may turn leading hyphens into dashes, which the engine removes from the anchor
        return None if anchor.lstrip("-").startswith("_") else self._free(anchor)

    def _free(self, anchor: str) -> str:
        # the type stubs of `unique` lack the last argument
        return unique(anchor, self._anchors, self._counts)  # type: ignore[call-arg]

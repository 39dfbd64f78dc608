"""The levels and anchors that the headings of a body get on its page."""

from functools import lru_cache

from markdown.extensions.toc import slugify, unique

# headings such as "Resources" recur in every episode
_slug = lru_cache(maxsize=4096)(slugify)
_FIRST_LEVEL, _LAST_LEVEL = 2, 6


class Outline:
    """Assigns each heading of one body, in order, its level and its anchor.

    Levels: the page's title is h1, so a body begins at h2; a heading is one level below the nearest higher-ranked one
    above it, so that no level is skipped. Anchors: those of Python-Markdown's toc extension, with the title's anchor
    already taken.
    """

    def __init__(self, title: str) -> None:
        self._ranks: list[int] = []
        self._anchors: set[str] = set()
        self._counts: dict[str, int] = {}
        """The highest number known to be taken, by anchor; with it `unique` runs in linear time."""
        if title:
            self._free(_slug(title, "-"))

    def level(self, rank: int) -> int:
        """The level on the page of the next heading, which its author wrote as h`rank`."""
        while self._ranks and self._ranks[-1] >= rank:
            self._ranks.pop()
        self._ranks.append(rank)
        return min(_FIRST_LEVEL - 1 + len(self._ranks), _LAST_LEVEL)

    def anchor(self, text: str) -> str | None:
        """The anchor of the next heading, of plain text `text`, white space folded.

        None if it would begin with `_`, as the ids of a theme's scripts do (`__search`).

        >>> outline = Outline("Notes")
        >>> outline.anchor("Notes"), outline.anchor("Grüße & Küsse"), outline.anchor("数据"), outline.anchor("__config")
        ('notes_1', 'grue-kusse', '_1', None)
        """
        anchor = _slug(text, "-")
        # another extension may turn leading hyphens into dashes, which are then dropped
        if anchor.lstrip("-").startswith("_"):
            return None
        return self._free(anchor)

    def _free(self, anchor: str) -> str:
        """The anchor, numbered if it is taken."""
        # its type stubs lack the last argument
        return unique(anchor, self._anchors, self._counts)  # type: ignore[call-arg]

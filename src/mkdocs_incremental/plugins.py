"""Plugins that are known: what they gather from pages, and how that is given back to them for pages that aren't made
again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental.marks import digest


def class_name(value: object) -> str:
    """The full name of a value's class."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


class Known:
    """A plugin as the driver sees it. This one has nothing to give back."""

    events: frozenset[str] = frozenset()
    """The events that are taken care of."""

    def __init__(self, plugin: Any) -> None:
        self.plugin = plugin

    def begin(self) -> None:
        """Forget what an earlier build in this process gathered."""

    def is_bound(self, page: Any) -> bool:
        """Whether a page, populated, must be kept at hand with all that populating it did here."""
        return False

    def restore(self, page: Any) -> None:
        """Take in a page that was populated elsewhere or earlier."""

    def settle(self, pages: Iterable[Any]) -> None:
        """All pages are populated, in this order."""

    def given(self, page: Any) -> str:
        """What the page's template is given of other pages; to be asked after the `env` event."""
        return ""

    def taken(self) -> Any:
        """What was gathered since this was last asked, as JSON values."""
        return None

    def gather(self, taken: Sequence[Any]) -> None:
        """All that was taken from the pages, in their order: what an `mkdocs build` would have gathered."""


class _Search(Known):
    """The search plugins of MkDocs and of Material: entries of an index, gathered as pages are rendered."""

    events = frozenset({"page_context", "post_build"})
    attribute = ""

    def _entries(self) -> list[Any]:
        found: list[Any] = getattr(self.plugin.search_index, self.attribute)
        return found

    def begin(self) -> None:
        if getattr(self.plugin, "search_index", None) is not None:
            self._entries().clear()

    def taken(self) -> Any:
        index = getattr(self.plugin, "search_index", None)
        if index is None:
            return []
        entries = self._entries()[:]
        self._entries().clear()
        return entries

    def gather(self, taken: Sequence[Any]) -> None:
        if getattr(self.plugin, "search_index", None) is not None:
            self._entries()[:] = [entry for entries in taken for entry in entries or ()]


class MaterialSearch(_Search):
    """Material's."""

    attribute = "entries"


class MkDocsSearch(_Search):
    """MkDocs' own."""

    attribute = "_entries"


class MaterialTags(Known):
    """Material's tags: pages' tags and listings of them are gathered as pages are read, listings filled at `env`."""

    events = frozenset({"page_markdown", "env", "page_context"})

    def __init__(self, plugin: Any) -> None:
        super().__init__(plugin)
        self._closest: dict[Any, Any] = {}

    @property
    def _is_on(self) -> bool:
        return bool(self.plugin.config.enabled)

    def begin(self) -> None:
        if self.plugin.mappings is not None:
            self.plugin.mappings.data.clear()
            self.plugin.listings.data.clear()

    def is_bound(self, page: Any) -> bool:
        return self._is_on and any(listing.page is page for listing in self.plugin.listings)

    def restore(self, page: Any) -> None:
        if self._is_on and self.plugin.filter(page.file):
            self.plugin.mappings.add(page, "")

    def settle(self, pages: Iterable[Any]) -> None:
        if self._is_on:
            data = self.plugin.mappings.data
            self.plugin.mappings.data = {page.url: data[page.url] for page in pages if page.url in data}

    def given(self, page: Any) -> str:
        if not (self._is_on and self.plugin.config.tags and self.plugin.filter(page.file)):
            return ""
        mapping = self.plugin.mappings.get(page)
        if not mapping:
            return ""
        references = [
            [str(tag.name), bool(tag.hidden), [[link.title, link.url] for link in tag.links]]
            for tag in self.plugin.listings & mapping
        ]
        return digest(json.dumps(references).encode())


KNOWN: Mapping[str, type[Known]] = {
    "material.plugins.search.plugin.SearchPlugin": MaterialSearch,
    "mkdocs.contrib.search.SearchPlugin": MkDocsSearch,
    "material.plugins.tags.plugin.TagsPlugin": MaterialTags,
}
"""By the full name of their class."""


def known_plugins(config: MkDocsConfig) -> dict[str, Known]:
    """The known plugins of settings, by their names there."""
    return {
        name: KNOWN[class_name(plugin)](plugin)
        for name, plugin in config.plugins.items()
        if class_name(plugin) in KNOWN
    }

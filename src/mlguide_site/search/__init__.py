"""The search index of a built site, made by Pagefind from its pages and loaded by the browser piece by piece."""

from mlguide_site.search.pagefind import index, refresh

__all__ = ["index", "refresh"]

"""The search.index of a built site, made by Pagefind from its pages and read in the browser piece by piece."""

from mlguide_site.search.program import index
from mlguide_site.search.refresh import Searcher, refresh

__all__ = ["Searcher", "index", "refresh"]

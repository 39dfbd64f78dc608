"""Builds a site's search index with Pagefind. Browsers load parts of the index on demand."""

from mlguide_site.search.background import indexing_ahead
from mlguide_site.search.pagefind import Prepared, index, refresh

__all__ = ["Prepared", "index", "indexing_ahead", "refresh"]

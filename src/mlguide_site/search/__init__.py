"""The search index of a built site, made by Pagefind; the browser loads parts of it on demand."""

from mlguide_site.search.background import indexing_ahead
from mlguide_site.search.pagefind import Prepared, index, refresh

__all__ = ["Prepared", "index", "indexing_ahead", "refresh"]

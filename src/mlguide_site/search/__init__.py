"""Builds a site's search index with Pagefind. Browsers load parts of the index on demand."""

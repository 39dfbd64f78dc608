"""From a catalog to a site: cache, changed files only, engines, preview."""

MKDOCS_CACHE = "build/mkdocs.cache"
"""What the last build by MkDocs left, in the root; it may be deleted at any time."""

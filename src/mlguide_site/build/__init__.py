"""From a catalog to a site: cache, changed files only, engines, preview."""

MKDOCS_CACHE = "build/mkdocs.cache"
"""The cache of the last MkDocs build, in the root; it can be deleted at any time."""

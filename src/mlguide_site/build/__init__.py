"""Builds a site from a catalog: contains the caches, the writing of changed files, the engines and the preview."""

MKDOCS_CACHE = "build/mkdocs.cache"
"""The path in a root of the cache of the last MkDocs build. The cache can be deleted at any time."""

"""The code that turns a catalog into a site: caches, output of files, engines and the preview."""

MKDOCS_CACHE = "build/mkdocs.cache"
"""The path of MkDocs' build cache, relative to a root. The cache can be deleted at any time."""

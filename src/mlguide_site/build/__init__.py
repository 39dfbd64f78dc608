"""The code that turns a catalog into a site: caches, output of files, engines and the preview."""

MKDOCS_CACHE = "build/mkdocs.cache"  # the cache of `mkdocs_incremental` in a root

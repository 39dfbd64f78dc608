"""The code that turns a catalog into a site: caches, output of files, engines and the preview."""

MKDOCS_CACHE = "build/mkdocs.cache"  # MkDocs' build cache in a root; it can be deleted at any time

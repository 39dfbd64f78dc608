"""Rebuilds any MkDocs site by rendering only changed pages. The site is the same as after a clean `mkdocs build`.

README.md in this folder explains what is supported, what triggers a full build, and how the cache is invalidated.
`builder.build` builds a site once. `builder.Builder` keeps its state in memory between builds, for previews.
`unchanged.unchanged` checks whether anything changed since the last build, without importing MkDocs.

    from mkdocs.config import load_config
    from mkdocs_incremental.builder import build

    result = build(load_config("mkdocs.yml"), site=Path("site"), cache=Path(".cache/site.db"), jobs=2)
    print(result.full, result.reason, sorted(result.written))
"""

"""Rebuilds any MkDocs site by rendering only the pages that changed; the result equals a clean `mkdocs build`.

See README.md in this folder: what is supported, what triggers a full build, and how the cache is invalidated.

    from mkdocs.config import load_config
    from mkdocs_incremental.builder import build

    result = build(load_config("mkdocs.yml"), site=Path("site"), cache=Path(".cache/site.db"), jobs=2)
    print(result.full, result.reason, sorted(result.written))

- `builder.build` builds once; `builder.Builder` stays in memory and builds after each edit, for previews.
- `unchanged.unchanged` tells without importing MkDocs that nothing changed since the last build.
"""

"""Builds a MkDocs site again by rendering only what changed, and leaves byte for byte what `mkdocs build` would.

It drives MkDocs' own functions and events in MkDocs' own order and works with any `mkdocs.yml`:

    from mkdocs.config import load_config
    from mkdocs_incremental.driver import build

    built = build(load_config("mkdocs.yml"), site=Path("site"), cache=Path(".cache/site.db"), jobs=2)
    print(built.full, built.why, sorted(built.rendered))

- `driver.build` builds once; `resident.Rebuilder` stays in memory and builds again and again, as a preview wants it.
- `quick.unchanged` says, before MkDocs is imported, that nothing changed since the last build.

What a page is made of is observed, not guessed: its source, the files that its links look up, and what its template
reads of other pages. A page is made again when any of that changed. What reaches every page is in one key: the
settings, the theme's folders, hooks, the installed distributions. Where that key changed, or the navigation, or where
the site in place isn't what the last build left, or where something isn't understood, the build is a full one, beside
the site that stands, and says why in one line. Full builds use forked workers where the system has them.

A plugin or hook is understood when it is known here (`plugins.py`), when it has no events but those that run whole in
every build (`config`, `pre_build`, `files` and the like), or when it says so itself: `incremental_events`, an
attribute of the plugin or of the hook's module, names the events

- of pages (`page_markdown`, `page_content`, `page_context` and the like) whose result depends on that page and the
  settings alone and that keep nothing between pages;
- of the whole site (`post_build`, `env` and the like) that do right on a site of which only the changed files were
  written anew: what such an event added to the site in an earlier build still stands, what it no longer wants it
  removes itself.

One that has this attribute says as well that what it reads is under MkDocs' `watch` setting or among the `inputs` that
`driver.build` is given; else a hook with a `config` or `files` event, say, is run in every build, and `quick.unchanged`
never says that nothing changed. A process that stays in memory loads settings, plugins and hooks anew for each build
where there is one that doesn't have it, so that what one build did to the settings isn't there in the next.

The cache is one SQLite file of plain data (JSON and text; nothing in it is ever run). It may be deleted at any time; a
damaged or foreign one is left aside. It holds for the very files of the very site that it was made with, so a cache
that comes from elsewhere has no effect.
"""

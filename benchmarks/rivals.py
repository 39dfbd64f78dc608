"""Builds the same Markdown with other site generators. The generated pages are used without the meaning of their front
matter."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from benchmarks.aside import set_aside
from benchmarks.processes import Timing, run

ZENSICAL = """\
site_name: Benchmark
site_url: https://bench.example/
docs_dir: docs
theme: {name: material, font: false, features: [navigation.tabs]}
nav: [{Home: index.md}, {Episodes: episodes/index.md}, {Topics: topics/index.md}, {Tools: tools/index.md}]
"""
SETTINGS = """\
baseURL = "https://bench.example/"
title = "Benchmark"
{more}[markup.goldmark.renderer]
unsafe = true
"""
PAGES_ALONE = 'disableKinds = ["taxonomy", "term", "RSS"]\n'
HUGO, HUGO_FEEDS = "Hugo, full, pages alone", "Hugo, full, with its feeds"
"""The names of the two builds with Hugo: one with pages and a sitemap, as the bare engine generates, and one with all
of Hugo's default output, including feeds, as our build generates."""
LAYOUT = "<!doctype html><html><head><title>{{ .Title }}</title></head><body>{{ .Content }}</body></html>\n"


def hugo_program() -> str | None:
    """Return Hugo's program, from the path or from the variable HUGO, or None if it isn't installed."""
    return os.environ.get("HUGO") or shutil.which("hugo")


def zensical(root: Path) -> Mapping[str, Timing]:
    """Build the pages of a root with Zensical: cold, and again after one page changed."""
    folder = _scratch(root, "zensical", "docs")
    (folder / "mkdocs.yml").write_text(ZENSICAL, "utf-8")
    command = ["zensical", "build"]
    cold = run(command, folder)
    page = next(iter(sorted((folder / "docs/episodes").glob("*/*.md"))))
    page.write_text(page.read_text("utf-8") + "\nSaid once more.\n", "utf-8")
    found = {"Zensical, cold": cold, "Zensical, one body edit": run(command, folder)}
    set_aside(folder, root.parent)
    return found


def hugo(root: Path, program: str) -> Mapping[str, Timing]:
    """Build the pages of a root with Hugo and a minimal theme. Hugo has only full builds."""
    folder = _scratch(root, "hugo", "content")
    for path in sorted((folder / "content").rglob("index.md")):
        # what Hugo takes for a bundle of one page is a section's page to the others
        path.rename(path.with_name("_index.md"))
    (folder / "layouts/_default").mkdir(parents=True)
    for name in ("single", "list"):
        (folder / f"layouts/_default/{name}.html").write_text(LAYOUT, "utf-8")
    (folder / "layouts/index.html").write_text(LAYOUT, "utf-8")
    found = {}
    for name, more in ((HUGO, PAGES_ALONE), (HUGO_FEEDS, "")):
        (folder / "hugo.toml").write_text(SETTINGS.format(more=more), "utf-8")
        found[name] = run([program, "--quiet"], folder)
        set_aside(folder / "public", root.parent)
    set_aside(folder, root.parent)
    return found


def _scratch(root: Path, name: str, pages: str) -> Path:
    """Copy the pages into a folder, and return it."""
    folder = root.parent / f"{root.name}-{name}"
    shutil.copytree(root / "build/pages", folder / pages)
    return folder

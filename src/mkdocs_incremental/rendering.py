"""Renders what a build needs into the staging folder: pages, templates without a page, and files that are copied."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mkdocs.commands.build import _build_extra_template, _build_theme_template
from mkdocs.structure.files import File

from mkdocs_incremental import output
from mkdocs_incremental.context import BuildContext, is_included, target_of
from mkdocs_incremental.pages import Pages
from mkdocs_incremental.plan import (
    Affected,
    Previous,
    changed_attributes,
    clock_of,
    list_text,
    moved_files,
    reusable_records,
)
from mkdocs_incremental.records import Message, recorded, replay
from mkdocs_incremental.signatures import digest, is_same, signature
from mkdocs_incremental.unchanged import build_time

FEW = 100
"""So many pages are rendered incrementally, however large a share of all pages they are."""


class Timer:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, stage: str) -> None:
        """A stage ends now."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now


@dataclass(frozen=True)
class Places:
    """Where the site is, and where a build renders into."""

    site: Path
    staging: Path


@dataclass(frozen=True)
class State:
    """What a build leaves in memory for the next one, and for the cache."""

    context: BuildContext
    previous: Previous
    facts: Mapping[str, Any]
    """Facts about the context: when it was made, its fingerprint, the digest of its navigation."""
    unsupported: str
    """Why each build of this context is a full one; empty where it need not be."""
    inputs: Mapping[str, str]
    """Signatures of what it was made from."""
    themes: Mapping[str, str]
    """Those among them of the theme's folders that are edited in place."""
    prepared: tuple[Message, ...]
    """Warnings logged before the first page was read."""
    template_messages: tuple[Message, ...] = ()
    messages: tuple[Message, ...] = ()


def render_site(
    state: State, pages: Pages, places: Places, timer: Timer, edited: frozenset[str] | None
) -> tuple[str, dict[str, Any], tuple[Message, ...]] | None:
    """Render what a build needs into the staging folder: the reason for a full build, the facts and the messages of
    templates. Where `edited` is given, no other source was edited; None where more than single pages must be rendered
    then. Raises what plugins and templates raise."""
    context, previous, reason = state.context, state.previous, state.previous.reason
    facts = {**state.facts, "time": build_time()}
    moved: set[str] = set()
    if edited is None:
        others = {file.src_uri: target_of(file) for file in context.files if not file.is_documentation_page()}
        facts |= {"targets": others, "list": digest(list_text(context).encode("utf-8", "surrogatepass"))}
        moved = set() if reason else moved_files(context, previous, others)
    else:
        facts = {**previous.facts, **facts}
    known = {} if reason else reusable_records(context, previous, moved, edited)
    for file in context.pages:
        if file.src_uri in known:
            pages.take(context.page(file), known[file.src_uri], is_loaded=edited is not None)
    pages.populate([file for file in context.pages if file.src_uri not in known])
    pages.replay("messages")
    wanted, templates_affected = set(pages.records), True
    if not reason:
        changed = changed_attributes((pages.records[path] for path in pages.fresh), previous, moved)
        times = (previous.facts["time"], facts["time"])
        list_changed = bool(moved) or facts["list"] != previous.facts["list"]
        affected = Affected(changed, context.tracker.navigation, list_changed, times)
        templates_affected = edited is None or affected(previous.facts["template_reads"])
        wanted = {path for path, record in known.items() if affected(record.reads)} | pages.fresh
        paths = [file.dest_uri for file in context.files if file.src_uri in moved] if moved else []
        if len(wanted) > max(FEW, len(context.pages) // 2):
            reason = "most pages changed"
        elif output.is_blocked(str(places.site), paths):
            reason = "a page takes the place of a folder"
    if reason and edited is not None:
        pages.restore_from(previous.records)
        return None
    timer.lap("populate")
    if edited is None:
        env = context.config.plugins.on_env(context.env, config=context.config, files=context.files)
        pages.context = context = replace(context, env=env)
        facts["statics"] = _copy_statics(context, {} if reason else previous.facts["statics"])
    template_messages = state.template_messages
    if templates_affected or reason:
        facts["templates"], facts["template_reads"], template_messages = _render_templates(context, places.staging)
    else:
        replay(template_messages)
    timer.lap("templates")
    pages.render([file for file in context.pages if reason or file.src_uri in wanted])
    pages.replay("render_messages")
    timer.lap("render")
    pages.check_anchors(frozenset(pages.fresh | moved), {} if reason else known)
    pages.replay("anchor_messages")
    timer.lap("anchors")
    reads = {record.reads for record in pages.records.values()} | {facts["template_reads"]}
    facts["clock"] = clock_of(reads)
    return reason, facts, template_messages


def _copy_statics(context: BuildContext, before: Mapping[str, str]) -> dict[str, str]:
    """Copy files that are no pages, where they have changed; the signatures of all, by path in the site."""
    found: dict[str, str] = {}
    for file in context.files:
        if file.is_documentation_page() or not is_included(file):
            continue
        path, known = file.abs_src_path, before.get(file.dest_uri)
        if path is not None and known is not None and is_same(path, known):
            found[file.dest_uri] = known
        else:
            found[file.dest_uri] = signature(path, time.time_ns()) if path else digest(file.content_bytes)
        # a template takes the place of its own source, where it renders anything
        if found[file.dest_uri] != known or file.src_uri in context.config.extra_templates:
            file.copy_file()
    return found


def _render_templates(context: BuildContext, staging: Path) -> tuple[dict[str, str], str, tuple[Message, ...]]:
    """Render pages without a source: their digests by path, what they read, and their warnings."""
    names = sorted(context.config.theme.static_templates)
    tracker = context.tracker
    with tracker.reading(None) as reads, recorded() as messages:
        for name in names:
            _build_theme_template(name, context.env, context.files, context.config, context.nav)
        for name in context.config.extra_templates:
            file: File | None = context.files.get_file_from_path(str(name))
            if file is not None and "build_date_utc" in file.content_string:
                tracker.flag("time")  # these don't come from the environment that tracks it
            _build_extra_template(name, context.files, context.config, context.nav)
    paths = [staging / name for name in (*names, "sitemap.xml.gz")]
    made = {str(path.relative_to(staging)): digest(path.read_bytes()) for path in paths if path.is_file()}
    return made, reads.summary(), tuple(messages)

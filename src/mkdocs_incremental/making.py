"""One page, from its source to what stands in the site: MkDocs' course of events for it, with what it read noted."""

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from mkdocs_incremental import clock
from mkdocs_incremental.built import Message
from mkdocs_incremental.conversion import Converter
from mkdocs_incremental.data import NotDataError, pack, text_of, toc_of, toc_rows, unpack
from mkdocs_incremental.marks import digest, mark
from mkdocs_incremental.messages import diverted, encode
from mkdocs_incremental.observed import ATTRIBUTES, Noted, ObservedList, ObservedPage, Reads
from mkdocs_incremental.plugins import Known
from mkdocs_incremental.rows import Drawn, Made

log = logging.getLogger("mkdocs.commands.build")
DRAFT = '<div class="mkdocs-draft-marker" title="This page will not be included into the built site.">DRAFT</div>'
"""What MkDocs puts before a page that only a preview shows."""


class Maker:
    """Makes pages of one build. It is given MkDocs' objects, and what it notes goes to the rows it returns."""

    def __init__(self, config: MkDocsConfig, files: Files, reads: Reads, known: Mapping[str, Known]) -> None:
        self.config, self.files, self.reads, self.known = config, files, reads, known
        self.converter = Converter(config, files)
        self.last_words: list[Message] = []
        """What was logged for the page at hand: to be said where an error ends the build."""

    def populate(self, page: ObservedPage, heard: list[Message]) -> Noted:
        """Read a page and turn it into HTML. What is logged goes to `heard`. Raises what plugins raise."""
        plugins, config, files = self.config.plugins, self.config, self.files
        before, config._current_page = config._current_page, page
        try:
            with diverted(heard), self.reads.by(page) as noted:
                page.bring = None
                if not page.is_titled:
                    page.__dict__.pop("title", None)
                plugins.on_pre_page(page, config=config, files=files)
                page.read_source(config)
                text = page.markdown or ""
                page.markdown = plugins.on_page_markdown(text, page=page, config=config, files=files)
                self.converter.render(page)
                html = page.content or ""
                page.content = plugins.on_page_content(html, page=page, config=config, files=files)
            return noted
        except Exception as error:
            _blame("reading", page, error, heard)
            raise
        finally:
            config._current_page = before

    def made(self, page: ObservedPage) -> Made:
        """Populate a page and say what is to be remembered of it."""
        heard: list[Message] = []
        file = page.file
        source, sum = source_of(file)
        self.last_words = heard
        noted = self.populate(page, heard)
        lasting = not (noted.pages or noted.flags or any(known.is_bound(page) for known in self.known.values()))
        if source != source_of(file)[0] and file.abs_src_path:
            lasting = False  # written to meanwhile
        own = page.present_anchor_ids or set()
        try:
            meta = pack(page.meta)
        except NotDataError:
            meta, lasting = None, False
        state = {"title": page.title, "meta": meta, "toc": toc_rows(page.toc), "ids": sorted(own)}
        links = [
            [to.src_uri, anchor, link]
            for to, anchors in (page.links_to_anchors or {}).items()
            for anchor, link in anchors.items()
            if to is not file or anchor not in own
        ]
        looked = "\n".join(sorted(noted.files))
        told = json.dumps(links) if links else ""
        try:
            text = text_of(state)
        except TypeError:
            text, lasting = "{}", False  # a title that is no text
        return Made(file.src_uri, source, sum, facts_of(file), looked, text, told, encode(heard), lasting)

    def draw(
        self,
        page: ObservedPage,
        pages: ObservedList,
        nav: Navigation,
        env: jinja2.Environment,
        given: str,
    ) -> tuple[Drawn, bytes]:
        """Render a populated page into its template; returns its bytes as well, empty where there is no file."""
        plugins, config, heard = self.config.plugins, self.config, list[Message]()
        config._current_page, self.last_words = page, heard
        for known in self.known.values():
            known.taken()
        try:
            with diverted(heard), self.reads.by(page) as noted:
                page.active = True
                context = get_context(nav, pages, config, page)
                context["build_date_utc"] = clock.ObservedTime.of(context["build_date_utc"], self.reads.flag)
                template = env.get_template(page.meta.get("template", "main.html"))
                context = plugins.on_page_context(context, page=page, config=config, nav=nav)
                if page.file.inclusion.value <= InclusionLevel.DRAFT.value:
                    page.content = DRAFT + (page.content or "")
                output = plugins.on_post_page(template.render(context), page=page, config=config)
                if not output.strip():
                    log.info("Page skipped: '%s'. Generated empty output.", page.file.src_uri)
        except Exception as error:
            _blame("building", page, error, heard)
            raise
        finally:
            page.active = False
            config._current_page = None
        data = output.encode("utf-8", errors="xmlcharrefreplace") if output.strip() else b""
        taken = {name: known.taken() for name, known in self.known.items()}
        told = json.dumps(taken, separators=(",", ":"), default=str) if any(taken.values()) else ""
        return Drawn(digest(data) if data else "", noted.told(), given, told, encode(heard)), data


def _blame(doing: str, page: ObservedPage, error: Exception, heard: list[Message]) -> None:
    """What was logged before the error is said; and of which page it is."""
    from_page = f"Error {doing} page '{page.file.src_uri}':"
    heard.append(
        Message(log.name, logging.ERROR, from_page if isinstance(error, BuildError) else f"{from_page} {error}")
    )


def source_of(file: File) -> tuple[str, str]:
    """The mark and the digest of a file's bytes; the empty mark where they are not on disk."""
    path = file.abs_src_path
    if path is None:
        return "", digest(file.content_bytes)
    found = mark(path, time.time_ns())
    try:
        with open(path, "rb") as source:
            return found, digest(source.read())
    except OSError:
        return found, ""  # MkDocs will say what is wrong


def facts_of(file: File) -> str:
    """Where a file comes to stand, as text."""
    edit = file.edit_uri if isinstance(file.edit_uri, str) else ""
    return f"{file.dest_uri}|{file.url}|{file.inclusion.name}|{os.path.splitext(file.src_uri)[1]}|{edit}"


def restorer(made: Made, text: Callable[[ObservedPage], tuple[str, str]]) -> Callable[[ObservedPage, str], None]:
    """What brings to a page, when it is asked for, what populating it gave. `text` gives its HTML and its Markdown."""

    def bring(page: ObservedPage, name: str) -> None:
        kept = page.__dict__
        if name in ("content", "markdown"):
            kept["content"], kept["markdown"] = text(page)
            return
        state: Mapping[str, Any] = json.loads(made.state)
        kept["title"], kept["meta"] = state["title"], unpack(state["meta"])
        kept["toc"], kept["present_anchor_ids"] = toc_of(state["toc"]), set(state["ids"])

    return bring


def restore(page: ObservedPage, made: Made, text: Callable[[ObservedPage], tuple[str, str]]) -> None:
    """Give a page back what populating it earlier, or in another process, gave, to be brought when it is asked for."""
    for name in ATTRIBUTES:
        if not (name == "title" and page.is_titled):
            page.__dict__.pop(name, None)
    page.bring = restorer(made, text)

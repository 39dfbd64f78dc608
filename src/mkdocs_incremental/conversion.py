"""Markdown to HTML as MkDocs' `Page.render` has it, with one converter for all pages where that makes no difference.

To set up Python-Markdown with its extensions takes as long as to convert a page of middling length. A converter serves
again where its extensions are known to forget a page on `reset`, and their settings are plain data. What raw HTML there
is in a page is found by `raw_html`.
"""

import logging
from collections.abc import Mapping
from typing import Any

from markdown import Markdown
from markdown.preprocessors import HtmlBlockPreprocessor
from mkdocs import __version__ as version
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from mkdocs_incremental.raw_html import Anchors, Blocks, Seen

FORGETFUL = frozenset(
    {"admonition", "attr_list", "def_list", "fenced_code", "md_in_html", "sane_lists", "smarty", "tables", "toc"}
    | {"pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.superfences", "pymdownx.tasklist"}
)
"""Extensions that leave nothing of a page behind once the converter is reset."""
UNDERSTOOD = version.startswith("1.6.")
"""Whether what `Page.render` does is what stands here."""
HTML_BLOCK = 20
"""Where Python-Markdown has `html_block` among its preprocessors."""
_RENDER = Page.render


class Converter:
    """Converts the pages of one build, one after the other."""

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self.config, self.files = config, files
        names, settings = config["markdown_extensions"], config["mdx_configs"] or {}
        self._lasts = all(isinstance(name, str) and name in FORGETFUL for name in names) and _is_data(settings)
        self._idle: Markdown | None = None
        self._seen = Seen()

    def render(self, page: Page) -> None:
        """Convert a page's Markdown; sets what `Page.render` sets. Raises what extensions raise."""
        if not UNDERSTOOD or type(page).render is not _RENDER:
            page.render(self.config, self.files)
            return
        if page.markdown is None:
            raise RuntimeError("`markdown` field hasn't been set (via `read_source`)")
        # none while it is at work, should an extension convert another page meanwhile; and a new one after an error
        md, self._idle = self._idle or self._new(), None
        md.reset()
        raw = Anchors(self._seen)
        present = pages._ExtractAnchorsTreeprocessor(page.file, self.files, self.config)
        links = pages._RelativePathTreeprocessor(page.file, self.files, self.config)
        title = pages._ExtractTitleTreeprocessor()
        for processor in (raw, present, links, title):
            processor._register(md)
        page.content = md.convert(page.markdown)
        page.toc = get_toc(getattr(md, "toc_tokens", []))
        page._title_from_render = title.title
        page.present_anchor_ids = present.present_anchor_ids | raw.present_anchor_ids
        if pages.log.getEffectiveLevel() > logging.DEBUG:
            page.links_to_anchors = links.links_to_anchors
        if self._lasts:
            self._idle = md

    def _new(self) -> Markdown:
        config = self.config
        md = Markdown(extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"] or {})
        if "html_block" in md.preprocessors and type(md.preprocessors["html_block"]) is HtmlBlockPreprocessor:
            md.preprocessors.register(Blocks(md, self._seen), "html_block", HTML_BLOCK)
        return md


def _is_data(value: Any) -> bool:
    """Whether nothing but plain data is in a value: what runs might remember."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_data(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(_is_data, value))
    return value is None or isinstance(value, (str, int, float))

"""Parses the HTML that the engine's Markdown produces from a page."""

from html.parser import HTMLParser

import markdown
from markdown.extensions.toc import slugify_unicode

EXTENSIONS = [
    "admonition",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "sane_lists",
    "tables",
    "toc",
]
_ENGINE = markdown.Markdown(extensions=EXTENSIONS, extension_configs={"toc": {"slugify": slugify_unicode}})
VOID = {"img", "br", "hr", "input"}
CLOSES_P = {"p", "ul", "ol", "dl", "div", "section", "nav", "blockquote", "h2", "h3", "details"}


class Page(HTMLParser):
    """The content of a page. `wrong` lists elements that are not closed in order, or that HTML doesn't allow at their
    place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.after_term = False
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.h1 = ""
        self.feed(_ENGINE.reset().convert(text.split("---\n", 2)[2]))
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in CLOSES_P and "p" in self.open:
            self.wrong.append(f"<{tag}> in a paragraph, {self.getpos()}")
        self.check_term(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> {self.getpos()}")
        self.check_term(tag)
        self.after_term = tag == "dt"

    def check_term(self, tag: str) -> None:
        """Check that the tag after the term of a list is that of another term or of a description."""
        if self.after_term and tag not in {"dt", "dd"}:
            self.wrong.append(f"a term without a description, {self.getpos()}")
        self.after_term = False

    def handle_data(self, data: str) -> None:
        if "h1" in self.open:
            self.h1 += data

    def all(self, attribute: str) -> list[str]:
        """Return the values of an attribute, in order."""
        return [value for _, attributes in self.tags if (value := attributes.get(attribute)) is not None]

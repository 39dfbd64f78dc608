"""Helpers that read pages: Python-Markdown's HTML of a text, its words and structure, and forbidden content."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import lxml.html
import markdown
from markdown.extensions.toc import slugify_unicode

from mlguide_site.markdown.document import Document
from mlguide_site.markdown.parser import parser
from threats.scan import is_formula

CONTRACT = (
    "tables",
    "admonition",
    "sane_lists",
    "toc",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.details",
)
EVERYTHING = (
    *CONTRACT,
    "attr_list",
    "md_in_html",
    "def_list",
    "footnotes",
    "abbr",
    "smarty",
    "wikilinks",
    "pymdownx.arithmatex",
    "pymdownx.b64",
    "pymdownx.betterem",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.details",
    "pymdownx.blocks.html",
    "pymdownx.caret",
    "pymdownx.critic",
    "pymdownx.emoji",
    "pymdownx.inlinehilite",
    "pymdownx.keys",
    "pymdownx.magiclink",
    "pymdownx.mark",
    "pymdownx.progressbar",
    "pymdownx.snippets",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)
CONFIGS: dict[str, dict[str, Any]] = {
    "pymdownx.snippets": {"base_path": ["/"], "restrict_base_path": False, "check_paths": True},
    "pymdownx.critic": {"mode": "view"},
    "pymdownx.magiclink": {"repo_url_shortener": True, "social_url_shorthand": True},
}


@cache
def _engine(extensions: tuple[str, ...]) -> markdown.Markdown:
    configs = {name: config for name, config in CONFIGS.items() if name in extensions}
    configs["toc"] = {"slugify": slugify_unicode}
    return markdown.Markdown(extensions=list(extensions), extension_configs=configs)


def render(text: str, extensions: tuple[str, ...] = CONTRACT) -> str:
    """Return Python-Markdown's HTML of a text."""
    return _engine(extensions).reset().convert(text)


def expected_html(document: Document) -> str:
    """Return markdown-it's HTML of the cleaned tree."""
    renderer = parser()
    renderer.add_render_rule("footnote_ref", _reference)
    renderer.add_render_rule("footnote_label", _label)
    tokens = [replace(token, hidden=False) if token.hidden else token for token in document.tokens]
    return renderer.renderer.render(tokens, renderer.options, {})


def has_notes(document: Document) -> bool:
    """Return whether a document has footnotes. Internal links of the page lead to footnotes and back."""
    return any(token.type == "footnote_label" for outer in document.tokens for token in outer.children or ())


def has_formulas(document: Document) -> bool:
    """Return whether a document has formulas. Notes may not contain the MathML that they become."""
    children = [token for outer in document.tokens for token in outer.children or ()]
    return any(token.type == "html_inline" and "<math" in token.content for token in children)


def _reference(_renderer: Any, tokens: Any, at: int, *_: Any) -> str:
    number = tokens[at].meta["number"]
    return f'<sup><a href="#fn.{number}">{number}</a></sup>'


def _label(_renderer: Any, tokens: Any, at: int, *_: Any) -> str:
    number = tokens[at].meta["number"]
    return f'<sup><a href="#fnref.{number}">{number}</a></sup> '


def tree(html: str) -> Any:
    """Return the elements of an HTML fragment, below one `body`."""
    return lxml.html.document_fromstring(f"<html><body>{html}</body></html>").find("body")


_INLINE = frozenset("a b strong em i code kbd mark u s del ins small abbr sub sup var samp q cite dfn span img".split())
Part = Any


def outline(html: str) -> list[Part]:
    """Return the text and the structure of a page: text with collapsed whitespace, and elements with their content.

    Meaningless differences between the two renderers are left out: ids, classes, the wrappers of highlighted code,
    paragraphs in list items, empty paragraphs, comments, and the row of a table without rows.
    """
    return _folded(_parts(tree(html)))


def visible(html: str) -> str:
    """Return all text of a page with collapsed whitespace. Images are replaced by their descriptions."""
    return " ".join(_words(outline(html)).split())


def _words(parts: list[Part]) -> str:
    out = []
    for part in parts:
        if part is None:
            out.append(" ")
        elif isinstance(part, str):
            out.append(part)
        elif part[0] == "img":
            out.append(part[1].get("alt", ""))
        else:
            inner = _words(part[2])
            out.append(inner if part[0] in _INLINE else f" {inner} ")
    return "".join(out)


def _parts(element: Any) -> list[Part]:
    out: list[Part] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            out.extend(_part(child))
        out.append(child.tail or "")
    return out


def _part(element: Any) -> list[Part]:
    tag = element.tag
    classes = (element.get("class") or "").split()
    if tag == "pre":
        return [("pre", {}, [element.text_content()])]
    if tag == "br":
        return [("br", {}, [])]
    if (tag == "p" and "admonition-title" in classes) or tag == "summary":
        return [("title", {}, _parts(element))]
    if (tag == "div" and "admonition" in classes) or tag == "details":
        return [("admonition", {}, _parts(element))]
    if (tag == "div" and ("highlight" in classes or not classes)) or tag in {"p", "tbody", "thead"}:
        # only a border between the content before and after
        return [None, *_parts(element), None]
    if tag in {"li", "dd"}:
        return [(tag, {}, _parts(element))]
    kept = {
        name: " ".join(value.split())
        for name in ("href", "title", "src", "alt", "start")
        if (value := element.get(name))
    }
    # unpaired parentheses are percent-encoded on the page
    kept = {name: value.replace("(", "%28").replace(")", "%29").replace("'", "%27") for name, value in kept.items()}
    if kept.get("start") == "1":
        del kept["start"]
    return [("del" if tag == "s" else tag, kept, _parts(element))]


def _folded(parts: list[Part]) -> list[Part]:
    out: list[Part] = []
    for part in parts:
        if part is None:
            if out and out[-1] is not None:
                out.append(None)
        elif isinstance(part, str):
            if out and isinstance(out[-1], str):
                out[-1] += part
            elif part:
                out.append(part)
        else:
            tag, attributes, inner = part
            folded = _folded(inner)
            if tag == "tr" and not _words(folded).strip() and not any(isinstance(c, tuple) and c[2] for c in folded):
                continue
            if tag == "blockquote" and not folded:
                continue
            if tag not in _INLINE and tag != "br":
                out.append(None)
            out.append((tag, attributes, folded))
            if tag not in _INLINE and tag != "br":
                out.append(None)
    return _trimmed(out)


def _trimmed(parts: list[Part]) -> list[Part]:
    """Collapse whitespace. Remove spaces beside borders, breaks and block elements, and borders that aren't between
    texts."""
    out: list[Part] = []
    for at, part in enumerate(parts):
        if isinstance(part, str):
            part = re.sub(r"\s+", " ", part)
            before, after = parts[at - 1] if at else None, parts[at + 1] if at + 1 < len(parts) else None
            if _is_edge(before):
                part = part.lstrip()
            if _is_edge(after):
                part = part.rstrip()
            if part:
                out.append(part)
        elif part is not None:
            if part[0] == "br" and (not out or _is_edge(out[-1])):
                continue
            out.append(part)
        elif out and out[-1] is not None:
            while out and _is_edge(out[-1]):
                out.pop()
            out.append(None)
    while out and _is_edge(out[-1]):
        out.pop()
    while out and _is_edge(out[0]):
        out.pop(0)
    return [
        part for at, part in enumerate(out) if part is not None or (_is_text(out[at - 1]) and _is_text(out[at + 1]))
    ]


def _is_edge(part: Part) -> bool:
    return part is None or (isinstance(part, tuple) and part[0] == "br")


def _is_text(part: Part) -> bool:
    return isinstance(part, str) or (isinstance(part, tuple) and part[0] in _INLINE)


ALLOWED_TAGS = frozenset(
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code a img em strong del ins sub sup kbd mark u s small"
    " abbr b i var samp q cite dfn wbr table caption colgroup col thead tbody tfoot tr th td div span details summary"
    " figure figcaption section article aside header footer".split()
)
ALLOWED_ATTRIBUTES = frozenset("href title src alt start colspan rowspan scope open class id style".split())
_OWN_CLASSES = frozenset(
    "admonition admonition-title highlight note abstract summary tldr info todo tip hint important success check done"
    " question help faq warning caution attention failure fail missing danger error bug example snippet quote cite"
    " seealso".split()
)
_ALIGNMENT = re.compile(r"text-align: (?:left|right|center);\Z")
_ADDRESS = re.compile(r"(?:https?://[^/?#]|mailto:[^/]|[^:/?#\\]*(?:[/?#][^\\]*)?\Z)", re.IGNORECASE)
# only footnotes add ids, roles and other attributes that the engine doesn't add
_NOTE_IDS = {"sup": re.compile(r"fn(?:ref)?\.\d+")}
_NOTE_ROLES = frozenset(["doc-noteref", "doc-backlink"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def threats(html: str, classes: bool = True) -> list[str]:
    """Return everything on a page that contributed text must not bring onto it. Without `classes`, only report active
    content: other extensions than the supported ones set classes themselves."""
    found = []
    page = tree(html)
    formulas = {part for math in page.iter("math") if is_formula(math) for part in math.iter()}
    for element in page.iter():
        tag = element.tag
        if not isinstance(tag, str) or tag == "body" or element in formulas:
            continue
        if tag not in ALLOWED_TAGS:
            found.append(f"<{tag}>")
        for name, value in element.attrib.items():
            if name == "class":
                wrong = classes and tag != "span" and not set(value.split()) <= _OWN_CLASSES and not _is_code(value)
            elif name in {"href", "src"}:
                plain = re.sub(r"[\x00-\x20]", "", value)
                wrong = plain != value or not _ADDRESS.match(plain) or plain.startswith(("//", "\\"))
            elif name == "id":
                # the toc extension adds ids to headings, but never an id that the theme's scripts use
                allowed = _NOTE_IDS.get(tag)
                wrong = not allowed.fullmatch(value) if allowed else _is_no_heading(tag, value)
            elif name == "role":
                wrong = tag != "a" or value not in _NOTE_ROLES
            elif name == "data-pagefind-ignore":
                wrong = value != ""
            elif name == "style":
                wrong = not (tag in {"th", "td"} and _ALIGNMENT.match(value))
            else:
                wrong = name not in ALLOWED_ATTRIBUTES
            if wrong:
                found.append(f"{tag}@{name}={value}")
    return found


def _is_no_heading(tag: str, id: str) -> bool:
    return tag not in _HEADINGS or re.match(r"_(?!\d+\Z)", id) is not None


def _is_code(classes: str) -> bool:
    return all(re.fullmatch(r"highlight|language-[\w+#.-]+", name) for name in classes.split())


def plain_text(document: Document) -> str:
    """Return the text of a body as readers see it, without markup: one line per paragraph, cell and heading, and code
    unchanged."""
    parts = []
    blocks = iter(document.blocks)
    for token in document.tokens:
        if token.type in {"inline", "html_block"}:
            parts.append(" ".join(next(blocks).text.split()))
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content.rstrip("\n"))
    return "\n".join(part for part in parts if part)

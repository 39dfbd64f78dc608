"""Blocks of HTML as Markdown: headings, paragraphs, lists, definitions, quotes, tables, links; the rest as its text.

What can't be read as text (scripts, styles, players, drawings, forms, their labels) is left out. Every sign of
the text that Markdown would take for its own is escaped.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from textwrap import indent
from typing import NamedTuple

from lxml import etree

_SKIPPED = frozenset(
    "script style template noscript audio video source track svg canvas object iframe input button select textarea "
    "progress meter dialog head title link meta form label".split()
)
_ITEMS = frozenset(["ul", "ol", "menu"])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer header hgroup "
    "hr li main menu nav ol p pre section search summary table tbody td tfoot th thead tr ul".split()
) | frozenset(_HEADINGS)
_SIGNS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_SPECIAL = re.compile(r"[\\`*<>\[\]]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,31};)|!$")
_SIGN = re.compile(r"[\\`*<>\[\]_&!]")
"""What `_SPECIAL` may match begins with one of these; most texts have none."""
_BEGINS = re.compile(r"(\d{1,9}(?=[.)])|(?=[#+=~|-]|:::))")
_UNSAFE = re.compile(r"[\s()<>\\\"`]")
_ALLOWED = re.compile(r"(?i)(?:https?:|mailto:)|[^:]*$|[^:]*[/?#]")
_DEEPEST = 40
"""How deep blocks may nest; deeper ones are written as their text."""
Link = Callable[[str], str]


class Block(NamedTuple):
    """A piece of Markdown, and whether it is a plain line that may follow a list item's sign."""

    text: str
    line: bool = False


def blocks_to_markdown(blocks: Sequence[str], link: Link) -> list[str]:
    """Blocks of HTML between other text, each as `html_to_markdown` has it; they are parsed at one go where
    each is complete in itself, which takes half the time."""
    body = _body("".join([f"<article>{block}</article>" for block in blocks]))
    parts = list(body) if body is not None else []
    if len(parts) != len(blocks) or any(part.tag != "article" or part.tail for part in parts):
        return [html_to_markdown(block, link) for block in blocks]
    return [_flow_text(part, link, 0) for part in parts]


def html_to_markdown(html: str, link: Link) -> str:
    """A piece of HTML as Markdown without a line end at its end; `link` maps the addresses of its links and images.

    >>> html_to_markdown('<p>A <b>bold</b> <a href="x/">link*</a></p><ul><li>one<li>two</ul>', str)
    'A **bold** [link\\\\*](x/)\\n\\n- one\\n- two'
    """
    body = _body(html)
    return _flow_text(body, link, 0) if body is not None else ""


def _body(html: str) -> etree._Element | None:
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<html><body>{html}</body></html>", parser)
    return root.find("body") if root is not None else None


def _flow_text(element: etree._Element, link: Link, depth: int) -> str:
    return "\n\n".join([block.text for block in _flow(element, link, depth)])


def _flow(element: etree._Element, link: Link, depth: int) -> list[Block]:
    """The blocks in an element, runs of text among them."""
    if depth > _DEEPEST:
        return _line([_escaped("".join(element.itertext()))])
    blocks: list[Block] = []
    text = element.text
    run = [_escaped(text)] if text and not text.isspace() else []
    for child in element:
        tag = child.tag
        if tag in _BLOCKS:
            if run:
                blocks += _line(run)
                run = []
            blocks += _block(child, link, depth + 1)
        elif tag not in _SKIPPED:
            run.append(_inline(child, link, depth + 1))
        text = child.tail
        if text and (run or not text.isspace()):
            run.append(_escaped(text))
    return blocks + _line(run) if run else blocks


def _line(run: Iterable[str]) -> list[Block]:
    """A run of inline Markdown as a paragraph; none where it is blank."""
    text = " ".join("".join(run).split())
    return [Block(_BEGINS.sub(r"\1\\", text, count=1) if _BEGINS.match(text) else text, True)] if text else []


def _block(element: etree._Element, link: Link, depth: int) -> list[Block]:
    tag = element.tag
    if "mg-heard" in (element.get("class") or "").split():  # of no use without the page's script
        return []
    if tag == "p":
        return _line([_listed(element, link, depth)])
    if tag == "nav":
        return _navigation(element, link, depth)
    if tag in _HEADINGS or tag == "summary":
        text = _words(element, link, depth)
        text = text and (f"**{text}**" if tag == "summary" else f"{'#' * _HEADINGS[tag]} {text}")
    elif tag in _ITEMS:
        text = _list(element, link, depth)
    elif tag == "dl":
        text = "\n".join(_definitions(element, link, depth))
    elif tag == "blockquote":
        text = "\n".join(f"> {line}".rstrip() for line in _flow_text(element, link, depth).splitlines())
    elif tag == "table":
        text = "\n".join(_table(element, link, depth))
    elif tag == "pre":
        text = _code("".join(element.itertext()).strip("\n"))
    elif tag == "hr":
        text = "---"
    else:
        return _flow(element, link, depth)
    return [Block(text)] if text else []


def _list(element: etree._Element, link: Link, depth: int) -> str:
    items: list[str] = []
    number = int(start) if (start := element.get("start", "1")).isdecimal() and len(start) < 9 else 1
    for child in element:
        if child.tag in _ITEMS and items:
            # a list between items belongs to the one before
            items.append(indent(_list(child, link, depth + 1), "    "))
        elif child.tag not in _SKIPPED:
            sign = f"{number}. " if element.tag == "ol" else "- "
            if text := _item(_flow(child, link, depth + 1), sign):
                items.append(text)
                number += 1
    return "\n".join(items)


def _item(blocks: list[Block], sign: str) -> str:
    """A list item: its first lines on one line, the rest below."""
    lead = [block.text for block in takewhile(lambda block: block.line, blocks)]
    below = "\n\n".join(block.text for block in blocks[len(lead) :])
    first = sign + " · ".join(lead)
    if below:
        return f"{first.rstrip()}\n{indent(below, ' ' * max(4, len(sign)))}"
    return first if lead else ""


def _definitions(element: etree._Element, link: Link, depth: int) -> Iterator[str]:
    """Each term with its definitions, on one line."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for node in element.iter("dt", "dd"):
        text = _words(node, link, depth)
        if node.tag == "dt":
            found.append((text, []))
        elif text:
            found[-1][1].append(text)
    for term, meanings in found:
        if term or meanings:
            yield f"- **{term}:** {'; '.join(meanings)}" if term else f"- {'; '.join(meanings)}"


def _navigation(element: etree._Element, link: Link, depth: int) -> list[Block]:
    """Links on one line, behind what the navigation is called."""
    links = [_inline(node, link, depth) for node in element.iter("a")]
    label = _escaped(element.get("aria-label") or "")
    text = ", ".join(found for found in links if found)
    return _line([f"{label}: {text}" if label else text]) if text else []


def _table(element: etree._Element, link: Link, depth: int) -> Iterator[str]:
    rows = [
        [_words(cell, link, depth).replace("|", "\\|") for cell in row if cell.tag in {"td", "th"}]
        for row in element.iter("tr")
    ]
    width = max((len(row) for row in rows), default=0)
    for at, row in enumerate(rows):
        yield f"| {' | '.join(row + [''] * (width - len(row)))} |"
        if at == 0:
            yield f"|{' --- |' * width}"


def _words(element: etree._Element, link: Link, depth: int) -> str:
    """The text of an element on one line: items of lists behind commas, what opens a fold left out."""
    if depth > _DEEPEST:
        return _escaped(" ".join("".join(element.itertext()).split()))
    parts = [_escaped(element.text)] if element.text else []
    for child in element:
        tag = child.tag
        if tag in _ITEMS:
            items = (_words(item, link, depth + 1) for item in child if item.tag == "li")
            parts.append(", ".join(item for item in items if item))
        elif tag == "details":
            parts += [", ", *(_words(below, link, depth + 1) for below in child if below.tag != "summary")]
        elif tag in _BLOCKS:
            parts += [" ", _words(child, link, depth + 1), " "]
        else:
            parts.append(_inline(child, link, depth + 1))
        if child.tail:
            parts.append(_escaped(child.tail))
    return " ".join("".join(parts).split()).replace(" , ", ", ")


def _listed(element: etree._Element, link: Link, depth: int) -> str:
    """A paragraph's content; where it is several elements with nothing between them, behind commas."""
    children = [child for child in element if child.tag not in _SKIPPED]
    if len(children) < 2 or any(text and text.strip() for text in (element.text, *(child.tail for child in element))):
        return _inside(element, link, depth)
    parts = (" ".join(_inline(child, link, depth + 1).split()) for child in children)
    return ", ".join(part for part in parts if part)


def _inside(element: etree._Element, link: Link, depth: int) -> str:
    if depth > _DEEPEST:
        return _escaped("".join(element.itertext()))
    parts = [_escaped(element.text)] if element.text else []
    for child in element:
        parts.append(_inline(child, link, depth + 1))
        if child.tail:
            parts.append(_escaped(child.tail))
    return "".join(parts)


def _inline(element: etree._Element, link: Link, depth: int) -> str:
    tag = element.tag
    if tag in _SKIPPED:
        return ""
    if tag == "br":
        return " "
    if tag in {"code", "kbd", "samp"}:
        text = " ".join("".join(element.itertext()).split())
        return _span(text) if text else ""
    if tag == "img":
        text = " ".join(_escaped(element.get("alt") or "").split())
        address = _address(element.get("src"), link)
        return f"![{text}]({address})" if text and address else text
    if tag == "a" and len(element) and element[0].tag == "span" and (element[0].tail or " ")[0].strip():
        # the label of a link, which is on a line of its own
        element[0].tail = f" · {element[0].tail}" if element[0].text else element[0].tail
    text = _inside(element, link, depth)
    if tag == "a":
        address, text = _address(element.get("href"), link), " ".join(text.split())
        return f"[{text}]({address})" if text and address else text
    if (sign := _SIGNS.get(tag)) and (inner := text.strip()):
        return f"{sign}{inner}{sign}"
    return text


def _address(value: str | None, link: Link) -> str:
    """An address as a link's target; "" for one that a page may not lead to."""
    value = (value or "").strip()
    if not value or not _ALLOWED.match(value):
        return ""
    return _UNSAFE.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), link(value)
    )


def _escaped(text: str) -> str:
    # a reference for what begins a tag: a program that takes the Markdown for HTML would see one behind a backslash
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\\<", "&lt;") if _SIGN.search(text) else text


def _span(text: str) -> str:
    """A code span with more backticks around it than follow each other in it."""
    ticks = _longer(text, 0)
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`"


def _code(text: str) -> str:
    ticks = _longer(text, 2)
    return f"{ticks}\n{text}\n{ticks}" if text.strip() else ""


def _longer(text: str, least: int) -> str:
    """More backticks than follow each other in a text, and than `least`."""
    return "`" * (1 + max(least, *map(len, re.findall(r"`+", text)), 0))

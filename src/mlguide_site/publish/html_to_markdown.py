"""The HTML of a page as Markdown: headings, paragraphs, links, a line for each list item; the rest as text.

It is read in one pass, since each page of a site is. It comes from templates and from the sanitiser, so elements are
well nested and attributes quoted. Code is text like any other. What can't be read as text (scripts, players, drawings,
forms, their labels) is left out.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from mlguide_site.markdown.escape import drop_unprintable, escape_heading, percent, unescape
from mlguide_site.markdown.plain import escape, escape_start

_SKIPPED = frozenset(
    "script style template noscript audio video svg canvas object iframe button select textarea progress meter dialog"
    " title form label".split()
)
_HEADINGS = {f"h{level}": f"{'#' * level} " for level in range(1, 7)}
_LISTS = frozenset(["ul", "ol", "menu"])
_BLOCKS = frozenset(
    "address article aside blockquote caption details div dl dt fieldset figcaption figure footer header hgroup hr li"
    " main nav p search section summary table tbody td tfoot th thead tr".split()
).union(_HEADINGS, _LISTS)
_SIGNS = {"strong": "**", "b": "**", "dt": "**", "summary": "**", "em": "*", "i": "*", "a": "["}
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*+)>|<!--.*?-->|([^<]+|<)", re.DOTALL)
_ATTRIBUTE = re.compile(r"(href|start)=\"([^\"]*)\"")
_ALLOWED = re.compile(r"(?i)(?:https?:|mailto:)|[^:]+$|[^:]*[/?#]")
_UNSAFE = re.compile(r"[\s()<>\\\"`]")
# no text has control characters: the end of a line, of a part of a list item, and of what begins a line
_LINE, _PART, _LEAD = "\0", "\1", "\2"
Link = Callable[[str], str]


def html_to_markdown(html: str, link: Link) -> str:
    r"""A piece of HTML as Markdown without a line end at its end; `link` maps the addresses of its links.

    >>> html_to_markdown('<p>A <b>bold</b> <a href="x/">link*</a></p><ul><li>one</li><li>two</li></ul>', str)
    'A **bold** [link\\*](x/)\n\n- one\n- two'
    """
    writer = _Writer(link)
    skipped, depth = "", 0
    for close, name, attributes, text in _TOKEN.findall(html):
        tag = name.lower()
        if skipped:
            depth += 0 if tag != skipped else -1 if close else 1
            skipped = skipped if depth else ""
        elif text:
            writer.text(drop_unprintable(unescape(text)) if "&#" in text else unescape(text))
        elif tag in _SKIPPED:
            skipped, depth = ("", 0) if close else (tag, 1)
        elif close:
            writer.close(tag)
        else:
            writer.open(tag, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})
    return "\n".join(writer.lines())


class _Writer:
    """Takes the tags and texts of a piece of HTML in order."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.pieces: list[str] = []
        self.opened: dict[str, tuple[int, str]] = {}
        """for each sign that is open its place among the pieces, and the address of a link"""
        self.lists: list[int] = []
        """for each open list the number of its next item, 0 for bullets"""

    def text(self, text: str) -> None:
        """Take text, its character references read. For what begins a tag it has one again: a program that takes the
        Markdown for HTML would see a tag."""
        self.pieces.append("&lt;".join(map(escape, text.split("<"))))

    def open(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if tag in _LISTS:
            start = attributes.get("start", "1")
            self.lists.append(int(start) if tag == "ol" and re.fullmatch("[0-9]{1,8}", start) else 0)
        if tag == "li" and self.lists:
            number = self.lists[-1]
            self.lists[-1] += number > 0
            self.pieces.append(
                f"{_LINE}{'    ' * min(len(self.lists) - 1, 9)}{f'{number}.' if number else '-'} {_LEAD}"
            )
        elif tag in _HEADINGS and not self.lists:
            self.pieces.append(f"{_LINE}{_HEADINGS[tag]}{_LEAD}")
        elif tag in _BLOCKS:
            self.pieces.append(_PART if self.lists else _LINE)
        elif tag in {"br", "dd"}:
            self.pieces.append(": " if tag == "dd" else " ")
        if sign := _SIGNS.get(tag):
            self.opened.setdefault(sign, (len(self.pieces), self.address(attributes.get("href", ""))))

    def close(self, tag: str) -> None:
        """Take the end of an element."""
        sign = _SIGNS.get(tag, "")
        if sign in self.opened:
            self.end(sign)
        if tag == "span" and "[" in self.opened:
            # the label of a link, which is on a line of its own
            self.pieces.append(" ")
        elif tag in _BLOCKS and tag != "dt":
            if tag in _LISTS and self.lists:
                self.lists.pop()
            self.pieces.append(_PART if self.lists else _LINE)

    def end(self, sign: str) -> None:
        """Put a sign around what came since it was opened; a link gets its address. What goes over several lines has
        none."""
        at, address = self.opened.pop(sign)
        inner = "".join(self.pieces[at:])
        text = " ".join(inner.split())
        del self.pieces[at:]
        if not text or _LINE in inner or _PART in inner:
            text = inner
        elif sign == "[" and address:
            before = self.pieces[-1] if self.pieces else ""
            if before.endswith("!"):
                # it would make a picture of the link
                self.pieces[-1] = before[:-1] + "\\!"
            text = f"{' ' * before.endswith(')')}[{text}]({address})"
        elif sign != "[":
            text = f"{sign}{text}{sign}"
        self.pieces.append(f"{' ' * inner[:1].isspace()}{text}{' ' * inner[-1:].isspace()}")

    def address(self, value: str) -> str:
        """An address as a link's target; "" for one that a page may not lead to."""
        value = unescape(value).strip()
        return _UNSAFE.sub(lambda found: percent(found[0]), self.link(value)) if _ALLOWED.match(value) else ""

    def lines(self) -> Iterator[str]:
        """The lines, with an empty one before each but between list items; what is in an item is on one line."""
        was_item: bool | None = None
        for line in "".join(self.pieces).split(_LINE):
            lead, _, rest = line.rpartition(_LEAD)
            text = " · ".join(part for block in rest.split(_PART) if (part := " ".join(block.split())))
            if not text:
                continue
            is_item = bool(lead) and not lead.startswith("#")
            if was_item is not None and not (is_item and was_item):
                yield ""
            yield lead + (escape_heading(text) if lead.startswith("#") else escape_start(text))
            was_item = is_item

"""The HTML of a page as Markdown: headings, paragraphs, links, a line for each list item; the rest as plain text.

It is read in one pass, since each page of a site is. It comes from templates and from the sanitiser, so elements are
well nested and attributes quoted. What can't be read as text (scripts, players, drawings, forms, their labels) is left
out.
"""

import re
from collections.abc import Callable, Iterator

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
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*+)>|<!--.*?-->|([^<]+|<)", re.DOTALL)
_HREF = re.compile(r"href=\"([^\"]*)\"")
_ALLOWED = re.compile(r"(?i)(?:https?:|mailto:)|[^:]+$|[^:]*[/?#]")
_UNSAFE = re.compile(r"[\s()<>\\\"`]")
# no text has control characters: the end of a line, of a part of a list item, and of what begins a line
_LINE, _PART, _LEAD = "\0", "\1", "\2"
Link = Callable[[str], str]


def html_to_markdown(html: str, link: Link) -> str:
    r"""A piece of HTML as Markdown without a line end at its end; `link` maps the addresses of its links.

    >>> html_to_markdown('<p>A <b>bold</b> <a href="x/">link*</a></p><ul><li>one</li><li>two</li></ul>', str)
    'A bold [link\\*](x/)\n\n- one\n- two'
    """
    pieces: list[str] = []
    skipped, depth, lists = "", 0, 0
    # where the text of the link that is open begins, and its address
    opened: tuple[int, str] | None = None
    for close, name, attributes, text in _TOKEN.findall(html):
        tag = name.lower()
        if skipped:
            depth += 0 if tag != skipped else -1 if close else 1
            skipped = skipped if depth else ""
        elif text:
            # what begins a tag stays a character reference: a program that takes the Markdown for HTML sees no tag
            bare = drop_unprintable(unescape(text)) if "&#" in text else unescape(text)
            pieces.append("&lt;".join(map(escape, bare.split("<"))))
        elif tag in _SKIPPED:
            skipped, depth = ("", 0) if close else (tag, 1)
        elif tag == "a" and not close:
            opened = opened or (len(pieces), _address(attributes, link))
        elif tag == "a" and opened:
            _end_link(pieces, *opened)
            opened = None
        elif tag == "span" and close and opened:
            # the label of a link, which is on a line of its own
            pieces.append(" ")
        elif tag == "li" and lists and not close:
            pieces.append(f"{_LINE}{'    ' * min(lists - 1, 9)}- {_LEAD}")
        elif tag in _HEADINGS and not (lists or close):
            pieces.append(f"{_LINE}{_HEADINGS[tag]}{_LEAD}")
        elif tag in _BLOCKS and not (tag == "dt" and close):
            lists = max(0, lists + (-1 if close else 1)) if tag in _LISTS else lists
            pieces.append(_PART if lists else _LINE)
        elif tag in {"br", "dd"} and not close:
            pieces.append(": " if tag == "dd" else " ")
    return "\n".join(_lines("".join(pieces)))


def _address(attributes: str, link: Link) -> str:
    """The address that attributes name, as a link's target; "" for one that a page may not lead to."""
    found = _HREF.search(attributes)
    value = unescape(found[1]).strip() if found else ""
    return _UNSAFE.sub(lambda char: percent(char[0]), link(value)) if value and _ALLOWED.match(value) else ""


def _end_link(pieces: list[str], at: int, address: str) -> None:
    """Make a link of the pieces from `at` on. What goes over several lines is none."""
    inner = "".join(pieces[at:])
    text = " ".join(inner.split())
    if not address or not text or _LINE in inner or _PART in inner:
        return
    before = pieces[at - 1] if at else ""
    if before.endswith("!"):
        # it would make a picture of the link
        pieces[at - 1] = before[:-1] + "\\!"
    space = " " * (before.endswith(")") or inner[0].isspace())
    pieces[at:] = [f"{space}[{text}]({address}){' ' * inner[-1].isspace()}"]


def _lines(text: str) -> Iterator[str]:
    """The lines, with an empty one before each but between list items; what is in an item is on one line."""
    was_item: bool | None = None
    for line in text.split(_LINE):
        lead, _, rest = line.rpartition(_LEAD)
        words = " · ".join(part for block in rest.split(_PART) if (part := " ".join(block.split())))
        if not words:
            continue
        is_item = bool(lead) and not lead.startswith("#")
        if was_item is not None and not (is_item and was_item):
            yield ""
        yield lead + (escape_heading(words) if lead.startswith("#") else escape_start(words))
        was_item = is_item

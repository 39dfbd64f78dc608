"""What the attributes of an outline's items say: those that have a place in a resource, and those that have none.

OPML 2.0 names some; outliners add their own, and OmniOutliner has one for each column, called as its owner called it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mlguide_site.errors import visible
from mlguide_site.importers.addresses import public_address, without_secrets
from mlguide_site.markdown.from_html import without_password

MAX_AUTHORS = 50
_FEEDS = frozenset("rss atom feed podcast".split())
_ADDRESSES = ("url", "xmlurl", "htmlurl", "link", "href")
_NOTES = ("_note", "note", "description", "comment", "comments")
_AUTHORS = ("author", "authors")
_STATE = frozenset(
    "text title type iscomment isbreakpoint created modified version language _status _complete complete checkbox"
    " checked colorlabel color heading numbered collapsed expanded _id id".split()
)
"""What an outliner keeps for itself: how a line looks, whether it is done, when it was written."""
_PASSWORD = re.compile(r"\bhttps?://[^\s/?#\"'<>@]{1,200}@", re.I)
_MARKED = re.compile(
    r"(?P<address>\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>\"*`]{1,2000})"
    r"|(?<![\w*])\*\*(?=[^\s*])(?P<bold>[^*]{1,500})(?<=\S)\*\*(?![\w*])"
    r"|(?<![\w~])~~(?=[^\s~])(?P<struck>[^~]{1,500})(?<=\S)~~(?![\w~])"
    r"|(?<![\w`])`(?P<code>[^`]{1,500})`(?![\w`])"
)
_SET = re.compile(
    r"(?P<address>\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>\"*`]{1,2000})"
    r"|(?<!\w)__(?=[^\s_])(?P<set>[^_]{1,500})(?<=\S)__(?!\w)"
)


@dataclass
class Told:
    """What an item's attributes say: its text and note as written, addresses, authors; and what is to be said of the
    others, each as what is wrong and what to do."""

    text: str
    note: str
    addresses: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)


def read_attributes(attributes: Mapping[str, str], underscores: bool = False) -> Told:
    """What the attributes of an item say, whatever the case of their names. `underscores` is true where the outliner
    sets words in italics with two of them; elsewhere such words are names, such as `__init__`.

    >>> read_attributes({"text": "**SPQR**", "Author": "Mary Beard", "Link": "https://a.example"})
    Told(text='SPQR', note='', addresses=['https://a.example'], authors=['Mary Beard'], said=[])
    """
    values = {name.rpartition("}")[2].casefold(): value for name, value in attributes.items() if value.strip()}
    notes = dict.fromkeys(values[name] for name in _NOTES if name in values)
    # a note that only says the title again says nothing
    text = values.get("text") or values.get("title") or ""
    told = Told(text, "\n".join(note for note in notes if note.strip() != text.strip()))
    for name in _ADDRESSES:
        url = values.get(name, "").strip()
        is_feed = name == "xmlurl" or (name == "url" and values.get("type", "").casefold() in _FEEDS)
        if is_feed and not public_address(url) and url:
            message = f"the address of a feed holds a key: {visible(without_secrets(url))[:80]}"
            told.said.append((message, "it is left out; give one that everybody may read, if there is one"))
            # a feed without a name is called by its address
            host = _host(url)
            told.text, told.note = told.text.replace(url, host), told.note.replace(url, host)
        elif name in {"link", "href"} and "://" not in url:
            # a column that is called so may hold anything
            told.said += [(_unread(name, attributes), _REMEDY)] if url else []
        elif url:
            told.addresses.append(url)
    if any(_PASSWORD.search(value) for value in (told.text, told.note, *told.addresses)):
        remedy = "both are left out of it; give another if nothing opens without them"
        told.said.append(("an address holds a name and password", remedy))
    told.text, told.note = (_unmarked(value, underscores) for value in (told.text, told.note))
    for name in _AUTHORS:
        names = (" ".join(part.split())[:200] for part in re.split(r"[;\n]", values.get(name, "")))
        told.authors += [one for one in names if one and one not in told.authors][:MAX_AUTHORS]
    known = {*_ADDRESSES, *_NOTES, *_AUTHORS, *_STATE}
    told.said += [(_unread(name, attributes), _REMEDY) for name in values if name not in known]
    return told


_REMEDY = "it is left out; say it in the note of the item instead"


def _unread(name: str, attributes: Mapping[str, str]) -> str:
    written = next(one for one in attributes if one.rpartition("}")[2].casefold() == name)
    return f'the attribute "{visible(written.rpartition("}")[2])[:60]}" has no place in a resource'


def _host(url: str) -> str:
    try:
        return urlsplit(without_password(url)).hostname or "Feed"
    except ValueError:
        return "Feed"


def _unmarked(text: str, underscores: bool) -> str:
    """A text without the marks of Markdown that stand in pairs around words: a title shows them as they are.

    >>> _unmarked("**Week 1** ~~old~~ `burn` 2**3 ** 4 https://a.example/~~x~~ __init__", False)
    'Week 1 old burn 2**3 ** 4 https://a.example/~~x~~ __init__'
    """
    for pattern in (_MARKED, _MARKED, *([_SET] if underscores else [])):
        text = pattern.sub(lambda found: found[found.lastgroup or 0], text)
    return text

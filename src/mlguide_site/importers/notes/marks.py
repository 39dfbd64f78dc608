"""What a line of notes may hold beside CommonMark, and the text that a line shows."""

import re
from collections.abc import Sequence
from os.path import basename
from urllib.parse import unquote, urlsplit

from mlguide_site.model.base import is_allowed_url

_TARGET = r"<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,5}"
_MEDIA = "iframe|img|video|audio|source|embed"
MEDIA = re.compile(
    rf"(?P<media><(?P<tag>{_MEDIA})(?=[\s/>])(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+>)|(?P<end></(?:{_MEDIA})\s*>[ \t]*)",
    re.I,
)
"""A tag of HTML that shows something. No `<` may be in a value, so that each character is read once."""
OPEN_MEDIA = re.compile(rf"<(?:{_MEDIA})(?=\s|$)(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+(?:[\"'][^\"'<]*+)?$", re.I)
STUB = re.compile(r"!\[Uploading [^\[\]\n]{0,300}\]\(\)")
PLAYER = re.compile(
    r"\{%\s*(?P<player>youtube|vimeo|gist|pdf|slideshare|speakerdeck|figma|hackmd|preview)\s+"
    r"(?P<shown>[^\s{}%]{1,2000}(?:%(?!\})[^\s{}%]{0,2000}){0,50})\s*%\}",
    re.I,
)
INLINE = re.compile(
    r"(?=[`$%!\[{<hH])(?:"
    r"(?P<code>(?<!`)(?P<ticks>`{1,20})(?!`)(?:(?!(?P=ticks)).){1,2000}?(?P=ticks)(?!`)"
    r"|\$(?=[^\s$])[^$\n]{1,500}?(?<=[^\s$])\$(?!\d))"
    r"|%%(?!%)(?P<comment>[^\n]{0,4000}?)%%"
    rf"|(?P<stub>{STUB.pattern})"
    rf"|{PLAYER.pattern}"
    r"|!\[\[(?P<embed>[^\[\]\n]{1,500})\]\]"
    r"|\[\[(?P<wiki>[^\[\]\n]{1,500})\]\]"
    r"|(?P<link>(?P<picture>!?)\[(?P<label>[^\[\]\n]{0,1000})\]"
    rf"\(\s*(?P<target>{_TARGET})"
    r"(?:\s+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|=\d{0,5}x\d{0,5}))?\s*\))"
    r"|(?P<open>(?<!!)\[(?P<open_label>[^\[\]\n]{1,500})\]\((?P<open_target>https?://[^\s()<>]{1,2000})\s*$)"
    rf"|{MEDIA.pattern}"
    r"|(?P<address><?https?://[^\s<>]{1,4000}))",
    re.I,
)
"""What is finished where it is found: nothing within it is looked at again."""
_LINK = re.compile(rf"(!?)\[([^\[\]\n]{{0,1000}})\]\(\s*({_TARGET})(?:\s+[^()\n]{{0,300}})?\s*\)")
_EMBED = re.compile(r"!\[\[[^\[\]\n]{1,500}\]\]")
_WIKI = re.compile(r"\[\[([^\[\]\n]{1,500})\]\]")
_HIGHLIGHT = re.compile(r"(?<!=)==(?!=)")
_EMPHASIS = re.compile(r"(\*{1,3}|`{1,3}|(?<!\w)_{1,3})(?![\s*`_])([^*`_\n]{0,500}[^\s*`_])\1(?!\w)")
_TAG = re.compile(r"(?<![^\s(,;*_~=|])#([^\W\d][\w/-]{0,99})(?![\w#])")
_COLOUR = re.compile(r"[0-9a-f]{3}|[0-9a-f]{6}|(?=[a-f]{0,7}\d)(?:[0-9a-f]{4}|[0-9a-f]{8})", re.I)
_HTML = re.compile(r"<[A-Za-z/!][^<>\n]{0,2000}>")
_KIND_TAGS = frozenset(
    "lecture lectures talk talks course courses notes note log podcast seminar webinar"
    " daily weekly monthly journal diary todo task tasks draft wip inbox moc template".split()
)
"""Tags that say what kind of notes these are, or what is to be done with them, rather than what they are about."""


def file_label(address: str) -> str:
    """What a file is called: the last part of its address.

    >>> file_label("https://a.example/x/My%20picture.png?w=3"), file_label("https://a.example"), file_label("s://[")
    ('My picture.png', 'a.example', 's://[')
    """
    try:
        parts = urlsplit(address) if "://" in address else None
    except ValueError:
        return address
    path = parts.path if parts else address
    return unquote(basename(path.rstrip("/"))) or (parts.netloc if parts else address)


def read_wiki(written: str) -> tuple[str, str]:
    """Target and shown text of a wiki link.

    >>> read_wiki("Saws|the saws"), read_wiki("Planes#Irons"), read_wiki("#Here")
    (('Saws', 'the saws'), ('Planes#Irons', 'Planes > Irons'), ('#Here', 'Here'))
    """
    # in a table the bar is escaped
    target, _, shown = written.replace("\\|", "|").partition("|")
    parts = (part.strip().lstrip("^") for part in target.split("#"))
    return target, shown.strip() or " > ".join(part for part in parts if part)


def mark_highlights(text: str) -> str:
    """`==highlights==` as `<mark>`; one that is not closed ends with the line.

    >>> mark_highlights("==one == and ==two"), mark_highlights("if a == b")
    ('<mark>one</mark> and <mark>two</mark>', 'if a == b')
    """
    if "==" not in text:
        return text
    parts, at, opened = list[str](), 0, -1
    for found in _HIGHLIGHT.finditer(text):
        start, end = found.span()
        if opened >= 0 and text[opened:start].strip():
            parts.append(f"<mark>{text[opened:start].strip()}</mark>")
            at, opened = end, -1
        elif opened < 0 and text[end : end + 1].strip() and not text[max(0, start - 1) : start].isalnum():
            parts.append(text[at:start])
            opened = end
    rest = f"<mark>{text[opened:].strip()}</mark>" if opened >= 0 else text[at:]
    return "".join([*parts, rest])


def fix_bold(text: str) -> str:
    """Bold whose marks are on the wrong side of a space.

    >>> fix_bold("**Better data **is and ** so**"), fix_bold("2 ** 3 ** 4")
    ('**Better data** is and  **so**', '2 ** 3 ** 4')
    """
    parts = re.split(r"(?<!\*)\*\*(?!\*)", text) if "** " in text or " **" in text else []
    if len(parts) % 2 == 0:
        return text
    for at in range(1, len(parts), 2):
        inner = parts[at]
        lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        if inner.strip() and bool(lead) != bool(trail):
            parts[at - 1] += lead
            parts[at], parts[at + 1] = inner.strip(), trail + parts[at + 1]
    return "**".join(parts)


def links_in(text: str) -> list[tuple[str, str]]:
    """Text and address of the links of a line that lead to the web, without pictures.

    >>> links_in("[A *b*](https://a.example/x_(y)) ![c](https://a.example/c.png) [d](/d)")
    [('A b', 'https://a.example/x_(y)')]
    """
    found = [(bare_text(one[2]), one[3].strip("<>")) for one in _LINK.finditer(text) if not one[1]]
    return [(label or file_label(url), url) for label, url in found if is_allowed_url(url)]


def take_pictures(text: str) -> tuple[str, str]:
    """A heading's text without its pictures and embeds, and these as written: a title can't show them.

    >>> take_pictures("Saws ![a](b.png) ![[c.png]]")
    ('Saws', '![a](b.png) ![[c.png]]')
    """
    if "![" not in text:
        return text, ""
    taken = [found[0] for pattern in (_LINK, _EMBED) for found in pattern.finditer(text) if found[0][0] == "!"]
    text = _EMBED.sub("", _LINK.sub(lambda found: "" if found[1] else found[0], text))
    return " ".join(text.split()), " ".join(taken)


def bare_text(text: str) -> str:
    """The text that a line of Markdown shows, for titles.

    >>> bare_text("**The** [link](https://a.example/) and `code` ==lit== [[Saws|saw]]")
    'The link and code lit saw'
    """
    text = _WIKI.sub(lambda found: read_wiki(found[1])[1], text)
    text = _LINK.sub(lambda one: one[2] if is_allowed_url(one[3].strip("<>")) else f"{one[2]} ({one[3]})", text)
    text = re.sub(r"<(?:br|p|li|div)\b[^<>]{0,200}>", " ", mark_highlights(text), flags=re.I)
    text = re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).split())


def find_tags(text: str) -> list[str]:
    """The hashtags in a line; colours, numbers and what is in code, links, comments and HTML are none.

    >>> find_tags("# One #planes, `#code` [x](#there) #fff #1 a#b, [[Saws#Teeth]] #saws/rip.")
    ['planes', 'saws/rip']
    """
    if "#" not in text:
        return []
    found = (one[1].rstrip("/-_") for one in _TAG.finditer(_HTML.sub(" ", INLINE.sub(" ", text))))
    return [tag for tag in found if tag and not _COLOUR.fullmatch(tag)]


def topic_tags(tags: Sequence[str]) -> list[str]:
    """Of tags those that say what notes are about, each once."""
    return list(dict.fromkeys(tag for tag in tags if tag.casefold() not in _KIND_TAGS))

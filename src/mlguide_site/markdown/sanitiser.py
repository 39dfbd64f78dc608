"""What contributed text may contain: one policy for addresses, one for HTML."""

import re
from collections.abc import Iterator
from functools import cache
from ipaddress import IPv6Address
from urllib.parse import unquote, urlsplit

import nh3

from mlguide_site.markdown.escape import drop_unprintable, unescape

INLINE_TAGS = frozenset("br sub sup kbd mark u s del ins small abbr em strong b i code var samp q cite dfn wbr".split())
VOID_TAGS = frozenset(["br", "wbr", "hr"])
CODE_TAGS = frozenset(["code", "kbd", "samp", "var"])
_BLOCK_TAGS = frozenset(
    "details summary table caption colgroup col thead tbody tfoot tr th td figure figcaption p ul ol li dl dt dd "
    "blockquote pre hr div section article aside header footer h1 h2 h3 h4 h5 h6 a span center".split()
)
_ALLOWED_TAGS = INLINE_TAGS | _BLOCK_TAGS
# those that Python-Markdown takes for block-level too (`markdown.util.BLOCK_LEVEL_ELEMENTS`); no h1 is left here
_ROOTS = frozenset(
    "details table figure p ul ol dl blockquote pre hr div section article aside header footer h2 h3 h4 h5 h6".split()
)
_VOID = VOID_TAGS | {"col"}
# their content is not text for a reader
_DROPPED_WHOLE = frozenset(
    "script style iframe object embed applet noscript template svg math frameset noframes".split()
)
_ATTRIBUTES = {
    "details": {"open"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
}

_HIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_WEB = re.compile(r"https?://[^/?#\\@\s][^\s\\]*")
_MAIL = re.compile(r"mailto:[^\s\\]+@[^\s\\]+")
# the URL Standard's forbidden domain code points
_NO_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_SPELLED_BACKSLASH = ("%5c", "/%5c", "/%2f", "%2f%2f")


def refusal(address: str) -> str | None:
    r"""Why an address may not be on a page, or None if it may: http, https and mailto, and relative ones.

    What hides a scheme from a reader but not from a browser (character references, control characters, white space) is
    removed first.

    >>> refusal("https://a.example"), refusal("../b.md#c"), refusal("mailto:a@b.example")
    (None, None, None)
    >>> refusal("java\nscript:alert(1)"), refusal("//a.example")
    ('its scheme is "javascript"', 'it names a host without a scheme')
    """
    plain = _HIDDEN.sub("", unescape(unescape(address))).lower()
    found = _SCHEME.match(plain)
    if found:
        scheme = found.group(1)
        if scheme not in {"http", "https", "mailto"}:
            return f'its scheme is "{scheme[:20]}"'
        if not (_MAIL.fullmatch(plain) if scheme == "mailto" else _WEB.fullmatch(plain) and _has_host(plain)):
            return "it is not a whole address"
        return None
    if not plain:
        return "it is empty"
    if "\\" in plain or plain.startswith(_SPELLED_BACKSLASH):
        return "it holds a backslash"
    if plain.startswith("//"):
        return "it names a host without a scheme"
    if ":" in re.split(r"[/?#]", plain, maxsplit=1)[0]:
        return "it looks like a scheme"
    return None


def _has_host(address: str) -> bool:
    """Whether a web address has a host and a port that a browser accepts."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        if "[" in parts.netloc:
            return "%" not in host and IPv6Address(host) is not None
    except ValueError:
        return False
    return bool(host) and (port is None or port < 65536) and not _NO_HOST.search(unquote(host))


def is_absolute(address: str) -> bool:
    """Whether an allowed address leads out of the site (it has a scheme)."""
    return bool(_SCHEME.match(address.lower()))


def html_text(line: str) -> str:
    """The text of cleaned HTML, white space folded."""
    text = _ANY_TAG.sub(lambda tag: "" if tag[1] in _WITHIN_TEXT else " ", line)
    return " ".join(unescape(text).split())


def html_links(line: str) -> list[tuple[str, str]]:
    """Address and text of the links of cleaned HTML."""
    return [(unescape(found.group(1)), html_text(found.group(2))) for found in _LINK.finditer(line)]


_ANY_TAG = re.compile(r"</?([a-z0-9]+)[^<>]*>")
_WITHIN_TEXT = INLINE_TAGS - {"br"} | {"a"}
_LINK = re.compile(r"<a href=\"([^\"]*)\"[^>]*>((?:[^<]|<(?!/a>))*)</a>")


# possessive, and matching an unclosed tag too, so that no part of the text is read twice
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,60}+)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)")
_ATTRIBUTE = re.compile(r"([^\s=\"'/>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")


def clean_html(html: str) -> str:
    """A block of HTML as one line that is safe on a page, or "" if nothing of it is shown.

    Only structure is kept: no attributes but `_ATTRIBUTES`, no addresses but those of other sites and anchors (an
    engine does not follow a page's address in raw HTML). Inner text can't be read as Markdown, since the line begins
    with a block-level tag and has no blank line, nor as a template, since it has no brace.
    """
    cleaned = _cleaner().clean(drop_unprintable(html)).replace("&nbsp;", "\xa0")
    parts = _PRE.split(cleaned)
    # odd parts are whole <pre> elements, where line ends are text; a browser drops those at the beginning
    parts[::2] = [" ".join(part.split()) if part.strip() else " " * bool(part) for part in parts[::2]]
    preformatted = (part.removeprefix("<pre>").lstrip("\n") for part in parts[1::2])
    parts[1::2] = ["<pre>" + part.replace("\n", "&#10;").replace("\t", "    ") for part in preformatted]
    line = "".join(parts).strip().replace("{", "&#123;").replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    if not _SHOWN.search(line):
        return ""
    return line if _is_one_block(line) else f"<div>{line}</div>"


def _is_one_block(line: str) -> bool:
    """Whether cleaned HTML is exactly one block-level element."""
    depth = 0
    for found in _ANY_TAG.finditer(line):
        name = found.group(1)
        if depth == 0 and (found.start() > 0 or name not in _ROOTS):
            return False
        if name not in _VOID:
            depth += -1 if line[found.start() + 1] == "/" else 1
    return line.endswith(">")


_PRE = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_SHOWN = re.compile(r"(?:^|>)[^<]*[^\s<]|<hr>")


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_ALLOWED_TAGS - {"span", "center"}),
        clean_content_tags=set(_DROPPED_WHOLE),
        # the cleaner has some of its own for every tag
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()} | {"*": set()},
        attribute_filter=_filter_attribute,
        strip_comments=True,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )


def _filter_attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        is_kept = refusal(value) is None and (is_absolute(value) or value.startswith("#"))
        # whatever the cleaner's version does, nothing in a tag may look like one
        return value.replace("<", "%3C").replace(">", "%3E") if is_kept else None
    return value.replace("<", "‹").replace(">", "›")


def removals(html: str) -> Iterator[tuple[int, str]]:
    """What `clean_html` removes: tags and attributes, each behind its offset.

    >>> [what for _, what in removals('<div onclick="x">a</div><script>b</script>')]
    ['attribute onclick of <div>', '<script>']
    """
    for found in _TAG.finditer(html):
        closing, tag, rest = found[1], found[2].lower(), found[3]
        if closing:
            continue
        if tag not in _ALLOWED_TAGS:
            yield found.start(), f"<{tag}>"
            continue
        for name, *values in _ATTRIBUTE.findall(rest):
            key = name.lower()
            is_known = key in _ATTRIBUTES.get(tag, ())
            if not is_known or _filter_attribute(tag, key, unescape("".join(values))) is None:
                yield found.start(), f"attribute {key[:40]} of <{tag}>"

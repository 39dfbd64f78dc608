"""Plain text to Markdown that shows exactly this text, in Python-Markdown with any of the common extensions.

A backslash is used where Python-Markdown itself knows the character as escapable (`Markdown.ESCAPED_CHARS`, and `|`
from its tables extension); a character reference elsewhere, and for `{`, brackets and the backtick, which preprocessors
(templates, CriticMarkup, fences) look for before any backslash is read.
"""

import html
import re
from itertools import accumulate
from urllib.parse import quote

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile(r"[\t\n\r\x85\u2028\u2029]")
# a character class comes first, because that is fastest to search; the conditions of each character follow
_SPECIAL = re.compile(
    r"[\\`*\[\]{<|_&~^$=+:!](?:"
    r"(?<=[\\`*\[\]{<|])"
    r"|(?<=_)(?:(?<![A-Za-z0-9]_)|(?![A-Za-z0-9]))"
    r"|(?<=&)(?=[#A-Za-z0-9]|\Z)"
    r"|(?<=[~^$])(?<!\s.)|(?<=~)(?=~)|(?<=\^)(?=\^)"
    r"|(?<==)(?==)|(?<=\+)(?=\+\w)"
    r"|(?<=:)(?![0-9]{2}:)(?=[\w+-]{1,50}:)"
    r"|(?<=!)\Z)"
)
_ESCAPES = {
    "\\": "\\\\", "`": "&#96;", "*": "\\*", "[": "&#91;", "]": "&#93;", "{": "&#123;", "<": "&lt;", "|": "\\|",
    "_": "\\_", "&": "&amp;", "~": "&#126;", "^": "&#94;", "$": "&#36;", "=": "&#61;", "+": "\\+", ":": "&#58;",
    "!": "\\!",
}  # fmt: skip
# the beginnings of lines that begin a block in Python-Markdown or an extension of it
_LINE_START = re.compile(r"(?:#|>|[-+](?=[\s+-]|\Z)|(?P<number>\d+)[.)](?=\s|\Z)|!!!|\?\?\?|///|:(?=\s|::|\Z))")
_LINE_START_ESCAPES = {"?": "&#63;", "/": "&#47;", ":": "&#58;"}


def clean_text(text: str) -> str:
    """Text without control, override, surrogate and annotation characters; tabs and line separators become spaces."""
    if text.isprintable():
        return text
    return _SPACES.sub(" ", _UNPRINTABLE.sub("", text))


def find_unprintable(text: str) -> int:
    """The offset of the first unprintable character, or -1."""
    found = _UNPRINTABLE.search(text)
    return found.start() if found else -1


def drop_unprintable(text: str) -> str:
    """The text without unprintable characters; line ends and tabs stay."""
    return _UNPRINTABLE.sub("", text)


def escape_run(text: str) -> str:
    r"""A run of clean text within a line as Markdown.

    >>> escape_run("a_b *c* [d] <e> R & D &amp; {{ x }}"), escape_run("a\\")
    ('a_b \\*c\\* &#91;d&#93; &lt;e> R & D &amp;amp; &#123;&#123; x }}', 'a&#92;')
    """
    escaped = _SPECIAL.sub(lambda found: _ESCAPES[found.group()], text)
    # what follows the run may begin with a backtick, before which Python-Markdown counts backslashes
    if not escaped.endswith(("\\", "\\ ")):
        return escaped
    # an escape that ends in a backslash is that of a backslash
    return escaped.rstrip()[:-2] + "&#92;" + text[len(text.rstrip()) :]


def end_line(line: str) -> str:
    """A line of Markdown with its last exclamation mark unescaped, because no image can follow."""
    return f"{line[:-2]}!" if line.endswith("\\!") else line


def guard(line: str) -> str:
    r"""A line of Markdown as the beginning of a paragraph, escaped so that it begins no other kind of block.

    >>> guard("- a"), guard("12. b"), guard("!!! c"), guard("::: d"), guard("-5 e")
    ('\\- a', '12\\. b', '\\!!! c', '&#58;:: d', '-5 e')
    """
    found = _LINE_START.match(line)
    if not found:
        return line
    if number := found["number"]:
        return f"{number}\\{line[len(number) :]}"
    return _LINE_START_ESCAPES.get(line[0], "\\" + line[0]) + line[1:]


def escape_text(text: str) -> str:
    """One line of plain text as Markdown that shows exactly this text, without control characters and white space at
    the ends."""
    return guard(end_line(escape_run(clean_text(text).strip())))


def escape_heading(line: str) -> str:
    """A line of Markdown as a heading's text: hashes at its end are escaped, as they would be a closing sequence."""
    bare = line.rstrip("#")
    return bare + "\\#" * (len(line) - len(bare))


_UNSAFE_IN_TITLE = re.compile(r"[^\w \-.,;/?@%+…–—‘’“”]|_")


def escape_title(text: str) -> str:
    """A link's title for use between double quotes, every sign as a character reference."""
    return _UNSAFE_IN_TITLE.sub(lambda found: f"&#{ord(found.group())};", " ".join(clean_text(text).split()))


def escape_address(address: str) -> str:
    """An address for `[text](address)`: percent-encoded, `&` as a reference, parentheses only in pairs.

    >>> escape_address("https://a.example/b c_(d)?e=1&lt;2"), escape_address("x(y")
    ('https://a.example/b%20c_(d)?e=1&amp;lt;2', 'x%28y')
    """
    safe = quote(address, safe=":/?#@!$&()*+,;=%", errors="surrogatepass")
    depths = list(accumulate(1 if sign == "(" else -1 for sign in re.findall("[()]", safe)))
    if depths and (min(depths) < 0 or depths[-1]):
        safe = safe.replace("(", "%28").replace(")", "%29")
    return safe.replace("&", "&amp;")


def escape_code(text: str) -> str:
    """Code for use between HTML tags on one line, inert for any parser or template."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    return _CODE_MARKS.sub(lambda found: f"&#{ord(found.group())};", safe)


_CODE_MARKS = re.compile(r"[`*_{\[\]\\~^$=|:!#+\n\t]|(?<=\s) ")
# `html.unescape` converts the digits with `int`, which raises ValueError for thousands of them
_TOO_LONG = re.compile(r"&(?=#(?:[0-9]{8}|[xX][0-9a-fA-F]{7}))")


def unescape(text: str) -> str:
    """A text with its character references decoded (HTML, "Named character references"); numbers out of range stay.

    >>> unescape("a &amp; b &#38; &#x26;"), unescape("&#99999999999;")
    ('a & b & &', '&#99999999999;')
    """
    return html.unescape(_TOO_LONG.sub("&amp;", text)) if "&" in text else text

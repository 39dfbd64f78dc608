"""Escapes plain text so that Python-Markdown shows exactly this text, even if common extensions are enabled.

A backslash escapes the characters in Python-Markdown's `ESCAPED_CHARS`, and `|` for the tables extension. Other special
characters become character references. `{`, brackets and backticks also become character references, because templates,
CriticMarkup and fences are processed before Python-Markdown reads backslashes."""

import html
import re
from itertools import accumulate
from urllib.parse import quote

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile(r"[\t\n\r\x85\u2028\u2029]")
# the initial character class makes the search fast; the alternatives contain the conditions for each character
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
# these sequences may begin a block in Python-Markdown or its extensions
_LINE_START = re.compile(r"(?:#|>|[-+](?=[\s+-]|\Z)|(?P<number>\d+)[.)](?=\s|\Z)|!!!|\?\?\?|///|:(?=\s|::|\Z))")
_LINE_START_ESCAPES = {"?": "&#63;", "/": "&#47;", ":": "&#58;"}
_UNSAFE_IN_TITLE = re.compile(r"[^\w \-.,;/?@%+…–—‘’“”]|_")
_CODE_MARKS = re.compile(r"[`*_{\[\]\\~^$=|:!#+\n\t]|(?<=\s) ")
# `html.unescape` converts the digits with `int`, which raises ValueError for thousands of digits
_TOO_LONG = re.compile(r"&(?=#(?:[0-9]{8}|[xX][0-9a-fA-F]{7}))")


def clean_text(text: str) -> str:
    """Remove unprintable characters, and replace tabs and line breaks with spaces."""
    return text if text.isprintable() else _SPACES.sub(" ", _UNPRINTABLE.sub("", text))


def find_unprintable(text: str) -> int:
    """Return the offset of the first unprintable character except line breaks and tabs, or -1."""
    found = _UNPRINTABLE.search(text)
    return found.start() if found else -1


def drop_unprintable(text: str) -> str:
    """Remove unprintable characters, except line breaks and tabs."""
    return _UNPRINTABLE.sub("", text)


def escape_run(text: str) -> str:
    """Escape text inside a line. The text must not contain unprintable characters."""
    escaped = _SPECIAL.sub(lambda found: _ESCAPES[found.group()], text)
    if not escaped.endswith(("\\", "\\ ")):
        return escaped
    # a final backslash could escape a backtick that follows, so it becomes a character reference
    return escaped.rstrip()[:-2] + "&#92;" + text[len(text.rstrip()) :]


def end_line(line: str) -> str:
    """Write `!` and `&` plainly at the end of a line, where no image and no character reference can begin."""
    return f"{line[:-2]}!" if line.endswith("\\!") else f"{line[:-5]}&" if line.endswith("&amp;") else line


def guard(line: str) -> str:
    """Escape the start of a Markdown line, so that the line begins a paragraph."""
    found = _LINE_START.match(line)
    if not found:
        return line
    if number := found["number"]:
        return f"{number}\\{line[len(number) :]}"
    return _LINE_START_ESCAPES.get(line[0], "\\" + line[0]) + line[1:]


def escape_text(text: str) -> str:
    """Escape a whole line of plain text. Remove unprintable characters, and whitespace at both ends."""
    return guard(end_line(escape_run(clean_text(text).strip())))


def escape_heading(line: str) -> str:
    """Escape the `#` characters at the end of a heading, which Python-Markdown would remove."""
    bare = line.rstrip("#")
    return bare + "\\#" * (len(line) - len(bare))


def escape_title(text: str) -> str:
    """Escape a link's title for use between double quotes."""
    return _UNSAFE_IN_TITLE.sub(lambda found: f"&#{ord(found.group())};", " ".join(clean_text(text).split()))


def escape_address(address: str) -> str:
    """Escape an address for use in `[text](address)`. The anchor of a heading isn't escaped: engines compare it with
    the anchors on the page. The lower case of `İ` has a mark (U+0307) that isn't a word character."""
    anchor = found[0] if (found := re.search(r"#[\w\u0307-]+\Z", address)) else ""
    safe = quote(address.removesuffix(anchor), safe=":/?#@!$&()*+,;=%", errors="surrogatepass") + anchor
    depths = list(accumulate(1 if sign == "(" else -1 for sign in re.findall("[()]", safe)))
    if depths and (min(depths) < 0 or depths[-1]):
        safe = safe.replace("(", "%28").replace(")", "%29")
    return safe.replace("&", "&amp;")


def escape_code(text: str) -> str:
    """Escape code for use between HTML tags, on one line. No parser or template interprets the result."""
    return _CODE_MARKS.sub(lambda found: f"&#{ord(found.group())};", text.replace("&", "&amp;").replace("<", "&lt;"))


def unescape(text: str) -> str:
    """Decode character references (HTML Standard, "Named character references"), except those with huge numbers."""
    return html.unescape(_TOO_LONG.sub("&amp;", text)) if "&" in text else text

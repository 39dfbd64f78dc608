"""The bytes of a source as text."""

from mlguide_site.errors import Problem, Span
from mlguide_site.importers.common.records import Source


def decode_text(source: Source, limit: int) -> str | Problem:
    """A source's text, line ends as `\\n`, a byte-order mark read past; or the problem that keeps it from being read.

    UTF-8, or UTF-16 with its mark. Control characters other than tab and line end become spaces.

    >>> decode_text(Source("a.txt", b"\\xef\\xbb\\xbfOne\\r\\nTwo"), 100)
    'One\\nTwo'
    >>> print(decode_text(Source("a.txt", b"One\\nT\\xffo"), 100))
    a.txt:2:2: byte 0xff is not UTF-8; save the file as UTF-8
    """
    data = source.data
    if len(data) > limit:
        return Problem(source.name, Span(), f"larger than {limit // 2**20} MiB", "split it")
    if not data.strip():
        return Problem(source.name, Span(), "the source is empty", "see whether it was saved or downloaded whole")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            return Problem(source.name, Span(), "the text is not valid UTF-16", "save the file as UTF-8")
        before = data[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return Problem(source.name, Span(before.count(b"\n") + 1, column), message, "save the file as UTF-8")
    if text.count("\x00"):
        return Problem(
            source.name,
            Span(text[: text.index("\x00")].count("\n") + 1, 1),
            "the text holds a NUL character",
            "save the file as UTF-8",
        )
    return "".join(
        c if c.isprintable() or c in "\n\t" else _plain(c) for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def _plain(c: str) -> str:
    """A space for white space and control characters, nothing for direction marks, else the character itself."""
    if c.isspace() or c < " " or "\x7f" <= c <= "\x9f":
        return " "
    return "" if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff" else c

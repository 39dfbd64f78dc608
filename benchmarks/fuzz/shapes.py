"""Hostile inputs of the maximum size. Each shape fills the input with a fragment that is expensive for some part of the
program."""

from collections.abc import Callable, Mapping
from itertools import count, islice
from types import MappingProxyType

from benchmarks.fuzz.readers import pack

Shape = Callable[[int], bytes]


def fill(piece: str, size: int, head: str = "", tail: str = "") -> bytes:
    """Return a shape that repeats a fragment between a head and a tail, with at most `size` bytes in total.

    >>> fill("ab", 7, "<", ">")
    b'<abab>'
    """
    room = size - len((head + tail).encode())
    return (head + piece * max(0, room // len(piece.encode())) + tail).encode()


def numbered(pattern: str, size: int, head: str = "", tail: str = "") -> bytes:
    """Return a shape that repeats a pattern and replaces `@` with 0, 1, 2 and so on, with at most `size` bytes in
    total.

    >>> numbered("@,", 6)
    b'0,1,2,'
    """
    parts, room = [head], size - len((head + tail).encode())
    for number in count():
        part = pattern.replace("@", str(number))
        room -= len(part.encode())
        if room < 0:
            return "".join([*parts, tail]).encode()
        parts.append(part)
    return b""


def _broken(piece: str, width: int = 18_000) -> str:
    """Repeat a fragment up to the maximum length of a line, and add a line break."""
    return piece * max(1, width // len(piece)) + "\n\n"


def days(piece: str, each: int, size: int) -> bytes:
    """Return days that are each filled with a fragment, with at most `size` bytes in total. The remaining bytes come
    first."""
    parts = [fill(piece, each, f"## Day {at + 1}\n\n", "\n") for at in range(size // each)]
    return fill(piece, size - sum(map(len, parts))) + b"".join(parts)


TEXTS: Mapping[str, Shape] = MappingProxyType(
    {
        "short lines": lambda n: fill("a\n", n),
        "short paragraphs": lambda n: fill("a\n\n", n),
        "one line": lambda n: fill("word ", n),
        "long lines": lambda n: fill(_broken("word "), n),
        "one word": lambda n: fill("a", n),
        "deep list": lambda n: fill("".join(" " * (2 * d) + "- a\n" for d in range(95)), n),
        "deeper list": lambda n: "\n".join(" " * d + "- a" for d in range(int((2 * n) ** 0.5))).encode()[:n],
        "quotes": lambda n: fill("> " * 90 + "a\n\n", n),
        "one deep quote": lambda n: fill("> ", n),
        "links": lambda n: fill(_broken("[a](https://a.example/b) "), n),
        "few links a line": lambda n: fill("[a](https://a.example/b) [c](https://d.example)\n\n", n),
        "addresses": lambda n: fill(_broken("https://a.example/b "), n),
        "open links": lambda n: fill(_broken("[a](https://x "), n),
        "pictures": lambda n: fill("![a](https://a.example/b.png)\n", n),
        "headings": lambda n: fill("### a\n", n),
        "empty headings": lambda n: fill("#\n", n),
        "embeds": lambda n: numbered("![[a@.png]]\n", n),
        "wiki links": lambda n: fill(_broken("[[a|b]] "), n),
        "days": lambda n: numbered("## Day @\na\n", n),
        "days of links": lambda n: days("[a](https://a.example/b) [c](https://d.example)\n\n", 400_000, n),
        "days of items": lambda n: days("- a\n", 150_000, n),
        "weeks": lambda n: numbered("# Week @: x\n- [a](https://a.example/@)\n", n),
        "openings": lambda n: numbered("Today is Day @\nLevel 1: a\n", n),
        "dates": lambda n: fill("## A\n4 June\n", n, "# T\n"),
        "rules": lambda n: fill("---\n", n),
        "pairs": lambda n: fill("## A\n---\n---\n", n),
        "front matters": lambda n: fill("---\ntitle: a\n---\n", n, tail="## A\n"),
        "wide front matter": lambda n: numbered("k@: v\n", n, "---\n", "---\n## A\n"),
        "tags": lambda n: numbered("t@, ", n, "---\ntags: [", "]\n---\n## A\n"),
        "fences": lambda n: fill("```\n", n, tail="x"),
        "fences of all lengths": lambda n: fill("".join("`" * (3 + d % 60) + "\na\n" for d in range(60)), n),
        "fences that nothing closes": lambda n: fill("```py\n~~~x\n", n),
        "boxes": lambda n: fill(":::info a\n", n),
        "callouts": lambda n: fill("> [!note] a\n\n", n),
        "labels": lambda n: fill(_broken("A: "), n, "## Day 1\n"),
        "abbreviations": lambda n: fill(_broken("AB: cd, "), n),
        "resources": lambda n: numbered("- Book @: https://a.example/@\n", n),
        "html": lambda n: fill("<div>\n\n", n),
        "tags in a line": lambda n: fill(_broken("<b>"), n),
        "comments": lambda n: fill("<!-- ", n),
        "references": lambda n: numbered("[a@]: https://a.example\n[a@]\n\n", n),
        "table": lambda n: fill("|a" * 50 + "|\n", n, "|a" * 50 + "|\n" + "|-" * 50 + "|\n"),
        "wide table": lambda n: fill("|a", n // 2, tail="|\n") + fill("|-", n // 2, tail="|\n"),
        "items": lambda n: fill("- a\n", n),
        "loose items": lambda n: fill("- a\n\n  b\n", n),
        "tabs": lambda n: fill("\t", n, tail="- a"),
        "line ends": lambda n: fill("\n", n, tail="a"),
        "carriage returns": lambda n: fill("\r", n, tail="a"),
        "wide characters": lambda n: fill("日本\n\n", n),
        "control characters": lambda n: fill("\x01\x02 a\n", n),
        "conflicts": lambda n: fill("<<<<<<< a\n", n),
        **{
            f"marks {mark}": (lambda n, mark=mark: fill(_broken(mark + "a", 3_800) * 4, n))  # type: ignore[misc]
            for mark in "[*_<&|~`!$=^\\:{(#"
        },
    }
)
"""Shapes of notes, for every parser of text."""
TIMED: Mapping[str, Shape] = MappingProxyType(
    {
        "cues": lambda n: fill("00:00:01.000 --> 00:00:02.000\na\n\n", n, "WEBVTT\n\n"),
        "short cues": lambda n: fill("0:01 --> 0:02\na\n", n, "WEBVTT\n\n"),
        "voices": lambda n: fill("<v A>a", n, "WEBVTT\n\n0:01 --> 0:02\n"),
        "bad times": lambda n: fill("9:99 --> 0:02\na\n", n, "WEBVTT\n\n"),
        "back in time": lambda n: "\n".join(
            [
                "WEBVTT\n",
                *(f"00:{60 - d // 60 % 60:02}:{59 - d % 60:02}.000 --> 01:00:00.000\na\n" for d in range(n // 34)),
            ]
        ).encode(),
        "entities": lambda n: fill("&amp;", n, "WEBVTT\n\n0:01 --> 0:02\n"),
        "arrows": lambda n: fill("-->", n, "WEBVTT\n\n0:01 --> 0:02\n"),
        "one cue": lambda n: fill("word\n", n, "1\n00:00:01,000 --> 00:00:02,000\n"),
        "stamps": lambda n: fill("[0:01] a\n", n),
        "named stamps": lambda n: fill("**Ann B** [00:00:01]: a\n\n", n),
        "stamp in every line": lambda n: fill("A [0:99:99] a\n", n, "[0:01] a\n[0:02] b\n"),
        "segments": lambda n: fill('{"startTime":1,"body":"a"},', n, '{"segments":[', '{"startTime":1,"body":"a"}]}'),
        "empty segments": lambda n: fill("{},", n, '{"segments":[{"startTime":1,"body":"a"},', "{}]}"),
        "numbers": lambda n: fill("1,", n, '{"segments":[', "1]}"),
        "chapters": lambda n: fill('{"startTime":1,"title":"a"},', n, '{"chapters":[', '{"startTime":1,"title":"a"}]}'),
        "brackets": lambda n: fill("[", n, '{"chapters":['),
        "digits": lambda n: fill("9", n, '{"chapters":[{"startTime":', "}]}"),
        "escapes": lambda n: fill("\\u0041", n, '{"segments":[{"startTime":1,"body":"', '"}]}'),
        "short lines": lambda n: fill("a\n", n, "WEBVTT\n\n0:01 --> 0:02\n"),
        "white space": lambda n: fill(" ", n, "WEBVTT\n\n0:01 --> 0:02\n", "a"),
    }
)
"""Shapes of transcripts and chapters."""
_OPML, _END = '<opml version="2.0"><body>', "</body></opml>"
OUTLINES: Mapping[str, Shape] = MappingProxyType(
    {
        "items": lambda n: numbered('<outline text="a@"/>', n, _OPML, _END),
        "wide and tagged": lambda n: numbered('<outline text="a@ #format:book #topic:t@" _note="b"/>', n, _OPML, _END),
        "same title": lambda n: numbered('<outline text="a" url="https://a.example/@"/>', n, _OPML, _END),
        "deep": lambda n: fill('<outline text="a">' * 99 + "</outline>" * 99, n, _OPML, _END),
        "too deep": lambda n: fill('<outline text="a">', n, _OPML),
        "long text": lambda n: fill("word ", n, _OPML + '<outline text="', '"/>' + _END),
        "tags": lambda n: fill("#format:book ", n, _OPML + '<outline text="', '"/>' + _END),
        "values": lambda n: fill(":a", n, _OPML + '<outline text="#topic', '"/>' + _END),
        "links": lambda n: numbered("https://a.example/@ ", n, _OPML + '<outline text="', '"/>' + _END),
        "anchors": lambda n: fill(
            "&lt;a href='https://a.example'&gt;b&lt;/a&gt;", n, _OPML + '<outline text="', '"/>' + _END
        ),
        "open anchors": lambda n: fill("&lt;a ", n, _OPML + '<outline text="', '"/>' + _END),
        "attributes": lambda n: numbered(' a@="b"', n, _OPML + "<outline", "/>" + _END),
        "note lines": lambda n: fill("#x:y&#10;", n, _OPML + '<outline text="a" _note="', '"/>' + _END),
        "comments": lambda n: fill("<!-- -->", n, _OPML, _END),
        "sections": lambda n: fill("<![CDATA[", n, _OPML),
        "entities": lambda n: fill("&a;", n, _OPML + '<outline text="', '"/>' + _END),
    }
)
"""Shapes of outlines."""
YAML: Mapping[str, Shape] = MappingProxyType(
    {
        "keys": lambda n: numbered("k@: v\n", n),
        "entries": lambda n: numbered("k@:\n  name: N@\n", n),
        "wide entries": lambda n: numbered("k@: {name: N@, aliases: [a, b]}\n", n),
        "list": lambda n: fill("a,", n, "k: [", "a]\n"),
        "brackets": lambda n: fill("[", n, "k: "),
        "nested keys": lambda n: "".join(" " * d + "a:\n" for d in range(int((2 * n) ** 0.5))).encode()[:n],
        "children": lambda n: numbered("  c@: {title: T@}\n", n, "k:\n title: T\n children:\n"),
        "one text": lambda n: fill("word ", n, 'k: "', '"\n'),
        "block text": lambda n: fill("  a\n", n, "k: |\n"),
        "comments": lambda n: fill("# a\n", n),
        "aliases": lambda n: fill("- *a\n", n, "k: &a b\nl:\n"),
        "escapes": lambda n: fill("\\x41", n, 'k: "', '"\n'),
        "same key": lambda n: fill("a: b\n", n),
        "questions": lambda n: fill("? ", n),
        "hyphens": lambda n: fill("- ", n, "a:\n "),
        "topics in a chain": lambda n: "".join(
            f"t{d}: {{name: N{d}, parent: t{d + 1}}}\n" for d in range(n // 40)
        ).encode(),
    }
)
"""Shapes of YAML files."""


def note(piece: str, size: int) -> bytes:
    """Return a note file whose front matter is filled with a fragment."""
    return fill(piece, size, "---\nid: show-001\ntitle: T\n", "---\n\nText\n")


NOTES: Mapping[str, Shape] = MappingProxyType(
    {
        "own keys": lambda n: numbered("x-@: v\n", min(n, 65_000), "---\nid: show-001\ntitle: T\n", "---\n\nText\n"),
        "unknown keys": lambda n: numbered("k@: v\n", min(n, 65_000), "---\nid: show-001\ntitle: T\n", "---\n\nText\n"),
        "topics": lambda n: numbered(
            "- t@\n", min(n, 65_000), "---\nid: show-001\ntitle: T\ntopics:\n", "---\n\nText\n"
        ),
        "same key": lambda n: note("a: b\n", min(n, 65_000)),
        "brackets": lambda n: note("x-a: " + "[" * 30_000 + "\n", min(n, 65_000)),
        "open": lambda n: fill("a: b\n", n, "---\n"),
        "no front matter": lambda n: fill("a\n", n),
        "body": lambda n: fill("a\n", n, "---\nid: show-001\ntitle: T\n---\n\n"),
        "conflicts": lambda n: fill("<<<<<<< a\n", n, "---\nid: show-001\ntitle: T\n---\n\n"),
        "carriage returns": lambda n: fill("\r", n, "---\nid: show-001\ntitle: T\n---\n\n"),
    }
)
"""Shapes of note files."""


def vault(pattern: str, notes: int, size: int) -> bytes:
    """Return a folder of notes of equal size. In the pattern, `@` is replaced with the number of each note."""
    room = max(1, size // max(1, notes) // max(1, len(pattern.encode())))
    return pack({f"n{at}/Day {at}.md": pattern.replace("@", str(at)).encode() * room for at in range(notes)})


VAULTS: Mapping[str, Shape] = MappingProxyType(
    {
        "many notes": lambda n: vault("a [[b]]\n", 5_000, n - 200_000),
        "many days": lambda n: vault("## Day @\na\n", 5_000, n - 200_000),
        "embeds": lambda n: vault("![[Day 1]] ![[p.png]]\n", 1_000, n - 200_000),
        "front matters": lambda n: vault("---\ntags: [t@]\n---\n", 2_000, n - 200_000),
        "notes of links": lambda n: vault("[a](https://a.example/b) [c](https://d.example)\n\n", 20, n - 200_000),
        "two large notes": lambda n: vault("text [[Day 1]]\n", 2, n - 200_000),
    }
)
"""Shapes of folders of notes."""


def first(shapes: Mapping[str, Shape], number: int) -> Mapping[str, Shape]:
    """Return the first few shapes."""
    return dict(islice(shapes.items(), number))

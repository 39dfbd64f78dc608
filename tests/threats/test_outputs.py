"""Rows 37 and 38: files for programs have no active content, and printed text can't control a terminal."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from threats import hostile as contents
from threats.conftest import note
from threats.scan import acts

ESCAPES = "\x1b[31mred\x1b[0m \u202egnp.exe\u202c \u2028 \x9b31m"
FENCE = re.compile(r"^[ >]*(`{3,}).*?^[ >]*\1`*[ \t]*$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def addresses(value: Any) -> Iterator[str]:
    """Yield every URL in linked data."""
    if isinstance(value, list):
        for inner in value:
            yield from addresses(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in {"@id", "url", "contentUrl", "item", "sameAs", "image", "license"}:
                yield inner
            else:
                yield from addresses(inner)


def files(site: Path, *patterns: str) -> list[Path]:
    """Return the files of a site that match the patterns. At least one file must match."""
    found = sorted(path for pattern in patterns for path in site.rglob(pattern))
    assert found
    return found


def test_37_feeds_hold_html_that_does_nothing(hostile) -> None:
    for path in files(hostile.site, "feed.xml"):
        feed = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))
        elements = list(feed.iter("description", "{http://purl.org/rss/1.0/modules/content/}encoded"))
        assert len(elements) > 10
        assert [found for element in elements for found in acts(element.text or "")] == [], path
        result = [*feed.xpath("//@url | //@href"), *feed.xpath("//link/text()"), *feed.xpath("//docs/text()")]
        assert [address for address in result if not re.match(r"https?://", address)] == []


def test_37_json_and_indexes_are_no_html_even_if_taken_for_it(hostile) -> None:
    for path in files(hostile.site, "catalog.json", "catalog.schema.json", "llms.txt"):
        assert acts(path.read_text("utf-8")) == [], path


def test_37_twins_are_no_html_that_acts(hostile) -> None:
    twins = files(hostile.site, "*.md")
    assert len(twins) > 250
    for path in twins:
        # code is shown as text, also by Markdown readers
        bare = SPAN.sub("", FENCE.sub("", path.read_text("utf-8")))
        assert acts(bare) == [], path
        assert not re.search(r"(?<!\\)\]\((?!https?://|mailto:|[\w.#?/-])", bare), path
        assert not re.search(r"(?<!\\)\]\(<?\s*(?:javascript|data|vbscript):", bare, re.IGNORECASE), path


def test_37_search_fragments_hold_text(hostile) -> None:
    for path in files(hostile.site, "pagefind/fragment/*.pf_fragment"):
        fragment = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        assert re.fullmatch(r"/(?!/)[\w./-]*", fragment["url"]), path
        assert all(re.fullmatch(r"(?!__)[^\s<>\"]+", anchor["id"]) for anchor in fragment["anchors"]), path


def test_37_linked_data_stays_in_its_element(hostile) -> None:
    for path in files(hostile.site, "index.html"):
        html = path.read_text("utf-8")
        for data in re.findall(r'<script type="application/ld\+json">(.*?)</script', html, re.DOTALL):
            assert "<" not in data
            wrong = [address for address in addresses(json.loads(data)) if not re.match(r"https?://|\.{0,2}/", address)]
            assert wrong == [], path


def printable(text: str) -> bool:
    """Return whether a terminal would only display a text."""
    return all(char.isprintable() or char == "\n" for char in text)


def test_38_problems_are_printed_escaped(root, run) -> None:
    lines = ('topics: ["a\\u202e\\x1b[31mb"]', '"k\\u202e\\x1b]0;x\\a": 1', 'duration: "\\x9b"')
    folder = root({"episodes/a/a-001.md": note(f"Words.\n\n[a](x\u202ey) [b](<java\u202escript:x>) {ESCAPES}", *lines)})
    for command in (("check",), ("build",), ("check", "--format", "github")):
        done = run("mlguide", *command, cwd=folder, status=1)
        assert printable(done.stdout + done.stderr)
        assert "\\u202e" in done.stderr + done.stdout


def test_38_names_of_files_and_titles_of_feeds_are_printed_escaped(root, run) -> None:
    folder = root({})
    feed = contents.feed().replace("<title>", "<title>&#x202e;&#x9b;31m", 3)
    (folder / "\x1b[31m\u202e.xml").write_text(feed, "utf-8")
    done = run("mlguide", "import", "\x1b[31m\u202e.xml", cwd=folder)
    assert "\\x1b[31m\\u202e.xml" in done.stdout + done.stderr
    assert printable(done.stdout + done.stderr)
    missing = run("mlguide", "import", "\x1b[31m.missing", cwd=folder, status=None)
    assert missing.returncode
    assert printable(missing.stdout + missing.stderr)
    for command in (("stats",), ("new", "\x1b[31m", "x"), ("rename", "\x1b[31m", "\u202e"), ("suggest",)):
        done = run("mlguide", *command, cwd=folder, status=None)
        assert printable(done.stdout + done.stderr), command

"""Tests of footnotes in a document: sections, segments, findings, quotes and limits."""

import time

import pytest

from markup.reading import plain_text
from mlguide_site.errors import Severity
from mlguide_site.markdown.document import Insertion
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse

BODY = """[^top]: Above all.

A raft[^a] floats.

## Logs

A log[^top] too, and a log[^a].

[^a]: Of Spruce, says [^b].
[^b]: Of
    [Balsa](https://b.example).
"""


def test_footnotes_come_at_the_end_by_number() -> None:
    document = parse(BODY, "Rafts")
    blocks = [(block.text, document.sections[block.section].heading, block.line) for block in document.blocks]
    assert blocks[0] == ("A raft floats.", "", 3)
    notes = [("Of Spruce, says .", "Logs", 9), ("Above all.", "Logs", 1), ("Of Balsa.", "Logs", 10)]
    assert blocks[3:] == notes
    assert [(use.href, use.line) for use in document.links] == [("https://b.example", 11)]


def test_names_in_footnotes_become_links() -> None:
    document = parse(BODY, "Rafts")
    at, segment = next((at, one) for at, one in enumerate(document.segments) if "Spruce" in one.text)
    start = segment.text.index("Spruce")
    text = to_markdown(document, {at: [Insertion(start, start + 6, "../tools/spruce.md")]})
    assert 'role="doc-backlink">1</a></sup> Of [Spruce](../tools/spruce.md), says <sup id="fnref.3"' in text


def test_a_text_is_told_elsewhere_without_its_marks() -> None:
    document = parse(BODY, "Rafts")
    assert document.opening == "A raft floats."
    assert plain_text(document).splitlines()[:3] == ["A raft floats.", "Logs", "A log too, and a log."]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a[^1]\n\n[^1]: b\n\n> - [^1]: c", (5, 5, "1")),
        ("a\n\n  [^1]: b", (3, 3, "1")),
        ("a[^N]\n\n[^n]: b\n[^N]: c", (4, 1, "N")),
        ("`[^1]`\n\n[^1]: b", (3, 1, "1")),
        (f"[^{'x' * 99}]: b", (1, 1, "x" * 60)),
    ],
)
def test_a_note_that_nothing_refers_to_is_reported_and_keeps_its_label(
    body: str, expected: tuple[int, int, str]
) -> None:
    document = parse(body)
    [found] = document.findings
    assert (found.line, found.column, found.severity) == (*expected[:2], Severity.HINT)
    assert found.message == f'nothing refers to the footnote "{expected[2]}"'
    assert "]: " in plain_text(document)


@pytest.mark.parametrize("body", ["a[^1]", "[^1]", "a [^1 2]", "    [^1]: a", "a[^x][^y]"])
def test_references_to_nothing_stay_as_they_are(body: str) -> None:
    document = parse(body)
    assert plain_text(document).replace("\n", "") == body.strip().replace("\n", "")
    assert "<sup" not in to_markdown(document)


def test_a_reference_in_a_link_stands_behind_it() -> None:
    text = to_markdown(parse("[a[^1]b](https://c.example)\n\n[^1]: d"))
    assert text.startswith('[ab](https://c.example)<sup id="fnref.1"')


def test_the_way_back_leads_to_the_first_reference() -> None:
    text = to_markdown(parse("a[^1] b[^1]\n\n[^1]: c"))
    assert text.count('href="#fn.1"') == 2
    assert text.count('id="fnref.1"') == text.count('href="#fnref.1"') == text.count('role="doc-backlink"') == 1


HOSTILE = {
    "references": lambda count: "a[^1]\n\n" * count + "[^1]: b",
    "notes": lambda count: (
        "".join(f"a[^{at}]\n\n" for at in range(count)) + "".join(f"[^{at}]: b\n" for at in range(count))
    ),
    "a chain": lambda count: "a[^0]\n\n" + "".join(f"[^{at}]: b[^{at + 1}]\n" for at in range(count)),
    "a chain in the wrong order": lambda count: "".join(f"[^{at}]: b[^{at - 1}]\n" for at in range(count)),
    "the same label": lambda count: "a[^1]\n\n" + "[^1]: b\n" * count,
    "labels that never end": lambda count: ("a" * 90 + "[^b" * 900 + "\n\n") * (count // 900) + "[^1]: b",
    "definitions within definitions": lambda count: "[^1]: " * count,
    "boxes": lambda count: "- [ ] a\n- [x] b\n\n[ ] c\n" * (count // 2),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_thousands_take_long_only_as_they_are_many(case: str) -> None:
    def seconds(count: int) -> float:
        body = HOSTILE[case](count)
        start = time.process_time()
        to_markdown(parse(body))
        return time.process_time() - start

    seconds(100)
    assert seconds(5000) < 20 * min(seconds(1000) for _ in range(3)) + 0.2

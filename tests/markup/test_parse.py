"""Tests of parsed bodies: blocks, sections, segments, links and findings."""

import pytest

from markup.reading import plain_text, render, tree
from mlguide_site.errors import Severity
from mlguide_site.markdown.document import NO_LINKS
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse

BODY = """\
First [line](https://a.example)
second line.

## Tools & *kinds*

- Use **Rope
  Maker** now
- `code` <kbd>key</kbd> <mark>pen</mark>

| Name | Use |
|------|-----|
| Winch | lifts ![local](a.png) |

> Quoted https://b.example/c.

```
fenced
```

### Tools & kinds

!!! note "A *title*"
    Boxed
"""


def texts(body: str) -> list[str]:
    return [segment.text for segment in parse(body).segments]


def test_blocks_are_paragraphs_items_cells_headings_and_titles() -> None:
    blocks = [(block.text, block.section, block.line) for block in parse(BODY).blocks]
    assert blocks == [
        ("First line second line.", 0, 1),
        ("Tools & kinds", 1, 4),
        ("Use Rope Maker now", 1, 6),
        ("code key pen", 1, 8),
        ("Name", 1, 10),
        ("Use", 1, 10),
        ("Winch", 1, 12),
        ("lifts local", 1, 12),
        ("Quoted https://b.example/c.", 1, 14),
        ("Tools & kinds", 2, 20),
        ("A title", 2, 22),
        ("Boxed", 2, 23),
    ]


def test_sections_have_the_anchors_of_the_page() -> None:
    assert [tuple(section) for section in parse(BODY, "Tools & kinds").sections] == [
        ("", "", 0, 1, ""),
        ("Tools & kinds", "tools-kinds_1", 2, 4, ""),
        ("Tools & kinds", "tools-kinds_2", 3, 20, ""),
    ]
    assert parse(BODY).sections[1].anchor == "tools-kinds"


@pytest.mark.parametrize(
    ("heading", "anchor", "former"),
    [
        ("The first image, 2nd try", "the-first-image-2nd-try", ""),
        ("Größe – und Maß", "größe-und-maß", "groe-und-ma"),
        ("Уход за Станком", "уход-за-станком", "_2"),
        ("織り機 の 手入れ", "織り機-の-手入れ", "_2"),
        ("العناية بالنول", "العناية-بالنول", "_2"),
        ("베틀 손질 C", "베틀-손질-c", "c"),
        ("हिन्दी", "हनद", "_2"),
        ("Ångström", "ångström", "angstrom"),
        ("A\u030angstro\u0308m", "angstrom", ""),
        ("日本_x", "日本_x", ""),
    ],
)
def test_anchors_keep_the_letters_of_all_scripts(heading: str, anchor: str, former: str) -> None:
    # in earlier versions, the title had the anchor `_1`
    document = parse(f"## {heading}\n\n## {heading}", "Станок")
    page = tree(render(f"# Станок\n\n{to_markdown(document)}"))
    first, second = document.sections[1:]
    assert (first.anchor, first.former) == (anchor, former)
    assert page.xpath("//h2/@id") == [first.anchor, second.anchor] and first.anchor != second.anchor
    assert document.anchors[former or anchor] == document.anchors[anchor] == anchor


def test_segments_are_text_that_may_be_linked() -> None:
    assert [one.text for one in parse(BODY).segments if one.child == NO_LINKS] == [
        "line",
        "Tools & ",
        "kinds",
        "Tools & kinds",
        "A ",
        "title",
    ]
    assert [one.text for one in parse(BODY).segments if one.child != NO_LINKS] == [
        "First ",
        " second line.",
        "Use ",
        "Rope Maker",
        " now",
        "pen",
        "Name",
        "Use",
        "Winch",
        "lifts ",
        "Quoted ",
        ".",
        "Boxed",
    ]


def test_segments_say_where_they_stand() -> None:
    document = parse(BODY)
    for segment in document.segments:
        children = document.tokens[segment.token].children
        assert children is not None
        assert segment.child == NO_LINKS or children[segment.child].content == segment.text
        block = document.blocks[segment.block]
        assert block.text[segment.offset : segment.offset + len(segment.text)] == segment.text


@pytest.mark.parametrize(
    "body",
    ["a\\_b", "a&amp;b", "a\nb", "a <!-- c --> b", "a [b](javascript:c) d", "a <x> b", "a\\\nb".replace("\\\n", " ")],
)
def test_text_that_reads_on_is_one_segment(body: str) -> None:
    assert len(parse(body).segments) == 1


def test_a_hard_break_ends_a_segment() -> None:
    assert texts("a  \nb\\\nc") == ["a", "b", "c"]


def test_links_are_counted_with_their_place() -> None:
    body = (
        "# [Head](h.md)\n\na\n[b *c*](d.md) ![e](f.png) ![g](https://h.example/i.png)\n"
        "https://j.example <k@l.example>\n\n"
        '<p><a href="https://m.example/?n&amp;o">p</a></p>'
    )
    document = parse(body)
    links = [(link.href, link.text, link.line, link.image) for link in document.links]
    assert links == [
        ("h.md", "Head", 1, False),
        ("d.md", "b c", 4, False),
        ("f.png", "e", 4, True),
        ("https://h.example/i.png", "Image: g", 4, True),
        ("https://j.example", "https://j.example", 5, False),
        ("mailto:k@l.example", "k@l.example", 5, False),
        ("https://m.example/?n&o", "p", 7, False),
    ]
    for link in document.links:
        assert document.blocks[link.block].text[link.offset :].startswith(link.text)


def test_levels_begin_at_two_and_skip_none() -> None:
    def levels(body: str) -> list[int]:
        return [section.level for section in parse(body).sections[1:]]

    assert levels("# a\n\n### b\n\n## c\n\n# d") == [2, 3, 3, 2]
    assert levels("###### a\n\n# b") == [2, 2]
    assert levels("\n\n".join(f"{'#' * level} x" for level in range(1, 7))) == [2, 3, 4, 5, 6, 6]


@pytest.mark.parametrize("body", ["", "\n", " ", "\t\n", "<!-- a -->", "[a]: b", "> \n", "#", "\ufeff", "<div></div>"])
def test_nothing_comes_out_of_nothing(body: str) -> None:
    document = parse(body)
    assert to_markdown(document) == ""
    assert not (document.segments or document.links)
    assert not any(block.text for block in document.blocks)


def test_half_of_a_surrogate_pair_is_no_text() -> None:
    assert to_markdown(parse("a\ud800b <p>c\udfff</p>\n\n<p>d\udc00</p>")) == "ab &lt;p>c&lt;/p>\n\nd\n"


def test_lines_are_counted_as_an_editor_does() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert [block.line for block in parse(f"a{end}{end}b{end}{end}{end}c").blocks] == [1, 3, 6]


def test_plain_text_is_what_a_reader_sees() -> None:
    body = f"{BODY}\n<p>raw <b>html</b></p>\n\n<script>x</script>\n"
    assert plain_text(parse(body)).splitlines() == [
        *("First line second line.", "Tools & kinds", "Use Rope Maker now", "code key pen", "Name", "Use", "Winch"),
        *("lifts local", "Quoted https://b.example/c.", "fenced", "Tools & kinds", "A title", "Boxed", "raw html"),
    ]


LIMITS = {
    "bytes": ("é" * 600_000, 1, "larger than 1 MiB"),
    "lines": ("a\n" * 40_001, 1, "more than 40,000 lines"),
    "line": ("a\n" + "b" * 20_001, 2, "longer than 20,000 characters"),
    "quotes": ("a\n\n" + ">" * 101 + " b", 3, "nested deeper than 100 levels"),
    "markers": ("a\n\n" + ("> " * 90 + "b\n") * 300, 226, "nested deeper than 100 levels"),
    "lists": ("".join("  " * depth + "- a\n" for depth in range(120)), 50, "nested deeper than 100 levels"),
    "brackets": ("a\n\n" + "[" * 101, 3, "nested deeper than 100 levels"),
    "paragraph": (("b" * 1_000 + "\n") * 61, 1, "longer than 60,000 characters"),
    "marks": ("*a " * 5_000, 1, "more than 4,000 Markdown syntax characters"),
    "all marks": (("*a " * 3_000 + "\n\n") * 40, 67, "too many Markdown syntax characters"),
    "pieces": ("```\n```\n" * 2_001, 4001, "code blocks and raw HTML blocks"),
    "tags": ("<b>" * 3_000 + "\n\n<div>" + "<i>" * 3_000, 3, "more than 2,000 tags"),
    "formulas": (("$" + "x" * 998 + "$ is a formula\n\n") * 101, 1, "the formulas have more than 100,000 characters"),
    "tokens": ("- a\n" * 30_000, 1, "too many paragraphs"),
}


@pytest.mark.parametrize(("body", "line", "message"), LIMITS.values(), ids=LIMITS)
def test_a_body_beyond_a_limit_is_only_reported(body: str, line: int, message: str) -> None:
    document = parse(body)
    assert [finding.severity for finding in document.findings] == [Severity.ERROR]
    assert document.findings[0].line == line
    assert message in document.findings[0].message
    assert not document.tokens


def test_findings_come_in_the_order_of_the_text() -> None:
    findings = parse("a <u>b\n\n[c](x:y)\n\n<script></script>\n").findings
    assert [finding.line for finding in findings] == [1, 3, 5]


def test_attributes_and_snippets_are_reported() -> None:
    """A formula, code and a set in a sentence aren't attributes."""
    text = """![mill](mill.png){ width=300 }

See [the mill](https://mill.example){:.wide #one} and **wool**{ .red }.

--8<-- "other.md"

## Reeds {#reeds}

A ==fine== reed, but a == b == c.

Here $f(x) {a=1}$ and `f(x) {a=1}` (see above) {x, y} and {width=3}.
"""
    found = [(one.line, one.message.removesuffix(" is shown as text")) for one in parse(text).findings]
    wanted = [(1, "{ width=300 }"), (3, "{:.wide #one}"), (3, "{ .red }"), (5, '--8<-- "other.md"')]
    wanted += [(7, "{#reeds}"), (9, "==fine==")]
    assert found == [(line, f'"{what}"') for line, what in wanted]


@pytest.mark.parametrize("address", ["http://[bad", "https://h.example:99999999/", "https://%/"])
def test_a_link_to_no_whole_address_is_its_text_and_is_told(address: str) -> None:
    document = parse(f"See [x]({address}) there.")
    assert [use.href for use in document.links] == []
    assert "it is not a complete address" in " ".join(finding.message for finding in document.findings)


def test_a_table_of_contents_of_another_program_is_reported() -> None:
    found = [(one.line, one.message) for one in parse("a\n\n[TOC]\n\nThe [TOC] in a sentence").findings]
    assert found == [(3, '"[TOC]" is shown as text')]


@pytest.mark.parametrize(
    "text",
    [
        "Sponsored: https://a.example/?ref=show",
        "Music by x_y and me",
        "Edit: 5 = five",
        "Ann\\] said that x = y \\[laughs",
        "00:01\\] Ann: set x=1 in the file \\[music",
    ],
)
def test_escaped_brackets_around_text_are_no_formula(text: str) -> None:
    assert not parse(f"\\[{text}\\]\n").findings


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Wool. <!-- the owner\n\nis Bob --> It is old.", "<!-- the owner"),
        ("- Wool <!-- ask\n\n  Ann -->", "<!-- ask"),
        ("![Shears](Screenshot 2024-03-01 at 10.22.33.png)", "![Shears](Screenshot 2024-03-01 at 10.22.33.png)"),
        ("See [slides](my slides.pdf).", "[slides](my slides.pdf)"),
        (":::info\nWool\n:::", ":::info"),
        ("A loom^[A machine that weaves.] is old, x^[2] is not.", "^[A machine that weaves.]"),
        ("So \\(x^2 + y_1\\) is", "\\(x^2 + y_1\\)"),
        ("\\[\nx = y\n\\]", "\\[ x = y \\]"),
        (r"\[ x = 1 \text{ if the loom stands} \]", r"\[ x = 1 \text{ if the loom stands} \]"),
    ],
)
def test_markup_of_other_programs_is_reported(body: str, shown: str) -> None:
    assert f'"{shown}" is shown as text' in [one.message for one in parse(body).findings]


@pytest.mark.parametrize(
    "body",
    [
        "Wool <!-- it\nis old --> here",
        "Write `<!--` first",
        '![Shears](a.png "in two.png")',
        "\\(not a link\\)",
        "\\[Music\\]",
    ],
)
def test_other_markup_is_not_reported(body: str) -> None:
    assert not parse(body).findings


def test_details_are_reported_because_their_text_is_shown() -> None:
    body = "Wool.\n\n<details>\n<summary>Answer</summary>\n\nIt shrinks.\n\n</details>\n"
    assert [(one.line, one.message) for one in parse(body).findings] == [(3, "the text in <details> is not folded")]

"""Tests of lines in notes: limits, code, front matter, line ends, comments and deeply nested quotes."""

import time
from datetime import date

import pytest

from mlguide_site.errors import ContentError, Problem
from mlguide_site.importers import Context, Draft, KnownSeries, Source
from mlguide_site.importers.common.dates_and_durations import When, fill_years, read_when
from mlguide_site.importers.common.naming import Person, known_series
from mlguide_site.importers.folder import SETTINGS, Folder
from mlguide_site.importers.notes.callouts_and_boxes import MAX_DEPTH, write_body
from mlguide_site.importers.notes.dialects import DIALECTS, read_opener, take_date
from mlguide_site.importers.notes.front_matter import read_head
from mlguide_site.importers.notes.inline import InlineWriter
from mlguide_site.importers.notes.reader import find_resources, read, read_authors
from mlguide_site.importers.notes.source import (
    MAX_LINE,
    MAX_LINES,
    MAX_NOTES_SOURCE_BYTES,
    MAX_REPEATED,
    MAX_SIGNS,
    Line,
    join_formulas,
    parse_lines,
    read_lines,
    share_footnotes,
)
from mlguide_site.importers.notes.template_tags import without_attributes, without_tags
from mlguide_site.markdown.fences import fenced
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.slugs import make_slug


def body(text: str) -> str:
    lines = parse_lines([Line(number, line) for number, line in enumerate(text.split("\n"), 1)], comments=True)
    return write_body(lines, InlineWriter("x.md", Folder({}), vault=True))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the source is empty"),
        (b"a" * (MAX_NOTES_SOURCE_BYTES + 1), "larger than 4 MiB"),
        (b"a\n" * (MAX_LINES + 1), "more than 200,000 lines"),
        (b"a\n" + b"b" * (MAX_LINE + 1), "the line is longer than 60,000 characters"),
        (b"a" + b"\n" * (MAX_SIGNS // 3), "more than 300,000 Markdown syntax characters"),
        (b"*" * MAX_LINE + b"\n" + b"[" * MAX_LINE + b"\n" + (b"|" * MAX_LINE + b"\n") * 3, "300,000 Markdown"),
        ((b"> " * 90 + b"a\n\n") * 4_000, "more than 300,000 Markdown syntax characters"),
        (b"a\x00", "a NUL character"),
        (b"a\xff", "0xff is not UTF-8"),
    ],
)
def test_what_is_beyond_a_limit_is_one_problem(data: bytes, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        read_lines(Source("a.md", data))


def test_code_counts_for_no_signs() -> None:
    lines = b"a" + b"\n" * (MAX_SIGNS // 3 - 1)
    assert len(read_lines(Source("a.md", lines))) == MAX_SIGNS // 3
    with pytest.raises(ContentError):
        read_lines(Source("a.md", lines + b"*"))
    assert len(read_lines(Source("a.md", lines[:-9] + b"\n```\n***\n```\n"))) < MAX_SIGNS // 3


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["```", "a", "```", "b"], "xxx."),
        (["````", "```", "````"], "xxx"),
        (["```", "~~~", "```"], "xxx"),
        (["- ```py", "  a", "  ```"], "xxx"),
        (["```", "a"], "xx"),
        (["> ```", "> a", "b"], "xx."),
    ],
)
def test_code_is_what_is_between_fences(texts: list[str], code: str) -> None:
    assert "".join("x" if inside else "." for inside in fenced(texts)) == code


@pytest.mark.parametrize(
    ("text", "fields", "tags", "end"),
    [
        ("---\ntitle: A\ntags: [b, ' c']\n---\nText", {"title": "A"}, ("b", "c"), 4),
        ("\n---\ntitle: A\n---\n\n---\ntitle: B\ntags: b, d\n---\n", {"title": "A"}, ("b", "d"), 9),
        ("---\ntitle: A\n---\n\n+++\ntitle = 'B'\n+++\n", {"title": "A"}, (), 3),
        (
            "+++\ntitle = 'A'\ndate = 2024-03-05\ndraft = true\n+++\nText",
            {"title": "A", "date": "2024-03-05", "draft": "true"},
            (),
            5,
        ),
        ('{\n "title": "A", "tags": ["b"],\n "episode": 3\n}\nText', {"title": "A", "episode": "3"}, ("b",), 4),
        ('{"title": "\\ud83d\\ude00"}\n{"b": 1}', {"title": "😀"}, (), 1),
        ("{%youtube abc%}\nText", {}, (), 0),
        ("---\n---\n# A", {}, (), 0),
        ("---\nJust text\n---\n", {}, (), 0),
        ("# A\n---\ntitle: B\n---", {}, (), 0),
    ],
)
def test_front_matter(text: str, fields: dict[str, str], tags: tuple[str, ...], end: int) -> None:
    head = read_head([Line(number, line) for number, line in enumerate(text.split("\n"), 1)])
    assert (dict(head.fields), head.tags, len(head.lines)) == (fields, tags, end)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: [broken\nepisode 1\n---\nText", "n.md:2:8: not valid YAML"),
        ("---\ntitle: A: b\n---\nText", 'n.md:2:8: not valid YAML: this value needs quotes; write title: "A: b"'),
        ("---\ntitle: open\n\nText", "n.md:1:1: the front matter has no end; write --- on the line after it"),
        ("+++\ntitle = A\n+++\nText", "n.md:2:9: the front matter is not valid TOML: Invalid value"),
        ("+++\ntitle = 'A'", "n.md:1:1: the front matter has no end; write +++"),
        ('{\n "a": 1,\n}\nText', "n.md:3:1: the front matter is not valid JSON"),
        ('{\n "a": ' + "[" * 3000 + "\n}", "n.md:1:1: the front matter is not valid JSON"),
        ('{\n "a": 1', "n.md:1:2: the front matter is not valid JSON"),
        ('{\n "é": "ü", "a": }\n}\nText', "n.md:2:17: the front matter is not valid JSON: Expecting value"),
        (
            '{\n\t"é":"ü","a":1,\n\t"é":2\n}\nText',
            'n.md:3:2: the key "é" is used twice, first on line 2; keep one of the two',
        ),
        ('{\n "a": {"é": 1, "b": 2, "é": 3}\n}\nText', 'n.md:2:24: the key "é" is used twice'),
        ('{\n "é": "\\ud83d\\ude00", "é": 1\n}\nText', 'n.md:2:23: the key "é" is used twice'),
        ('{\n "é": "ü", "a": "b\u2028"\n}\nText', "n.md:2:19: the invisible control character U+2028"),
        ('{\n "é": "\\u2028"\n}\nText', "n.md:1:1: the invisible control character U+2028"),
        ('{\n "é": "\\ud83d"\n}\nText', "n.md:1:1: the front matter is not valid JSON"),
        ('{\n "é": ' + "[" * 25 + "]" * 25 + "\n}\nText", "n.md:2:27: nested deeper than 20 levels"),
        ("+++\né = 1\n+++\nText", "n.md:2:1: the front matter is not valid TOML"),
        ("+++\na = 'é' b = 1\n+++\nText", "n.md:2:9: the front matter is not valid TOML"),
        ("+++\na = 'é'\nb = [1,\n+++\nText", "n.md:3:8: the front matter is not valid TOML"),
        ("+++\na = 'é'\nb = 'é\u2028'\n+++\nText", "n.md:3:7: the invisible control character U+2028"),
        ("+++\na = 'é'\nb = " + "[" * 25 + "]" * 25 + "\n+++\nText", "n.md:2:1: nested deeper than 20 levels"),
    ],
)
def test_broken_front_matter_is_an_error_at_its_place(text: str, says: str) -> None:
    with pytest.raises(ContentError) as error:
        read_head([Line(number, line) for number, line in enumerate(text.split("\n"), 1)], "n.md")
    assert str(error.value).startswith(says)


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("draft: true", "draft"),
        ("draft: false", None),
        ("publish: false", "draft"),
        ("status: cancelled", "cancelled"),
        ("published: no", "draft"),
        ("draft: Off", None),
        ("draft: yes", "draft"),
    ],
)
def test_what_front_matter_says_of_the_status(field: str, status: str | None) -> None:
    head = read_head([Line(number, line) for number, line in enumerate(("---", field, "---"), 1)])
    assert (head.values.get("status"), head.unread) == (status, [])


@pytest.mark.parametrize(
    ("second", "days", "hints"),
    [
        ("date: 07/25/2024", ["2024-07-03", "2024-07-25"], 0),
        ("Date: 25/07/2024", ["2024-03-07", "2024-07-25"], 0),
        ("created: 08/03/2024", ["2024-03-07", "2024-03-08"], 1),
    ],
)
def test_the_notes_of_a_folder_show_whether_dates_begin_with_the_day(second: str, days: list[str], hints: int) -> None:
    dates = {"a.md": "date: 07/03/2024", "b.md": second}
    files = {name: f"---\ntitle: {name}\n{one}\n---\nOn {one[-10:]}.".encode() for name, one in dates.items()}
    dialect = next(one for one in DIALECTS if one.name == "obsidian")
    items = list(read(dialect, Source("notes", b"", files=files), Context()))
    assert [str(one.fields["date"]) for one in items if isinstance(one, Draft)] == days
    assert len([one for one in items if isinstance(one, Problem)]) == hints


def test_keys_that_differ_only_in_case_are_reported_and_the_first_counts() -> None:
    text = "---\nTitle: One\ntitle: Two\nmood: good\nMood: good\nx_Y: a\nX_y: b\n---"
    head = read_head([Line(number, line) for number, line in enumerate(text.split("\n"), 1)])
    assert (head.fields["title"], head.extra, head.unread) == ("One", {"x-mood": "good"}, ["title", "x_y"])


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("a\nb", "a\\\nb"),
        ("# a\nb", "# a\nb"),
        ("a\n## b", "a\n## b"),
        ("- a\nb\n- c", "- a\\\nb\n- c"),
        ("| a |\n|---|", "| a |\n|---|"),
        ("a<br>\nb", "a<br>\nb"),
        ("a  \n> b", "a\n> b"),
        ("    a\n    b", "    a\n    b"),
        ("a\n<details>b\nc\n\ne\nf", "a\n<details>b\nc\n\ne\\\nf"),
        ("a\n<!-- b -->", "a\n<!-- b -->"),
        ("a\n<b>b</b> c", "a\\\n<b>b</b> c"),
    ],
)
def test_line_ends_are_breaks_in_paragraphs_only(text: str, broken: str) -> None:
    assert body(f"x\n\n{text}") == f"x\n\n{broken}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A %%one%% b %%two%% c", "A b c <!-- one --> <!-- two -->"),
        ("%%lead%% tail", "tail <!-- lead -->"),
        ("- %%lead%% tail", "- tail <!-- lead -->"),
        ("a\n\n%%\nb --> c\n\nd\n%%\n\ne", "a\n\n<!-- b - -> c -->\n\n<!-- d -->\n\ne"),
        (
            "a %% b\n- c\n\n```\nd\n```\n> e %% f %%g%%",
            "a <!-- b -->\n<!-- - c -->\n\n<!-- ``` -->\n<!-- d -->\n<!-- ``` -->\\\nf <!-- > e --> <!-- g -->",
        ),
        ("%% a\n50% `b` 1%% c", "<!-- a -->\\\nc <!-- 50% `b` 1 -->"),
        ("%%a 1%%\n\n%%b%%", "<!-- a 1 -->\n\n<!-- b -->"),
        ("100% a %%b%%\nc %%d\ne%% f", "100% a <!-- b -->\\\nc <!-- d -->\\\nf <!-- e -->"),
        ("<div>\n%% a %%\n</div>", "<div>\n<!-- a -->\n</div>"),
        ("# A %%b%%\n\nc", "# A <!-- b -->\n\nc"),
        ("`%%code%%` and 100%% sure", "`%%code%%` and 100%% sure"),
        ("%%\nnever closed", "%%\\\nnever closed"),
        ("```\n%%\nb\n%%\n```", "```\n%%\nb\n%%\n```"),
    ],
)
def test_comments_become_html_comments(text: str, written: str) -> None:
    assert body(text) == written


def test_quotes_that_nest_too_deep_stay_as_they_are_written() -> None:
    text = "> " * 13 + "deep"
    assert body(text) == text


def test_boxes_that_nest_too_deep_stay_as_they_are_written() -> None:
    lines = [Line(number, ":::info") for number in range(MAX_DEPTH + 2)]
    text = write_body(lines, InlineWriter("x.md", Folder({})))
    assert (text.count("!!! info"), text.count(":::info")) == (MAX_DEPTH, 2)


def test_boxes_of_other_programs_become_admonitions_in_vaults_too() -> None:
    texts = [
        ":::tip[The *tip*: a]",
        "",
        "One.",
        "",
        ":::",
        "::: details More",
        "Two.",
        "::::caution",
        "Three.",
        "::::",
        ":::",
    ]
    text = write_body([Line(*one) for one in enumerate(texts, 1)], InlineWriter("x.md", Folder({}), vault=True))
    assert text.split() == ('!!! tip "The *tip*: a" One. ??? note "More" Two. !!! caution Three.'.split())


def test_a_box_that_is_not_converted_ends_before_the_box_around_it() -> None:
    texts = [":::note[See [a](https://a.example) first]", ":::theorem", "One.", ":::", "Two.", ":::", "Three."]
    text = write_body([Line(*one) for one in enumerate(texts, 1)], InlineWriter("x.md", Folder({})))
    assert text.splitlines()[:4] == ["!!! note", "", "    See [a](https://a.example) first", ""]
    assert text.splitlines()[4:] == ["    :::theorem", "    One.", "    :::", "    Two.", "", "Three."]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (":::caution\n\n:::\n\nAfter", "Caution\n\nAfter"),
        (":::note[]\n:::\n    code", "Note\n\n    code"),
        (":::note[]\nA\n:::", "!!! note\n\n    A"),
        (":::note\n:::tip\n:::\n:::", "!!! note\n\n    Tip"),
        (
            ":::note %%b%%\n<!-- c -->\n[d]: https://d.example\n:::",
            "Note <!-- b -->\n\n<!-- c -->\n[d]: https://d.example",
        ),
        ('> [!tip] 1. It\'s "A"', '!!! tip\n\n    1\\. It\'s "A"'),
        ("> [!tip] [a](https://a.example)\n> B", "!!! tip\n\n    [a](https://a.example)\n\n    B"),
        ("- x\n  > [!note]\n- y", "- x\n\n  Note\n\n- y"),
        (":::tip[A [b](https://b.example)]\nC\n:::", "!!! tip\n\n    A [b](https://b.example)\n\n    C"),
        (":::tip <https://a.example>\nB\n:::", "!!! tip\n\n    <https://a.example>\n\n    B"),
        (":::tip A[^1]\nB\n:::\n\n[^1]: C.", "!!! tip\n\n    A[^1]\n\n    B\n\n[^1]: C."),
        (':::info{.a title="B {c}"}\nD\n:::', '!!! info "B {c}"\n\n    D'),
        (":::info[A]{#b}\nC\n:::", '!!! info "A"\n\n    C'),
        (":::info {x} y\nA\n:::", '!!! info "{x} y"\n\n    A'),
    ],
)
def test_boxes_have_text_and_no_links_in_titles(text: str, result: str) -> None:
    found = write_body(
        parse_lines(without_attributes([Line(*one) for one in enumerate(text.split("\n"), 1)])[0], comments=True),
        InlineWriter("x.md", Folder({}), vault=True),
    )
    assert found == result
    assert not parse(found).findings


def test_boxes_in_quotes_stay_as_they_are_written() -> None:
    assert body("> :::note\n> quoted\n> :::") == "> :::note\\\n> quoted\\\n> :::"


def test_many_quotes_within_quotes_are_read_quickly() -> None:
    # as many lines as the limit of a file allows: a line counts as three characters, and each ">" as one
    lines = 300_000 // 28
    assert _seconds(lines) < 8 * _seconds(lines // 4) + 1


def _seconds(lines: int) -> float:
    start = time.process_time()
    assert body("\n".join([">" * 25 + " x"] * lines)).count("x") == lines
    return time.process_time() - start


def test_the_series_of_a_title() -> None:
    known = {"x": KnownSeries("x", "Evening  Talks")}
    assert known_series("evening talks", Context(known)) == "x"
    assert known_series("evening", Context(known)) == ""
    long = "A Very Long Title of a Series That Goes On and On"
    assert make_slug(long, "notes", 40) == "a-very-long-title-of-a-series-that-goes"
    assert make_slug("???", "notes", 40) == "notes"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("- [Ada Plank - Saws](https://a.example/x)", "Ada Plank - Saws"),
        ("1. [Version 8.8. 8) and on](https://a.example/x_(y))", "Version 8.8. 8) and on"),
        ("Saws - Planes: https://a.example/x", "Saws - Planes"),
    ],
)
def test_marks_within_a_title_of_a_resource_stay(text: str, title: str) -> None:
    assert [entry.fields["title"] for entry in find_resources([Line(1, text)], "")] == [title]


def test_section_pages_of_a_folder_are_reported_and_not_imported() -> None:
    drawing = b"---\ntags: [excalidraw]\nexcalidraw-plugin: parsed\n---\n# Data\n```compressed-json\nN4\n```\n"
    files = {"index.md": b"Home", "a/_index.md": b"A", "a/one.md": b"# One", "b/index.md": b"# Two"}
    files |= {"a/Map.excalidraw.md": drawing, "LICENSE.md": b"All may use it.", "_Sidebar.md": b"- [[One]]"}
    items = list(
        read(next(one for one in DIALECTS if one.name == "obsidian"), Source("v", b"", files=files), Context())
    )
    assert [item.title for item in items if isinstance(item, Draft)] == ["One", "Two"]
    assert [item.message for item in items if isinstance(item, Problem)] == [
        "5 notes skipped (empty, a drawing, or a page like about.md): "
        "LICENSE.md, _Sidebar.md, a/Map.excalidraw.md, a/_index.md, index.md"
    ]


@pytest.mark.parametrize(
    ("files", "titles"),
    [
        # two notes have the number 1, so that no field has it
        (
            {"week1/lab.md": "# Week 1: Saws\n", "week1/talk.md": "# Week 1 - Planes\n"},
            ["lab: Week 1: Saws", "talk: Week 1 - Planes"],
        ),
        (
            {"a.md": "# Log of Ann\n\n## Day 1: Saws\n", "b.md": "# Day 1: Planes\n"},
            ["Log of Ann: Day 1: Saws", "b: Day 1: Planes"],
        ),
        ({"week1/notes.md": "# Week 1: Saws\n", "week2/notes.md": "# Week 2: Planes\n"}, ["Saws", "Planes"]),
        ({"Oak.md": "# Week 1\n", "Ash.md": "# Week 1\n"}, ["Ash: Week 1", "Oak: Week 1"]),
    ],
)
def test_titles_of_notes_keep_what_tells_them_apart(files: dict[str, str], titles: list[str]) -> None:
    dialect = next(one for one in DIALECTS if one.name == "obsidian")
    texts = {name: f"{text}\nWood.\n".encode() for name, text in files.items()}
    items = read(dialect, Source("v", b"", files=texts), Context())
    assert [item.fields["title"] for item in items if isinstance(item, Draft)] == titles


def test_a_folder_with_one_note_names_the_series() -> None:
    note = b"+++\ntitle = 'Reading'\nguid = 'g7'\ndescription = 'Books.'\nmood = [{a = 'calm'}]\n"
    note += b"place = 'Hut'\nrating = 5\n+++\nText"
    dialect = next(one for one in DIALECTS if one.name == "obsidian")
    items = list(read(dialect, Source("winter", b"", files={"Reading.md": note}), Context()))
    [draft] = [item for item in items if isinstance(item, Draft)]
    assert (draft.series, draft.number, draft.body) == ("winter", None, "Text")
    assert draft.fields == {
        "title": "Reading", "guid": "g7", "summary": "Books.", "place": "Hut", "x-rating": "5",
        "source": {"format": "obsidian"},
    }  # fmt: skip
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert str(problem).startswith(
        "winter/Reading.md:5:1: hint: fields of the front matter that are not imported: mood"
    )


@pytest.mark.parametrize(
    ("heading", "status"),
    [
        ("Session 2 (cancelled)", "cancelled"),
        ("Cancelled: Grids", "cancelled"),
        ("Grids – canceled!", "cancelled"),
        ("Why the launch was cancelled", None),
        ("How a cancelled order is refunded", None),
    ],
)
def test_the_title_of_a_session_says_that_it_was_cancelled(heading: str, status: str | None) -> None:
    assert session(heading, "We read a paper.").get("status") == status


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("16:00 CET on Zoom", "Zoom"),
        ("Thursday, 5 pm, via Google Meet", "Google Meet"),
        ("Where: on Zoom", "Zoom"),
        ("Zoom", "Zoom"),
        ("Recording on YouTube", None),
        ("Part 2 on YouTube", None),
    ],
)
def test_a_line_with_a_time_may_name_the_place(line: str, place: str | None) -> None:
    assert session("Grids", line).get("place") == place


def session(heading: str, line: str) -> dict[str, object]:
    text = f"# Evenings\n\n## Saws\n\n3 May 2024\n\nText.\n\n---\n\n## {heading}\n\n10 May 2024\n\n{line}\n"
    lectures = next(one for one in DIALECTS if one.kind == "lectures")
    *_, draft = [one for one in read(lectures, Source("a.md", text.encode()), Context()) if isinstance(one, Draft)]
    return dict(draft.fields)


def test_a_toml_key_with_very_many_parts_is_refused_at_once() -> None:
    with pytest.raises(ContentError, match="a key has too many parts"):
        read_head([Line(number, text) for number, text in enumerate(["+++", "k" + ".a" * 60_000 + " = 1", "+++"], 1)])


def test_authors_are_split_into_names() -> None:
    assert read_authors("Ada Lovelace, C. Babbage, and the Engine Team.") == [
        "Ada Lovelace",
        "C. Babbage",
        "Engine Team",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Day 3/100 of #100Days", ("day", 3, None, "", "", False)),
        ("R1D3 - March 4, 2024", ("day", 3, 1, "", "March 4, 2024", True)),
        ("Day 2 (16 Jan 2024): Grids", ("day", 2, None, "Grids", "16 Jan 2024", True)),
        ("Hi, today is Day 4!", ("day", 4, None, "", "", False)),
    ],
)
def test_lines_that_begin_a_day(line: str, expected: tuple[object, ...]) -> None:
    one = read_opener(line)
    assert one is not None
    assert (one.unit, one.number, one.round, one.title, one.when.text if one.when else "", one.is_whole) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Woche 2: Leim", ("woche", 2, "Leim")),
        ("3. Woche: Leim", ("woche", 3, "Leim")),
        ("1ère semaine (4 mars 2024)", ("semaine", 1, "1ère semaine")),
        ("2-я неделя", ("неделя", 2, "2-я неделя")),
        ("第二十一章 胶水", ("章", 21, "胶水")),
        ("3주차: 풀", ("주차", 3, "풀")),
        ("3. Modulo basics", None),
        ("3 chapters", None),
        ("第章", None),
    ],
)
def test_units_in_other_languages(line: str, expected: tuple[object, ...] | None) -> None:
    one = read_opener(line, is_heading=True)
    assert (one and (one.unit, one.number, one.title)) == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("(16 Jan 2024): Grids", "Grids"),
        ("Grids (Tue, 16 Jan 2024)", "Grids"),
        ("On 16 Jan we met", "On 16 Jan we met"),
        ("Montag, 4. März 2024: Holz", "Holz"),
        ("La coque (lun. 11 mars 2024)", "La coque"),
        ("4 Mars rovers", "4 Mars rovers"),
    ],
)
def test_a_date_is_taken_from_a_title(text: str, title: str) -> None:
    assert take_date(text)[1] == title


@pytest.mark.parametrize("text", ["# " + " " * 59_000 + "{x", "# a {" + "#a" * 29_000 + "}", "{: " * 19_000])
def test_attributes_are_read_soon(text: str) -> None:
    started = time.perf_counter()
    without_attributes([Line(1, text)])
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("line", ["Day 5 was best.", "Day 2 of the course was fun", "Tomorrow is Day 6"])
def test_lines_that_begin_no_day(line: str) -> None:
    assert read_opener(line) is None


def test_fields_that_episodes_have_and_others() -> None:
    texts = ["---", "author: [Ada Plank]", "draft: true", "mood: good", "---"]
    head = read_head([Line(number, text) for number, text in enumerate(texts)])
    assert head.values == {"people": [Person("Ada Plank", "author")], "status": "draft"}
    assert (head.unread, head.extra) == ([], {"x-mood": "good"})


def test_template_tags_become_markdown_or_are_reported() -> None:
    texts = ["{{% notice tip %}}Go.{{% /notice %}}", "{% youtube abc123def %} {{< box w=2 >}}in{{< /box >}}"]
    removed = dict[str, int]()
    lines = [line.text for line in without_tags([Line(1, text) for text in texts], removed, is_hugo=True)]
    assert lines == [":::tip", "Go.", ":::", "[YouTube abc123def](https://www.youtube.com/watch?v=abc123def) in"]
    assert removed == {"{{< box w=2 >}}": 1}


@pytest.mark.parametrize(
    ("tag", "box"),
    [
        ('notice tip "Remember"', [":::tip Remember"]),
        ('notice style="info" title="One" text="Two words"', [":::info One", "Two words"]),
        ('details "Solution"', [":::details Solution"]),
        ('details summary="Sum" open="true"', [":::details Sum"]),
        ('alert title="Licence" color="warning"', [":::note Licence"]),
        ('alert "warning"', [":::warning"]),
        ('callout emoji="x" type="info"', [":::note"]),
    ],
)
def test_titles_of_boxes_in_template_tags(tag: str, box: list[str]) -> None:
    texts = [f"{{{{< {tag} >}}}}", "Go.", f"{{{{< /{tag.split(maxsplit=1)[0]} >}}}}"]
    found = without_tags([Line(1, text) for text in texts], {}, is_hugo=True)
    assert [line.text for line in found] == [*box, "Go.", ":::"]


def test_a_definition_without_a_scheme_gets_one() -> None:
    lines = parse_lines([Line(1, "[a]"), Line(2, ""), Line(3, "[a]: //a.example/b")])
    assert [line.text for line in lines] == ["[a]", "", "[a]: https://a.example/b"]


@pytest.mark.parametrize(
    ("written", "link"),
    [
        (r"[a](https://a.example/b_\(c\))", "[a](<https://a.example/b_(c)>)"),
        (r"[a](https://a.example/b\_c)", "[a](https://a.example/b_c)"),
        ("[a](<https://a.example/b c>)", "[a](https://a.example/b%20c)"),
        ("[a](//a.example/b)", "[a](https://a.example/b)"),
        ('<a href="//a.example/b">a</a>', "[a](https://a.example/b)"),
        (r"![a](https://a.example/b\_c.png)", "[a](https://a.example/b_c.png)"),
        ("[a](https://a.example/b_(c))", "[a](https://a.example/b_(c))"),
    ],
)
def test_web_addresses_with_escapes_stay_links(written: str, link: str) -> None:
    writer = InlineWriter("a.md", Folder({}))
    assert writer.write(1, written) == link and not writer.problems


@pytest.mark.parametrize(
    "text",
    [
        "+++\ntitle = 'x'\n# " + "a" * 59_000 + "\n+++\nText",
        "# One\n\n## a" + " " * 59_000 + "b\n\nText",
    ],
    ids=["word in TOML", "spaces in a heading"],
)
def test_long_runs_take_little_time(text: str) -> None:
    start = time.process_time()
    items = list(read(DIALECTS[-1], Source("x.md", text.encode()), Context()))
    assert any(isinstance(item, Draft) for item in items)
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize(
    ("start", "unit", "end"),
    [
        ("", "{% raw %}\n", "{% endraw"),
        ("", "{% comment %}\n", "{% endcomment"),
        ("", "a {% comment %} b", "\n{% endcomment %}"),
        ("{{< note ", '"a\n', ""),
        ('{{< note "x', "a a a\n", ""),
        ('{{< figure caption="', '\\"', " >}}"),
        ("{{< a", "\n  a", ""),
        ("", "{{< note >}}", "{{< /note >}}"),
        ("", "Aa\n", ""),
        ("", "\n\n    a {.b}", ""),
        ("{{< tab a", " ", ""),
        ("", "$$\na % b\n$$\n", ""),
    ],
)
def test_open_tags_and_code_take_little_time(start: str, unit: str, end: str) -> None:
    def seconds(size: int) -> float:
        texts = (start + unit * (size // len(unit)) + end).split("\n")
        begin = time.process_time()
        lines = join_formulas([Line(at, text) for at, text in enumerate(texts, 1)])
        for is_hugo in (False, True):
            parse_lines(without_attributes([*without_tags(lines, {}, is_hugo)])[0])
        return time.process_time() - begin

    assert seconds(40_000) < 8 * seconds(10_000) + 0.5


def test_files_with_the_same_name_take_little_time() -> None:
    files = {f"d{at}/p.png": b"\x89PNG\r\n\x1a\n" + str(at // 2).encode() for at in range(16_000)}
    writer = InlineWriter("v/x.md", Folder(files), "v", vault=True)
    start = time.process_time()
    written = [writer.write(1, f"![]({path})") for path in files]
    assert time.process_time() - start < 3
    assert written[:4] == [
        "![p.png](asset:p.png)",
        "![p.png](asset:p.png)",
        "![p.png](asset:p-2.png)",
        "![p.png](asset:p-2.png)",
    ]
    assert len(writer.assets) == len(files) // 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a `b\n  c` d\ne", "a `b c` d\\\ne"),
        ("> a $b\n> c$\n> d", "> a $b c$\\\n> d"),
        ('[a\nb](https://a.example/\n"c\nd")\ne', '[a b](https://a.example/ "c d")\\\ne'),
        ('<a href="https://a.example/"\ntitle="b">c</a>\nd', '[c](https://a.example/ "b")\\\nd'),
        ("[a\nb]\nc\n\n[a b]: https://a.example/", "[a\nb]\\\nc\n\n[a b]: https://a.example/"),
        ('- <img\n  src="https://a.example/b.png"\n  alt="c"> d', "- [c](https://a.example/b.png) d"),
    ],
)
def test_elements_over_several_lines_have_no_line_breaks(text: str, written: str) -> None:
    assert body(text) == written


def test_formulas_have_no_attributes() -> None:
    texts = [r"$A_{:,j}$ and $\bar{y}_{.j}$", "$$X_{:, 1} = {.b}$$", "JSON {: a}", r"$\frac{{a}}{{b}}$ x_{.j}"]
    lines = [Line(at, text) for at, text in enumerate(texts, 1)]
    assert [line.text for line in without_attributes(lines)[0]] == texts
    assert [line.text for line in without_tags(lines, {}, is_hugo=False)] == texts


@pytest.mark.parametrize(
    "line", ['date: "[[Daily/2024-03-08|Friday]]"', "Date created: Friday, March 8th 2024, 9:10 am"]
)
def test_dates_of_obsidian_are_read_from_links_and_from_names_with_spaces(line: str) -> None:
    head = read_head([Line(at, text) for at, text in enumerate(("---", line, "---"), 1)])
    assert (head.day, head.extra, head.unread) == (date(2024, 3, 8), {}, [])


def test_attributes_are_removed() -> None:
    texts = ["## A {#b .c}", "{: .wide }", "{:toc}", '[x](y){.z target="_blank"}', "![a](b){ width=300 }", "P {: #p}"]
    found, ids = without_attributes([Line(at, text) for at, text in enumerate(texts, 1)])
    assert [line.text for line in found] == ["## A", "", "", "[x](y)", "![a](b)", "P"]
    assert ids == {"b": "A"}
    attributes = {
        "[x](https://y.example/z_(a)){target=_blank} [x][y]{a=b} <https://y.example>{a=b} :a-b:{ title='C d' }": (
            "[x](https://y.example/z_(a)) [x][y] <https://y.example> :a-b:"
        ),
        "## A `b` {class='c d'}": "## A `b`",
        '{width=300 style="a: b"}': "",
    }
    lines = [Line(at, text) for at, text in enumerate(attributes, 1)]
    assert [line.text for line in without_attributes(lines)[0]] == list(attributes.values())
    texts = [
        'up{job="a"} {b=1}',
        "P(x){x=1}",
        r"\(x{.a}\)",
        "-o jsonpath={.items}",
        "{{.Names}}, jq {.name} x",
        '::: {.note title="A b"}',
        '{app="a"}',
        'a[0]{b="c"} x:y:{b="c"}',
    ]
    assert [line.text for line in without_attributes([Line(1, text) for text in texts])[0]] == texts


def test_a_link_with_a_path_finds_no_file_of_the_same_name_elsewhere() -> None:
    folder = Folder({"private/tax/scan.png": b"", "notes/img/a.png": b"", "b/setup.md": b"", "c/index.md": b""}, "ML")
    assert folder.find("scan.png") == "private/tax/scan.png"
    assert folder.find("images/scan.png") is None
    assert folder.find("../img/a.png") == "notes/img/a.png"
    assert (folder.find("Courses/ML/b/setup"), folder.find("Courses/ML/a.png")) == ("b/setup.md", None)
    assert (folder.find("../x/setup.md"), folder.find("b/setup"), folder.find("c")) == (
        None,
        "b/setup.md",
        "c/index.md",
    )


def test_a_relative_link_leads_to_the_nearest_bundle_or_page() -> None:
    paths = ["posts/b/index.md", "talks/a/index.md", "talks/b/index.md", "talks/c.md"]
    folder = Folder(dict.fromkeys(paths, b""))
    for name in ("talks/a/index.md", "talks/c.md"):
        writer = InlineWriter(f"v/{name}", folder, "v")
        writer.write(1, "[a](../b/) [b](../b) [c](../b/index.md) [d](b) [e](#b)")
        assert [one.file for one in writer.note_links[:2]] == ["v/talks/b/index.md"] * 2
        assert writer.note_links[4].file == f"v/{name}"


def test_a_relative_address_of_a_page_begins_at_the_address_of_the_page() -> None:
    paths = ["posts/a.md", "about.md", "posts/about/index.md", "posts/b/index.md"]
    folder = Folder(dict.fromkeys(paths, b""))
    found = list[str]()
    for name in ("posts/a.md", "posts/b/index.md"):
        for is_vault in (False, True):
            writer = InlineWriter(f"v/{name}", folder, "v", vault=is_vault)
            writer.write(1, "[a](../about/) [b](../about.md)")
            found += [one.file for one in writer.note_links]
    page, other = "v/posts/about/index.md", "v/about.md"
    assert found == [page, other, other, other, page, other, page, other]


@pytest.mark.parametrize(
    ("text", "settings", "count"),
    [
        ("Red\nBlue", None, 1),
        ("> Red\n> Blue\n\n1. Red\n   Blue", None, 2),
        ("Red and\nblue", None, 0),
        ("机器学习是人工智能的一个分支，它让计算机从数据中学习规律，而不是\n依靠人工编写的规则。", None, 0),
        (
            "The big loom stands in the old hall, where Ida and\nWilla weave. They fetch the yarn from the store. On\n"
            "Monday they begin.",
            None,
            0,
        ),
        (
            "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"
            "Rough winds do shake the darling buds of May,\nAnd summer's lease hath all too short a date.",
            None,
            3,
        ),
        (
            "Ada Lovelace, Weaver Street 12, London W1\nGrace Hopper, Loom Road 5, New York 10001\nWilla Reed, Warp "
            "Avenue 7, Boston 02108",
            None,
            2,
        ),
        (f"{'Red ' * 16}\nBlue", None, 0),
        ("Term\n: Red\n\nRed\n*[Red]: Blue", None, 0),
        ("Red and\nblue %% white %%", None, 1),
        ("Red and\nblue\n\n#red #blue", None, 1),
        ("---\naliases: [Blue]\n---\nRed and\nblue", None, 1),
        ("---\ncssclasses: [wide]\n---\nRed and\nblue", None, 1),
        ("Red and\nblue [white](app.json)", b"{}", 1),
        ("Red\nBlue [[Red]]", b'{\n  "strictLineBreaks": true\n}', 0),
    ],
)
def test_line_breaks_of_obsidian_and_of_short_lines(text: str, settings: bytes | None, count: int) -> None:
    [dialect] = (one for one in DIALECTS if one.name == "obsidian")
    files = {} if settings is None else {SETTINGS: settings}
    [draft] = (
        one for one in read(dialect, Source("n.md", text.encode(), files=files), Context()) if isinstance(one, Draft)
    )
    assert (draft.body.count("\\\n"), draft.assets) == (count, {})


def test_comments_of_kramdown_leave_the_text_beside_them_alone() -> None:
    texts = ["{::comment}a{:/comment} **b**", "{::comment}", "c", "{:/comment} **d**", "{::comment} is a tag"]
    lines = [Line(at, text) for at, text in enumerate(texts, 1)]
    found = [line.text for line in without_tags(lines, {}, is_hugo=False)]
    assert found == ["**b** <!-- a -->", "<!-- c -->", " **d**", "{::comment} is a tag"]


def test_two_prices_are_no_formula() -> None:
    assert body("$5/m\nand [[a]] 10$/p") == "$5/m\nand [a](note:2-1) 10$/p"
    assert body("$a_1 +\nb$") == "$a_1 + b$"


@pytest.mark.parametrize(
    ("value", "day", "unread"),
    [("20240310", date(2024, 3, 10), []), ("8 mars 2024", date(2024, 3, 8), []), ("soon", None, ["date"])],
)
def test_dates_in_front_matter(value: str, day: date | None, unread: list[str]) -> None:
    head = read_head([Line(number, line) for number, line in enumerate(("---", f"date: {value}", "---"), 1)])
    assert (head.day, head.unread, head.extra) == (day, unread, {} if day else {"x-date": value})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第十周", 10),
        ("第十一周", 11),
        ("第二十周", 20),
        ("第1回目", 1),
        ("9h cours", None),
        ("Sitzung 12.03.2024", None),
        ("Treffen 2024-03-05", None),
        ("Lecture 12 March 2024", None),
        ("Lecture 12 - March 2024", 12),
        ("Lesson 1.2.3: Saws", None),
    ],
)
def test_numbers_of_units_in_other_languages(text: str, number: int | None) -> None:
    one = read_opener(text, is_heading=True)
    assert (one and one.number) == number


@pytest.mark.parametrize("days", [2, MAX_REPEATED // 400])
def test_many_repeated_footnotes_stay_where_they_are(days: int) -> None:
    note = Line(1, f"[^a]: {'word ' * 90}")
    parts = [[Line(2, "a[^a]")] for _ in range(days)]
    shared = share_footnotes([[note], *parts])
    assert shared == [[], *([*part, Line(1, ""), note] for part in parts)] if days == 2 else [[note], *parts]


def test_notes_in_the_folder_of_drafts_are_drafts() -> None:
    obsidian = next(one for one in DIALECTS if one.name == "obsidian")
    for text, parts in ((b"a", 1), (b"# Plan\n\n## Week 1: A\n\nb\n\n## Week 2: C\n\nd\n", 2)):
        found = [one for one in read(obsidian, Source("_drafts/a.md", text), Context()) if isinstance(one, Draft)]
        assert [one.fields.get("status") for one in found] == ["draft"] * parts


def test_years_between_dates_follow_the_numbers() -> None:
    whens = [When(2023, 11, 5, "5 Nov 2023"), When(None, 9, 1, "1 Sep")]
    assert fill_years(whens, is_rising=True) == [date(2023, 11, 5), date(2024, 9, 1)]
    assert (found := read_when("30 Dec - 3 Jan 2024")) and found.date == date(2023, 12, 30)

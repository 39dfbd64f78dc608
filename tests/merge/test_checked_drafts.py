"""Tests of invalid drafts: fields that the model refuses are left out and reported."""

import re
from dataclasses import replace
from datetime import date

import pytest

from mlguide_site.errors import Severity
from mlguide_site.importers import Draft, EntryDraft
from mlguide_site.markdown.limits import MAX_NOTE_BYTES
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.merge.drafts import RESERVED, check_draft, check_series
from mlguide_site.model.records import Series


def draft(body: str = "Text.", **fields: object) -> Draft:
    return Draft("ships", 1, None, "keels", {"title": "Keels", "date": date(2024, 5, 2), **fields}, body)


def test_sound_fields_stay() -> None:
    valid = draft(duration="00:31:00", links=[{"title": "Show notes", "url": "https://s.example/1"}])
    assert check_draft(valid, "feed.xml") == (valid, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("links", [{"title": "x", "url": "javascript:alert(1)"}]),
        ("language", "not a language"),
        ("season", -1),
        ("audio", {"url": "https://s.example/1.mp3", "type": "<b>"}),
        ("guid", "a\x1b[31mb"),
        ("colour", "red"),
    ],
)
def test_what_is_refused_is_left_out(name: str, value: object) -> None:
    found, problems = check_draft(draft(**{name: value}), "feed.xml")
    assert set(found.fields) == {"title", "date"}
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    assert str(problems[0]).startswith(f'feed.xml:1:1: {name} of "Keels" can\'t be used: ')


@pytest.mark.parametrize("title", ["", "   "])
def test_an_episode_has_a_title(title: str) -> None:
    assert check_draft(draft(title=title), "feed.xml")[0].fields["title"] == "Untitled"


LINES = "word " * 100 + "\n\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (LINES * (MAX_NOTE_BYTES // len(LINES)), 'the notes of "Keels" are larger than 1 MiB'),
        ("# " + "x" * 20_000, 'the line is longer than 20,000 characters (line 1 of the notes of "Keels")'),
        (
            "Text\n\n" + "*a" * 4_001,
            'the paragraph has more than 4,000 Markdown syntax characters (line 3 of the notes of "Keels")',
        ),
        ("> " * 101 + "a", 'the text is nested deeper than 100 levels (line 1 of the notes of "Keels")'),
        ("a\n" * 40_001, 'the text has more than 40,000 lines (line 1 of the notes of "Keels")'),
    ],
    ids=lambda value: value[:20],
)
def test_notes_beyond_a_limit_are_an_error(body: str, message: str) -> None:
    [problem] = check_draft(draft(body), "feed.xml")[1]
    assert (problem.severity, problem.message) == (Severity.ERROR, message)
    assert problem.remedy


@pytest.mark.parametrize(
    "body",
    [
        LINES * ((MAX_NOTE_BYTES - 2 * RESERVED) // len(LINES) // 2),
        "# " + "x" * 19_998,
        "*a" * 3_999,
        "> " * 99 + "a",
        "```\n" + "a\n" * 39_990 + "```",
    ],
    ids=lambda value: value[:20],
)
def test_notes_up_to_a_limit_stay(body: str) -> None:
    assert check_draft(draft(body), "feed.xml") == (draft(body), [])


def test_fields_of_more_than_a_note_holds_are_an_error() -> None:
    links = [{"title": "Show notes", "url": f"https://s.example/{'n' * 40}{n}"} for n in range(1_500)]
    few, problem = check_draft(draft(links=links), "feed.xml")[1]
    assert few.message.startswith("only the first 1,000 of 1,500 links of ")
    assert problem.severity is Severity.ERROR
    assert "larger than 64 KiB" in problem.message


def test_long_lines_are_broken_before_words() -> None:
    text = "- " + "word 1. - # > " * 2_000
    found, problems = check_draft(draft(text), "log.txt")
    lines = found.body.split("\n")
    assert problems == []
    assert len(lines) == 2
    assert max(map(len, lines)) <= 20_000
    assert " ".join(found.body.split()) == " ".join(text.split())
    assert [block.text for block in parse(found.body).blocks] == [" ".join(text[2:].split())]


def test_conflict_markers_are_kept_off_the_start_of_a_line() -> None:
    for body in ("a\n\n<<<<<<< b\n\nc", "---\n\n```a\n---\n```b\n<<<<<<< c"):
        found, problems = check_draft(draft(body), "log.txt")
        assert (found.body, problems) == (body.replace("<<<<<<<", " <<<<<<<"), [])


@pytest.mark.parametrize(
    "dead",
    [
        "[a](b.md)",
        '[a](/b "title")',
        "![a](b.png)",
        "[a](#nowhere)",
        "[a][b]\n\n[b]: c.md",
        "[a *b*](<c d.md>)",
        "[two\nlines](b.md)",
        "[![a](b.png)](c.md)",
        "[a](b%20c.md)",
        "[a](\nb.md)",
        "[[\n[\n[\n[a](#there)\n](#there)",
        "[a\n[\n[\n[b\n](#there)",
        "a\\\\[b](#there) and \\\\[\nc](#there)",
    ],
)
def test_links_that_lead_nowhere_become_text(dead: str) -> None:
    found, problems = check_draft(draft(f"[x](https://s.example/)\n\n{dead}"), "log.txt")
    links = [use.href for use in parse(found.body).links]
    assert links == ["https://s.example/"]
    assert {problem.severity for problem in problems} == {Severity.WARNING}
    shown = "".join(block.text for block in parse(found.body).blocks)
    assert all(word in shown for word in re.findall(r"\w+", dead))


def test_links_to_sections_and_files_of_its_own_stay() -> None:
    body = "## Here\n\n[a](#here) ![b](asset:b.png)"
    valid = replace(draft(body), assets={"b.png": b""})
    assert check_draft(valid, "notes.md") == (valid, [])


def test_a_title_that_is_too_long_opens_the_notes() -> None:
    title = "Keels of *all* ships " * 24
    assert check_draft(draft(title=title[:500].strip()), "feed.xml")[1] == []
    found, [problem] = check_draft(draft(title=title + "x"), "feed.xml")
    assert found.fields["title"] == title[:197] + "…"
    assert [block.text for block in parse(found.body).blocks] == [title + "x", "Text."]
    assert problem.severity is Severity.WARNING


def test_series_are_held_against_their_model() -> None:
    sound = EntryDraft("series", "ships", {"title": "Ships", "kind": "course", "home": "https://s.example/"})
    assert check_series(sound, "a.md") == (sound, [])
    found, problems = check_series(EntryDraft("series", "ships", {"title": "S" * 501, "home": "javascript:x"}), "a.md")
    assert found.fields == {"title": "S" * 200 + "…"}
    assert Series.model_validate(found.fields)
    assert {problem.severity for problem in problems} == {Severity.WARNING}

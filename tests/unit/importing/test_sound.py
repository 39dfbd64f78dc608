"""What the model does not accept is left out and reported."""

from datetime import date

import pytest

from mlguide_site.errors import Severity
from mlguide_site.importers import Draft
from mlguide_site.importing.sound import MAX_BODY, sound_draft


def draft(body: str = "Text.", **fields: object) -> Draft:
    return Draft("ships", 1, None, "keels", {"title": "Keels", "date": date(2024, 5, 2), **fields}, body)


def test_sound_fields_stay() -> None:
    told = draft(duration="00:31:00", links=[{"title": "Show notes", "url": "https://s.example/1"}])
    assert sound_draft(told, "feed.xml") == (told, [])


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
    found, problems = sound_draft(draft(**{name: value}), "feed.xml")
    assert set(found.fields) == {"title", "date"}
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    assert str(problems[0]).startswith(f'feed.xml:1:1: {name} of "Keels" can\'t be used: ')


@pytest.mark.parametrize("title", ["", "   ", "x" * 501])
def test_an_episode_has_a_title(title: str) -> None:
    assert sound_draft(draft(title=title), "feed.xml")[0].fields["title"] == "Untitled"


def test_notes_of_more_than_a_mebibyte_are_an_error() -> None:
    assert [p.severity for p in sound_draft(draft("x" * (MAX_BODY + 1)), "feed.xml")[1]] == [Severity.ERROR]

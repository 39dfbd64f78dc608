"""Tests of timestamps in notes: which times are seconds of the episode, and the links that they become."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.linking.timestamps import timestamp_links, timestamps
from mlguide_site.markdown.document import Insertion
from mlguide_site.markdown.parse_and_sanitise import parse


def found(body: str, duration: int | None = 3600) -> list[tuple[str, int]]:
    document = parse(body, "T")
    return [
        (document.segments[at].text[start:end], second) for at, start, end, second in timestamps(document, duration)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("12:34 Roots", [("12:34", 754)]),
        ("[12:34] Roots", [("12:34", 754)]),
        ("(0:05) Roots", [("0:05", 5)]),
        ("**12:34** Roots", [("12:34", 754)]),
        ("*[12:34]* Roots", [("12:34", 754)]),
        ("• 3:20 Roots", [("3:20", 200)]),
        ("- 00:00 Moss\n- [02:15] Fern\n- (0:59:59) Bark", [("00:00", 0), ("02:15", 135), ("0:59:59", 3599)]),
        ("1. 3:20 Roots\n\n> 4:00 Bark", [("3:20", 200), ("4:00", 240)]),
        ("| 12:34 | a |\n|---|---|\n| 0:30 | b |", [("12:34", 754), ("0:30", 30)]),
        ("As said (12:34), and again [0:30].", [("12:34", 754), ("0:30", 30)]),
        ("Roots  \n12:34 Bark", [("12:34", 754)]),
        ("00:00 Moss\n02:15 Fern\n05:10 Bark", [("00:00", 0), ("02:15", 135), ("05:10", 310)]),
        ("02:15 Fern and 01:00 Moss", [("02:15", 135)]),
        ("10:15. Roots", [("10:15", 615)]),
        ("- 10:15: Roots\n- 0:59:59: Bark", [("10:15", 615), ("0:59:59", 3599)]),
        ("59:59–60:00 Roots", [("59:59", 3599), ("60:00", 3600)]),
    ],
)
def test_stamps(body: str, expected: list[tuple[str, int]]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "60:01 beyond the end",
        "1:60:00 no such minute",
        "12:75 no such second",
        "John 3:16 in a sentence",
        "3:16-18 at the beginning",
        "A ratio of 16:9, or 16:10",
        "12:30 pm at the gate",
        "9:30 a.m. at the gate",
        "12:30 CET",
        "5:00 o'clock",
        "8:15 Uhr",
        "(3:16 PM)",
        "`12:34` is code",
        "    12:34 is code",
        "[12:34](https://m.example/) is a link",
        "## 12:34 is a heading",
        "<kbd>12:34</kbd>",
        "12:34:56:78",
        "1:02:03.5.6",
        "x12:34",
        "112:34:56",
        "In the middle 12:34 of a sentence",
    ],
)
def test_what_is_none(body: str) -> None:
    assert found(body) == []


def test_without_a_length_a_day_is_the_limit() -> None:
    assert found("23:59:59 Roots", None) == [("23:59:59", 86399)]
    assert found("25:00:00 Roots", None) == []


def test_other_links_stay_and_none_overlap() -> None:
    document = parse("12:34 Roots (0:30)", "T")
    other = Insertion(0, 3, "x.md")
    links = timestamp_links(document, "https://s.example/a.mp3#start", 3600, {0: [other]})
    assert links == {0: [other, Insertion(13, 17, "https://s.example/a.mp3#t=30")]}
    assert timestamp_links(document, "https://s.example/a.mp3", 5, {}) == {}


@given(st.text(alphabet="0123456789:[]() -–*\n|#a.pm", max_size=120), st.integers(0, 7200))
def test_stamps_are_apart_and_within_the_episode(body: str, duration: int) -> None:
    document = parse(body, "T")
    before: dict[int, int] = {}
    for at, start, end, second in timestamps(document, duration):
        assert before.get(at, 0) <= start < end <= len(document.segments[at].text)
        assert 0 <= second <= duration
        before[at] = end


def test_time_grows_with_the_length() -> None:
    def needed(body: str) -> float:
        document = parse(body, "T")
        start = time.process_time()
        tuple(timestamps(document, 3600))
        return time.process_time() - start

    for body in ("0:01 " * 3000, "(0:01" * 3000, "1:1:1:1:" * 2000, "(0:01 - 0:0" * 1500):
        assert needed(body) < 0.5, body[:10]


def test_many_links_in_a_paragraph_take_little_time() -> None:
    document = parse("0:00 x\n" + "\n".join(f"x {at // 60}:{at % 60:02} x" for at in range(3600)), "T")
    others = {0: [Insertion(start, start + 1, "x.md") for start in range(1, len(document.segments[0].text), 7)]}
    start = time.process_time()
    for _ in range(20):
        links = timestamp_links(document, "https://s.example/a.mp3", 3600, others)[0]
    assert time.process_time() - start < 3
    assert all(one.end <= following.start for one, following in pairwise(links))
    assert len(links) > len(others[0])

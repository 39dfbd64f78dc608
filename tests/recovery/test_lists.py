"""Tests of list markers that survived in flattened text."""

import pytest

from mlguide_site.recovery.lists import line_blocks, numbered_lists, time_lists
from mlguide_site.recovery.markdown import ITEM, PARAGRAPH
from mlguide_site.recovery.recovery import Recovered, recover
from mlguide_site.recovery.tokens import read_tokens


def recovered(text: str) -> Recovered:
    [found] = recover([text])
    return found


def items(text: str) -> list[str]:
    """Return the words of the list items that the markers of a line define."""
    return [" ".join(block.words) for block in line_blocks([text]) if block.kind == ITEM]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kit: * reed * comb * wool", ["reed", "comb", "wool"]),
        ("- reed - comb - wool", ["reed", "comb", "wool"]),
        ("Kit: – reed – comb – wool", ["reed", "comb", "wool"]),
        ("Kit • reed • comb", ["reed", "comb"]),
        ("1. reed 2. comb 3. wool", ["1. reed", "2. comb", "3. wool"]),
        ("Kit: 1) reed 2) comb 3) wool", ["1) reed", "2) comb", "3) wool"]),
        ("Kit: (1) reed (2) comb (3) wool", ["(1) reed", "(2) comb", "(3) wool"]),
    ],
)
def test_markers_that_begin_items(text: str, expected: list[str]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It is 2 * 3 * 4 * 5 threads, or a * b * c * d.",
        "In version 1. 2 items were new, in version 2. 3 were, in version 3. none.",
        "A well - as he said - is deep - and cold - and dark.",
        "See: 1. Warp 3. Weft 4. Reed",
        "Take (a) one or (b) the other.",
        "Part 1. Warp Part 2. Weft Part 3. Reed",
        "From Monday - Friday - or so - we weave.",
    ],
)
def test_signs_and_numbers_that_begin_none(text: str) -> None:
    assert [block.kind for block in line_blocks([text])] == [PARAGRAPH]


@pytest.mark.parametrize("text", ["## * 2 * 3 * 4", "a * 2 * 3 * 4 * • b", "* * * *", "x\n* 1\n* 2\n* 3"])
def test_tokens_and_marks_make_up_the_text(text: str) -> None:
    words = [token.text for token in read_tokens(text)]
    rest = iter(text.split())
    assert all(word in rest for word in words)
    assert text.replace("#", "\\#").split()[-1] in recovered(text).markdown.replace("&#42;", "*")


@pytest.mark.parametrize("name", ["Timestamps:", "Chapters", "Episode timestamps:", "Time codes:"])
def test_the_name_of_a_list_of_times_is_text_before_it(name: str) -> None:
    text = f"Anna goes on about her looms. {name} 0:00 Opening 4:30 The loom 12:10 Closing"
    assert f"{name}\n\n- 0:00 Opening\n" in recovered(text).markdown


def test_what_markers_tell_is_not_in_doubt() -> None:
    text = "Timestamps: 0:00 Opening 4:30 The loom 12:10 Closing"
    assert recovered(text).unsure == ()


def test_time_lists() -> None:
    assert not list(time_lists("We met at 9:00, at 12:30 we ate, from 14:00 to 17:00 we slept".split(), ()))


def test_numbered_lists() -> None:
    assert not list(numbered_lists("Version 1. 2 items and 2. 3 items in version 3. Done".split(), ()))

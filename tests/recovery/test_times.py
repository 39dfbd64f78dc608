"""Tests of lists of times in many formats, and of times that form no list."""

import pytest

from mlguide_site.recovery.lists import time_lists

TITLES = ["Opening", "The loom", "Your questions"]


def titles(text: str) -> list[list[str]]:
    """Return the titles of each list in a text, using line ends. Punctuation around titles is left out."""
    lines, words = set(), []
    for line in text.split("\n"):
        lines.add(len(words))
        words += line.split()
    found = []
    for one in time_lists(words, frozenset(lines)):
        ends = [*(entry.start for entry in one.entries), one.end or len(words)][1:]
        rows = [" ".join(words[entry.body : end]) for entry, end in zip(one.entries, ends, strict=True)]
        found.append([row.rpartition("]")[2].strip(" •-*") for row in rows])
    return found


@pytest.mark.parametrize(
    "text",
    [
        "0:00 Opening 4:30 The loom 1:02:00 Your questions",
        "00:00 Opening 04:30 The loom 62:00 Your questions",
        "[00:00:00] Opening [00:04:30] The loom [01:02:00] Your questions",
        "(0:00) Opening (4:30) The loom 12:10 Your questions",
        "0:00: Opening 4:30: The loom 12:10: Your questions",
        "0:00 - Opening 4:30 – The loom 12:10 — Your questions",
        "0:00 | Opening 4:30 | The loom 12:10 | Your questions",
        "[0:00]Opening [4:30]The loom [12:10]Your questions",
        "0:00 - 4:30 Opening 4:30 - 12:10 The loom 12:10 - 20:00 Your questions",
        "(0:00-4:30) Opening (4:30-12:10) The loom (12:10-20:00) Your questions",
        "(0:00 – 4:30) Opening (4:30 – 12:10) The loom (12:10 – 20:00) Your questions",
        "0:00 to 4:30 Opening 4:30 to 12:10 The loom 12:10 to 20:00 Your questions",
        "- 0:00 Opening - 4:30 The loom - 12:10 Your questions",
        "0:00 Opening • 4:30 The loom • 12:10 Your questions",
        "Of looms. Timestamps: 0:00 Opening 4:30 The loom 12:10 Your questions",
        "Of looms Chapters 0:00 Opening 4:30 The loom 12:10 Your questions",
        "Of looms\n- 0:00 Opening\n4:30 The loom\n* 12:10 Your questions\nSo it was, at 13:00 or so.",
    ],
)
def test_forms_of_lists(text: str) -> None:
    assert titles(text) == [TITLES]


@pytest.mark.parametrize(
    "text",
    [
        "We met at 9:00, at 12:30 we ate, and from 14:00 to 17:00 we wove.",
        "The bus leaves at 9:00. We came at 9:30. At 12:30 it rained.",
        "Open from 9:00 to 17:00, on Friday from 10:00 to 18:00, and by 19:00 all is dark",
        "It began at 0:00 and went on until 4:30 or 12:10 in the morning",
        "He speaks of frames (4:30). Then of reeds (12:10). The letters (20:15). So much for looms.",
        "Anna ran it in 3:12 Bert in 3:15 Carl in 3:20",
        "Doors open 9:00 Talks 10:00 Lunch 12:00 and more",
        "It begins. At 0:00 Anna speaks, at 4:30 Bert speaks, at 12:10 Carl speaks",
        "0:00 Opening 4:30 The loom",
        "12:10 Opening 4:30 The loom 0:00 Your questions",
        "Silk to wool is 3:12 Wool to flax is 4:15 Flax to hemp is 5:16 at least",
        "0:00 0:10 0:20",
        "9:00 am Breakfast 10:00 am Talks 11:00 am Walks",
        "0:00 we began 1:00 they came 2:00 she left",
    ],
)
def test_times_of_sentences_are_no_list(text: str) -> None:
    assert titles(text) == []


def test_what_follows_the_last_title_is_no_part_of_it() -> None:
    text = "0:00 Opening 4:30 The loom 12:10 Your questions. Write to us before the summer comes."
    assert titles(text) == [["Opening", "The loom", "Your questions."]]


def test_two_lists_stand_behind_each_other() -> None:
    text = "0:00 Warp 4:30 Weft 12:10 Reed. Part two: 0:00 Frame 5:00 Beam 9:00 Heddle"
    assert titles(text) == [["Warp", "Weft", "Reed."], ["Frame", "Beam", "Heddle"]]

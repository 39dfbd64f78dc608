"""Property tests of list markers in flattened text: all words are kept in order, and reading takes linear time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.words import changed_words
from mlguide_site.importers.player import notes_to_markdown
from mlguide_site.recovery.lists import line_blocks, numbered_lists, time_lists
from mlguide_site.recovery.recovery import recover
from mlguide_site.recovery.tokens import read_tokens

SIGNS = frozenset("-–—*•·")
FEW = settings(max_examples=150, deadline=None)
WORDS = (
    "0:00 1:00 [2:00] (3:00) 4:00-5:00 6:00 - – • * 1. 2. 3. 1) 2) (a) (b) (c) Opening loom Questions. Kit: Timestamps:"
    " [0:00]Intro ## at to ( ) | : x"
).split()
PIECE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
TIMES = st.lists(PIECE, min_size=3, max_size=6).map(
    lambda titles: " ".join(f"{at}:0{at} {title}" for at, title in enumerate(titles))
)
NUMBERS = st.lists(PIECE, min_size=3, max_size=6).map(
    lambda items: " ".join(f"{at}. {item}" for at, item in enumerate(items, 1))
)
TEXT = st.lists(st.tuples(PIECE | TIMES | NUMBERS, st.sampled_from([" ", ". ", "\n"])).map("".join), max_size=6).map(
    "".join
)


@FEW
@given(TEXT)
def test_recovered_lists_keep_every_word(text: str) -> None:
    assert changed_words(text.split(), recover([text])[0].markdown) == []


@FEW
@given(TEXT)
def test_lines_of_a_player_keep_every_word(text: str) -> None:
    for teaser in (True, False):
        assert (
            changed_words(text.split(), notes_to_markdown([line for line in text.split("\n") if line.strip()], teaser))
            == []
        )


HOSTILE = {
    "lists": "0:00 Warp 1:00 Weft 2:00 Reed ",
    "falling": "9:00 8:00 7:00 ",
    "sentences": "at 9:00 we ",
    "numbers": "x: 1. a 2. b 3. c ",
    "letters": "x: (a) p (b) q (c) r (1) s (2) t (3) u ",
    "bullets": "• 1. a 2. b 3. c ",
    "dashes": "x: - a - b - c - d ",
    "stars": "* ",
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_many_markers_take_time_in_proportion(case: str) -> None:
    unit = HOSTILE[case]
    times = [time.process_time()]
    for size in (7_500, 30_000):
        text = unit * (size // len(unit.split()))
        words = text.split()
        list(time_lists(words, ()))
        list(time_lists(words, frozenset(range(len(words)))))
        list(numbered_lists(words, ()))
        read_tokens(text)
        line_blocks([text])
        line_blocks(text.split())
        times.append(time.process_time())
    start, quarter, whole = times
    assert whole - quarter < 8 * (quarter - start) + 1

"""Property tests of recovered structure: words keep their order, results are deterministic, and the time is linear."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlguide_site.markdown.engine_escape import unescape
from mlguide_site.recovery.recovery import Recovered, recover
from mlguide_site.recovery.tokens import read_tokens

WORDS = st.sampled_from(
    (
        'The the Oil Care: and of Hinges Locks. 1. 2. (often) (see "Door" e.g. vs. a:'
        " https://example.org/x C++ 12:30 ## •"
        " - * Wood, Wood & done. Why? [note] B-side naïve 中文。 ;## – x_y"
    ).split()
)
TEXTS = st.lists(WORDS, max_size=60).flatmap(
    lambda words: st.lists(st.sampled_from([" ", " ", " ", "\n"]), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    )
)


def recovered(text: str) -> Recovered:
    [found] = recover([text])
    return found


def bare(markdown: str) -> list[str]:
    """Return the words of Markdown without its markup and escapes."""
    words = []
    for line in re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unescape(markdown)).split("\n"):
        text = line.strip()
        for sign in ("## ", "- "):
            text = text.removeprefix(sign)
        words.extend(text.replace("**", "").split())
    return words


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_words_and_their_order_are_untouched(text: str) -> None:
    signs = {"-", "–", "—", "*", "##", ";##", "•"}
    found = bare(recovered(text).markdown)
    assert [word for word in found if word not in signs] == [word for word in text.split() if word not in signs]
    rest = iter(found)
    assert all(token.text in rest for token in read_tokens(text) if token.text not in signs)


@pytest.mark.parametrize("text", ["## said", "One. # (so on). Two.", "Go. # (not this) - 1. nor that."])
def test_a_mark_that_marks_nothing_is_a_word(text: str) -> None:
    assert recovered(text).markdown.replace("\\", "").split() == text.split()


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_taken(text: str) -> None:
    found = recovered(text)
    assert found == recovered(text)
    assert all(0 <= place.offset < len(text) for place in found.unsure)


def test_time_grows_with_the_length() -> None:
    unit = "Oil Care Hinges: Oil them well. Locks: Use graphite (never oil). Wood Types Oak is hard and heavy. " * 20
    quarter = seconds(unit)
    assert seconds(unit * 4) < 8 * quarter + 1


@pytest.mark.parametrize("unit", ["A ", "A: ", "( ", "a", '"A ', "1. ", "0:01 ", "- "])
def test_hostile_texts_take_time_by_their_length(unit: str) -> None:
    assert seconds(unit * 6_000) < 8 * seconds(unit * 1_500) + 1


def seconds(text: str) -> float:
    """Return the processor time of recovering the structure of a text."""
    begin = time.process_time()
    recovered(text)
    return time.process_time() - begin

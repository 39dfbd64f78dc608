"""Whatever a text holds: its words stay, in order; the same text gives the same result; time grows with length."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlguide_site.recovery.data import shipped
from mlguide_site.recovery.markdown import Escaping
from mlguide_site.recovery.recovery import find_places, recover
from mlguide_site.recovery.words import tokenize

PLAIN = Escaping(lambda text: text, lambda line: line, lambda line: line)
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


def bare(markdown: str) -> list[str]:
    """The words of Markdown written without escapes, its own signs taken off."""
    words = []
    for line in markdown.split("\n"):
        text = line.strip()
        for sign in ("## ", "- "):
            text = text.removeprefix(sign)
        words.extend(text.replace("**", "").split())
    return words


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_words_and_their_order_are_untouched(text: str) -> None:
    signs = {"-", "–", "—", "*", "##", ";##", "•"}
    found = bare(recover(text, escaping=PLAIN).markdown)
    assert [word for word in found if word not in signs] == [word for word in text.split() if word not in signs]
    rest = iter(found)
    assert all(token.text in rest for token in tokenize(text) if token.text not in signs)


@pytest.mark.parametrize("text", ["## said", "One. # (so on). Two.", "Go. # (not this) - 1. nor that."])
def test_a_mark_that_marks_nothing_is_a_word(text: str) -> None:
    assert [sign for sign in recover(text, escaping=PLAIN).markdown.split() if sign in text.split()] == text.split()


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_taken(text: str) -> None:
    found = recover(text)
    assert found == recover(text)
    assert all(0 <= place.offset < len(text) for place in found.unsure)
    tokens = tokenize(text)
    ends = [place.offset + place.size for place in find_places(text)]
    assert all(end <= len(tokens) for end in ends)


def test_time_grows_with_the_length() -> None:
    shipped()
    unit = "Oil Care Hinges: Oil them well. Locks: Use graphite (never oil). Wood Types Oak is hard and heavy. " * 20
    recover(unit)

    def seconds(text: str) -> float:
        begin = time.process_time()
        recover(text)
        return time.process_time() - begin

    short = min(seconds(unit) for _ in range(3))
    long = min(seconds(unit * 8) for _ in range(2))
    assert long < 24 * max(short, 0.005)


def test_a_hostile_text_is_no_slower_than_others() -> None:
    for text in ("A " * 6_000, "A: " * 6_000, "( " * 6_000, "a" * 100_000, '"A ' * 6_000, "1. " * 6_000):
        begin = time.process_time()
        recover(text)
        assert time.process_time() - begin < 20

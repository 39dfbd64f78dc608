"""Tests of transcripts and chapters on pages: each word occurs once and in order, and each second has an anchor."""

import time

from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.model.transcript import Cue
from mlguide_site.pages.transcript import passages
from pages.builder import ferns, render

times = st.floats(0, 9000, allow_nan=False).map(lambda value: round(value, 3))
texts = st.text(st.sampled_from("ab .?!"), max_size=300).map(lambda text: " ".join(text.split()))


@st.composite
def cues(draw: st.DrawFn) -> list[Cue]:
    starts = sorted(draw(st.lists(times, max_size=30)))
    return [Cue(s, s + draw(st.floats(0, 9)), draw(st.sampled_from(["", "Ann", "Bob"])), draw(texts)) for s in starts]


@given(cues())
def test_passages_hold_every_word_once_and_in_order(said) -> None:
    found = list(passages(said))
    assert (
        " ".join(text for one in found for _, text in one.lines).split() == " ".join(cue.text for cue in said).split()
    )


@given(cues())
def test_every_second_that_something_is_said_at_is_an_anchor_once(said) -> None:
    anchors = [anchor for one in passages(said) for anchor, _ in one.lines if anchor]
    assert len(anchors) == len(set(anchors))
    assert set(anchors) == {f"t-{int(cue.start)}" for cue in said if cue.text}


def test_who_speaks_is_told_where_it_changes() -> None:
    said = [
        Cue(0, 1, "Ann", "One."),
        Cue(1, 2, "Ann", "Two."),
        Cue(30, 31, "Ann", "Three."),
        Cue(31, 32, "Bob", "Four."),
        Cue(32, 33, "", "Five."),
        Cue(60, 61, "Bob", "Six."),
    ]
    assert [(one.speaker, one.clock, [text for _, text in one.lines]) for one in passages(said)] == [
        ("Ann", "0:00", ["One.", "Two."]),
        ("", "0:30", ["Three."]),
        ("Bob", "0:31", ["Four.", "Five."]),
        ("", "1:00", ["Six."]),
    ]


def test_an_episode_leads_to_its_transcript_and_tells_its_chapters() -> None:
    garden = ferns()
    episode = garden.views["episodes/talk/talk-001.md"]
    assert episode.transcript == "episodes/talk/talk-001/transcript/"
    assert [row[:3] for row in episode.chapters] == [
        (0, "0:00", "Welcome"),
        (3723, "1:02:03", "<b>End</b>"),
    ]
    pages = render(garden)
    page = pages["episodes/talk/talk-001.md"]
    assert 'href="https://s.example/a.mp3#t=3723"' in page
    assert "&lt;b&gt;End&lt;/b&gt;" in page
    said = pages["episodes/talk/talk-001/transcript.md"]
    assert '<span id="t-4">Today: a &lt; b &amp; &#34;ferns&#34;.</span>' in said
    assert '<a class="mg-timestamp" href="https://s.example/a.mp3#t=3723" data-t="3723"' in said
    assert said.count("Robin Green") == 1


def test_the_longest_transcript_is_split_in_linear_time() -> None:
    """Check 100,000 changes of the speaker. They need less than a second, or more than 15 seconds in quadratic time."""
    said = [Cue(at, at + 1, "AB"[at % 2], "Yes.") for at in range(100_000)]
    start = time.process_time()
    assert sum(1 for _ in passages(said)) == len(said)
    assert time.process_time() - start < 4

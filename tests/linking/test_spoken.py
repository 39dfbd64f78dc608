"""When transcripts name what notes name, and how pages of entries tell it."""

from mlguide_site.linking.timestamps import first_cues
from mlguide_site.model.schema import Kind
from mlguide_site.model.transcript import Cue, Transcript
from pages.builder import make, note, render

FROND, RZ = (Kind.TERM, "frond"), (Kind.TERM, "rhizome")


def spoken(*texts: str) -> Transcript:
    return Transcript(tuple(Cue(at * 10 + 0.5, at * 10 + 9, "", text) for at, text in enumerate(texts)))


def test_the_first_second_counts():
    said = first_cues(spoken("A leaf.", "Each FROND grows.", "frond"), [(FROND, "Frond")])
    assert said == {FROND: 10}


def test_only_whole_words_count():
    assert first_cues(spoken("Fronds unfrond."), [(FROND, "frond")]) == {}


def test_a_name_may_go_on_in_the_next_cue():
    assert first_cues(spoken("A maidenhair", "fern is small."), [(FROND, "maidenhair fern")]) == {FROND: 0}


def test_short_names_count_in_their_own_spelling():
    assert first_cues(spoken("an rz", "the RZ"), [(RZ, "RZ")]) == {RZ: 10}


def test_lower_case_that_is_longer_moves_no_second():
    assert first_cues(spoken("İİİİ", "frond", "x"), [(FROND, "frond")]) == {FROND: 10}


def test_nothing_said():
    assert first_cues(spoken(), [(FROND, "frond")]) == {}
    assert first_cues(spoken("a"), []) == {}
    assert first_cues(spoken("a"), [(FROND, " ")]) == {}


VTT = "WEBVTT\n\n00:12:34.000 --> 00:12:40.000\nWe take a trowel.\n\n00:13:00.000 --> 00:13:05.000\nThe rake rests.\n"


def test_pages_lead_to_the_second():
    base = make(
        {
            "series": {"fern": {"title": "Ferns"}},
            "tools": {"trowel": {"name": "Trowel"}, "rake": {"name": "Rake", "match": [{"case": False}]}},
        },
        [
            note("fern-001", "A trowel and a rake."),
            note("fern-002", "A trowel."),
            ("episodes/fern/fern-001.vtt", VTT.encode()),
        ],
    )
    first, second = base.views["tools/trowel.md"].mentions
    assert first.spoken_at == ("12:34", "episodes/fern/fern-001/transcript/#t-754")
    assert second.spoken_at is None
    # a name that has rules may mean something else in speech
    assert base.views["tools/rake.md"].mentions[0].spoken_at is None
    assert (
        'at <a class="mg-timestamp" href="../../episodes/fern/fern-001/transcript/#t-754">12:34</a>'
        in render(base)["tools/trowel.md"]
    )

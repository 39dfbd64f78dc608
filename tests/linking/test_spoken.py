"""Tests of names in transcripts, and of how pages of entries show them."""

import time

from mlguide_site.linking.timestamps import first_spoken
from mlguide_site.model.records import Kind, MatchRule, Term
from mlguide_site.model.transcript import Cue
from pages.builder import make, note, render

FERN = (Kind.TERM, "fern")


def second(term: Term, *texts: str) -> int | None:
    """Return the second at which a transcript first names a term. The transcript has one of these texts every 10
    seconds."""
    cues = tuple(Cue(at * 10 + 0.5, at * 10 + 9, "", text) for at, text in enumerate(texts))
    return first_spoken(cues, {FERN: term}).get(FERN)


def test_the_first_second_counts():
    assert second(Term(term="Frond"), "A leaf.", "Each FROND grows.", "frond") == 10
    assert second(Term(term="Frond", aliases=("leaf",), abbreviations=("FRD",)), "The FRD.", "A leaf.", "Fronds") == 0


def test_only_whole_words_count():
    assert second(Term(term="frond"), "Fronds unfrond.") is None
    assert second(Term(term="frond"), "Fronds unfrond.", "A frond.") == 10


def test_a_vowel_sign_makes_another_word():
    assert second(Term(term="राम"), "रामायण", "राम") == 10
    # places of words that share a letter don't use up the places of the name
    assert second(Term(term="राम"), "रात में " * 300, "राम") == 10


def test_a_name_may_go_on_in_the_next_cue():
    assert second(Term(term="maidenhair fern"), "A maidenhair", "fern is small.") == 0


def test_short_names_count_in_their_own_spelling():
    assert second(Term(term="RZ"), "an rz", "the RZ") == 10


def test_lower_case_that_is_longer_moves_no_second():
    assert second(Term(term="frond"), "İİİİ", "frond", "x") == 10


def test_many_names_and_places_take_little_time():
    start = time.process_time()
    assert second(Term(term="aa"), "a" * 20_000_000, "aa") == 10
    entries = {(Kind.TERM, f"t{at}"): Term(term=f"word x{at}") for at in range(20_000)}
    transcript = (Cue(0, 1, "", "word " * 40_000), Cue(7, 8, "", "word x5 word x19999"))
    assert first_spoken(transcript, entries) == {(Kind.TERM, "t5"): 7}
    assert time.process_time() - start < 3


def test_the_rarest_word_of_a_name_decides_where_it_is_tried():
    assert second(Term(term="the frond"), "the leaf " * 300, "the frond") == 10
    assert second(Term(term=".frond"), "x.frond", "a .frond") == 10


def test_many_names_in_a_long_transcript_take_little_time():
    names = tuple(f"{'a' * 30}{at}b{'a' * 30}" for at in range(1000))
    start = time.process_time()
    # a term has at most 200 aliases, but an episode mentions many terms
    fern = Term.model_construct(term="fern", aliases=names)
    assert second(fern, ("a" * 4000 + " ") * 4000, "the fern") == 10
    assert time.process_time() - start < 3


def test_a_name_with_rules_may_mean_something_else_in_speech():
    assert second(Term(term="frond", match=(MatchRule(case=True),)), "frond") is None


def test_nothing_said():
    assert second(Term(term="frond")) is None
    assert first_spoken((Cue(0, 1, "", "a"),), {}) == {}


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
    # a name with rules can have another meaning in speech
    assert base.views["tools/rake.md"].mentions[0].spoken_at is None
    assert (
        'at <a class="mg-timestamp" href="../../episodes/fern/fern-001/transcript/#t-754">12:34</a>'
        in render(base)["tools/trowel.md"]
    )

"""Runs of words in the notes of a source."""

from mlguide_site.importers.common import runs
from mlguide_site.importers.common.promotion import split_words


def test_a_source_within_the_budget_is_taken_whole() -> None:
    entries = [["a b", "c"], ["d"]]
    assert runs.sample(entries) is entries


def test_of_a_large_source_the_same_entries_are_taken_in_any_order(monkeypatch) -> None:
    monkeypatch.setattr(runs, "MAX_SOURCE_WORDS", 10)
    entries = [[f"{name} one two"] for name in "abcdef"]
    chosen = runs.sample(entries)
    assert 0 < sum(len(text.split()) for entry in chosen for text in entry) <= 10
    assert sorted(runs.sample(entries[::-1])) == sorted(chosen)


def test_matched_words_are_told_by_number() -> None:
    assert runs.matched_words(split_words("So join our club now"), ["Join our club"]) == {1, 2, 3}
    assert runs.matched_words([], ["Join our club"]) == set()


def test_a_run_that_begins_and_ends_with_known_ones_leaves_its_middle() -> None:
    def of(text: str) -> dict[tuple[str, ...], str]:
        return {tuple(text.lower().split()): text}

    head, tail, middle = "A B C D", "M N O P", "E F G H"
    assert runs.without_parts(of(head) | of(tail) | of(f"{head} {middle} {tail}")) == {head, tail, middle}
    assert runs.without_parts(of(head) | of(tail) | of(f"{head} {tail}")) == {head, tail}
    # too little is left to be a run: it is taken whole
    assert runs.without_parts(of(head) | of(f"{head} E")) == {head, f"{head} E"}

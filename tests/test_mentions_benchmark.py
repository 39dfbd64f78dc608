"""The labelled set of mentions and references is sound, and says what its README says."""

import re
from functools import cache

import pytest

from benchmarks.mentions import measure, texts, traps
from benchmarks.mentions.measure import Link, compare, tallies, wanted_links
from benchmarks.mentions.texts import PARTS, Label, part_of, read_texts, unmark
from conftest import CHECKOUT
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.markdown.parse import parse
from mlguide_site.model import Kind
from mlguide_site.model.slugs import parse_id

ALL = [pytest.param(text, id=text.path.stem) for part in PARTS for text in read_texts(part)]


@cache
def catalog():
    return load(read_root(CHECKOUT).texts).catalog


@pytest.mark.parametrize("text", ALL)
def test_a_text_stands_in_its_half_and_its_marks_where_links_may_be(text) -> None:
    assert text.path.parent.name == part_of(text.path.name)
    assert len(texts.locate(text, parse(text.body, text.title))) == len(text.labels)
    assert 120 <= len(re.findall(r"\w[^\s|]*", text.body)) <= 350
    assert set(text.topics) <= set(catalog().topics)


@pytest.mark.parametrize("text", ALL)
def test_every_mark_names_what_there_is(text) -> None:
    for label in text.labels:
        for answer in label.answers:
            if label.reference:
                assert any((key := parse_id(name, answer)) and key.number for name in ("mlg", "mla")), label
            else:
                kind, slug = answer.split(":")
                assert slug in catalog().entries(Kind(kind)), label


def test_there_are_texts_and_marks_enough_in_both_halves() -> None:
    for part in PARTS:
        read = read_texts(part)
        assert len(read) >= 24
        assert sum(label.reference for text in read for label in text.labels) >= 60
        assert sum(not label.reference for text in read for label in text.labels) >= 800


def test_each_ambiguous_name_has_ten_traps_and_two_uses() -> None:
    counts = traps.count([text for part in PARTS for text in read_texts(part)])
    assert len(counts) >= 150
    assert [count for count in counts if count.traps < 10 or count.uses < 2] == []


def test_a_mark_is_taken_out_and_its_place_kept() -> None:
    body, labels, origin = unmark("Ä ⟦Docker|tool:docker⟧’s, ⟦MLG 18-20|ref:mlg-018,mlg-019,mlg-020⟧.")
    assert body == "Ä Docker’s, MLG 18-20."
    assert labels == (
        Label(2, 8, "Docker", ("tool:docker",), False),
        Label(12, 21, "MLG 18-20", ("mlg-018", "mlg-019", "mlg-020"), True),
    )
    assert (origin[0], origin[2], origin[8]) == (0, 3, 22)
    assert len(origin) == len(body) + 1


@pytest.mark.parametrize("body", ["`⟦a|tool:b⟧`", "# ⟦a|tool:b⟧", "[⟦a|tool:b⟧](https://a.example)"])
def test_a_mark_where_nothing_is_linked_is_refused(tmp_path, body) -> None:
    path = tmp_path / "text.md"
    path.write_text(f"---\ntitle: T\ntopics: []\n---\n\n{body}\n", "utf-8")
    text = texts.read_text(path)
    with pytest.raises(ValueError, match="may be linked"):
        texts.locate(text, parse(text.body, text.title))


def test_a_broken_mark_is_refused(tmp_path) -> None:
    path = tmp_path / "text.md"
    path.write_text("---\ntitle: T\ntopics: []\n---\n\na ⟦Docker|docker⟧ b\n", "utf-8")
    with pytest.raises(ValueError, match="a broken mark near"):
        texts.read_text(path)


def test_links_are_told_apart_by_place_and_entry() -> None:
    mark = Link("topic", ("topic:data-preparation", "term:data-munging"), 0, 4, 17)
    other = Link("tool", ("tool:docker",), 1, 0, 6)
    made = [mark._replace(kind="term", answers=("term:data-munging",)), other._replace(start=1), other._replace(end=9)]
    compared = compare([mark, other], made)
    assert (compared.right, compared.missed, compared.false) == ([mark], [other], made[1:])
    table = tallies([compared])
    assert table["topic"] == (1, 1, 1)
    assert table["tool"] == (1, 2, 0)
    assert table["mentions"] == (2, 3, 1)
    assert (table["mentions"].precision, table["mentions"].recall) == (1 / 3, 1 / 2)


def test_each_id_of_a_range_is_asked_for_within_its_words(tmp_path) -> None:
    path = tmp_path / "text.md"
    marks = "⟦MLG 18-20|ref:mlg-018,mlg-019,mlg-020⟧ and ⟦[a](https://ocdevel.com/mlg/24)|ref:mlg-024⟧"
    path.write_text(f"---\ntitle: T\ntopics: []\n---\n\nSee {marks}.\n", "utf-8")
    text = texts.read_text(path)
    wanted = list(wanted_links(text, parse(text.body, text.title)))
    assert [(link.answers[0], link.segment, link.start, link.end, link.within) for link in wanted] == [
        ("mlg-018", 0, 4, 13, True),
        ("mlg-019", 0, 4, 13, True),
        ("mlg-020", 0, 4, 13, True),
        ("mlg-024", -1, 0, 0, False),
    ]


def test_a_text_is_measured_as_a_build_links_it(tmp_path) -> None:
    path = tmp_path / "zz-measured.md"
    body = (
        "⟦Kubernetes|tool:kubernetes⟧’s pods, `Kubernetes`, ⟦k8s|tool:docker⟧; ⟦MLG 18-20|ref:mlg-018,mlg-019,mlg-020⟧."
    )
    path.write_text(f"---\ntitle: T\ntopics: []\n---\n\n{body}\n", "utf-8")
    text = texts.read_text(path)
    episode = measure.build([text]).episodes["mlg-zz-measured"]
    compared = compare(list(wanted_links(text, episode.document)), list(measure.made_links(episode)))
    assert [link.answers[0] for link in compared.right] == ["tool:kubernetes", "mlg-018", "mlg-019", "mlg-020"]
    assert [link.answers[0] for link in compared.missed] == ["tool:docker"]
    assert [link.answers[0] for link in compared.false] == ["tool:kubernetes"]


def test_the_command_prints_what_the_marks_ask_for(capsys) -> None:
    measure.main(["development", "--show"])
    printed = capsys.readouterr().out
    labels = [label for text in read_texts("development") for label in text.labels]
    mentions = sum(not label.reference for label in labels)
    references = sum(len(label.answers) for label in labels if label.reference)
    assert re.search(rf"^mentions +{mentions} ", printed, re.M)
    assert re.search(rf"^references +{references} ", printed, re.M)
    assert not re.search(r"^(?!development/\S+\.md:\d+:\d+: (missed|false) ).*: (missed|false) ", printed, re.M)

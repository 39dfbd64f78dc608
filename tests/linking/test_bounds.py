"""Tests of limits: finding names takes linear time and memory in the length of the text, whatever the names are."""

import time
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import traced
from mlguide_site.content.load import load
from mlguide_site.errors import Span
from mlguide_site.linking.disambiguation import Around, _Note
from mlguide_site.linking.folding import BREAK
from mlguide_site.linking.lookup import Lookup, link_span
from mlguide_site.linking.match_rules import Block
from mlguide_site.linking.names import Named, NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Episode, EpisodeFile, Kind, MatchRule, Series, Tool

MIB = 1 << 20


def nested(unit: str, count: int) -> NameTable:
    """Return a table of names that start with one another, up to the maximum length of names."""
    names = [unit * (number % 240 + 1) + "x" * (number // 240) for number in range(count)]
    return NameTable(tuple(Named(Kind.TERM, f"n{number}", (name,)) for number, name in enumerate(names)))


def spent(table: NameTable, text: str) -> float:
    start = time.process_time()
    table.find(text)
    return time.process_time() - start


@pytest.mark.parametrize("unit", ["a-", "ab-", "a ", "ab "])
def test_nested_names_over_a_long_text(unit: str) -> None:
    table = nested(unit, 2000)
    table.find("warm up")
    text = unit * (MIB // 8 // len(unit))
    quarter, whole = spent(table, text[: MIB // 32]), spent(table, text)
    assert whole < 8 * quarter + 1
    assert traced(lambda: table.find(text))[1] < 37 * MIB


@pytest.mark.parametrize("alike", ["same", "signs"])
def test_names_that_are_alike_over_a_long_text(alike: str) -> None:
    """Check that the time doesn't grow with the number of entries that share a name, or whose names differ in
    punctuation."""
    signs = ["".join(run) for run in product("+#&!?%$*", repeat=4)]

    def table(count: int) -> NameTable:
        names = ["Ab"] * count if alike == "same" else [f"ab{run}" for run in signs[:count]]
        return NameTable(tuple(Named(Kind.TOOL, f"n{number}", (name,)) for number, name in enumerate(names)))

    few, many = table(100), table(4000)
    for one in (few, many):
        one.find("warm up")
    text = "Ab " * 5000
    assert spent(many, text) < 3 * spent(few, text) + 1


def test_names_with_many_topics_that_a_note_repeats() -> None:
    """Check that time and memory don't grow with the product of topics, names in the text and sections."""
    topics = ", ".join(f"c{at}" for at in range(30))
    tools = f"z1: {{name: Z1, topics: [{topics}]}}\nzq: {{name: zq, topics: [{topics}]}}\n"
    table = NameTable.of(load({"knowledge/tools.yml": tools.encode()}).catalog)
    table.find("warm up")
    start = time.process_time()
    assert len(table.find("zq " + "Z1 " * 6000)) == 6001
    assert time.process_time() - start < 4
    sections = Around(sections=range(300))
    assert traced(lambda: table.find(BREAK.join(["zq Z1"] * 300), sections))[1] < 30 * MIB


@given(
    st.lists(st.sampled_from(["a", "a-", "a a", "ab", "b a", "a-a-a", "b"]), min_size=1, max_size=40), st.integers(2, 8)
)
def test_what_is_found_is_ordered_and_never_overlaps(parts: list[str], count: int) -> None:
    text = " ".join(parts)
    found = nested("a-", count).find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)


def test_rules_with_too_many_words_are_refused() -> None:
    rules = "\n".join(["x:", "  term: X ray", "  match:", f"    - near: [{', '.join(f'w{n}' for n in range(201))}]"])
    [problem] = load({"knowledge/glossary.yml": rules.encode()}).problems
    assert str(problem).startswith("knowledge/glossary.yml:4:")
    assert "has more than 200 items" in str(problem)


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (", ".join(f"buy {number} now" for number in range(201)), "has more than 200 items"),
        (f"buy *, buy {'* ' * 11}now", 'has more than 10 "*"; remove some of them'),
    ],
)
def test_a_series_with_too_many_promotions_or_wildcards_is_refused(listed: str, message: str) -> None:
    [problem] = load({"knowledge/series.yml": f"x:\n  title: X\n  promotion: [{listed}]\n".encode()}).problems
    assert str(problem).startswith("knowledge/series.yml:3:") and message in str(problem)


@pytest.mark.parametrize("text", ["lorem ipsum ", "episode of s "])
def test_many_forms_of_references_over_a_long_text(text: str) -> None:
    """Check that reference forms which only share a word with the text cost little."""
    series = {
        f"s{at}": Series(title=f"Lorem {at}x", references=tuple(f"lorem {at} a{n} {{number}}" for n in range(20)))
        for at in range(100)
    }
    table = ReferenceTable.of(Catalog(series, {}, {}, {}, {}, {}, {}, {}))
    table.find("warm up")
    start = time.process_time()
    table.find(text * (MIB // 4 // len(text)))
    assert time.process_time() - start < 4


SAME_START = tuple(f"a {'x' * number} {{number}} y" for number in range(20))
ALIKE = {
    "prefix": (Series(title="A show", prefix="A"), "A 1, A-2 episode 3 of A; "),
    "references": (Series(title="A show", references=SAME_START), "a xxx xxx 3 "),
    "nested": (Series(title="A show", references=tuple(f"a a {'b ' * at}{{number}}" for at in range(20))), "a 1 "),
    "address": (Series(title="A show", address="https://a.example/a/{number}"), "a.example/a/7 "),
}


@pytest.mark.parametrize("kind", ALIKE)
def test_references_of_many_series_that_are_written_alike(kind: str) -> None:
    """Check that the time and memory don't grow with the number of series whose references have the same form."""
    one, unit = ALIKE[kind]

    def table(count: int) -> ReferenceTable:
        own = {f"s{at}": one.model_copy(update={"title": f"A {at}"}) for at in range(count)}
        return ReferenceTable.of(Catalog(own, {}, {}, {}, {}, {}, {}, {}))

    def seconds(table: ReferenceTable, text: str) -> float:
        table.find("warm up a a a 1 a xxx")
        start = time.process_time()
        table.find(text)
        return time.process_time() - start

    text = unit * (MIB // 16 // len(unit))
    few, many = table(10), table(200)
    assert seconds(many, text) < 3 * seconds(few, text) + 1
    assert traced(lambda: many.find(text))[1] < 75 * MIB


def test_many_ids_without_numbers_over_many_notes() -> None:
    """Check that a note isn't compared with each id."""
    files = {
        f"s-{at}x": EpisodeFile(f"episodes/s/s-{at}x.md", "s", None, Episode(id=f"s-{at}x", title="T"), "", 5)
        for at in range(20_000)
    }
    table = ReferenceTable.of(Catalog({"s": Series(title="Sea")}, files, {}, {}, {}, {}, {}, {}))
    table.find("warm up")
    start = time.process_time()
    found = [table.find("see the other text about ships and s-77x, not s-77 " * 20) for _ in range(200)]
    assert time.process_time() - start < 4
    assert {one.id for those in found for one in those} == {"s-77x"}


def test_many_series_and_links_are_compared_in_time() -> None:
    series = {f"s{at}": Series(title=f"Title {at}") for at in range(200)}
    table = ReferenceTable.of(Catalog(series, {}, {}, {}, {}, {}, {}, {}))
    start = time.process_time()
    assert all(table.of_address(f"https://a{at}.example/talks/") is None for at in range(5000))
    assert time.process_time() - start < 3
    assert table.of_address("../s7/s7-012.md#notes") is not None


def test_earlier_ids_are_not_compared_with_each_series() -> None:
    series = {f"s{at}": Series(title=f"Title {at}") for at in range(2000)}
    meta = Episode(id="s1-001", title="T", former=tuple(f"s{at}-{at}" for at in range(1000)))
    file = EpisodeFile("episodes/s1/s1-001.md", "s1", 1, meta, "", 5)
    catalog = Catalog(series, {"s1-001": file}, {}, {}, {}, {}, {}, {})
    start = time.process_time()
    ReferenceTable.of(catalog)
    Lookup(catalog, ["s1-001"])
    assert time.process_time() - start < 2


def test_a_root_with_too_many_series_entries_or_forms_is_refused() -> None:
    listed = "".join(f"s{at}: {{title: S{at}}}\n" for at in range(201))
    loaded = load(
        {"knowledge/series.yml": listed.encode(), "episodes/s1/s1-001.md": b"---\nid: s1-001\ntitle: T\n---\n"}
    )
    [problem] = loaded.problems
    assert str(problem).startswith("knowledge/series.yml:1:1: more than 200 series; ")
    assert not loaded.catalog.series
    [problem] = load(
        {"knowledge/tools.yml": "".join(f"t{at}: {{name: T}}\n" for at in range(20_001)).encode()}
    ).problems
    assert str(problem) == "knowledge/tools.yml:1:1: more than 20,000 entries; split the knowledge base"
    many = ", ".join(f"x{at}" for at in range(200))
    aliases = "".join(f"t{at}: {{name: T, aliases: [{many}]}}\n" for at in range(200))
    [problem] = load({"knowledge/tools.yml": aliases.encode()}).problems
    assert str(problem) == "knowledge/tools.yml:1:1: more than 40,000 names; split the knowledge base"
    [problem] = load({"knowledge/tools.yml": f"t:\n  name: T\n  aliases: [{many}, y]\n".encode()}).problems
    assert "has more than 200 items" in str(problem)
    [problem] = load({"knowledge/tools.yml": f"t:\n  name: T\n  category: {'x' * 101}\n".encode()}).problems
    assert "100 characters" in str(problem)
    for field, most in (("topics", 30), ("links", 50)):
        listed = ", ".join([{"topics": "a", "links": "{title: A, url: 'https://a.example/'}"}[field]] * (most + 1))
        [problem] = load({"knowledge/glossary.yml": f"t:\n  term: T\n  {field}: [{listed}]\n".encode()}).problems
        assert f"has more than {most} items" in str(problem)
    [problem] = load({"knowledge/tools.yml": f"t:\n  name: T\n  former: [{', '.join('a' * 1001)}]\n".encode()}).problems
    assert str(problem).startswith("knowledge/tools.yml:3:") and "has more than 1,000 items" in str(problem)
    listed = ", ".join(f"'s{at} {{number}}'" for at in range(21))
    [problem] = load({"knowledge/series.yml": f"x:\n  title: X\n  references: [{listed}]\n".encode()}).problems
    assert str(problem).startswith("knowledge/series.yml:3:") and "has more than 20 items" in str(problem)


def test_the_place_of_a_broken_link_is_searched_in_its_block_only(monkeypatch) -> None:
    searched = []

    class Line(str):
        def find(self, *given):
            searched.append(len(self))
            return super().find(*given)

    monkeypatch.setattr("mlguide_site.linking.lookup._lines", lambda _: [Line("y" * 15_000)] * 100)
    file = EpisodeFile("episodes/a/a-001.md", "a", 1, Episode(id="a-001", title="T"), "", 5)
    assert link_span(file, 1, "x&y") == Span(5, 1)
    assert sum(searched) == 30_000


def test_the_words_beside_a_name_are_joined_once_for_all_its_rules(monkeypatch) -> None:
    rules = tuple(MatchRule(before=("a b", f"c{at}"), after=("d",)) for at in range(20))
    tools = tuple(Named.of(Kind.TOOL, f"t{at}", Tool(name="Loom", match=rules)) for at in range(20))
    table, asked, is_close = NameTable(tools), [], Block._is_close
    monkeypatch.setattr(Block, "_is_close", lambda *given: asked.append(given) or is_close(*given))
    assert table.find("The a b loom; the loom d") == []
    assert len(table.find("The old loom " * 10)) == 10
    assert len(asked) <= 2 * 12
    [[pattern]] = table.patterns.values()
    assert sum(len(form.rules[0]) for form in pattern.forms) == 40


def test_rules_whose_words_are_missing_make_no_phrases(monkeypatch) -> None:
    rules = tuple(MatchRule(near=(f"x{at}", f"y{at} z", "u v w")) for at in range(20))
    blocks: list[Block] = []
    monkeypatch.setattr(Block, "forget", lambda block: blocks.append(block) or block)
    tools = (Named.of(Kind.TOOL, "loom", Tool(name="Loom", match=rules)),)
    assert NameTable(tools).find(BREAK.join(["the loom is near"] * 50)) == []
    assert {count for block in blocks for count in block._runs} == {1}
    assert len(NameTable(tools).find("the loom and y7 z")) == 1


def test_the_evidence_for_a_name_is_weighed_once_per_block(monkeypatch) -> None:
    topics = tuple(f"x{at}" for at in range(20))
    named = [
        Named.of(Kind.TOOL, f"t{at}", Tool(name="Spark", homepage="https://a.example", topics=topics)) for at in "ab"
    ]
    asked, has_other = [], _Note._has_other
    monkeypatch.setattr(_Note, "_has_other", lambda *given: asked.append(given) or has_other(*given))
    NameTable(tuple(named)).find("some words and a spark " * 300, Around(sections=[0]))
    assert 0 < len(asked) < 20

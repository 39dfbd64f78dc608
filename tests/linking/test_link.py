"""Tests of combining texts and front matter: links, backlinks, references and problems."""

import pytest

from mlguide_site.content.load import load
from mlguide_site.errors import Severity
from mlguide_site.linking import resolve
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.resolve import insertions, link, link_target
from mlguide_site.markdown.document import Insertion
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.records import Kind

KNOWLEDGE = {
    "series": "fn: {title: Field Notes, prefix: FN, address: 'https://fn.example/{number}'}\n"
    "day: {title: Course, prefix: Day, kind: course}\nshow: {title: Show, prefix: SH}",
    "tools": "anvil: {name: Anvil}\nhammer: {name: Hammer Time}",
    "topics": "metal: {name: metal work}",
    "glossary": "ore: {term: ore}\nanvil: {term: Anvil}",
    "resources": "book: {title: On Smelting Metals, episodes: [fn-001, fn-404]}",
    "people": "ada: {name: Ada Smith}",
}


def linked(without=(), **bodies):
    """Return a linked catalog of episodes. A keyword is an id with `_` for `-`; its value is the body, or a pair of
    front matter lines and the body."""
    files = {f"knowledge/{name}.yml": text.encode() for name, text in KNOWLEDGE.items()}
    for name, given in bodies.items():
        id = name.replace("_", "-")
        lines, body = given if isinstance(given, tuple) else ("", given)
        head = f"---\nid: {id}\ntitle: About {id}\n{lines}{chr(10) if lines else ''}---\n\n"
        files[f"episodes/{id.partition('-')[0]}/{id}.md"] = (head + body).encode()
    loaded = load(files)
    assert loaded.problems == ()
    catalog = loaded.catalog
    names, references = NameTable.of(catalog), ReferenceTable.of(catalog)
    documents = {id: parse(file.body, file.meta.title) for id, file in catalog.episodes.items() if id not in without}
    scans = {id: scan(document, names, references, catalog.episodes[id].meta) for id, document in documents.items()}
    return link(catalog, documents, scans)


def targets(result, id="fn-001"):
    return [(one.target or one.url, one.linked) for one in result.episodes[id].references]


def test_front_matter_and_text_are_joined():
    meta = "topics: [metal, gone]\ntools: [hammer]\npeople: [{person: ada, role: guest}, {person: gone}]"
    result = linked(fn_001=(meta, "Ore on the Anvil."))
    assert dict(result.episodes["fn-001"].entries) == {
        Kind.TOOL: ("anvil", "hammer"),
        Kind.TOPIC: ("metal",),
        Kind.TERM: ("anvil", "ore"),
        Kind.RESOURCE: ("book",),
        Kind.PERSON: ("ada",),
    }
    assert result.episodes_of[Kind.TOOL, "hammer"] == ("fn-001",)
    assert (Kind.TOOL, "hammer") not in result.contexts


def test_backlinks_stand_in_the_order_of_episodes_and_sections():
    result = linked(
        fn_002="## One\n\nHot ore! More ore.\n\n## Two\n\nCold ore.", fn_001="No heading, but ore.", day_001="Ore."
    )
    found = result.contexts[Kind.TERM, "ore"]
    assert [(id, *context) for id, contexts in found.items() for context in contexts] == [
        ("day-001", "", "", "Ore.", 0, 3),
        ("fn-001", "", "", "No heading, but ore.", 16, 19),
        ("fn-002", "One", "one", "Hot ore! More ore.", 4, 7),
        ("fn-002", "Two", "two", "Cold ore.", 5, 8),
    ]
    assert result.episodes_of[Kind.TERM, "ore"] == ("day-001", "fn-001", "fn-002")


def test_references_lead_to_episodes_and_back():
    result = linked(fn_001="## Then\n\nSee FN 2. FN 2 again.\n\n## Now\n\nFN 2, FN 1.", fn_002="")
    assert targets(result) == [("fn-002", True), ("fn-002", False), ("fn-002", False)]
    assert result.episodes["fn-002"].referenced_by == {
        "fn-001": [("Then", "then", "See FN 2. FN 2 again.", 4, 8), ("Now", "now", "FN 2, FN 1.", 0, 4)]
    }
    assert result.episodes["fn-001"].referenced_by == {}


def test_ranges_reach_what_lies_between():
    result = linked(fn_001="See FN 2-4.", fn_002="", fn_003="", fn_004="")
    assert targets(result) == [("fn-002", True), ("fn-003", False), ("fn-004", True)]


def test_an_episode_inside_several_ranges_is_reached_once():
    result = linked(fn_001="See FN 2-4.\n\nFN 2-4.", fn_002="", fn_003="", fn_004="")
    assert [target for target, _ in targets(result)] == ["fn-002", "fn-003", "fn-004", "fn-002", "fn-004"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("FN 3", ("https://fn.example/3", Severity.HINT, '"FN 3" has no notes in this root')),
        ("FN 26", ("https://fn.example/26", Severity.HINT, '"FN 26" has no notes in this root')),
        ("FN 27", ("", Severity.WARNING, '"FN 27" is mentioned, but Field Notes has no such episode')),
        ("FN 0", ("", Severity.WARNING, '"FN 0" is mentioned, but Field Notes has no such episode')),
        ("SH 3", ("", Severity.HINT, '"SH 3" has no notes in this root')),
    ],
)
def test_numbers_that_the_root_lacks(body, expected):
    result = linked(fn_001=f"Well,\nsee *now* {body}.")
    [reference], [problem] = result.episodes["fn-001"].references, result.problems
    assert (reference.url, problem.severity, problem.message) == expected
    assert (problem.path, problem.span) == ("episodes/fn/fn-001.md", (7, 11))
    assert reference.linked is bool(reference.url)


@pytest.mark.parametrize("body", ["FN 2024", "SH 99", "FN 1 and 99", "Day 3", "FN 1-9 of fn-trailer", "fn-trailer"])
def test_what_may_be_no_reference_is_no_problem(body):
    assert [problem for problem in linked(fn_001=body).problems if problem.severity is not Severity.HINT] == []


def test_a_prefix_like_a_word_counts_in_its_own_series():
    result = linked(fn_001="See Day 2.", day_001="See Day 2.", day_002="")
    assert targets(result) == []
    assert targets(result, "day-001") == [("day-002", True)]


def test_seasons():
    episodes = {"show_s1_001": "", "show_s1_002": "See SH 1.", "show_s2_001": "", "show_s2_002": "SH 1, S1E2, SH S1E1"}
    result = linked(fn_001="SH S2E1, SH 1", **episodes)
    assert targets(result) == [("show-s2-001", True)]
    assert targets(result, "show-s1-002") == [("show-s1-001", True)]
    assert [target for target, _ in targets(result, "show-s2-002")] == ["show-s2-001", "show-s1-002", "show-s1-001"]
    assert result.problems == ()


def test_the_first_season_may_be_in_the_front_matter():
    result = linked(show_001=("season: 1", ""), show_s2_001="", show_s2_002="See S1E1 and SH S1E1.")
    assert [target for target, _ in targets(result, "show-s2-002")] == ["show-001", "show-001"]


def test_an_episode_without_a_document_is_as_good_as_absent():
    result = linked(without=["fn-002"], fn_001="See FN 2.", fn_002="ore")
    assert list(result.episodes) == ["fn-001"]
    assert targets(result) == [("https://fn.example/2", True)]


def test_links_to_set_are_relative_to_the_page():
    result = linked(fn_001="The Anvil, FN 2, FN 3 and ore; Anvil.", fn_002="")
    episode = result.episodes["fn-001"]
    assert insertions(episode, "episodes/fn/fn-001.md", result) == {
        0: [
            Insertion(4, 9, "../../tools/anvil.md"),
            Insertion(11, 15, "fn-002.md"),
            Insertion(17, 21, "https://fn.example/3"),
            Insertion(26, 29, "../../glossary/ore.md"),
        ]
    }
    assert [one.target for one in insertions(episode, "tools/anvil.md", result)[0]] == [
        "../episodes/fn/fn-002.md",
        "https://fn.example/3",
        "../glossary/ore.md",
    ]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://fn.example/2", "episodes/fn/fn-002.md"),
        ("https://www.fn.example/2/", "episodes/fn/fn-002.md"),
        ("fn-002.md", "episodes/fn/fn-002.md"),
        ("../fn/fn-002.md#more-ore", "episodes/fn/fn-002.md#more-ore"),
        ("../fn/fn-002.md#nothing", "episodes/fn/fn-002.md"),
        ("fn-001.md", "episodes/fn/fn-001.md"),
        ("fn-009.md", "https://fn.example/9"),
        ("https://fn.example/9", None),
        ("https://other.example/2", None),
        ("other.md", None),
    ],
)
def test_addresses_that_authors_wrote(href, expected):
    result = linked(fn_001=f"See [this]({href}).", fn_002="## More ore")
    assert link_target(href, result.episodes["fn-001"], result) == expected


def test_an_authors_link_is_a_reference_that_needs_no_link():
    result = linked(fn_001="See [this](https://fn.example/2) and [me](fn-001.md).", fn_002="")
    [reference] = result.episodes["fn-001"].references
    assert (reference.target, reference.use.segment, reference.linked) == ("fn-002", -1, False)
    [context] = result.episodes["fn-002"].referenced_by["fn-001"]
    assert context.sentence[context.start : context.end] == "this"


def test_a_problem_of_a_link_stands_where_its_address_does():
    [problem] = linked(fn_001="See\n[this](https://fn.example/9).").problems
    assert problem.span == (7, 8)


def test_a_file_that_is_named_is_meant_whatever_its_number():
    result = linked(
        show_001="One.",
        show_s2_001="Other.",
        show_004="[a](show-001.md), [b](../show/show-s2-001.md#x) and [c](show-001).",
    )
    assert [target for target, _ in targets(result, "show-004")] == ["show-001", "show-s2-001", "show-001"]


def test_an_episode_counts_for_a_limited_number_of_entries(monkeypatch):
    monkeypatch.setattr(resolve, "MAX_NAMED", 3)
    result = linked(fn_001=("people: [{person: ada}]", "Ore on the Anvil, a metal work."))
    assert {kind.value: found for kind, found in result.episodes["fn-001"].entries.items() if found} == {
        "term": ("anvil",),
        "resource": ("book",),
        "person": ("ada",),
    }
    assert [key for key, ids in result.episodes_of.items() if ids] == [*result.episodes_of]
    assert len(result.episodes_of) == 3

"""Tests of the mentions in a body and of their places."""

import pytest

from mlguide_site.content.load import load
from mlguide_site.linking import mentions as finding
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.records import Episode, Kind

CATALOG = load(
    {
        "knowledge/series.yml": b"fn: {title: Field Notes, prefix: FN, address: 'https://fn.example/{number}'}",
        "knowledge/tools.yml": b"anvil: {name: Anvil Pro}\nbell: {name: Bell, match: [{topics: [metal]}]}\n"
        b"fn: {name: FN}",
        "knowledge/glossary.yml": b"ore: {term: ore}\nanvil: {term: Anvil Pro}",
        "knowledge/topics.yml": b"metal: {name: metal work}",
        "knowledge/resources.yml": b"guide: {title: A guide to ore for the Anvil Pro, format: book}\n"
        b"art: {title: The Art of Ore, format: book}",
    }
).catalog
NAMES, REFERENCES = NameTable.of(CATALOG), ReferenceTable.of(CATALOG)


def scanned(body, topics=(), title="Title"):
    document = parse(body, "Title")
    meta = Episode(id="fn-001", title=title, topics=tuple(slug for _, slug in topics))
    return document, scan(document, NAMES, REFERENCES, meta)


def mentions(body, topics=()):
    """Return each mention as `text=kind/slug`. Mentions that become links start with a star."""
    document, result = scanned(body, topics)
    return [
        f"{'*' * m.linked}{document.segments[m.segment].text[m.start : m.end]}={m.kind.value}/{m.slug}"
        for m in result.mentions
        if m.slug != "fn"
    ]


BOTH = ["*Anvil Pro=tool/anvil", "Anvil Pro=term/anvil"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ore and ores.", ["*Ore=term/ore", "ores=term/ore"]),
        ("Ore.\n\nOre.\n\n## More\n\nOre.", ["*Ore=term/ore", "Ore=term/ore", "Ore=term/ore"]),
        ("An Anvil Pro.", BOTH),
        ("*Anvil* Pro.", ["Anvil=tool/anvil", "Anvil=term/anvil"]),
        ("*Anvil* Pro. Anvil\nPro", ["Anvil=tool/anvil", "Anvil=term/anvil", *BOTH]),
        ("- **ore**: found\n- *Ore*", ["*ore=term/ore", "Ore=term/ore"]),
        ("| ore | x |\n| --- | --- |\n| y | ore |", ["*ore=term/ore", "ore=term/ore"]),
        ("> ore", ["*ore=term/ore"]),
        # never in code, HTML, comments, images or URLs
        ("`ore` <b>ore", ["*ore=term/ore"]),
        ("```\nore\n```\n\n    ore\n\n<div>ore</div>\n\n<!-- ore -->\n\n![ore](ore.png)", []),
        # in headings, titles and links, without an additional link
        ("[ore](https://a.example), ore", ["ore=term/ore", "*ore=term/ore"]),
        ("# ore\n\n!!! note \"Ore\"\n    Text", ["ore=term/ore", "Ore=term/ore"]),
        ("https://a.example/ore and <https://a.example/ore> and a.example/ore/x", []),
        ("[Anvil](https://a.example) Pro", ["Anvil=tool/anvil", "Anvil=term/anvil"]),
        ("`Anvil` Pro and Anvil `Pro`", []),
    ],
)  # fmt: skip
def test_mentions(body, expected):
    assert mentions(body) == expected


def test_a_row_is_quoted_rather_than_a_heading():
    contexts = scanned("# Ore\n\nText.\n\n- see [ore](https://a.example) here\n- the ore\n\n## Bell or ore")[1].contexts
    assert [(one.heading, one.sentence) for one in contexts[Kind.TERM, "ore"]] == [
        ("Ore", "the ore"),
        ("Bell or ore", "Bell or ore"),
    ]
    contexts = scanned("# Ore\n\n- see [ore](https://a.example) here")[1].contexts
    assert [tuple(one) for one in contexts[Kind.TERM, "ore"]] == [("Ore", "ore", "see ore here", 4, 7)]


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        # cells begin with the first cell of their row
        ("| A | B |\n| --- | --- |\n| HDF5 | large arrays; compresses; read by ore |",
         "HDF5: large arrays; compresses; read by ore"),
        ("| A | B |\n| --- | --- |\n| Ore is used for many things | none |", "Ore is used for many things"),
        ("| A | B |\n| --- | --- |\n| HDF5 | ore |", "HDF5 · ore"),
        # a short sentence needs the sentence before it
        ("One. There are three formats. Ore reads them all. Two.", "There are three formats. Ore reads them all."),
        # or the sentence after it, if there is none before it
        ("Ore reads them all. Two.", "Ore reads them all. Two."),
        (f"Ore reads them all. {'More words ' * 22}end.", "Ore reads them all."),
        # a colon needs what follows it
        ("To melt many kinds of ore, people need one of these:\n\n- coal;\n- wood.\n- gas\n\nAll burn.",
         "To melt many kinds of ore, people need one of these: coal; wood. gas"),
        ("To melt many kinds of ore, people need one thing:\n\nHeat.\n\nIt is hot.",
         "To melt many kinds of ore, people need one thing: Heat."),
        ("To melt many kinds of ore, people write:\n\n```\ncode\n```\n\nHeat.",
         "To melt many kinds of ore, people write: …"),
        ("To melt many kinds of ore, people write:\n\n| A | B |\n| --- | --- |\n| C | D |",
         "To melt many kinds of ore, people write: …"),
        (f"To melt many kinds of ore, people need one of these:\n\n- coal\n- {'wood ' * 60}",
         "To melt many kinds of ore, people need one of these: coal"),
        # a sentence says more than a row
        ("| A | B |\n| --- | --- |\n| Ore | C |\n\nMany people in many hills dig for ore with large spades.",
         "Many people in many hills dig for ore with large spades."),
        (f"{'Many words. ' * 2}{'More words ' * 22}end. Ore reads them all.", "Ore reads them all."),
        # a bold label belongs to all sentences of its paragraph
        ("**Smelting.** It is hot. Many people, in many hills, also call the oldest known way of the trade ore craft.",
         "Smelting. … Many people, in many hills, also call the oldest known way of the trade ore craft."),
        ("**Ore.** It is hot.", "Ore. It is hot."),
        ("Heat it **well.** Many people, in many hills, also call the oldest known way of the trade ore craft.",
         "Many people, in many hills, also call the oldest known way of the trade ore craft."),
        # so does a pronoun at the beginning
        ("One. Miners dig in hills. They find ore, which smiths have melted for hundreds of years, there. Two.",
         "Miners dig in hills. They find ore, which smiths have melted for hundreds of years, there."),
        ("One. Thus they find ore, which smiths have melted for hundreds of years, in many hills.",
         "Thus they find ore, which smiths have melted for hundreds of years, in many hills."),
        ("One. Ore is found in hills, where miners have dug it for hundreds of years.",
         "Ore is found in hills, where miners have dug it for hundreds of years."),
    ],
)  # fmt: skip
def test_a_quote_says_what_it_is_about(body, quote):
    (found,) = scanned(body)[1].contexts[Kind.TERM, "ore"]
    assert found.sentence == quote
    assert found.sentence[found.start : found.end].casefold() == "ore"


def test_the_title_is_searched_but_not_quoted():
    result = scanned("Text.", title="An Anvil Pro")[1]
    assert (result.mentions, result.contexts) == ((), {(Kind.TOOL, "anvil"): [], (Kind.TERM, "anvil"): []})
    assert not scanned("Text.", title="The Bell")[1].contexts
    assert scanned("Text.", [(Kind.TOPIC, "metal")], "The Bell")[1].contexts


def test_only_entries_that_can_count_are_quoted(monkeypatch):
    monkeypatch.setattr(finding, "MAX_NAMED", 1)
    result = scanned("Metal work with ore on an Anvil Pro.", [(Kind.TOPIC, "metal")])[1]
    assert {*result.contexts} == {(Kind.TERM, "anvil"), (Kind.TOPIC, "metal")}


def test_headings_and_titles_are_no_evidence_against_names_in_the_text():
    body = "# Bring the Ore home\n\nWe melt ore" + ", then we wait" * 9 + "."
    assert mentions(body) == ["Ore=term/ore", "*ore=term/ore"]
    assert scanned(body, title="Bring the Ore home")[1].mentions == scanned(body)[1].mentions


def test_a_link_whose_text_is_the_title_of_a_resource_mentions_the_names_in_it():
    title = "A guide to ore for the Anvil Pro"
    inner = ["ore=term/ore", "Anvil Pro=tool/anvil", "Anvil Pro=term/anvil"]
    assert sorted(mentions(f"[{title}](https://a.example)")) == sorted([f"{title}=resource/guide", *inner])
    assert mentions(f"Read {title}.") == [f"*{title}=resource/guide"]


def test_the_title_of_a_resource_says_nothing_about_the_same_word_elsewhere():
    text = "We read The Art of Ore, and then" + ", with more care," * 9 + " we melted ore."
    assert mentions(text) == ["*The Art of Ore=resource/art", "*ore=term/ore"]


def test_references_in_headings_and_link_texts_are_left_alone():
    result = scanned("# FN 18-20\n\n[FN 3](https://a.example)\n\nFN 18-20", title="FN 2")[1]
    assert [use.found.number for use in result.references] == [18, 20]


def test_rules_see_the_topics_of_the_episode():
    assert mentions("The Bell.") == []
    assert mentions("The Bell.", [(Kind.TOPIC, "metal")]) == ["*Bell=tool/bell"]


def test_a_reference_is_no_mention_of_its_prefix():
    _, result = scanned("FN 9 and FN.")
    assert [(m.slug, m.start) for m in result.mentions] == [("fn", 9)]
    assert [(use.found.number, use.start, use.end, use.whole) for use in result.references] == [(9, 0, 4, True)]


def test_a_reference_in_an_authors_link_is_found_by_its_address():
    _, result = scanned("[the ninth](https://fn.example/9), https://fn.example/10 and [FN 3](https://a.example).")
    assert [(use.found.number, use.href, use.segment) for use in result.references] == [
        (9, "https://fn.example/9", -1),
        (10, "https://fn.example/10", -1),
    ]


def test_a_reference_over_several_runs_of_text_is_found_but_not_linked():
    _, result = scanned("**FN** 9")
    assert [(use.found.number, use.whole) for use in result.references] == [(9, False)]


def test_contexts_are_the_sentences_of_mentions_that_can_be_links_one_for_each_section():
    _, result = scanned("See *Anvil* Pro. An Anvil Pro is heavy. Ore! An Anvil Pro.\n\n## Next\n\nThe Anvil Pro.")
    contexts = result.contexts[Kind.TOOL, "anvil"]
    assert [tuple(context) for context in contexts] == [
        ("", "", "See Anvil Pro. An Anvil Pro is heavy.", 18, 27),
        ("Next", "next", "The Anvil Pro.", 4, 13),
    ]


def test_an_empty_body_names_nothing():
    _, result = scanned("")
    assert (result.mentions, result.contexts, result.references) == ((), {}, ())

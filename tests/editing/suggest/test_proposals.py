"""Tests of proposals: their kinds, and the names that are never proposed."""

import pytest

from mlguide_site.model.records import Kind


def names(proposals) -> list[str]:
    return [proposal.name for proposal in proposals]


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ("We moved all jobs to DuckDB because it is fast.", "DuckDB", Kind.TOOL),
        ("They chose tools such as Dagster, Prefect and dbt for it.", "Dagster", Kind.TOOL),
        ("He wrote it with [Polars](https://pola.rs/) and the Polars library, then Polars again.", "Polars", Kind.TOOL),
        ("A change data capture (CDC) stream feeds it.", "change data capture", Kind.TERM),
        ("With CDC (change data capture) rows flow.", "change data capture", Kind.TERM),
        ("CDC: change data capture", "change data capture", Kind.TERM),
        ("We follow the MotherDuck newsletter, the MotherDuck videos too.", "MotherDuck", Kind.RESOURCE),
        ("Today we interview Barbara Liskov, a professor of engineering.", "Barbara Liskov", Kind.PERSON),
    ],
)
def test_a_name_is_proposed_as_what_it_is(suggest, body, name, kind):
    assert (name, kind) in [(proposal.name, proposal.kind) for proposal in suggest(body)]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("They saw [Loomia](https://loomia.example/).", True),
        ("They saw [Loomia](https://loomia.example/). Loomia is an open source framework.", True),
        # companies and events have home pages, too
        ("She is an engineer at [Loomia](https://loomia.example/).", False),
        ("They saw the Loomia talk at [Loomia](https://loomia.example/).", False),
        ("I think [Loomia](https://loomia.example/) is the small company behind it.", False),
        ("We use LoomQL database and LoomQL engine. LoomQL runs.", True),
        # here the name says what kind of database it is
        ("We use LoomQL databases, LoomQL frameworks and LoomQL services.", False),
        ("The Loomish database, the Loomish engine and the Loomish tool.", False),
        # an organisation's abbreviation has a home page, too
        ("They are members of [LOOM](https://loom.example/).", False),
        ("The LoomPodcast app and the [LoomPodcast](https://loompodcast.example/).", False),
    ],
)
def test_only_names_that_are_certainly_tools_are_accepted(suggest, text, sure):
    tools = [one.name for one in suggest(text, text) if one.sure and one.kind is Kind.TOOL]
    assert tools == ["LoomQL" if "LoomQL" in text else "Loomia"] * sure


@pytest.mark.parametrize(
    "body",
    [
        "# Big Plans For Everybody\n\nWe talk.",
        "In March we went to London with a German team from Google.",
        "`ProperlyNamed` and\n\n    AnotherName\n\nare code.",
        "The CEO, a PhD, was on TV at 9 AM with 4K and 200K viewers.",
        "Also read SOUL.md and main.rs for it.",
        "WE ALL SHOUT THESE WORDS VERY LOUD.",
        "Welcome back. Today was a good day. Yesterday too.",
        "Useful Links For All Of You: more.",
        "It is at https://example.org/CamelCase/OtherName",
    ],
)
def test_what_is_no_name_is_not_proposed(suggest, body):
    assert names(suggest(body)) == []


def test_spellings_of_one_name_are_one_proposal(suggest):
    found = suggest(
        "We use Scikit-Learn here.",
        "We use ScikitLearn here.",
        "We use Scikit-Learn's trees.",
        "Many AutoMLs, one AutoML.",
    )
    assert sorted(names(found)) == ["AutoML", "Scikit-Learn"]
    assert next(one for one in found if one.name == "Scikit-Learn").count == 3


def test_an_abbreviation_goes_with_what_it_stands_for(suggest):
    found = suggest("A write ahead log (WAL) keeps it.", "The WAL is long. The WAL grows.")
    assert names(found) == ["write ahead log"]
    assert found[0].abbreviations == ("WAL",)
    assert found[0].episodes == ("a-001", "a-002")


def test_a_place_is_told_by_line_and_column(suggest):
    (found,) = suggest("First a line.\n\nThen `DuckDB` as code,\nand DuckDB as text. And DuckDB again.")
    assert [(place.line, place.column) for place in found.places] == [(9, 5), (9, 25)]
    assert found.places[0].path == "episodes/a/a-001.md"
    assert found.places[0].sentence == "Then DuckDB as code, and DuckDB as text."
    assert found.count == 2


def test_what_the_knowledge_covers_is_not_proposed(suggest):
    body = "We use DuckDB, the DuckDB engine, DuckDBs and a write ahead log (WAL). See TensorBoard."
    tools = "duckdb: {name: DuckDB}\nb: {name: Board, aliases: [TensorBoard]}\n"
    assert names(suggest(body, tools=tools, glossary="wal: {term: write-ahead log}\n")) == []


def test_what_a_person_refused_is_not_proposed(suggest):
    assert names(suggest("We use DuckDB and PyArrow.", suggest="ignore: [duck db]\n")) == ["PyArrow"]


def test_more_evidence_ranks_higher(suggest):
    found = suggest("We use libraries like PyArrow and DuckDB.", "The DuckDB engine.", "With DuckDB it works.")
    assert names(found)[0] == "DuckDB"


def test_a_word_that_is_mostly_small_is_no_name(suggest):
    assert names(suggest("We filter. The filter runs, a Filter here.", "Another filter, filters.")) == []


def test_the_order_of_files_makes_no_difference(suggest, tmp_path):
    bodies = ["We use DuckDB, PyArrow and dbt.", "A write ahead log (WAL).", "PyArrow by Jane Roe."]
    first = suggest(*bodies)
    assert first == suggest(*bodies)


def test_a_long_hostile_text_takes_linear_time(suggest):
    body = ' "Ab Cd" book (AB) by X Y,' * 4000
    assert suggest(body) is not None


def test_capitals_of_a_language_that_raises_its_nouns_mean_nothing(suggest):
    body = (
        "Heute sprechen wir über die Geschichte der Eisenbahn. Der Leiter wollte eine Strecke nach dort bauen, "
        "und die Gruppe fand eine Lösung für das Problem mit den Schienen. Das Programm OpenRail half der Gruppe."
    )
    assert names(suggest(body, body.replace("Heute", "Morgen"))) == ["OpenRail"]


def test_a_link_to_its_home_page_shows_a_tool_in_such_a_language(suggest):
    body = (
        "Heute sprechen wir über die Geschichte der Eisenbahn. Der Leiter wollte eine Strecke nach dort bauen, "
        "und die Gruppe fand eine Lösung für das Problem mit den Schienen. Mit [Openrail](https://openrail.example/) "
        "fand die Gruppe den [Bahnhof](https://strecke.example/)."
    )
    assert names(suggest(body, body.replace("Heute", "Morgen"))) == ["Openrail"]

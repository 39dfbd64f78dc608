"""Tests of topics from tags: variants are joined, tags without a subject are left out, and accepting is repeatable."""

import pytest
import yaml

from mlguide_site.editing.suggest.drafts import add_entries, choose
from mlguide_site.editing.suggest.proposals import home_page, propose
from mlguide_site.errors import UsageError
from mlguide_site.model.records import Kind
from mlguide_site.pipeline import examine, inspect


def notes(*tags: str, body: str = "Text.", series: str = "a: {title: Warp and Weft, author: Jo Weaver}\n"):
    """Return a root with an episode for each text of tags, which are separated by commas."""
    texts = {"knowledge/series.yml": series}
    for number, text in enumerate(tags, 1):
        front = f"id: a-{number:03}\ntitle: One\ntags: {yaml.safe_dump(text.split(', '), default_flow_style=True)}"
        texts[f"episodes/a/a-{number:03}.md"] = f"---\n{front}\n---\n\n{body}\n"
    return texts


def proposed(root, least=None):
    return propose(examine(root, drafts=True, texts=True).linked, least)


def topics(root, least=None):
    return {one.name: len(one.episodes) for one in proposed(root, least) if one.kind is Kind.TOPIC}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["dye", "dyes"], {"Dye": 2}),
        (["Natural Dyes", "natural dye", "natural-dye"], {"Natural Dyes": 3}),
        (["hand weaving", "handweaving", "#HandWeaving", "hand_weaving"], {"Hand weaving": 4}),
        (["tapestry", "tapestry", "tapestyr", "tapesty"], {"Tapestry": 4}),
        (["colour theory", "colour theory", "color theory"], {"Colour theory": 3}),
        (["C", "C", "C++", "C++", "C#"], {"C++": 2}),
        (["web2 looms", "web2 looms", "web3 looms", "web3 looms"], {"Web2 looms": 2, "Web3 looms": 2}),
        (["dyeing", "dyeing", "eyeing", "eyeing"], {"Dyeing": 2, "Eyeing": 2}),
        (["social media", "Social Media"], {"Social Media": 2}),
        (["alone", "other"], {}),
        (["https://loom.example", "https://loom.example", "a@b.example", "a@b.example", "w" * 41, "w" * 41], {}),
    ],
)
def test_variants_of_a_tag_are_one_topic(write, tags, expected):
    assert topics(write(notes(*tags))) == expected


@pytest.mark.parametrize(
    "tag",
    [
        "Podcast",
        "the best podcast",
        "season 2",
        "2024",
        "Warp and Weft",
        "warp & weft show",
        "WAW",
        "jo weaver",
        "A",
        "Show notes",
        "Did you weave?",
    ],
)
def test_tags_without_a_subject_are_left_out(write, tag):
    assert topics(write(notes(tag, tag, "dye", "dye"))) == {"Dye": 2}


def test_a_person_is_no_topic(write):
    body = "Today with Nia Okello, who weaves, and with a loom of Nia Okello."
    tags = ["Nia Okello, Hand Loom, REST", "Nia Okello, Hand Loom, REST"]
    assert topics(write(notes(*tags, body=f"{body} The Hand Loom is by hand. Rest well, says Rest."))) == {
        "Hand Loom": 2,
        "REST": 2,
    }


def test_a_tag_of_most_episodes_says_nothing(write):
    assert topics(write(notes(*["weaving, dye"] * 3, *["weaving"] * 9))) == {"Dye": 3}


def test_similar_words_of_the_notes_are_two_topics(write):
    tags = ["banking", "banking", "banking", "baking", "baking"]
    assert topics(write(notes(*tags))) == {"Banking": 5}
    assert topics(write(notes(*tags, body="We talk about banking and baking."))) == {"Baking": 2, "Banking": 3}


def test_a_topic_has_the_spelling_of_the_notes(write):
    body = "We asked Jenkins, and later Jenkins. We use the DevOps of a write ahead log (WAL)."
    found = topics(write(notes("jenkin, devops, wal", "jenkin, devops", "Jenkins, write ahead log", body=body)))
    assert found == {"Jenkins": 3, "DevOps": 2, "Write ahead log": 2}


def test_a_tag_that_names_a_tool_becomes_a_tool(write):
    body = "We use [LoomDB](https://www.loomdb.example/docs?x=1).\n\nThe LoomDB database runs."
    root = write(notes("LoomDB, dye", "loomdb, dye", body=body))
    found = {one.name: one for one in proposed(root)}
    assert {name: (one.kind, one.sure) for name, one in found.items()} == {
        "Dye": (Kind.TOPIC, True),
        "LoomDB": (Kind.TOOL, True),
    }
    add_entries(root, [found["LoomDB"]], is_draft=False)
    assert yaml.safe_load((root / "knowledge/tools.yml").read_text()) == {
        "loomdb": {"name": "LoomDB", "homepage": "https://www.loomdb.example/", "category": "Databases"}
    }


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("Go", "https://www.go.dev/doc?x", "https://www.go.dev/"),
        ("Go", "https://google.com/", ""),
        ("Sprig", "https://a.example/sprig", ""),
        ("Node.js", "https://github.com/nodejs/node.js/wiki", "https://github.com/nodejs/node.js"),
        ("Docs", "https://github.com/docs", ""),
        ("Apache Ox", "http://ox.apache.org", "http://ox.apache.org/"),
    ],
)
def test_a_home_page_has_the_name_of_the_tool(name, address, expected):
    assert home_page(name, ["https://other.example/", address]) == expected


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Ann Archer", "annarcher.example"),
        ("WeaveConf", "weaveconf.example"),
        ("Weavers.example", "weavers.example"),
    ],
)
def test_a_person_an_event_or_a_site_with_a_home_page_is_no_sure_tool(write, name, address):
    root = write(notes("dye", "dye", body=f"We met [{name}](https://{address}/) there."))
    assert [one.name for one in proposed(root) if one.sure] == ["Dye"]


def test_accepting_all_twice_changes_nothing_more(write):
    root = write(
        {
            **notes(*(f"subject {number}, topic x{number % 120}" for number in range(360))),
            "knowledge/topics.yml": "# mine\nzulu: {name: Zulu}  # kept\n",
        }
    )
    first = [one for one in proposed(root) if one.sure]
    assert len(first) == 100
    add_entries(root, first, is_draft=False)
    text = (root / "knowledge/topics.yml").read_text()
    assert text.startswith("# mine\n") and "zulu: {name: Zulu}  # kept\n" in text and "status" not in text
    assert proposed(root) == ()
    assert [str(problem) for problem in inspect(root) if problem.severity == "error"] == []


def test_names_that_only_drafts_mention_become_drafts(write):
    body = "We use [LoomDB](https://www.loomdb.example/)."
    texts = notes("dye, wool", "dye, wool", "dye", body=body)
    for path in ("episodes/a/a-001.md", "episodes/a/a-002.md"):
        texts[path] = texts[path].replace("title:", "status: draft\ntitle:")
    texts["episodes/a/a-003.md"] = texts["episodes/a/a-003.md"].replace(body, "Text.")
    root = write(texts)
    add_entries(root, proposed(root), is_draft=False)
    entries = yaml.safe_load("".join((root / f"knowledge/{name}.yml").read_text() for name in ("topics", "tools")))
    status = {slug: entry.get("status") for slug, entry in entries.items()}
    assert status == {"dye": None, "wool": "draft", "loomdb": "draft"}


def test_the_fewest_episodes_can_be_set(write):
    root = write(notes(*["dye, wool"] * 3, *["wool"] * 2, "silk"))
    assert topics(root, 4) == {"Wool": 5}
    assert topics(root, 1) == {"Wool": 5, "Dye": 3, "Silk": 1}


def test_rejected_and_known_names_are_not_proposed(write):
    known = {"knowledge/suggest.yml": "ignore: [Dyes]\n", "knowledge/glossary.yml": "w: {term: wool}\n"}
    assert topics(write({**notes("dye, wool, silk", "dye, Wools, silk"), **known})) == {"Silk": 2}


def test_proposals_are_chosen_by_number_or_name(write):
    found = proposed(write(notes(*["dye, dyestuff"] * 2, "dyestuff")))
    assert [one.name for one in choose(found, ["2", "Dyestuffs"])] == ["Dye", "Dyestuff"]
    with pytest.raises(UsageError, match='no proposal "dyestufe"; did you mean "Dyestuff"'):
        choose(found, ["dyestufe"])
    with pytest.raises(UsageError, match='no proposal "0"; '):
        choose(found, ["0"])


def test_an_app_made_with_a_tool_is_no_category_of_the_tool(write):
    root = write(notes("a", "b", body="We like LoomJS apps. We built a LoomJS app, and the LoomJS framework runs it."))
    assert [(one.name, one.category) for one in proposed(root)] == [("LoomJS", "Frameworks")]


def test_only_the_most_frequent_tags_are_examined(write, monkeypatch):
    monkeypatch.setattr("mlguide_site.editing.suggest.topics.MAX_TAGS", 1)
    assert topics(write(notes("twill, felt", "twill, felt", "felt"))) == {"Felt": 3}

"""Sites with several series, and series whose lists start with the latest episode."""

import json

import pytest

from conftest import CHECKOUT
from mlguide_site.content.resources import read_wording
from mlguide_site.publish.machine_files import site_files
from pages.builder import make, note, render

NEWS = {"title": "Harbour Wire", "order": "newest"}
SERIAL = {"title": "The Lantern Year", "order": "oldest"}
COURSE = {"title": "Practical Soldering", "kind": "course", "order": "newest"}


def notes(series: str, count: int, year: int = 2024, **fields: object) -> list[tuple[str, bytes]]:
    return [note(f"{series}-{at:03}", date=f"{year}-01-{at:02}", **fields) for at in range(1, count + 1)]


def titles(cards) -> list[str]:
    return [card.title.removeprefix("About ") for card in cards]


def test_a_news_show_starts_with_its_latest_episode_and_has_no_path():
    base = make({"series": {"wire": NEWS}}, [*notes("wire", 2, 2023), *notes("wire", 0)])
    assert base.site.path == ()
    texts = render(base)
    assert "Start with the latest: “About wire-002”" in texts["index.md"]
    assert "path/" not in texts["index.md"]
    assert "Start here" not in texts["index.md"]
    assert "mg-progress--home" not in texts["index.md"]


@pytest.mark.parametrize(
    ("fields", "is_on_path"),
    [
        (NEWS, False),
        (NEWS | {"path": True}, True),
        (NEWS | {"kind": "course"}, True),
        (SERIAL, True),
        (SERIAL | {"path": False}, False),
        ({"title": "Plain"}, True),
        ({"title": "Plain", "path": False}, False),
    ],
)
def test_series_on_the_path(fields, is_on_path):
    base = make({"series": {"s": fields}}, notes("s", 2))
    assert base.site.path == (("s-001", "s-002") if is_on_path else ())
    assert ("path/index.md" in render(base)["index.md"] or 'href="./path/"' in render(base)["index.md"]) == is_on_path


def test_prerequisites_put_a_news_show_on_the_path():
    linked = [note("wire-001"), note("wire-002", requires=["lantern-001"]), note("lantern-001"), note("solder-001")]
    base = make({"series": {"wire": NEWS, "lantern": NEWS | {"title": "L"}, "solder": NEWS | {"title": "S"}}}, linked)
    assert set(base.site.path) == {"wire-001", "wire-002", "lantern-001"}


def test_lists_follow_the_order_but_neighbours_follow_time():
    dated = [note("wire-001", date="2022-05-01"), *notes("wire", 3, 2023)[1:]]
    base = make({"series": {"wire": NEWS}}, dated)
    view = base.views["episodes/wire/index.md"]
    assert [(year.title, titles(year.cards)) for year in view.years] == [
        ("2023", ["wire-003", "wire-002"]),
        ("2022", ["wire-001"]),
    ]
    assert [jump.title for jump in view.jumps] == ["2023", "2022"]
    page = base.views["episodes/wire/wire-002.md"]
    assert (page.previous.title, page.next.title) == ("About wire-001", "About wire-003")


def test_a_number_as_the_order_is_the_position():
    base = make({"series": {"a": {"title": "A", "order": 2}, "b": {"title": "B", "position": 1}}})
    assert list(base.linked.catalog.series) == ["b", "a"]


def test_the_newest_episodes_of_series_begin_with_the_latest():
    base = make({"series": {"wire": NEWS, "lantern": SERIAL}}, [*notes("wire", 3, 2023), *notes("lantern", 1, 2024)])
    later = note("wire-004", date="2025-01-01")
    assert [*base.site.newest.values()] == ["lantern-001", "wire-003"]
    more = make({"series": {"wire": NEWS, "lantern": SERIAL}}, [*notes("wire", 3, 2023), later, *notes("lantern", 1)])
    assert [*more.site.newest.values()] == ["wire-004", "lantern-001"]


def test_home_lists_every_series():
    base = make(
        {"series": {"lantern": SERIAL, "solder": COURSE, "wire": NEWS, "void": {"title": "A Void"}}},
        [*notes("wire", 3), *notes("lantern", 2), note("solder-001")],
    )
    home = base.views["index.md"]
    assert [(card.series.title, card.episodes, card.newest and card.newest.title) for card in home.shows] == [
        ("Harbour Wire", 3, "About wire-003"),
        ("Practical Soldering", 1, None),
        ("The Lantern Year", 2, "About lantern-002"),
        ("A Void", 0, None),
    ]
    text = render(base)["index.md"]
    assert "3 episodes" in text and "Latest:" not in text.partition("s.shows")[2]
    assert make({"series": {"wire": NEWS}}, notes("wire", 2)).views["index.md"].shows == ()


def test_short_names_say_whose_episode_it_is():
    long = {"title": "The Practical Guide to Soldering at Home", "kind": "course"}
    base = make(
        {
            "series": {
                "wire": NEWS,
                "mlg": {"title": "Machines", "prefix": "MLG"},
                "home": long,
                "s": {"title": "Sun", "prefix": "SU"},
            }
        },
        [note("wire-600", "As in MLG 7."), note("mlg-007"), note("home-001"), note("s-s2-003")],
    )
    assert {id: card.label for id, card in base.site.cards.items()} == {
        "wire-600": "Harbour Wire · Episode 600",
        "mlg-007": "MLG 007",
        "home-001": "The Practical Guide to… · Session 1",
        "s-s2-003": "SU · Season 2, episode 3",
    }
    (year,) = base.views["episodes/wire/index.md"].years
    assert [card.label for card in year.cards] == ["Episode 600"]
    assert make({"series": {"wire": NEWS}}, notes("wire", 1)).site.cards["wire-001"].label == "Episode 1"


def test_series_with_the_same_title_keep_it_in_short_names():
    base = make({"series": {"ash": NEWS, "elm": {**NEWS}}}, [note("ash-001"), note("elm-001")])
    assert {card.label for card in base.site.cards.values()} == {"Harbour Wire · Episode 1"}


def test_topics_that_share_no_episodes_make_no_graph():
    topics = {f"t{at}": {"name": f"Topic {at}"} for at in range(3)}
    apart = [note(f"s-{at:03}", topics=[f"t{at % 3}"]) for at in range(1, 90)]
    texts = render(make({"series": {"s": {"title": "S"}}, "topics": topics}, apart))
    assert [path for path, text in texts.items() if './graph/"' in text or '"../graph/"' in text] == []
    assert "The graph is empty" in texts["graph/index.md"]
    together = [note(f"s-{at:03}", topics=["t0", "t1"]) for at in (90, 91)]
    texts = render(make({"series": {"s": {"title": "S"}}, "topics": topics}, [*apart, *together]))
    assert 'href="./graph/"' in texts["index.md"]
    assert "<svg" in texts["graph/index.md"]


def test_the_heading_of_several_series_is_a_plural():
    knowledge = {"series": {"wire": NEWS, "lantern": SERIAL}}
    base = make(knowledge, [*notes("wire", 1), *notes("lantern", 1)], wording=read_wording(CHECKOUT, "de"))
    assert '<h2 id="s.shows">Reihen</h2>' in render(base)["index.md"]


@pytest.mark.parametrize(
    ("feed", "shown"),
    [("https://ida:hunter2@a.example/f.xml", True), ("https://a.example/f.xml?token=hunter2", False)],
)
def test_no_page_shows_the_password_or_key_of_a_feed(feed: str, shown: bool):
    pages = render(make({"series": {"a": {"title": "A", "feed": feed}}}, notes("a", 2)))
    assert not any("hunter2" in text for text in pages.values())
    assert ("https://a.example/f.xml" in pages["episodes/a/index.md"]) is shown


def test_a_note_without_a_number_shows_its_series_in_lists_but_not_in_place_of_its_title():
    notes = [note(f"{name}-lab-{n}", title=f"Lab {n}") for name in ("a", "b") for n in (1, 2)]
    base = make({"series": {"a": {"title": "Course A"}, "b": {"title": "Course B"}}}, notes)
    assert [base.site.cards[id].label for id in ("a-lab-1", "b-lab-1")] == ["Course A", "Course B"]
    page = render(base)["episodes/a/a-lab-1.md"]
    assert "<span>Next in Course A</span>Lab 2</a>" in page and 'description: "Lab 1 · Course A"' in page
    assert "Number</dt>" not in page and '<dd data-pagefind-filter="series">Course A</dd>' in page
    steps = json.loads(site_files(base.linked, base.settings)["path/steps.json"]())
    assert [step[1:3] for step in steps] == [["", "Lab 1"], ["", "Lab 2"]] * 2

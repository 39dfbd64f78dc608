"""Tests of a feed that changes over months: its length, guids, titles and order. No episode is lost or duplicated."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import everything
from mlguide_site.editing.renaming import rename
from mlguide_site.errors import Severity
from mlguide_site.merge.report import ImportReport, report_lines, report_values
from mlguide_site.merge.run import run_import
from mlguide_site.pipeline import inspect

DAYS = "02 Jan 2023,09 Jan 2023,16 Jan 2023,23 Jan 2023,30 Jan 2023,06 Feb 2023,13 Feb 2023,20 Feb 2023".split(",")
SUBJECTS = "Planes,Rasps,Saws,Chisels,Gouges,Mallets,Clamps,Glue".split(",")


class Entry(NamedTuple):
    """The current content of an item in the feed."""

    at: int
    guid: str
    title: str
    notes: str
    sound: str


def first(at: int) -> Entry:
    name = SUBJECTS[at]
    return Entry(at, f"g{at}", name, f"All that there is to say of {name.lower()}, number {at}.", f"{name.lower()}.mp3")


def item(entry: Entry) -> str:
    fields = [
        f"<title>{entry.title}</title>",
        f"<guid isPermaLink='false'>{entry.guid}</guid>" if entry.guid else "<guid/>",
        f"<pubDate>Mon, {DAYS[entry.at]} 06:00:00 GMT</pubDate>",
        f"<description>{entry.notes}</description>",
        f"<enclosure url='https://cdn.example/{entry.sound}' type='audio/mpeg' length='9'/>" if entry.sound else "",
    ]
    return f"<item>{''.join(fields)}</item>"


def feed(items: Sequence[Entry]) -> str:
    head = "<rss version='2.0'><channel><title>Wood and Glue</title><link>https://wood.example/</link>"
    return f"{head}{''.join(map(item, items))}</channel></rss>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text("site_name: KB\ndocs_dir: build/pages\nplugins:\n  - mlguide:\n", "utf-8")
    return folder


def take(root: Path, items: Sequence[Entry]) -> ImportReport:
    source = root.parent / "feed.xml"
    source.write_text(feed(items), "utf-8")
    return run_import(root, [str(source)])


def notes(root: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted(root.glob("episodes/*/*.md"))}


def test_a_feed_that_shrinks_loses_nothing_and_says_so(root: Path) -> None:
    take(root, [first(at) for at in range(6)])
    before = notes(root)
    report = take(root, [first(at) for at in (4, 5, 6)])
    assert {id: text for id, text in notes(root).items() if id in before} == before
    assert report.new == ("wood-and-glue-clamps",)
    assert report.absent == tuple(f"wood-and-glue-{SUBJECTS[at].lower()}" for at in (3, 0, 1, 2))
    [problem] = report.problems
    assert "4 episodes disappeared from the feed: wood-and-glue-chisels" in str(problem)
    assert report_values(report)["absent"] == list(report.absent)
    assert take(root, [first(at) for at in range(7)]).absent == ()


def test_titles_keep_a_number_that_their_ids_lack(root: Path) -> None:
    titles = ["Planes", "Rasps", "Saws", "Chisels", "Episode 5: Gouges", "Episode 6: Mallets"]
    items = [first(at)._replace(title=title) for at, title in enumerate(titles)]
    take(root, items)
    before = notes(root)
    assert "title: 'Episode 5: Gouges'" in before["wood-and-glue-episode-5-gouges"].replace('"', "'")
    edited = root / "episodes/wood-and-glue/wood-and-glue-episode-6-mallets.md"
    edited.write_text(edited.read_text("utf-8").replace("Episode 6: Mallets", "Big mallets"), "utf-8")
    # from now on, most titles have numbers
    later = [first(at)._replace(title=f"Episode {at + 1}: {SUBJECTS[at]}") for at in (6, 7)]
    report = take(root, [*items[4:], *later])
    assert report.conflicts == () and set(report.new) == {"wood-and-glue-007", "wood-and-glue-008"}
    after = notes(root)
    assert after["wood-and-glue-episode-5-gouges"] == before["wood-and-glue-episode-5-gouges"]
    assert "Big mallets" in after["wood-and-glue-episode-6-mallets"]


def test_of_two_items_with_a_number_the_second_keeps_it_in_its_title(root: Path) -> None:
    titles = ["Episode 1: Planes", "Episode 2: Rasps", "Episode 3: Saws", "Lesson 3 from a failed saw"]
    items = [first(at)._replace(title=title) for at, title in enumerate(titles)]
    report = take(root, items)
    assert "wood-and-glue-003" in report.new and len(report.new) == 4
    [other] = [text for text in notes(root).values() if "failed saw" in text]
    assert "title: Lesson 3 from a failed saw" in other
    before = notes(root)
    take(root, items)
    assert notes(root) == before
    items[3] = items[3]._replace(title="Lesson 3 from two failed saws")
    take(root, items)
    assert any("title: Lesson 3 from two failed saws" in text for text in notes(root).values())


def test_a_title_with_two_numbers_keeps_the_number_of_its_correction(root: Path) -> None:
    titles = ["Episode 1-2: Planes", "Episode 3: Rasps", "Episode 4: Saws"]
    items = [first(at)._replace(title=title) for at, title in enumerate(titles)]
    take(root, items)
    items[0] = items[0]._replace(title="Episode 1: One plane")
    for _ in range(2):
        take(root, items)
        assert "title: 'Episode 1: One plane'" in notes(root)["wood-and-glue-episode-1-2-planes"].replace('"', "'")


def test_new_numbers_of_a_feed_are_reported_once(root: Path) -> None:
    items = [first(at)._replace(title=f"Episode {at + 1}: {SUBJECTS[at]}") for at in range(3)]
    take(root, items)
    before = notes(root)
    items = [one._replace(title=f"Episode {one.at + 2}: {SUBJECTS[one.at]}") for one in items]
    [problem] = take(root, items).problems
    assert problem.severity is Severity.HINT and "mlguide rename OLD NEW" in problem.remedy
    assert problem.message == (
        "the feed has other numbers than the ids of 3 episodes: wood-and-glue-001 (now 2), wood-and-glue-002 (now 3),"
        " wood-and-glue-003 (now 4)"
    )
    assert take(root, items).problems == () and notes(root) == before
    rename(root, "wood-and-glue-003", "wood-and-glue-004")
    items[0] = items[0]._replace(title=f"Episode 9: {SUBJECTS[0]}")
    [problem] = take(root, items).problems
    assert problem.message.endswith("of 1 episode: wood-and-glue-001 (now 9)")


def test_the_title_that_an_owner_numbers_after_a_new_name_is_no_conflict(root: Path) -> None:
    items = [first(at)._replace(title=f"Episode {at + 1}: {SUBJECTS[at]}") for at in range(3)]
    take(root, items)
    rename(root, "wood-and-glue-001", "wood-and-glue-tools")
    note = root / "episodes/wood-and-glue/wood-and-glue-tools.md"
    note.write_text(
        note.read_text("utf-8").replace(f"title: {SUBJECTS[0]}", f'title: "#1 {SUBJECTS[0]} and more"'), "utf-8"
    )
    before = notes(root)
    assert "#1" in before["wood-and-glue-tools"]
    report = take(root, items)
    assert report.conflicts == () and notes(root) == before


def test_of_two_feeds_in_one_series_each_has_its_own_episodes(root: Path) -> None:
    sources = {}
    for title, shown in (("Wood", (0, 1, 2)), ("Glue", (3, 4))):
        sources[title] = root.parent / f"{title}.xml"
        text = feed([first(at) for at in shown]).replace("<title>Wood and Glue<", f"<title>{title}<")
        assert f"<title>{title}<" in text
        sources[title].write_text(text, "utf-8")
        assert run_import(root, [str(sources[title])], series="wood").absent == ()
    for source in sources.values():
        assert run_import(root, [str(source)], series="wood").absent == ()
    fewer = feed([first(0)]).replace("<title>Wood and Glue<", "<title>Wood<")
    sources["Wood"].write_text(fewer, "utf-8")
    report = run_import(root, [str(path) for path in sources.values()], series="wood")
    assert report.absent == ("wood-rasps", "wood-saws")
    assert ["Wood.xml:1:1" in str(problem) for problem in report.problems] == [True]


def test_a_feed_without_items_changes_nothing_and_is_reported(root: Path) -> None:
    new = take(root, [first(0)]).new
    before = everything(root)
    report = take(root, [])
    assert everything(root) == before
    assert report.absent == new
    assert any("contains no episode" in problem.message for problem in report.problems)


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry._replace(guid=f"new-{entry.at}"),
        lambda entry: entry._replace(guid=""),
        lambda entry: entry._replace(guid="same"),
        lambda entry: entry._replace(title=f"{entry.title} again"),
        lambda entry: entry._replace(sound=f"moved/{entry.sound}"),
        lambda entry: entry._replace(guid=f"new-{entry.at}", sound=f"moved/{entry.sound}"),
        lambda entry: entry._replace(guid=f"new-{entry.at}", title=f"{entry.title}: the whole story"),
        lambda entry: entry._replace(title=f"{entry.title} again", sound=f"moved/{entry.sound}"),
    ],
    ids="guid no-guid one-guid title sound guid-sound guid-title title-sound".split(),
)
def test_what_changes_in_every_item_doubles_none(root: Path, change) -> None:
    entries = [first(at) for at in range(5)]
    take(root, entries)
    before = set(notes(root))
    report = take(root, [change(one) for one in reversed(entries)])
    assert set(notes(root)) == before and report.new == () and report.absent == ()
    assert take(root, [change(one) for one in entries]).writes == ()


def test_the_order_of_items_makes_no_difference(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "kb"
    (other / "knowledge").mkdir(parents=True)
    (other / "mkdocs.yml").write_text("site_name: KB\n", "utf-8")
    entries = [first(at) for at in range(6)]
    take(root, entries)
    take(other, [entries[at] for at in (3, 0, 5, 1, 4, 2)])
    assert notes(root) == notes(other)


def test_what_a_person_wrote_stays_through_every_change(root: Path) -> None:
    take(root, [first(at) for at in range(3)])
    path = root / "episodes/wood-and-glue/wood-and-glue-rasps.md"
    path.write_text(path.read_text("utf-8").replace("title: Rasps", "title: Rasps and files") + "\nOur own line.\n")
    take(root, [first(at)._replace(title="Rasps, told anew", guid=f"n{at}") for at in (1,)])
    text = path.read_text("utf-8")
    assert "title: Rasps and files" in text and "Our own line." in text and "guid: n1" in text


def test_a_show_that_moves_and_is_renamed_is_known_by_its_guid(root: Path) -> None:
    source = root.parent / "feed.xml"
    guid = "<podcast:guid>917393E3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>"
    text = feed([first(0), first(1)]).replace("<link>", f"{guid}<link>")
    source.write_text(text, "utf-8")
    run_import(root, [str(source)])
    moved = feed([first(2)]).replace("<link>", f"{guid.casefold()}<link>")
    source.write_text(moved.replace("Wood and Glue", "Sawdust").replace("wood.example", "dust.example"), "utf-8")
    report = run_import(root, [str(source)])
    assert report.new == ("wood-and-glue-saws",) and report.new_series == ()


def test_two_shows_that_count_their_items_alike_stay_two(root: Path) -> None:
    source = root.parent / "feed.xml"
    for show, sound in (("Wood and Glue", "w"), ("Metal", "m")):
        entries = [first(0)._replace(guid="1", title=f"Of {show}", notes=f"About {show} alone.", sound=f"{sound}.mp3")]
        source.write_text(feed(entries).replace("Wood and Glue</title>", f"{show}</title>"), "utf-8")
        assert len(run_import(root, [str(source)]).new) == 1


def test_items_that_say_nothing_are_left_out_and_told(root: Path) -> None:
    source = root.parent / "feed.xml"
    empty = "<item/><item><guid/><title> </title><description><![CDATA[<p> </p>]]></description></item>"
    source.write_text(feed([first(0)]).replace("</channel>", f"{empty}</channel>"), "utf-8")
    report = run_import(root, [str(source)])
    assert report.new == ("wood-and-glue-planes",)
    assert ["an empty item is left out" in problem.message for problem in report.problems] == [True]
    assert run_import(root, [str(source)]).writes == ()


def test_items_with_a_title_or_notes_alone_stay_one_each(root: Path) -> None:
    source = root.parent / "feed.xml"
    bare = "<item><title>Only a title</title></item><item><description>Only some notes.</description></item>"
    source.write_text(feed([]).replace("</channel>", f"{bare}</channel>"), "utf-8")
    assert len(run_import(root, [str(source)]).new) == 2
    again = run_import(root, [str(source)])
    assert again.new == () and again.writes == ()


CHANGES = st.sampled_from(["guid", "title", "sound", "notes"])
ROUNDS = st.lists(
    st.tuples(st.permutations(range(8)), st.integers(1, 8), st.dictionaries(st.integers(0, 7), CHANGES, max_size=4)),
    min_size=2,
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=ROUNDS)
def test_rounds_of_any_changes_double_and_lose_none(tmp_path_factory: pytest.TempPathFactory, rounds) -> None:
    """Check random changes of a feed. At most one field of an item changes at a time, so the item stays the same
    episode."""
    folder = tmp_path_factory.mktemp("rounds") / "kb"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text("site_name: KB\ndocs_dir: build/pages\nplugins:\n  - mlguide:\n", "utf-8")
    entries = [first(at) for at in range(8)]
    once: set[int] = set()
    for number, (order, size, changes) in enumerate(rounds):
        shown = list(order[:size])
        for at, change in changes.items():
            if at in shown:
                entries[at] = entries[at]._replace(
                    **{change: f"{getattr(entries[at], change)} {number}".replace(" ", "-")}
                )
        once |= set(shown)
        report = take(folder, [entries[at] for at in shown])
        assert len(notes(folder)) == len(once)
        assert len(report.absent) == len(once - set(shown))
        assert take(folder, [entries[at] for at in shown]).writes == ()
    assert not [problem for problem in inspect(folder) if problem.severity == "error"]
    assert report_lines(report)

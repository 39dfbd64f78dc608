"""Tests of files beside notes: they are matched to episodes, and files by people are never overwritten."""

from json import loads
from pathlib import Path
from unittest.mock import patch

import pytest

from mlguide_site.editing.renaming import rename
from mlguide_site.errors import ContentError, UsageError
from mlguide_site.importers import FileDraft, Source
from mlguide_site.merge.match_episodes import Known, known_episode
from mlguide_site.merge.records import FILES_PATH, load_record
from mlguide_site.merge.run import find_episode, run_import


def episode(id: str, series: str, title: str, season: int | None = None) -> Known:
    return known_episode(id, series, {"title": title, "season": season}, frozenset())


EPISODES = (
    episode("mla-001", "mla", "Docker for everyone"),
    episode("mla-002", "mla", "Pandas and other animals"),
    episode("mlg-001", "mlg", "What learning is"),
    episode("mlg-trailer", "mlg", "Trailer"),
    episode("show-s2-001", "show", "Second start"),
    episode("folge-005", "folge", "Anfang", 1),
    episode("folge-s2-005", "folge", "Neu", 2),
    episode("folge-009", "folge", "Ende", 1),
    episode("plain-004", "plain", "Four"),
)


@pytest.mark.parametrize(
    ("draft", "id"),
    [
        (FileDraft(".vtt", b"", "mla", 2), "mla-002"),
        (FileDraft(".vtt", b"", "", 2), "mla-002"),
        (FileDraft(".vtt", b"", "", 1), None),
        (FileDraft(".vtt", b"", "", 1, None, "what learning is"), "mlg-001"),
        (FileDraft(".vtt", b"", "", 1, 2), "show-s2-001"),
        (FileDraft(".vtt", b"", "mla", 9), None),
        (FileDraft(".vtt", b"", "folge", 5, 1), "folge-005"),
        (FileDraft(".vtt", b"", "folge", 5, 2), "folge-s2-005"),
        (FileDraft(".vtt", b"", "folge", 5), "folge-005"),
        (FileDraft(".vtt", b"", "folge", 9, 2), None),
        (FileDraft(".vtt", b"", "plain", 4, 3), "plain-004"),
        (FileDraft(".vtt", b"", "", None, None, "mlg trailer"), "mlg-trailer"),
        (FileDraft(".vtt", b"", "", None, None, "Pandas & other animals"), None),
        (FileDraft(".vtt", b"", "", None, None, "pandas_and_Other animals"), "mla-002"),
        (FileDraft(".vtt", b"", "", None, None, "Doors"), None),
        (FileDraft(".vtt", b"", "", None, None, ""), None),
    ],
)
def test_an_episode_is_found_by_number_or_title(draft: FileDraft, id: str | None) -> None:
    found = find_episode(draft, EPISODES)
    assert (found.id if found else None) == id


def test_chapters_of_a_feed_with_one_season_stand_beside_its_episodes(root: Path) -> None:
    feed = root.parent / "feed.xml"
    feed.write_text(
        '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:psc="http://podlove.org/simple-chapters">'
        "<channel><title>Folge</title><item><title>Anfang</title><guid>1</guid><pubDate>Mon, 01 Jan 2024 08:00:00 GMT"
        "</pubDate><itunes:season>1</itunes:season><itunes:episode>1</itunes:episode><psc:chapters>"
        '<psc:chapter start="0:00" title="Los"/></psc:chapters></item></channel></rss>',
        "utf-8",
    )
    report = run_import(root, [str(feed)])
    assert report.assets == ("episodes/folge/folge-001.chapters.json",)
    assert run_import(root, [str(feed)]).writes == ()


NOTE = "---\nid: {id}\ntitle: {title}\n---\n\nText\n"
SAID = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "knowledge" / "series.yml").write_text("mla:\n  title: Applied\n", "utf-8")
    (folder / "episodes" / "mla").mkdir(parents=True)
    for id, title in (("mla-001", "Docker"), ("mla-002", "Pandas")):
        (folder / "episodes" / "mla" / f"{id}.md").write_text(NOTE.format(id=id, title=title), "utf-8")
    return folder


def source(root: Path, name: str, words: str) -> str:
    path = root.parent / name
    path.write_text(SAID.format(words), "utf-8")
    return str(path)


def test_a_title_that_begins_with_a_number_names_its_own_episode(root: Path) -> None:
    folder = root / "episodes" / "mla"
    (folder / "mla-2-angry-pandas.md").write_text(NOTE.format(id="mla-2-angry-pandas", title="2 Angry Pandas"), "utf-8")
    for name in ("mla-2-angry-pandas.vtt", "2 Angry Pandas.vtt"):
        assert run_import(root, [source(root, name, name)]).assets == ("episodes/mla/mla-2-angry-pandas.vtt",)
    assert not (folder / "mla-002.vtt").exists()


def test_a_transcript_follows_its_source_until_somebody_edits_it(root: Path) -> None:
    target = root / "episodes" / "mla" / "mla-001.vtt"
    first = run_import(root, [source(root, "MLA 1.vtt", "one")])
    assert first.assets == ("episodes/mla/mla-001.vtt",)
    assert target.read_text("utf-8") == SAID.format("one")
    assert run_import(root, [source(root, "MLA 1.vtt", "one")]).writes == ()
    # as Git writes it on Windows
    target.write_bytes(SAID.format("one").replace("\n", "\r\n").encode())
    run_import(root, [source(root, "MLA 1.vtt", "two")])
    assert target.read_text("utf-8") == SAID.format("two")
    target.write_text(SAID.format("mine"), "utf-8")
    kept = run_import(root, [source(root, "MLA 1.vtt", "three")])
    assert kept.writes == ()
    assert "written by hand" in kept.problems[0].message
    assert target.read_text("utf-8") == SAID.format("mine")
    target.unlink()
    gone = run_import(root, [source(root, "MLA 1.vtt", "three")])
    assert gone.writes == ()
    assert "deleted by hand" in gone.problems[0].message


def test_what_a_person_put_there_first_stays(root: Path) -> None:
    target = root / "episodes" / "mla" / "mla-002.vtt"
    target.write_text("mine", "utf-8")
    report = run_import(root, [source(root, "Pandas.vtt", "theirs")])
    assert (report.writes, target.read_text("utf-8")) == ((), "mine")


def test_the_order_of_sources_makes_no_difference(root: Path) -> None:
    sources = [source(root, "mla-001.vtt", "a"), source(root, "Docker.vtt", "b"), source(root, "2.srt", "c")]
    reports = [run_import(root, order, dry_run=True) for order in (sources, sources[::-1])]
    assert reports[0].writes == reports[1].writes
    assert sum("another source" in problem.message for problem in reports[0].problems) == 1


def test_an_episode_may_be_named(root: Path) -> None:
    report = run_import(root, [source(root, "talk.vtt", "a")], episode="mla-002")
    assert report.assets == ("episodes/mla/mla-002.vtt",)
    with pytest.raises(UsageError, match=r'there is no episode "mla-009"; did you mean "mla-00\d"'):
        run_import(root, [source(root, "talk.vtt", "a")], episode="mla-009")
    with pytest.raises(UsageError):
        run_import(root, [source(root, "talk.vtt", "a")], episode="../x")


def test_a_former_id_of_an_episode_leads_to_its_new_id(root: Path) -> None:
    note = root / "episodes" / "mla" / "mla-002.md"
    note.write_text(note.read_text("utf-8").replace("---\n", "---\nformer: [mla-009]\n", 1), "utf-8")
    with pytest.raises(UsageError, match='there is no episode "mla-009"; its id is now "mla-002"'):
        run_import(root, [source(root, "talk.vtt", "a")], episode="mla-009")


def test_notes_and_transcripts_come_together(root: Path, feed: Path) -> None:
    chapters = root.parent / "Under the harbour.json"
    chapters.write_text('{"chapters": [{"startTime": 0, "title": "In"}]}', "utf-8")
    report = run_import(root, [str(chapters), str(feed)])
    assert report.assets == ("episodes/bridges-and-tunnels/bridges-and-tunnels-002.chapters.json",)
    assert run_import(root, [str(feed), str(chapters)]).writes == ()


def test_a_damaged_record_is_reported() -> None:
    with pytest.raises(ContentError, match="not an import record"):
        load_record(b"[]", FILES_PATH)
    with pytest.raises(ContentError) as raised:
        load_record(b"{\n<<<<<<< HEAD\n}", FILES_PATH)
    assert f"git checkout --ours {FILES_PATH}" in str(raised.value)


FEED = """<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:psc="http://podlove.org/simple-chapters">
<channel><title>Applied</title>
<item><title>Docker</title><guid>g1</guid><itunes:episode>1</itunes:episode>
<pubDate>Mon, 03 Jun 2024 08:00:00 GMT</pubDate>
<psc:chapters><psc:chapter start="1" title="{title}"/></psc:chapters><description>Words.</description></item>
<item><title>Soon</title><guid>g2</guid><itunes:episodeType>trailer</itunes:episodeType>
<pubDate>Mon, 03 Jun 2024 08:00:00 GMT</pubDate><psc:chapters><psc:chapter start="2" title="All"/></psc:chapters></item>
</channel></rss>"""


def test_chapters_of_a_feed_stand_beside_its_episodes_whatever_is_chosen(root: Path) -> None:
    feed = root.parent / "feed.xml"
    feed.write_text(FEED.format(title="One"), "utf-8")
    run_import(root, [str(feed)], series="mla", episode="mla-002")
    folder = root / "episodes/mla"
    assert sorted(path.name for path in folder.glob("*.chapters.json")) == [
        "mla-001.chapters.json",
        "mla-trailer-soon.chapters.json",
    ]
    assert not run_import(root, [str(feed)], series="mla").writes
    feed.write_text(FEED.format(title="Other"), "utf-8")
    run_import(root, [str(feed)], series="mla")
    assert '"Other"' in (folder / "mla-001.chapters.json").read_text("utf-8")


def test_a_file_by_hand_stays_where_two_sources_say_the_same(root: Path) -> None:
    target = root / "episodes" / "mla" / "mla-001.vtt"
    target.write_text("mine", "utf-8")
    report = run_import(root, [source(root, "mla-001.vtt", "a"), source(root, "Docker.vtt", "a")])
    assert (report.writes, target.read_text("utf-8")) == ((), "mine")


def show(root: Path, *items: tuple[str, int, str]) -> str:
    """Write a feed on one line. Each item has a guid, a number and a title, which is also the title of its chapter."""
    path = root.parent / "show.xml"
    texts = [
        f"<item><title>{title}</title><guid>{guid}</guid><itunes:episode>{number}</itunes:episode>"
        f"<pubDate>Mon, 0{number} Jan 2024 08:00:00 GMT</pubDate><description>Notes of {title.lower()}.</description>"
        f'<psc:chapters><psc:chapter start="1" title="About {title.lower()}"/></psc:chapters></item>'
        for guid, number, title in items
    ]
    head = FEED.partition("\n")[0] + "<channel><title>Applied</title>"
    path.write_text(f"{head}{''.join(texts)}</channel></rss>", "utf-8")
    return str(path)


def chapters(root: Path) -> dict[str, str]:
    """Return the title of the chapter beside each note."""
    paths = root.glob("episodes/show/*.chapters.json")
    return {path.name.partition(".")[0]: loads(path.read_bytes())["chapters"][0]["title"] for path in sorted(paths)}


ANTS, BEES, NEWS = "guid-of-the-ants", "guid-of-the-bees", "guid-of-the-news"


def test_chapters_follow_their_item_when_a_feed_is_renumbered(root: Path) -> None:
    run_import(root, [show(root, (ANTS, 1, "Ants"), (BEES, 2, "Bees"))], series="show")
    renumbered = show(root, (ANTS, 1, "Ants"), (NEWS, 2, "News"), (BEES, 3, "Bees"))
    report = run_import(root, [renumbered], series="show")
    [new] = report.new
    assert chapters(root) == {"show-001": "About ants", "show-002": "About bees", new: "About news"}
    assert run_import(root, [renumbered], series="show").writes == ()


def test_items_with_one_number_keep_their_own_chapters(root: Path) -> None:
    report = run_import(root, [show(root, (BEES, 2, "Bees"), (ANTS, 2, "More ants"))], series="show")
    assert chapters(root) == {"show-002": "About bees", "show-more-ants": "About more ants"}
    assert not [problem for problem in report.problems if "another source" in problem.message]


def test_corrected_chapters_reach_a_renamed_note(root: Path) -> None:
    run_import(root, [show(root, (ANTS, 1, "Ants"), (BEES, 2, "Bees"))], series="show")
    rename(root, "show-002", "show-bees")
    corrected = Path(show(root, (ANTS, 1, "Ants"), (BEES, 2, "Bees")))
    corrected.write_text(corrected.read_text("utf-8").replace("About bees", "About hives"), "utf-8")
    run_import(root, [str(corrected)], series="show")
    assert chapters(root) == {"show-001": "About ants", "show-bees": "About hives"}


def test_chapters_of_a_deleted_note_are_not_written(root: Path) -> None:
    source = show(root, (ANTS, 1, "Ants"), (BEES, 2, "Bees"))
    run_import(root, [source], series="show")
    for path in root.glob("episodes/show/show-002*"):
        path.unlink()
    run_import(root, [source], series="show")
    assert chapters(root) == {"show-001": "About ants"}


def test_many_files_without_an_episode_are_fast(root: Path) -> None:
    for number in range(300):
        (root / f"episodes/show/show-{number:03}.md").parent.mkdir(exist_ok=True)
        text = NOTE.format(id=f"show-{number:03}", title=f"Loom {number}")
        (root / f"episodes/show/show-{number:03}.md").write_text(text, "utf-8")
    sources = [Source(f"Warp {number}.vtt", SAID.format(number).encode()) for number in range(200)]
    with patch("mlguide_site.merge.episodes.known_episode", wraps=known_episode) as compared:
        report = run_import(root, [*sources, Source("Loom 7.vtt", SAID.format("Weft").encode())])
    assert len(report.pending) == 200 and "episodes/show/show-007.vtt" in report.assets
    assert compared.call_count < 1_000

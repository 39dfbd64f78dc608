"""Tests of sources that look alike: notes, transcripts and feeds of different episodes and series stay apart."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mlguide_site.importers import Source
from mlguide_site.merge.run import run_import
from mlguide_site.merge.sources import detect

ITEM = "<item><title>{0}</title><link>{1}</link><pubDate>{2}</pubDate><description>{3}</description></item>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text("site_name: KB\n", "utf-8")
    return folder


def write(folder: Path, **notes: str) -> str:
    """Write notes by the names of their files without suffix, in which `_` stands for a space."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in notes.items():
        (folder / f"{name.replace('_', ' ')}.md").write_text(text, "utf-8")
    return str(folder)


def feed(*items: str, title: str = "Loom Talk") -> Source:
    text = f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'
    return Source("feed.xml", text.encode())


def notes(root: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted((root / "episodes").glob("*/*.md"))}


def test_notes_of_one_day_and_template_in_two_vaults_are_two_episodes(root: Path, tmp_path: Path) -> None:
    one = write(tmp_path / "work", **{"2024-12-25": "## Done\n\n## Next\n"})
    other = write(tmp_path / "diary", **{"2024-12-25": "## Done\n\nAsked Ann.\n\n## Next\n"})
    run_import(root, [one])
    run_import(root, [other])
    found = notes(root)
    assert len(found) == 2 and "Asked Ann" not in found["work-2024-12-25"]


def test_fields_that_notes_lose_are_removed_unless_edited(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "boats"
    head = "---\nstatus: draft\ntags: [keels]\n---\n"
    write(folder, Hulls=f"{head}Of hulls.\n", Masts=f"{head}Of masts.\n")
    run_import(root, [str(folder)])
    path = root / "episodes/boats/boats-masts.md"
    path.write_text(path.read_text("utf-8").replace("status: draft", "status: cancelled"), "utf-8")
    write(folder, Hulls="Of hulls.\n", Masts="Of masts.\n")
    run_import(root, [str(folder)])
    found = notes(root)
    assert not any(word in found["boats-hulls"] for word in ("status", "topics"))
    assert "status: cancelled" in found["boats-masts"] and "topics" not in found["boats-masts"]


def test_notes_in_a_renamed_file_lose_fields_at_once(root: Path, tmp_path: Path) -> None:
    folder, head = tmp_path / "c", "---\nstatus: {}\n---\n"
    texts = [f"# {name}\n\nOf {name.lower()}.\n" for name in ("Warp", "Weft", "Reed")]
    write(folder, **{"week-1": texts[0], "week-2": head.format("draft") + texts[1], "week-3": texts[2]})
    run_import(root, [str(folder)])
    write(folder, **{"week-2": "# Heddles\n\nOf heddles.\n", "week-3": texts[1], "week-4": texts[2]})
    run_import(root, [str(folder)])
    assert not any("status" in text for text in notes(root).values())
    assert run_import(root, [str(folder)]).changed == ()


@pytest.mark.parametrize(
    "text",
    [
        "# Hulls\n\n---\nstatus: draft\n---\n",
        "# Hulls\n\n---\ndraft: 1\n---\n",
        "# Hulls\n\n---\ndraft: 1 # remove later\n---\n",
        "Status: on hold\n\n",
        "**Draft**: y\n\n",
    ],
)
def test_notes_whose_status_is_in_their_text_stay_drafts(root: Path, tmp_path: Path, text: str) -> None:
    folder, body = tmp_path / "boats", "Secret of hulls.\n"
    write(folder, Hulls=f"---\nstatus: draft\ntitle: Hulls\n---\n{body}", Masts="Of masts.\n")
    run_import(root, [str(folder)])
    for more in ("", "More.\n"):
        run_import(root, [write(folder, Hulls=text + body + more)])
        assert "\nstatus: draft\n" in notes(root)["boats-hulls"].split("\n---\n")[0] + "\n"


@pytest.mark.parametrize(
    "text", ["Published: 2016, Reed Press\n\n", "Published: 3 May 2020\n\n", "**Status:** first idea\n\n"]
)
def test_notes_that_lose_their_status_are_published(root: Path, tmp_path: Path, text: str) -> None:
    folder = tmp_path / "boats"
    write(folder, Hulls=f"---\nstatus: draft\ntitle: Hulls\n---\n{text}", Masts="Of masts.\n")
    run_import(root, [str(folder)])
    run_import(root, [write(folder, Hulls=f"---\ntitle: Hulls\n---\n{text}")])
    assert "status:" not in notes(root)["boats-hulls"].lower().split("---")[1]


CUES = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n{}\n"


def test_a_transcript_whose_name_ends_in_two_letters_finds_its_episode(root: Path, tmp_path: Path) -> None:
    run_import(root, [write(tmp_path / "talks", Ethics="Of good.\n", Ethics_of_AI="Of machines.\n")])
    for name in ("talks-ethics", "talks-ethics-of-ai", "talks-ethics.de"):
        (tmp_path / f"{name}.vtt").write_text(CUES.format(name), "utf-8")
    run_import(root, [str(tmp_path / "talks-ethics.vtt")])
    run_import(root, [str(tmp_path / "talks-ethics-of-ai.vtt")])
    files = {path.name: path.read_text("utf-8") for path in (root / "episodes/talks").glob("*.vtt")}
    assert files == {f"{name}.vtt": CUES.format(name) for name in ("talks-ethics", "talks-ethics-of-ai")}
    # a transcript in another language replaces it, and this is said
    (problem,) = run_import(root, [str(tmp_path / "talks-ethics.de.vtt")]).problems
    assert "replaces the file of an earlier import" in problem.message
    (tmp_path / "talks-ethics.vtt").write_text(CUES.format("Corrected"), "utf-8")
    assert run_import(root, [str(tmp_path / "talks-ethics.vtt")]).problems == ()


@pytest.mark.parametrize(
    ("name", "is_placed"),
    [
        ("loom-talk-7 whisper", True),
        ("loom-talk-7 with Ann Lee", True),
        ("7 habits of weavers", False),
        ("007 final", True),
        ("Lecture 7 - Knots", True),
        ("7_en", True),
        ("07", True),
        ("07 recording", True),
        ("7_auto_generated", True),
        ("ep7 riverside", True),
        ("ep07_mixdown", True),
        ("lecture7", False),
        ("week-7", False),
        ("Day 7", False),
        ("talk 7 video", False),
    ],
)
def test_a_number_in_a_title_is_no_number_of_an_episode(root: Path, tmp_path: Path, name: str, is_placed: bool) -> None:
    run_import(
        root, [feed(ITEM.format("7. Knots", "https://l.example/7", "Tue, 05 Mar 2024 06:00:00 GMT", "Of knots."))]
    )
    (tmp_path / f"{name}.vtt").write_text(CUES.format("Hi"), "utf-8")
    run_import(root, [str(tmp_path / f"{name}.vtt")])
    assert len([*(root / "episodes").glob("*/*.vtt")]) == is_placed


@pytest.mark.parametrize(
    "name", ["ep3 riverside", "Lecture 03 recording", "lecture3", "Lecture 3 Zoom", "Lecture 3 - Sorting by merging"]
)
def test_a_recording_of_a_lecture_finds_its_notes(root: Path, tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "c", **{f"l{at}": f"# Lecture {at}: Loom {at}\n\nOf loom {at}.\n" for at in range(1, 5)})
    run_import(root, [folder], series="cs101")
    (tmp_path / f"{name}.vtt").write_text(CUES.format("Hi"), "utf-8")
    assert run_import(root, [str(tmp_path / f"{name}.vtt")]).assets == ("episodes/cs101/cs101-003.vtt",)


@pytest.mark.parametrize("by_hand", [True, False])
def test_notes_that_link_to_an_episode_are_not_this_episode(root: Path, tmp_path: Path, by_hand: bool) -> None:
    head = "---\n{}title: Week 3 plan\ndate: 2024-06-01\nlinks: [{{title: To hear, url: https://l.example/12}}]\n---\n"
    if by_hand:
        write(root / "episodes/course", **{"course-week-3": head.format("id: course-week-3\n") + "\nRead it.\n"})
    else:
        run_import(root, [write(tmp_path / "course", Plan=head.format("") + "Read it.\n")])
    day = "Tue, 05 Mar 2024 06:00:00 GMT"
    run_import(root, [feed(ITEM.format("12. Floor looms", "https://l.example/12", day, "Of looms."))])
    found = notes(root)
    assert len(found) == 2 and all(("Read it" in text) != ("Floor looms" in text) for text in found.values())


@pytest.mark.parametrize("is_first", [True, False])
def test_values_of_own_notes_that_are_not_used_are_said_once(root: Path, tmp_path: Path, is_first: bool) -> None:
    head = "---\ntitle: Floor looms\ndate: 2024-03-05\nurl: https://me.example/code\nauthor: Ann Lee\n---\n"
    own = write(tmp_path / "loom-talk", Looms=f"{head}My own notes on looms.\n")
    day = "Tue, 05 Mar 2024 06:00:00 GMT"
    item = ITEM.format("Floor looms", "https://l.example/12", day, "Of looms.")
    talk = feed(item.replace("</item>", '<author>Bo Roe</author><guid isPermaLink="false">looms-12</guid></item>'))
    told: list[str] = []
    for source in ([own, talk] if is_first else [talk, own]) + [own, talk]:
        told += [one.message for one in run_import(root, [source], series="loom-talk").problems]
    found = [one for one in told if one.startswith("values of your notes aren't used")]
    assert len(notes(root)) == 1 and len(found) == 1 and "links: https://me.example/code" in found[0]


@pytest.mark.parametrize("is_first", [True, False])
def test_equal_values_in_another_form_are_not_said(root: Path, tmp_path: Path, is_first: bool) -> None:
    summary = "Why it's worth it: a floor loom."
    head = (
        f'---\ntitle: Floor looms\ndate: 2024-03-05\nlink: https://www.l.example/12/\ndescription: "{summary}"\n---\n'
    )
    own = write(tmp_path / "loom-talk", Looms=f"{head}My own notes on looms.\n")
    item = ITEM.format("Floor looms", "https://l.example/12", "Tue, 05 Mar 2024 06:00:00 GMT", "Of looms.")
    more = (
        f'<itunes:subtitle xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">{summary}</itunes:subtitle></item>'
    )
    talk = feed(item.replace("</item>", more))
    for source in [own, talk] if is_first else [talk, own]:
        problems = run_import(root, [source], series="loom-talk").problems
        assert not [one for one in problems if one.message.startswith("values of your notes")]
    assert len(notes(root)) == 1


def test_items_of_one_title_and_day_with_two_addresses_are_two_episodes(root: Path) -> None:
    items = [ITEM.format("News", f"https://l.example/{n}", "Tue, 05 Mar 2024 06:00:00 GMT", f"{n} news.") for n in "ab"]
    assert len(run_import(root, [feed(*items)]).new) == 2
    assert run_import(root, [feed(*reversed(items))]).new == ()


def test_notes_of_two_files_with_one_title_and_day_are_two_episodes(root: Path, tmp_path: Path) -> None:
    folder, head = tmp_path / "uni", "---\ntitle: Exam\ndate: 2024-07-01\n---\n"
    write(folder / "algo", Exam=f"{head}Closed book.\n")
    write(folder / "stats", Exam=f"{head}Closed book.\n\nBring a pen.\n")
    assert len(run_import(root, [str(folder)]).new) == 2
    assert run_import(root, [str(folder)]).new == ()


def test_a_series_whose_entry_was_removed_is_added_with_its_next_episode(root: Path) -> None:
    days = [f"Tue, {at:02} Mar 2024 06:00:00 GMT" for at in (5, 12)]
    items = [ITEM.format(f"Part {at}", f"https://l.example/{at}", day, "Of looms.") for at, day in enumerate(days)]
    run_import(root, [feed(items[0])])
    for path in (root / "episodes/loom-talk").iterdir():
        path.unlink()
    (root / "knowledge/series.yml").write_text("", "utf-8")
    assert len(run_import(root, [feed(*items)]).new) == 1
    assert "loom-talk:" in (root / "knowledge/series.yml").read_text("utf-8")


SQL = "```sql\nSELECT\n    user_id\nFROM logins\nGROUP BY\n    user_id\n```\n"


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (f"# SQL\n\n## Session 1\n\n{SQL}\n## Session 2\n\nA join.\n", "obsidian"),
        ("Day 1\n\ntrain_test_split\nsplits.\n\nDay 2\n\ntrain_test_split\nagain.\n", "log"),
        ("play_arrowKnots\nOf knots.\nplay_arrowReeds\nOf reeds.\n", "player"),
    ],
)
def test_names_with_underscores_in_notes_are_no_icons(text: str, format: str) -> None:
    assert detect(Source("notes.md", text.encode())).name == format


PLAYER = """info_outlineMLA 020 Q&A
In this round Ann answers letters about small looms, and...
info_outlineMLA 019 Reeds
Of reeds...
"""


def test_a_text_of_a_player_with_another_number_is_no_text_of_the_episode(root: Path) -> None:
    write(root / "episodes/mla", **{"mla-010": "---\nid: mla-010\ntitle: Q&A\n---\n"})
    (root / "knowledge/series.yml").write_text("mla:\n  title: Looms\n  prefix: MLA\n", "utf-8")
    report = run_import(root, [Source("player.txt", PLAYER.encode())])
    assert report.matched == () and len(report.pending) == 2


def numbered(*titles: str, **more: str) -> list[str]:
    days = [f"Tue, {at:02} Mar 2024 06:00:00 GMT" for at in range(1, len(titles) + 1)]
    items = [ITEM.format(title, "", day, f"Of {title}.") for title, day in zip(titles, days, strict=True)]
    return [item.replace("</item>", more.get(f"at{at}", "") + "</item>") for at, item in enumerate(items)]


def test_a_title_with_the_prefix_of_another_series_moves_no_show(root: Path) -> None:
    run_import(root, [feed(*numbered(*(f"AI {at}: Looms" for at in range(1, 5))), title="AI Weekly")])
    run_import(root, [feed(*numbered("Warp", "Weft", "AI 2027: a forecast"))])
    found = {path.parent.name for path in root.glob("episodes/*/*.md")}
    assert found == {"ai", "loom-talk"} and len([*root.glob("episodes/loom-talk/*.md")]) == 3


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("titles", "lecture"),
    [
        (("Introduction to Machine Learning", "Introduction to Machine Vision"), "Lecture {}: Intro"),
        (("Weaving 101", "Dyeing 201"), "LECTURE {}: INTRO"),
    ],
)
def test_shows_with_similar_titles_are_two_series(
    root: Path, titles: tuple[str, str], lecture: str, together: bool
) -> None:
    feeds = [feed(*numbered(*(lecture.format(at) for at in (1, 2))), title=title) for title in titles]
    feeds = [Source(f"{at}.xml", one.data) for at, one in enumerate(feeds)]
    for sources in [feeds] if together else [[one] for one in feeds]:
        run_import(root, sources)
    folders = [len([*folder.glob("*.md")]) for folder in (root / "episodes").iterdir()]
    assert folders == [2, 2]
    assert run_import(root, feeds[1:]).new == ()


def test_a_trailer_has_not_the_id_of_its_episode(root: Path) -> None:
    kind = "<itunes:episodeType>{}</itunes:episodeType>"
    items = numbered("Ep. 12 Trailer: Looms", "Ep. 12: Looms", "Ep. 13: Reeds", at0=kind.format("trailer"))
    text = (
        feed(*items).data.decode().replace("<rss ", '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" ')
    )
    run_import(root, [Source("feed.xml", text.encode())])
    found = notes(root)
    assert "title: Looms" in found["loom-talk-012"] and len(found) == 3


def test_seasons_are_read_from_titles(root: Path) -> None:
    run_import(root, [feed(*numbered(*(f"S{season}E{at}: Topic" for season in (1, 2, 3) for at in (1, 2, 3))))])
    assert {"loom-talk-s3-003", "loom-talk-001"} <= {*notes(root)}


def test_dates_with_two_digits_of_the_year_tell_the_order(root: Path) -> None:
    stamps = ("3/25/24 31 min", "3/11/24 28 min", "3/5/24 30 min")
    entries = "\n".join(f"{4 - at}. Part\nOf looms.\n{stamp}" for at, stamp in enumerate(stamps, 1))
    page = f"Skip to content\nPodcasts\nLoom Talk\n3 episodes\n{entries}\n"
    run_import(root, [Source("page.txt", page.encode())], format="directory")
    assert "date: 2024-03-05" in notes(root)["loom-talk-001"]


def test_a_series_may_be_called_lecture(root: Path, tmp_path: Path) -> None:
    run_import(root, [feed(*numbered("12. Warp", "13. Weft"))])
    with (root / "knowledge/series.yml").open("a", encoding="utf-8") as file:
        file.write("lecture:\n  title: Lectures\n")
    (tmp_path / "lecture-12.vtt").write_text(CUES.format("Hi"), "utf-8")
    run_import(root, [str(tmp_path / "lecture-12.vtt")])
    assert [*root.glob("episodes/*/*.vtt")] == []


def test_a_prefix_of_a_person_may_be_a_usual_word(root: Path) -> None:
    (root / "knowledge/series.yml").write_text("weaving:\n  title: Weaving\n  prefix: TALK\n", "utf-8")
    run_import(root, [feed(*numbered("TALK 012 Knots", "TALK 013 Doors"))])
    assert {*notes(root)} == {"weaving-012", "weaving-013"}


def test_a_title_with_another_subtitle_is_the_same_show(root: Path) -> None:
    for title in ("Loom Talk | Stations", "Loom Talk | Casts"):
        run_import(root, [feed(*numbered("Warp", "Weft"), title=title)])
    assert len(notes(root)) == 2


@pytest.mark.parametrize("titles", [("Weaving: Basics", "Weaving: Rugs"), ("Weaving - Spring", "Weaving - Autumn")])
def test_titles_with_other_subtitles_are_other_shows(root: Path, titles: Sequence[str]) -> None:
    for title in titles:
        run_import(root, [feed(*numbered("Warp", "Weft"), title=title)])
    assert len(notes(root)) == 4


def test_a_title_with_another_address_in_each_note_is_no_resource(root: Path, tmp_path: Path) -> None:
    text = "Slides: https://uni.example/{0}.pdf\n\n[The loom book](https://l.example/book)\n\nSee [[Week 1]].\n"
    run_import(root, [write(tmp_path / "looms", **{f"Week_{at}": text.format(at) for at in (1, 2, 3)})])
    resources = (root / "knowledge/resources.yml").read_text("utf-8")
    assert "The loom book" in resources and "uni.example" not in resources
    assert "https://uni.example/2.pdf" in notes(root)["looms-002"]


def test_files_of_a_folder_that_become_series_are_reported(root: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "looms", Warp="# Warp\n\nOf [[Weft]].\n", Weft="# Weft\n\nOf [[Warp]].\n")
    report = run_import(root, [f"{folder}/Warp.md", f"{folder}/Weft.md"])
    assert any("2 files of this folder became 2 series" in one.message for one in report.problems)


def test_ids_of_notion_are_no_part_of_titles(root: Path, tmp_path: Path) -> None:
    name = f"Warp_{'0123456789abcdef' * 2}"
    run_import(root, [write(tmp_path / "looms", **{name: "Of warp.\n", "Weft": "Of [[Warp]].\n"})])
    assert {*notes(root)} == {"looms-warp", "looms-weft"}


def test_own_notes_leave_a_podcast_a_podcast(root: Path, tmp_path: Path) -> None:
    run_import(root, [feed(*numbered("1. Warp", "2. Weft"))])
    run_import(root, [write(tmp_path / "mine", Wool="Of [[Wool]].\n", Hemp="Of hemp.\n")], series="loom-talk")
    assert "kind:" not in (root / "knowledge/series.yml").read_text("utf-8")


def test_a_repeated_item_with_another_link_is_one_episode(root: Path) -> None:
    more = '<enclosure url="https://l.example/1.mp3" type="audio/mpeg" length="1"/></item>'
    day = "Tue, 05 Mar 2024 06:00:00 GMT"
    links = ("https://l.example/warp?from=rss", "https://l.example/warp")
    items = [ITEM.format("Warp", link, day, "Of looms.").replace("</item>", more) for link in links]
    assert len(run_import(root, [feed(*items)]).new) == 1


def test_a_status_that_is_not_known_publishes_nothing(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "boats"
    for status in ("draft", "private"):
        run_import(root, [write(folder, Hulls=f"---\nstatus: {status}\n---\nOf hulls.\n", Masts="Of masts.\n")])
    assert "\nstatus: draft\n" in notes(root)["boats-hulls"]


def test_a_copy_of_a_folder_replaces_no_notes(root: Path, tmp_path: Path) -> None:
    texts = {f"w{at}": "\n\n".join(f"Line {line} of {at}." for line in range(5)) for at in range(5)}
    run_import(root, [write(tmp_path / "a", **texts)], series="c")
    texts["w4"] = texts["w4"].replace("Line 3", "Another line")
    assert len(run_import(root, [write(tmp_path / "b", **texts)], series="c").new) == 1


def test_a_copy_in_the_same_folder_is_one_episode(root: Path, tmp_path: Path) -> None:
    text = "---\ndate: 2024-01-01\n---\n# Warp\n\nOf warp.\n"
    report = run_import(root, [write(tmp_path / "v", **{"w": text, "w_(conflicted_copy)": f"{text}\nMore.\n"})])
    assert len(report.new) == 1


def test_a_tag_that_names_a_tool_is_no_topic(root: Path, tmp_path: Path) -> None:
    (root / "knowledge/tools.yml").write_text("kafka:\n  name: Apache Kafka\n  aliases: [Kafka]\n", "utf-8")
    (root / "knowledge/topics.yml").write_text("weaving:\n  name: Weaving\n", "utf-8")
    (root / "knowledge/glossary.yml").write_text("weave:\n  term: Weaving\n  definition: Of looms.\n", "utf-8")
    folder = write(tmp_path / "boats", A="---\ntags: [kafka, knots, weaving]\n---\nSee #Kafka. [[B]]\n", B="Of [[A]]\n")
    run_import(root, [folder])
    assert "topics: [knots, weaving]\ntags: [kafka]\n" in notes(root)["boats-a"]
    assert "tags:" not in notes(root)["boats-b"]
    assert "kafka" not in (root / "knowledge/topics.yml").read_text("utf-8")
    assert not run_import(root, [folder]).writes


@pytest.mark.parametrize(
    ("name", "joins"), [("Ep 3 Vector looms", True), ("Vector looms (#3)", True), ("3. Vector looms", False)]
)
def test_notes_with_the_number_of_an_episode_join_it(root: Path, tmp_path: Path, name: str, joins: bool) -> None:
    day = "Tue, 05 Mar 2024 06:00:00 GMT"
    run_import(root, [feed(ITEM.format("#3 - Vector looms with Bo", "https://l.example/3", day, "Of looms."))])
    folder = write(tmp_path / "mine", **{name.replace(" ", "_"): "Notes of mine.\n", "Ep_9_Knots": "Of knots.\n"})
    run_import(root, [folder], series="loom-talk")
    assert len(notes(root)) == (2 if joins else 3)

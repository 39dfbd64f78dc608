"""Tests of interrupted imports whose source changes afterwards: the root becomes the same as without the interruption.

Only some operations are tested. `MLGUIDE_FAULTS=all` (set by `make fuzz`) tests all of them.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from faults.disk import FULL, KILL, Disk, Killed, failing
from faults.scenes import run
from faults.test_commands import contents, temporary
from mlguide_site.content.files import JOURNAL

ALL = os.environ.get("MLGUIDE_FAULTS") == "all"
TRIES = 12
ITEM = """<item><title>{title}</title><guid>mill-guid-{number}</guid><itunes:episode>{number}</itunes:episode>
<pubDate>Mon, 0{number} Jan 2024 08:00:00 GMT</pubDate><itunes:duration>900</itunes:duration>
<description><![CDATA[<p>Of {title} and a {word}.</p>]]>
</description>{chapters}</item>"""
CHAPTERS = '<psc:chapters><psc:chapter start="0:00" title="{word}"/></psc:chapters>'
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:03.000\nAbout the {word}.\n"


def sources(folder: Path, word: str) -> None:
    """Write a feed with chapters, a transcript, and a transcript that matches no episode."""
    items = ITEM.format(title="Wheels", number=1, word=word, chapters=CHAPTERS.format(word=word))
    items += ITEM.format(title="Races", number=2, word=word, chapters="")
    (folder / "feed.xml").write_text(
        '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:psc="http://podlove.org/simple-chapters">'
        f"<channel><title>Mill</title>{items}</channel></rss>",
        "utf-8",
    )
    (folder / "mill-002.vtt").write_text(CAPTIONS.format(word=word), "utf-8")
    (folder / "nobody-knows.vtt").write_text(CAPTIONS.format(word="door"), "utf-8")


def take(folder: Path) -> int:
    names = ("feed.xml", "mill-002.vtt", "nobody-knows.vtt")
    return run("-C", folder / "kb", "import", *(folder / name for name in names))


def attempt(start: Path, work: Path, at: int, code: int) -> Disk:
    """Import into a copy of `start`. The operation number `at` stops the import."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(start, work)
    sources(work, "wheel")
    disk = Disk(work / "kb", at, code)
    with failing(disk), suppress(Killed):
        take(work)
    return disk


@pytest.mark.parametrize("code", [KILL, FULL], ids=["killed", "full"])
@pytest.mark.parametrize("before", [False, True], ids=["first", "second"])
def test_a_stopped_import_freezes_nothing(tmp_path: Path, code: int, before: bool) -> None:
    start, work = tmp_path / "start", tmp_path / "work"
    assert run("init", start / "kb", "--title", "Mill") == 0
    if before:
        sources(start, "cog")
        assert take(start) == 0

    def after_change() -> dict[str, bytes]:
        left = contents(work)
        sources(work, "race")
        assert take(work) == 0
        return {name: data for name, data in contents(work).items() if name not in temporary(left)}

    count = attempt(start, work, -1, code).count
    undisturbed = after_change()
    assert any(name.endswith("mill-001.chapters.json") and b"race" in data for name, data in undisturbed.items())
    for at in range(0, count, 1 if ALL else max(1, count // TRIES)):
        disk = attempt(start, work, at, code)
        found = after_change()
        differing = {name for name in found.keys() | undisturbed.keys() if found.get(name) != undisturbed.get(name)}
        assert not differing, f"{differing} after operation {at} of {count}, {disk.done[at]}"


@pytest.mark.parametrize("is_early", [False, True], ids=["late", "early"])
@pytest.mark.parametrize("before", [False, True], ids=["first", "second"])
def test_a_note_edited_after_a_stopped_import_gets_later_changes(tmp_path: Path, before: bool, is_early: bool) -> None:
    work = tmp_path / "work"
    assert run("init", work / "kb", "--title", "Mill") == 0
    if before:
        sources(work, "cog")
        assert take(work) == 0
    start = tmp_path / "start"
    shutil.copytree(work, start)

    note = work / "kb/episodes/mill/mill-001.md"
    count = attempt(start, work, -1, KILL).count
    # early: the journal exists, but the note isn't written; late: all files are written, and the journal exists
    for at in range(1, count) if is_early else range(count - 1, 0, -1):
        attempt(start, work, at, KILL)
        if (work / "kb" / JOURNAL).exists() and note.exists():
            break
    note.write_text(note.read_text("utf-8").replace("\n---\n", "\nsummary: My own line.\n---\n", 1), "utf-8")
    edited = note.read_bytes()
    # a new series was undone, so the note has no series
    assert run("-C", work / "kb", "check", "--fix") == (0 if before else 1)
    assert note.read_bytes() == edited
    for word in ("wheel", "race"):
        sources(work, word)
        assert take(work) == 0
        text = note.read_text("utf-8")
        assert word in text and "My own line." in text
    assert "wheel" not in text and "cog" not in text

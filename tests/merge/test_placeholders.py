"""Tests of placeholders from `mlguide new`: an import fills unchanged placeholders, and keeps what a person wrote."""

from datetime import date
from pathlib import Path

import pytest

from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.editing.scaffold import new_entry, new_episode
from mlguide_site.importers import EntryDraft
from mlguide_site.merge.entries import EntryChange, add_entries
from mlguide_site.merge.report import report_lines
from mlguide_site.merge.run import run_import

TODAY = date(2026, 5, 4)
FEED = """<rss version="2.0"><channel><title>Dun</title><item><title>1: Composting</title><guid>dun-guid-000001</guid>
<link>https://a.example/1</link><pubDate>Thu, 26 Feb 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Heaps rot.&lt;/p&gt;</description></item></channel></rss>"""
RESOURCES = "knowledge/resources.yml"
MADE = "book:\n  title: Book\n  format: other\n  urls: []\n  summary: ''\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "knowledge" / "series.yml").write_text("dun:\n  title: Dun\n", "utf-8")
    (folder / "feed.xml").write_text(FEED, "utf-8")
    return folder


def make(root: Path, day: date | None = None) -> Path:
    return root / new_episode(root, load(read_root(root).texts).catalog, "dun", "Compost", day or TODAY)[0]


def take(root: Path) -> list[str]:
    return report_lines(run_import(root, [str(root / "feed.xml")], series="dun"))


def test_a_new_note_is_filled_and_keeps_its_title(root: Path) -> None:
    note = make(root)
    assert "date: 2026-05-04\n" in note.read_text("utf-8")
    lines = take(root)
    assert "changed: 1 episode: dun-001" in lines
    assert "kept as edited: dun-001: date, title" in lines
    assert note.read_text("utf-8") == (
        "---\nid: dun-001\ntitle: Compost\ndate: 2026-05-04\nsummary: ''\ntopics: []\n"
        "links: [{title: Show notes, url: 'https://a.example/1'}]\nguid: dun-guid-000001\nsource: {format: feed}\n---\n"
        "\nHeaps rot.\n"
    )
    report = run_import(root, [str(root / "feed.xml")], series="dun")
    assert report.writes == ()


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("## Notes", "## Notes\n\nMine.", "body"),
        ("links: []", "links: [{title: Mine, url: 'https://b.example/'}]", "links"),
        ("links: []", "links: [] # none on purpose", "links"),
    ],
)
def test_what_a_person_wrote_into_a_new_note_stays(root: Path, old: str, new: str, kept: str) -> None:
    note = make(root)
    note.write_text(note.read_text("utf-8").replace(old, new), "utf-8")
    assert f"kept as edited: dun-001: {', '.join(sorted([kept, 'date', 'title']))}" in take(root)
    assert new in note.read_text("utf-8")


def test_a_day_that_was_given_stays(root: Path) -> None:
    note = make(root, date(2020, 1, 2))
    assert "kept as edited: dun-001: date, title" in take(root)
    assert "date: 2020-01-02\n" in note.read_text("utf-8")


def test_a_field_that_was_emptied_after_an_import_stays_empty(root: Path) -> None:
    note = make(root)
    take(root)
    text = "".join(
        "links: []\n" if line.startswith("links:") else line for line in note.read_text("utf-8").splitlines(True)
    )
    note.write_text(text.replace("Heaps rot.", "## Notes"), "utf-8")
    assert "kept as edited: dun-001: body, date, links, title" in take(root)


BARE = FEED.replace("1: Composting", "Compost").replace("https://a.example/1", "https://a.example/heap")


@pytest.mark.parametrize("day", [date(2025, 2, 25), date(2026, 2, 26), None])
def test_a_new_note_is_the_episode_of_its_title_where_the_feed_has_no_numbers(root: Path, day: date | None) -> None:
    (root / "feed.xml").write_text(BARE, "utf-8")
    make(root, day)
    assert "changed: 1 episode: dun-001" in take(root)
    assert run_import(root, [str(root / "feed.xml")], series="dun").writes == ()
    assert sorted(path.name for path in (root / "episodes/dun").iterdir()) == ["dun-001.md"]


def test_a_new_note_that_was_taken_away_is_no_deleted_import(root: Path) -> None:
    make(root).unlink()
    assert "new: 1 episode: dun-001" in take(root)


def add(text: str, **fields: object) -> EntryChange:
    return add_entries({RESOURCES: text}, [("x.md", [EntryDraft("resource", "book", fields)])], {})


def test_a_new_entry_is_filled_line_by_line() -> None:
    change = add(MADE + "\nzoo:\n  title: Zoo\n", title="Book", urls=["https://a.example/"], format="book", price="$")
    assert change.texts[RESOURCES] == (
        "book:\n  title: Book\n  format: other\n  urls:\n    - https://a.example/\n  price: $\n  summary: ''\n"
        "\nzoo:\n  title: Zoo\n"
    )


def test_what_a_person_gave_an_entry_stays() -> None:
    change = add(
        MADE.replace("summary: ''", "summary: Mine."), title="Book", urls=["https://a.example/"], format="book"
    )
    assert change.texts[RESOURCES] == (
        "book:\n  title: Book\n  format: other\n  urls:\n    - https://a.example/\n  summary: Mine.\n"
    )
    assert change.changed == ("resource book",)


def test_an_empty_list_with_a_remark_stays() -> None:
    text = MADE.replace("urls: []", "urls: [] # out of print")
    change = add(text, title="Book", urls=["https://a.example/"])
    assert change.texts == {} and [problem.severity.value for problem in change.problems] == ["hint"]


@pytest.mark.parametrize("kind", ["topic", "tool", "resource", "term", "person"])
def test_every_new_entry_reads_as_untouched(root: Path, kind: str) -> None:
    path, _ = new_entry(root, load(read_root(root).texts).catalog, kind, "Heap")
    fields = {
        "topic": {"name": "Heap", "summary": "Of heaps."},
        "tool": {"name": "Heap", "category": "Garden", "summary": "Of heaps."},
        "resource": {"title": "Heap", "format": "book", "urls": ["https://a.example/"], "summary": "Of heaps."},
        "term": {"term": "Heap", "definition": "What rots."},
        "person": {"name": "Heap", "role": "Host"},
    }[kind]
    text = (root / path).read_text("utf-8")
    change = add_entries({path: text}, [("x.opml", [EntryDraft(kind, "heap", fields)])], {})
    assert change.problems == ()

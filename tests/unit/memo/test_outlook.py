"""Where only bodies changed, and nothing that others are told of them, little is asked and nothing else made."""

from pathlib import Path

import pytest

from mlguide_site.build import finish as finishing
from mlguide_site.build.memo.outlook import Outlook
from mlguide_site.build.memo.trace import Answers
from mlguide_site.config import Settings
from mlguide_site.pipeline import generate, remembered

SETTINGS = Settings("Show", site_url="https://a.example/")
BODY = "A Loom.\n\n## Part\n\nText.\n"
FILES = {
    "knowledge/series.yml": "a: {title: A Show, prefix: A}\n",
    "knowledge/tools.yml": "loom: {name: Loom}\n",
    **{
        f"episodes/a/a-00{number}.md": f"---\nid: a-00{number}\ntitle: Title {number}\n{more}---\n\n{BODY}"
        for number, more in enumerate(["", "summary: In short.\n", "", ""], 1)
    },
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for path, text in FILES.items():
        (tmp_path / "kb" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "kb" / path).write_text(text, "utf-8")
    build(tmp_path / "kb")
    return tmp_path / "kb"


def build(root: Path) -> tuple[str, ...]:
    """The pages that a build has changed."""
    made = generate(root, SETTINGS)
    site = root / "site"
    site.mkdir(exist_ok=True)
    with remembered(root) as store:
        finishing.finish(made.linked, SETTINGS, site, root / "build/pages", store, "site", outlook=made.outlook)
    return made.changed


def edit(root: Path, old: str, new: str) -> None:
    path = root / "episodes/a/a-002.md"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "few"),
    [
        ("Text.", "Another text.", True),
        ("A Loom", "Said first.\n\nA Loom", True),
        ("Text.", "A Loom again.", False),
        ("Text.", "See A 1.", False),
        ("## Part", "## Other", False),
        ("title: Title 2", "title: Other", False),
    ],
)
def test_what_is_asked_and_made(root: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, few: bool) -> None:
    asked: list[object] = []
    made: list[object] = []
    ask, catalog_json = Answers.ask, finishing.catalog_json
    monkeypatch.setattr(Answers, "ask", lambda self, lookups: (asked.extend(lookups), ask(self, lookups))[1])
    monkeypatch.setattr(finishing, "catalog_json", lambda *told: (made.append(told), catalog_json(*told))[1])
    edit(root, old, new)
    changed = build(root)
    assert "episodes/a/a-002.md" in changed
    assert (len(set(asked)) <= 2, made == []) == (few, few)
    assert len(changed) == 1 or not few


def test_how_a_note_begins_is_told_where_it_has_no_summary(root: Path) -> None:
    path = root / "episodes/a/a-001.md"
    path.write_text(path.read_text("utf-8").replace("A Loom", "Said first.\n\nA Loom"), "utf-8")
    assert {"index.md", "episodes/a/index.md", "episodes/a/a-001.md"} <= set(build(root))
    assert "Said first." in (root / "build/pages/index.md").read_text("utf-8")
    assert "Said first." in (root / "site/feed.xml").read_text("utf-8")


def test_what_was_removed_from_the_site_is_made_again(root: Path) -> None:
    catalog = (root / "site/catalog.json").read_bytes()
    (root / "site/catalog.json").unlink()
    edit(root, "Text.", "Another text.")
    build(root)
    assert (root / "site/catalog.json").read_bytes() == catalog


def test_notes_that_come_and_go_are_more_than_bodies() -> None:
    before = Outlook("x", {"a": "1", "b": "2"})
    assert Outlook("x", {"a": "1", "b": "3"}).changed(before) == {"b"}
    assert Outlook("x", {"a": "1"}).changed(before) is None
    assert Outlook("y", before.notes).changed(before) is None
    assert before.changed(None) is None

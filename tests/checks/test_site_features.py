"""Tests of checks of the site's feature settings, and of entries that no episode mentions."""

from pathlib import Path

from mlguide_site.editing.scaffold import init_root
from mlguide_site.pipeline import inspect


def test_pages_that_the_navigation_lacks_are_reported_where_mkdocs_would_warn(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    init_root(root, "T", "", None)
    (root / "pages/blog").mkdir(parents=True)
    for path in ("about.md", "blog/first.md"):
        (root / "pages" / path).write_text("---\ntitle: Page\n---\n\nText.\n", "utf-8")
    (found,) = inspect(root)
    assert (found.path, found.message) == ("mkdocs.yml", "nav doesn't list these pages: about.md, blog/first.md")
    settings = (root / "mkdocs.yml").read_text("utf-8")
    listed = settings.replace("\nnav:\n", "\nnav:\n  - More: [{About: about.md}]\n")
    (root / "mkdocs.yml").write_text(listed.replace("not_in_nav: |\n", "not_in_nav: |\n  /blog/\n"), "utf-8")
    assert not inspect(root)
    (root / "mkdocs.yml").write_text(settings.replace("omitted_files: warn, ", ""), "utf-8")
    assert not inspect(root)


def test_an_unreadable_note_is_no_reason_to_call_an_entry_unmentioned(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    init_root(root, "T", "", None)
    (root / "knowledge/series.yml").write_text("dun: {title: Dun}\n", "utf-8")
    (root / "knowledge/tools.yml").write_text("dibber: {name: Dibber}\n", "utf-8")
    note = root / "episodes/dun/dun-001.md"
    note.parent.mkdir()
    note.write_text("---\nid: dun-001\ntitle: Beans\n---\n\nWater them.\n", "utf-8")
    assert [one.message for one in inspect(root)] == ['no episode mentions the tool "dibber"']
    note.write_text("---\nid: dun-001\ntitle: [Beans\n---\n\nUse the dibber.\n", "utf-8")
    assert [one.path for one in inspect(root)] == ["episodes/dun/dun-001.md"]

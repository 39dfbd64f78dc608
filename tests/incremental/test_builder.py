"""Tests of the driver: it builds the same site as MkDocs, renders as few pages as possible, and reports the reasons for
full builds."""

import os
import shutil
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort

from incremental.projects import Project, compare, new_project
from mkdocs_incremental.signatures import tree
from mkdocs_incremental.unchanged import unchanged


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = new_project(tmp_path)
    assert compare(made).reason == "there is no earlier build"
    return made


def rendered(project: Project) -> set[str]:
    built = compare(project)
    assert not built.full, built.reason
    return set(built.written)


def test_nothing_changed(project: Project) -> None:
    assert unchanged(project.cache) is not None
    assert rendered(project) == set()


def test_a_copied_folder_knows_nothing_of_the_one_that_it_was_copied_from(project: Project) -> None:
    other = project.folder.with_name(f"{project.folder.name}-copy")
    shutil.copytree(project.folder, other)
    cache = other / project.cache.relative_to(project.folder)
    assert cache.is_file()
    assert unchanged(project.cache) is not None
    assert unchanged(cache) is None


def test_hidden_files_of_the_site_are_kept(project: Project) -> None:
    (project.site / ".git").mkdir()
    for path in (".git/config", ".nojekyll", ".a.1.new"):
        (project.site / path).touch()
    assert project.build().full
    assert {path.name for path in project.site.glob(".*")} == {".git", ".nojekyll"}
    assert (project.site / ".git/config").is_file()
    assert not project.build().full


def test_a_touched_file_is_no_change(project: Project) -> None:
    os.utime(project.folder / "docs/guide.md", (1, 1))
    assert unchanged(project.cache) is None
    assert rendered(project) == set()
    assert unchanged(project.cache) is not None


def test_a_body_is_edited(project: Project) -> None:
    project.write("docs/guide.md", "# Guide\n\n## Part\n\nSee [a](notes/a.md#part) and more.\n")
    assert rendered(project) == {"guide/index.html"}


def test_a_body_in_the_navigation_is_edited(project: Project) -> None:
    project.write("docs/list.md", "---\ntemplate: list.html\n---\n# All\n\nOther.\n")
    assert rendered(project) == set()  # its template doesn't show it


def test_content_that_another_page_shows_is_edited(project: Project) -> None:
    project.write(
        "docs/notes/a.md", "---\ndescription: First\ntags: [x, y]\n---\n# A\n\n## Part\n\nOther.[^1]\n\n[^1]: N.\n"
    )
    assert rendered(project) == {"notes/a/index.html", "index.html"}


def test_content_that_another_page_shows_changes_with_a_file_it_links_to(project: Project) -> None:
    project.write("docs/notes/a.md", "# A\n\n[late](late.txt)\n")
    compare(project)
    project.write("docs/notes/late.txt", "here")
    assert {"notes/a/index.html", "index.html"} & rendered(project)


def test_a_heading_in_the_navigation_is_edited(project: Project) -> None:
    project.write("docs/guide.md", "# Guide\n\n## Part\n\n## Further\n\n[a](notes/a.md#part) [home](index.md)\n")
    built = compare(project)
    assert built.written == {"guide/index.html"}


def test_a_title_that_lists_show_is_edited(project: Project) -> None:
    project.write("docs/notes/b.md", "# Better\n\n## Part\n")
    assert rendered(project) == {"notes/b/index.html", "list/index.html", "about.html", "feed.txt"}


def test_a_title_of_the_navigation_is_edited(project: Project) -> None:
    project.write("docs/index.md", "# Start\n")
    assert {"index.html", "guide/index.html", "notes/a/index.html", "404.html"} <= rendered(project)


def test_a_heading_that_others_link_to_goes(project: Project) -> None:
    project.write("docs/notes/a.md", "---\ndescription: First\n---\n# A\n")
    built = compare(project)
    assert sum("#part" in message.text for message in built.messages) == 2


def test_a_page_that_a_link_waits_for_is_added(project: Project) -> None:
    project.write("docs/notes/gone.md", "# Come\n")
    assert {"notes/gone/index.html", "notes/b/index.html", "list/index.html"} <= rendered(project)


def test_a_page_goes(project: Project) -> None:
    (project.folder / "docs/notes/b.md").unlink()
    built = compare(project)
    assert built.removed == {"notes/b/index.html"}
    assert "index.html" in built.written


def test_a_file_that_is_copied_is_edited(project: Project) -> None:
    project.write("docs/img/i.png", "j")
    assert rendered(project) == {"img/i.png"}


def test_another_time_means_a_full_build(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1740000000")
    assert unchanged(project.cache) is None
    assert compare(project).reason == "the settings changed"


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("theme/foot.html", "<hr>", "the theme changed"),
        ("mkdocs.yml", None, "the settings changed"),
        ("site/guide/index.html", "touched", "the site was changed since the last build"),
        ("site/stray.txt", "touched", "the site was changed since the last build"),
    ],
)
def test_what_reaches_every_page_means_a_full_build(project: Project, path: str, text: str | None, why: str) -> None:
    if text is None:
        project.settings(name="Other")
    else:
        project.write(path, text)
    assert unchanged(project.cache) is None
    assert compare(project).reason == why


def test_another_navigation_means_a_full_build(project: Project) -> None:
    (project.folder / "docs/guide.md").rename(project.folder / "docs/notes/guide.md")
    assert compare(project).reason == "the navigation changed"


def test_pages_of_a_folder_share_the_navigation_unless_a_link_leads_below_one_of_them(project: Project) -> None:
    project.settings(nav="[index.md, {G: guide.md}, list.md, {X: notes/a/more.txt}]")
    compare(project)


def test_two_files_at_one_place_mean_a_full_build_each_time(project: Project) -> None:
    project.write("docs/notes/a/index.md", "other")
    assert compare(project).full
    assert compare(project).reason == "two files are written to notes/a/index.html"


def test_a_page_and_a_file_at_one_place_mean_full_builds_until_one_is_gone(project: Project) -> None:
    project.write("docs/notes/a/index.html", "other")
    assert compare(project).reason == "two files are written to notes/a/index.html"
    (project.folder / "docs/notes/a.md").unlink()
    assert compare(project).full
    project.write("docs/notes/a/index.html", "another")
    assert rendered(project) == {"notes/a/index.html"}


def test_a_page_takes_the_place_of_a_file(project: Project) -> None:
    project.write("docs/notes/c", "a file")
    compare(project)
    (project.folder / "docs/notes/c").unlink()
    project.write("docs/notes/c.md", "# C")
    compare(project)


def test_forked_processes_make_the_same(project: Project) -> None:
    for number in range(120):
        project.write(f"docs/notes/n{number}.md", f"# N {number}\n\n[a](a.md#x) [m](n{number + 1}.md)\n")
    compare(project, jobs=3)
    project.write("docs/notes/n5.md", "# N 5\n")
    built = compare(project, jobs=3)
    assert built.written == {"notes/n5/index.html"}


def test_strict_counts_warnings_of_unchanged_pages_and_leaves_the_site(project: Project) -> None:
    before = (project.site / "guide/index.html").read_bytes()
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    with pytest.raises(Abort, match=r"Aborted with \d+ warnings in strict mode!"):
        project.build(strict=True)
    assert (project.site / "guide/index.html").read_bytes() == before
    built = compare(project)
    assert not built.full, built.reason


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(("place", "name"), [("docs", "page.md"), ("theme", "part.html")])
def test_an_edit_below_a_linked_folder_is_seen(project: Project, place: str, name: str) -> None:
    project.write("elsewhere/page.md", "# Page\n")
    project.write("elsewhere/part.html", "Part")
    project.write("theme/foot.html", "{% include 'linked/part.html' %}")
    (project.folder / "theme/linked").symlink_to(project.folder / "elsewhere")
    (project.folder / place / "linked").unlink(missing_ok=True)
    (project.folder / place / "linked").symlink_to(project.folder / "elsewhere")
    compare(project)
    assert unchanged(project.cache) is not None
    project.write(f"elsewhere/{name}", "# Said otherwise\n")
    assert unchanged(project.cache) is None
    compare(project)


def test_links_that_lead_in_a_circle_are_entered_once(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a")
    (tmp_path / "a/b/also").symlink_to(tmp_path / "a")
    found = {os.path.relpath(path, tmp_path) for path in tree(str(tmp_path))}
    assert found in (
        {".", "a", "a/b", "a/b/up", "a/b/also", f"a/b/{name}/b", f"a/b/{name}/b/up", f"a/b/{name}/b/also"}
        for name in ("up", "also")
    )

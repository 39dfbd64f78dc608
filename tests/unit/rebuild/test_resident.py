"""A build that stays in memory makes what changed, and goes on after errors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.config import load_config

from mlguide_site.rebuild.resident import Rebuilder
from unit.rebuild.projects import PAGES, Project, new_project, tree


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return new_project(tmp_path)


@pytest.fixture
def rebuilder(project: Project) -> Iterator[Rebuilder]:
    with Rebuilder(lambda: load_config(str(project.folder / "mkdocs.yml")), project.site, project.cache) as made:
        made.build()
        yield made


def test_each_edit_leaves_what_a_clean_build_would(project: Project, rebuilder: Rebuilder) -> None:
    edits = {
        "docs/guide.md": "# Guide\n\n## Part\n\nOther, see [a](notes/a.md#part).\n",
        "docs/notes/a.md": "---\ndescription: Second\n---\n# A\n\n## Else\n",
        "docs/img/i.png": "j",
        "docs/notes/b.md": "# Better\n\n[a](a.md#else)\n",
        "docs/notes/gone.md": "# Come\n",
        "docs/feed.txt": "{{ pages|length }}",
        "docs/index.md": "# Start\n",
        "theme/foot.html": "<hr>",
    }
    whole = {"theme/foot.html"}
    for path, text in edits.items():
        project.write(path, text)
        built = rebuilder.build()
        expected, warnings = project.build_clean()
        assert tree(project.site) == expected, path
        assert [message.text for message in built.messages] == warnings
        assert built.full == (path in whole), (path, built.why)
        assert not rebuilder.build().rendered
    (project.folder / "docs/notes/gone.md").unlink()
    project.settings(name="Other")
    assert rebuilder.build().full
    assert tree(project.site) == project.build_clean()[0]


def test_only_what_reads_the_edit_is_rendered(project: Project, rebuilder: Rebuilder) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    assert rebuilder.build().rendered == {"guide/index.html"}


def test_an_error_is_raised_and_the_next_build_goes_on(project: Project, rebuilder: Rebuilder) -> None:
    before = (project.site / "guide/index.html").read_bytes()
    project.write("docs/guide.md", "---\ntemplate: none.html\n---\n# Guide\n")
    with pytest.raises(Exception, match=r"none\.html"):
        rebuilder.build()
    assert (project.site / "guide/index.html").read_bytes() == before
    project.write("docs/guide.md", "# Guide again\n")
    built = rebuilder.build()
    assert not built.full
    assert tree(project.site) == project.build_clean()[0]


def test_an_edit_that_failed_is_taken_back(project: Project, rebuilder: Rebuilder) -> None:
    project.write("docs/guide.md", "---\ntitle: Failed\ntemplate: none.html\n---\n# Guide\n")
    with pytest.raises(Exception, match=r"none\.html"):
        rebuilder.build()
    project.write("docs/guide.md", PAGES["guide.md"])
    project.write("docs/list.md", "# Shows the navigation\n")
    rebuilder.build()
    assert tree(project.site) == project.build_clean()[0]


def test_what_is_known_at_the_end_serves_the_next_process(project: Project, rebuilder: Rebuilder) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    rebuilder.build()
    rebuilder.close()
    project.write("docs/guide.md", "# Guide\n\nThird.\n")
    built = project.build()
    assert built.rendered == {"guide/index.html"}, built.why
    assert tree(project.site) == project.build_clean()[0]


def test_pages_that_the_caller_names_are_made_at_once(project: Project, rebuilder: Rebuilder) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    built = rebuilder.rebuild(["guide.md"])
    assert built is not None
    assert built.rendered == {"guide/index.html"}
    assert not rebuilder.build().rendered
    assert tree(project.site) == project.build_clean()[0]
    # what it isn't told of it doesn't look at, until the next build
    project.write("docs/guide.md", "# Guide\n\nThird.\n")
    project.write("docs/notes/a.md", "# A\n\nOther.\n")
    built = rebuilder.rebuild(["guide.md"])
    assert built is not None
    assert built.rendered == {"guide/index.html"}
    assert "notes/a/index.html" in rebuilder.build().rendered
    assert tree(project.site) == project.build_clean()[0]


def test_what_it_cannot_make_at_once_is_left_alone(project: Project, rebuilder: Rebuilder) -> None:
    before = tree(project.site)
    assert rebuilder.rebuild(["none.md"]) is None
    (project.folder / "docs/guide.md").unlink()
    project.write("docs/new.md", "# New\n")
    assert rebuilder.rebuild(["new.md"]) is None
    assert tree(project.site) == before
    rebuilder.build()
    assert tree(project.site) == project.build_clean()[0]

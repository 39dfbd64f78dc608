"""Tests of plugins: known plugins give the same results as with MkDocs; other plugins cause a full build, with their
name as the reason."""

import logging
import time
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from incremental.projects import Project, compare, new_project
from mkdocs_incremental.builder import build
from mkdocs_incremental.unchanged import unchanged

MATERIAL = """\
site_name: Docs
site_url: https://docs.example/at/
theme: {name: material, font: false, features: [navigation.footer]}
nav: [index.md]
not_in_nav: "/notes/"
plugins: [search]
markdown_extensions: [toc: {permalink: true}, pymdownx.superfences, pymdownx.highlight]
"""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")


def test_materials_search(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("mkdocs.yml", MATERIAL)
    project.write("docs/index.md", "# Home\n\n```python\nx = 1\n```\n")
    for number in range(4):
        project.write(f"docs/notes/{number}.md", f"# N{number}\n\n## Part\n\nText.\n")
    assert compare(project).full
    edits = {
        "notes/1.md": "# N1\n\n## Part\n\nOther text.\n",
        "notes/2.md": "---\nsearch: {boost: 2}\n---\n# N2\n",
        "notes/3.md": "---\nsearch: {exclude: true}\n---\n# Other\n",
        "notes/4.md": "# N4\n",
        "index.md": "# Start\n",
    }
    for path, text in edits.items():
        project.write(f"docs/{path}", text)
        built = compare(project)
        assert not built.full, built.reason
    assert not compare(project).written
    (project.folder / "docs/notes/0.md").unlink()
    assert not compare(project).full


def test_materials_tags_mean_full_builds(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("mkdocs.yml", MATERIAL.replace("[search]", "[search, tags]"))
    project.write("docs/index.md", "---\ntags: [a]\n---\n# Home\n")
    assert compare(project).full
    assert "the plugin material/tags handles the event on_" in compare(project).reason


@pytest.fixture
def own_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use MkDocs' own search, even if the package of another engine has registered the same name."""
    known = dict(MkDocsConfig._schema)["plugins"].installed_plugins
    monkeypatch.setitem(known, "search", EntryPoint("search", "mkdocs.contrib.search:SearchPlugin", "mkdocs.plugins"))


@pytest.mark.usefixtures("own_search")
def test_mkdocs_own_search(tmp_path: Path) -> None:
    project = new_project(tmp_path, plugins="[search]")
    assert compare(project, jobs=2).full
    project.write("docs/notes/b.md", "# B\n\n## Other\n\nWords to find.\n")
    assert not compare(project).full
    assert not compare(project).written


@pytest.mark.parametrize(
    ("hook", "why"),
    [
        (
            "def on_page_markdown(markdown, **_):\n    return markdown + 'end'\n",
            "hook.py handles the event on_page_markdown",
        ),
        ("def on_env(env, **_):\n    env.globals['x'] = 1\n", "hook.py handles the event on_env"),
    ],
)
def test_hooks_that_may_do_anything_mean_full_builds(tmp_path: Path, hook: str, why: str) -> None:
    project = new_project(tmp_path)
    project.write("mkdocs.yml", (tmp_path / "mkdocs.yml").read_text() + "hooks: [hook.py]\n")
    project.write("hook.py", hook)
    for _ in range(2):
        built = compare(project)
        assert built.full
        assert why in built.reason
        assert unchanged(project.cache) is None


def test_hooks_that_say_that_they_keep_to_the_page_are_believed(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.write("mkdocs.yml", (tmp_path / "mkdocs.yml").read_text() + "hooks: [hook.py]\n")
    event = "def on_page_markdown(markdown, page, **_):\n    return markdown + page.file.src_uri\n"
    project.write("hook.py", f"incremental_events = ('page_markdown',)\n{event}")
    # files that are written while a build starts count as edited
    time.sleep(0.3)
    compare(project)
    project.write("docs/guide.md", "# Guide\n\nNew.\n")
    again = compare(project)
    assert again.written == {"guide/index.html"}, again.reason


def test_hooks_whose_files_are_seen_are_understood(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.write("mkdocs.yml", (tmp_path / "mkdocs.yml").read_text() + "hooks: [hook.py]\nwatch: [made.txt]\n")
    project.write(
        "hook.py",
        "incremental_events = ('files',)\nfrom pathlib import Path\nfrom mkdocs.structure.files import File\n\n\n"
        "def on_files(files, config):\n"
        "    text = (Path(config.config_file_path).parent / 'made.txt').read_text()\n"
        "    files.append(File.generated(config, 'notes/made.md', content=text))\n",
    )
    project.write("made.txt", "# Made\n\n[a](a.md)\n")
    compare(project)
    project.write("made.txt", "# Made\n\nOther.\n")
    assert unchanged(project.cache) is None
    assert "notes/made/index.html" in compare(project).written


@pytest.mark.parametrize(
    ("extension", "why"),
    [
        ("pymdownx.snippets", "the Markdown extension pymdownx.snippets is not supported: it may read other files"),
        (
            "markdown_extension_of_ones_own",
            "the Markdown extension markdown_extension_of_ones_own is not supported: it may read other files",
        ),
    ],
)
def test_extensions_that_may_read_anything_mean_full_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extension: str, why: str
) -> None:
    (tmp_path / "modules").mkdir()
    code = (
        "from markdown import Extension\n\n\nclass Own(Extension):\n    def extendMarkdown(self, md):\n        pass\n"
    )
    code += "\n\ndef makeExtension(**_):\n    return Own()\n"
    (tmp_path / "modules/markdown_extension_of_ones_own.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))
    project = new_project(tmp_path / "project")
    text = (project.folder / "mkdocs.yml").read_text()
    project.write("mkdocs.yml", text.replace("admonition,", f"admonition, {extension},"))
    assert compare(project).full
    assert compare(project).reason == why


def test_a_damaged_cache_is_told(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.write("cache/site.db", "no database, but something else that stood there")
    notices: list[str] = []
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    build(load_config(str(tmp_path / "mkdocs.yml")), project.site, project.cache, notice=notices.append)
    logging.getLogger("mkdocs").setLevel(logging.NOTSET)
    assert notices == ["site.db: cache ignored; rebuilding it (the cache is damaged)"]

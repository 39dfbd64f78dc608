"""What is found ahead of the `pre_build` event is used where that changed nothing of it, and only there."""

from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import Files

from mkdocs_incremental import ahead
from unit.rebuild.projects import Project, compare, new_project

HOOK = """\
from pathlib import Path

incremental_events = ()


def on_pre_build(config):
    folder = Path(config.config_file_path).parent
    {body}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return new_project(tmp_path, is_awaited=True)


@pytest.fixture
def found_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Noted each time that files are looked for, ahead or later."""
    noted: list[str] = []
    look = ahead.get_files

    def get_files(config: object) -> Files:
        noted.append("looked")
        files: Files = look(config)  # type: ignore[arg-type]
        return files

    monkeypatch.setattr(ahead, "get_files", get_files)
    return noted


def hooked(project: Project, body: str, name: str = "hook.py") -> None:
    project.write(name, HOOK.format(body=body))
    settings = project.folder / "mkdocs.yml"
    settings.write_text(f"{settings.read_text('utf-8')}\nhooks: [{name}]\n", "utf-8")


def test_what_was_found_is_used(project: Project, found_again: list[str]) -> None:
    built = project.build()
    assert found_again == ["looked"]
    assert "notes/a/index.html" in built.rendered


@pytest.mark.parametrize(
    "body",
    [
        "(folder / 'docs/notes/late.md').write_text('# Late')",
        "(folder / 'docs/img/late.png').write_text('late')",
        "(folder / 'docs/guide.md').rename(folder / 'docs/guide.txt') if (folder / 'docs/guide.md').exists() else 0",
        "(folder / 'theme/late.css').write_text('late')",
        "config.site_url = 'https://later.example/'",
        "config.use_directory_urls = False",
        "config.exclude_docs = type(config.not_in_nav).from_lines(['/notes/b.md'])",
        "config.not_in_nav = None",
        "config.nav = ['index.md']",
        "__import__('os').environ['SOURCE_DATE_EPOCH'] = '1600000000'",
        "config.repo_url, config.edit_uri = 'https://code.example/r', 'edit/'",
    ],
)
def test_what_a_hook_changes_is_found_anew(project: Project, found_again: list[str], body: str) -> None:
    hooked(project, body)
    built = project.build()
    assert found_again == ["looked", "looked"], built.why


@pytest.mark.parametrize(
    "body",
    [
        "(folder / 'docs/notes/late.md').write_text('# Late')",
        "(folder / 'theme/late.css').write_text('late')",
        "(folder / 'docs/guide.md').write_text('# Other')",
        "config.use_directory_urls = False",
        "config.not_in_nav = None",
    ],
)
def test_a_hook_has_the_last_word(project: Project, body: str) -> None:
    hooked(project, body)
    compare(project)
    for path in ("docs/notes/late.md", "theme/late.css"):
        (project.folder / path).unlink(missing_ok=True)
    compare(project)


def test_a_page_beside_the_navigation_has_the_title_that_it_is_given_there(project: Project) -> None:
    project.settings(nav="[index.md, {G: guide.md}, list.md, {Otherwise: /notes/a.md}, {More: [./notes/b.md]}]")
    assert compare(project).full
    assert b"Otherwise" in (project.site / "guide/index.html").read_bytes()
    project.write("docs/notes/late.md", "# Late")
    assert not compare(project).full
    project.write("docs/notes/late.md", "# Later")
    assert not compare(project).full
    (project.folder / "docs/notes/late.md").unlink()
    assert not compare(project).full


def test_what_is_below_a_linked_folder_is_found(project: Project, found_again: list[str]) -> None:
    outside = project.folder / "outside"
    outside.mkdir()
    (project.folder / "docs/ext").symlink_to(outside)
    hooked(project, "(folder / 'outside/late.md').write_text('# Late')")
    built = project.build()
    assert len(found_again) == 2
    assert "ext/late/index.html" in built.rendered


def test_a_file_that_comes_and_goes_is_not_found_ahead(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    look = ahead.get_files

    def get_files(config: object) -> Files:
        project.write("docs/notes/.a.md.1.new", "half")
        files: Files = look(config)  # type: ignore[arg-type]
        (project.folder / "docs/notes/.a.md.1.new").unlink()
        return files

    monkeypatch.setattr(ahead, "get_files", get_files)
    assert ahead.look_ahead(load_config(str(project.folder / "mkdocs.yml"))) is None


def test_a_locale_without_a_translation_is_told_once(project: Project) -> None:
    settings = project.folder / "mkdocs.yml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("name: null,", "name: null, locale: de,"), "utf-8")
    compare(project)
    compare(project)


def test_a_word_of_the_engine_is_said_once(project: Project, found_again: list[str]) -> None:
    project.write("docs/notes/README.md", "# Read me")
    project.write("docs/notes/index.md", "# Index")
    compare(project)
    assert len(found_again) == 2


@pytest.mark.parametrize("event", ["files", "nav"])
def test_where_a_hook_has_a_say_nothing_is_found_ahead(project: Project, event: str) -> None:
    hooked(project, "pass")
    hook = project.folder / "hook.py"
    hook.write_text(hook.read_text("utf-8") + f"\n\ndef on_{event}({event}, **_):\n    return {event}\n", "utf-8")
    config = load_config(str(project.folder / "mkdocs.yml"))
    assert ahead.look_ahead(config) is None

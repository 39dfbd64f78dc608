"""Tests of `init --host` and `init --update`: which files are written, and how new versions are merged."""

from pathlib import Path

import pytest

from conftest import tree
from mlguide_site.editing import hosting
from mlguide_site.editing.hosting import RECORD, Hosting, choose_hosting
from mlguide_site.editing.scaffold import init_root, update_root
from mlguide_site.errors import ContentError, ResourceError, UsageError

ACTION = "o/r@1234567123456712345671234567123456712345"
SYNC = ".github/workflows/sync.yml"
LINKS = ".github/workflows/links.yml"


@pytest.fixture(autouse=True)
def unknown_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "_installed_from", lambda: "")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    init_root(tmp_path / "kb", "Title", "", None, choose_hosting(tmp_path, "github", ACTION))
    return tmp_path / "kb"


def change(root: Path, old: str, new: str, path: str = SYNC) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), "utf-8")


REMOTES = [
    ("https://github.com/o/r.git", "github"),
    ("git@github.com:o/gitlab.git", "github"),
    ("ssh://git@gitlab.example.org:22/o/r", "gitlab"),
    ("https://user:word@gitlab.com/o/github", "gitlab"),
    ("https://code.example/github/github.git", "none"),
    ("/srv/git/github.com/r.git", "none"),
]


@pytest.mark.parametrize(("url", "host"), REMOTES)
def test_the_remote_names_the_host(tmp_path: Path, url: str, host: str) -> None:
    (tmp_path / ".git").mkdir()
    text = f'[core]\n\tbare = false\n[remote "other"]\n\turl = x\n[remote "origin"]\n\tfetch = +\n\turl = {url}\n'
    (tmp_path / ".git/config").write_text(text)
    assert choose_hosting(tmp_path, None, ACTION).host == host


def test_without_a_remote_there_is_no_host(tmp_path: Path) -> None:
    assert choose_hosting(tmp_path, None, "") == Hosting()


@pytest.mark.parametrize(
    "action", ["", "o/r", "o/r@", "$(x)/r@1", "o/r@1 2", "o@1", "../r@1\n", "o/r@main", "o/r@v1.0"]
)
def test_workflows_need_the_repository_of_the_program(tmp_path: Path, action: str) -> None:
    with pytest.raises(UsageError, match="--action OWNER/REPO@COMMIT"):
        choose_hosting(tmp_path, "github", action)


@pytest.mark.parametrize("host", ["none", "github", "gitlab"])
def test_an_update_of_the_same_version_changes_nothing(tmp_path: Path, host: str) -> None:
    init_root(tmp_path, "Title", "", None, choose_hosting(tmp_path, host, ACTION))
    before = tree(tmp_path)
    assert update_root(tmp_path, None, "") == ([], [], [])
    assert tree(tmp_path) == before
    assert (SYNC in before) == (host == "github") and (".gitlab-ci.yml" in before) == (host == "gitlab")


def test_edits_and_new_versions_are_merged(root: Path) -> None:
    change(root, '"23 4 * * *"', '"1 1 * * *"')
    change(root, "Title", "My title", "README.md")
    changes, conflicts, _ = update_root(root, None, "o/r@7654321765432176543217654321765432176543")
    assert f"updated: {SYNC}" in changes and "updated: README.md" not in changes and not conflicts
    text = (root / SYNC).read_text("utf-8")
    assert '"1 1 * * *"' in text and "uses: o/r@7654321765432176543217654321765432176543\n" in text
    before = tree(root)
    assert update_root(root, None, "") == ([], [], [])
    assert tree(root) == before


def test_pins_that_a_bot_changed_are_kept(root: Path) -> None:
    change(root, "actions/checkout@11d5960a326750d5838078e36cf38b85af677262 # v4.4.0", "actions/checkout@12 # v9.0.0")
    change(root, ACTION, "o/r@2222222222222222222222222222222222222222")
    assert update_root(root, None, "o/r@3333333333333333333333333333333333333333").conflicts == []
    text = (root / SYNC).read_text("utf-8")
    assert "actions/checkout@12 # v9.0.0" in text and "o/r@2222222222222222222222222222222222222222" in text


def test_a_conflict_is_reported_once_and_other_lines_are_updated(root: Path) -> None:
    text = (root / LINKS).read_text("utf-8").replace(f"uses: {ACTION}", f"uses: mine/{ACTION}", 1)
    (root / LINKS).write_text(text, "utf-8")
    other = ACTION[:-3] + "321"
    assert update_root(root, None, other).conflicts == [
        f"{LINKS}: you and the new version changed the same lines; yours are kept, and all other lines are updated",
        f"  yours:       - uses: mine/{ACTION}",
        f"  new:         - uses: {other}",
    ]
    after = text.replace(f"uses: {ACTION}", f"uses: {other}")
    assert (root / LINKS).read_text("utf-8") == after != text
    assert update_root(root, None, other) == ([], [], [])
    assert (root / LINKS).read_text("utf-8") == after


def test_deleted_files_stay_deleted_and_new_files_are_added(root: Path) -> None:
    (root / SYNC).unlink()
    assert update_root(root, None, "o/r@7654321765432176543217654321765432176543").conflicts == []
    assert not (root / SYNC).exists()
    (root / RECORD).unlink()
    assert f"added: {SYNC}" in update_root(root, "github", ACTION).changes


def test_another_host_replaces_the_files_that_nobody_edited(root: Path) -> None:
    change(root, '"23 4 * * *"', '"1 1 * * *"')
    changes = update_root(root, "gitlab", "").changes
    assert "added: .gitlab-ci.yml" in changes and "removed: .github/workflows/publish.yml" in changes
    assert (root / SYNC).exists()
    assert [one for one in changes if SYNC in one] == [
        f"kept, because you edited it: {SYNC}; delete it if you don't need it"
    ]
    update_root(root, "none", "")
    assert not (root / ".gitlab").exists() and (root / SYNC).exists()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_host_that_is_added_later_sets_the_addresses(tmp_path: Path, ending: str) -> None:
    init_root(tmp_path / "early", "Title", "", None, choose_hosting(tmp_path, "github", ACTION))
    init_root(tmp_path / "late", "Title", "", None)
    settings = tmp_path / "late/mkdocs.yml"
    settings.write_bytes(settings.read_bytes().replace(b"\n", ending.encode()))
    assert "updated: mkdocs.yml" in update_root(tmp_path / "late", "github", ACTION).changes
    early = (tmp_path / "early/mkdocs.yml").read_text("utf-8")
    early = early.replace("\n# the workflow that publishes the site sets the address", "")
    assert settings.read_bytes().decode() == early.replace("\n", ending)
    assert update_root(tmp_path / "late", None, "") == ([], [], [])


def test_addresses_that_a_person_changed_are_reported(tmp_path: Path) -> None:
    init_root(tmp_path / "kb", "Title", "https://a.example/", None)
    change(
        tmp_path / "kb", "# edit_url: https://github.com/owner", "# edit_url: https://github.com/o/owner", "mkdocs.yml"
    )
    before = (tmp_path / "kb/mkdocs.yml").read_bytes()
    changes, _, missing = update_root(tmp_path / "kb", "github", ACTION)
    assert missing == ["edit_url"]
    assert "updated: mkdocs.yml" not in changes and (tmp_path / "kb/mkdocs.yml").read_bytes() == before


def test_an_update_that_fails_changes_nothing(root: Path) -> None:
    (root / "README.md").write_bytes(b"\xff\xfe")
    before = {path: data for path, data in tree(root).items() if path != ".mlguide/lock"}
    with pytest.raises(ContentError, match=r"README\.md"):
        update_root(root, None, "o/r@" + "7" * 40)
    assert {path: data for path, data in tree(root).items() if path in before} == before


def test_an_update_is_undone_if_a_file_changes_meanwhile(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = tree(root), hosting.read_bytes
    monkeypatch.setattr(hosting, "read_bytes", lambda path: real(path) + b"more\n" * (path.name == "README.md"))
    with pytest.raises(ResourceError, match=r"README\.md: the file has just been changed by another program"):
        update_root(root, "gitlab", "")
    assert tree(root) == before
    monkeypatch.undo()
    assert "added: .gitlab-ci.yml" in update_root(root, "gitlab", "").changes


@pytest.mark.parametrize("text", ["", "{}", '{"title": 1}', '{"host": "x", "title": "T", "files": {}}'])
def test_a_damaged_record_is_reported(root: Path, text: str) -> None:
    (root / RECORD).write_text(text)
    with pytest.raises(ContentError, match="not a record of init"):
        update_root(root, None, "")


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/x", ".git/../../x"])
def test_a_record_reaches_no_file_outside(root: Path, path: str) -> None:
    record = (root / RECORD).read_text("utf-8")
    (root / RECORD).write_text(record.replace('"README.md"', f'"{path}"'), "utf-8")
    (root.parent / "outside.txt").write_text("")
    with pytest.raises(ContentError):
        update_root(root, None, "")
    assert (root.parent / "outside.txt").exists()


def test_a_program_in_the_record_is_checked(root: Path) -> None:
    change(
        root, "https://github.com/o/r@1234567123456712345671234567123456712345", "https://github.com/o/r@1 $(x)", RECORD
    )
    with pytest.raises(UsageError, match="--action"):
        update_root(root, None, "")

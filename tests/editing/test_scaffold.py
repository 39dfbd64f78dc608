"""Tests of new roots, notes and entries: they are complete, and never overwrite existing files."""

from datetime import date

import pytest
import yaml

from conftest import write_files
from mlguide_site.content.load import load
from mlguide_site.content.resources import known_language
from mlguide_site.content.root import read_root
from mlguide_site.editing import scaffold
from mlguide_site.editing.scaffold import init_root, new_entry, new_episode, next_episode, root_files
from mlguide_site.errors import ContentError, ResourceError, UsageError

NEW = "new:\n  name: New\n  summary: ''\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", NEW),
        ("# about\n", f"# about\n\n{NEW}"),
        ("{}\n", NEW),
        ("b:\n  name: B\na:\n  name: A # kept", f"b:\n  name: B\na:\n  name: A # kept\n\n{NEW}"),
        ("a:\r\n  name: A\r\n\r\n", "a:\r\n  name: A\r\n\r\n" + NEW.replace("\n", "\r\n")),
    ],
)
def test_an_entry_goes_behind_all_others(tmp_path, text, expected):
    path = tmp_path / "knowledge/topics.yml"
    path.parent.mkdir()
    path.write_bytes(text.encode())
    new_entry(tmp_path, load({}).catalog, "topic", "New")
    assert path.read_bytes().decode() == expected


@pytest.mark.parametrize("text", ["{a: {name: A}}\n", "a: [\n", "- a\n"])
def test_a_file_that_takes_no_entry_is_refused(tmp_path, text):
    path = tmp_path / "knowledge/topics.yml"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ContentError):
        new_entry(tmp_path, load({}).catalog, "topic", "New")
    assert path.read_text() == text


@pytest.mark.parametrize("title", ["Plain", "Colon: and # and 'quote'", "{{ braces }}", "yes", "Größe 🎧"])
def test_any_title_makes_a_readable_root(title):
    files = root_files(title, "https://a.example/b/")
    assert yaml.safe_load(files["mkdocs.yml"])["site_name"] == title
    assert yaml.safe_load(files["mkdocs.yml"])["site_url"] == "https://a.example/b/"
    assert title in files["README.md"].decode()
    assert load({path: data for path, data in files.items() if path.startswith("knowledge/")}).problems == ()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mkdocs.yml").write_text("mine")
    with pytest.raises(UsageError, match=r"the folder contains mkdocs\.yml; add --update"):
        init_root(tmp_path, "Title", "", None)
    assert [path.name for path in tmp_path.iterdir()] == ["mkdocs.yml"]


DAY = date(2026, 5, 4)


@pytest.fixture
def root(tmp_path):
    init_root(tmp_path, "Title", "", None)
    return tmp_path


def catalog(root):
    loaded = load(read_root(root).texts, drafts=True)
    assert loaded.problems == ()
    return loaded.catalog


def test_new_notes_and_entries_are_valid_and_numbered(root):
    assert new_entry(root, catalog(root), "series", "My Show")[1] == "my-show"
    assert new_episode(root, catalog(root), "my-show", "First: one", DAY)[0] == "episodes/my-show/my-show-001.md"
    (root / "episodes/my-show/my-show-007.md").write_text("broken, but its number is taken")
    assert new_episode(root, load(read_root(root).texts).catalog, "my-show", "Next", DAY)[1] == "my-show-008"
    (root / "episodes/my-show/my-show-007.md").rename(root / "episodes/my-show/my-show-12.md")
    assert next_episode(root, "my-show")[1] == "my-show-013"
    (root / "episodes/my-show/my-show-12.md").unlink()
    for kind in ("topic", "tool", "resource", "term", "person"):
        new_entry(root, catalog(root), kind, f"A {kind}")
    assert catalog(root).tools["a-tool"].name == "A tool"


def test_a_series_cannot_have_the_slug_of_a_kind(root):
    with pytest.raises(UsageError, match="mlguide new tool adds a tool; add a word"):
        new_entry(root, catalog(root), "series", "Tool")


def test_a_title_that_an_episode_of_the_series_has_is_refused(root):
    new_entry(root, catalog(root), "series", "Show")
    new_entry(root, catalog(root), "series", "Other")
    new_episode(root, catalog(root), "show", "Looms and wool", DAY)
    with pytest.raises(ContentError) as error:
        new_episode(root, catalog(root), "show", "looms  and Wool", DAY)
    assert str(error.value) == (
        'episodes/show/show-001.md:3:8: the episode "show-001" already has this title;'
        " edit that note, or choose another title"
    )
    assert new_episode(root, catalog(root), "other", "Looms and wool", DAY)[1] == "other-001"


def test_the_latest_season_goes_on(root):
    new_entry(root, catalog(root), "series", "Show")
    (root / "episodes/show").mkdir(parents=True)
    for name in ("show-005", "show-s2-001", "show-s2-002", "show-trailer"):
        (root / f"episodes/show/{name}.md").write_text(f"---\nid: {name}\ntitle: T\n---\n")
    assert new_episode(root, catalog(root), "show", "Next", DAY)[1] == "show-s2-003"


def test_a_series_whose_id_looks_like_a_season_keeps_its_numbers(root):
    new_entry(root, catalog(root), "series", "Show")
    new_entry(root, catalog(root), "series", "Show S2")
    write_files(root, {f".mlguide/imported/show-s2-{number:03}.json": "{}" for number in (3, 4)})
    assert next_episode(root, "show")[1] == "show-001"


def test_a_folder_in_use_and_a_file_are_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"the folder contains notes\.txt"):
        init_root(tmp_path, "Title", "", None)
    with pytest.raises(UsageError, match="this is a file"):
        init_root(tmp_path / "notes.txt", "Title", "", None)


def test_entries_go_into_the_root_alone(root, tmp_path):
    outside = tmp_path.with_name("outside.yml")
    outside.write_text("kept: {name: Kept}\n")
    (root / "knowledge/tools.yml").unlink()
    (root / "knowledge/tools.yml").symlink_to(outside)
    with pytest.raises(ContentError, match="symbolic link"):
        new_entry(root, load({}).catalog, "tool", "Docker")
    assert outside.read_text() == "kept: {name: Kept}\n"


def test_a_byte_order_mark_is_kept(root):
    path = root / "knowledge/tools.yml"
    path.write_bytes(b"\xef\xbb\xbfdocker:\n  name: Docker\n")
    new_entry(root, catalog(root), "tool", "Pandas")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfdocker:\n  name: Docker\n\npandas:")


def test_the_address_of_a_site_is_an_address(tmp_path):
    with pytest.raises(UsageError, match='"nonsense" is not the address'):
        init_root(tmp_path / "kb", "T", "nonsense", None)


def test_nothing_is_left_of_a_root_whose_feed_is_missing(tmp_path):
    with pytest.raises(ContentError, match="no such file"):
        init_root(tmp_path / "kb", None, "", str(tmp_path / "none.xml"))
    assert not (tmp_path / "kb").exists()


def test_a_new_repository_keeps_its_files(tmp_path):
    (tmp_path / ".git").mkdir()
    for name in ("README.md", ".gitignore"):
        (tmp_path / name).write_text("mine\n")
    with pytest.raises(ContentError, match="no such file"):
        init_root(tmp_path, None, "", str(tmp_path / "none.xml"))
    assert (tmp_path / ".git").is_dir() and (tmp_path / "README.md").read_text() == "mine\n"
    created, _ = init_root(tmp_path, None, "", None)
    assert "mkdocs.yml" in created and "README.md" not in created
    assert {(tmp_path / name).read_text() for name in ("README.md", ".gitignore")} == {"mine\n"}


def test_a_name_that_is_taken_is_refused_with_its_place(root):
    new_entry(root, catalog(root), "tool", "Docker")
    with pytest.raises(ContentError, match=r'knowledge/tools.yml:4:1: the tool "Docker" already has this name'):
        new_entry(root, catalog(root), "tool", "DOCKER")
    assert [new_entry(root, catalog(root), "tool", name)[1] for name in ("C++", "C#")] == ["c-plus-plus", "c-sharp"]
    new_entry(root, catalog(root), "tool", "朱")
    with pytest.raises(ContentError, match=r"has this slug .*, or add yours to knowledge/tools.yml with another"):
        new_entry(root, catalog(root), "tool", "猪")


def test_an_entry_with_an_error_is_refused_with_its_place(root):
    (root / "knowledge/tools.yml").write_text("floor-loom:\n  name: Floor Loom\n  catgory: Looms\n")
    found = load(read_root(root).texts, drafts=True).catalog
    with pytest.raises(
        ContentError, match=r'tools\.yml:1:1: the tool "floor-loom" is already in this file, but has an'
    ):
        new_entry(root, found, "tool", "Floor Loom")
    assert new_entry(root, found, "term", "Floor Loom")[1] == "floor-loom"


def test_an_unknown_series_is_refused(root):
    with pytest.raises(UsageError, match='did you mean "tool"'):
        new_episode(root, catalog(root), "tol", "Title", DAY)


def test_a_root_made_from_a_feed_says_what_the_show_is_and_shows_what_there_is(tmp_path, feed) -> None:
    made = tmp_path / "kb"
    init_root(made, None, "", str(feed))
    settings = yaml.safe_load((made / "mkdocs.yml").read_text("utf-8"))
    assert settings["site_name"] == "Bridges and Tunnels"
    assert settings["site_description"] == "How crossings are planned, built and kept."


@pytest.mark.parametrize(
    ("tag", "language", "first"),
    [("de-DE", "de", "Start"), ("pt_br", "pt-BR", "Home"), ("he", "he", "Home"), ("tlh", "en", "Home")],
)
def test_a_root_made_from_a_feed_is_in_its_language(tmp_path, feed, tag, language, first) -> None:
    feed.write_text(feed.read_text("utf-8").replace("<language>en<", f"<language>{tag}<"), "utf-8")
    init_root(tmp_path / "kb", None, "", str(feed))
    text = (tmp_path / "kb/mkdocs.yml").read_text("utf-8")
    settings = yaml.safe_load(text)
    assert settings["theme"]["language"] == language
    assert next(iter(settings["nav"][0])) == first
    assert ("tlh, which the theme doesn't support" in text) == (tag == "tlh")


def test_the_main_language_is_that_of_most_series() -> None:
    notes = {"a": ["de"] * 5, "b": ["en-gb"], "c": ["en-us", "en-us", "fr"]}
    texts = {"knowledge/series.yml": "".join(f"{name}: {{title: {name}}}\n" for name in notes)}
    for name, tags in notes.items():
        for at, tag in enumerate(tags, 1):
            texts[f"episodes/{name}/{name}-{at:03}.md"] = f"---\ntitle: T\nlanguage: {tag}\n---\n"
    catalog = load({path: text.encode() for path, text in texts.items()}).catalog
    settings = yaml.safe_load(root_files("T", catalog=catalog)["mkdocs.yml"])
    assert settings["theme"]["language"] == "en"


def test_an_atom_feed_gives_its_language_too(tmp_path) -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Tunnel</title><id>t</id><entry>'
        "<id>1</id><title>Un</title><updated>2025-03-03T06:00:00Z</updated><content>Le roc.</content></entry></feed>"
    )
    (tmp_path / "feed.xml").write_text(text, "utf-8")
    init_root(tmp_path / "kb", None, "", str(tmp_path / "feed.xml"))
    assert yaml.safe_load((tmp_path / "kb/mkdocs.yml").read_text("utf-8"))["theme"]["language"] == "fr"


@pytest.mark.parametrize(
    ("tag", "known"),
    [("zh-Hant-HK", "zh-Hant"), ("zh-CN", "zh"), ("xx", ""), ("", "")],
)
def test_a_language_is_known_by_its_tag_or_what_is_left_of_it(tag, known) -> None:
    assert known_language(tag) == known


def test_init_keeps_the_readme_of_a_root_without_settings(tmp_path):
    init_root(tmp_path / "kb", "Looms", "", None)
    (tmp_path / "kb/mkdocs.yml").unlink()
    (tmp_path / "kb/README.md").write_text("My own words.\n")
    init_root(tmp_path / "kb", "Looms", "", None)
    assert (tmp_path / "kb/README.md").read_text() == "My own words.\n"
    assert (tmp_path / "kb/mkdocs.yml").exists()


def test_an_edit_while_an_entry_is_added_is_kept(root, monkeypatch):
    tools = root / "knowledge/tools.yml"
    add = scaffold.with_entries

    def edited(*values):
        added = add(*values)
        tools.write_text("mine: {name: Mine}\n", "utf-8")
        return added

    monkeypatch.setattr(scaffold, "with_entries", edited)
    with pytest.raises(ResourceError, match="changed"):
        new_entry(root, load(read_root(root).texts).catalog, "tool", "Kubernetes")
    assert tools.read_text("utf-8") == "mine: {name: Mine}\n"


def test_no_entry_is_added_to_a_file_whose_lines_end_in_carriage_returns(root):
    (root / "knowledge/tools.yml").write_bytes(b"mine:\r  name: Mine\r")
    with pytest.raises(ContentError, match="can't be added"):
        new_entry(root, load(read_root(root).texts).catalog, "tool", "Kubernetes")


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://x.example/", "https://x.example/a b", "https://x.example/?a", "https://x.example/#a"]
)
def test_an_address_that_check_refuses_is_refused_at_once(tmp_path, url):
    with pytest.raises(UsageError, match="is not the address of a site; write a full address"):
        init_root(tmp_path / "kb", "T", url, None)
    assert not (tmp_path / "kb").exists()


@pytest.mark.parametrize(
    "left",
    [
        ["episodes/my-show/my-show-003.vtt"],
        ["episodes/my-show/my-show-003/mill.png"],
        [".mlguide/imported/my-show-003.json"],
        ["episodes/my-show/my-show-002.chapters.json", ".mlguide/imported/my-show-003.json"],
    ],
)
def test_a_new_note_does_not_get_the_id_of_a_deleted_episode(root, left):
    new_entry(root, catalog(root), "series", "My Show")
    write_files(root, {"episodes/my-show/my-show-002.md": "---\ntitle: Two\n---\n", **dict.fromkeys(left, "{}")})
    with pytest.raises(ContentError, match=r'deleted episode with the id "my-show-003"; move or remove it'):
        next_episode(root, "my-show", 3)
    assert next_episode(root, "my-show")[1] == "my-show-004"

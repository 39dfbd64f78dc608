"""Tests of episode tags: they name entries, and are shown on pages and published in feeds and data."""

import json

import pytest

from labels import Settings
from mlguide_site.linking.tags import name_key
from mlguide_site.merge.run import run_import
from mlguide_site.model.records import Kind
from mlguide_site.pages.site import Site
from mlguide_site.pipeline import build, examine
from mlguide_site.publish.machine_files import site_files

FEED = """<rss version="2.0"><channel><title>Bench</title>
<item><title>Planes</title><guid>1</guid><pubDate>Tue, 09 Jan 2024 08:30:00 GMT</pubDate>
<category>{first}</category><category>Work Benches</category><description>We talk.</description></item>
</channel></rss>"""


@pytest.mark.parametrize(
    ("name", "other", "key"),
    [
        ("Scikit-Learn", "scikit learns", "scikitlearn"),
        ("LSTMs", "LSTM", "lstm"),
        ("C++", "c++", "c++"),
        ("AWS", "aws", "aws"),
        ("#Policies", "policy", "policie"),
        ("DATABASES", "database", "database"),
        ("boxes", "box", "box"),
        ("physics", "Physics", "physics"),
        ("cafe\u0301", "caf\u00e9", "caf\u00e9"),
        ("❤️ 🎧", "", ""),
    ],
)
def test_spellings_of_a_name_have_the_same_key(name, other, key):
    assert (name_key(name), name_key(other)) == (key, key)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nplugins: [mlguide]\n")
    (tmp_path / "feed.xml").write_text(FEED.format(first="Hand-Tools &amp; &lt;b&gt;"))
    run_import(tmp_path, [str(tmp_path / "feed.xml")])
    return tmp_path


@pytest.mark.parametrize(
    ("file", "entry", "named"),
    [
        ("topics", "benches: {name: Workbench}", (Kind.TOPIC, "benches")),
        ("topics", "b: {name: Furniture, aliases: [WORK-BENCH]}", (Kind.TOPIC, "b")),
        ("tools", "w: {name: work benches}", (Kind.TOOL, "w")),
        ("topics", "w: {name: Work}", None),
    ],
)
def test_an_episode_counts_for_the_entry_that_its_tag_names(root, file, entry, named):
    (root / f"knowledge/{file}.yml").write_text(f"{entry}\n")
    found = examine(root).linked.episodes_of
    assert [key for key, ids in found.items() if ids] == ([named] if named else [])


@pytest.mark.parametrize(("kind", "author"), [("podcast", "guest"), ("log", "author")])
def test_hosts_keep_their_role_in_episodes_that_give_them_none(tmp_path, kind, author):
    people = {"ann": "Host", "bo": "weaver", "cy": "author", "di": "host"}
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nplugins: [mlguide]\n")
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge/series.yml").write_text(f"a: {{title: A, kind: {kind}}}\n")
    lines = (f"{slug}: {{name: {slug.title()}, role: {role}}}\n" for slug, role in people.items())
    (tmp_path / "knowledge/people.yml").write_text("".join(lines))
    (tmp_path / "episodes/a").mkdir(parents=True)
    given = "[{person: ann}, {person: bo}, {person: cy}, {person: di, role: guest}]"
    (tmp_path / "episodes/a/a-001.md").write_text(f"---\nid: a-001\ntitle: T\npeople: {given}\n---\n\nText.\n")
    found = examine(tmp_path).linked.episodes["a-001"].file.meta.people
    assert [one.role for one in found] == ["host", "guest", author, "guest"]


def test_an_episode_has_the_topics_that_its_tags_name(root):
    (root / "knowledge/topics.yml").write_text(
        "bench: {name: Work Bench, goals: [career]}\nhand: {name: Hand tools & b}\n"
    )
    note = next((root / "episodes/bench").glob("*.md"))
    note.write_text(note.read_text("utf-8").replace("\n---\n", "\ntopics: [hand]\n---\n", 1), "utf-8")
    linked = examine(root).linked
    (file,) = linked.catalog.episodes.values()
    assert file.meta.topics == ("hand", "bench")
    assert Site(linked, Settings("T"), lambda _: "").goals == {file.id: {"career"}}


def test_a_tag_counts_for_few_entries_with_its_name(root):
    entries = "".join(f"t{at:03}: {{name: Tool {at}, aliases: [Workbench]}}\n" for at in range(30))
    (root / "knowledge/tools.yml").write_text(entries)
    found = examine(root).linked.episodes_of
    assert [slug for (_, slug), ids in found.items() if ids] == [f"t{at:03}" for at in range(20)]


@pytest.mark.parametrize(
    ("tag", "name", "is_same"),
    [
        ("Mu\u0308sli", "M\u00fcsli", True),
        ("M\u00fcsli", "MU\u0308SLI", True),
        ("\u092e\u093f\u0932", "\u092e\u0932", False),
        ("\u0e2a\u0e35", "\u0e2a\u0e35\u0e48", False),
        ("\U0001f3a7", "\u2764\ufe0f", False),
        ("\u2764\ufe0f", "\u2600\ufe0f", False),
    ],
)
def test_tags_are_compared_by_their_letters_and_marks(root, tag, name, is_same):
    (root / "feed.xml").write_text(FEED.format(first=tag), "utf-8")
    run_import(root, [str(root / "feed.xml")])
    (root / "knowledge/topics.yml").write_text(f"t: {{name: {name}}}\n", "utf-8")
    assert any(examine(root).linked.episodes_of.values()) is is_same


def test_tags_are_shown_searchable_and_published(root):
    built = build(root, Settings("T", site_url="https://t.example/"))
    page = next((root / "build/pages/episodes/bench").glob("bench-*.md")).read_text("utf-8")
    line = next(line for line in page.splitlines() if "Work Benches" in line and "Tags" in line)
    assert line == '<p class="mg-note">Tags: Hand-Tools &amp; &lt;b&gt;, Work Benches</p>'
    files = site_files(built.linked, built.settings)
    assert json.loads(files["catalog.json"]())["episodes"][0]["tags"] == ["Hand-Tools & <b>", "Work Benches"]
    assert b"<category>Work Benches</category>" in files["feed.xml"]()


def test_a_new_import_updates_tags_and_keeps_edited_ones(root):
    note = next((root / "episodes/bench").glob("*.md"))
    before = note.read_text("utf-8")
    (root / "feed.xml").write_text(FEED.format(first="Saws"))
    run_import(root, [str(root / "feed.xml")])
    assert "tags: [Saws, Work Benches]" in note.read_text("utf-8")
    note.write_text(before.replace("Work Benches", "Mine"), "utf-8")
    run_import(root, [str(root / "feed.xml")])
    assert "Mine" in note.read_text("utf-8")

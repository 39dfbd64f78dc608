"""Tests of topics and tools that `init --feed` and `suggest` add, as users run the commands."""

import json
import random
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest
import yaml
from rapidfuzz.distance import OSA

from conftest import run_command

SYLLABLES = "ba co di fe gra hol in jun ka lo mer no op pra qui ro sta tra un ver wo xe yo zan".split()
NOTES = """We use <a href="https://loomdb.example/docs">LoomDB</a> with our guest
<a href="https://annarcher.example">Ann Archer</a>."""


def write_feed(path: Path, tags: Sequence[Sequence[str]]) -> str:
    """Write a feed with an episode for each list of tags. Return the name of the file."""
    items = "".join(
        f"<item><title>Talk {number}</title><guid>g{number}</guid><itunes:episode>{number}</itunes:episode>"
        f"<description>{escape(NOTES)}</description><itunes:keywords>{escape(','.join(own))}</itunes:keywords></item>"
        for number, own in enumerate(tags, 1)
    )
    path.write_text(
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f"<title>Grand Tour Radio</title><itunes:author>Jo Weaver</itunes:author>{items}</channel></rss>"
    )
    return path.name


@pytest.fixture
def feed(tmp_path: Path) -> str:
    tags = ["natural dyes,podcast,LoomDB", "Natural-Dye,GTR", "natural dyes,wool", "wools", "natrual dyes", "silk"]
    return write_feed(tmp_path / "feed.xml", [text.split(",") for text in [*tags, *["talk"] * 6]])


def entries(root: Path, name: str) -> dict[str, dict[str, object]]:
    return yaml.safe_load((root / f"knowledge/{name}.yml").read_text()) or {}


def test_a_new_root_has_the_topics_and_tools_of_the_feed(tmp_path: Path, feed: str) -> None:
    made = run_command("mlguide", "init", "kb", "--feed", feed, cwd=tmp_path)
    root = tmp_path / "kb"
    assert "added: 1 to knowledge/tools.yml, 2 to knowledge/topics.yml\n" in made.stderr
    assert entries(root, "topics") == {
        "natural-dyes": {"name": "Natural dyes", "aliases": ["natrual dyes"]},
        "wool": {"name": "Wool"},
    }
    assert entries(root, "tools") == {"loomdb": {"name": "LoomDB", "homepage": "https://loomdb.example/"}}
    knowledge = {path.name: path.read_bytes() for path in (root / "knowledge").iterdir()}
    # all certain names are added
    assert "; next: mlguide suggest --accept 1\n" in run_command("mlguide", "suggest", cwd=root).stderr
    assert "added: nothing; next: mlguide check\n" in run_command("mlguide", "suggest", "--accept-all", cwd=root).stderr
    assert {path.name: path.read_bytes() for path in (root / "knowledge").iterdir()} == knowledge
    run_command("mlguide", "check", "--strict", cwd=root)
    run_command("mlguide", "build", "--strict", cwd=root)
    page = (root / "site/topics/natural-dyes/index.html").read_text()
    assert all(f"Talk {number}<" in page for number in (1, 2, 3, 5)) and "Talk 4<" not in page


@pytest.mark.parametrize(("curate", "expected"), [("none", {}), ("review", {"name": "Wool", "status": "draft"})])
def test_names_of_a_feed_can_be_reviewed_or_left_out(tmp_path: Path, feed: str, curate: str, expected: object) -> None:
    run_command("mlguide", "init", "kb", "--feed", feed, "--curate", curate, cwd=tmp_path)
    assert entries(tmp_path / "kb", "topics").get("wool", {}) == expected


def test_topics_are_listed_with_their_variants_and_accepted_by_number(tmp_path: Path, feed: str) -> None:
    run_command("mlguide", "init", "kb", "--feed", feed, "--curate", "none", cwd=tmp_path)
    root = tmp_path / "kb"
    listed = run_command("mlguide", "suggest", "topics", cwd=root)
    assert listed.stdout == (
        "  1  topic     Natural dyes (natural dyes: 2, Natural-Dye: 1, natrual dyes: 1): 4 episodes\n"
        "  2  topic     Wool (wool: 1, wools: 1): 2 episodes\n"
    )
    assert not entries(root, "topics")
    found = json.loads(run_command("mlguide", "suggest", "--format", "json", cwd=root).stdout)
    assert [(one["name"], one["kind"], one["sure"]) for one in found] == [
        ("Natural dyes", "topic", True),
        ("Wool", "topic", True),
        ("Ann Archer", "person", False),
        ("LoomDB", "tool", True),
    ]
    run_command("mlguide", "suggest", "topics", "--accept", "2", cwd=root)
    run_command("mlguide", "suggest", "--accept", "ann archer", cwd=root)
    assert [*entries(root, "topics"), *entries(root, "people"), *entries(root, "tools")] == ["wool", "ann-archer"]
    run_command("mlguide", "suggest", "--accept-all", "--min-episodes", "5", cwd=root)
    assert [*entries(root, "topics"), *entries(root, "tools")] == ["wool", "loomdb"]
    wrong = run_command("mlguide", "suggest", "--accept", "9", cwd=root, status=2)
    assert 'no proposal "9"; ' in wrong.stderr
    run_command("mlguide", "check", "--strict", cwd=root)


def variant(tag: str, chance: random.Random) -> str:
    """Return another spelling of a tag: a plural, other capitals, a hyphen, no space, or a misspelling."""
    at = chance.randrange(2, len(tag) - 2)
    typos = (tag[:at] + tag[at + 1 :], tag[:at] + tag[at + 1] + tag[at] + tag[at + 2 :])
    return chance.choice([f"{tag}s", tag.title(), tag.replace(" ", "-"), tag.replace(" ", ""), *typos])


def many_tags(chance: random.Random) -> list[list[str]]:
    """Return the tags of 1,000 episodes: about 4,000 tags, of which 77 % are used once. The other tags follow Zipf's
    law, and a quarter of the uses of frequent tags are variants."""
    names = list(dict.fromkeys("".join(chance.choices(SYLLABLES, k=4)) for _ in range(5000)))
    names = [f"{name[:5]} {name[5:]}" if at % 2 else name for at, name in enumerate(names)][:3900]
    tags: list[list[str]] = [["Podcast", "GTR"] if number % 3 else [] for number in range(1000)]
    for rank, name in enumerate(names, 1):
        for number in chance.sample(range(1000), max(2, int(250 / rank**0.85)) if rank <= 900 else 1):
            tags[number].append(variant(name, chance) if rank < 200 and chance.random() < 0.25 else name)
    return tags


@pytest.mark.slow
def test_a_thousand_episodes_with_thousands_of_tags_give_a_readable_list_of_topics(tmp_path: Path) -> None:
    tags = many_tags(random.Random(7))
    distinct = {tag for own in tags for tag in own}
    once = [tag for tag in distinct if sum(tag in own for own in tags) == 1]
    assert 4000 <= len(distinct) <= 4800 and 0.72 <= len(once) / len(distinct) <= 0.82
    run_command("mlguide", "init", "kb", "--feed", write_feed(tmp_path / "feed.xml", tags), cwd=tmp_path)
    root = tmp_path / "kb"
    keys = [re.sub(r"\W|s$", "", str(one["name"]).lower()) for one in entries(root, "topics").values()]
    assert 30 <= len(keys) <= 120
    assert [(one, two) for one in keys for two in keys if one < two and OSA.distance(one, two) < 2] == []
    assert "gtr" not in keys and "podcast" not in keys
    run_command("mlguide", "check", "--strict", cwd=root)
    run_command("mlguide", "build", "--strict", cwd=root)
    home = (root / "site/index.html").read_text()
    assert 'href="topics/"' in home and 'href="tools/"' in home
    pages = [(root / f"site/topics/{slug}/index.html").read_text() for slug in entries(root, "topics")]
    assert all(page.count(">Talk ") >= 3 for page in pages)

"""Tests of loading files into the catalog: order, places, conflicts, and all problems in one run."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.content.knowledge import MAX_PROBLEMS
from mlguide_site.content.load import load
from mlguide_site.errors import Span
from mlguide_site.markdown.limits import MAX_NOTE_BYTES

SERIES = b"a:\n  title: Alpha\n  order: 2\nb:\n  title: Beta\n  order: 1\n"


def note(id: str, *lines: str) -> bytes:
    return "\n".join(["---", f"id: {id}", "title: T", *lines, "---", "", "Text.", ""]).encode()


def files(**notes: bytes) -> dict[str, bytes]:
    paths = {f"episodes/{name.split('_')[0]}/{name.replace('_', '-')}.md": data for name, data in notes.items()}
    return {"knowledge/series.yml": SERIES, **paths}


def messages(given: dict[str, bytes]) -> list[str]:
    return [str(problem) for problem in load(given).problems]


def test_episodes_stand_in_the_order_in_which_they_are_heard():
    given = files(
        a_010=note("a-010", "date: 2020-03-01"),
        a_002=note("a-002", "date: 2020-01-01"),
        a_bonus=note("a-bonus", "date: 2020-02-01"),
        a_trailer=note("a-trailer", "date: 2019-12-01"),
        a_undated=note("a-undated"),
        b_s2_001=note("b-s2-001"),
        b_s1_009=note("b-s1-009"),
    )
    loaded = load(given)
    assert list(loaded.catalog.episodes) == [
        "b-s1-009", "b-s2-001", "a-trailer", "a-002", "a-bonus", "a-010", "a-undated",
    ]  # fmt: skip
    assert loaded.problems == ()
    assert loaded.catalog.missing("a") == (3, 4, 5, 6, 7, 8, 9)
    assert loaded.catalog.missing("b") == ()


def test_many_episodes_without_a_number_are_ordered_in_linear_time():
    given = {f"episodes/a/a-{at:04}.md": note(f"a-{at:04}", "date: 2020-03-01") for at in range(1, 4000)}
    given |= {f"episodes/a/a-x{at}.md": note(f"a-x{at}", "date: 2019-03-01") for at in range(1, 4000)}
    start = time.process_time()
    found = list(load({"knowledge/series.yml": SERIES, **given}).catalog.episodes)
    assert found[3998:4000] == ["a-x3999", "a-0001"]
    assert time.process_time() - start < 4


@given(st.permutations(["a-001", "a-002", "a-003", "b-001"]))
def test_the_order_of_files_does_not_matter(order):
    given = {"knowledge/series.yml": SERIES}
    given |= {f"episodes/{id[0]}/{id}.md": note(id) for id in order}
    assert list(load(given).catalog.episodes) == ["b-001", "a-001", "a-002", "a-003"]


def test_body_and_its_line_are_known():
    file = load(files(a_001=note("a-001"))).catalog.episodes["a-001"]
    assert (file.body, file.body_line, file.number, file.series) == ("Text.\n", 6, 1, "a")
    assert file.span("title") == Span(3, 8)


def test_own_keys_survive():
    file = load(files(a_001=note("a-001", "x-mood: good"))).catalog.episodes["a-001"]
    assert dict(file.extra) == {"x-mood": "good"}


def test_drafts_are_left_out_but_known():
    given = files(a_001=note("a-001", "status: draft"))
    assert not load(given).catalog.episodes
    assert load(given).catalog.broken == {"a-001"}
    assert list(load(given, drafts=True).catalog.episodes) == ["a-001"]


def test_files_that_only_drafts_name_are_left_out():
    draft = note("a-001", "status: draft\nimage: sheet.png")
    draft += b"![](images/x.png) [s](<my slides.pdf>) [t](to%20do.txt) ![](cover.png) ![](both.png)\n"
    draft += b"[a](<Ann's plan.pdf>) [b](<a=b c.pdf>) <a href=own.pdf>o</a>\n"
    draft += b'[a](plan.pdf) <a class=x href="my own plan.pdf">p</a> <audio controls src="a.mp3"></audio>\n'
    draft += b"I <3 this ![x](heart.png) -> see <img  src='b.png'>\n"
    draft += (
        b'[u]:<un it.pdf> <object data="w w.pdf"></object> <img srcset="s 1.png 1x, s 2.png 2x"> ![v]( <v v.png>)\n'
    )
    draft += b"<part 1.pdf>\n"
    # other addresses may contain a name of a file
    published = b"![](both.png) [x](<my plan.pdf>) https://x.example/view?file=plan.pdf\n"
    draft, published = draft + b"![](<two words.png>)\n", published + b"![](two%20words.png) [c](<counterpart 1.pdf>)\n"
    given = files(a_001=draft, a_002=note("a-002") + published)
    names = (
        "Ann's plan.pdf",
        "a=b c.pdf",
        "own.pdf",
        "plan.pdf",
        "a.mp3",
        "heart.png",
        "b.png",
        "my own plan.pdf",
        *("un it.pdf", "w w.pdf", "s 1.png", "s 2.png", "v v.png", "part 1.pdf", "two words.png"),
        "sheet.png",
        "images/x.png",
        "my slides.pdf",
        "to do.txt",
        "cover.png",
        "both.png",
        "c.png",
    )
    assets = frozenset(f"episodes/a/{name}" for name in names)
    shown = {f"episodes/a/{name}" for name in ("cover.png", "both.png", "c.png", "two words.png")}
    assert load(given, assets).catalog.assets == shown
    assert load(given, assets, drafts=True).catalog.assets == assets


def test_files_of_drafts_are_compared_by_path():
    draft = (
        note("a-001", "status: draft")
        + b'![](old/image.png) ![](/episodes/a/top.png) ![](k_b.png) ![](caf%C3%A9.png) <a href="old/plan.pdf">p</a>\n'
    )
    shown = note("a-002") + b"![](new/image.png) ![](k\\_b.png) ![](caf&eacute;.png)\n"
    assets = frozenset(
        f"episodes/a/{name}"
        for name in ("top.png", "old/image.png", "old/plan.pdf", "new/image.png", "k_b.png", "caf\u00e9.png")
    )
    given = files(a_001=draft, a_002=shown)
    hidden = {f"episodes/a/{name}" for name in ("old/image.png", "old/plan.pdf", "top.png")}
    assert load(given, assets).catalog.assets == assets - hidden


def test_the_parts_of_a_draft_are_drafts():
    text = "one:\n  title: One\n  status: draft\n  children:\n    two:\n      title: Two\n      children:\n"
    given = {"knowledge/resources.yml": f"{text}        three: {{title: Three}}\nfour: {{title: Four}}\n".encode()}
    assert [*load(given).catalog.resources] == ["four"]
    assert len(load(given, drafts=True).catalog.resources) == 4


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {**files(), "episodes/c/c-001.md": note("c-001")},
            'episodes/c/c-001.md:1:1: unknown series "c"; add "c: {title: …}" to knowledge/series.yml',
        ),
        (
            {**files(), "episodes/a-001.md": note("a-001")},
            "episodes/a-001.md:1:1: a note file belongs in the folder of its series; "
            "move it to episodes/<series>/a-001.md",
        ),
        (
            files(a_001=note("b-001")),
            'episodes/a/a-001.md:2:5: the id "b-001" belongs to another series; '
            'begin the id with "a-", or move the file',
        ),
        (
            files(a_001=note("a-002")),
            'episodes/a/a-001.md:2:5: the id "a-002" does not match the file name; '
            "rename the file to a-002.md, or change the id",
        ),
        (
            files(a_001=note("../x")),
            'episodes/a/a-001.md:2:5: "id" "../x" is invalid; use lower-case letters, digits and hyphens',
        ),
        (
            files(a_001=note("a-001", "topic: [x]")),
            'episodes/a/a-001.md:4:1: unknown key "topic"; did you mean "topics"?',
        ),
        (
            files(a_001=b"---\nid: a-001\ntitle: x\n<<<<<<< HEAD\n---\n"),
            "episodes/a/a-001.md:4:1: a merge conflict is not resolved; resolve the conflict and remove the markers",
        ),
        (
            {"knowledge/series.yml": b"a: {title: A}\nB: {title: B}\n"},
            'knowledge/series.yml:2:1: "B" cannot be a slug; '
            "use lower-case letters, digits and hyphens, but no reserved file name; for example b",
        ),
        (
            {"knowledge/tools.yml": b"docker: {name: Docker, homepge: 'https://docker.com'}"},
            'knowledge/tools.yml:1:24: unknown key "homepge"; did you mean "homepage"?',
        ),
        (
            {"knowledge/tools.yml": b"docker: {name: Docker, homepage: 'javascript:alert(1)'}"},
            'knowledge/tools.yml:1:34: "docker.homepage" "javascript:alert(1)" is not a web address; '
            "begin it with https://, http:// or mailto:",
        ),
        (
            {
                "knowledge/resources.yml": b"x: {title: X, children: {y: {title: Y}}}\n"
                b"z: {title: Z, children: {y: {title: Y}}}"
            },
            'knowledge/resources.yml:2:26: the slug "y" is used twice, first on line 1; rename one of the two',
        ),
        # the error of a series is reported once, not again for each of its notes
        (
            {"knowledge/series.yml": b"a: {title: A, ordr: 1}", "episodes/a/a-001.md": note("a-001")},
            'knowledge/series.yml:1:15: unknown key "ordr"; did you mean "order"?',
        ),
    ],
)
def test_problems_name_place_and_remedy(given, expected):
    assert messages(given) == [expected]


def test_one_broken_file_hides_no_other():
    loaded = load(files(a_001=b"\xff", a_002=note("a-002"), a_003=note("a-003", "nope: 1")))
    assert list(loaded.catalog.episodes) == ["a-002"]
    assert [problem.path[-8:-3] for problem in loaded.problems] == ["a-001", "a-003"]
    assert loaded.catalog.broken == {"a-001", "a-003"}


def test_a_copied_note_is_not_to_be_renamed_over_its_original():
    found = messages(files(a_001=note("a-001"), a_002=note("a-001")))
    assert found == [
        'episodes/a/a-002.md:2:5: the id "a-001" is also used by episodes/a/a-001.md; give this file another id'
    ]


def test_collisions_name_both_files():
    found = messages(files(a_001=note("a-001", "guid: g"), a_002=note("a-002", "guid: g")))
    assert found == [
        'episodes/a/a-002.md:4:7: the guid "g" is also used by episodes/a/a-001.md; change or remove one of the two'
    ]


def test_resources_keep_their_parent_and_place():
    catalog = load({"knowledge/resources.yml": b"x:\n  title: X\n  children:\n    y:\n      title: Y\n"}).catalog
    assert {slug: entry.parent for slug, entry in catalog.resources.items()} == {"x": None, "y": "x"}
    assert catalog.places["resource", "y"] == ("knowledge/resources.yml", Span(4, 5))


def test_only_the_first_problems_of_a_knowledge_file_are_told():
    text = "".join(f"k{number}: [x]\n" for number in range(MAX_PROBLEMS + 5))
    found = messages({"knowledge/tools.yml": text.encode()})
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1] == (
        f"knowledge/tools.yml:{MAX_PROBLEMS + 1}:8: more than 1,000 problems up to this line; correct these first"
    )


def test_the_size_of_a_note_is_limited():
    room = MAX_NOTE_BYTES - len(note("a-001"))
    assert messages(files(a_001=note("a-001") + b"x" * room)) == []
    assert messages(files(a_001=note("a-001") + b"x" * (room + 1))) == [
        "episodes/a/a-001.md:1:1: more than 1024 KiB; split the notes"
    ]


def test_a_series_without_a_cover_shows_the_image_named_cover() -> None:
    files = {"knowledge/series.yml": b"own:\n  title: Own\n  cover: logo.png\nwood:\n  title: Wood\n"}
    assets = {"episodes/own/cover.png", "episodes/wood/cover.webp", "episodes/wood/cover.jpg", "episodes/cover.gif"}
    series = load(files, frozenset(assets)).catalog.series
    assert [series["own"].cover, series["wood"].cover] == ["logo.png", "cover.jpg"]
    assert load(files).catalog.series["wood"].cover is None


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("  licence: " + "l" * 10_001, "is longer than 10000 characters; shorten it"),
        ("  prefix: " + "a " * 51 + "b", "is longer than 100 characters; shorten it"),
        ("  funding: [" + "{title: T, url: 'https://a.example'}, " * 51 + "]", "has more than 50 items; shorten it"),
        ("  subscribe: [" + "{title: T, url: 'https://a.example'}, " * 51 + "]", "has more than 50 items; shorten it"),
    ],
    ids=["licence", "prefix", "funding", "subscribe"],
)
def test_what_many_pages_repeat_is_bounded(lines: str, says: str) -> None:
    found = messages({"knowledge/series.yml": f"a:\n  title: Alpha\n{lines}\n".encode()})
    assert len(found) == 1 and found[0].endswith(says)


def test_a_topic_has_each_goal_once() -> None:
    [found] = messages({"knowledge/topics.yml": b"a:\n  name: A\n  goals: [career, career, career, career]\n"})
    assert found.endswith("has more than 3 items; shorten it")

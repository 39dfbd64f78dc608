"""Tests of the links in notes."""

import time
from unicodedata import normalize

import pytest

from mlguide_site.checks.episodes import check_links
from mlguide_site.pages.notes import destination, notes
from pages.builder import make, note

HEADINGS = "## Größe\n\n## Части\n\n## Уход\n\n## Groe\n"


@pytest.mark.parametrize(
    ("anchor", "found"),
    [("größe", "größe"), ("gr%C3%B6%C3%9Fe", "größe"), ("_1", "части"), ("_2", "уход"), ("groe_1", "groe"), ("_3", "")],
)
def test_links_with_anchors_of_earlier_versions_lead_to_their_headings(anchor: str, found: str) -> None:
    text = f"{HEADINGS}\n[a](#{anchor}) [b](s-001.md#{anchor}) [c](s-002.md#{anchor})\n"
    base = make({"series": {"s": {"title": "S"}}}, [note("s-001", text), note("s-002", HEADINGS)])
    episode = base.linked.episodes["s-001"]
    places = [destination(use.href, episode, base.linked) for use in episode.document.links]
    end = f"#{found}" * bool(found)
    assert places == [end or None, f"episodes/s/s-001.md{end}", f"episodes/s/s-002.md{end}"]
    assert len([*check_links(base.linked)]) == (0 if found else 3)
    assert notes(base.linked, "s-001").count(f"#{found})") == (3 if found else 0)


def test_links_to_times_in_other_episodes_keep_the_time() -> None:
    text = "[a](s-002.md?t=12:34), [b](s-002.md?t=754#groe), [c](s-002.md#t=90), [d](s-002.md?q=1#groe)"
    base = make({"series": {"s": {"title": "S"}}}, [note("s-001", text), note("s-002", HEADINGS)])
    episode = base.linked.episodes["s-001"]
    places = [destination(use.href, episode, base.linked) for use in episode.document.links]
    assert places == [f"episodes/s/s-002.md{end}" for end in ("?t=12:34", "?t=754", "?t=90", "#groe")]
    assert "(s-002.md?t=12:34)" in notes(base.linked, "s-001")
    assert not [*check_links(base.linked)]


def test_lines_that_begin_with_times_or_bullets_stay_lines() -> None:
    text = "00:00 Intro\n01:30 Looms\nand yarns\n[1:02:03] Outro\n\n**00:10** A\n**00:20** B\n\nAt\n3:16 or\nlater."
    text += "\n\nParts:\n• a\n• b\nc\n\nIt leaves at\n12:30 and at\n14:45."
    base = make({"series": {"s": {"title": "S"}}}, [note("s-001", text)])
    assert notes(base.linked, "s-001").split("\n\n") == [
        "00:00 Intro<br>01:30 Looms and yarns<br>&#91;1:02:03&#93; Outro",
        "<strong>00:10</strong> A<br><strong>00:20</strong> B",
        "At 3:16 or later.",
        "Parts:<br>• a<br>• b c",
        "It leaves at 12:30 and at 14:45.\n",
    ]


@pytest.mark.parametrize(("typed", "named"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_pictures_are_found_whose_names_macos_decomposed(typed: str, named: str) -> None:
    path = normalize(named, "episodes/s/s-001/blüte.png")
    text = f"![a](s-001/{normalize(typed, 'blüte.png')})\n"
    base = make({"series": {"s": {"title": "S"}}}, [note("s-001", text)], assets=[path])
    episode = base.linked.episodes["s-001"]
    assert destination(episode.document.links[0].href, episode, base.linked) == path
    assert not [*check_links(base.linked)]


def test_links_to_headings_need_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "\n\n".join(f"# h{at}\n\n[a](#h{count - 1})" for at in range(count))
        base = make({"series": {"s": {"title": "S"}}}, [note("s-001", text)])
        episode, start = base.linked.episodes["s-001"], time.process_time()
        assert {destination(use.href, episode, base.linked) for use in episode.document.links} == {f"#h{count - 1}"}
        return time.process_time() - start

    assert seconds(4000) < 10 * seconds(1000) + 0.1

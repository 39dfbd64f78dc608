"""The graph of a small show and of a large one, the graphs of topics, and the small ones on pages."""

import gzip
import re
from collections import Counter
from itertools import pairwise

import pytest

from mlguide_site.pages.graph import CLUSTERS, EDGES, OF_TOPIC
from mlguide_site.pages.layout import draw, room_for, star
from pages.builder import ferns, make, note, render


def large(count: int = 160):
    """A show of `count` episodes on three topics, one below another, with a tool for each episode."""
    return make(
        {
            "series": {"s": {"title": "Show", "prefix": "S"}},
            "topics": {
                "wide": {"name": "Wide"},
                "deep": {"name": "Deep", "parent": "wide"},
                "lone": {"name": "Lone"},
            },
            "tools": {f"t{n}": {"name": f"Tool number {n}"} for n in range(1, count + 1)},
        },
        [
            note(
                f"s-{n:03}",
                tools=[f"t{n}"],
                topics=["wide", "deep"] if n % 2 else ["wide"],
                requires=["s-001"][: n - 1],
            )
            for n in range(1, count + 1)
        ],
    )


@pytest.fixture(scope="module")
def big():
    return large()


@pytest.fixture(scope="module")
def small():
    return ferns(8)


def listed(view) -> dict[str, set[str]]:
    """The list: the name of each node, and the names of those that it is linked to."""
    return {item.title: {name for name, _, _ in item.neighbours} for _, items in view.groups for item in items}


def drawn(view) -> Counter:
    """The links of the drawing, as pairs of titles."""
    return Counter(frozenset(view.points[int(end)].node.title for end in line.ends.split()) for line in view.lines)


def test_a_small_show_is_drawn_whole(small):
    view = small.views["graph/index.md"]
    titles = {point.node.title for point in view.points}
    assert {"Soil", "Trowel", "FH 001: About fern-001", "Lecture 1: About talk-001"} <= titles
    assert len(view.points) == len(small.site.shown) + 3 + 3
    assert not view.clustered
    assert listed(view)["Trowel"] >= {"FH 001", "Soil"}
    assert "Lecture 1" in listed(view)["FH 001: About fern-001"]
    assert [path for path in small.views if path.endswith("graph.md")] == []


def test_what_was_cancelled_is_not_drawn(small):
    assert "About talk-002" not in str(small.views["graph/index.md"].points)


def test_the_list_says_what_the_drawing_shows(small, big):
    for view in (small.views["graph/index.md"], big.views["graph/index.md"], big.views["topics/wide/graph.md"]):
        names = {point.node.url: point.node.title for point in view.points}
        pairs = Counter(
            frozenset((item.title, names[url]))
            for _, items in view.groups
            for item in items
            for _, url, _ in item.neighbours
        )
        # each edge is in the list at both of its ends
        assert pairs == Counter({pair: 2 * count for pair, count in drawn(view).items()})
        assert set(listed(view)) == {point.node.title for point in view.points}


def test_a_large_show_is_drawn_by_topics(big):
    view = big.views["graph/index.md"]
    assert view.clustered
    assert {point.node.title: point.episodes for point in view.points} == {"Wide": 160, "Deep": 80, "Lone": 0}
    assert drawn(view) == {frozenset({"Wide", "Deep"}): 1}
    wide = next(item for item in view.groups[0][1] if item.title == "Wide")
    assert [(name, episodes) for name, _, episodes in wide.neighbours] == [("Deep", 80)]
    urls = {point.node.title: point.node.url for point in view.points}
    assert urls == {"Wide": "topics/wide/graph/", "Deep": "topics/deep/graph/", "Lone": "topics/lone/"}


def test_the_graph_of_a_topic_is_bounded(big):
    view = big.views["topics/wide/graph.md"]
    episodes, tools = OF_TOPIC
    kinds = Counter(point.node.kind for point in view.points)
    assert kinds == {"topic": 2, "episode": episodes, "tool": episodes}
    assert tools >= episodes
    assert view.nodes_left == 2 * (160 - episodes)
    assert big.views["topics/wide.md"].graph == "topics/wide/graph/"
    assert big.views["topics/lone.md"].graph == ""


def test_without_topics_series_and_tools_are_drawn():
    base = make(
        {"series": {"s": {"title": "Show"}}, "tools": {f"t{n}": {"name": f"Tool number {n}"} for n in range(150)}},
        [note("s-001", tools=["t1", "t2"]), note("s-002", tools=["t2"])],
    )
    view = base.views["graph/index.md"]
    assert view.clustered
    assert view.kinds == ("tool", "series")
    assert drawn(view) == {frozenset({"Show", "Tool number 1"}): 1, frozenset({"Show", "Tool number 2"}): 1}
    assert view.nodes_left == 150 - CLUSTERS
    assert view.points[0].node.url == "episodes/s/"


def test_links_are_bounded():
    tools = [f"t{n}" for n in range(60)]
    base = make(
        {"series": {"s": {"title": "Show"}}, "tools": {slug: {"name": f"Tool {slug}"} for slug in tools}},
        [note(f"s-{n:03}", tools=tools) for n in range(1, 31)],
    )
    view = base.views["graph/index.md"]
    assert len(view.lines) == EDGES
    assert view.edges_left == 60 * 30 - EDGES
    assert "ties" in render(base)["graph/index.md"]


def test_topics_in_a_circle_are_drawn():
    base = make(
        {
            "topics": {"a": {"name": "A", "parent": "b"}, "b": {"name": "B", "parent": "a"}},
            "series": {"s": {"title": "Show"}},
        },
        [note("s-001", topics=["a"])],
    )
    assert {point.node.title for point in base.views["graph/index.md"].points} >= {"A", "B"}


def test_every_page_shows_what_is_near(small):
    near = small.views["episodes/fern/fern-002.md"].near
    assert near.middle.name == "FH 002"
    names = {node.title for node in near.nodes}
    assert names >= {"Light", "FH 001: About fern-001"}
    # most episodes name these
    assert not names & {"Trowel", "Rake"}
    assert near.whole == "graph/"
    tool = small.views["tools/trowel.md"].near
    assert "Soil" in {node.title for node in tool.nodes}
    assert "Trowel" not in {node.title for node in tool.nodes}
    topic = small.views["topics/compost.md"].near
    assert "Soil" in {node.title for node in topic.nodes}
    assert small.views["tools/hose.md"].near is None


def test_the_small_graph_is_small(big):
    texts = render(big)
    sizes = []
    for path in ("episodes/s/s-001.md", "tools/t1.md", "topics/wide.md"):
        if found := re.search(r'<svg class="mg-star".*?</svg>', texts[path], re.DOTALL):
            sizes.append(len(gzip.compress(found[0].encode())))
            assert found[0].count("<a ") <= star(12).left * 2
    assert sizes
    assert max(sizes) <= 1500


def test_a_star_keeps_its_points_apart():
    for count in range(1, 13):
        places = star(count).places
        assert len(places) == count
        for at, (x, y) in enumerate(places):
            assert 0 <= x <= 360
            assert 0 <= y <= star(count).height
            assert all(
                other == at or abs(places[other][1] - y) >= 24 or abs(places[other][0] - x) > 80
                for other in range(count)
            )


def test_names_in_a_star_fit_beside_and_between_its_points():
    for count in range(3, 13):
        drawn = star(count)
        for (x, _), room in zip(drawn.places, drawn.rooms, strict=True):
            assert (x - 11 if x < 180 else 360 - x - 11) == room >= 100
        line = drawn.height // 2 + drawn.below
        assert line + 4 <= drawn.height
        # points reach 7 units around, the name of the middle 10 above its line and 3 below
        for x, y in drawn.places:
            assert y + 7 < line - 9 or line + 3 < y - 6 or abs(x - 180) - 7 >= drawn.room / 2, count


def test_names_are_cut_to_their_room():
    wide = {f"t{n}": {"name": "W" * 17} for n in range(1, 5)}
    base = make(
        {"series": {"s": {"title": "S"}}, "tools": wide},
        [note(f"s-{n:03}", tools=list(wide) if n < 2 else []) for n in range(1, 8)],
    )
    near = base.views["episodes/s/s-001.md"].near
    names = [node.name for node in near.nodes if node.kind == "tool"]
    assert names and all(name.endswith("W…") and room_for(name) <= 120 for name in names)
    assert {node.title for node in near.nodes if node.kind == "tool"} == {"W" * 17}


def test_the_list_says_what_its_numbers_count(big):
    page = render(big)["graph/index.md"]
    assert '<span class="mg-count">80 episodes</span></li>' in page
    assert not re.search(r'class="mg-count">\d+<', page)


@pytest.mark.parametrize(
    "sizes", [(1, 40, 60), (60,), (3, 97), (10, 90, 50), (40, 3, 2), (1,), (), (1, 0, 5), (2, 1), (0, 30, 0)]
)
def test_a_drawing_gives_every_name_a_row_of_its_own(sizes):
    count = sum(sizes)
    numbers = iter(range(count))
    layers = [[next(numbers) for _ in range(size)] for size in sizes]
    links = [(at, (7 * at + 3) % count) for at in range(count) if at != (7 * at + 3) % count]
    drawing = draw(layers, links, [24] * count)
    assert len(drawing.paths) == len(links)
    assert len(drawing.spots) == count
    for at, (x, y, side) in enumerate(drawing.spots):
        assert abs(x) + 200 <= drawing.reach
        assert 12 <= y <= drawing.height - 12
        for u, v, other in drawing.spots[:at]:
            assert abs(y - v) >= 24 or abs(x - u) >= (60 if side == other == "within" else 150), (side, other)


def test_points_lie_near_what_they_are_linked_to():
    drawing = draw([[0, 1, 2, 3], [4, 5, 6, 7]], [(at, 7 - at) for at in range(4)])
    assert [drawing.spots[at].y for at in range(4)] == [drawing.spots[7 - at].y for at in range(4)]
    assert {spot.side for spot in drawing.spots[:4]} == {"before"}


def test_in_a_narrow_window_the_most_tied_stand_one_below_the_other(big):
    view = big.views["topics/wide/graph.md"]
    assert len(view.rows) == 40
    assert view.rows[0].point.node.title == "Wide"
    heights = [row.y for row in view.rows]
    assert min(b - a for a, b in pairwise(heights)) >= 28
    assert heights[-1] < view.row_height
    shown = {point.node.title for point in (row.point for row in view.rows)}
    # its own ties to them all go without saying
    wanted = sum(pair <= shown and "Wide" not in pair for pair in drawn(view))
    assert 0 < sum(line.path.count("M") for line in view.row_lines) == wanted


def test_a_graph_without_a_tie_is_offered_nowhere():
    loose = {"series": {"s": {"title": "Show"}}, "topics": {"a": {"name": "A"}}, "people": {"ann": {"name": "Ann"}}}
    notes = [note(f"s-{n:03}", people=[{"person": "ann"}], date="2024-01-01") for n in (1, 2, 3)]
    texts = render(make(loose, notes))
    assert [path for path, text in texts.items() if 'graph/"' in text] == []
    assert "The graph is empty" in texts["graph/index.md"]
    assert "<svg" not in texts["graph/index.md"]
    assert 'graph/"' not in texts["index.md"]
    tied = render(make(loose, [*notes, note("s-004", topics=["a"])]))
    assert 'href="./graph/"' in tied["index.md"]
    assert 'href="../graph/"' in tied["topics/index.md"]
    assert "<svg" in tied["graph/index.md"]

"""Tests of the graphs of a small and a large show, of topics, and on other pages."""

import re
import time
from collections import Counter

import pytest

from mlguide_site.pages import graph
from mlguide_site.pages.entity import often_with
from mlguide_site.pages.graph import EPISODES, NAMED, NODES
from mlguide_site.pages.graph_layout import EDGES, Graph, in_parts, strength
from mlguide_site.pages.site import MAX_BESIDE
from mlguide_site.pages.view import Subject
from pages.builder import ferns, make, note, render


def large(count: int = 160):
    """Return a show with `count` episodes on three nested topics, and one tool per episode."""
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


def nodes(view):
    """Return the nodes of both columns in the order of their numbers."""
    return [*view.nodes]


def column(parts) -> list:
    """Return the nodes of a column."""
    return [node for _, own in parts for node in own]


def looks(view) -> dict[str, str]:
    """Map the titles at the ends of each edge to the classes of its line."""
    names = [node.title for node in view.nodes]
    return {" ".join(sorted(names[int(end)] for end in ends.split()[:2])): looks for *_, looks, ends in view.lines}


def listed(view) -> dict[str, set[str]]:
    """Return the graph's list: maps the name of each node to the names of the nodes linked to it."""
    return {node.title: {name for name, *_ in node.neighbours} for node in nodes(view)}


def drawn(view) -> Counter:
    """Return the edges in the drawing as pairs of titles."""
    return Counter(frozenset(nodes(view)[int(end)].title for end in ends.split()[:2]) for *_, ends in view.lines)


def test_a_small_show_is_drawn_whole(small):
    view = small.views["graph/index.md"]
    titles = {node.title for node in nodes(view)}
    assert {"Soil", "Trowel", "FH 001: About fern-001", "Garden Talks · Lecture 1: About talk-001"} <= titles
    assert len(nodes(view)) + len(view.loose) == len(small.site.shown) + 3 + 3
    assert not view.clustered
    # connections with episodes have their short names
    assert listed(view)["Trowel"] >= {"FH 001", "Soil"}
    assert "Garden Talks · Lecture 1: About talk-001" in listed(view)["FH 001: About fern-001"]
    assert [path for path in small.views if path.endswith("graph.md")] == []
    assert {node.kind for node in column(view.left)} == {"episode"}


def test_what_was_cancelled_is_not_drawn(small):
    assert "About talk-002" not in str(nodes(small.views["graph/index.md"]))


def test_the_list_says_what_the_drawing_shows(small, big):
    for view in (small.views["graph/index.md"], big.views["graph/index.md"], big.views["topics/wide/graph.md"]):
        names = {node.url: node.title for node in nodes(view)}
        pairs = Counter(frozenset((node.title, names[url])) for node in nodes(view) for _, url, *_ in node.neighbours)
        # each edge is listed at both of its ends
        assert pairs == Counter({pair: 2 * count for pair, count in drawn(view).items()})


def test_a_large_show_is_drawn_by_topics(big):
    view = big.views["graph/index.md"]
    assert view.clustered
    assert {node.title: node.episodes for node in nodes(view)} == {"Wide": 160, "Deep": 80}
    assert [node.title for node in view.loose] == ["Lone"]
    assert re.search(r"Without lines: <a [^>]*>Lone</a></p>", render(big)["graph/index.md"])
    assert drawn(view) == {frozenset({"Wide", "Deep"}): 1}
    assert view.together == ()
    wide = next(node for node in nodes(view) if node.title == "Wide")
    assert [(name, episodes) for name, _, episodes, _ in wide.neighbours] == [("Deep", 80)]
    assert {node.url for node in nodes(view)} == {"topics/wide/", "topics/deep/"}


def test_edges_to_subtopics_have_the_colour_of_their_family_and_are_not_in_the_list_of_pairs():
    subtopics = {slug: {"name": slug.title(), "parent": "wide"} for slug in ("deep", "rare", "once")}
    topics = {"wide": {"name": "Wide"}, **subtopics}
    notes = [note(f"s-{n:03}", topics=["wide", "rare", "lone"] if n < 4 else ["wide", "deep"]) for n in range(1, 70)]
    notes.append(note("s-070", topics=["wide", "once"]))
    topics["lone"] = {"name": "Lone", "order": ["s-002"]}
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes)
    view = base.views["graph/index.md"]
    assert looks(view) == {
        "Deep Wide": "mg-strong5 mg-hue1",
        "Rare Wide": "mg-strong2 mg-hue1",
        "Once Wide": "mg-strong1 mg-hue1",
        "Lone Rare": "mg-strong2 mg-hue1 mg-across",
        "Lone Wide": "mg-strong2 mg-hue1 mg-across",
    }
    together = [(one.title, other.title, count, first.name) for one, other, count, first in view.together]
    assert together == [("Lone", "Rare", 3, "Episode 1"), ("Lone", "Wide", 3, "Episode 1")]
    text = render(base)["graph/index.md"]
    # once between the columns, and once beside the single column of narrow windows
    assert text.count('<path class="mg-strong1 mg-hue1"') == 2
    # the legend names the numbers for which the widths of lines stand
    assert '<span class="mg-line mg-strong1">1</span> <span class="mg-line mg-strong2">3</span>' in text
    # the list has a part for each top-level topic with subtopics, and one for the others
    parts = re.findall(r'<details class="mg-fold" open><summary>(.*?) <span class="mg-count">(.*?)</span>', text)
    assert parts == [("Wide", "4 topics"), ("Other topics", "1 topic")]


def test_dashed_lines_join_topics_to_those_that_their_guides_name():
    topics = {slug: {"name": slug.title()} for slug in ("ant", "bee", "cat", "dog")}
    topics["ant"]["guide"], topics["dog"]["guide"] = "See bee and cat.", "See cat and dog."
    notes = [note(f"s-{n:03}", topics=[["bee", "cat"], ["ant", "bee"]][n % 2]) for n in range(1, 5)]
    notes += [note(f"s-{n:03}", topics=["dog"] if n == 5 else []) for n in range(5, 70)]
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes)
    view = base.views["graph/index.md"]
    strong = {"Ant Bee": "mg-strong5", "Bee Cat": "mg-strong5"}
    assert looks(view) == strong | {"Ant Cat": "mg-sub", "Cat Dog": "mg-sub"}
    assert [node.neighbours[-1] for node in nodes(view) if node.title == "Dog"] == [
        ("Cat", "topics/cat/", "named-in-guide", ())
    ]
    text = render(base)["graph/index.md"]
    assert '<span class="mg-count mg-sub">named in a guide: </span><a href="../topics/cat/">Cat</a></p>' in text
    assert text.count('<path class="mg-sub"') == 4 and '<span class="mg-line mg-sub">named in a guide</span>' in text


def test_all_pairs_that_share_an_episode_have_a_line_and_pairs_name_the_strongest_ones() -> None:
    topics = {slug: {"name": slug.title()} for slug in ("all", "ant", "bee", "cat")}
    tags = [["all", "ant", "bee"]] * 4 + [["all", "cat"]] * 4 + [["all"]] * 20 + [["bee", "cat"]]
    notes = [note(f"s-{n:03}", topics=dict(enumerate(tags, 1)).get(n, [])) for n in range(1, 70)]
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes)
    view = base.views["graph/index.md"]
    strong = dict.fromkeys(["Ant Bee", "All Ant", "All Bee", "All Cat"], "mg-strong5")
    assert looks(view) == strong | {"Bee Cat": "mg-strong1"}
    assert {f"{one.title} {other.title}" for one, other, *_ in view.together} == {
        "Ant Bee",
        "Ant All",
        "Bee All",
        "All Cat",
    }
    text = render(base)["graph/index.md"]
    assert "The pairs that share most episodes, without topics and their subtopics." in text
    # the list groups the connections by their number
    own = text.partition('<a class="mg-title" href="../topics/cat/">')[2].partition("</li>")[0]
    assert re.sub("<[^>]+>", "", own.replace("</p>", "|")).split("\n")[0] == (
        "Cat 5 episodes Read first: Episode 5: About s-0054 episodes: All|1 episode: Bee Episode 29 |"
    )


def test_of_too_many_pairs_those_of_few_episodes_have_no_line_in_any_graph() -> None:
    topics, tools = {f"t{at}": {"name": f"T {at}"} for at in range(24)}, {f"u{at}": {"name": "U"} for at in range(60)}
    notes = [note("s-001", topics=list(topics), tools=list(tools))]
    notes += [note(f"s-{n:03}", topics=["t0", "t1"]) for n in (2, 3)]
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics, "tools": tools}, notes)
    whole, own = base.views["graph/index.md"], base.views["topics/t0/graph.md"]
    assert drawn(whole) == {frozenset({"T 0", "T 1"}): 1}
    assert [node.title for node in column(own.right) if node.kind == "topic"] == ["T 1"]
    texts = render(base)
    for path in ("graph/index.md", "topics/t0/graph.md"):
        assert "Topics that share fewer than 3 episodes aren&#39;t joined." in texts[path]


def test_the_prerequisites_of_a_topics_order_come_first_in_its_graph() -> None:
    topics = {"moss": {"name": "Moss", "order": ["s-002", "s-003"]}, "fern": {"name": "Fern"}}
    tools = {f"t{n}": {"name": f"Tool {n}"} for n in range(60)}
    notes = [note("s-001", topics=["fern"], tools=["t0"]), note("s-002", requires=["s-001"], tools=list(tools)[:20])]
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics, "tools": tools}, [*notes, note("s-003")])
    view, text = base.views["topics/moss/graph.md"], render(base)["topics/moss/graph.md"]
    assert [(label, [node.name for node in own]) for label, own in view.left if own] == [
        ("prerequisite", ["Episode 1"]),
        ("suggested-order", ["Episode 2"]),
    ]
    # the prerequisite has only the line to the order, and isn't counted
    assert {ends for *_, looks, ends in view.lines if looks == "mg-needs"} == {"0 1"}
    assert [ends for *_, ends in view.lines if "0" in ends.split()] == ["0 1"]
    # numbers that are all 1 aren't shown
    assert "how many of these" not in text and "<small>" not in text
    assert 'Prerequisite: <a href="../../../episodes/s/s-001/">' in text
    assert re.search(r'<p class="mg-graph__order">Suggested order</p>\s*<ul>\s*<li><a [^>]*/s-002/"', text)
    # an arrowhead shows where its line ends
    assert re.findall(r'<a class="mg-episode([^"]*)"', text) == ["", " mg-requires"]


def test_the_graph_of_a_topic_names_key_tools_that_its_episodes_do_not_mention() -> None:
    tools = {f"t{n}": {"name": f"Tool {n}"} for n in range(60)} | {"key": {"name": "Key", "topics": ["moss"]}}
    notes = [note(f"s-{n:03}", topics=["moss"], tools=list(tools)[:20]) for n in (1, 2)]
    notes.append(note("s-003", tools=["key"]))
    base = make({"series": {"s": {"title": "Show"}}, "topics": {"moss": {"name": "Moss"}}, "tools": tools}, notes)
    text = render(base)["topics/moss/graph.md"]
    assert "12 of 20 tools" in text
    assert re.search(r"Key tools that these episodes don&#39;t mention: <a [^>]*>Key</a></p>", text)


def test_topics_follow_their_parents_and_those_of_most_episodes_are_first():
    parents = {"ant": "", "bee": "ant", "cat": "ant", "dog": "cat", "elk": "", "fox": "elk"}
    topics = {slug: {"name": slug.title(), "parent": parent or None} for slug, parent in parents.items()}
    tags = [["cat", "dog"], ["cat"], ["bee"], ["elk", "fox"], ["elk", "fox"]]
    notes = [note(f"s-{n:03}", topics=dict(enumerate(tags, 1)).get(n, [])) for n in range(1, 70)]
    view = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes).views["graph/index.md"]
    assert [node.title for node in nodes(view)] == ["Elk", "Fox", "Ant", "Cat", "Dog", "Bee"]


def test_small_numbers_of_shared_episodes_have_lines_of_different_widths():
    topics = {slug: {"name": slug.title()} for slug in ("ant", "bee", "cat", "dog", "elk")}
    shared = {("ant", "bee"): 2, ("bee", "cat"): 3, ("cat", "dog"): 6, ("dog", "elk"): 9}
    tags = [[*pair] for pair, count in shared.items() for _ in range(count)]
    notes = [note(f"s-{n:03}", topics=slugs) for n, slugs in enumerate(tags + [[]] * 70, 1)]
    view = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes).views["graph/index.md"]
    found = {int(ends.split()[2]): looks for *_, looks, ends in view.lines}
    assert found == {2: "mg-strong2", 3: "mg-strong3", 6: "mg-strong4", 9: "mg-strong5"}
    assert view.widths == ((2, "2"), (3, "3"), (4, "6"), (5, "9"))
    assert [strength(n, 9) for n in range(10)] == [1, 1, 2, 3, 4, 4, 4, 5, 5, 5]
    assert strength(1, 1) == strength(0, 1) == 1


def test_a_topic_with_the_name_of_another_in_its_name_is_a_pair_with_it():
    topics = {"moss": {"name": "Moss"}, "jobs": {"name": "Careers with moss"}, "ferns": {"name": "Ferns"}}
    notes = [note(f"s-{n:03}", topics=["moss", "jobs"] if n < 4 else ["ferns"]) for n in range(1, 70)]
    view = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes).views["graph/index.md"]
    assert [(one.title, other.title, count) for one, other, count, _ in view.together] == [
        ("Careers with moss", "Moss", 3)
    ]
    # each line tells how many episodes its nodes share
    assert [ends.split()[2] for *_, ends in view.lines] == ["3"]


def test_pairs_of_topics_name_the_topic_first_that_is_earlier_on_the_learning_path():
    topics = {"ant": {"name": "Ant"}, "bee": {"name": "Bee"}}
    notes = [note(f"s-{n:03}", topics=["bee"] if n < 4 else ["ant", "bee"] if n < 9 else []) for n in range(1, 70)]
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes)
    view = base.views["graph/index.md"]
    assert [(one.title, other.title) for one, other, _, _ in view.together] == [("Bee", "Ant")]
    assert re.search(r">Bee</a> and <a [^>]*>Ant</a>", render(base)["graph/index.md"])


def test_pairs_begin_with_the_topic_that_most_steps_of_the_path_treat_earlier():
    topics = {"ant": {"name": "Ant"}, "bee": {"name": "Bee"}}
    both, one, other = ["ant", "bee"], ["ant"], ["bee"]
    tags = [both, other, other, other, both, one, one, one]
    notes = [note(f"s-{n:03}", topics=dict(enumerate(tags, 1)).get(n, [])) for n in range(1, 70)]
    view = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes).views["graph/index.md"]
    found = [(one.title, other.title, first.name) for one, other, _, first in view.together]
    assert found == [("Bee", "Ant", "Episode 1")]


def test_a_topic_of_more_than_a_third_of_the_episodes_is_in_pairs_too():
    topics = {slug: {"name": slug.title()} for slug in ("all", "ant", "bee")}

    def pairs(most: int) -> list[tuple[str, str]]:
        tags = [["all", "ant"]] * 4 + [["ant", "bee"]] * 4 + [["all"]] * (most - 4)
        notes = [note(f"s-{n:03}", topics=dict(enumerate(tags, 1)).get(n, [])) for n in range(1, 70)]
        view = make({"series": {"s": {"title": "Show"}}, "topics": topics}, notes).views["graph/index.md"]
        return [(one.title, other.title) for one, other, _, _ in view.together]

    assert pairs(23) == [("Ant", "All"), ("Ant", "Bee")]
    assert pairs(24) == [("Ant", "All"), ("Ant", "Bee")]


def test_the_graph_of_a_topic_counts_what_it_lists_and_draws_topics_before_tools():
    topics = {slug: {"name": slug.title()} for slug in ("moss", "ant", "bee")}
    tools = {f"t{n:02}": {"name": f"Tool {n}"} for n in range(60)}
    notes = [note(f"s-{n:03}", topics=["bee"], tools=["t01"]) for n in range(1, 4)]
    notes += [note(f"s-{n:03}", topics=["moss", *["ant", "bee", "bee"][n % 3 :]], tools=["t00"]) for n in range(4, 7)]
    notes += [note("s-007", topics=["moss"], tools=list(tools)[1:50])]
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics, "tools": tools}, notes)
    view = base.views["topics/moss/graph.md"]
    found = [(node.title, node.episodes) for node in column(view.right)]
    assert found[:4] == [("Bee", 3), ("Ant", 1), ("Tool 0", 3), ("Tool 1", 1)]
    text = render(base)["topics/moss/graph.md"]
    assert '>Bee</a> <span class="mg-count">3 episodes</span>' in text
    assert "s.order" in view.episodes_url and f'<a href="../../../{view.episodes_url}">4 episodes</a> on' in text
    # the list begins with the episodes, and folds the tools
    parts = ["<h2>Episodes</h2>", "<h2>Topics</h2>", '<details class="mg-fold"><summary>Tools</summary>']
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    # at first, only lines to topics are strong
    found = {(looks, "topic" in {nodes(view)[int(end)].kind for end in ends.split()}) for *_, looks, ends in view.lines}
    assert found == {("mg-topic", True), ("", False)}
    assert "Numbers: how many of these 4 episodes mention it." in text
    # a button opens the topic's first episode, and the breadcrumbs lead back to the topic
    assert 'href="../../../episodes/s/s-004/">Start with' in text
    assert [crumb.title for crumb in view.crumbs] == ["Topics", "Moss"]


def test_the_key_tools_of_a_topic_are_the_first_ones_in_its_graph():
    tools = {f"t{n:02}": {"name": f"Tool {n}"} for n in range(60)} | {"key": {"name": "Key", "topics": ["moss"]}}
    notes = [note(f"s-{n:03}", topics=["moss"], tools=[f"t{k:02}" for k in range(40)]) for n in range(1, 4)]
    notes.append(note("s-004", topics=["moss"], tools=["key"]))
    base = make({"series": {"s": {"title": "Show"}}, "topics": {"moss": {"name": "Moss"}}, "tools": tools}, notes)
    found = [(node.title, node.episodes) for node in column(base.views["topics/moss/graph.md"].right)]
    assert found[0] == ("Key", 1) and found[-1][1] == 3
    assert len(found) == NAMED
    assert base.views["topics/moss.md"].tools[0].title == "Key"


def test_the_episodes_in_the_graph_of_a_topic_are_in_its_suggested_order():
    topics = {"moss": {"name": "Moss", "order": ["s-003", "s-001"]}}
    tools = {f"t{n}": {"name": f"Tool {n}"} for n in range(60)}
    notes = [note(f"s-{n:03}", topics=["moss"], tools=list(tools)[:50]) for n in range(1, 4)]
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics, "tools": tools}, notes)
    view = base.views["topics/moss/graph.md"]
    parts = [(label, [node.name for node in own]) for label, own in view.left if own]
    assert parts == [("suggested-order", ["Episode 3", "Episode 1", "Episode 2"])]


def test_the_graph_of_a_topic_tells_prerequisites_from_references() -> None:
    tools = {f"t{n}": {"name": f"Tool {n}"} for n in range(60)}
    own = {"topics": ["moss"], "tools": list(tools)[:20]}
    notes = [note("s-001", **own), note("s-002", requires=["s-001"], **own), note("s-003", "See episode 1.", **own)]
    base = make({"series": {"s": {"title": "Show"}}, "topics": {"moss": {"name": "Moss"}}, "tools": tools}, notes)
    view = base.views["topics/moss/graph.md"]
    one, two, three = (node.title for node in column(view.left))
    assert [looks(view)[f"{one} {other}"] for other in (two, three)] == ["mg-needs", "mg-sub"]
    # the prerequisite is the first end of its line
    needs = next(ends for *_, looks, ends in view.lines if looks == "mg-needs")
    assert [view.nodes[int(end)].title for end in needs.split()] == [one, two]
    ties = [[(tie, name) for name, _, tie, _ in node.neighbours][:3] for node in column(view.left)]
    assert [own[0] for own in ties] == [("required-by", two), ("requires", one), ("tools", "Tool 0")]
    relations = [{tie for _, _, tie, _ in node.neighbours} for node in column(view.left)]
    assert relations == [{"required-by", "tools", "referred-by"}, {"requires", "tools"}, {"tools", "refers-to"}]
    text = render(base)["topics/moss/graph.md"]
    assert f'<p><span class="mg-count">Requires: </span><a href="../../../episodes/s/s-001/">{one}</a></p>' in text


def test_few_episodes_are_in_the_middle_of_their_column() -> None:
    tools = [("tool", str(at)) for at in range(12)]
    found = Graph([("episode", "a")], tools, [], {}, {}, 0)
    left, right = in_parts(found)
    # 6 of 13 rows
    assert left == [("", ()), ("", ()), ("episodes", [("episode", "a")]), ("", ()), ("", ())]
    assert right == [("tools", tools)]


def test_the_list_tells_subtopics_from_broader_topics():
    topics = {"wide": {"name": "Wide"}, "deep": {"name": "Deep", "parent": "wide"}}
    base = make({"series": {"s": {"title": "Show"}}, "topics": topics}, [note("s-001", topics=["wide"])])
    ties = {
        (node.title, name): tie for node in nodes(base.views["graph/index.md"]) for name, _, tie, _ in node.neighbours
    }
    assert ties[("Wide", "Deep")] == "subtopic"
    assert ties[("Deep", "Wide")] == "broader-topic"
    assert ties[("Wide", "Episode 1")] == "episodes"
    assert ">subtopic: <" in render(base)["graph/index.md"]


def test_the_graph_of_a_topic_is_bounded(big):
    view = big.views["topics/wide/graph.md"]
    kinds = Counter(node.kind for node in nodes(view))
    # the topic itself is in the page's title
    assert kinds["episode"] == EPISODES
    assert kinds["topic"] == 1
    assert kinds["tool"] == NAMED
    # each episode names its own tool
    assert view.nodes_left == 160 - EPISODES + EPISODES - kinds["tool"]
    text = render(big)["topics/wide/graph.md"]
    assert (
        "Shown: 25 of 160 episodes, 1 topic, 12 of 25 tools. Topics of more episodes and key tools come first." in text
    )
    # the list of episodes folds all but the first ones
    assert f'<summary><span data-less="Show fewer">{EPISODES - 6} more</span></summary>' in text
    assert dict(big.views["topics/wide.md"].graphs) == {
        "graph-of-topic": "topics/wide/graph/",
        "whole-graph": "graph/",
    }
    assert dict(big.views["topics/lone.md"].graphs) == {"whole-graph": "graph/"}


def test_without_topics_tools_are_drawn():
    base = make(
        {"series": {"s": {"title": "Show"}}, "tools": {f"t{n}": {"name": f"Tool number {n}"} for n in range(150)}},
        [note(f"s-00{n}", tools=["t1", "t2"]) for n in (1, 2, 3)],
    )
    view = base.views["graph/index.md"]
    assert view.clustered
    assert view.kinds == ("tool",)
    assert drawn(view) == {frozenset({"Tool number 1", "Tool number 2"}): 1}
    assert view.nodes_left == 150 - NODES
    assert len(view.loose) == NODES - 2


def test_links_are_bounded():
    tools = [f"t{n}" for n in range(20)]
    base = make(
        {"series": {"s": {"title": "Show"}}, "tools": {slug: {"name": f"Tool {slug}"} for slug in tools}},
        [note(f"s-{n:03}", tools=tools) for n in range(1, 31)],
    )
    view = base.views["graph/index.md"]
    assert len(view.lines) == EDGES
    assert view.edges_left == 20 * 30 - EDGES
    assert f"{20 * 30 - EDGES} connections" in render(base)["graph/index.md"]


def test_an_episode_that_names_everything_counts_with_its_first_entries():
    tools = [f"t{n:03}" for n in range(MAX_BESIDE + 60)]
    base = make(
        {
            "series": {"s": {"title": "Show"}},
            "topics": {"a": {"name": "Aspens"}},
            "tools": {slug: {"name": f"Tool {slug}"} for slug in tools},
        },
        [note(f"s-{n:03}", tools=tools, topics=["a"]) for n in (1, 2, 3)],
    )
    assert base.views["topics/a/graph.md"].nodes_left == MAX_BESIDE - NAMED
    assert set(often_with(base.site, tools[-1])) <= set(tools[:MAX_BESIDE])


def test_neighbours_share_a_third_of_the_episodes():
    base = make(
        {
            "series": {"s": {"title": "Show"}},
            "tools": {slug: {"name": slug.title()} for slug in ("rake", "hose", "spade")},
            "people": {slug: {"name": slug.title()} for slug in ("ada", "ben", "cleo")},
        },
        [
            note(
                "s-001",
                tools=["rake", "hose", "spade"],
                people=[{"person": "ada"}, {"person": "ben"}, {"person": "cleo"}],
            ),
            note("s-002", tools=["rake", "hose", "spade"], people=[{"person": "ada"}, {"person": "ben"}]),
            note("s-003", tools=["rake", "hose"], people=[{"person": "ada"}]),
            *(note(f"s-{n:03}", tools=["rake"], people=[{"person": "ada"}]) for n in (4, 5, 6, 7)),
        ],
    )
    assert often_with(base.site, "rake") == ["hose"]
    assert often_with(base.site, "hose") == ["spade"]  # the rake is in every episode
    assert base.views["people/ada.md"].together == ()
    assert [card.title for card in base.views["people/cleo.md"].together] == ["Ada", "Ben"]


def test_topics_in_a_circle_are_drawn():
    base = make(
        {
            "topics": {"a": {"name": "A", "parent": "b"}, "b": {"name": "B", "parent": "a"}},
            "series": {"s": {"title": "Show"}},
        },
        [note("s-001", topics=["a"])],
    )
    assert {node.title for node in nodes(base.views["graph/index.md"])} >= {"A", "B"}


def test_the_list_says_what_its_numbers_count(big):
    page = render(big)["graph/index.md"]
    assert '<p><span class="mg-count">80 episodes: </span>' in page
    assert not re.search(r'class="mg-count">\d+<', page)


def test_edges_begin_and_end_in_the_rows_of_their_nodes():
    knowledge = {"series": {"s": {"title": "Show"}}, "topics": {"a": {"name": "A"}}, "tools": {"t": {"name": "T"}}}
    notes = [note("s-001", tools=["t"], topics=["a"]), note("s-002", tools=["t"], requires=["s-001"])]
    base = make(knowledge, notes)
    view = base.views["graph/index.md"]
    # there is a heading for each kind; narrow windows have no drawing
    places = [(0, 500), (0, 833), (1000, 300), (1000, 900)]
    assert re.findall(r"<p>(\w+)</p>\s*<ul>\s*<li><a class=\"mg-(\w+)", render(base)["graph/index.md"]) == [
        ("Episodes", "episode"),
        ("Topics", "topic"),
        ("Tools", "tool"),
    ]
    assert len(view.lines) == 4
    for path, narrow, _, numbered in view.lines:
        numbers = [int(number) for number in re.findall(r"-?\d+", path)]
        assert [(*numbers[:2],), (*numbers[-2:],)] == [places[int(end)] for end in numbered.split()[:2]]
        assert all(0 <= number <= 1000 for number in numbers)
        assert narrow == ""


def test_arcs_begin_and_end_in_the_rows_of_a_single_column(big):
    view = big.views["graph/index.md"]
    for _, arc, _, numbered in view.lines:
        rows = [(2 * int(end) + 1) * 500 // len(nodes(view)) for end in numbered.split()[:2]]
        assert re.fullmatch(rf"M0 {rows[0]}C(\d+) {rows[0]} \1 {rows[1]} 0 {rows[1]}", arc)


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


def test_the_graphs_of_many_topics_look_only_at_their_own_topics_and_episodes() -> None:
    """Check that the time of a graph doesn't grow with the number of topics and of references of its episodes."""

    def seconds(count: int) -> float:
        topics = {"top": {"name": "Top"}} | {f"t{at}": {"name": f"T {at}", "parent": "top"} for at in range(count)}
        tools = {f"u{at}": {"name": f"U {at}"} for at in range(13)}
        own = {"topics": [f"t{at}" for at in range(100)], "tools": list(tools)}
        notes = [note(f"s-00{at}", "See episode 9. " * count, **own) for at in range(1, 5)]
        site = make({"series": {"s": {"title": "S"}}, "topics": topics, "tools": tools}, [*notes, note("s-009")]).site
        graph.view(site, Subject("graph", "t0"))
        start = time.process_time()
        for at in range(1, 91):
            graph.view(site, Subject("graph", f"t{at}"))
        return time.process_time() - start

    assert seconds(4000) < 5 * seconds(150) + 0.2

"""The layout of a graph: the column and the position of each node, and the curves between nodes."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from math import log
from typing import NamedTuple

from mlguide_site.pages.site import EDGES
from mlguide_site.pages.view import EpisodeCard

STRENGTHS = 5  # number of different widths of lines
Key = tuple[str, str]  # the kind of a node (`episode`, `topic` or `tool`), and its id or slug
Part = tuple[str, Sequence[Key]]  # nodes of a column, and the label of their heading or "". No nodes are an empty row.
HEADINGS = {"episode": "episodes", "topic": "topics", "tool": "tools"}


class Node(NamedTuple):
    """A node of a graph. `hue` is a colour number (0 for none). `name` is the short name, and `title` the full name. A
    neighbour is (name, address, number of shared episodes or the label of the relation, such as "subtopic",
    these episodes if they are few). `first` contains the episode with which readers start, if there is one."""

    kind: str
    hue: int
    url: str
    name: str
    title: str
    episodes: int
    size: int = 1
    neighbours: tuple[tuple[str, str, int | str, tuple[EpisodeCard, ...]], ...] = ()
    first: tuple[EpisodeCard, ...] = ()


class Graph(NamedTuple):
    """The content of a graph: the nodes of both columns, and each edge with the number of shared episodes. `loose`
    contains nodes without edges. `totals` has the number of nodes of each kind, with those that were omitted, and
    `edges_left` the number of omitted edges."""

    left: list[Key]
    right: list[Key]
    loose: list[Key]
    edges: Mapping[tuple[Key, Key], int]
    totals: Mapping[str, int]
    edges_left: int


def in_columns(
    left: list[Key], right: list[Key], edges: Mapping[tuple[Key, Key], int], totals: Mapping[str, int]
) -> Graph:
    """Return a graph in two columns. If `left` or `right` is empty, the other list is split into two columns. If there
    are more than `EDGES` edges, edges for which both nodes have many edges are omitted."""
    known = {*left, *right}
    found: dict[tuple[Key, Key], int] = {}
    for pair, weight in edges.items():
        one, other = sorted(pair)
        if one in known and other in known and one != other:
            found.setdefault((one, other), weight)
    degree = Counter(end for pair in found for end in pair)
    order = sorted(found, key=lambda pair: min(degree[pair[0]], degree[pair[1]]))[:EDGES]
    tied = {*chain(*order)}
    loose = [key for key in (*left, *right) if key not in tied]
    left, right = ([key for key in column if key in tied] for column in (left, right))
    if not (left and right):
        nodes = left or right
        half = (len(nodes) + 1) // 2
        left, right = nodes[:half], nodes[half:]
    return Graph(left, right, loose, {pair: found[pair] for pair in order}, totals, len(found) - len(order))


def in_parts(
    graph: Graph, steps: Collection[str] = (), before: Collection[str] = (), tools: Collection[str] = ()
) -> tuple[list[Part], list[Part]]:
    """Return the parts of both columns. If there are episodes, all parts have headings, and the left column is as high
    as at least half of the right one. Its first parts consist of `before`, the ids of prerequisites, and of the
    `steps`, the ids of the suggested order. `tools` are the slugs of key tools.

    >>> in_parts(Graph([("episode", "a"), ("episode", "b")], [("tool", "t")], [], {}, {}, 0), ["a"])[0]
    [('suggested-order', [('episode', 'a')]), ('more-episodes', [('episode', 'b')])]
    """
    if not any(kind == "episode" for kind, _ in graph.left):
        return [("", graph.left)], [("", graph.right)]
    labels = {key: "suggested-order" if key[1] in steps else "more-episodes" for key in graph.left if steps}
    labels |= {("episode", id): "prerequisites" if len(before) > 1 else "prerequisite" for id in before}
    labels |= {("tool", slug): "key-tools" for slug in tools}
    left, right = (
        [(label, [*keys]) for label, keys in groupby(column, lambda key: labels.get(key, HEADINGS[key[0]]))]
        for column in (graph.left, graph.right)
    )
    gap: Part = "", ()
    # space above all headings but the first
    spaced = [*right[:1], *(part for one in right[1:] for part in (gap, one))]
    rows = [len(parts) + sum(len(keys) for _, keys in parts) for parts in (left, spaced)]
    blank = [gap] * ((rows[1] // 2 - rows[0]) // 2)
    return [*blank, *left, *blank], spaced


def strength(weight: int, most: int) -> int:
    """Return the strength of an edge, from 1 to `STRENGTHS`. Small numbers of shared episodes differ, and `most` is the
    largest number in the graph."""
    return 1 + round((STRENGTHS - 1) * log(max(1, weight)) / log(max(2, most)))


def curves(
    edges: Iterable[tuple[Key, Key]], sides: Sequence[Sequence[Part]], nodes: Sequence[Key]
) -> Iterator[tuple[str, str]]:
    """Yield each edge as (SVG path, SVG path in narrow windows), with coordinates from 0 to 1000. An edge can connect
    nodes in the same column. In narrow windows, all `nodes` are in one column; if there are episodes, there is no
    drawing (an empty path)."""
    mixed = any(kind == "episode" for kind, _ in nodes)
    places, numbers = _places(sides), {key: at for at, key in enumerate(nodes)}
    for one, other in edges:
        start, end = ((2 * numbers[key] + 1) * 500 // len(nodes) for key in (one, other))
        reach = 250 + abs(start - end)
        arc = "" if mixed else f"M0 {start}C{reach} {start} {reach} {end} 0 {end}"
        yield _curve(places[one], places[other]), arc


def _places(sides: Sequence[Sequence[Part]]) -> Mapping[Key, tuple[int, int]]:
    """Return the coordinates of the nodes of both columns. A heading and a part without nodes take a row."""
    found: dict[Key, tuple[int, int]] = {}
    for x, parts in zip((0, 1000), sides, strict=True):
        rows = [key for label, keys in parts for key in (*([("", "")] if label or not keys else []), *keys)]
        found |= {key: (x, (2 * at + 1) * 500 // len(rows)) for at, key in enumerate(rows)}
    return found


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x, y), (to_x, to_y) = start, end
    bend = 500 if x != to_x else abs(x - 150 - abs(y - to_y) // 2)
    return f"M{x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}"

"""The layout of a graph: the column and the position of each node, and the curves between nodes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from math import log
from typing import NamedTuple

EDGES = 240  # maximum number of edges in a graph
STRENGTHS = 5  # number of different widths of lines
Key = tuple[str, str]  # the kind of a node (`episode`, `topic` or `tool`), and its id or slug


class Node(NamedTuple):
    """A node of a graph. `hue` is a colour number (0 for none). `name` is the short name, and `title` the full name. A
    neighbour is (name, address, number of shared episodes or how the nodes are related, such as "subtopic", or "")."""

    kind: str
    hue: int
    url: str
    name: str
    title: str
    episodes: int
    size: int = 1
    neighbours: tuple[tuple[str, str, int | str], ...] = ()


class Graph(NamedTuple):
    """The content of a graph: the nodes of both columns, and each edge with the number of shared episodes. `loose`
    contains nodes without edges. `nodes_left` and `edges_left` count the nodes and edges that were omitted."""

    left: list[Key]
    right: list[Key]
    loose: list[Key]
    edges: Mapping[tuple[Key, Key], int]
    nodes_left: int
    edges_left: int


def in_columns(left: list[Key], right: list[Key], edges: Mapping[tuple[Key, Key], int], nodes_left: int = 0) -> Graph:
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
    return Graph(left, right, loose, {pair: found[pair] for pair in order}, nodes_left, len(found) - len(order))


def strength(weight: int, most: int) -> int:
    """Return the strength of an edge, from 1 to `STRENGTHS`. Small numbers of shared episodes differ, and `most` is the
    largest number in the graph."""
    return 1 + round((STRENGTHS - 1) * log(max(1, weight)) / log(max(2, most)))


def curves(
    graph: Graph, nodes: Mapping[Key, Node], dashed: Mapping[object, int]
) -> Iterator[tuple[str, str, int, int, str]]:
    """Yield each edge as (SVG path, SVG path in narrow windows, strength as from `strength` or `dashed`, colour number
    or 0, numbers of both nodes and number of shared episodes, such as "2 7 4"), with coordinates from 0 to 1000. An
    edge can connect nodes in the same column. If there are episodes, topics and tools have a row with a heading, and
    narrow windows have no drawing (an empty path). Otherwise all nodes are in one column there. In a graph without
    numbers of shared episodes, the edges of topics have the strength 1, and others 0."""
    mixed = any(kind == "episode" for kind, _ in nodes)
    headed = [key for kind, own in groupby(graph.right, lambda key: key[0]) for key in (("", kind), *own)]
    places = _places(graph.left, headed if mixed else graph.right)
    numbers = {key: at for at, key in enumerate(nodes)}
    most = max(graph.edges.values(), default=1)
    kinds = {kind for kind, _ in nodes} if most == 1 else set()
    for (one, other), weight in graph.edges.items():
        plain = 0 if "topic" in kinds - {one[0], other[0]} else strength(weight, most)
        width = dashed.get(frozenset((one, other)), plain)
        hues = {nodes[one].hue, nodes[other].hue}
        start, end = ((2 * numbers[key] + 1) * 500 // len(nodes) for key in (one, other))
        reach = 250 + abs(start - end)
        yield (
            _curve(places[one], places[other]),
            "" if mixed else f"M0 {start}C{reach} {start} {reach} {end} 0 {end}",
            width,
            hues.pop() if len(hues) == 1 else 0,
            f"{numbers[one]} {numbers[other]}{f' {weight}' if most > 1 else ''}",
        )


def _places(left: Sequence[Key], right: Sequence[Key]) -> Mapping[Key, tuple[int, int]]:
    """Return the coordinates of the nodes of two columns."""
    columns = ((0, left), (1000, right))
    return {key: (x, (2 * at + 1) * 500 // len(keys)) for x, keys in columns for at, key in enumerate(keys)}


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x, y), (to_x, to_y) = start, end
    bend = 500 if x != to_x else abs(x - 150 - abs(y - to_y) // 2)
    return f"M{x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}"

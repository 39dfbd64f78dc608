"""Lists whose markers survived in flat text, and what a model is told and believed of them.

The model is given the words without times and letters in brackets, with each item marked; between two markers it isn't
asked. What follows the last marker, and all that stands outside, is as the model says.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.recovery.kinds import BODY, HEADING, ITEM, LABEL, MORE, PARAGRAPH, Found
from mlguide_site.recovery.markdown import Block, blocks_of
from mlguide_site.recovery.numbering import MAX_SHORT, numbered_lists
from mlguide_site.recovery.signs import read_tokens
from mlguide_site.recovery.times import Listed, time_lists
from mlguide_site.recovery.words import Token, ends_sentence

FEWEST_BULLETS = 2


class Part(NamedTuple):
    """A segment: tokens `start` to `end` (exclusive), its kind (see `lattice.KINDS`), and how deep in a list it is."""

    start: int
    end: int
    kind: int
    depth: int = 0


class Nested(NamedTuple):
    """A list and how deep it stands."""

    listed: Listed
    depth: int


class _Role(NamedTuple):
    """What begins at a token as the markers say: an `entry`, the `title` of a list, a `bullet` in an item, the text
    `inside` one, what stands `behind` a list, and the `text` behind one of times; with its depth, and whether it
    may be a label."""

    kind: str
    depth: int = 0
    labels: bool = False


def find_lists(tokens: Sequence[Token]) -> list[Nested]:
    """The lists of times, numbers and letters among tokens, by their beginning; of two that cross, the longer one.

    A list within an item of a numbered one, or of one with bullets, is one step deeper.
    """
    words = [token.text for token in tokens]
    lines = frozenset(at for at, token in enumerate(tokens) if token.hard or token.mark)
    numbered = numbered_lists(words, lines) if any(word[-1] in ".)" for word in words) else []
    found = [*numbered, *time_lists(words, lines)]
    chosen = _apart(sorted(found, key=lambda one: (-len(one.entries), one.kind, one.start)), len(words))
    bullets = [at for at, token in enumerate(tokens) if token.mark == "item"]
    ends = {one.entries[-1].start for one in chosen if one.kind == "number"}
    ordered = sorted(chosen, key=lambda one: one.start)
    return [Nested(one, _depth(one, chosen[one], bullets, ends, words)) for one in ordered]


def _apart(lists: Sequence[Listed], size: int) -> dict[Listed, bool]:
    """The lists that cross none before them, and whether each stands within an item of another."""
    owners: list[Listed | None] = [None] * size
    chosen: dict[Listed, bool] = {}
    for one in lists:
        span = range(one.title, one.entries[-1].body)
        others = {owner for at in span if (owner := owners[at]) is not None}
        outer = {other for other in others if _holds(other, one)}
        if any(other not in outer and not _holds(one, other) for other in others):
            continue
        chosen |= {one: bool(outer)} | dict.fromkeys(others - outer, True)
        for at in span:
            owners[at] = one if outer or owners[at] is None else owners[at]
    return chosen


def _holds(outer: Listed, inner: Listed) -> bool:
    """Whether a list stands in an item of a numbered one, which isn't its last."""
    starts = [entry.start for entry in outer.entries]
    at = bisect_left(starts, inner.title)
    return outer.kind == "number" and 0 < at < len(starts) and inner.entries[-1].body <= starts[at]


def _depth(one: Listed, within: bool, bullets: Sequence[int], ends: Collection[int], words: Sequence[str]) -> int:
    """One step where another list's item holds it: between two bullets, or behind the colon of an item."""
    before, behind = bisect_left(bullets, one.start), bisect_left(bullets, one.entries[-1].body)
    colon = one.start > 0 and words[one.start - 1].endswith(":")
    if before and before == behind and bullets[before - 1] not in range(one.start, one.entries[0].body + 1):
        within = within or colon or behind < len(bullets)
    last = any(at in ends for at in range(max(0, one.start - MAX_SHORT), one.start))
    return int(within or (colon and last))


def told(tokens: Sequence[Token], lists: Sequence[Nested]) -> list[tuple[int, Token]]:
    """What the model is given: tokens with their places, without the leads of items, each item marked."""
    leads: set[int] = set()
    marks: set[int] = set()
    hard: set[int] = set()
    for one, _ in lists:
        leads.update(at for entry in one.entries for at in range(entry.start, entry.body))
        marks.update(entry.body for entry in one.entries)
        hard.update((one.title, one.end) if one.closed else (one.title,))
    return [
        (at, token._replace(mark="item") if at in marks else token._replace(hard=True) if at in hard else token)
        for at, token in enumerate(tokens)
        if at not in leads
    ]


def settled(
    found: Sequence[Found], index: Sequence[int], tokens: Sequence[Token], lists: Sequence[Nested]
) -> list[Part]:
    """What the model has found, as parts of all tokens (`index` says where those stand that it was given), set right
    where markers say what it is."""
    roles = _roles(tokens, lists)
    leads = {entry.body: entry.start for one, _ in lists for entry in one.entries}
    starts = [*(leads.get(index[one.start], index[one.start]) for one in found), len(tokens)]
    entries = frozenset(leads.values())
    parts: list[Part] = []
    depth, goes_on, before = 0, False, PARAGRAPH
    for (start, end), one in zip(pairwise(starts), found, strict=True):
        role = roles.get(start)
        if role is not None and role.kind == "bullet" and not goes_on:
            role = None
        kind = _kind(one.kind, role, before)
        # a label without text would take in the items behind it
        if kind == LABEL and role is not None and role.kind == "entry" and (end == len(tokens) or end in entries):
            kind = ITEM
        if role is not None and role.kind in {"entry", "bullet"}:
            depth, goes_on = role.depth, True
        elif kind in (HEADING, PARAGRAPH) or (role is None and kind in (LABEL, ITEM)):
            depth, goes_on = 0, False
        parts.append(Part(start, end, kind, depth))
        before = kind if kind != MORE else before
    return parts


def cut(tokens: Sequence[Token], lists: Sequence[Nested]) -> list[Part]:
    """The parts of a line as its markers alone tell them: items, titles of lists, and paragraphs. The last item ends
    with its sentence where the others are of one."""
    roles = _roles(tokens, lists)
    titles = {one.title for one, _ in lists if one.title < one.start}
    starts = {0: Part(0, 0, PARAGRAPH)}
    for at, token in enumerate(tokens):
        role = roles.get(at)
        if role is None or role.kind == "bullet":
            if token.mark == "item":
                starts[at] = Part(at, at, ITEM, role.depth if role else 0)
        elif role.kind == "entry":
            starts[at] = Part(at, at, ITEM, role.depth)
        elif role.kind == "title" and at in titles:
            starts[at] = Part(at, at, HEADING)
        elif role.kind in {"behind", "text"}:
            starts.setdefault(at, Part(at, at, PARAGRAPH))
    bounds = [*sorted(starts), len(tokens)]
    parts = [starts[start]._replace(end=end) for start, end in pairwise(bounds)]
    return [*parts[:-1], *_ended(tokens, parts)]


def _ended(tokens: Sequence[Token], parts: Sequence[Part]) -> list[Part]:
    """The last part; an item that goes on for longer than the others is cut behind its first sentence."""
    *others, last = parts
    items = [one for one in others if one.kind == ITEM]
    ends = [at + 1 for at in range(last.start, last.end) if ends_sentence(tokens[at].text)]
    several = any(ends_sentence(tokens[at].text) for one in items for at in range(one.start + 1, one.end - 1))
    if last.kind != ITEM or several or not ends or ends[0] == last.end:
        return [last]
    return [last._replace(end=ends[0]), Part(ends[0], last.end, PARAGRAPH)]


def words_of(text: str, tokens: Sequence[Token], part: Part, end: int) -> tuple[list[str], int]:
    """The words of a part, from where the one before it ended in the text, and where it ends itself."""
    words: list[str] = []
    for at in range(part.start, part.end):
        token = tokens[at]
        # a mark that marks nothing is a word
        if token.mark and (at > part.start or part.kind not in (HEADING, LABEL, ITEM)):
            words.extend(text[end : token.start].split())
        words.append(token.text)
        end = token.start + len(token.text)
    return words, end


def marked_blocks(line: str) -> list[Block]:
    """The blocks of a line of plain text that holds a list by its own markers; none where it holds none.

    >>> [" ".join(block.words) for block in marked_blocks("We need: 1) rope 2) tape 3) glue")]
    ['We need:', '1) rope', '2) tape', '3) glue']
    >>> marked_blocks("At 9:00 we met, and 2 * 3 * 4 * 5 is 120.")
    []
    """
    tokens = read_tokens(line)
    lists = find_lists(tokens)
    if not lists and sum(token.mark == "item" for token in tokens) < FEWEST_BULLETS:
        return []
    segments: list[tuple[int, list[str]]] = []
    depths: dict[int, int] = {}
    end = 0
    for part in cut(tokens, lists):
        words, end = words_of(line, tokens, part, end)
        if part.depth:
            depths[len(segments)] = part.depth
        if words:
            segments.append((part.kind, words))
    return blocks_of(segments, depths)


def _kind(kind: int, role: _Role | None, before: int) -> int:
    """The kind of a segment, from what the model took it for, its role, and the kind of what stands before it."""
    if role is None:
        return MORE if kind == BODY and before != LABEL else kind
    if role.kind == "title":
        return HEADING
    if role.kind in {"entry", "bullet"}:
        return LABEL if kind == LABEL and role.labels else ITEM
    if role.kind == "inside":
        return BODY if before == LABEL else MORE
    return PARAGRAPH if kind in (BODY, MORE) or (kind == ITEM and role.kind == "text") else kind


def _roles(tokens: Sequence[Token], lists: Sequence[Nested]) -> dict[int, _Role]:
    roles: dict[int, _Role] = {}
    deeper = sorted(one.start for one, depth in lists if depth)
    # what stands in an item of another list is what that list says
    for one, depth in sorted(lists, key=lambda nested: nested.depth):
        if one.closed:
            roles.setdefault(one.end, _Role("text" if one.kind == "time" else "behind"))
        nested = False
        bounds = pairwise([*(entry.start for entry in one.entries), one.end])
        for at, (start, end) in enumerate(bounds):
            last = at == len(one.entries) - 1
            bullets = [place for place in range(start + 1, end) if tokens[place].mark == "item"]
            # on a further line, and behind the last marker, stands whatever the model says
            stop = next((place for place in range(start + 1, end) if tokens[place].hard), end)
            if not last or one.closed:
                roles |= {place: _Role("inside") for place in range(start + 1, stop)}
            if bullets and (not last or nested or tokens[bullets[0] - 1].text.endswith(":")):
                roles |= {place: _Role("bullet", depth + 1, labels=True) for place in bullets}
                nested = True
            holds = bool(bullets) or bisect_left(deeper, start + 1) < bisect_left(deeper, end)
            roles[start] = _Role("entry", depth, one.kind != "time" and not holds)
        roles |= {at: _Role("title") for at in range(one.title, one.start)}
    return roles

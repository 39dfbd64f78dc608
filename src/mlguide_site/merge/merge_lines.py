"""Merges the lines of a note: a three-way merge of the last import, the file and the source."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate, takewhile
from typing import Any, NamedTuple, cast

from merge3 import Merge3

from mlguide_site.markdown.fences import whole_blocks
from mlguide_site.merge.records import body_lines, line_hash, line_hashes

KEEP, TAKE = "file", "source"  # the version that resolves conflicts
STEPS = 60  # maximum number of steps for each line of two bodies that are compared
MOST_EQUAL = 50  # maximum number of equal lines that are compared to find a paragraph
MAX_ROUNDS = 5  # a body with conflicts is merged repeatedly, at most this number of times
BLANK = line_hash("")
Region = tuple[int, tuple[str, ...], tuple[str, ...]]
"""A conflict: the index of its first line in the merged body, the file's lines, and the source's lines."""
_Blocks = Mapping[range, int]  # see `whole_blocks`
_Equal = tuple[int, int, int, int, int, int]  # the start and end of equal lines in each of three bodies


def three_way(
    base: Sequence[str], ours: str, theirs: str, choice: str = ""
) -> tuple[str, tuple[str, ...], list[Region]]:
    """Merge the body of a note (`ours`) and of a source (`theirs`). `base` contains the line hashes of the last import.
    Return the text, the line hashes to record, and the conflicts. For a conflict, the text contains the lines of
    `ours`, and the hashes are the hashes in `base`."""
    before, file, source = tuple(base), ours, line_hashes(theirs)
    own = {*line_hashes(file)}
    for _ in range(MAX_ROUNDS):
        merged, known, conflicts = _merge_lines(base, ours, theirs)
        if not conflicts or (known, line_hashes(merged)) == (tuple(base), line_hashes(ours)):
            break
        # merge the result again, because the next import must change nothing
        base, ours = known, merged
    if not own & {*source, *own.difference(before)} <= {*line_hashes(merged)}:
        # rounds can lose a line that both have: everything between the first and the last difference is one conflict
        mine, other = body_lines(file), body_lines(theirs)
        start = _same(mine, other)
        end = _same(mine[start:][::-1], other[start:][::-1])
        merged, known = "\n".join(mine), before
        conflicts = [(start, (*mine[start : len(mine) - end],), (*other[start : len(other) - end],))]
    if not choice or not conflicts:
        return merged, known, conflicts
    lines = merged.split("\n")
    for at, mine, other in reversed(conflicts) if choice == TAKE else ():
        lines[at : at + len(mine)] = other
    return "\n".join(lines), source, []


class _Matcher(SequenceMatcher[str]):
    """Finds the equal parts of two lists. When difflib has taken `STEPS` steps for each item of the lists, only equal
    items at the start and at the end of the other parts count."""

    def __init__(self, junk: None, one: Sequence[str], other: Sequence[str]) -> None:
        self.one, self.other = [*one], [*other]
        super().__init__(junk, self.one, self.other)
        self.steps = STEPS * (len(one) + len(other))
        places: Mapping[str, Sequence[int]] = vars(self)["b2j"]
        # the steps that one search takes up to each item of the first list
        self.until = [0, *accumulate(1 + len(places.get(item, ())) for item in one)]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        a_end, b_end = len(self.one) if ahi is None else ahi, len(self.other) if bhi is None else bhi
        self.steps -= self.until[a_end] - self.until[alo]
        if self.steps >= 0:
            return super().find_longest_match(alo, a_end, blo, b_end)
        one, other = self.one[alo:a_end], self.other[blo:b_end]
        if size := _same(one, other):
            return Match(alo, blo, size)
        size = _same(one[::-1], other[::-1])
        return Match(a_end - size, b_end - size, size)


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of equal items at the start of two lists."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


class _Part(NamedTuple):
    """A part of a merge: the lines of each body."""

    what: str  # unchanged, a, same, b or conflict
    base: range
    file: range
    source: range


class _Merge(Merge3[str]):
    """Merges lines, but never a part of a block that means something else if it is cut. `blocks` contains the blocks of
    the file and of the source."""

    def __init__(self, base: Sequence[str], file: Sequence[str], source: Sequence[str], blocks: Sequence[_Blocks]):
        super().__init__(base, file, source, sequence_matcher=cast(Any, _Matcher))
        self.blocks = blocks

    def find_sync_regions(self) -> list[_Equal]:
        """Return the equal lines of all three bodies, without those in blocks of which not all lines that identify
        them are equal."""
        *regions, end = super().find_sync_regions()
        equal = [
            [start + at, own + at, other + at] for start, to, own, _, other, _ in regions for at in range(to - start)
        ]
        before = None
        while before != len(equal):
            before = len(equal)
            for side, blocks in enumerate(self.blocks, 1):
                block_of = {line: block for block in blocks for line in block}
                heads = {line: block for block, size in blocks.items() for line in block[:size]}
                sizes = Counter(heads.get(one[side]) for one in equal)
                equal = [
                    one for one in equal if (block := block_of.get(one[side])) is None or sizes[block] == blocks[block]
                ]
        return [*((at, at + 1, own, own + 1, other, other + 1) for at, own, other in equal), end]

    def parts(self) -> Iterator[_Part]:
        file_line = {start: own for start, _, own, *_ in self.find_sync_regions()}
        none = range(0)
        for what, start, end, *places in self.merge_regions():
            lines = range(start, end)
            if what == "conflict":
                yield _Part(what, lines, range(*places[:2]), range(*places[2:]))
            elif what == "b":
                yield _Part(what, none, none, lines)
            elif what == "unchanged":
                yield _Part(what, lines, range(file_line[start], file_line[start] + len(lines)), none)
            else:
                yield _Part(what, none, lines, none)


def _merge_lines(base: Sequence[str], ours: str, theirs: str) -> tuple[str, tuple[str, ...], list[Region]]:
    """Merge two bodies once (see `three_way`). Lines that differ only in trailing whitespace are taken from `ours`."""
    mine, other = body_lines(ours), body_lines(theirs)
    a, b = line_hashes(ours), line_hashes(theirs)
    blocks = whole_blocks(mine), whole_blocks(other)
    parts = [*_Merge(base, a, b, blocks).parts()]
    # indexes of lines: `at` for the file, and `~at` for the source
    twice, moved = _moved(parts, base, a, b, blocks)
    removed = defaultdict[str, list[int]](list)  # other lines of the file that the source removed or moved
    whole = {*moved.values()}
    used = whole.union({at for one in parts for at in one.file} - twice, *blocks[0])
    for at in sorted({*range(len(a))} - used, reverse=True):
        removed[a[at]].append(at)
    result, known, taken, conflicts = list[int](), list[str](), 0, list[tuple[int, int, range]]()
    blank = [~b.index(BLANK)] if BLANK in b else []  # between paragraphs that the source doesn't have together
    for one in parts:
        if result and result[-1] in whole and one.file and a[one.file.start] != BLANK:
            result += blank
        if one.what == "b":
            result += (moved.get(at, ~at) for at in one.source if ~at not in twice)
        elif one.what != "conflict":
            result += one.file
        else:
            lines = [at for at in one.file if at not in twice]
            back, rest = _moved_here(one.source, b, moved, removed, blocks[1], bool(lines) and a[lines[-1]] == BLANK)
            if lines and back and back[0] in whole and a[lines[-1]] != BLANK:
                back = [*blank, *back]
            rest |= {*base[one.base.start : one.base.stop]} - {a[at] for at in one.file if at in twice}
            if rest - {BLANK}:
                conflicts.append((len(result), len(lines) + len(back), one.source))
                known += [*b[taken : one.source.start], *base[one.base.start : one.base.stop]]
                taken = one.source.stop
            result += [*lines, *back]
    merged = [mine[at] if at >= 0 else mine[removed[b[~at]].pop()] if removed[b[~at]] else other[~at] for at in result]
    found = [(at, (*merged[at : at + size],), (*other[lines.start : lines.stop],)) for at, size, lines in conflicts]
    return "\n".join(merged), (*known, *b[taken:]), found


def _moved(
    parts: Sequence[_Part], base: Sequence[str], file: Sequence[str], source: Sequence[str], blocks: Sequence[_Blocks]
) -> tuple[set[int], dict[int, int]]:
    """Find the paragraphs and blocks that the source moved, or added although the file has them. Return the lines that
    a merge would contain twice, or although a person deleted them: `at` for a line of the file, if it is in a conflict,
    and otherwise `~at` for a line of the source. Return also the lines of the source, with the lines of the file that
    are used for them."""
    twice, moved = set[int](), dict[int, int]()
    part_of = {at: one for one in parts for at in one.file}
    new_part_of = {at: one for one in parts for at in one.source}
    own, other = _paragraphs(file, blocks[0]), _paragraphs(source, blocks[1])
    for text in own.keys() & other.keys():
        old, new = own[text], other[text]
        before, after = part_of.get(old.start), new_part_of.get(new.start)
        if after is None or part_of.get(old[-1]) is not before or new_part_of.get(new[-1]) is not after:
            continue
        if before is None:
            moved |= zip(new, old, strict=True)
        elif before.what == "conflict" and after.what == "b":
            twice.update(_with_blanks(old, before.file, file))
            moved |= zip(new, old, strict=True)
        elif before.what == "a" and after.what == "b":
            twice.update(~at for at in _with_blanks(new, after.source, source))
    # paragraphs in comments and other blocks of the file
    inside = _paragraphs(file, {}).keys() - own.keys()
    present, known = {at for one in parts for at in one.base}, {*file}
    starts = defaultdict[str, list[int]](list)
    for at, one in enumerate(base):
        starts[one].append(at)
    for text in other.keys() - own.keys():
        new = other[text]
        after, places = new_part_of.get(new.start), starts[text[0]][:MOST_EQUAL]
        if after is None or after.what != "b" or new[-1] not in after.source:
            continue
        if {*text} <= known and text not in inside:
            continue
        found = [range(at, at + len(text)) for at in places if tuple(base[at : at + len(text)]) == text]
        if len(found) == 1 and (text in inside or present.isdisjoint(found[0])):
            # a person deleted or hid what the source moved
            twice.update(~at for at in _with_blanks(new, after.source, source))
    return twice, moved


def _paragraphs(hashes: Sequence[str], blocks: _Blocks) -> dict[tuple[str, ...], range]:
    """Return the lines of each paragraph and block that a body contains only once, by their hashes."""
    inner = {at for block in blocks for at in block[1:]}
    found, start = defaultdict[tuple[str, ...], list[range]](list), 0
    for at in range(len(hashes) + 1):
        if at == len(hashes) or (hashes[at] == BLANK and at not in inner):
            found[tuple(hashes[start:at])].append(range(start, at))
            start = at + 1
    return {text: lines[0] for text, lines in found.items() if text and len(lines) == 1}


def _with_blanks(lines: range, part: range, hashes: Sequence[str]) -> range:
    """Return lines with the blank lines after them or, if there are none, before them."""
    start, end = lines.start, lines.stop
    while end in part and hashes[end] == BLANK:
        end += 1
    while end == lines.stop and start - 1 in part and hashes[start - 1] == BLANK:
        start -= 1
    return range(start, end)


def _moved_here(
    lines: range,
    hashes: Sequence[str],
    moved: Mapping[int, int],
    removed: Mapping[str, list[int]],
    blocks: _Blocks,
    is_blank: bool,
) -> tuple[list[int], set[str]]:
    """Return the file's lines that the source moved to `lines`, with the blank lines between them, and the hashes of
    lines that the file doesn't have. `is_blank` tells whether the line before is blank. Lines in `removed` are used
    once."""
    inner = {at for block in blocks for at in block[1:]}
    found, end, missing = list[int](), 0, set[str]()
    for at in lines:
        if hashes[at] == BLANK and at not in moved:
            if is_blank or at in inner:
                continue
            own = [~at]
        else:
            own = [moved[at]] if at in moved else [] if at in inner else removed[hashes[at]]
        if not own:
            missing.add(hashes[at])
            continue
        found.append(own.pop())
        is_blank = hashes[at] == BLANK
        end = end if is_blank else len(found)
    return found[:end], missing

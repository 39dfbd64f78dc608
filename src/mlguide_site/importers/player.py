"""A podcast player's page copied as text: a run of teasers, many of them cut, and one or more episodes in full.

Players draw icons with a font that turns names (`info_outline`) into pictures, so a copy of the page has the names
between its texts, mostly glued to the next word. Above a text there may be the show's name, the episode's title, and a
line of date and length. Nothing says which episode a text is of: merging finds that out.

Notes have a line for each paragraph and item. Indentation, where the copy kept it, tells the nesting. Otherwise an
item that only has a text and a colon opens a group (see `recovery.markdown`).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, takewhile
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Draft, Item, Loose, Source
from mlguide_site.importers.common.dates_and_durations import (
    Stamp,
    day_comes_first,
    duration_field,
    read_length,
    read_stamp,
)
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.promotion import word_key
from mlguide_site.importers.common.titles import read_prefix
from mlguide_site.markdown.plain import SECTION_NAMES, SMALL_WORDS, escape, escape_start, starts_upper, text_ends_whole
from mlguide_site.recovery.lists import marked_blocks
from mlguide_site.recovery.markdown import (
    BODY,
    HEADING,
    ITEM,
    LABEL,
    PARAGRAPH,
    Block,
    Escaping,
    blocks_of,
    to_markdown,
)
from mlguide_site.recovery.times import SIGNS, time_lists

MAX_HEADING = 10
MAX_LABEL = 8
MAX_DEPTH = 12
_ITEM = re.compile(r"[ \t]*(?:[-*+•◦▪▫‣●○·∙–]|(?P<number>\d{1,3}[.)]))[ \t]+(?P<text>\S.*)$")
_LABEL = re.compile(r"(?P<label>[^\s:][^:]{0,99}:)(?:\s+(?P<rest>\S.*))?$")
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>\S.*)$")
# number signs at the end of a heading would be taken for its closing
_ESCAPING = Escaping(escape, escape_start, lambda text: re.sub(r"(?<=\s)(?=#{1,99}$)", r"\\", text))


class _Line(NamedTuple):
    """A line: `HEADING`, `ITEM` or `PARAGRAPH`, its indent in columns, number as written, and text."""

    kind: int
    indent: int
    number: str
    text: str


def is_item(line: str) -> bool:
    """Whether a line is an item of a list."""
    return bool(_ITEM.match(line))


def notes_to_markdown(texts: Sequence[str]) -> str:
    """Lines of notes as Markdown: the same words in the same order.

    >>> print(notes_to_markdown(["Looms", "- Warp, weft:", "- Warp: held.", "- Weft: moved.", "- Reed: beats."]))
    ## Looms
    <BLANKLINE>
    - **Warp, weft:**
        - **Warp:** held.
        - **Weft:** moved.
    - **Reed:** beats.
    """
    filled = [text for text in texts if text.strip()]
    timed = _timed(filled)
    read = [_read(*pair, timed.get(at)) for at, pair in enumerate(zip(filled, [*filled[1:], ""], strict=False))]
    blocks: list[Block] = []
    for is_list, group in groupby(read, key=lambda line: line.kind == ITEM):
        lines = list(group)
        blocks += _items(lines) if is_list else [block for line in lines for block in _plain(line)]
    return to_markdown(blocks, _ESCAPING)


def teaser_to_markdown(lines: Sequence[str]) -> str:
    """Lines of a teaser as Markdown: paragraphs, and the lists whose markers they kept.

    >>> print(teaser_to_markdown(["Of looms. 0:00 Opening 4:30 The loom 12:10 Questions", "And of reeds."]))
    Of looms.
    <BLANKLINE>
    - 0:00 Opening
    - 4:30 The loom
    - 12:10 Questions
    <BLANKLINE>
    And of reeds.
    """
    blocks: list[Block] = []
    filled = [line for line in lines if line.strip()]
    timed = _timed(filled)
    for at, line in enumerate(filled):
        blocks += [Block(ITEM, (), timed[at])] if at in timed else _plain(_Line(PARAGRAPH, 0, "", line))
    return to_markdown(blocks, _ESCAPING)


def _plain(line: _Line) -> list[Block]:
    words = tuple(line.text.split())
    if line.kind == HEADING:
        return [Block(HEADING, words, ())]
    return marked_blocks(line.text) or [Block(PARAGRAPH, (), words)]


def _timed(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The lines that are items of a list of times, with their words, a sign before these aside."""
    rows = [line.split() for line in lines]
    starts = dict(zip(accumulate(map(len, rows), initial=0), range(len(rows)), strict=False))
    found = time_lists([word for row in rows for word in row], frozenset(starts))
    whole = [one for one in found if all(entry.start in starts for entry in one.entries)]
    items = [starts[entry.start] for one in whole for entry in one.entries]
    return {at: tuple(rows[at][rows[at][0] in SIGNS :]) for at in items}


def _read(line: str, after: str, timed: Sequence[str] | None) -> _Line:
    """A line by itself; `after` is the next one, `timed` its words where it is an item of a list of times."""
    indent, text = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()), line.strip()
    if timed:
        return _Line(ITEM, indent, "", " ".join(timed))
    if found := _ITEM.match(line):
        return _Line(ITEM, indent, found["number"] or "", found["text"].strip())
    if marked := _HEADING.match(text):
        return _Line(HEADING, 0, "", marked["text"])
    return _Line(HEADING if _heads(text, after) else PARAGRAPH, 0, "", text)


def _heads(text: str, after: str) -> bool:
    """Whether a short line heads what follows it."""
    words = text.split()
    if not after or len(words) > MAX_HEADING or "://" in text or text_ends_whole(text) or text.endswith(("...", "…")):
        return False
    if text.endswith(":"):
        return text.rstrip(":").casefold() in SECTION_NAMES
    return starts_upper(words[0]) and (is_item(after) or len(after.split()) > len(words))


def _items(lines: Sequence[_Line]) -> list[Block]:
    """The items of one list: nested as they are indented, and those of one indentation as their labels say."""
    blocks: list[Block] = []
    open_at: list[int] = []
    for indent, group in groupby(lines, key=lambda line: line.indent):
        open_at = [own for own in open_at if own < indent]
        depth = min(len(open_at), MAX_DEPTH)
        open_at.append(indent)
        segments = [segment for line in group for segment in _segments(line)]
        blocks += [block._replace(depth=block.depth + depth) for block in blocks_of(segments)]
    return blocks


def _segments(line: _Line) -> list[tuple[int, list[str]]]:
    """An item as the segments that it is made of: a label and what it says, or plain text."""
    found = _LABEL.match(line.text)
    if found and not line.number and _is_label(found["label"]):
        rest = (found["rest"] or "").split()
        return [(LABEL, found["label"].split()), *([(BODY, rest)] if rest else [])]
    return [(ITEM, [*([line.number] if line.number else []), *line.text.split()])]


def _is_label(text: str) -> bool:
    words = text.rstrip(":").split()
    telling = [word for word in words if any(c.isalnum() for c in word)]
    if not telling or len(words) > MAX_LABEL or not starts_upper(words[0]) or "/" in text:
        return False
    small = [word for word in telling if not starts_upper(word) and word.casefold() not in SMALL_WORDS]
    return len(telling) <= 3 or not small


FORMAT = "player"
MAX_BYTES = 4 * 1024 * 1024
MAX_TEXTS = 1_000
SNIFFED = 200_000
MAX_TITLE = 200
MAX_STAMP = 60
LONG_TEASER = 200
"""A single paragraph is a teaser; several are one where they have no more words than this, and none is an item."""
MIN_LEAD = 3
_CUT = ("...", "…")
_ICON = r"[a-z]{2,20}(?:_[a-z]{1,20}){1,4}(?:_\d{1,2})?"
_GLUED = re.compile(rf"\s{{0,99}}(?P<icon>{_ICON})(?=[^\w\s=(.\[,:;)`'*/]|[A-Z0-9])")
_SURE = re.compile(rf"(?P<icon>{_ICON})(?=[A-Z“\"‘][^\n=(){{}};]*$)")
_BEHIND = re.compile(rf"[.!?…)\"”](?P<icon>{_ICON})\s{{0,99}}$")
_WORD = re.compile(r"\s{0,99}(?P<icon>[a-z]{3,13})(?=[A-Z“\"‘][a-z ])")
_ALONE = re.compile(r"\s{0,99}(?P<icon>[a-z]{3,13}|" + _ICON + r")\s{0,99}$")

Numbered = tuple[int, str]


class Marked(NamedTuple):
    """A line without its icons: those before its text, its text, and those after it."""

    before: tuple[str, ...]
    text: str
    after: tuple[str, ...]


class Icons:
    """The names of icons in a text, and how a line is read that has some."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = frozenset(names)
        # the longest first, so that no name takes a part of another
        ordered = sorted(map(re.escape, names), key=lambda name: (-len(name), name))
        snakes = "|".join(name for name in ordered if "_" in name) or "(?!)"
        words = "|".join(name for name in ordered if "_" not in name) or "(?!)"
        self._lead = re.compile(rf"\s{{0,99}}({snakes}|(?:{words})(?=[A-Z“\"‘]|\s{{0,99}}$))")
        self._behind = re.compile(rf"(?:(?<=[.!?…)\"”])|\s|^)({snakes})\s{{0,99}}$")

    def read(self, line: str) -> Marked:
        """A line cut into icons and text.

        >>> Icons(["play_arrow", "more_vert"]).read("play_arrowmore_vertLooms, and how they work.more_vert")
        Marked(before=('play_arrow', 'more_vert'), text='Looms, and how they work.', after=('more_vert',))
        """
        before, after = list[str](), list[str]()
        while found := self._lead.match(line):
            before.append(found[1])
            line = line[found.end() :]
        while found := self._behind.search(line, max(0, len(line) - MAX_TITLE)):
            after.insert(0, found[1])
            line = line[: found.start()]
        return Marked(tuple(before), line, tuple(after))


def find_icons(lines: Sequence[str]) -> Icons | None:
    """The icons of a text that was copied from a player; None where nothing looks like any.

    A name counts where it is glued to a sentence, or twice glued to a text (a plain word such as `download` to a
    capital) or alone on a line; a plain word then needs a name with an underscore on the line before or after it.

    >>> sorted(find_icons(["info_outlineThe Loom", "info_outlineWeaving", "downloadThe Loom", "downloadA Wheel"]).names)
    ['download', 'info_outline']
    >>> find_icons(["data_frame and", "data_frame or", "downloads"])
    """
    counts = Counter(
        found["icon"] for line in lines if (found := _GLUED.match(line) or _BEHIND.search(line[-MAX_TITLE:]))
    )
    counts.update(found["icon"] for line in lines if (found := _SURE.match(line.strip()) or _WORD.match(line)))
    alone = [found["icon"] if (found := _ALONE.match(line)) else "" for line in lines]
    rows = zip(alone, [*alone[1:], ""], ["", *alone[:-1]], strict=True)
    counts.update(name for name, after, before in rows if "_" in name + after + before)
    names = {name for name, count in counts.items() if name and count > 1}
    return Icons(names) if names else None


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the page: title and stamp where it has them, its lines, and the line that it begins on."""

    title: str
    stamp: Stamp
    lines: tuple[str, ...]
    line: int

    @property
    def filled(self) -> list[str]:
        return [line for line in self.lines if line.strip()]

    @property
    def cut(self) -> bool:
        return self.filled[-1].rstrip().endswith(_CUT)

    @property
    def teaser(self) -> bool:
        words = sum(len(line.split()) for line in self.filled)
        return len(self.filled) == 1 or (words <= LONG_TEASER and not any(map(is_item, self.filled)))


class Page(NamedTuple):
    """A page taken apart: the lines before the first text, the show's name, the texts, and the icons between them."""

    head: tuple[Numbered, ...]
    show: str
    texts: tuple[Text, ...]
    icons: tuple[str, ...]


def sniff(source: Source) -> bool:
    """Whether a source is text with names of icons between its blocks."""
    head = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if head.startswith(("<", "{", "[", "---")) or "\x00" in head:
        return False
    icons = find_icons(head.replace("\r", "\n").split("\n"))
    return icons is not None and any("_" in name for name in icons.names)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the page's texts in their order, and what is to be reported about the page."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        yield text
        return
    page = parse_page(text)
    if not page.texts:
        remedy = "give a player's page copied as text, or name the format with --from"
        yield Problem(source.name, Span(), "no notes between names of icons found", remedy)
        return
    if len(page.texts) > MAX_TEXTS:
        yield Problem(source.name, Span(), f"more than {MAX_TEXTS:,} texts", "split it")
        return
    yield from _hints(source.name, page)
    teasers = [at for at, one in enumerate(page.texts) if one.teaser]
    leads = dict(zip(teasers, shared_leads([" ".join(page.texts[at].filled) for at in teasers]), strict=True))
    for at, one in enumerate(page.texts):
        known = {"title": one.title, "date": one.stamp.date, "duration": one.stamp.duration}
        fields: dict[str, Any] = {key: value for key, value in known.items() if value}
        fields["source"] = {"format": FORMAT, **({"url": source.url} if source.url else {})}
        fields |= {"truncated": True} if one.cut else {}
        body = teaser_to_markdown(one.filled) if one.teaser else notes_to_markdown(one.filled)
        loose = Loose(at + 1, one.teaser, leads.get(at, 0))
        yield Draft(context.given, None, None, "", fields, body, line=one.line, loose=loose)


def _hints(name: str, page: Page) -> Iterator[Problem]:
    """How the page was read; every word that is in no text is in one of these hints."""
    teasers = sum(one.teaser for one in page.texts)
    cut = sum(one.teaser and one.cut for one in page.texts)
    counts = f"{teasers} teaser(s), {cut} of them cut, and {len(page.texts) - teasers} episode(s) in full"
    of = f' of "{page.show}"' if page.show else ""
    between = f", separated by the icon(s) {', '.join(page.icons)}" if page.icons else ""
    remedy = "nothing to do if that is what it is; else name its format with --from"
    yield Problem(name, Span(), f"a player's page: {counts}{of}{between}", remedy, Severity.HINT)
    if page.head:
        message = f"text before the first episode: {' / '.join(line for _, line in page.head)}"
        yield Problem(name, Span(page.head[0][0], 1), message, "nothing to do if it is the page's own", Severity.HINT)


def parse_page(text: str) -> Page:
    """Cut the text of a page into its texts. Every line lands in the head, is the show's name, or is in a text."""
    parts, icons = _parts(text.split("\n"))
    head = list[Numbered]()
    if len(parts) > 1 and not any(_is_body(line) for _, line in _filled(parts[0])):
        head, parts = _filled(parts[0]), parts[1:]
    if show := _show(parts, head):
        parts = [piece for part in parts for piece in _split(part, show)]
    titled = _have_titles(parts)
    day_first = day_comes_first([line for part in parts for _, line in _filled(part) if len(line) <= MAX_STAMP])
    texts = list[Text]()
    for part in parts:
        for entry in _entries(part, day_first):
            if (one := _text(entry, titled, day_first)) is not None:
                texts.append(one)
            else:
                head += _filled(entry)
    return Page(tuple(line for line in head if line[1] != show), show, tuple(texts), icons)


def _parts(lines: Sequence[str]) -> tuple[list[list[Numbered]], tuple[str, ...]]:
    """The lines between the icon that is most frequent (of equals the first), without any icons; and the icons."""
    icons = find_icons(lines) or Icons(())
    marked = [icons.read(line) for line in lines]
    counts = Counter(name for one in marked for name in (*one.before, *one.after))
    main = max(counts, key=lambda name: counts[name], default="")
    parts: list[list[Numbered]] = [[]]
    for number, one in enumerate(marked, 1):
        if main in one.before:
            parts.append([])
        parts[-1].append((number, one.text))
        if main in one.after:
            parts.append([])
    return [part for part in parts if _filled(part)], tuple(counts)


def _filled(part: Sequence[Numbered]) -> list[Numbered]:
    """The lines that aren't blank, white space folded."""
    return [(number, " ".join(line.split())) for number, line in part if line.strip()]


def _is_body(line: str) -> bool:
    return len(line) > MAX_STAMP or text_ends_whole(line) or line.endswith(_CUT) or is_item(line)


def _can_title(line: str) -> bool:
    return len(line) <= MAX_TITLE and not line.endswith((".", ":", ";", ",", *_CUT)) and not is_item(line)


def _show(parts: Sequence[Sequence[Numbered]], head: Sequence[Numbered]) -> str:
    """The line that most parts begin with, twice at least; a line of the head counts once more."""
    firsts = [_filled(part)[0][1] for part in parts]
    counts = Counter(line for line in firsts if len(line) <= MAX_TITLE and not read_stamp(line) and not is_item(line))
    counts.update(counts.keys() & {line for _, line in head})
    best = max(counts, key=lambda line: counts[line], default="")
    return best if counts[best] >= 2 and 2 * counts[best] >= len(parts) else ""


def _split(part: Sequence[Numbered], show: str) -> list[list[Numbered]]:
    """A part cut at each line that is the show's name, these lines left out."""
    pieces: list[list[Numbered]] = [[]]
    for number, line in part:
        if " ".join(line.split()) == show:
            pieces.append([])
        else:
            pieces[-1].append((number, line))
    return [piece for piece in pieces if _filled(piece)]


def _have_titles(parts: Sequence[Sequence[Numbered]]) -> bool:
    """Whether most texts of one paragraph have a short line above it."""
    plain = [[line for _, line in _filled(part) if _stamp(line, True) is None] for part in parts]
    paragraphs = [lines for lines in plain if len(lines) <= 2 and _is_body(lines[-1])] if all(plain) else []
    above = [lines for lines in paragraphs if len(lines) == 2 and _can_title(lines[0])]
    return bool(above) and 2 * len(above) >= len(paragraphs)


def _stamp(line: str, day_first: bool) -> Stamp | None:
    """Date and length that a line holds; a line that is nothing but a length counts too."""
    if len(line) > MAX_STAMP:
        return None
    if found := read_stamp(line, day_first):
        return found if found.date or found.duration else None
    length = read_length(line) if not line.isdigit() else None
    return Stamp(None, duration_field(length)) if length else None


def _entries(part: Sequence[Numbered], day_first: bool) -> list[list[Numbered]]:
    """A part cut where another episode begins in it: at a title between a text and a date."""
    filled = [(at, " ".join(line.split())) for at, (_, line) in enumerate(part) if line.strip()]
    cuts, first = [0], 0
    for k, (_, line) in enumerate(filled):
        stamp = _stamp(line, day_first) if k - first > 2 else None
        if stamp and stamp.date and _can_title(filled[k - 1][1]) and _is_body(filled[k - 2][1]):
            cuts.append(filled[k - 1][0])
            first = k - 1
    return [list(part[start:end]) for start, end in zip(cuts, [*cuts[1:], len(part)], strict=True)]


def _text(part: Sequence[Numbered], titled: bool, day_first: bool) -> Text | None:
    """One text with its title and stamp; None where there is nothing but these."""
    rest = _filled(part)
    stamps = {at: one for at, (_, line) in enumerate(rest[:3]) if (one := _stamp(line, day_first))}
    title = ""
    if len(rest) > 1 and 0 not in stamps and _can_title(rest[0][1]):
        is_title = 1 in stamps or read_prefix(rest[0][1]) or (titled and not is_item(rest[1][1]))
        title = rest[0][1] if is_title else ""
    if not title and [*stamps] not in ([0], [0, 1]):
        # a date further down is a line of the notes
        stamps = {}
    day = next((one.date for one in stamps.values() if one.date), None)
    length = next((one.duration for one in stamps.values() if one.duration), "")
    taken = {rest[at][0] for at in stamps} | ({rest[0][0]} if title else set())
    lines = tuple(line for number, line in part if number not in taken)
    return Text(title, Stamp(day, length), lines, rest[0][0]) if any(map(str.strip, lines)) else None


def shared_leads(texts: Sequence[str]) -> list[int]:
    """With how many of its first words each text begins as two others at least do; 0 for fewer than three.

    >>> shared_leads(["Get our app. Looms", "Get our app. Wheels", "Get our app! Dyes", "Felt"])
    [3, 3, 3, 0]
    """
    keys = [tuple(word_key(word) for word in text.split()) for text in texts]
    order = sorted(range(len(keys)), key=lambda at: keys[at])
    leads = [0] * len(keys)
    for at in range(len(order) - 2):
        three = order[at : at + 3]
        same = (len(set(words)) == 1 for words in zip(*(keys[k] for k in three), strict=False))
        size = sum(1 for _ in takewhile(bool, same))
        for k in three:
            leads[k] = max(leads[k], size)
    return [size if size >= MIN_LEAD else 0 for size in leads]

"""A podcast player's page copied as text: a run of teasers, many of them cut, and one or more episodes in full.

Between two of them stands the name of an icon, mostly glued to the next word. Above each may stand the show's name, the
episode's title, and a line of date and length. Nothing says which episode a text is of: merging finds that out.
Limits: 4 MiB, 1,000 texts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Draft, Item, Loose, Source
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.fields import Stamp, day_comes_first, duration_field, read_length, read_stamp
from mlguide_site.importers.common.promotion import word_key
from mlguide_site.importers.common.titles import read_prefix
from mlguide_site.importers.player_icons import Icons, Marked, find_icons
from mlguide_site.importers.player_notes import is_item, notes_to_markdown, teaser_to_markdown
from mlguide_site.markdown.plain import text_ends_whole

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

Numbered = tuple[int, str]


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
        return bool(self.filled) and self.filled[-1].rstrip().endswith(_CUT)

    @property
    def teaser(self) -> bool:
        words = sum(len(line.split()) for line in self.filled)
        return len(self.filled) == 1 or (words <= LONG_TEASER and not any(map(is_item, self.filled)))


class Page(NamedTuple):
    """A page taken apart: what stands before the first text, the show's name, the texts, and the icons between them."""

    head: tuple[Numbered, ...]
    show: str
    texts: tuple[Text, ...]
    icons: tuple[str, ...]


def sniff(source: Source) -> bool:
    """Whether a source is text in which names of icons stand between blocks."""
    head = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if head.startswith(("<", "{", "[", "---")) or "\x00" in head:
        return False
    icons = find_icons(head.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return icons is not None and any("_" in name for name in icons.names)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the page's texts in their order, and what is to be said about the page."""
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
    leads = dict(zip(teasers, shared_leads([_flat(page.texts[at]) for at in teasers]), strict=True))
    for at, one in enumerate(page.texts):
        fields: dict[str, Any] = {"title": one.title} if one.title else {}
        fields |= {"date": one.stamp.date} if one.stamp.date else {}
        fields |= {"duration": one.stamp.duration} if one.stamp.duration else {}
        fields["source"] = {"format": FORMAT, **({"url": source.url} if source.url else {})}
        fields |= {"truncated": True} if one.cut else {}
        body = teaser_to_markdown(one.filled) if one.teaser else notes_to_markdown(one.lines)
        loose = Loose(at + 1, one.teaser, leads.get(at, 0))
        yield Draft(context.given, None, None, "", fields, body, line=one.line, loose=loose)


def _hints(name: str, page: Page) -> Iterator[Problem]:
    """How the page was read; every word that is in no text stands in one of these."""
    teasers = sum(one.teaser for one in page.texts)
    cut = sum(one.teaser and one.cut for one in page.texts)
    told = f"{teasers} teaser(s), {cut} of them cut, and {len(page.texts) - teasers} episode(s) in full"
    of = f' of "{page.show}"' if page.show else ""
    between = f", parted by the icon(s) {', '.join(page.icons)}" if page.icons else ""
    remedy = "nothing to do if that is what it is; else name its format with --from"
    yield Problem(name, Span(), f"a player's page: {told}{of}{between}", remedy, Severity.HINT)
    if page.head:
        said = " / ".join(line for _, line in page.head)
        message = f"before the first text stands: {said}"
        yield Problem(name, Span(page.head[0][0], 1), message, "nothing to do if it is the page's own", Severity.HINT)


def parse_page(text: str) -> Page:
    """Cut the text of a page into its texts. Every line lands in the head, is the show's name, or is in a text."""
    lines = text.split("\n")
    icons = find_icons(lines)
    parts, used = _parts(lines, icons)
    head: list[Numbered] = []
    if len(parts) > 1 and not any(map(_is_body, _filled(parts[0]))):
        head, parts = _filled(parts[0]), parts[1:]
    show = _show(parts, head)
    parts = [piece for part in parts for piece in _split(part, lambda line: line == show)] if show else parts
    titled = _have_titles(parts)
    day_first = day_comes_first([line for part in parts for _, line in _filled(part) if len(line) <= MAX_STAMP])
    texts: list[Text] = []
    for part in parts:
        for entry in _entries(part, day_first):
            if (one := _text(entry, titled, day_first)) is not None:
                texts.append(one)
            else:
                head += _filled(entry)
    return Page(tuple(line for line in head if line[1] != show), show, tuple(texts), used)


def _parts(lines: Sequence[str], icons: Icons | None) -> tuple[list[list[Numbered]], tuple[str, ...]]:
    """The lines between the icon that stands most often (of equals the first), without any icons; and the icons."""
    marked = [icons.read(line) if icons else Marked((), line, ()) for line in lines]
    counts = Counter(name for one in marked for name in (*one.before, *one.behind))
    main = max(counts, key=lambda name: counts[name], default="")
    parts: list[list[Numbered]] = [[]]
    for number, one in enumerate(marked, 1):
        if main in one.before:
            parts.append([])
        parts[-1].append((number, one.text))
        if main in one.behind:
            parts.append([])
    return [part for part in parts if _filled(part)], tuple(counts)


def _filled(part: Sequence[Numbered]) -> list[Numbered]:
    return [(number, " ".join(line.split())) for number, line in part if line.strip()]


def _is_body(line: Numbered) -> bool:
    return len(line[1]) > MAX_STAMP or text_ends_whole(line[1]) or line[1].endswith(_CUT) or is_item(line[1])


def _show(parts: Sequence[Sequence[Numbered]], head: Sequence[Numbered]) -> str:
    """The line that most parts begin with, twice at least; of the head, where there is one of these."""
    firsts = [_filled(part)[0][1] for part in parts]
    counts = Counter(line for line in firsts if len(line) <= MAX_TITLE and not read_stamp(line) and not is_item(line))
    named = {line for _, line in head}
    counts.update(line for line in list(counts) if line in named)
    best = max(counts, key=lambda line: counts[line], default="")
    return best if best and counts[best] >= 2 and 2 * counts[best] >= len(parts) else ""


def _split(part: Sequence[Numbered], starts: Any) -> list[list[Numbered]]:
    """A part cut before each line of a kind, these lines left out."""
    pieces: list[list[Numbered]] = [[]]
    for number, line in part:
        if starts(" ".join(line.split())):
            pieces.append([])
        else:
            pieces[-1].append((number, line))
    return [piece for piece in pieces if _filled(piece)]


def _have_titles(parts: Sequence[Sequence[Numbered]]) -> bool:
    """Whether most texts of one paragraph have a short line above it."""
    plain = [[line for line in _filled(part) if _stamp(line[1], True) is None] for part in parts]
    paragraphs = [lines for lines in plain if len(lines) <= 2 and _is_body(lines[-1])] if all(plain) else []
    above = [lines for lines in paragraphs if len(lines) == 2 and _can_title(lines[0][1])]
    return bool(above) and 2 * len(above) >= len(paragraphs)


def _can_title(line: str) -> bool:
    return len(line) <= MAX_TITLE and not line.endswith((".", ":", ";", ",", *_CUT)) and not is_item(line)


def _stamp(line: str, day_first: bool) -> Stamp | None:
    """Date and length that a line holds; a line that is nothing but a length counts too."""
    if len(line) > MAX_STAMP:
        return None
    if found := read_stamp(line, day_first):
        return found if found.date or found.duration else None
    length = read_length(line) if not line.isdigit() else None
    return Stamp(None, duration_field(length)) if length else None


def _entries(part: Sequence[Numbered], day_first: bool) -> list[list[Numbered]]:
    """A part cut where another episode begins in it: at a title with a date below it."""
    entries: list[list[Numbered]] = [[]]
    filled: list[tuple[int, Numbered]] = []
    for number, line in part:
        plain = " ".join(line.split())
        stamp = _stamp(plain, day_first)
        if stamp and stamp.date and len(filled) > 2 and _can_title(filled[-1][1][1]) and _is_body(filled[-2][1]):
            cut = filled[-1][0]
            entries[-1:] = [entries[-1][:cut], entries[-1][cut:]]
            filled = [(0, filled[-1][1])]
        if plain:
            filled.append((len(entries[-1]), (number, plain)))
        entries[-1].append((number, line))
    return entries


def _text(part: Sequence[Numbered], titled: bool, day_first: bool) -> Text | None:
    """One text with its title and stamp; None where nothing but these is there."""
    rest = [(number, line) for number, line in part if line.strip()]
    title, found = "", Stamp(None, "")
    stamps = [at for at, (_, line) in enumerate(rest[:3]) if _stamp(" ".join(line.split()), day_first)]
    begins = len(rest) > 1 and _can_title(" ".join(rest[0][1].split())) and 0 not in stamps
    told = begins and (1 in stamps or read_prefix(rest[0][1].strip()) is not None)
    if begins and (told or (titled and not is_item(rest[1][1]))):
        title = " ".join(rest[0][1].split())
    elif stamps not in ([0], [0, 1]):
        # a date further down is a line of the notes
        stamps = []
    for at in stamps:
        one = _stamp(" ".join(rest[at][1].split()), day_first) or found
        found = Stamp(found.date or one.date, found.duration or one.duration)
    taken = {rest[at][0] for at in stamps} | ({rest[0][0]} if title else set())
    lines = tuple(line for number, line in part if number not in taken)
    filled = [number for number, line in part if number not in taken and line.strip()]
    return Text(title, found, lines, rest[0][0]) if filled else None


def _flat(text: Text) -> str:
    return " ".join(" ".join(text.filled).split())


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

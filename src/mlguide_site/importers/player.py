"""Importer for the page of a podcast player, copied as text, with teasers and complete notes of episodes.

Players draw icons with fonts that turn names such as `info_outline` into pictures. In the copied text, such a name
directly precedes the text of an episode. The text may begin with the show's name, a title, a date and a duration. The
merge finds the episode of each text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, takewhile
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, content_error, counted
from mlguide_site.importers import Context, Draft, Item, Source, warning
from mlguide_site.importers.common.dates_and_durations import Stamp, day_order, duration_field, read_length, read_stamp
from mlguide_site.importers.common.decoding import beginning, decode_text
from mlguide_site.importers.common.naming import read_prefix
from mlguide_site.importers.common.promotion import word_key
from mlguide_site.importers.notes.openers import log_openers
from mlguide_site.markdown.plain import SECTION_NAMES, starts_upper, text_ends_whole, without_escapes
from mlguide_site.recovery.lists import line_blocks
from mlguide_site.recovery.markdown import BODY, ITEM, LABEL, Block, blocks_of, split_label, to_markdown

MAX_PLAYER_BYTES = 4 * 1024 * 1024
MAX_TEXTS = 1_000
MAX_TITLE = 200
LONG_LINE, MAX_HEADING = 60, 10
LONG_TEASER = 200  # maximum number of words in a teaser with several paragraphs; a single paragraph is always a teaser
MIN_LEAD, MAX_LEAD = 3, 60
_CUT = ("...", "…")
_ITEM = re.compile(r"(?:[-*+•◦▪▫‣●○·∙–]|(?P<number>\d{1,3}[.)])) (?P<text>\S.*)$")
_ICON = re.compile(r"\s{0,99}(?P<icon>[a-z]{2,20}(?:_[a-z]{1,20}){1,4})(?=[^\w\s=(.\[,:;)`'*/]|[A-Z0-9]|\s{0,99}$)")
_USUAL_ICON = re.compile(
    r"(?:play|pause)_(?:arrow|circle)\w*|more_(?:vert|horiz)|expand_(?:more|less)|keyboard_arrow_\w+|playlist_\w+"
    r"|file_download\w*|get_app|skip_(?:next|previous)|volume_(?:up|off|down|mute)|arrow_(?:back|forward|drop)\w*"
    r"|check_circle\w*|add_(?:circle|box)\w*|star_(?:border|rate|half)|info_outline|graphic_eq"
)
_MARKDOWN = re.compile(r" {0,3}(?:#{1,6}[ \t]+\S|```|~~~)")
_BEFORE_SENTENCE = re.compile(_ICON.pattern + r"(?=[A-Z“\"‘][^=(){};]*$)")
Numbered = tuple[int, str]


class Text(NamedTuple):
    """The text of one episode. `line` is its line number; an unknown title or duration is ""."""

    title: str
    date: date | None
    duration: str
    lines: Sequence[str]
    line: int

    @property
    def is_cut(self) -> bool:
        return self.lines[-1].endswith(_CUT)

    @property
    def is_teaser(self) -> bool:
        words = sum(len(line.split()) for line in self.lines)
        return len(self.lines) == 1 or (words <= LONG_TEASER and not any(map(_ITEM.match, self.lines)))


class Page(NamedTuple):
    head: Sequence[Numbered]
    show: str
    texts: Sequence[Text]
    icons: Sequence[str]


def sniff(source: Source) -> bool:
    """Check whether a text contains icon names. Names such as `train_test_split` may also begin lines in Markdown, with
    fenced code or several headings, and in the days of a log."""
    lines = beginning(source).split("\n")
    icons = find_icons(lines)
    is_log = len(log_openers(lines)) > 1 and not any(map(_USUAL_ICON.fullmatch, icons))
    return bool(icons) and sum(map(bool, map(_MARKDOWN.match, lines))) < 2 and not is_log


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield a draft for each text of the page, in order, and the problems of the page."""
    page = parse_page(decode_text(source, MAX_PLAYER_BYTES))
    if not page.texts:
        remedy = "import a player's page copied as text, or set the format with --from"
        raise content_error(source.name, "no notes found between icon names", remedy)
    if len(page.texts) > MAX_TEXTS:
        raise content_error(source.name, f"more than {MAX_TEXTS:,} texts", "split it")
    yield from _hints(source.name, page)
    leads = shared_leads([" ".join(one.lines) if one.is_teaser else "" for one in page.texts])
    for one, lead_words in zip(page.texts, leads, strict=True):
        fields: dict[str, Any] = {
            "title": one.title,
            "date": one.date,
            "duration": one.duration,
            "source": {"format": "player", **({"url": source.url} if source.url else {})},
            "truncated": one.is_cut,
        }
        fields = {key: value for key, value in fields.items() if value}
        words = notes_to_markdown(one.lines, one.is_teaser).split(" ")
        # the same words at the beginning of several teasers are promotion
        lead, body = " ".join(words[:lead_words]).strip(), " ".join(words[lead_words:])
        left_out = (without_escapes(lead),) if lead else ()
        kind = "teaser" if one.is_teaser else "notes"
        yield Draft(context.given, None, None, "", fields, body, line=one.line, left_out=left_out, unmatched=kind)


def _hints(name: str, page: Page) -> Iterator[Problem]:
    teasers = sum(one.is_teaser for one in page.texts)
    cut = sum(one.is_teaser and one.is_cut for one in page.texts)
    whole = counted(len(page.texts) - teasers, "complete episode")
    of = f' of "{page.show}"' if page.show else ""
    between = f", separated by the icon{'s' * (len(page.icons) > 1)} {', '.join(page.icons)}" if page.icons else ""
    counts = f"{counted(teasers, 'teaser')} ({cut} truncated) and {whole}"
    remedy = "if this is wrong, set the format with --from"
    yield warning(name, 1, f"a player's page: {counts}{of}{between}", remedy, Severity.HINT)
    if page.head:
        message = f"text before the first episode: {' / '.join(line for _, line in page.head)}"
        yield warning(name, page.head[0][0], message, "ignore this if no episode is missing", Severity.HINT)


def find_icons(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the icon names in a copied page, the most frequent first. An icon name has an underscore and begins at
    least two lines. If a sentence follows the name, the line counts twice."""
    counts = Counter(found["icon"] for line in lines if (found := _ICON.match(line)))
    counts.update(found["icon"] for line in lines if (found := _BEFORE_SENTENCE.match(line)))
    return tuple(name for name, count in counts.most_common() if count > 1)


def parse_page(text: str) -> Page:
    """Split a page into the texts of episodes. `Page.head` contains the lines that belong to no episode."""
    lines = text.split("\n")
    icons = find_icons(lines)
    parts: list[list[Numbered]] = [[]]
    for number, line in enumerate(lines, 1):
        icon = _ICON.match(line)
        if icon and icon["icon"] in icons:
            line = line[icon.end() :]
            parts += [[]] if icon["icon"] == icons[0] else []
        if folded := " ".join(line.split()):
            parts[-1].append((number, folded))
    is_text = any(len(line) > LONG_LINE or text_ends_whole(line) for _, line in parts[0])
    head = [] if is_text else parts.pop(0)
    parts = list(filter(None, parts))
    show, count = Counter(part[0][1] for part in parts).most_common(1)[0] if parts else ("", 0)
    if count < max(2, len(parts) / 2):
        show = ""
    parts = [part[part[0][1] == show :] for part in parts]
    day_first = day_order(line for part in parts for _, line in part)
    found = [(part, _text(part, day_first)) for part in parts if part]
    head += [line for part, one in found if not one for line in part]
    return Page([line for line in head if line[1] != show], show, [one for _, one in found if one], icons)


def _text(part: Sequence[Numbered], day_first: bool | None) -> Text | None:
    """Return an episode's text, or None if nothing follows title and date. A title has a prefix or precedes a date."""
    title, lines = "", [line for _, line in part]
    can_title = not _stamp(lines[0], day_first) and len(lines[0]) <= MAX_TITLE and not text_ends_whole(lines[0])
    if can_title and lines[1:] and (_stamp(lines[1], day_first) or read_prefix(lines[0])):
        title, *lines = lines
    # date and duration may be on separate lines
    stamps = list(filter(None, takewhile(bool, (_stamp(line, day_first) for line in lines[:2]))))
    day = next((one.when.date for one in stamps if one.when), None)
    duration = next((one.duration for one in stamps if one.duration), "")
    lines = lines[len(stamps) :]
    return Text(title, day, duration, lines, part[0][0]) if lines else None


def _stamp(line: str, day_first: bool | None) -> Stamp | None:
    length = duration_field(read_length(line)) if not line.isdigit() else ""
    return read_stamp(line, day_first) or (Stamp(None, length) if length else None)


def notes_to_markdown(lines: Sequence[str], teaser: bool = False) -> str:
    """Convert notes to Markdown. A list item that ends in a colon contains those below. A teaser has no headings."""
    blocks, after = list[Block](), [*lines[1:], ""]
    for is_list, group in groupby(enumerate(lines), key=lambda one: bool(_ITEM.match(one[1]))):
        own = list(group)
        if is_list:
            blocks += blocks_of([segment for _, line in own for segment in _segments(line)])
            continue
        heads = {number for number, (at, line) in enumerate(own) if not teaser and _is_heading(line, after[at])}
        blocks += line_blocks([line for _, line in own], heads)
    return to_markdown(blocks)


def _is_heading(text: str, next_line: str) -> bool:
    words = text.split()
    if not next_line or len(words) > MAX_HEADING or "://" in text or text_ends_whole(text) or text.endswith(_CUT):
        return False
    if text.endswith(":"):
        return text.rstrip(":").casefold() in SECTION_NAMES
    return starts_upper(words[0]) and (bool(_ITEM.match(next_line)) or len(next_line.split()) > len(words))


def _segments(line: str) -> list[tuple[int, list[str]]]:
    found = _ITEM.match(line)
    number, text = (found["number"], found["text"]) if found else ("", line)
    label, rest = split_label(text)
    if label and not number and starts_upper(label) and "/" not in label:
        return [(LABEL, label.split()), *([(BODY, rest.split())] if rest else [])]
    return [(ITEM, [*([number] if number else []), *text.split()])]


def shared_leads(texts: Sequence[str]) -> list[int]:
    """Return the number of words at the start of each text that two other texts share, or 0 if below `MIN_LEAD`."""
    keys = [tuple(word_key(word) for word in text.split()[:MAX_LEAD]) for text in texts]
    leads = [[key[:size] for size in range(MIN_LEAD, len(key) + 1)] for key in keys]
    counts = Counter(lead for own in leads for lead in own)
    return [max((len(lead) for lead in own if counts[lead] > 2), default=0) for own in leads]

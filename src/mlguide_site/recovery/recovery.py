"""Recovers the structure of flattened notes: converts the plain texts of one page to Markdown. The strongest evidence
is a marker in the text (`##`, a bullet, a number or a timestamp), then a heading from structured notes, then the scores
of the model. Without evidence, paragraphs stay paragraphs. `recover_bodies` keeps within the size limits for notes."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from textwrap import wrap
from typing import NamedTuple

from mlguide_site.markdown.block_records import plain_blocks
from mlguide_site.markdown.blocks_to_markdown import blocks_to_markdown
from mlguide_site.markdown.engine_escape import unescape
from mlguide_site.markdown.limits import MARKS
from mlguide_site.markdown.plain import escape_start, without_escapes
from mlguide_site.model.digests import short_digest
from mlguide_site.recovery import Recovery, UncertainPlace
from mlguide_site.recovery.features import LOWER, MAX_LABEL, Known, Note, Page, place_numbers, span_numbers
from mlguide_site.recovery.lists import find_lists, mark_lists, segments_of
from mlguide_site.recovery.markdown import BODY, HEADING, INDENT, ITEM, LABEL, PARAGRAPH, blocks_of, to_markdown
from mlguide_site.recovery.scorer import Lexicon, Scorer, Weights, logit, probability, shipped
from mlguide_site.recovery.second_look import FEWEST_NOTES, Words, compare
from mlguide_site.recovery.tokens import OPENERS, read_tokens

KINDS = (HEADING, LABEL, ITEM, PARAGRAPH)
NAMES = {HEADING: "heading", LABEL: "label", ITEM: "item", PARAGRAPH: "paragraph", BODY: "text"}
MAX_HEADING = 14
MAX_PLACES, MAX_SCORED = 5_000, 30_000
"""The maximum number of scored positions in a note, and of scored headings on a page. Beyond these limits, only markers
such as `##`, line breaks and known titles begin a block."""
LISTED = -1
FROM = {
    "labelled": {HEADING: 0.45, LABEL: 0.3, ITEM: 0.5, LISTED: 0.5, PARAGRAPH: 0.7},
    "other": {HEADING: 0.65, LABEL: 0.4, ITEM: 0.5, LISTED: 0.35, PARAGRAPH: 0.7},
}
"""The minimum probability of each kind of block, by the style of the page (see `style_of`). `LISTED` is an item with at
least `ITEMS_NEAR` other items, by the sum of their probabilities, within `ITEM_DISTANCE` words."""
ITEMS_NEAR, ITEM_DISTANCE = 1.5, 25
SECOND = 0.55
"""The minimum probability of a heading after the second look (see `second_look`)."""
UNSURE, CERTAIN = 0.6, 2.0
LABELLED = 0.1  # minimum number of labels per sentence on a page of the style `labelled`
FORM = 7  # the version of the output; increase it if new code converts the same scores to a different body
MAX_WORDS = 60_000  # if a page has more words, the structure of its longest notes isn't recovered
MAX_EXAMPLES = 60
MAX_LINE, MAX_MARKS = 15_000, 3_000
"""The maximum numbers of characters and of syntax characters in a line. Longer lines become several paragraphs."""
LONG_PARAGRAPH, NEAR = 2_000, 3
_ITEM = re.compile(r"(?P<indent> *)(?:-|\d+[.)]) ")


class Unsure(NamedTuple):
    """An uncertain place: its offset in the text, the chosen kind with its probability, and the alternative. A kind is
    `heading`, `label`, `item`, `paragraph`, or `text` (the continuation of a block)."""

    offset: int
    taken: str
    instead: str
    confidence: float


class Recovered(NamedTuple):
    markdown: str
    unsure: tuple[Unsure, ...]


class Places(NamedTuple):
    """For each position, the probability that a block begins there, and the probability of each kind of block."""

    begins: list[float]
    kinds: dict[int, tuple[float, ...]]

    def kind(self, at: int) -> int:
        """Return the most probable kind of block at a position; headings are ignored."""
        _, label, item, paragraph = self.kinds.get(at, (0.0, 0.0, 0.0, 1.0))
        return ITEM if label + item > paragraph else PARAGRAPH

    def starts(self, needed: Mapping[int, float]) -> dict[int, int]:
        """Return the positions where items and paragraphs begin with at least the needed probability."""
        starts = {}
        items = {at: self.begins[at] * (label + item) for at, (_, label, item, _) in self.kinds.items()}
        sums = list(accumulate((items.get(at, 0.0) for at in range(len(self.begins))), initial=0.0))
        for at, likely in items.items():
            near = sums[max(0, at - ITEM_DISTANCE) : at + ITEM_DISTANCE + 2]
            if likely >= needed[LISTED if near[-1] - near[0] - likely >= ITEMS_NEAR else ITEM]:
                starts[at] = ITEM
            elif self.begins[at] * self.kinds[at][-1] >= needed[PARAGRAPH]:
                starts[at] = PARAGRAPH
        return starts


class Title(NamedTuple):
    """Words that may be a heading or a label (`kind`), and the probability that they are one (`sure`)."""

    start: int
    end: int
    kind: int
    sure: float


def recover(texts: Sequence[str], examples: Sequence[str] = (), weights: Weights | None = None) -> list[Recovered]:
    """Return the Markdown of the flattened notes of one page, with the same words in the same order. A line break in a
    text ends a block. `examples` are bodies of structured notes. `weights` defaults to the weights in the package."""
    weights = weights or shipped()[0]
    page = read_page(texts, examples, weights.lexicon)
    scorer, needed = weights.scorers[style_of(page)], FROM[style_of(page)]
    recovered, budget = [], iter(range(MAX_SCORED))
    scored = [score_places(note, scorer) for note in page.notes]
    headings = [score_headings(*pair, scorer, budget) for pair in zip(page.notes, scored, strict=True)]
    if is_compared(page):
        rows = compare(page.notes, headings)
        # a whole note is no heading
        headings = [
            {
                words: probability(weights.second, row)
                for words, row in zip(own, found, strict=True)
                if words != (0, note.size)
            }
            for note, own, found in zip(page.notes, headings, rows, strict=True)
        ]
        needed = {**needed, HEADING: SECOND}
    for text, note, places, own in zip(texts, page.notes, scored, headings, strict=True):
        titles = score_titles(note, places, scorer, own)
        chosen = choose(titles, note.size, needed)
        starts = find_starts(note, places, chosen, needed)
        markdown = to_markdown(blocks_of(segments_of(text, note.tokens, starts)))
        recovered.append(Recovered(markdown, tuple(_unsure(note, titles, chosen, starts))))
    return recovered


def read_page(texts: Sequence[str], examples: Sequence[str], lexicon: Lexicon) -> Page:
    """Read the notes of a page, and mark the items of timestamp lists and numbered lists."""
    notes = []
    for text in texts:
        tokens = read_tokens(text)
        for entry in (entry for one in find_lists(tokens) for entry in one.entries):
            tokens[entry.start] = tokens[entry.start]._replace(mark=tokens[entry.start].mark or "item")
        notes.append(tokens)
    return Page(notes, Known(examples) if examples else None, lexicon)


def style_of(page: Page) -> str:
    """Return the style of a page: `labelled` if many of its sentences begin with a label, otherwise `other`."""
    return "labelled" if page.style[0] >= LABELLED else "other"


def score_places(note: Note, scorer: Scorer) -> Places:
    """Return the scores of the first `MAX_PLACES` positions in a note where a block may begin."""
    begins, kinds = [0.0] * (note.size + 1), dict[int, tuple[float, ...]]()
    for at in islice(filter(note.may_begin, range(note.size)), MAX_PLACES):
        numbers = place_numbers(note, at)
        begins[at] = probability(scorer.begin, numbers)
        if begins[at] > 0.05:
            kinds[at] = scorer.kind(numbers)
    begins[0] = begins[note.size] = 1.0
    return Places(begins, kinds)


def possible_headings(note: Note, places: Places) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sequence of words that may be a heading."""
    for start in range(note.size):
        heading = places.begins[start] * places.kinds[start][0] if start in places.kinds else 0.0
        usual = start + note.usual_from[start]
        if heading > 0.03 or note.opening[start].recurs > 0.2 or usual > start:
            for end in range(start + 1, min(start + MAX_HEADING, note.size) + 1):
                closing = note.closing[end]
                if end == usual or places.begins[end] > 0.08 or closing.recurs * closing.right > 0.15:
                    yield start, end


def heading_numbers(note: Note, places: Places, start: int, end: int) -> list[float]:
    """Return the features of a possible heading, including the scores of its start and end positions."""
    none = (0.0,) * len(KINDS)
    return [
        *span_numbers(note, start, end, places.begins), *places.kinds.get(start, none), *places.kinds.get(end, none)
    ]  # fmt: skip


def score_headings(note: Note, places: Places, scorer: Scorer, budget: Iterator[int]) -> dict[Words, float]:
    """Return possible headings with their probabilities. `budget` limits the number of scored headings."""
    return {
        words: probability(scorer.heading, heading_numbers(note, places, *words))
        for words, _ in zip(possible_headings(note, places), budget, strict=False)
    }


def is_compared(page: Page) -> bool:
    """Return whether the headings of a page are compared with each other. Known headings are better evidence."""
    return not page.known and len(page.notes) >= FEWEST_NOTES and style_of(page) == "other"


def score_titles(note: Note, places: Places, scorer: Scorer, headings: Mapping[Words, float]) -> list[Title]:
    """Return possible headings and labels with their probabilities."""
    sure = {(start, end, HEADING): likely for (start, end), likely in headings.items()}
    for start, (_, label, *_) in places.kinds.items():
        if 0 < (size := note.to_colon(start)) <= MAX_LABEL:
            sure[start, start + size, LABEL] = places.begins[start] * label
    if known := note.page.known:
        for start in range(note.size):
            for end in range(start + 1, min(start + known.longest, note.size) + 1):
                if likely := known.sure(tuple(note.keys[start:end])):
                    sure[start, end, HEADING] = max(likely, sure.get((start, end, HEADING), 0.0))
    for start, token in enumerate(note.tokens):
        if token.mark == "heading" and not note.words[start][LOWER] and token.text[0] not in OPENERS:
            sure[start, _heading_end(note, places, scorer, start), HEADING] = CERTAIN
    return [Title(*words, probability) for words, probability in sure.items() if probability > 0.2]


def _heading_end(note: Note, places: Places, scorer: Scorer, start: int) -> int:
    """Return the most probable end of a heading that begins with a marker. The end is never after the next line break
    or marker. If several ends are about equally probable, the last one is returned."""
    ends = range(start + 1, min(start + MAX_HEADING, note.size) + 1)
    last = next((at for at in ends[:-1] if note.tokens[at].hard or note.tokens[at].mark), ends[-1])

    def likely(end: int) -> float:
        # headings rarely end in a period
        penalty = 2 * note.tokens[end - 1].text.endswith(".")
        return (end - start) / 10 - penalty + logit(scorer.heading, heading_numbers(note, places, start, end))

    return max(ends[: last - start], key=likely)


def choose(titles: Sequence[Title], size: int, needed: Mapping[int, float]) -> list[Title]:
    """Choose titles that don't overlap, with the highest sum of scores (each `sure` minus `needed[kind]`)."""
    ending: defaultdict[int, list[Title]] = defaultdict(list)
    for title in titles:
        ending[title.end].append(title)
    best, last = [0.0] * (size + 1), dict[int, Title]()
    for end in range(1, size + 1):
        best[end] = best[end - 1]
        for title in ending[end]:
            gain = best[title.start] + title.sure - needed[title.kind]
            if title.sure > needed[title.kind] and gain > best[end]:
                best[end], last[end] = gain, title
    chosen, end = list[Title](), size
    while end > 0:
        if found := last.get(end):
            chosen.append(found)
        end = found.start if found else end - 1
    return chosen[::-1]


def find_starts(note: Note, places: Places, chosen: Sequence[Title], needed: Mapping[int, float]) -> dict[int, int]:
    """Return the kinds of blocks by start position. Markers in the text override kinds that the scores suggest."""
    starts = places.starts(needed)
    for title in chosen:
        for at in range(title.start, title.end):
            starts.pop(at, None)
        starts[title.start] = title.kind
        starts.setdefault(title.end, BODY if title.kind == LABEL else places.kind(title.end))
    for at, token in enumerate(note.tokens):
        if token.mark == "item":
            starts[at] = ITEM
        elif token.hard:
            starts.setdefault(at, PARAGRAPH)
    lists = find_lists(note.tokens)
    mark_lists(starts, note.tokens, lists)
    entries = {entry.start for one in lists for entry in one.entries}
    for at in [at for at, kind in starts.items() if kind == ITEM and at < note.size and at not in entries]:
        size = note.to_colon(at)
        if 0 < size <= MAX_LABEL and not note.words[at][LOWER] and starts.keys().isdisjoint(range(at + 1, at + size)):
            starts[at] = LABEL
            starts.setdefault(at + size, BODY)
    starts.pop(note.size, None)
    order = [at for at in sorted(starts) if starts[at] != BODY]
    listed = [False, *(starts[at] in (ITEM, LABEL) for at in order), False]
    for place, at in enumerate(order, 1):
        # a single item without a marker isn't a list
        if starts[at] == ITEM and not (listed[place - 1] or listed[place + 1] or note.tokens[at].mark):
            starts[at] = PARAGRAPH
    return starts


def _unsure(note: Note, titles: Sequence[Title], chosen: Sequence[Title], starts: dict[int, int]) -> Iterator[Unsure]:
    """Yield uncertain titles in order: titles chosen with a low, or rejected with a high probability."""
    found: dict[int, Unsure] = {}
    for title in sorted(titles, key=lambda title: title.sure):
        offset, kind = note.tokens[title.start].start, starts.get(title.start, BODY)
        if title in chosen and kind == title.kind and title.sure < UNSURE:
            found[offset] = Unsure(offset, NAMES[kind], "paragraph", round(title.sure, 3))
        elif kind not in (HEADING, LABEL) and 1 - UNSURE < title.sure < UNSURE:
            found[offset] = Unsure(offset, NAMES[kind], NAMES[title.kind], round(1 - title.sure, 3))
    yield from (found[offset] for offset in sorted(found))


class Body(NamedTuple):
    markdown: str
    recovery: Recovery


# an import reads its sources twice, and most texts are the same the second time
@lru_cache(maxsize=4)
def recover_bodies(texts: tuple[str, ...], examples: tuple[str, ...] = ()) -> tuple[Body, ...]:
    """Convert the notes of one page to Markdown bodies with the same words in the same order. Each line in `texts` is a
    paragraph. `examples` are bodies of structured notes. The order of the notes doesn't affect the bodies. If a page
    has more than `MAX_WORDS` words, its longest notes become plain paragraphs."""
    examples = tuple(sorted(examples, key=short_digest)[:MAX_EXAMPLES])
    digests = [short_digest("\n".join(" ".join(line.split()) for line in text.split("\n"))) for text in texts]
    order = sorted(range(len(texts)), key=lambda at: (len(texts[at].split()), digests[at]))
    sums = accumulate(len(texts[at].split()) for at in order)
    chosen = sorted(at for at, words in zip(order, sums, strict=True) if words <= MAX_WORDS)
    found = dict(zip(chosen, recover([texts[at] for at in chosen], examples), strict=True))
    version = short_digest(f"{FORM} {shipped()[1]}")
    bodies = []
    for at, text in enumerate(texts):
        markdown, unsure = found.get(at) or (blocks_to_markdown(plain_blocks(text.replace("\n", "\n\n")))[0], ())
        markdown = "\n".join(part for line in markdown.split("\n") for part in _parts(line))
        places = _places(text, markdown) if unsure else {}
        uncertain = tuple(
            UncertainPlace(*places[one.offset], one.taken, one.instead, round(100 * one.confidence))
            for one in unsure
            if one.offset in places
        )
        bodies.append(Body(markdown, Recovery(digests[at], version if at in found else "", uncertain)))
    return tuple(bodies)


def _parts(line: str) -> list[str]:
    """Split a long line of Markdown into shorter paragraphs. The paragraphs of a list item stay in the item."""
    if len(line) <= MAX_LINE and len(MARKS.findall(line)) <= MAX_MARKS:
        return [line]
    item = _ITEM.match(line)
    indent = item["indent"] + INDENT if item else ""
    first, *rest = wrap(line, LONG_PARAGRAPH, break_long_words=False, break_on_hyphens=False)
    return [first, *(f"\n{indent}{escape_start(part)}" for part in rest)]


def _places(text: str, markdown: str) -> Mapping[int, tuple[int, int]]:
    """Map the offset of each word in a text to its line (from 0) and column (from 1) in the Markdown."""
    places: dict[int, tuple[int, int]] = {}
    tokens = read_tokens(text)
    at = 0
    for number, line in enumerate(markdown.split("\n")):
        for found in re.finditer(r"\S+", line):
            shown = unescape(without_escapes(found.group().removeprefix("**").removesuffix("**")))
            # some words of the Markdown aren't tokens, such as the bullets of lists
            if shown in (near := [token.text for token in tokens[at : at + NEAR]]):
                at += near.index(shown) + 1
                places[tokens[at - 1].start] = (number, found.start() + 1)
    return places

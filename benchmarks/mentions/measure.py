"""Precision and recall of mentions and references: `python -m benchmarks.mentions.measure [PART] [--show] [--traps]`.

Each text is made an episode of the bundled knowledge base, which is loaded, parsed, scanned and linked as a build does
it. A mention is right where its words and its entry are those of a mark; a possessive ending is left out of account. A
reference is right where a mark on the same words has its id; of a mark with several ids, each has to be found within
it. Prints a table for each half; `--show` adds every miss and every false hit with its place in the text's file. Exit
status 1 where the measuring half is below what it is held to.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.mentions.texts import FOLDER, PARTS, Text, locate, read_texts
from benchmarks.mentions.traps import count
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.linking.link import link
from mlguide_site.linking.linked import LinkedCatalog, LinkedEpisode
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.scan import scan
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.parse import parse
from mlguide_site.model import Kind

ROOT = FOLDER.parents[1]
HELD = {"mentions": (0.99, 0.97), "references": (1.0, 1.0)}
"""Precision and recall that the measuring half is held to."""
REFERENCE = "reference"
_POSSESSIVE = re.compile(r"['’]s?$")


class Link(NamedTuple):
    """A link that was made or is wanted: what it is, what it may lead to, and where it stands.

    The place is segment, start and end in the parsed body; for an author's own link -1, its index and its index. Where
    `within`, a link anywhere between start and end will do.
    """

    kind: str
    answers: tuple[str, ...]
    segment: int
    start: int
    end: int
    within: bool = False


class Tally(NamedTuple):
    """How many links are wanted, were made, and are both."""

    wanted: int
    made: int
    right: int

    @property
    def precision(self) -> float:
        """The share of the links made that are right; 1 where there is none."""
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        """The share of the links wanted that were made; 1 where there is none."""
        return self.right / self.wanted if self.wanted else 1.0


class Compared(NamedTuple):
    """A text compared: the wanted links that were made, those that were not, and the links made that nobody wants."""

    right: list[Link]
    missed: list[Link]
    false: list[Link]


def build(texts: Sequence[Text]) -> LinkedCatalog:
    """The bundled knowledge base with the texts as further episodes, linked. Raises ValueError where one is refused."""
    files = dict(read_root(ROOT).texts)
    for text in texts:
        front = f"id: {_id(text)}\ntitle: {json.dumps(text.title)}\ntopics: {json.dumps(text.topics)}\n"
        files[f"episodes/mlg/{_id(text)}.md"] = f"---\n{front}---\n{text.body}".encode()
    loaded = load(files)
    episodes = loaded.catalog.episodes
    if lacking := [text.path.name for text in texts if _id(text) not in episodes]:
        raise ValueError(f"not read: {', '.join(lacking)}")
    documents = {id: parse(file.body, file.meta.title) for id, file in episodes.items()}
    names, references = NameTable.of(loaded.catalog), ReferenceTable.of(loaded.catalog)
    scans = {id: scan(documents[id], names, references, frozenset(file.meta.topics)) for id, file in episodes.items()}
    return link(loaded.catalog, documents, scans)


def _id(text: Text) -> str:
    return f"mlg-{text.path.stem}"


def wanted_links(text: Text, document: Document) -> Iterator[Link]:
    """What the marks ask for; a reference with several ids asks for each."""
    for label, segment, start, end, own in locate(text, document):
        place = (segment, start, end) if own < 0 else (-1, own, own)
        if not label.reference:
            yield Link(label.answers[0].partition(":")[0], label.answers, *place)
        else:
            several = len(label.answers) > 1
            yield from (Link(REFERENCE, (id,), *place, several) for id in label.answers)


def made_links(episode: LinkedEpisode) -> Iterator[Link]:
    """What the product found in an episode; an id once for each place."""
    segments = episode.document.segments
    for mention in episode.mentions:
        words = segments[mention.segment].text[mention.start : mention.end]
        end = mention.end - (len(found[0]) if (found := _POSSESSIVE.search(words)) else 0)
        yield Link(mention.kind.value, (f"{mention.kind.value}:{mention.slug}",), mention.segment, mention.start, end)
    seen = set()
    for reference in episode.references:
        if not reference.target and not reference.url:
            continue
        own = reference.link >= 0
        place = (-1, reference.link, reference.link) if own else (reference.segment, reference.start, reference.end)
        made = Link(REFERENCE, (f"{reference.series}-{reference.number:03}",), *place)
        if made not in seen:
            seen.add(made)
            yield made


def agrees(mark: Link, made: Link) -> bool:
    """Whether a link is the one that a mark asks for.

    >>> mark, made = Link("tool", ("tool:a",), 0, 2, 8), Link("tool", ("tool:a",), 0, 2, 6)
    >>> agrees(mark, made), agrees(mark, made._replace(end=8)), agrees(mark._replace(within=True), made)
    (False, True, True)
    """
    if mark.segment != made.segment or made.answers[0] not in mark.answers:
        return False
    if mark.within:
        return mark.start <= made.start and made.end <= mark.end
    return (mark.start, mark.end) == (made.start, made.end)


def compare(wanted: Sequence[Link], made: Sequence[Link]) -> Compared:
    """The links told apart; each mark takes one link at most."""
    missed, compared = list(wanted), Compared([], [], [])
    for one in made:
        mark = next((mark for mark in missed if agrees(mark, one)), None)
        if mark is None:
            compared.false.append(one)
        else:
            missed.remove(mark)
            compared.right.append(mark)
    return compared._replace(missed=missed)


def tallies(compared: Sequence[Compared]) -> dict[str, Tally]:
    """The figures of a half: of each kind of entry, of all mentions, of references."""
    counts = [Counter(link.kind for text in compared for link in text[part]) for part in range(3)]
    kinds = [*(kind.value for kind in Kind), REFERENCE]
    of = {
        kind: Tally(right + missed, right + false, right)
        for kind in kinds
        for right, missed, false in [[count[kind] for count in counts]]
    }
    mentions = [of[kind.value] for kind in Kind]
    total = Tally(*(sum(numbers) for numbers in zip(*mentions, strict=True)))
    return {**{kind: of[kind] for kind in kinds[:-1]}, "mentions": total, "references": of[REFERENCE]}


class Places:
    """Where the segments of a parsed body begin in it, as near as their words tell."""

    def __init__(self, text: Text, document: Document) -> None:
        self.text, self.document = text, document
        self.links: list[int] = []
        cursor = 0
        for use in document.links:
            cursor = text.body.find(use.href, cursor)
            self.links.append(cursor)
        self.segments: list[int] = []
        cursor = 0
        for segment in document.segments:
            words = r"\s+".join(map(re.escape, segment.text.split()))
            found = re.compile(words).search(text.body, cursor)
            self.segments.append(found.start() - _lead(segment.text) if found else cursor)
            cursor = found.end() if found else cursor

    def describe(self, fault: str, link: Link) -> tuple[int, str]:
        """Offset in the body, and a line that says what is wrong there."""
        named = "/".join(link.answers)
        if link.segment < 0:
            at = self.links[link.start]
            return at, f'{self.text.place(at)}: {fault} "{self.document.links[link.start].href}", {named}'
        words = self.document.segments[link.segment].text
        at = min(max(self.segments[link.segment] + link.start, 0), len(self.text.body))
        before, after = words[max(0, link.start - 30) : link.start], words[link.end : link.end + 30]
        return at, f"{self.text.place(at)}: {fault} {named}: {before}[{words[link.start : link.end]}]{after}"


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())


def faults(text: Text, document: Document, compared: Compared) -> list[str]:
    """The misses and false hits of a text, a line for each, in the order of the text."""
    places = Places(text, document)
    found = [places.describe("missed", link) for link in compared.missed]
    found += [places.describe("false", link) for link in compared.false]
    return [line for _, line in sorted(found)]


def measure(part: str, show: bool) -> bool:
    """Print the figures of a half, and with `show` its faults. Returns whether it keeps to what is held to."""
    texts = read_texts(part)
    linked = build(texts)
    results = []
    for text in texts:
        episode = linked.episodes[_id(text)]
        compared = compare(list(wanted_links(text, episode.document)), list(made_links(episode)))
        results.append(compared)
        if show:
            for line in faults(text, episode.document, compared):
                print(line)
    print(f"{part}: {len(texts)} texts")
    print(f"{'':12}{'wanted':>8}{'made':>8}{'right':>8}{'precision':>11}{'recall':>8}")
    good = True
    for name, tally in tallies(results).items():
        bound = ""
        if name in HELD:
            precision, recall = HELD[name]
            bound = f"   held to {precision:.2f} and {recall:.2f}"
            good &= tally.precision >= precision and tally.recall >= recall
        numbers = f"{tally.wanted:8}{tally.made:8}{tally.right:8}{tally.precision:11.4f}{tally.recall:8.4f}"
        print(f"{name:12}{numbers}{bound}")
    return good


def main(arguments: Sequence[str]) -> int:
    """Measure the halves named, both by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mentions.measure", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="the half to measure; both by default")
    parser.add_argument("--show", action="store_true", help="list every miss and every false hit")
    parser.add_argument("--traps", action="store_true", help="count the traps and uses of each ambiguous name instead")
    options = parser.parse_args(arguments)
    parts = [options.part] if options.part else list(PARTS)
    if options.traps:
        for name, traps, uses in count([text for part in parts for text in read_texts(part)]):
            print(f"{name:22}{traps:4} traps{uses:4} uses")
        return 0
    good = {part: measure(part, options.show) for part in parts}
    return 0 if good.get("measuring", True) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

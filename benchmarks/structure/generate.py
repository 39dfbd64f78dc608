"""Makes structured notes of many styles from the material; the same seed gives the same notes."""

import random
from collections.abc import Iterator, Sequence

from benchmarks.structure.material import SUBJECTS, Entry, Section, outlines, sections
from benchmarks.structure.phrases import HABITS, Phrases, capital, titled
from benchmarks.structure.styles import style
from benchmarks.structure.variation import ROMAN, SUBHEADINGS, frame, renamed, reworded

Block = tuple[str, str]
"""A kind (`heading`, `label`, `body`, `item`, `paragraph`) and its text; a body follows its label."""

SUBJECT_OF = {
    "agents": "software",
    "career": "business",
    "course": "learning",
    "cloudwork": "software",
    "lessons": "learning",
    "libraries": "learning",
    "media": "software",
    "theory": "learning",
    "varied": "world",
    "engineering": "software",
    "language": "learning",
    "practice": "learning",
    "primer": "learning",
    "prose": "software",
    "shows": "health",
    "studio": "world",
}
"""The subject of the lists of words that go with a file of sections, where it isn't the file's name."""
LINKS = ("Links", "Links", "Links:", "Resources", "Show Notes", "Mentioned in This Episode", "Notes")
AT_END = ("Resources", "Links", "Further Reading", "Books Mentioned", "Additional Resources", "Useful Links")
STAMPS = ("Timestamps", "Chapters", "Timeline", "Timestamps:")
PLAIN = ("{term}", "{heading}", "{things}", "{sentence}", "{name}")
NEAR = 6
OUTLINES = 12


class Writer:
    """Writes one note."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.style = style(rng)
        pool = sections()
        at = rng.randrange(len(pool))
        self.near = [pool[(at + step) % len(pool)] for step in range(-NEAR, NEAR + 1)]
        self.labelled = [entry for section in self.near for entry in section.entries if entry.kind == "label"]
        self.subject = SUBJECT_OF.get(pool[at].subject, pool[at].subject)
        if rng.random() < 0.15:
            self.subject = rng.choice(SUBJECTS)
        self.phrases = Phrases(rng, self.subject)
        lines = outlines()[self.subject]
        first = rng.randrange(len(lines))
        self.outlines = [lines[(first + step) % len(lines)] for step in range(OUTLINES)]
        self.habit = rng.randrange(HABITS)
        self.count = 0
        self.frame = frame(self.phrases, rng) if rng.random() < self.style.framed else []

    def note(self) -> list[Block]:
        """The blocks of a note."""
        rng = self.rng
        blocks = list(self._opening())
        if rng.random() < 0.04:
            blocks.extend(self._labels(self._entries(), 0))
        for _ in range(rng.choices([1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 4, 5, 5, 4, 2, 1])[0]):
            blocks.extend(self._section())
        if rng.random() < 0.15:
            blocks.extend(self._links(AT_END))
        elif rng.random() < 0.08:
            blocks.append(("paragraph", self.phrases.sentences(rng.randint(1, 3))))
        return blocks

    def _opening(self) -> Iterator[Block]:
        rng, phrases, chance = self.rng, self.phrases, self.rng.random()
        if chance < 0.25:
            yield from (("paragraph", phrases.make("opening")) for _ in range(rng.randint(1, 2)))
        if rng.random() < 0.6:
            yield "paragraph", phrases.sentences(rng.randint(1, 3))
        if 0.2 < chance < 0.75:
            yield from self._links(LINKS)
            if rng.random() < 0.25:
                yield "paragraph", phrases.sentences(rng.randint(1, 3))
        elif chance > 0.94:
            yield "heading", rng.choice(STAMPS)
            yield from (("item", text) for text in self._stamps())

    def _stamps(self) -> Iterator[str]:
        rng, time = self.rng, 0
        opening, closing = rng.choice([("", ""), ("", ""), ("(", ")"), ("[", "]")])
        gap = rng.choice([" ", " - ", " – "])
        for _ in range(rng.randint(3, 8)):
            yield f"{opening}{time // 60:02}:{time % 60:02}{closing}{gap}{self.phrases.heading()}"
            time += rng.randint(40, 600)

    def _links(self, names: Sequence[str]) -> Iterator[Block]:
        rng = self.rng
        yield "heading", rng.choice(names)
        habits = [rng.randrange(HABITS) for _ in range(rng.randint(1, 4))]
        for _ in range(rng.randint(1, 7)):
            yield "item", self.phrases.make("link", rng.choice(habits))

    def _heading(self, text: str) -> str:
        self.count += 1
        if self.style.sentence_case:
            text = self._lowered(text)
        if not self.style.numbered:
            return text
        number = ROMAN[min(self.count, len(ROMAN)) - 1] if self.style.roman else str(self.count)
        return f"{number}. {text}"

    def _lowered(self, text: str) -> str:
        """A title with one capital, names aside."""
        first, *rest = text.split()
        names = " ".join(self.phrases.names)
        return " ".join([first, *(word if word in names or not word.istitle() else word.lower() for word in rest)])

    def _title(self) -> str:
        if self.style.sentence_case:
            return capital(self.phrases.make("plain heading").rstrip("."))
        if self.rng.random() < self.style.free:
            text = (
                self.phrases.make("free heading")
                if self.rng.random() < 0.7
                else titled(self.phrases.make("plain heading"))
            )
            return capital(text.rstrip("."))
        habit = self.habit if self.rng.random() < self.style.habit else None
        return self.phrases.heading(self.rng.random() < self.style.long, habit)

    def _section(self, inner: bool = False) -> Iterator[Block]:
        rng, habits, phrases = self.rng, self.style, self.phrases
        if not inner and not self.frame and rng.random() < habits.parts:
            yield "heading", self._heading(rng.choice(SUBHEADINGS) if rng.random() < 0.2 else self._title())
            if rng.random() < 0.15:
                yield "paragraph", phrases.sentences(rng.randint(1, 2))
            for _ in range(rng.randint(1, 4)):
                yield from self._section(inner=True)
            return
        source = renamed(rng.choice(self.near), phrases, rng) if rng.random() < habits.written else None
        if not source and rng.random() < habits.outlined:
            heading, *labels = rng.choice(self.outlines)
            labels = rng.sample(labels, rng.randint(1, len(labels)))
            entries = [(label, phrases.body(label)) for label in labels]
            if rng.random() < habits.swap:
                heading = self._title()
        else:
            heading = source.heading if source and rng.random() > habits.swap else self._title()
            entries = self._written(source) if source else self._entries(heading)
        if not source and rng.random() < 0.3 * habits.prose:
            heading = phrases.fill("<{Noun}|{Nouns}|{term}>") if not habits.sentence_case else self._title()
        yield "heading", self._heading(reworded(heading, phrases, rng))
        if self.frame:
            yield from self._framed(entries)
        elif source and not any(entry.kind == "label" for entry in source.entries):
            yield from self._unlabelled(source)
        elif rng.random() < habits.sub:
            for _ in range(rng.randint(1, 3)):
                yield "heading", self._heading(phrases.fill(rng.choice(["{term}", "{heading}", "{name}"])))
                yield from self._content(phrases.heading(), self._entries())
        else:
            yield from self._content(heading, entries)

    def _framed(self, entries: Sequence[tuple[str, str]]) -> Iterator[Block]:
        """A section whose parts have the names that they have in every section of the note."""
        rng = self.rng
        if rng.random() < 0.2:
            yield "paragraph", self.phrases.sentences(1)
        for name in self.frame:
            if name.endswith(":"):
                yield "label", name
                yield "body", self.phrases.body(name[:-1])
                continue
            yield "heading", name
            if rng.random() < 0.25:
                yield from (("item", self.phrases.sentence()) for _ in range(rng.randint(1, 3)))
            else:
                yield from self._labels(entries if rng.random() < 0.5 else self._entries(), self.style.nested)
        if all(name.endswith(":") for name in self.frame):
            yield from self._labels(entries, self.style.nested)

    def _unlabelled(self, source: Section) -> Iterator[Block]:
        """Entries without labels: items stay items, or become a paragraph, by the writer's habit."""
        items = [entry.text for entry in source.entries if entry.kind == "item"]
        yield from (("paragraph", entry.text) for entry in source.entries if entry.kind == "paragraph")
        if items and not self.style.sentence_items and items[0].endswith("."):
            yield "paragraph", " ".join(items)
        else:
            yield from (("item", item) for item in items)

    def _content(self, heading: str, entries: Sequence[tuple[str, str]]) -> Iterator[Block]:
        rng, habits, phrases = self.rng, self.style, self.phrases
        lead, _, tail = heading.partition(": ")
        lead = lead.partition(" (")[0]
        few = lead.split()
        about = (tail or lead, few[0], " ".join(few[:2]), phrases.fill("{Noun}"), phrases.fill("{name}"))
        kind = rng.random()
        if kind < habits.prose:
            texts = [phrases.sentence(about if rng.random() < 0.6 else ())]
            for _ in range(rng.randint(0, 4)):
                sentence = phrases.sentence(about if rng.random() < 0.6 else ())
                if rng.random() < (habits.wordy if habits.sentence_items else 0.5 + habits.wordy / 2):
                    texts[-1] += f" {sentence}"
                else:
                    texts.append(sentence)
            yield from (("item" if habits.sentence_items else "paragraph", text) for text in texts)
        elif kind < habits.prose + habits.plain:
            form = rng.choice(PLAIN)
            for _ in range(rng.randint(2, 7)):
                text = capital(phrases.fill(form if rng.random() < 0.8 else rng.choice(PLAIN))).rstrip(".")
                yield "item", text + ("." if rng.random() < habits.stops * 0.5 else "")
        else:
            if rng.random() < 0.12:
                yield "paragraph", phrases.sentences(rng.randint(1, 3), about)
            yield from self._labels(entries, habits.nested)
            if rng.random() < 0.06:
                yield "paragraph", phrases.sentences(rng.randint(1, 2))

    def _labels(self, entries: Sequence[tuple[str, str]], nested: float) -> Iterator[Block]:
        rng, phrases = self.rng, self.phrases
        for label, text in entries:
            yield "label", f"{label}:"
            if rng.random() < nested:
                yield from self._group()
                continue
            yield "body", text if rng.random() < self.style.stops else text.rstrip(".")
            if rng.random() < 0.08:
                yield from (("item", phrases.sentence()) for _ in range(rng.randint(1, 3)))

    def _group(self) -> Iterator[Block]:
        """What stands under a label: perhaps a lead, then labels or items."""
        rng, phrases = self.rng, self.phrases
        if rng.random() < 0.3:
            yield "body", phrases.fill("{openers} {things}:")
        if rng.random() < 0.6:
            yield from self._labels(self._entries(), 0)
        else:
            for _ in range(rng.randint(2, 5)):
                yield "item", capital(phrases.fill(rng.choice(["{term}", "{sentence}", "{things}"])))

    def _entries(self, about: str = "") -> list[tuple[str, str]]:
        """Labels with their texts from the grammar, mostly of one form."""
        rng = self.rng
        habit = rng.randrange(HABITS)
        core = about.rpartition(":")[2].strip().removeprefix("The ") if len(about.split()) < 4 else ""
        core = core if core[-1:].isalpha() else ""
        labels = [
            self.phrases.label(rng.random() < self.style.long, habit if rng.random() < 0.5 else None, core)
            for _ in range(rng.randint(1, 6))
        ]
        if self.style.sentence_case and rng.random() < 0.6:
            labels = [self.phrases.make("plain label") for _ in labels]
        return [(label, self.phrases.body(label)) for label in labels]

    def _written(self, source: Section) -> list[tuple[str, str]]:
        """Labels with texts of a written section, some exchanged, some with more to say."""
        rng, habits = self.rng, self.style
        entries = [entry for entry in source.entries if entry.kind == "label"]
        result = []
        for entry in rng.sample(entries, rng.randint(1, len(entries))) if entries else ():
            label, text = entry.label, entry.text
            if rng.random() < habits.swap:
                label = self._other().label if rng.random() < 0.5 else self.phrases.label()
            while rng.random() < habits.more:
                text = f"{text} {self._other().text if rng.random() < 0.3 else self.phrases.sentence()}"
                if rng.random() < 0.5:
                    break
            result.append((label, text))
        return result

    def _other(self) -> Entry:
        return self.rng.choice(self.labelled)


def notes(count: int, seed: int) -> Iterator[list[Block]]:
    """Generated notes, one after another."""
    rng = random.Random(seed)
    for _ in range(count):
        yield Writer(random.Random(rng.getrandbits(60))).note()

"""Models that have learnt a root's own style from its structured notes: these are flattened, and new ones are
recombined from them."""

import random
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256

from mlguide_site.recovery.data import shipped
from mlguide_site.recovery.kinds import BODY, HEADING, LABEL
from mlguide_site.recovery.learn import SEED, Course, Example, example, learn
from mlguide_site.recovery.model import Model
from mlguide_site.recovery.notes import Blocks, read_blocks, sections_of
from mlguide_site.recovery.words import tokenize

ENOUGH = 25
"""With fewer structured notes than these a root has no style to learn yet."""
MAX_NOTES = 400
MAX_WORDS = 3000
RECOMBINED = 240
COURSE = Course(3, rate=0.012, decay=1e-3, blur=0.3)


def adapt(notes: Sequence[str], start: Model | None = None) -> Model:
    """A model for roots with notes like these: Markdown bodies, in any order. With too few, it is the one begun with.

    Only notes with a heading or a label count; those beyond `MAX_NOTES`, by digest, are left out. Takes seconds.
    """
    begin = start or shipped().model
    chosen = sorted(set(notes), key=lambda note: sha256(note.encode()).digest())
    read = [blocks for blocks in map(read_blocks, chosen) if any(kind in (HEADING, LABEL) for kind, _ in blocks)]
    if len(read) < ENOUGH:
        return begin
    read = read[:MAX_NOTES]
    made = [example_of(blocks) for blocks in (*read, *recombined(read, RECOMBINED))]
    return learn([one for one in made if one], COURSE, begin)


def example_of(blocks: Blocks, phrases: Collection[tuple[str, str]] = ()) -> Example | None:
    """The example of a note; none where its words give no segmentation that could be found."""
    text, offsets = "", []
    for _, words in blocks:
        text += " " if text else ""
        offsets.append(len(text))
        text += words
    tokens = tokenize(text)[:MAX_WORDS]
    index = {token.start: at for at, token in enumerate(tokens)}
    starts = [(index[offset], kind) for offset, (kind, _) in zip(offsets, blocks, strict=True) if offset in index]
    if not starts or starts[0][0]:
        return None
    ends = [at for at, _ in starts[1:]] + [len(tokens)]
    return example(tokens, [(at, end, kind) for (at, kind), end in zip(starts, ends, strict=True)], phrases)


def recombined(notes: Sequence[Blocks], count: int, seed: int = SEED) -> Iterator[Blocks]:
    """New notes of sections of several, some labels and headings exchanged."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret: the same notes give the same model
    openings = [sections[0] for note in notes if (sections := sections_of(note)) and sections[0][0][0] != HEADING]
    sections = [section for note in notes for section in sections_of(note) if section[0][0] == HEADING]
    if not sections:
        return
    labels = [text for note in notes for kind, text in note if kind == LABEL]
    headings = [section[0][1] for section in sections]
    for _ in range(count):
        blocks: Blocks = list(rng.choice(openings)) if openings and rng.random() < 0.7 else []
        for _ in range(rng.randint(2, 6)):
            section = rng.choice(sections)
            heading = rng.choice(headings) if rng.random() < 0.3 else section[0][1]
            blocks.append((HEADING, heading))
            blocks.extend(_shuffled(section[1:], labels, rng))
        yield blocks


def _shuffled(blocks: Sequence[tuple[int, str]], labels: Sequence[str], rng: random.Random) -> Blocks:
    entries: list[Blocks] = []
    for kind, text in blocks:
        if kind == BODY and entries:
            entries[-1].append((kind, text))
        else:
            entries.append([(kind, text)])
    if all(entry[0][0] == LABEL and len(entry) == 2 for entry in entries):
        rng.shuffle(entries)
        entries = entries[: rng.randint(1, len(entries))] if entries else entries
        for entry in entries:
            if rng.random() < 0.25:
                entry[0] = (LABEL, rng.choice(labels))
    return [block for entry in entries for block in entry]

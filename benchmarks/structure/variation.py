"""Variations of written sections: other titles, other names, and parts that come again in every section of a note."""

import random
import re

from benchmarks.structure.material import Entry, Section
from benchmarks.structure.phrases import Phrases

LEADS = (
    "Goal", "Summary", "Purpose", "Overview", "Idea", "Best for", "Verdict", "Time", "Who", "Use Case", "Example",
    "Objective", "Cost", "Key Point", "Definition", "Result", "Takeaway", "Audience",
)  # fmt: skip
SUBHEADINGS = (
    "Workflow", "Tools", "Toolchain", "Steps", "Pros", "Cons", "Examples", "Setup", "Process", "Key Ideas", "Features",
    "Limitations", "Strengths", "Weaknesses", "How It Works", "Applications", "Resources", "Exercises", "Ingredients",
    "Benefits", "Costs", "Getting Started", "Key Points", "Background", "Method", "Pricing", "When to Use It",
)  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
KEPT = frozenset("A An The In Of On For To And Or What Why How When Is If I You By With From Without".split())
_NAME = re.compile(r"[\w+#.-]*[A-Z][\w+#-]*")


def reworded(heading: str, phrases: Phrases, rng: random.Random) -> str:
    """A heading, sometimes cut down to a word or two, or with another title before or behind a colon."""
    chance, words = rng.random(), heading.split()
    if chance < 0.08:
        return phrases.fill("<{Noun}|{Nouns}|{head}|{head}>") if rng.random() < 0.6 else rng.choice(SUBHEADINGS)
    if chance < 0.14 and len(words) > 2 and words[-1].isalpha() and words[-1][0].isupper():
        return words[-1] if rng.random() < 0.5 or not words[-2][0].isupper() else " ".join(words[-2:])
    if chance < 0.22 and ":" not in heading and "?" not in heading and len(words) < 7:
        other = phrases.fill(rng.choice(["{name}", "{Noun}", "{Adjective} {head}", "{head} and {head}", "{term}"]))
        return f"{other}: {heading}" if rng.random() < 0.5 else f"{heading}: {other}"
    return heading


def renamed(source: Section, phrases: Phrases, rng: random.Random) -> Section:
    """A written section, sometimes about something else: words of its heading that its texts repeat are exchanged."""
    if rng.random() < 0.5:
        return source
    texts = " ".join(f"{entry.label} {entry.text}" for entry in source.entries).split()
    found = [word for word in _NAME.findall(source.heading) if word in texts and word not in KEPT]
    names = {word: rng.choice(phrases.names) for word in found}
    if not names:
        return source
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")

    def put(text: str) -> str:
        return pattern.sub(lambda found: names[found[0]], text)

    entries = tuple(Entry(entry.kind, put(entry.label), put(entry.text)) for entry in source.entries)
    return Section(put(source.heading), entries, source.subject)


def frame(phrases: Phrases, rng: random.Random) -> list[str]:
    """Labels and headings that come again in every section of a note; a label ends in a colon."""
    parts = [f"{rng.choice(LEADS)}:"] if rng.random() < 0.7 else []
    for _ in range(rng.randint(0 if parts else 1, 2)):
        name = rng.choice(SUBHEADINGS) if rng.random() < 0.6 else phrases.fill(rng.choice(["{Noun}", "{term}"]))
        parts.append(name)
    if rng.random() < 0.2:
        parts.append(f"{rng.choice(LEADS)}:")
    return parts

"""Makes headings, labels and sentences about a topic, from the forms of a small grammar and the lists of words."""

import random
import re
from collections.abc import Callable, Sequence
from functools import cache

from benchmarks.structure.material import FOLDER, words

_SMALL = frozenset("a an the and or of in on for to with from at by vs. as".split())
_CHOICE = re.compile(r"<([^<>]*)>")
_SLOT = re.compile(r"\{([^{}]*)\}")
HABITS = 1_000_000

Forms = tuple[tuple[float, str], ...]


def titled(text: str) -> str:
    """Words with capitals, the small ones aside.

    >>> titled("end of the line")
    'End of the Line'
    """
    return " ".join(
        word if (at and word in _SMALL) or not word[0].islower() else capital(word)
        for at, word in enumerate(text.split())
    )


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def plural(noun: str) -> str:
    """A noun's plural, well enough.

    >>> plural("harbour"), plural("country"), plural("training")
    ('harbours', 'countries', 'training')
    """
    if noun.endswith(("s", "ing", "ion", "ism")) or not noun[-1].isalpha():
        return noun
    if noun.endswith("y") and noun[-2] not in "aeou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("x", "ch", "sh")) else "s")


def for_many(verb: str) -> str:
    """A verb for more than one, from that for one.

    >>> for_many("relies on"), for_many("matches"), for_many("uses")
    ('rely on', 'match', 'use')
    """
    first, _, rest = verb.partition(" ")
    if first.endswith(("sses", "shes", "ches", "xes")):
        first = first[:-2]
    else:
        first = first[:-3] + "y" if first.endswith("ies") else first.removesuffix("s")
    return f"{first} {rest}".strip()


@cache
def grammar() -> dict[str, Forms]:
    """The forms of each rule with their weights."""
    rules: dict[str, list[tuple[float, str]]] = {}
    name = ""
    for line in (FOLDER / "grammar.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            name = line[2:]
            rules[name] = []
        elif line:
            weight, _, form = line.partition(" ")
            rules[name].append((float(weight), form))
    return {name: tuple(forms) for name, forms in rules.items()}


class Phrases:
    """Makes phrases about one topic: few nouns and names of a subject, said again and again."""

    def __init__(self, rng: random.Random, subject: str) -> None:
        self.rng = rng
        self.lists = words()
        self.rules = grammar()
        nouns = self.lists[f"nouns of {subject}"] + self.lists.get(f"more nouns of {subject}", ())
        self.nouns = rng.sample(nouns, 36)
        self.names = rng.sample(self.lists[f"names of {subject}"], 16)
        self.about = ""
        pick, noun = self.pick, self._noun
        self.slots: dict[str, Callable[[], str]] = {
            "noun": noun,
            "nouns": lambda: plural(noun()),
            "Noun": lambda: titled(noun()),
            "Nouns": lambda: titled(plural(noun())),
            "Plural": lambda: capital(plural(noun())),
            "First noun": lambda: capital(noun()),
            "name": lambda: rng.choice(self.names),
            "Adjective": lambda: pick("adjectives"),
            "adjective": lambda: pick("adjectives").lower(),
            "Lower adjective": lambda: capital(pick("adjectives").lower()),
            "Gerund": lambda: pick("gerunds"),
            "gerund": lambda: pick("gerunds").lower(),
            "head": lambda: pick("heads"),
            "verb": lambda: pick("verbs"),
            "do": lambda: for_many(pick("verbs")),
            "word": lambda: noun().replace(" ", rng.choice(["", "-"])),
            "site": lambda: f"{noun().replace(' ', '')}.{rng.choice(['com', 'org', 'fm'])}/{rng.randint(1, 300)}",
            "about": lambda: self.about,
            "short": self._short,
            "code": lambda: f"{noun().replace(' ', '_')}{rng.choice(['', '()', '_' + noun().replace(' ', '_')])}",
        }
        self.names.extend(self.make("made name") for _ in range(8))

    def _noun(self) -> str:
        return self.rng.choice(self.nouns)

    def pick(self, name: str) -> str:
        """A word of a list."""
        return self.rng.choice(self.lists[name])

    def make(self, rule: str, habit: int | None = None) -> str:
        """A phrase by a rule of the grammar; with a habit, a number below `HABITS`, always by the same form."""
        forms = self.rules[rule]
        weights = [weight for weight, _ in forms]
        if habit is None:
            return self.fill(self.rng.choices([form for _, form in forms], weights)[0])
        left = habit / HABITS * sum(weights)
        for weight, form in forms:
            left -= weight
            if left < 0:
                return self.fill(form)
        return self.fill(forms[-1][1])

    def fill(self, form: str) -> str:
        """A form with its choices made and its slots filled."""
        form = _CHOICE.sub(lambda found: str(self.rng.choice(found[1].split("|"))), form)
        return _SLOT.sub(lambda found: self._slot(found[1]), form)

    def _slot(self, name: str) -> str:
        if name in self.slots:
            return self.slots[name]()
        if name in self.rules:
            return self.make(name)
        if name[0].isdigit():
            low, _, high = name.partition("-")
            return str(self.rng.randint(int(low), int(high)))
        return self.pick(name)

    def _short(self) -> str:
        """A term with its abbreviation in brackets."""
        term = self.make("term")
        letters = "".join(part[0] for part in term.replace("-", " ").split() if part[0].isalpha()).upper()
        inside = letters + self.rng.choice(["", "", "s"]) if len(letters) > 1 else self.rng.choice(self.names)
        return f"{term} ({inside})"

    def heading(self, long: bool = False, habit: int | None = None) -> str:
        """A heading in title case; a long one has three words or more."""
        text = self.make("heading", habit)
        for _ in range(3 if long else 0):
            if len(text.split()) > 2:
                break
            text = self.make("heading")
        return text

    def label(self, long: bool = False, habit: int | None = None, about: str = "") -> str:
        """A label, without its colon; a long one has two words or more. It may say again what it is `about`."""
        if about and self.rng.random() < 0.1:
            self.about = about
            return self.make("echo")
        text = self.make("label", habit)
        return self.make("label") if long and " " not in text else text

    def sentence(self, about: Sequence[str] = ()) -> str:
        """A sentence with its stop; `about` are phrases that it may begin with."""
        rng = self.rng
        if not about or rng.random() > 0.75:
            return self.make("sentence")
        subject, chance = rng.choice(about), rng.random()
        if chance < 0.35:
            subject = capital(subject.lower())
        elif chance < 0.6:
            subject = f"{rng.choice(['The', 'A', 'Each', 'This'])} {subject.lower()}"
        return f"{subject} {self.make('rests' if subject.endswith('s') else 'rest')}."

    def sentences(self, count: int, about: Sequence[str] = ()) -> str:
        """Some sentences; the first may begin with one of the phrases."""
        return " ".join([self.sentence(about), *(self.sentence() for _ in range(count - 1))])

    def body(self, label: str) -> str:
        """What follows a label: a phrase or sentence or two."""
        rng = self.rng
        chance = rng.random()
        first = self.sentence((label, self.slots["Noun"]())) if chance < 0.2 else self.make("body")
        if rng.random() < 0.03:
            first = first[:1].lower() + first[1:]
        more = rng.choices([0, 1, 2], [6, 3, 1])[0]
        return " ".join([first, *(self.sentence() for _ in range(more))])

"""What speaks for and against a doubtful name where it stands: features of its surroundings, each with a value.

A feature is a short text: how the name is written (`how`), what stands before (`<`) and after it (`>`), the words
around (`w`, those of its clause `n`), the fields these belong to (`f0` near, `f1` far), what its own description (`P`),
words that tell its meanings apart (the letters of `CUES`), names beyond doubt (`S`) and akin (`K`) say near by (0) and
farther off (1).
"""

from collections.abc import Sequence
from math import log2

from mlguide_site.linking.names.context import TRADE, stem
from mlguide_site.linking.names.grammar import CLASSES, look, word_class
from mlguide_site.linking.names.sites import CUES, LETTERS, Site, Subject

_CLOSE = 3
_REACH = 40
_LITTLE = 0.1
_NEAR = [2 ** (-gap / 2) for gap in range(_REACH + 4)]
_FAR = [2 ** (-gap / 10) for gap in range(_REACH + 4)]
_OF = frozenset("of in for on at from with between to by over".split())
_BEFORE = frozenset("of in for the a an on with".split())
_SUMS = (*"PSK", *LETTERS)


def features(subject: Subject, site: Site) -> dict[str, float]:
    """The features of a name where it stands."""
    found: dict[str, float] = {"": 1.0}
    how = _written(subject, site, found)
    _beside(site, how, found)
    _Surroundings(subject, site, found).weigh_all()
    _compound(subject, site, found)
    size = sum(word[0].isalnum() for word in site.words.small)
    own = site.last - site.first
    alone = "1" if size == own else "2" if size <= 4 else "3" if size <= 12 else "4"
    found[f"size {alone}"] = found[f"size {alone} {how[0]}"] = 1.0
    if site.first == 0:
        follow = site.words.small[site.last] if site.last < len(site.words.small) else "#"
        found[f"first {alone}"] = found[f"first {follow if follow in ':(,|' else 'w'}"] = 1.0
    found[f"topics {bool(site.topics & subject.topics):d}"] = 1.0
    return found


def _written(subject: Subject, site: Site, found: dict[str, float]) -> str:
    """How the name is written: `=` as in the knowledge file, `a` small, `A` in capitals, `Aa` otherwise; `s` for a
    plural, `^` at the beginning of a clause."""
    words, first = site.words, site.first
    text = " ".join(words.written[first : site.last])
    low, own = text.lower(), subject.text
    plural = len(own) > 1 and not low.endswith(own.lower()[-2:])
    begins = first == 0 or words.clauses[first - 1] != words.clauses[first]
    if text == own or (plural and text[:2] == own[:2]):
        case = "="
    else:
        case = "a" if text.islower() else "A" if text.isupper() else "B"
    at = first
    while at and words.sentences[at - 1] == words.sentences[first]:
        at -= 1
    sloppy = words.written[at][0].islower()
    how = case + ("s" if plural else "") + ("^" if begins else "")
    for feature in (f"how {how}", f"how {case}", f"how {case}{sloppy:d}", f"how {how}{sloppy:d}"):
        found[feature] = 1.0
    return how


def _beside(site: Site, how: str, found: dict[str, float]) -> None:
    """The two words before and the two after, their looks and grammatical classes."""
    words, case = site.words, how[0]
    small, count = words.small, len(words.small)
    nearest = []
    for mark, at, other in (("<", site.first - 1, site.first - 2), (">", site.last, site.last + 1)):
        word, its_class, its_look = "#", "#", "#"
        if 0 <= at < count:
            word = small[at]
            its_class, its_look = word_class(word), look(words.written[at])
            if its_look == "Aa" and (at == 0 or words.sentences[at - 1] != words.sentences[at]):
                its_look = "Aa^"
        second = small[other] if 0 <= other < count else "#"
        second_class = word_class(second) if second != "#" else "#"
        nearest.append((word, its_class))
        for feature in (
            f"{mark}{word}",
            f"{mark}{word} {case}",
            f"{mark}c {its_class}",
            f"{mark}c {its_class} {case}",
            f"{mark}l {its_look}",
            f"{mark}l {its_look} {case}",
            f"{mark}{mark}{second}",
            f"{mark}{mark}{word} {second}",
            f"{mark}{mark}c {second_class} {its_class}",
        ):
            found[feature] = 1.0
        if at in site.sure:
            found[f"{mark}sure"] = 1.0
        if other in site.sure:
            found[f"{mark}{mark}sure"] = 1.0
    (lead, lead_class), (follow, follow_class) = nearest
    found[f"<>{lead_class} {follow_class}"] = found[f"<>w {lead} {follow}"] = 1.0


class _Surroundings:
    """Sums over the words around a name, each weighed by how near it is."""

    def __init__(self, subject: Subject, site: Site, found: dict[str, float]) -> None:
        self.subject, self.site, self.found = subject, site, found
        self.near: dict[str, float] = {}
        self.far: dict[str, float] = {}
        self.bag: dict[str, float] = {}
        self.sums = {label: [0.0, 0.0, 0.0] for label in _SUMS}

    def weigh_all(self) -> None:
        self._own_block()
        self._other_blocks()
        found = self.found
        for word, amount in self.bag.items():
            found[f"w {word}"] = amount
        self._phrases()
        for label, values in self.sums.items():
            for index, value in enumerate(values):
                if value:
                    found[f"{label}{index}"] = log2(1 + 2 * value)
            if not values[1]:
                found[f"{label}-"] = 1.0
        for ours, others in CUES:
            for index in (0, 1):
                likely, unlikely = self.sums[ours][index], self.sums[others][index]
                if likely or unlikely:
                    found[f"{ours}:{others}{index}"] = (likely - unlikely) / (likely + unlikely + 0.1)
        for label, sums in (("f0", self.near), ("f1", self.far)):
            trade = sum(value for field, value in sums.items() if field in TRADE)
            everyday = sum(value for field, value in sums.items() if field not in TRADE)
            for field, value in sums.items():
                found[f"{label}{field}"] = log2(1 + 2 * value)
            if sums:
                found[f"{label}:"] = (trade - everyday) / (trade + everyday + 0.2)

    def _own_block(self) -> None:
        words, first, last, sure, topics = self.site[0], self.site[1], self.site[2], self.site[3], self.subject.topics
        small, fields, clauses, sentences = words.small, words.fields, words.clauses, words.sentences
        stems, bag = words.stems, self.bag
        clause, sentence = clauses[first], sentences[first]
        trade = everyday = unknown = 0
        for at in range(max(0, first - _REACH), min(len(small), last + _REACH)):
            base = stems[at]
            if not base or first <= at < last:
                continue
            word = small[at]
            gap = first - at - 1 if at < first else at - last
            near, far = _NEAR[gap], _FAR[gap]
            apart = abs(sentences[at] - sentence)
            if apart:
                near, far = near * 0.15, far * (0.6 if apart == 1 else 0.4)
            else:
                if clauses[at] != clause:
                    near, far = near * 0.4, far * 0.8
                elif gap < _CLOSE and word not in CLASSES:
                    self.found[f"n {base}"] = 1.0
                if fields[at]:
                    trade += not TRADE.isdisjoint(fields[at])
                    everyday += TRADE.isdisjoint(fields[at])
                elif word not in CLASSES:
                    unknown += 1
            following = at + 2 if at + 1 < len(small) and small[at + 1] == "-" else at + 1
            next_word = stems[following] if following < len(small) and following != first else ""
            if word not in CLASSES and far > bag.get(base, 0.0):
                bag[base] = far
            self._weigh(base, fields[at], near, far, next_word, "<" if at == first - 1 else ">" if at == last else "")
            if its := sure.get(at):
                self._add("S", near, far)
                if any(not topics.isdisjoint(one) for one in its):
                    self._add("K", near, far)
        told = f"{_few(trade)}{_few(everyday)}{'?' if unknown else ''}"
        self.found[f"told {told}"] = 1.0
        self.found["told?"] = unknown / (1 + trade + everyday + unknown)

    def _weigh(self, base: str, fields: Sequence[str], near: float, far: float, following: str, beside: str) -> None:
        if fields:
            share = 1.0 / len(fields)
            for field in fields:
                self.near[field] = self.near.get(field, 0.0) + share * near
                self.far[field] = self.far.get(field, 0.0) + share * far
        subject = self.subject
        if weight := subject.profile.get(base):
            self._add("P", weight * near, weight * far)
        for cue in (base, f"{base}_{following}"):
            for label in subject.cues.get(cue, ""):
                self._add(label, near, far)
                if beside:
                    self.found[f"{label}{beside}"] = 1.0

    def _other_blocks(self) -> None:
        """What stands in other blocks is far, and a little of it near."""
        around, subject = self.site.around, self.subject
        for field, amount in around.fields.items():
            self.near[field] = self.near.get(field, 0.0) + _LITTLE * amount
            self.far[field] = self.far.get(field, 0.0) + amount
        for base, amount in around.bag.items():
            if amount > self.bag.get(base, 0.0):
                self.bag[base] = amount
        stems = around.stems
        for base in sorted(stems.keys() & subject.profile.keys()):
            weight = subject.profile[base] * stems[base]
            self._add("P", _LITTLE * weight, weight)
        for base in sorted(stems.keys() & subject.cues.keys()):
            for label in subject.cues[base]:
                self._add(label, _LITTLE * stems[base], stems[base])

    def _add(self, label: str, near: float, far: float) -> None:
        sums = self.sums[label]
        sums[0] += near
        sums[1] += far
        sums[2] = max(sums[2], far)

    def _phrases(self) -> None:
        """Phrases of which the name itself is a part."""
        small, first, last = self.site.words.small, self.site.first, self.site.last
        around = ((1, 0), (2, 0), (0, 1), (0, 2), (1, 1))
        for begin, end in ((first - before, last + behind) for before, behind in around):
            if begin >= 0 and end <= len(small):
                phrase = "_".join(stem(word) for word in small[begin:end] if word != "-")
                for label in self.subject.cues.get(phrase, ""):
                    self.found[f"{label}="] = 1.0


def _few(number: int) -> str:
    return "2" if number > 1 else str(number)


def _compound(subject: Subject, site: Site, found: dict[str, float]) -> None:
    """What the words are about that make a compound with the name, that it is said to be of, or that are said of it."""
    words, first, last = site.words, site.first, site.last
    small, count = words.small, len(words.small)
    places = [("Fl", first - 1), ("Fr", last)]
    if last < count and small[last] in _OF:
        at = last + 1
        while at < min(count, last + 4) and small[at] in CLASSES:
            at += 1
        places += [(f"Fo {small[last]}", at), ("Fo", at)]
    if first > 1 and small[first - 1] in _BEFORE:
        at = first - 2
        while at >= max(0, first - 4) and small[at] in CLASSES:
            at -= 1
        places.append(("Fb", at))
    for label, at in places:
        if not 0 <= at < count or not small[at][0].isalnum():
            continue
        if at in site.sure:
            found[f"{label} sure"] = 1.0
        fields = words.fields[at]
        for field in fields:
            found[f"{label} {field}"] = 1.0
        trade = sum(field in TRADE for field in fields)
        sense = "?" if not fields else "t" if trade == len(fields) else "te" if trade else "e"
        found[f"{label} {sense}"] = 1.0
        for sign in subject.cues.get(words.stems[at], ""):
            found[f"{label} {sign}"] = 1.0

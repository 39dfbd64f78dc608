"""What is looked up while something is made."""

from dataclasses import dataclass, field
from functools import cached_property

import pytest

from mlguide_site.build.memo.trace import Answers, Log, Recorder


@dataclass(frozen=True)
class Inner:
    names: dict = field(default_factory=dict)
    marks: frozenset = frozenset()


@dataclass(frozen=True)
class Outer:
    inner: Inner
    words: dict = field(default_factory=dict)
    number: int = 0

    @property
    def below(self):
        return self.inner

    @cached_property
    def count(self):
        return len(self.words)

    def word(self, key):
        return self.words.get(key, "")

    @staticmethod
    def shout(text):
        return text.upper()


def recorded(record, make):
    log = Log()
    made, numbers = make(Recorder(record, (Inner,), log)), log.read()
    told = {at: (path, how, key) for path, how, keys, found in log.all() for key, at in zip(keys, found, strict=True)}
    return made, [told[number] for number in numbers]


BEFORE = Outer(Inner({"a": 1, ("t", "b"): 2}, frozenset("xy")), {"k": "v", "l": "w"}, 7)
READERS = {
    "an item": (lambda outer: outer.words["k"], {"words"}),
    "an item that isn't there": (lambda outer: outer.words.get("z"), {"words"}),
    "a key by a pair": (lambda outer: outer.below.names["t", "b"], {"names"}),
    "whether a key is there": (lambda outer: "l" in outer.words, {"words"}),
    "a member": (lambda outer: "x" in outer.inner.marks, {"marks"}),
    "all keys": (lambda outer: list(outer.words), {"words"}),
    "all items": (lambda outer: sorted(outer.inner.names.items(), key=str), {"names"}),
    "a method": (lambda outer: outer.shout(outer.word("k")), {"words"}),
    "a field": (lambda outer: outer.number, {"number"}),
    "what follows from a field": (lambda outer: outer.count, {"count"}),
}


@pytest.mark.parametrize("name", READERS)
def test_what_is_made_is_what_the_record_itself_gives(name):
    make, _ = READERS[name]
    assert recorded(BEFORE, make)[0] == make(BEFORE)


AFTER = {
    "nothing": Outer(Inner({"a": 1, ("t", "b"): 2}, frozenset("yx")), {"k": "v", "l": "w"}, 7),
    "an item": Outer(BEFORE.inner, {"k": "V", "l": "w"}, 7),
    "a further item": Outer(BEFORE.inner, {"k": "v", "l": "w", "z": "new"}, 7),
    "one item less": Outer(BEFORE.inner, {"k": "v"}, 7),
    "the order": Outer(BEFORE.inner, {"l": "w", "k": "v"}, 7),
    "below": Outer(Inner({"a": 1, ("t", "b"): 3}, frozenset("xy")), BEFORE.words, 7),
    "a member": Outer(Inner(BEFORE.inner.names, frozenset("y")), BEFORE.words, 7),
    "a field": Outer(BEFORE.inner, BEFORE.words, 8),
}


@pytest.mark.parametrize("change", AFTER)
@pytest.mark.parametrize("name", READERS)
def test_where_no_lookup_gives_anything_else_the_same_is_made(name, change):
    make, _ = READERS[name]
    made, lookups = recorded(BEFORE, make)
    before, after = Answers(BEFORE), Answers(AFTER[change])
    before.ask(lookups)
    if all(before.digest(lookup) == after.digest(lookup) for lookup in lookups):
        assert make(AFTER[change]) == made
    else:
        assert change != "nothing"


def test_what_has_no_digest_is_never_the_same():
    record = Outer(Inner(), {"k": object()})
    _, lookups = recorded(record, lambda outer: outer.words["k"])
    assert [Answers(record).digest(lookup) for lookup in lookups] == [None]


def test_what_is_gone_is_not_the_same():
    assert Answers(BEFORE).digest(("inner.lost", "", "")) is None

"""Learns to judge doubtful names: `python -m benchmarks.mentions.train [--check]`.

Reads the texts of `development/` and `training/`, never those of `measuring/`, and writes the weights that the package
ships (`linking/names/weights.json`). Same texts, same weights. With `--check` nothing is written; it prints how
well names are found in texts that were not learnt from: the texts fall into six parts by their names' digests, and
each part is judged by what the five others teach.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.mentions.measure import REFERENCE, ROOT, wanted_links
from benchmarks.mentions.sums import Sparse
from benchmarks.mentions.texts import Text, read_texts
from benchmarks.mentions.trees import Grown, Plan, fall, grow
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.names.evidence import features
from mlguide_site.linking.names.judge import Doubt, Judge, Line, Placed, Verdict
from mlguide_site.linking.names.patterns import named
from mlguide_site.linking.names.scores import NOTHING, WEIGHTS, Sums, Tree, Weights, contexts, in_group
from mlguide_site.linking.names.settling import Weighed, settle
from mlguide_site.linking.names.sites import Subject
from mlguide_site.linking.names.spelling import key
from mlguide_site.linking.names.table import Matched
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.scan import Layout
from mlguide_site.markdown.parse import parse
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog

TAUGHT_BY = ("development", "training")
FOLDS = 6
FEWEST = 3
PENALTY = 7.0
SMALLEST = 0.03
"""Weights nearer to 0 are left out: most of all, and of no use together."""
CAUTION = 0.6
"""So far above even odds (in log-odds) a name must stand, since in doubt nothing is linked: the least, in steps of
0.15, with which weights that did not learn from `development` (240 trees) were right there in 99 of a hundred."""
ASKED_FROM = 40
"""A feature is asked for by trees when so many examples have it."""
_POSSESSIVE = re.compile(r"'s?$")
_ONE_WORD = ("w ", "n ", "<>w")

Floats = NDArray[np.float64]


class Example(NamedTuple):
    """A text to learn from: what the table finds in it, where its lines are, and what its marks want by place."""

    text: Text
    matched: Matched
    lines: Sequence[Line]
    wanted: Mapping[tuple[int, int], frozenset[str]]

    def wants(self, start: int, end: int, entry: tuple[Kind, str]) -> bool:
        """Whether a place is marked with an entry, a possessive ending left out of account."""
        found = _POSSESSIVE.search(self.matched.text[start:end])
        last = end - len(found[0]) if found else end
        return f"{entry[0].value}:{entry[1]}" in self.wanted.get((start, last), ())


class Heard(NamedTuple):
    """A text as the second step asks it: its judge, its doubtful names, where they stand, and how many there are beyond
    doubt."""

    judge: Judge
    doubts: Sequence[Doubt]
    placed: Sequence[Placed]
    sure: int


class Lesson(NamedTuple):
    """All texts, and their doubtful names, one after the other: their texts' numbers, subjects, features, and whether
    they are wanted."""

    heard: list[Heard]
    texts: NDArray[np.int64]
    subjects: list[Subject]
    found: list[dict[str, float]]
    wanted: NDArray[np.bool_]


def read_examples(catalog: Catalog, texts: Sequence[Text], met: frozenset[str]) -> tuple[NameTable, list[Example]]:
    """The texts as a table that knows the names met sees them."""
    table = NameTable(NameTable.of(catalog).named, NOTHING._replace(met=met))
    references = ReferenceTable.of(catalog)
    examples = []
    for text in texts:
        document = parse(text.body, text.title)
        layout = Layout(document)
        wanted = {
            (layout.starts[link.segment] + link.start, layout.starts[link.segment] + link.end): frozenset(link.answers)
            for link in wanted_links(text, document)
            if link.segment >= 0 and link.kind != REFERENCE
        }
        taken = [(one.start, one.end) for one in references.find(layout.text)]

        def free(start: int, end: int, taken: list[tuple[int, int]] = taken, layout: Layout = layout) -> bool:
            return layout.place(start, end) is not None and not any(a < end and start < b for a, b in taken)

        matched = table.match(layout.text, frozenset(text.topics))
        matched = matched._replace(
            sure=[one for one in matched.sure if free(one.start, one.end)],
            doubted=[one for one in matched.doubted if free(*one[:2])],
        )
        examples.append(Example(text, matched, layout.lines, wanted))
    return table, examples


def names_with_traps(catalog: Catalog, texts: Sequence[Text]) -> frozenset[str]:
    """The names that stand somewhere in the texts without meaning their entry, as `kind:name`."""
    everything = frozenset(
        f"{kind.value}:{key(name).strip()}"
        for kind in Kind
        for slug, entry in catalog.entries(kind).items()
        for name in named(kind, slug, entry).names
    )
    found = set()
    for example in read_examples(catalog, texts, everything)[1]:
        for start, end, form in example.matched.doubted:
            if not any(first < end and start < last for first, last in example.wanted):
                found.add(f"{form.entry[0].value}:{form.name}")
    return frozenset(found)


def lesson(table: NameTable, examples: Sequence[Example]) -> Lesson:
    """Every doubtful name of the texts with its features, those of its neighbours left out."""
    heard, numbers, subjects, found, wanted = [], [], [], [], []
    for number, example in enumerate(examples):
        doubts, sure = table.doubts(example.matched)
        judge = Judge(example.matched.text, frozenset(example.text.topics), example.lines)
        placed = judge.placed(doubts, sure)
        heard.append(Heard(judge, doubts, placed, len(sure)))
        for (start, end, form), doubt, one in zip(example.matched.doubted, doubts, placed, strict=True):
            numbers.append(number)
            subjects.append(doubt.subject)
            found.append(features(doubt.subject, one.site))
            wanted.append(example.wants(start, end, form.entry))
    return Lesson(heard, np.array(numbers), subjects, found, np.array(wanted))


def in_contexts(subject: Subject, found: Mapping[str, float]) -> list[tuple[str, float]]:
    """The features of an example as the first step counts them: `context\tfeature` each."""
    names = contexts(subject)
    counted = [(f"{context}\t{feature}", value) for context in names for feature, value in found.items()]
    grouped = [(feature, value) for feature, value in found.items() if in_group(feature)]
    return counted + [(f"{group}\t{feature}", value) for group in subject.groups for feature, value in grouped]


def part_of(context: str) -> int:
    """To which of the `Sums` a context adds.

    >>> [Sums._fields[part_of(context)] for context in ("", "toolAa", "tool:python", "topic statistics")]
    ['general', 'shape', 'name', 'groups']
    """
    own = "name" if ":" in context else "groups" if " " in context else "shape"
    return Sums._fields.index(own if context else "general")


def with_neighbours(learnt: Lesson, sums: Floats) -> None:
    """Add to the features of each name what the first step says of it (four sums each) and of those near by."""
    at = 0
    for judge, doubts, placed, sure in learnt.heard:
        own = slice(at, at + len(doubts))
        first = [Sums(*map(float, parts)) for parts in sums[own]]
        judge.second(doubts, placed, learnt.found[own], first, sure, NOTHING)
        at += len(doubts)


def asked_features(found: Iterable[Mapping[str, float]]) -> list[str]:
    """The features that trees may ask for: common ones that are not about one word."""
    counts = Counter(feature for its in found for feature in its)
    return sorted(
        feature for feature, count in counts.items() if feature and count >= ASKED_FROM and not _about_word(feature)
    )


def _about_word(feature: str) -> bool:
    if feature.startswith(_ONE_WORD):
        return True
    sign = feature.lstrip("<>")
    return sign != feature and not sign.startswith(("c ", "l ", "sure")) and " " not in feature[:1]


def fold_of(name: str) -> int:
    """The part that a text falls into when learning is checked."""
    return hashlib.sha256(name.encode()).digest()[1] % FOLDS


def table_of(found: Sequence[Mapping[str, float]], asked: Sequence[str]) -> Floats:
    """The features as a table of numbers."""
    return np.array([[its.get(feature, 0.0) for feature in asked] for its in found])


def report(examples: Sequence[Example], learnt: Lesson, odds: Floats) -> None:
    """Print precision and recall of each part for verdicts given."""
    counts: dict[str, Counter[str]] = {}
    at = 0
    for example in examples:
        weighed = []
        for start, end, form in example.matched.doubted:
            verdict = Verdict(0.0, float(odds[at]), {})
            taken = odds[at] > 0
            weighed.append(Weighed(start, end, form.entry, learnt.subjects[at], verdict, bool(taken)))
            at += 1
        count = counts.setdefault(example.text.path.parent.name, Counter())
        count["wanted"] += len(example.wanted)
        for one in settle(example.matched.sure, weighed, example.matched.small):
            for entry in one.entries:
                count["made"] += 1
                count["right"] += example.wants(one.start, one.end, entry)
    for part, count in sorted(counts.items()):
        precision, recall = count["right"] / count["made"], count["right"] / count["wanted"]
        print(f"{part:12} wanted {count['wanted']:6} precision {precision:.4f} recall {recall:.4f}", flush=True)


def learn(check: bool) -> Weights:
    """Learn from the texts; print how well what was not learnt from is judged."""
    catalog = load(dict(read_root(ROOT).texts)).catalog
    texts = [text for part in TAUGHT_BY for text in read_texts(part)]
    met = names_with_traps(catalog, texts)
    table, examples = read_examples(catalog, texts, met)
    learnt = lesson(table, examples)
    folds = np.array([fold_of(examples[number].text.path.name) for number in learnt.texts])
    print(f"{len(texts)} texts, {len(met)} names with traps, {len(folds)} places, {learnt.wanted.sum()} wanted")
    sparse = Sparse([in_contexts(*one) for one in zip(learnt.subjects, learnt.found, strict=True)], FEWEST)
    part = np.array([part_of(feature.partition("\t")[0]) for feature in sparse.features])
    sums = np.zeros((len(folds), len(Sums._fields)))
    for fold in range(FOLDS):
        weights = sparse.learn(learnt.wanted, folds != fold, PENALTY)
        for at in range(len(Sums._fields)):
            sums[folds == fold, at] = sparse.times(np.where(part == at, weights, 0.0))[folds == fold]
    print("first step alone")
    report(examples, learnt, sums.sum(axis=1))
    with_neighbours(learnt, sums)
    asked = asked_features(learnt.found)
    numbers = table_of(learnt.found, asked)
    if check:
        odds = np.zeros(len(folds))
        for fold in range(FOLDS):
            grown = careful(numbers[folds != fold], learnt.wanted[folds != fold])
            odds[folds == fold] = fall(grown, numbers[folds == fold])
        print("both steps")
        report(examples, learnt, odds)
        return NOTHING
    weights = sparse.learn(learnt.wanted, np.ones(len(folds), bool), PENALTY)
    return packed(sparse.features, weights, asked, careful(numbers, learnt.wanted), met)


def careful(numbers: Floats, wanted: NDArray[np.bool_]) -> Grown:
    """The trees of the second step, which take a name only beyond doubt."""
    grown = grow(numbers, wanted, Plan())
    return grown._replace(start=grown.start - CAUTION)


def packed(names: Sequence[str], weights: Floats, asked: Sequence[str], grown: Grown, met: frozenset[str]) -> Weights:
    """What was learnt, small weights left out."""
    linear: dict[str, dict[str, float]] = {}
    for name, weight in zip(names, weights, strict=True):
        if abs(weight) >= SMALLEST:
            context, _, feature = name.partition("\t")
            linear.setdefault(context, {})[feature] = round(float(weight), 3)
    used = sorted({number for tree in grown.trees for number in _asked_by(tree)})
    numbers = {number: at for at, number in enumerate(used)}
    trees = [_renumbered(tree, numbers) for tree in grown.trees]
    return Weights(linear, [asked[number] for number in used], trees, round(grown.start, 4), met)


def _asked_by(tree: Tree) -> set[int]:
    if not isinstance(tree, list):
        return set()
    return {tree[0]} | _asked_by(tree[2]) | _asked_by(tree[3])


def _renumbered(tree: Tree, numbers: Mapping[int, int]) -> Tree:
    if not isinstance(tree, list):
        return tree
    return [numbers[tree[0]], tree[1], _renumbered(tree[2], numbers), _renumbered(tree[3], numbers)]


def written(known: Weights) -> str:
    """Weights as the package keeps them: JSON, a line for each context and each tree."""

    def lines(items: Iterable[str]) -> str:
        return ",\n".join(items)

    def short(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    linear = lines(f"{short(context)}:{short(table)}" for context, table in sorted(known.linear.items()))
    return (
        f'{{"met":{short(sorted(known.met))},\n"linear":{{\n{linear}\n}},\n"asked":{short(list(known.asked))},\n'
        f'"start":{known.start},\n"trees":[\n{lines(map(short, known.trees))}\n]}}\n'
    )


def main(arguments: Sequence[str]) -> int:
    """Learn and write, or check."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mentions.train", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print how well texts not learnt from are judged")
    options = parser.parse_args(arguments)
    known = learn(options.check)
    if not options.check:
        WEIGHTS.write_text(written(known), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Trains the weights of `mlguide_site.recovery` on structured notes, or cross-validates them by show.

Run as `python -m benchmarks.structure.train SHOWS PAGE [--check]`. SHOWS is a folder with a folder of Markdown bodies
for each show, and PAGE is the founding directory page. With `--check`, nothing is written: each third of the shows and
of the page's entries is scored with weights trained on the other thirds.

Needs lightgbm and numpy. The weights contain no words of the shows or the page, only numbers for general features. Word
statistics come from the notes that were written for training.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from benchmarks.structure.measure import KNOWN_NOTES, PAGE_NOTES, SMALL, figures, of_show, report, shown, small_pages
from benchmarks.structure.shows import Example, evenly, read_labelled, read_shows, read_written
from mlguide_site.recovery import scorer
from mlguide_site.recovery.features import Note, place_numbers
from mlguide_site.recovery.markdown import HEADING, LABEL
from mlguide_site.recovery.recovery import KINDS, Places, heading_numbers, possible_headings, read_page
from mlguide_site.recovery.scorer import USES, Lexicon, keys_of, read_weights
from mlguide_site.recovery.second_look import FEWEST_NOTES, Words, compare
from mlguide_site.recovery.tokens import OPENERS, bare, ends_sentence

FOLDS = 3
STYLES = ("labelled", "other")
PAGE_WORDS = 14_000
WRITTEN_PAGES, LEARNT_PAGES = 30, 20
LABELLED = 0.25
"""The number of labels per sentence from which a page counts as one in the style of labels."""
FEWEST_USES = 6
TELLING = 10
"""Words whose statistics are all below this value are omitted from the file."""
TREES = {
    "num_leaves": 12, "learning_rate": 0.1, "min_data_in_leaf": 40, "lambda_l2": 10.0, "feature_fraction": 0.3,
    "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63, "seed": 3, "num_threads": 1, "deterministic": True,
    "force_col_wise": True, "verbose": -1,
}  # fmt: skip
SECOND = {"learning_rate": 0.03, "feature_fraction": 0.4, "bagging_fraction": 0.5}
ROUNDS = {"begin": 120, "kinds": 50, "heading": 160, "second": 250}
WEIGHTS = {"founding": 8.0, "written": 0.7}
SMALL_WEIGHT = 0.2
"""The weight of small pages relative to whole pages."""
Rows = tuple[Any, Any]


class Set:
    """A training page: its notes with the starts of their blocks, and the features of all possible starts."""

    def __init__(self, show: str, notes: Sequence[Example], examples: Sequence[Example], words: Lexicon, fold: Any = 0):
        self.show = show
        self.page = read_page([note.text for note in notes], [note.body for note in examples], words)
        self.style = "labelled" if self.page.style[0] >= LABELLED else "other"
        self.folds = fold if isinstance(fold, list) else [fold] * len(notes)
        self.blocks = [_in_tokens(one, note) for one, note in zip(notes, self.page.notes, strict=True)]
        self.places = [list(filter(note.may_begin, range(note.size))) for note in self.page.notes]
        self.numbers = [
            np.array([place_numbers(note, at) for at in own], np.float32)
            for note, own in zip(self.page.notes, self.places, strict=True)
        ]
        self.scores: list[Places] = []
        self.headings: list[list[tuple[int, int]]] = []
        self.heading_numbers: list[Any] = []
        self.compared: list[Any] = []

    def weight(self) -> float:
        """The weight of a row: lower in a large set, and higher in a set of real notes."""
        count = sum(map(len, self.places))
        small = SMALL_WEIGHT if len(self.places) <= max(SMALL) else 1.0
        return small * WEIGHTS.get(self.show, 1.0) * float(1000 / max(count, 50) ** 0.7)


def _in_tokens(example: Example, note: Note) -> list[tuple[int, int, int]]:
    """Return the blocks of a note, counted in tokens. Markers aren't tokens."""
    words, at = [], 0
    for word in example.text.split():
        words.append(at)
        at += len(word) + 1
    places = np.searchsorted([token.start for token in note.tokens], [*words, at])
    found = [(int(places[one.start]), int(places[one.end]), one.kind) for one in example.blocks]
    return [(start, end, kind) for start, end, kind in found if start < end]


def begin_rows(one: Set, at: int) -> Rows:
    """Whether a block begins."""
    starts = {start for start, _, _ in one.blocks[at]}
    return one.numbers[at], [place in starts for place in one.places[at]]


def kind_rows(one: Set, at: int) -> Rows:
    """The target: which kind of block begins."""
    kinds = {start: KINDS.index(kind) for start, _, kind in one.blocks[at]}
    rows = [row for row, place in enumerate(one.places[at]) if place in kinds]
    return one.numbers[at][rows], [kinds[one.places[at][row]] for row in rows]


def heading_rows(one: Set, at: int) -> Rows:
    """The target: whether the words are a heading."""
    true = {(start, end) for start, end, kind in one.blocks[at] if kind == HEADING}
    return one.heading_numbers[at], [words in true for words in one.headings[at]]


def second_rows(one: Set, at: int) -> Rows:
    """The target: whether the words are a heading, compared with the others on the page."""
    return one.compared[at], heading_rows(one, at)[1]


def fit(sets: Iterable[Set], style: str, without: int, name: str, rows: Callable[[Set, int], Rows]) -> Any:
    """Return the trees for a target, trained on pages of one style outside one fold."""
    xs, ys, weights = [], [], []
    for one in sets:
        if style == "labelled" and one.style != style:
            continue
        for at, fold in enumerate(one.folds):
            x, y = rows(one, at)
            if (
                fold not in (without, None)
                and len(y)
                and (style == "labelled" or one.show not in ("founding", "written"))
            ):
                xs.append(x)
                ys.append(y)
                weights.append(np.full(len(y), one.weight()))
    data = lightgbm.Dataset(np.concatenate(xs), np.concatenate(ys).astype(np.int8), weight=np.concatenate(weights))
    several = {"objective": "multiclass", "num_class": len(KINDS)} if name == "kinds" else {"objective": "binary"}
    return lightgbm.train({**TREES, **several, **(SECOND if name == "second" else {})}, data, ROUNDS[name])


def score_places(sets: Sequence[Set], folds: Sequence[int]) -> None:
    """Score the places of each note with weights trained on the other folds."""
    for one in sets:
        one.scores = [Places([], {}) for _ in one.places]
    for style in STYLES:
        for fold in folds:
            begin = fit(sets, style, fold, "begin", begin_rows)
            kinds = fit(sets, style, fold, "kinds", kind_rows)
            for one in sets:
                for at, note in enumerate(one.page.notes):
                    if one.style == style and (one.folds[at] == fold or (one.folds[at] is None and fold == folds[0])):
                        begins, found = [0.0] * (note.size + 1), {}
                        if one.places[at]:
                            sure, own = begin.predict(one.numbers[at]), kinds.predict(one.numbers[at])
                            for place, likely, kind in zip(one.places[at], sure, own, strict=True):
                                begins[place] = float(likely)
                                if likely > 0.05:
                                    found[place] = tuple(map(float, kind))
                        begins[0] = begins[note.size] = 1.0
                        one.scores[at] = Places(begins, found)
    for one in sets:
        pairs = list(zip(one.page.notes, one.scores, strict=True))
        one.headings = [list(possible_headings(note, scores)) for note, scores in pairs]
        one.heading_numbers = [
            np.array([heading_numbers(*pair, start, end) for start, end in own] or np.empty((0, 1)), np.float32)
            for pair, own in zip(pairs, one.headings, strict=True)
        ]


def compare_headings(sets: Sequence[Set], folds: Sequence[int]) -> None:
    """Score the headings of each note with weights trained on the other folds, and compare those of each page."""
    scores: dict[int, list[dict[Words, float]]] = {at: [{} for _ in one.places] for at, one in enumerate(sets)}
    for style in STYLES:
        for fold in folds:
            heading = fit(sets, style, fold, "heading", heading_rows)
            for number, one in enumerate(sets):
                for at, own in enumerate(one.headings):
                    if one.style == style and one.folds[at] == fold and own:
                        likely = map(float, heading.predict(one.heading_numbers[at]))
                        scores[number][at] = dict(zip(own, likely, strict=True))
    for number, one in enumerate(sets):
        if can_compare(one):
            found = compare(one.page.notes, scores[number])
            one.compared = [np.array(rows or np.empty((0, 1)), np.float32) for rows in found]


def can_compare(one: Set) -> bool:
    """Return whether the second look can learn from a page."""
    return not one.page.known and len(one.places) >= FEWEST_NOTES and None not in one.folds


def learn(sets: Sequence[Set], style: str, without: int) -> dict[str, Any]:
    """Return the values of a scorer's file."""
    kinds = _trees(fit(sets, style, without, "kinds", kind_rows))
    return {
        "begin": _trees(fit(sets, style, without, "begin", begin_rows)),
        "kinds": [kinds[at :: len(KINDS)] for at in range(len(KINDS))],
        "heading": _trees(fit(sets, style, without, "heading", heading_rows)),
    }


def _trees(model: Any) -> list[Any]:
    return [_node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


def _node(node: Mapping[str, Any]) -> Any:
    """Return a node as a list: the index of a feature, a threshold, and the nodes for values up to the threshold and
    above it. A leaf is a number."""
    if "leaf_value" in node:
        return round(node["leaf_value"], 3)
    children = [_node(node["left_child"]), _node(node["right_child"])]
    return [node["split_feature"], float(f"{node['threshold']:.4g}"), *children]


def learn_words(notes: Sequence[Example]) -> dict[int, list[int]]:
    """Return the word statistics of notes by checksum of the word or its ending; see `USES`."""
    total: Counter[int] = Counter()
    uses = [Counter[int]() for _ in USES]
    case: dict[int, bool] = {}
    for note in notes:
        words = note.text.split()
        upper = [word.lstrip(OPENERS)[:1].isupper() for word in words]
        keys = [keys_of(bare(word), capital) for word, capital in zip(words, upper, strict=True)]
        for own, capital in zip(keys, upper, strict=True):
            total.update(own)
            case |= dict.fromkeys(own, capital)
        ends = [*(one.start for one in note.blocks[1:]), len(words)]
        for block, end in zip(note.blocks, ends, strict=True):
            text = block.start
            if block.kind in (HEADING, LABEL):
                first, within = (0, 2) if block.kind == HEADING else (3, 4)
                uses[first].update(keys[block.start])
                for at in range(block.start, block.end):
                    uses[within].update(keys[at])
                text = block.end
            if block.kind == HEADING:
                uses[1].update(keys[block.end - 1])
            for at in range(text, end):
                if at == text or ends_sentence(words[at - 1]):
                    uses[5].update(keys[at])
    share = {
        (use, capital): sum(n for key, n in uses[use].items() if case[key] == capital)
        / max(1, sum(n for key, n in total.items() if case[key] == capital))
        for use in range(len(USES))
        for capital in (True, False)
    }
    rows = {}
    for key, count in total.items():
        if count >= FEWEST_USES:
            usual = [max(1e-4, share[use, case[key]]) for use in range(len(USES))]
            rows[key] = [
                round(10 * log((found[key] + 6 * often) / (count + 6) / often))
                for found, often in zip(uses, usual, strict=True)
            ]
    return rows


def limited(notes: Sequence[Example]) -> list[Example]:
    """Return at most `PAGE_NOTES` notes with at most `PAGE_WORDS` words in total, evenly spread."""
    chosen = evenly(notes, PAGE_NOTES)
    while sum(len(note.text.split()) for note in chosen) > PAGE_WORDS and len(chosen) > 5:
        chosen = evenly(chosen, len(chosen) - 1)
    return chosen


def make_sets(shows: Mapping[str, Sequence[Example]], founding: Path, words: Lexicon) -> list[Set]:
    """Return the training pages: each show without known notes, with some known notes, and with few notes per page; the
    founding page; and pages of written notes, whose word statistics come from their other half."""
    folds = {show: at % FOLDS for at, show in enumerate(np.random.RandomState(4).permutation(sorted(shows)))}
    sets = []
    for show, notes in shows.items():
        sets.append(Set(show, limited(notes), (), words, folds[show]))
        examples = evenly(notes, KNOWN_NOTES)
        rest = [note for note in notes if note not in examples]
        if len(rest) > 2:
            sets.append(Set(show, limited(rest), examples, words, folds[show]))
        sets += [Set(show, page, (), words, folds[show]) for page in small_pages(notes)]
    parts = [(at, note) for at, part in enumerate(read_labelled(founding).values()) for note in part]
    sets.append(Set("founding", [note for _, note in parts], (), words, [at for at, _ in parts]))
    written = read_written()
    halves = [learn_words(written[at::2]) for at in (0, 1)]
    for at in range(LEARNT_PAGES):
        own = written[at::WRITTEN_PAGES][:PAGE_NOTES]
        for page in (own, *small_pages(own)[: len(SMALL)]):
            folds_of_notes = [number % FOLDS for number in range(len(page))]
            sets.append(Set("written", page, (), halves[1 - at % 2], folds_of_notes))
    return sets


def learn_weights(sets: Sequence[Set], words: Mapping[int, Sequence[int]], without: int) -> dict[str, Any]:
    """Return the values of the weights file, trained on all folds except one."""
    second = fit(filter(can_compare, sets), "other", without, "second", second_rows)
    return {
        "words": words,
        "scorers": {style: learn(sets, style, without) for style in STYLES},
        "second": _trees(second),
    }


def check(
    weights: Sequence[scorer.Weights],
    folds: Mapping[str, int],
    shows: Mapping[str, Sequence[Example]],
    parts: Mapping[str, Sequence[Example]],
) -> None:
    """Print the cross-validated figures of shows and of the page's parts."""
    report((show, of_show(shows[show], weights[fold])) for show, fold in sorted(folds.items()))
    for fold, (part, notes) in enumerate(parts.items()):
        others = [note for name, some in parts.items() if name != part for note in some]
        print(f"founding page, {part:12} {shown(figures([*notes, *others], (), weights[fold], len(notes)))}")


def main() -> None:
    """Train or cross-validate."""
    parser = argparse.ArgumentParser(description="Learn the weights from structured notes.")
    parser.add_argument("shows", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    shows = read_shows(options.shows)
    words = learn_words(read_written())
    sets = make_sets(shows, options.page, words)
    score_places(sets, range(FOLDS))
    compare_headings(sets, range(FOLDS))
    if options.check:
        weights = [read_weights(learn_weights(sets, words, fold)) for fold in range(FOLDS)]
        folds = {one.show: one.folds[0] for one in sets if one.show in shows}
        check(weights, folds, shows, read_labelled(options.page))
        return
    telling = {key: row for key, row in words.items() if max(map(abs, row)) >= TELLING}
    data = learn_weights(sets, telling, FOLDS)
    path = Path(scorer.__file__).with_name("weights.json.gz")
    path.write_bytes(gzip.compress(json.dumps(data, separators=(",", ":"), sort_keys=True).encode(), 9, mtime=0))
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""The sums over a lattice agree with counting all ways, and learning raises what is right."""

import itertools

import numpy as np
import pytest

from mlguide_site.recovery.chain import best, stack, sums
from mlguide_site.recovery.kinds import COUNT
from mlguide_site.recovery.lattice import BOUNDARIES, NEVER, START, STATES, states_of, transitions
from mlguide_site.recovery.learn import Course, empty, example, learn
from mlguide_site.recovery.model import rule, segment
from mlguide_site.recovery.words import tokenize

TEXT = "Glue sets. Oil Care Oil: Wipe it."


def all_ways(lattice, scores, changes):
    """Every segmentation with its score, found by trying all."""
    table = changes + transitions()
    pairs = {
        (a, b): row for row, (a, b) in enumerate(zip(lattice.first.tolist(), lattice.second.tolist(), strict=True))
    }
    last = len(lattice.places) - 1
    for count in range(last):
        for cuts in itertools.combinations(range(1, last), count):
            steps = list(itertools.pairwise((0, *cuts, last)))
            if not all(step in pairs for step in steps):
                continue
            for kinds in itertools.product(range(COUNT), repeat=len(steps)):
                if all(lattice.allowed[pairs[step]][kind] for step, kind in zip(steps, kinds, strict=True)):
                    total = sum(scores[pairs[step], kind] for step, kind in zip(steps, kinds, strict=True))
                    states = states_of(kinds)
                    moves = zip(steps, (START, *states[:-1]), states, strict=True)
                    total += sum(table[lattice.boundary[step[0]], one, two] for step, one, two in moves)
                    if total > NEVER / 2:
                        yield total, [(a, b, kind) for (a, b), kind in zip(steps, kinds, strict=True)]


def test_sums_and_best_way_agree_with_trying_all_ways() -> None:
    lattice = rule(tokenize(TEXT)).lattice
    random = np.random.default_rng(3)
    scores = random.normal(size=(len(lattice.first), COUNT))
    changes = random.normal(size=(BOUNDARIES, STATES + 1, STATES))
    ways = list(all_ways(lattice, scores, changes))
    assert len(ways) > 100
    batch = stack([lattice], [scores])
    summed = sums(batch, changes)
    total = np.logaddexp.reduce([score for score, _ in ways])
    assert summed.total[0] == pytest.approx(total)
    assert best(batch.scores[0], batch.boundary[0], changes) == max(ways, key=lambda way: way[0])[1]
    expected = np.zeros_like(summed.segments[0])
    for score, steps in ways:
        for first, second, kind in steps:
            expected[second, second - first - 1, kind] += np.exp(score - total)
    assert summed.segments[0] == pytest.approx(expected)


def test_texts_of_different_length_do_not_disturb_each_other() -> None:
    lattices = [rule(tokenize(text)).lattice for text in (TEXT, "Short one. " * 12, "One")]
    scores = [np.random.default_rng(at).normal(size=(len(one.first), COUNT)) for at, one in enumerate(lattices)]
    changes = np.zeros((BOUNDARIES, STATES + 1, STATES))
    together = sums(stack(lattices, scores), changes).total
    alone = [sums(stack([one], [score]), changes).total[0] for one, score in zip(lattices, scores, strict=True)]
    assert together == pytest.approx(alone)


def test_what_was_learnt_is_found_again_and_again_the_same() -> None:
    tokens = tokenize("Door Care Hinges: Oil them. Locks: Graphite only. Paint Jobs Brush: Wash it.")
    segments = [(0, 2, 0), (2, 3, 1), (3, 5, 4), (5, 6, 1), (6, 8, 4), (8, 10, 0), (10, 11, 1), (11, 13, 4)]
    made = example(tokens, segments)
    assert made is not None
    models = [learn([made], Course(40, rate=0.1)) for _ in range(2)]
    found, _ = segment(models[0], rule(tokens))
    assert [(one.start, one.end, one.kind) for one in found] == segments
    assert np.array_equal(models[0].weights, models[1].weights)
    assert not empty().weights.any()


def test_an_example_that_no_lattice_holds_is_none() -> None:
    assert example(tokenize("One ends. Two begins here"), [(0, 5, 0)]) is None

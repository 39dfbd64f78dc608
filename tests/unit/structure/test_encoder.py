"""The encoder: words as pieces, what is read of them, its file, and that it learnt from what is in the repository."""

import numpy as np
import pytest

from benchmarks.structure import encoder_notes
from benchmarks.structure.train import PACKAGE
from mlguide_site.recovery import find_places
from mlguide_site.recovery.encoder import CLASSES, MARGIN, WINDOW, Encoder, Layer
from mlguide_site.recovery.encoder_data import NAME, pack, shipped_encoder, unpack
from mlguide_site.recovery.pieces import LOOKS, MAX_PIECES, pieces_of, split
from mlguide_site.recovery.words import tokenize

WIDTH, INNER = 24, 36
NAMES = ["[CLS]", "[SEP]", "[UNK]", *"abcdefgh:", *(f"##{sign}" for sign in "abcdefgh"), "head", "##ing"]


def some(order: np.random.Generator, *shape: int) -> np.ndarray:
    return order.normal(0, 0.3, shape).astype(np.float32)


@pytest.fixture(scope="module")
def small() -> Encoder:
    """An encoder of random weights that knows few pieces."""
    order = np.random.default_rng(3)

    def pair(*shape: int) -> tuple[np.ndarray, np.ndarray]:
        return some(order, *shape), some(order, shape[-1])

    def norm() -> tuple[np.ndarray, np.ndarray]:
        return 1 + some(order, WIDTH), some(order, WIDTH)

    layers = tuple(
        Layer(pair(WIDTH, 3 * WIDTH), pair(WIDTH, WIDTH), norm(), pair(WIDTH, INNER), pair(INNER, WIDTH), norm())
        for _ in range(2)
    )
    known = {name: at for at, name in enumerate(NAMES)}
    vectors = [some(order, count, WIDTH) for count in (len(NAMES), WINDOW + 2, LOOKS)]
    return Encoder(known, vectors[0], vectors[1], vectors[2], norm(), layers, pair(WIDTH, CLASSES))


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("Heading:", ["head", "##ing", ":"]),
        ("ÁB", ["a", "##b"]),
        ("a:b", ["a", ":", "b"]),
        ("x", ["[UNK]"]),
        ("headx:", ["[UNK]", ":"]),
        ("\u200b", ["[UNK]"]),
        ("a" * 40, ["a", *["##a"] * (MAX_PIECES - 1)]),
    ],
)
def test_a_word_is_its_longest_pieces(word: str, pieces: list[str]) -> None:
    assert [NAMES[at] for at in split(word, {name: at for at, name in enumerate(NAMES)})] == pieces


def test_how_a_word_is_written_and_stands_is_kept(small: Encoder) -> None:
    texts = ["head", "Head", "HEAD", "a head", "a\nhead", "• head"]
    looks = [pieces_of(tokenize(text), small.vocabulary).looks[-1] for text in texts]
    assert looks[0] == looks[3]
    assert len(set(looks)) == 5
    assert max(looks) < LOOKS


def test_every_word_gets_its_probabilities(small: Encoder) -> None:
    for count in (1, 2, WINDOW // 2, WINDOW, 3 * WINDOW + 5):
        tokens = tokenize(" ".join(("ab: c heading D" * count).split()[:count]))
        found = np.exp(small.read(tokens))
        assert found.shape == (len(tokens), CLASSES)
        assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


def test_what_is_read_together_makes_no_difference(small: Encoder) -> None:
    tokens = tokenize("ab: c heading D " * WINDOW)
    pieces = pieces_of(tokens, small.vocabulary)
    windows = [(0, WINDOW), (WINDOW - 2 * MARGIN, WINDOW), (5, 9)]
    together = small._read(pieces, windows)
    for window, found in zip(windows, together, strict=True):
        size = window[1] - window[0]
        assert np.allclose(found[:size], small._read(pieces, [window])[0][:size], atol=1e-5)


def test_a_word_near_the_edge_of_a_window_is_read_in_the_other(small: Encoder) -> None:
    tokens = tokenize("a b " * WINDOW)
    found, pieces = small.read(tokens), pieces_of(tokens, small.vocabulary)
    start = WINDOW - 2 * MARGIN
    second = small._read(pieces, [(start, start + WINDOW)])[0]
    assert np.allclose(found[start + MARGIN : start + WINDOW - MARGIN], second[MARGIN : WINDOW - MARGIN], atol=1e-5)


def test_packing_rounds_and_packing_twice_changes_nothing(small: Encoder) -> None:
    data = pack(small, bytes(range(32)))
    again, digest = unpack(data)
    assert digest == bytes(range(32))
    assert again.vocabulary == small.vocabulary
    tokens = tokenize("ab: c heading D")
    assert np.allclose(again.read(tokens), small.read(tokens), atol=0.1)
    assert pack(again, digest) == data


@pytest.mark.parametrize("change", [lambda data: b"", lambda data: data[:-1], lambda data: data + b"x"])
def test_other_files_are_refused(small: Encoder, change) -> None:
    with pytest.raises(ValueError, match="not a"):
        unpack(change(pack(small, bytes(32))))
    with pytest.raises(ValueError, match="not a file of an encoder"):
        unpack(b"x" * 100_000)


def test_the_shipped_encoder_learnt_from_the_material_and_code_that_are_here() -> None:
    assert shipped_encoder().digest == encoder_notes.digest(), "run python -m benchmarks.structure.train_encoder"


def test_its_file_is_no_larger_than_it_was_made() -> None:
    assert (PACKAGE / "data" / NAME).stat().st_size <= 13_500_000


def test_it_is_heard() -> None:
    text = "Hinges Oil stops the squeak of old doors. Wax Locks Graphite is dry."
    places = find_places(text)

    def read(tokens) -> np.ndarray:
        # a heading of two words at the third
        found = np.full((len(tokens), CLASSES), -9.0, np.float32)
        found[:, 0] = 0
        found[3, :2] = (-300, 0)
        return found

    assert find_places(text, (), None, None) != find_places(text, (), None, read)
    assert places == find_places(text)

"""What is made when it is asked for: once, as few as may be, and nothing kept that isn't needed."""

import weakref

import pytest

from mlguide_site.model.on_demand import Later, OnDemand


def counted(most: int | None = None) -> tuple[OnDemand[int, int], list[int]]:
    """Squares of 0 to 9, and the list of those that were worked out."""
    made: list[int] = []

    def square(number: int) -> int:
        made.append(number)
        return number * number

    return OnDemand(range(10), square, most), made


def test_each_is_made_once() -> None:
    squares, made = counted()
    assert [squares[3], squares[3], squares.get(4), squares.get(10), 9 in squares, len(squares)] == [
        9,
        9,
        16,
        None,
        True,
        10,
    ]
    assert made == [3, 4]


def test_what_is_no_key_is_not_made() -> None:
    squares, made = counted(1)
    with pytest.raises(KeyError):
        squares[11]
    assert not made


def test_only_the_last_ones_are_kept() -> None:
    squares, made = counted(2)
    assert [squares[at] for at in (1, 2, 1, 3, 3, 2, 1)] == [1, 4, 1, 9, 9, 4, 1]
    assert made == [1, 2, 3, 1]
    assert list(squares) == list(range(10))


def test_what_made_a_sequence_is_let_go_of() -> None:
    class Source:
        numbers = (1, 2)

    source = Source()
    seen = weakref.ref(source)
    later: Later[int] = Later(lambda source=source: source.numbers)  # type: ignore[misc]
    del source
    assert seen() is not None
    assert (list(later), len(later), later[0], later == (1, 2)) == ([1, 2], 2, 1, True)
    assert seen() is None
    assert list(later) == [1, 2]


def test_a_sequence_may_be_empty() -> None:
    made = []
    later: Later[int] = Later(lambda: tuple(made.append(1) or ()))
    assert (list(later), len(later)) == ([], 0)
    assert made == [1]

"""What is made when it is asked for: of thousands of records an edit's build asks for a few."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")


class OnDemand(Mapping[K, V]):
    """A mapping to what `make` makes of each key, in the order of the keys; made once, or again where more than `most`
    others were made since.

    >>> squares = OnDemand(range(3), lambda number: number * number)
    >>> squares[2], squares.get(3), dict(squares)
    (4, None, {0: 0, 1: 1, 2: 4})
    """

    __slots__ = ("_keys", "_made", "_make", "_most")

    def __init__(self, keys: Iterable[K], make: Callable[[K], V], most: int | None = None) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = make
        self._most = most
        self._made: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            made = self._make(key)
            if len(self._made) == self._most:
                del self._made[next(iter(self._made))]
            self._made[key] = made
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class Later(Sequence[V]):
    """A sequence that is made when somebody asks for anything of it; made once, and what makes it is let go of then.

    >>> later = Later(lambda: (1, 2, 3))
    >>> later[:2], len(later), list(later)
    ((1, 2), 3, [1, 2, 3])
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[V, ...]]) -> None:
        self._make: Callable[[], tuple[V, ...]] | None = make
        self._made: tuple[V, ...] = ()

    def _whole(self) -> tuple[V, ...]:
        if self._make is not None:
            self._made = self._make()
            self._make = None
        return self._made

    @overload
    def __getitem__(self, at: int) -> V: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[V, ...]: ...
    def __getitem__(self, at: int | slice) -> V | tuple[V, ...]:
        return self._whole()[at]

    def __len__(self) -> int:
        return len(self._whole())

    def __iter__(self) -> Iterator[V]:
        return iter(self._whole())

    def __eq__(self, other: object) -> bool:
        return self._whole() == (other._whole() if isinstance(other, Later) else other)

    def __hash__(self) -> int:
        return hash(self._whole())

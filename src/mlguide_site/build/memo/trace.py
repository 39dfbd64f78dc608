"""What is looked up while a value is made: with it one can tell later whether the value would come out the same.

A `Recorder` stands for a record and passes on what is asked of it: the item of a mapping, whether something is in a
set, a field. Each answer is a lookup, such as `("cards", "[", "show-001")`. Methods and properties run on the
recorder itself, so that what they ask is seen too; cached properties are worked out on the record, their result counts
as a field. What goes through a whole mapping depends on all of it.
"""

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from types import FunctionType, MappingProxyType, MethodType
from typing import Any

from mlguide_site.build.memo.values import ABSENT, value_digest, value_digests

Lookup = tuple[str, str, str]
"""The fields that lead from the record to what was asked, parted by points; how it was asked; by which key, written as
a text, "" without one."""
WHOLE = "*"
ITEM, IN = "[", "in"
"""How a lookup's last step is told: an item by its key, whether a key is there."""


class Log:
    """The lookups made since it was last read."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str, Any]] = set()
        self._numbers: dict[tuple[str, str, Any], int] = {}

    def read(self) -> list[int]:
        """The numbers of the lookups, in no order; from now on others are gathered."""
        numbers = self._numbers
        found = [numbers.setdefault(seen, len(numbers)) for seen in self.seen]
        self.seen.clear()
        return found

    def all(self) -> list[tuple[str, str, list[str], list[int]]]:
        """All lookups that were read: for each path and way of asking the keys, written as texts, and their numbers.
        From now on they are numbered anew."""
        groups: dict[tuple[str, str], tuple[list[str], list[int]]] = {}
        for (path, how, key), number in self._numbers.items():
            keys, numbers = groups.setdefault((path, how), ([], []))
            keys.append(write_key(key) if how in (ITEM, IN) else "")
            numbers.append(number)
        self._numbers.clear()
        return [(*asked, *found) for asked, found in groups.items()]


class Recorder:
    """Stands for a record; those in its fields whose class is one of `followed` are stood for as well. The fields of
    `instead` are given as they are, and are no lookups."""

    def __init__(
        self,
        record: object,
        followed: tuple[type, ...],
        log: Log,
        path: str = "",
        instead: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        self.__dict__["_recorded"] = (record, followed, log, path)
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        record, followed, log, path = self.__dict__["_recorded"]
        found = inspect.getattr_static(type(record), name, None)
        if isinstance(found, FunctionType):
            value: Any = MethodType(found, self)
        elif isinstance(found, property) and found.fget is not None:
            value = found.fget(self)
        elif isinstance(found, staticmethod):
            value = found.__func__
        else:
            value = _followed(getattr(record, name), followed, log, f"{path}.{name}" if path else name)
        if isinstance(value, (Recorder, _Mapping, _Set, MethodType, FunctionType)):
            # asked for often, and the same each time
            self.__dict__[name] = value
        return value


def let_go(recorder: Recorder) -> None:
    """Let go of all that a recorder knows: its methods refer to it, and it to them. Of no use any more after that."""
    known = list(recorder.__dict__.values())
    recorder.__dict__.clear()
    for value in known:
        if isinstance(value, Recorder):
            let_go(value)


def _followed(value: Any, followed: tuple[type, ...], log: Log, path: str) -> Any:
    if isinstance(value, followed):
        return Recorder(value, followed, log, path)
    if isinstance(value, Mapping):
        return _Mapping(value, log, path)
    if isinstance(value, Set):
        return _Set(value, log, path)
    log.seen.add((path, "", ""))
    return value


class _Looked:
    """Things of which whether one is there, and all of them, are lookups when asked for."""

    __slots__ = ("_items", "_log", "_path")

    def __init__(self, items: Any, log: Log, path: str) -> None:
        self._items, self._log, self._path = items, log, path

    def __contains__(self, key: object) -> bool:
        self._log.seen.add((self._path, IN, key))
        return key in self._items

    def __iter__(self) -> Iterator[Any]:
        self._log.seen.add((self._path, WHOLE, ""))
        return iter(self._items)

    def __len__(self) -> int:
        self._log.seen.add((self._path, WHOLE, ""))
        return len(self._items)


class _Mapping(_Looked, Mapping[Any, Any]):
    """A mapping of which each item asked for is a lookup."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        self._log.seen.add((self._path, ITEM, key))
        return self._items[key]

    def get(self, key: Any, default: Any = None) -> Any:
        self._log.seen.add((self._path, ITEM, key))
        return self._items.get(key, default)

    def items(self) -> Any:
        self._log.seen.add((self._path, WHOLE, ""))
        return self._items.items()

    def values(self) -> Any:
        self._log.seen.add((self._path, WHOLE, ""))
        return self._items.values()

    def keys(self) -> Any:
        self._log.seen.add((self._path, WHOLE, ""))
        return self._items.keys()


class _Set(_Looked, Set[Any]):
    """A set of which each member asked for is a lookup."""

    __slots__ = ()

    @classmethod
    def _from_iterable(cls, items: Any) -> Any:
        return frozenset(items)


class Answers:
    """The digests of what lookups give now, of a record as it is now."""

    def __init__(self, record: object) -> None:
        self._record = record
        self._known: dict[Lookup, str | None] = {}

    def digest(self, lookup: Lookup) -> str | None:
        """The digest of what a lookup gives; None where that can't be told, now or ever."""
        if lookup not in self._known:
            self.ask([lookup])
        return self._known[lookup]

    def ask(self, lookups: Iterable[Lookup]) -> None:
        """Find out what many lookups give."""
        groups: dict[tuple[str, str], list[str]] = {}
        for path, how, key in lookups:
            groups.setdefault((path, how), []).append(key)
        for (path, how), keys in sorted(groups.items()):
            try:
                value = self._field(path)
            except AttributeError:
                # what was looked up is gone
                self._known.update(dict.fromkeys(((path, how, key) for key in keys), None))
                continue
            if how == ITEM:
                self._items(path, value, {key: read_key(key) for key in keys})
            elif how == IN:
                self._known.update({(path, how, key): str(read_key(key) in value) for key in keys})
            else:
                self._known[path, how, ""] = self._whole(path, value) if how == WHOLE else value_digests([value])[0]

    def forget(self, lookups: Iterable[Lookup]) -> None:
        """Let go of what these lookups gave."""
        for lookup in lookups:
            self._known.pop(lookup, None)

    def _items(self, path: str, value: Any, keys: Mapping[str, Any]) -> None:
        there = [name for name, key in keys.items() if key in value and (path, ITEM, name) not in self._known]
        digests = value_digests([value[keys[name]] for name in there])
        self._known.update({(path, ITEM, name): digest for name, digest in zip(there, digests, strict=True)})
        self._known.update({(path, ITEM, name): ABSENT for name, key in keys.items() if key not in value})

    def _whole(self, path: str, value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return value_digests([value])[0]
        keys = {write_key(key): key for key in value}
        self._items(path, value, keys)
        found = [(name, self._known[path, ITEM, name]) for name in keys]
        return None if any(digest is None for _, digest in found) else value_digest(found)

    def _field(self, path: str) -> Any:
        value = self._record
        for name in path.split("."):
            value = getattr(value, name)
        return value


def write_key(key: Any) -> str:
    """The key of a lookup as a text, and `read_key` back.

    >>> [read_key(write_key(key)) for key in ("a", ("tool", "b"), 3)]
    ['a', ('tool', 'b'), 3]
    """
    return f"={key}" if isinstance(key, str) else json.dumps(key, ensure_ascii=False)


def read_key(text: str) -> Any:
    """The key that was written as a text."""
    return text[1:] if text.startswith("=") else _tuples(json.loads(text))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value

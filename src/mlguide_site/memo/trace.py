"""What is looked up while a value is made: with it one can tell later whether the value would come out the same.

A `Recorder` stands for a record and passes on what is asked of it: the item of a mapping, whether something is in a
set, a field. Each answer is a lookup with a name, such as `["cards", "show-001"]`. Methods and properties run on the
recorder itself, so that what they ask is seen too; cached properties are worked out on the record, their result counts
as a field. What goes through a whole mapping depends on all of it.
"""

import inspect
import json
from collections.abc import Iterator, Mapping, Set
from types import FunctionType, MappingProxyType, MethodType
from typing import Any

from mlguide_site.memo.values import ABSENT, value_digest

Path = tuple[str, ...]
_write = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
WHOLE = "*"
ITEM, IN = "[", "in"
"""How a lookup's last step is told: an item by its key, whether a key is there."""


class Log:
    """The lookups made since it was last read."""

    def __init__(self) -> None:
        self.seen: set[tuple[Path, str, Any]] = set()
        self._names: dict[tuple[Path, str, Any], str] = {}

    def read(self) -> list[str]:
        """The names of the lookups, sorted; from now on others are gathered."""
        names = self._names
        found = []
        for lookup in self.seen:
            name = names.get(lookup)
            if name is None:
                path, how, key = lookup
                name = names[lookup] = _write([*path, how, key] if how in (ITEM, IN) else [*path, how] if how else path)
            found.append(name)
        self.seen.clear()
        return sorted(found)


class Recorder:
    """Stands for a record; those in its fields whose class is one of `followed` are stood for as well. The fields of
    `instead` are given as they are, and are no lookups."""

    def __init__(
        self,
        record: object,
        followed: tuple[type, ...],
        log: Log,
        path: Path = (),
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
            value = _followed(getattr(record, name), followed, log, (*path, name))
        if isinstance(value, (Recorder, _Mapping, _Set, MethodType, FunctionType)):
            # asked for often, and the same each time
            self.__dict__[name] = value
        return value


def _followed(value: Any, followed: tuple[type, ...], log: Log, path: Path) -> Any:
    if isinstance(value, followed):
        return Recorder(value, followed, log, path)
    if isinstance(value, Mapping):
        return _Mapping(value, log, path)
    if isinstance(value, Set):
        return _Set(value, log, path)
    log.seen.add((path, "", ""))
    return value


class _Mapping(Mapping[Any, Any]):
    """A mapping of which each item asked for is a lookup."""

    __slots__ = ("_items", "_log", "_path")

    def __init__(self, items: Mapping[Any, Any], log: Log, path: Path) -> None:
        self._items, self._log, self._path = items, log, path

    def __getitem__(self, key: Any) -> Any:
        self._log.seen.add((self._path, ITEM, key))
        return self._items[key]

    def get(self, key: Any, default: Any = None) -> Any:
        self._log.seen.add((self._path, ITEM, key))
        return self._items.get(key, default)

    def __contains__(self, key: object) -> bool:
        self._log.seen.add((self._path, IN, key))
        return key in self._items

    def __iter__(self) -> Iterator[Any]:
        self._log.seen.add((self._path, WHOLE, ""))
        return iter(self._items)

    def __len__(self) -> int:
        self._log.seen.add((self._path, WHOLE, ""))
        return len(self._items)

    def items(self) -> Any:
        self._log.seen.add((self._path, WHOLE, ""))
        return self._items.items()

    def values(self) -> Any:
        self._log.seen.add((self._path, WHOLE, ""))
        return self._items.values()

    def keys(self) -> Any:
        self._log.seen.add((self._path, WHOLE, ""))
        return self._items.keys()


class _Set(Set[Any]):
    """A set of which each member asked for is a lookup."""

    __slots__ = ("_items", "_log", "_path")

    def __init__(self, items: Set[Any], log: Log, path: Path) -> None:
        self._items, self._log, self._path = items, log, path

    def __contains__(self, item: object) -> bool:
        self._log.seen.add((self._path, IN, item))
        return item in self._items

    def __iter__(self) -> Iterator[Any]:
        self._log.seen.add((self._path, WHOLE, ""))
        return iter(self._items)

    def __len__(self) -> int:
        self._log.seen.add((self._path, WHOLE, ""))
        return len(self._items)

    @classmethod
    def _from_iterable(cls, items: Any) -> Any:
        return frozenset(items)


class Answers:
    """The digests of what lookups give now, of a record as it is now."""

    def __init__(self, record: object) -> None:
        self._record = record
        self._fields: dict[Path, Any] = {}
        self._whole: dict[Path, str | None] = {}
        self._items: dict[tuple[Path, Any], str | None] = {}

    def digest(self, name: str) -> str | None:
        """The digest of what the lookup of a name gives; None where that can't be told, now or ever."""
        steps = json.loads(name)
        if len(steps) > 2 and steps[-2] in (ITEM, IN):
            path, how, key = tuple(steps[:-2]), steps[-2], _key(steps[-1])
            value = self._field(path)
            if how == IN:
                return str(key in value)
            return self._item(path, value, key) if key in value else ABSENT
        if steps[-1] == WHOLE:
            path = tuple(steps[:-1])
            if path not in self._whole:
                self._whole[path] = self._all(path, self._field(path))
            return self._whole[path]
        return _told(self._field(tuple(steps)))

    def _all(self, path: Path, value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return _told(value)
        found = [(key, self._item(path, value, key)) for key in value]
        return None if any(digest is None for _, digest in found) else _told(found)

    def _item(self, path: Path, value: Any, key: Any) -> str | None:
        asked = path, key
        if asked not in self._items:
            self._items[asked] = _told(value[key])
        return self._items[asked]

    def _field(self, path: Path) -> Any:
        if path not in self._fields:
            above = self._field(path[:-1]) if path else None
            self._fields[path] = getattr(above, path[-1]) if path else self._record
        return self._fields[path]


def _key(step: Any) -> Any:
    return tuple(map(_key, step)) if isinstance(step, list) else step


def _told(value: Any) -> str | None:
    try:
        return value_digest(value)
    except (TypeError, ValueError):
        return None

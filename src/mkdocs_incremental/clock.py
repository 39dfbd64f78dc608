"""The time of a build, and what of it was read: a page that shows the year is made again when the year has changed."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

FLAG = "clock"
"""Noted where more of the time is read than can be compared: whatever did is made again each time."""
DAY = "day"
"""Noted where the day of the build is read."""
PARTS = ("year", "month", "day")


def now() -> datetime:
    """The time of the build: that of SOURCE_DATE_EPOCH (reproducible-builds.org) where set, as MkDocs has it."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.now(UTC) if fixed is None else datetime.fromtimestamp(int(fixed), UTC)


def is_of_time(flag: str) -> bool:
    """Whether something read is the time, or a part of it."""
    return flag in (FLAG, DAY) or flag.startswith("time ")


def is_past(flag: str, day: str, time: datetime) -> bool:
    """Whether something read of the time on a `day` (YYYY-MM-DD) would be another at a later `time`."""
    if flag == FLAG:
        return "SOURCE_DATE_EPOCH" not in os.environ
    if flag == DAY:
        return time.strftime("%Y-%m-%d") != day
    if flag.startswith("time "):
        name, form, value = json.loads(flag[5:])
        return bool((time.strftime(form) if name == "strftime" else getattr(time, name)) != value)
    return False


class ObservedTime(datetime):
    """The time of the build as templates are given it, noting what is read of it."""

    _note: Callable[[str], None]

    @classmethod
    def of(cls, time: datetime, note: Callable[[str], None]) -> "ObservedTime":
        """The same time, observed."""
        made = cls.combine(time.date(), time.timetz())
        made._note = note
        return made

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name.startswith("_"):
            return value
        note = super().__getattribute__("_note")
        if name in PARTS:
            note("time " + json.dumps([name, "", value]))
        elif name == "strftime":
            return lambda form: _strftime(value, form, note)
        else:
            note(FLAG)
        return value


def _strftime(value: Callable[[str], str], form: str, note: Callable[[str], None]) -> str:
    text = value(form)
    note("time " + json.dumps(["strftime", form, text]))
    return text


def _noting(name: str) -> Callable[..., Any]:
    original = getattr(datetime, name)

    def method(self: ObservedTime, *others: Any) -> Any:
        self._note(FLAG)
        return original(self, *others)

    return method


for _name in ("str", "repr", "format", "eq", "ne", "lt", "le", "gt", "ge", "hash", "add", "radd", "sub", "rsub"):
    setattr(ObservedTime, f"__{_name}__", _noting(f"__{_name}__"))

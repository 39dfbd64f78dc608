"""Hash tags of an outline's items, such as `#format:book:course`: the fields of a resource."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

from mlguide_site.importers import Context
from mlguide_site.model.schema import Difficulty, Format, Importance, Pick, Resource
from mlguide_site.model.slugs import episode_id, make_slug

_TAG = re.compile(r"#([A-Za-z][A-Za-z0-9_-]{0,63})((?::[^\s:#]{1,100}){0,300}):?")
_VALUES: Mapping[str, tuple[str, ...]] = {
    "importance": tuple(Importance),
    "difficulty": tuple(Difficulty),
    "engagement": ("passive", "active"),
    "price": ("free", "$", "$$", "$$$"),
    "pick": tuple(Pick),
    "format": get_args(Format),
}
"""Tags with fixed values. `#format` may have several; the others set the field of their name once."""
_NAMES = frozenset({*_VALUES, "topic", "hide"})
"""The tags that are known whatever the series are."""


class Tagged(NamedTuple):
    """A text without its tags, the fields that they set, and the tags that are unknown or have unknown values. Lists
    are dictionaries here: they hold each value once, in order."""

    text: str
    fields: dict[str, Any]
    unknown: tuple[str, ...]


def read_tags(text: str, context: Context) -> Tagged:
    """A text with white space folded, and what its tags say. An unknown word with a hash and no value is just a word.

    >>> found = read_tags("Learn #rust #format:book:scroll #price:$", Context())
    >>> found.text, found.fields, found.unknown
    ('Learn #rust', {'format': {'book': None}, 'price': '$'}, ('#format:scroll',))
    """
    fields: dict[str, Any] = {}
    kept, unknown = list[str](), list[str]()
    for word in text.split():
        found = _TAG.fullmatch(word.rstrip(",;.)"))
        name = found[1].casefold() if found else ""
        if not found or not (found[2] or name in _NAMES):
            kept.append(word)
            continue
        written = found[2].casefold().split(":")[1:]
        values = _known_values(name, written, context)
        unknown += [f"#{name}:{one}" for one, value in zip(written, values, strict=True) if not value]
        if good := list(filter(None, values)):
            listed = "topics" if name == "topic" else name if name in _VALUES else "episodes"
            if listed in _VALUES and listed != "format":
                fields.setdefault(listed, good[0])
            else:
                fields.setdefault(listed, {}).update(dict.fromkeys(good))
        elif name == "hide" and not written:
            fields["hide"] = True
        elif not written:
            unknown.append(found[0])
    shown = " ".join(kept)
    return Tagged(shown.rstrip(" -–—|,;:") if fields or unknown else shown, fields, tuple(unknown))


def _known_values(name: str, values: list[str], context: Context) -> list[str]:
    """The values of a tag as fields hold them, "" for each that is unknown. Other tags are series by id or prefix."""
    if name in _VALUES:
        return [value if value in _VALUES[name] else "" for value in values]
    if name == "topic":
        return [context.topics.get(value.replace("-", " ")) or make_slug(value, "") for value in values]
    ids = sorted({*context.series, context.given} - {""})
    named = [id for id in ids if id.casefold() == name]
    named += [id for id in ids if id in context.series and context.series[id].prefix.casefold().strip() == name]
    return [episode_id(named[0], int(one)) if named and re.fullmatch("[0-9]{1,5}", one) else "" for one in values]


def tags_of(resource: Resource) -> list[str]:
    """The tags that say what a resource's fields do, as far as tags can."""
    numbers: dict[str, list[str]] = {}
    for episode in resource.episodes:
        owner, _, number = episode.rpartition("-")
        if owner and owner not in _NAMES and re.fullmatch(r"[0-9]{3,5}", number):
            numbers.setdefault(owner, []).append(str(int(number)))
    values: dict[str, list[str]] = {"format": [one for one in resource.formats if resource.format != "other"]}
    values |= {name: [value] for name in _VALUES if name != "format" and (value := getattr(resource, name))}
    values |= {"topic": list(resource.topics), **numbers}
    tags = [":".join([f"#{name}", *own]) for name, own in values.items() if own]
    return [*tags, "#hide"] if resource.hide else tags

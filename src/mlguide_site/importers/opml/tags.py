"""Hash tags of an outline of resources, such as `#format:book:course`: their meaning as fields of a resource."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from mlguide_site.importers.common.records import Context
from mlguide_site.model.knowledge import Difficulty, Format, Importance, Pick, Resource
from mlguide_site.model.slugs import episode_id, make_slug

_TAG = re.compile(r"#([A-Za-z][A-Za-z0-9_-]{0,63})((?::[^\s:#]{1,100}){0,300}):?")
_DANGLING = " -–—|,;:"
_PRICES = ("free", "$", "$$", "$$$")
_ENGAGEMENT = ("passive", "active")
_ONE: Mapping[str, tuple[str, ...]] = {
    "importance": tuple(Importance),
    "difficulty": tuple(Difficulty),
    "engagement": _ENGAGEMENT,
    "price": _PRICES,
    "pick": tuple(Pick),
}
"""Tags with one value, and the values."""
FORMATS: tuple[str, ...] = get_args(Format)
_BARE = frozenset({"hide", "pick"})
NAMES = frozenset({*_ONE, "format", "topic", *_BARE})
"""The tags that are known whatever the series are."""


@dataclass
class Tags:
    """What the tags of an item say. `fields` are those of a resource; `refused` are tags, as written, that are not
    known or have a value that isn't; `picked` is true where the item has `#pick`, with or without a value."""

    fields: dict[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    picked: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What tags may name beside the fixed ones: series by id or prefix, in small letters, and topics by name."""

    series: Mapping[str, str]
    topics: Mapping[str, str]

    def knows(self, name: str) -> bool:
        return name in NAMES or name in self.series


def vocabulary(context: Context, more: Iterable[str] = ()) -> Vocabulary:
    """The vocabulary of a root: its series, the one given with `--series`, and the ids in `more`."""
    ids = {*context.series, *more, *([context.given] if context.given else [])}
    series = {id: id for id in sorted(ids)}
    for id, known in sorted(context.series.items()):
        if known.prefix:
            series.setdefault(known.prefix.casefold().rstrip(), id)
    return Vocabulary({name.casefold(): id for name, id in series.items()}, context.topics)


def cut_tags(text: str, known: Vocabulary, tags: Tags) -> str:
    """A text without its tags, white space folded; what they say is added to `tags`.

    An unknown tag is cut out if it has a value or is among those at the end; else it is a word.

    >>> tags = Tags()
    >>> cut_tags("Learn #rust #format:book:scroll #price:$ #mine", Vocabulary({}, {}), tags)
    'Learn #rust'
    >>> tags.fields, tags.refused
    ({'format': ('book',), 'price': '$'}, ['#format:scroll', '#mine'])
    """
    words = text.split()
    end = len(words)
    while end and _TAG.fullmatch(words[end - 1]):
        end -= 1
    # the words that are known tags at the end, or behind one of them, are no part of the text
    first = next((at for at in range(end, len(words)) if known.knows(_name(words[at]))), len(words))
    kept = []
    for at, word in enumerate(words):
        found = _TAG.fullmatch(word) or _TAG.fullmatch(word.rstrip(",;.)"))
        if found and (known.knows(_name(word)) or found[2] or at >= first):
            _read(found[0], found[1].casefold(), [value for value in found[2].split(":") if value], known, tags)
        else:
            kept.append(word)
    shown = " ".join(kept)
    return shown.rstrip(_DANGLING) if len(kept) < len(words) else shown


def _name(word: str) -> str:
    found = _TAG.match(word)
    return found[1].casefold() if found else ""


def _read(tag: str, name: str, values: list[str], known: Vocabulary, tags: Tags) -> None:
    if name == "pick":
        tags.picked = True
    if name == "hide" and not values:
        tags.fields["hide"] = True
    elif name == "pick" and not values:
        return
    elif name in _ONE and values:
        good = [value.casefold() for value in values if value.casefold() in _ONE[name]]
        if good:
            tags.fields.setdefault(name, good[0])
        bad = [v for v in values if v.casefold() not in _ONE[name] or v.casefold() != tags.fields.get(name)]
        tags.refused += [f"#{name}:{value}" for value in bad]
    elif name == "format" and values:
        good = [value for given in values if (value := _format(given))]
        tags.fields["format"] = tuple(dict.fromkeys([*tags.fields.get("format", ()), *good]))
        if not tags.fields["format"]:
            del tags.fields["format"]
        tags.refused += [f"#format:{value}" for value in values if not _format(value)]
    elif name == "topic" and values:
        slugs = [known.topics.get(value.casefold().replace("-", " ")) or make_slug(value, "") for value in values]
        tags.fields["topics"] = tuple(dict.fromkeys([*tags.fields.get("topics", ()), *filter(None, slugs)]))
        if not tags.fields["topics"]:
            del tags.fields["topics"]
        tags.refused += [f"#topic:{value}" for value, slug in zip(values, slugs, strict=True) if not slug]
    elif name in known.series and values:
        good = [value for value in values if re.fullmatch(r"[0-9]{1,5}", value)]
        ids = [episode_id(known.series[name], int(value)) for value in good]
        if ids:
            tags.fields["episodes"] = tuple(dict.fromkeys([*tags.fields.get("episodes", ()), *ids]))
        tags.refused += [f"#{name}:{value}" for value in values if value not in good]
    else:
        tags.refused.append(tag)


def _format(value: str) -> str:
    name = value.casefold()
    return name if name in FORMATS else name[:-1] if name.endswith("s") and name[:-1] in FORMATS else ""


def tags_of(resource: Resource, series: Iterable[str]) -> list[str]:
    """The tags that say what a resource's fields do, as far as tags can; `series` are the ids that tags may name."""
    ids = sorted(series, key=len, reverse=True)
    numbers: dict[str, list[str]] = {}
    for episode in resource.episodes:
        owner = next((id for id in ids if re.fullmatch(rf"{re.escape(id)}-[0-9]{{3,5}}", episode)), "")
        if owner:
            numbers.setdefault(owner, []).append(str(int(episode[len(owner) + 1 :])))
    formats = [name for name in resource.formats if resource.format != "other"]
    tags = [":".join(["#format", *formats])] if formats else []
    for name in ("importance", "difficulty", "engagement", "price"):
        if value := getattr(resource, name):
            tags.append(f"#{name}:{value}")
    tags += [":".join(["#topic", *resource.topics])] if resource.topics else []
    tags += [f"#{id}:{':'.join(own)}" for id, own in numbers.items()]
    tags += [f"#pick:{resource.pick}"] if resource.pick else []
    return [*tags, "#hide"] if resource.hide else tags

"""Hash tags of an outline's items, such as `#format:book:course`: the fields of a resource."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from mlguide_site.importers import Context
from mlguide_site.model.knowledge import Difficulty, Format, Importance, Pick, Resource
from mlguide_site.model.slugs import episode_id, make_slug

_TAG = re.compile(r"#([A-Za-z][A-Za-z0-9_-]{0,63})((?::[^\s:#]{1,100}){0,300}):?")
_ONE: Mapping[str, tuple[str, ...]] = {
    "importance": tuple(Importance),
    "difficulty": tuple(Difficulty),
    "engagement": ("passive", "active"),
    "price": ("free", "$", "$$", "$$$"),
    "pick": tuple(Pick),
}
"""Tags with one value, and the values."""
FORMATS: tuple[str, ...] = get_args(Format)
_NAMES = frozenset({*_ONE, "format", "topic", "hide"})
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
    """What tags may name beside the fixed ones: series by id or prefix in lower case, and topics by name."""

    series: Mapping[str, str]
    topics: Mapping[str, str]

    def knows(self, word: str) -> bool:
        """Whether a word begins with a known tag."""
        found = _TAG.match(word)
        return found is not None and (found[1].casefold() in _NAMES or found[1].casefold() in self.series)

    def values(self, name: str, values: list[str]) -> list[str]:
        """The values of a tag as fields hold them, each "" that is not known."""
        plain = [value.casefold() for value in values]
        if name in _ONE:
            return [value if value in _ONE[name] else "" for value in plain]
        if name == "format":
            return [next((one for one in (value, value.removesuffix("s")) if one in FORMATS), "") for value in plain]
        if name == "topic":
            return [self.topics.get(value.replace("-", " ")) or make_slug(value, "") for value in plain]
        ids = self.series
        return [
            episode_id(ids[name], int(one)) if name in ids and one.isdecimal() and len(one) < 6 else "" for one in plain
        ]


def vocabulary(context: Context) -> Vocabulary:
    """The vocabulary of a root: its series, and the one given with `--series`."""
    series = {id.casefold(): id for id in sorted({*context.series, *filter(None, [context.given])})}
    for id, known in sorted(context.series.items()):
        if known.prefix:
            series.setdefault(known.prefix.casefold().rstrip(), id)
    return Vocabulary(series, context.topics)


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
    first = next((at for at in range(end, len(words)) if known.knows(words[at])), len(words))
    kept = []
    for at, word in enumerate(words):
        found = _TAG.fullmatch(word) or _TAG.fullmatch(word.rstrip(",;.)"))
        if found and (known.knows(word) or found[2] or at >= first):
            _read_tag(found[0], found[1].casefold(), found[2].split(":")[1:], known, tags)
        else:
            kept.append(word)
    shown = " ".join(kept)
    return shown.rstrip(" -–—|,;:") if len(kept) < len(words) else shown


def _read_tag(tag: str, name: str, values: list[str], known: Vocabulary, tags: Tags) -> None:
    """Add the values of one tag to `tags`; those that are not known, and a tag without any, are refused."""
    tags.picked = tags.picked or name == "pick"
    if name in {"pick", "hide"} and not values:
        tags.fields |= {"hide": True} if name == "hide" else {}
        return
    read = known.values(name, values)
    good = list(filter(None, read))
    if good and name in _ONE:
        tags.fields.setdefault(name, good[0])
    elif good:
        listed = {"format": "format", "topic": "topics"}.get(name, "episodes")
        tags.fields[listed] = tuple(dict.fromkeys([*tags.fields.get(listed, ()), *good]))
    tags.refused += [f"#{name}:{value}" for value, one in zip(values, read, strict=True) if not one] if read else [tag]


def tags_of(resource: Resource) -> list[str]:
    """The tags that say what a resource's fields do, as far as tags can."""
    numbers: dict[str, list[str]] = {}
    for episode in resource.episodes:
        owner, _, number = episode.rpartition("-")
        if owner and owner not in _NAMES and re.fullmatch(r"[0-9]{3,5}", number):
            numbers.setdefault(owner, []).append(str(int(number)))
    formats = [name for name in resource.formats if resource.format != "other"]
    tags = [":".join(["#format", *formats])] if formats else []
    tags += [f"#{name}:{value}" for name in _ONE if name != "pick" and (value := getattr(resource, name))]
    tags += [":".join(["#topic", *resource.topics])] if resource.topics else []
    tags += [f"#{id}:{':'.join(own)}" for id, own in numbers.items()]
    tags += [f"#pick:{resource.pick}"] if resource.pick else []
    return [*tags, "#hide"] if resource.hide else tags

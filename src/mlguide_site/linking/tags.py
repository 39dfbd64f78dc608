"""Maps the tags of episodes to the knowledge entries with the same name, and completes episodes from entries."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.folding import is_word_part
from mlguide_site.linking.names import MAX_ALIKE, names_of
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import EpisodeFile, Kind, SeriesKind

_EMOJI_MARKS = re.compile(r"[\ufe00-\ufe0f\u20e3]")
HOSTS = frozenset({"host", "co-host"})
"""Roles of people that are also their roles in episodes. The author of a log or a course wrote its notes, but an author
in a podcast may be a guest."""
_PLURAL = re.compile(r"(?<=ch|sh|ss)es$|(?<=[xz])es$|(?<![suiao])(?<!ic)s$")


def name_key(name: str) -> str:
    """Return the key of a name: lower-case letters, combining marks, digits, `+` and `#`, without a plural ending."""
    folded = unicodedata.normalize("NFC", _EMOJI_MARKS.sub("", name).casefold())
    text = "".join(c for c in folded if c in "+#" or is_word_part(c)).lstrip("#")
    if len(text) > 2 and name.endswith("s") and name[-2].isupper():
        return text[:-1]
    is_abbreviation = len(text) < 4 or (len(text) < 6 and name.isupper())
    return text if is_abbreviation else re.sub("y$", "ie", _PLURAL.sub("", text))


def entries_by_tag(catalog: Catalog, kinds: Iterable[Kind] = Kind) -> Mapping[str, Set[EntryKey]]:
    """Map the `name_key` of each name to the entries of some kinds with this name, at most `MAX_ALIKE`."""
    table = defaultdict[str, set[EntryKey]](set)
    for kind in kinds:
        for slug, entry in catalog.entries(kind).items():
            for key in filter(None, map(name_key, names_of(entry))):
                table[key].add((kind, slug))
    return {key: {*sorted(found)[:MAX_ALIKE]} for key, found in table.items()}


def completion(catalog: Catalog) -> Callable[[EpisodeFile], EpisodeFile]:
    """Return a function that completes an episode from the entries of a catalog. It adds the topics that the tags name,
    and gives hosts, and authors of logs and courses, their role if the note gives them none."""
    topics = entries_by_tag(catalog, [Kind.TOPIC])
    roles = {slug: one.role.lower() for slug, one in catalog.people.items()}
    podcasts = {slug for slug, one in catalog.series.items() if one.kind is SeriesKind.PODCAST}

    def complete(file: EpisodeFile) -> EpisodeFile:
        kept = HOSTS if file.series in podcasts else {*HOSTS, "author"}
        tagged = (slug for tag in file.meta.tags for _, slug in sorted(topics.get(name_key(tag), ())))
        people = tuple(
            one.model_copy(update={"role": roles[one.person]})
            if "role" not in one.model_fields_set and roles.get(one.person) in kept
            else one
            for one in file.meta.people
        )
        own = tuple(dict.fromkeys((*file.meta.topics, *tagged)))
        if (own, people) == (file.meta.topics, file.meta.people):
            return file
        return replace(file, meta=file.meta.model_copy(update={"topics": own, "people": people}))

    return complete

"""What a root's knowledge covers already, or a person has refused: nothing of it is proposed again."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from mlguide_site.editing.suggest import lists, world
from mlguide_site.editing.suggest.gather import name_key
from mlguide_site.editing.suggest.tokens import is_plain_word
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.names.spelling import spellings
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog


def compact(name: str) -> str:
    """What spellings of a name share, spaces aside.

    >>> compact("Scikit-Learn") == compact("ScikitLearns")
    True
    """
    return name_key(name).replace(" ", "")


@dataclass(frozen=True)
class Vocabulary:
    """The names of all entries of a catalog, drafts included, of its series, and those that are to be ignored."""

    catalog: Catalog

    @cached_property
    def _table(self) -> NameTable:
        return NameTable.of(self.catalog)

    @cached_property
    def _known(self) -> frozenset[str]:
        names = set(self._others())
        for one in self._table.named:
            for name in one.names:
                names.update(compact(spelling.text) for spelling in spellings(name, one.kind))
        return frozenset(names)

    @cached_property
    def _titles(self) -> str:
        """The titles of resources, one after the other: a part of one is no name of its own."""
        titles = (entry.title for entry in self.catalog.resources.values())
        return "\n".join(map(compact, titles))

    def _others(self) -> Iterable[str]:
        for slug, series in self.catalog.series.items():
            yield from map(compact, filter(None, (slug, series.title, series.prefix)))
        yield from map(compact, self.catalog.ignored)

    def covers(self, name: str) -> bool:
        """Whether a name is an entry's, in some spelling, or an entry's with ordinary words or a maker's name beside
        it."""
        if compact(name) in self._known:
            return True
        words = name.split()
        if len(words) < 2:
            return False
        if len(words) > 2 and compact(name) in self._titles:
            return True
        found = self._table.find(name)
        rest = list(name)
        for place in found:
            rest[place.start : place.end] = " " * (place.end - place.start)
        left = [word for word in "".join(rest).split() if any(map(str.isalnum, word))]
        return bool(found) and all(
            word.lower() in lists.SMALL or word.lower() in world.BODIES or is_plain_word(word) for word in left
        )

    def has(self, kind: Kind, slug: str) -> bool:
        """Whether an entry of that kind has that slug."""
        return slug in self.catalog.entries(kind)

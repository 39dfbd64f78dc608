"""Makes the catalog of a hub from the partial catalogs of its shows.

Each show is a series whose pages are in its own site, so the pages of the hub link into the sites of the shows. The
catalog contains only entries that at least two shows mention."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any

from mlguide_site.checks.catalog import MAX_TOPIC_DEPTH
from mlguide_site.errors import Span
from mlguide_site.hub import SHOWS
from mlguide_site.hub.hub_file import PATH
from mlguide_site.hub.joins import Joined
from mlguide_site.hub.partial import RECORDS, Partial, Shown
from mlguide_site.linking.linked_catalog import LinkedCatalog, LinkedEpisode
from mlguide_site.linking.mentions import Context
from mlguide_site.markdown.document import Document
from mlguide_site.merge.entries import name_field
from mlguide_site.model.catalog import TABLES, Catalog
from mlguide_site.model.records import MAX_ALIASES, Episode, EpisodeFile, Kind, ListOrder, PersonRole, Series, Topic
from mlguide_site.model.slugs import parse_id
from mlguide_site.pages.backlinks import latest_mentions

Pages = Mapping[tuple[str, str, str], tuple[Kind, str]]  # maps a show's entry (show, kind, slug) to its page in the hub
_NO_EXTRA, _NO_TEXT = MappingProxyType[str, Any]({}), Document()
_SLUGS = {"parent": "topic", "topics": "topic", "see": "term"}  # fields with slugs, and the kind of entry


def hub_catalog(partials: Iterable[Partial], joined: Joined) -> LinkedCatalog:
    """Return the linked catalog of a hub. `partials` are sorted as in `hub.yml`, and are read one by one."""
    pages = {one: (Kind(kind), slug) for (kind, slug), members in joined.groups.items() for one in members}
    series, covers, files, rank = dict[str, Series](), set[str](), dict[str, EpisodeFile](), dict[str, int]()
    fields = defaultdict[tuple[Kind, str], dict[str, Any]](dict)
    contexts = defaultdict[tuple[Kind, str], dict[str, tuple[Context, ...]]](dict)
    episodes_of = defaultdict[tuple[Kind, str], list[str]](list)
    entries_of = defaultdict[str, list[tuple[Kind, str]]](list)
    slugs = defaultdict[tuple[Kind, str], dict[str, str]](dict)
    for partial in partials:
        show, cover = partial.show, partial.cover or None
        about = {"title": partial.title, "summary": partial.summary, "cover": cover}
        series[show] = Series(**about, order=ListOrder.NEWEST, path=False)
        covers.add(f"{SHOWS}/{show}/{partial.cover}")
        ids = dict[str, str]()
        for shown in partial.episodes:
            id = f"{show}-{shown.own}"
            while id in files:  # for example, if the show `a-b` has an episode `1`, and the show `a` has `b-1`
                id += "-2"
            ids[shown.meta.id], files[id], rank[id] = id, _episode(show, id, shown, pages), len(files)
        for one in partial.entries:
            if page := pages.get((show, one.kind.value, one.slug)):
                fields[page] = _joined(page[0], fields[page], _mapped(one.fields, show, pages))
                quoted = contexts[page] | {ids[id]: quotes for id, quotes in one.quotes.items()}
                # only the latest episodes are quoted on a page
                contexts[page] = {id: quoted[id] for id in latest_mentions(quoted, files, rank)}
                slugs[page][show] = one.slug
                episodes_of[page] += (found := [ids[id] for id in one.episodes])
                for id in found:
                    entries_of[id].append(page)
    tables: Any = {table: {} for table in TABLES.values()}
    for (kind, slug), own in sorted(fields.items()):
        tables[TABLES[kind]][slug] = RECORDS[kind].model_validate(own)
    topics = tables["topics"]
    for slug, topic in topics.items():
        # two shows may nest the same topics in opposite ways, and their nested topics may join to a chain of any length
        parents = [*islice(_parents(topics, slug), MAX_TOPIC_DEPTH + 1)]
        if slug in parents or len(parents) > MAX_TOPIC_DEPTH:
            topics[slug] = topic.model_copy(update={"parent": None})
    places = dict.fromkeys([(kind.value, slug) for kind, slug in fields], (PATH, Span()))
    sites = {show: f"{SHOWS}/{show}" for show in series}
    catalog = Catalog(series, files, **tables, places=places, assets=frozenset(covers), sites=sites, show_slugs=slugs)
    linked = _LinkedEpisodes(files, entries_of)
    return LinkedCatalog(catalog, linked, contexts, {page: tuple(found) for page, found in episodes_of.items()}, ())


def _parents(topics: Mapping[str, Topic], slug: str) -> Iterator[str]:
    """Yield the slug of the parent of a topic, of the parent's parent, and so on."""
    while (parent := topics[slug].parent) in topics:
        yield (slug := str(parent))


class _LinkedEpisodes(Mapping[str, LinkedEpisode]):
    """The linked episodes of a hub, which have no text. They are created when they are needed, which saves memory."""

    def __init__(self, files: Mapping[str, EpisodeFile], entries: Mapping[str, Iterable[tuple[Kind, str]]]) -> None:
        self._files, self._entries = files, entries
        self._made = lru_cache(maxsize=256)(self._make)

    def __getitem__(self, id: str) -> LinkedEpisode:
        return self._made(id)

    def _make(self, id: str) -> LinkedEpisode:
        named = dict[Kind, list[str]]({kind: [] for kind in Kind})
        for kind, slug in self._entries.get(id, ()):
            named[kind].append(slug)
        entries = {kind: tuple(slugs) for kind, slugs in named.items()}
        return LinkedEpisode(self._files[id], _NO_TEXT, (), (), entries, {}, {})

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class _Facts:
    """The front matter of an episode in a hub. Only the fields below are stored. All other attributes are those of an
    `Episode` with these fields. A hub has many episodes, and an `Episode` takes ten times as much memory."""

    __slots__ = ("audio", "date", "duration", "id", "language", "people", "summary", "title")

    def __init__(self, meta: Episode, id: str, people: tuple[PersonRole, ...]) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(meta, name))
        self.id, self.people = id, people

    def __getattr__(self, name: str) -> Any:
        if field := Episode.model_fields.get(name):
            return field.get_default(call_default_factory=True)
        return getattr(Episode.model_construct(**{one: getattr(self, one) for one in self.__slots__}), name)


def _episode(show: str, id: str, shown: Shown, pages: Pages) -> EpisodeFile:
    """Return an episode whose page is in the show's site. It includes only people who have a page in the hub."""
    found = ((one, pages.get((show, "person", one.person))) for one in shown.meta.people)
    people = tuple(_person_role(one, page[1]) for one, page in found if page)
    # without the cache of `parse_id`, which would keep a key for each episode
    key, page = parse_id.__wrapped__(show, id), f"{SHOWS}/{show}/{shown.page}"
    meta: Any = _Facts(shown.meta, id, people)
    return EpisodeFile(PATH, show, key.number if key else None, meta, "", 1, extra=_NO_EXTRA, place=page)


@lru_cache(maxsize=4096)
def _person_role(one: PersonRole, person: str) -> PersonRole:
    """Return a participant who has the slug `person` in the hub."""
    return one.model_copy(update={"person": person})


def _mapped(fields: Mapping[str, Any], show: str, pages: Pages) -> dict[str, Any]:
    """Return an entry's fields, with the hub's slugs instead of the show's. Leave out slugs without a hub page."""
    found = dict(fields)
    for name in _SLUGS.keys() & fields.keys():
        own = [found[name]] if name == "parent" else found[name]
        new = [page[1] for slug in own if (page := pages.get((show, _SLUGS[name], slug)))]
        found[name] = next(iter(new), None) if name == "parent" else new
    return found


def _joined(kind: Kind, known: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Merge a show's `fields` for an entry into the `known` fields, which have priority. Other names become aliases."""
    found, title = {**fields, **known}, name_field(kind.value)
    names = dict.fromkeys([*known.get("aliases", ()), fields[title], *fields.get("aliases", ())])
    return {**found, "aliases": [name for name in names if name.casefold() != found[title].casefold()][:MAX_ALIASES]}

"""The partial catalog of a show: what a hub needs to know about its episodes and about the entries they mention."""

from typing import Any, NamedTuple, cast

from mlguide_site.content.knowledge import KNOWLEDGE
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.mentions import Context
from mlguide_site.model.base import Record
from mlguide_site.model.catalog import title_of
from mlguide_site.model.records import Entry, Episode, Kind, Series
from mlguide_site.model.slugs import KIND_FOLDERS
from mlguide_site.pages.formatting import clamp, plain_line

QUOTED = 8  # maximum number of episodes that are quoted for one entry; the latest episodes are quoted
QUOTES = 2  # maximum number of quotes of one entry from one episode
HEADING = 100  # maximum length of a quote's heading and anchor, in characters
SUMMARY, TITLE = 220, 200  # maximum length of a summary and of a show's title, in characters
RECORDS = {kind: cast(type[Entry], KNOWLEDGE[KIND_FOLDERS[kind]]) for kind in Kind}  # maps kinds to their records
_FACTS = {"title", "date", "duration", "audio", "people", "language"}
# fields that only the show's own site needs
_LEFT_OUT = {"former", "match", "children", "order", "episodes", "guide", "terms", "questions"}


class Shown(Record):
    """An episode: its front matter and its page's path in the show's site. Its id in the hub ends in `own`."""

    meta: Episode
    own: str
    page: str


class Mentioned(Record):
    """An entry that a show mentions: its fields, the ids of its episodes, and quotes from the latest episodes."""

    kind: Kind
    slug: str
    fields: dict[str, Any]
    episodes: tuple[str, ...]
    quotes: dict[str, tuple[Context, ...]]


class Partial(Record):
    """A show's part of the hub's catalog. `cover` is a path in the show's site, or ""."""

    show: str
    title: str
    summary: str
    cover: str
    episodes: tuple[Shown, ...]
    entries: tuple[Mentioned, ...]


def partial_of(show: str, title: str, linked: LinkedCatalog) -> Partial:
    """Return the partial catalog of a show from its linked catalog."""
    catalog = linked.catalog
    shown = {id: str(catalog.episodes[id].meta.date or "") for ids in catalog.listed.values() for id in ids}
    episodes, entries = [], []
    for id in shown:
        file = catalog.episodes[id]
        summary = clamp(plain_line(file.meta.summary or linked.episodes[id].document.opening), SUMMARY)
        meta = Episode(id=id, summary=summary, **file.meta.model_dump(include=_FACTS))
        own = id.removeprefix(f"{file.series}-") if len(catalog.by_series) == 1 else id
        episodes.append(Shown(meta=meta, own=own, page=file.page))
    for kind in Kind:
        for slug, entry in catalog.entries(kind).items():
            contexts = linked.contexts.get((kind, slug), {})
            if ids := tuple(id for id in linked.episodes_of.get((kind, slug), ()) if id in shown):
                latest = sorted(filter(contexts.__contains__, ids), key=shown.__getitem__)[-QUOTED:]
                quotes = {id: tuple(map(_short, contexts[id][:QUOTES])) for id in sorted(latest)}
                fields = entry.model_dump(mode="json", exclude_defaults=True, exclude=_LEFT_OUT)
                entries.append(Mentioned(kind=kind, slug=slug, fields=fields, episodes=ids, quotes=quotes))
    title = plain_line(title)[:TITLE] or show
    name, series = next(iter(catalog.series.items()), ("", Series(title=title)))
    cover = f"episodes/{name}/{series.cover}"
    values = {"show": show, "title": title, "summary": clamp(series.summary, SUMMARY), "episodes": tuple(episodes)}
    return Partial(**values, cover=cover if cover in catalog.assets else "", entries=tuple(entries))


def _short(quote: Context) -> Context:
    """Return a quote with a short heading, because the heading is repeated for each name in its section."""
    anchor = quote.anchor if len(quote.anchor) <= HEADING else ""
    return quote._replace(heading=clamp(quote.heading, HEADING), anchor=anchor)


class Named(NamedTuple):
    """The names and addresses by which an entry of a show can be joined with entries of other shows."""

    show: str
    kind: str
    slug: str
    title: str
    names: tuple[str, ...]
    urls: tuple[str, ...]

    @property
    def member(self) -> str:
        """The entry as written in `hub.yml`, such as `tool:show/slug`."""
        return f"{self.kind}:{self.show}/{self.slug}"


def names_of(partial: Partial) -> list[Named]:
    """Return the names of a show's entries, with the addresses that identify them (not links that explain a term)."""
    found = []
    for one in partial.entries:
        entry = RECORDS[one.kind].model_validate(one.fields)
        field = "urls" if one.kind is Kind.RESOURCE else "links"
        links = () if one.kind is Kind.TERM else getattr(entry, field, ())
        urls = (*(link.url for link in links), *filter(None, [getattr(entry, "homepage", None)]))
        names = (*entry.aliases, *getattr(entry, "abbreviations", ()))
        found.append(Named(partial.show, one.kind.value, one.slug, title_of(entry), names, urls))
    return found

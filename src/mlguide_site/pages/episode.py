"""Views of an episode's page, and of a page that an author wrote in the folder `pages/`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from mlguide_site.linking.linked_catalog import LinkedEpisode
from mlguide_site.linking.rank_related import Related
from mlguide_site.linking.references import address_of
from mlguide_site.linking.search_names import series_aliases
from mlguide_site.model.records import Audio, EpisodeFile, Kind, Link, Series, Status
from mlguide_site.model.slugs import transcript_path
from mlguide_site.pages import formatting
from mlguide_site.pages.backlinks import mention_fields
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EPISODE, Chip, EpisodeCard, Subject, View

RELATED = 6
CHAPTERS = 100  # maximum number of chapters on an episode's page; soundbites have the same limit
MAX_FILTERS = 20  # maximum number of topics in an episode's filters; Pagefind needs quadratic time for them
_KINDS = (Kind.TOPIC, Kind.TOOL, Kind.RESOURCE, Kind.TERM, Kind.PERSON)
_FORMATS = {"audio/mpeg": "MP3", "audio/mp4": "M4A", "audio/x-m4a": "M4A", "audio/ogg": "Ogg", "audio/opus": "Opus"}


def view(site: Site, subject: Subject) -> View:
    """Return the view of an episode. `audio` contains the format and the size of the recording."""
    id = subject.id
    episode, card = site.linked.episodes[id], site.cards[id]
    related = [one for one in site.linked.related[id] if one.id in site.shown]
    file, meta = episode.file, episode.file.meta
    series = site.catalog.series.get(file.series)
    path, home = file.page, site.url(f"episodes/{file.series}/index.md")
    official, links = _links(file, series)
    audio = meta.audio
    names = " · ".join(filter(None, (card.number, card.title, series.title if series else "")))
    previous, following = site.neighbours.get(id, ("", ""))
    chapters = [
        _passage(chapter.start, chapter.title, chapter.url)
        for chapter in site.catalog.chapters.get(id, ())
        if chapter.toc and chapter.title
    ]
    return site.view(
        "episode",
        path,
        meta.title,
        formatting.plain_line(meta.summary or episode.document.opening or names),
        (site.index_chip("episodes"), *((Chip(series.title, home),) if series else ())),
        found_as="Cancelled episode" if meta.status is Status.CANCELLED else "Episode",
        card=card,
        search_filters=tuple(_search_filters(site, file, series)),
        meta=meta,
        image=site.image(file.series, id, meta.image),
        language=formatting.language(meta.language, site.settings.language) if meta.language else "",
        series=series,
        official=official,
        links=(*links, *_elsewhere(file, site.translate)),
        audio=_format(audio) if audio else "",
        chapters=tuple(chapters[:CHAPTERS]),
        chapters_more=max(0, len(chapters) - CHAPTERS),
        soundbites=tuple(
            _passage(bite.start, bite.title or formatting.length(bite.duration, site.translate))
            for bite in meta.soundbites[:CHAPTERS]
        ),
        transcript=site.url(transcript_path(id, file.series)) if id in site.catalog.transcripts else "",
        people=_people(site, file),
        requires=site.cards_of(need for need in meta.requires if need in site.cards),
        body=site.notes(id),
        chips=tuple(_chips(site, episode)),
        **mention_fields(site, path, EPISODE, id),
        related=tuple(_related(site, file, item) for item in related[:RELATED]),
        graph=site.graph_url,
        previous=site.cards.get(previous),
        next=site.cards.get(following),
        next_in_topic=_next_in_topic(site, file, (previous, following)),
        review=site.review_url(f"episode.{id}"),
        source=site.source(file.path),
    )


def _next_in_topic(site: Site, file: EpisodeFile, around: tuple[str, str]) -> tuple[EpisodeCard, str] | None:
    """Return the next episode with the same main topic, and the topic's name, or None if there is none, or if it is one
    of those `around` the episode in its series, to which the page links anyway."""
    main = file.meta.topics[:1]
    path = site.topic_paths.get(main[0], ()) if main else ()
    own = [id for id in path if site.catalog.episodes[id].meta.topics[:1] == main]
    after = own[own.index(file.id) + 1 :][:1] if file.id in own else []
    return (site.cards[after[0]], site.chips[Kind.TOPIC, main[0]].title) if {*after}.difference(around) else None


def own_page_view(site: Site, subject: Subject) -> View:
    """Return the view of a page from `pages/`. The description is the summary, or else the opening or title."""
    page = site.linked.pages[subject.id]
    file, meta = page.file, page.file.meta
    description = formatting.plain_line(meta.summary or page.document.opening or meta.title)
    body, source = site.notes(file.id), site.source(file.path)
    return site.view("page", file.page, meta.title, description, found_as="Own page", body=body, source=source)


def _chips(site: Site, episode: LinkedEpisode) -> Iterator[tuple[str, tuple[Chip, ...]]]:
    """Yield the name and links of each group of entries in an episode, its own topics first. Authors of resources form
    their own group."""
    authors, own = site.recommended_authors[episode.file.id], site.topics_of(episode.file.id)
    for kind in _KINDS:
        slugs = set(episode.entries.get(kind, ()))
        apart = slugs.intersection(authors) if kind is Kind.PERSON else set()
        groups = ((kind.value, slugs - apart), ("author", apart))
        for name, found in groups:
            if chips := site.chips_of(kind, found):
                yield name, tuple(sorted(chips, key=lambda chip: own.index(chip) if chip in own else len(own)))


def _passage(start: float, title: str, address: str = "") -> tuple[int, str, str, str]:
    """Return a chapter or soundbite: start in seconds, formatted start, title, and web address (or "")."""
    return int(start), formatting.clock(start), title, address


def _search_filters(site: Site, file: EpisodeFile, series: Series | None) -> Iterator[tuple[str, str]]:
    """Yield (name, value) for each search filter: the episode's number or id, the names of its series, and the topics
    that list the episode in `order`. Topics that the notes mention are omitted."""
    if file.number is None:
        yield "number", file.id
    elif series is not None:
        yield "number", str(file.number)
        if file.meta.season is not None:
            yield "number", f"s{file.meta.season}e{file.number}"
        yield from (("named", name) for name in series_aliases(file.series, series))
    own = site.linked.episodes[file.id].entries.get(Kind.TOPIC, ())
    topics = [slug for slug in _ordered_in(site).get(file.id, ()) if slug not in own][:MAX_FILTERS]
    yield from (("topic", chip.title) for chip in site.chips_of(Kind.TOPIC, topics if file.id in site.shown else ()))


@lru_cache(maxsize=1)
def _ordered_in(site: Site) -> Mapping[str, Sequence[str]]:
    """Map episodes to the topics that list them in `order`. The last result is cached for other pages."""
    found = defaultdict[str, list[str]](list)
    for slug, topic in site.catalog.topics.items():
        for id in dict.fromkeys(topic.order):
            found[id].append(slug)
    return found


def _links(file: EpisodeFile, series: Series | None) -> tuple[str, list[Link]]:
    """Return the address of an episode's official page, and the other links. The official page is the link that matches
    the series' address pattern, or else a link to the series' website."""
    links = file.meta.links
    own = address_of(series, file.number) if series and file.number is not None else ""
    # the comparison ignores the scheme and a trailing slash
    place = own.rstrip("/").partition("://")[2]
    found = next((way for way in links if own and way.url.rstrip("/").partition("://")[2] == place), None)
    if found is None and series and series.home:
        found = next((way for way in links if formatting.host(way.url) == formatting.host(series.home)), None)
    # drafts have no official page yet
    expected = "" if file.meta.status is Status.DRAFT else own
    return found.url if found else expected, [way for way in links if way is not found]


def _format(audio: Audio) -> str:
    format = _FORMATS.get(audio.type, audio.type.partition("/")[2].upper())
    return ", ".join(filter(None, (format, formatting.size(audio.bytes))))


def _elsewhere(file: EpisodeFile, translate: formatting.Translate) -> Iterator[Link]:
    for one in file.meta.alternates:
        kind = translate("format-video").capitalize() if one.type.startswith("video/") else translate("audio-file")
        yield Link.model_construct(title=f"{kind} ({_format(one)})", url=one.url)
    for found in file.meta.transcripts:
        facts = ", ".join(filter(None, (found.language, (found.type or "").partition("/")[2])))
        title = translate("transcript-kind", facts) if facts else translate("transcript")
        yield Link.model_construct(title=title, url=found.url)
    if file.meta.chapters:
        yield Link.model_construct(title=translate("chapters"), url=file.meta.chapters)


def _people(site: Site, file: EpisodeFile) -> tuple[tuple[Chip, str], ...]:
    roles: dict[str, set[str]] = {}
    for item in file.meta.people:
        roles.setdefault(item.person, set()).add(formatting.role(item.role, site.translate))
    return tuple(
        (chip, formatting.listing(sorted(names), site.translate))
        for slug, names in roles.items()
        if (chip := site.chips.get((Kind.PERSON, slug)))
    )


def _related(site: Site, file: EpisodeFile, item: Related) -> tuple[EpisodeCard, str, str]:
    """Return a related episode's card, the names of shared entries, and the names of shared participants."""
    both = {one.person for one in file.meta.people} & {one.person for one in site.catalog.episodes[item.id].meta.people}
    names: tuple[list[str], list[str]] = ([], [])
    for kind, slug in item.because:
        if chip := site.chips.get((kind, slug)):
            names[kind is Kind.PERSON and slug in both].append(chip.title)
    things, people = (formatting.listing(found, site.translate) for found in names)
    return site.cards[item.id], things, people

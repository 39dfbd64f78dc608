"""A page as linked data (JSON-LD 1.1, https://schema.org), and the other facts in the head of a page."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mlguide_site.config import Settings
from mlguide_site.model import SeriesKind, Status
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import page_url
from mlguide_site.pages.entity import PersonView, ResourceView, TermView, ToolView
from mlguide_site.pages.episode import EpisodeView
from mlguide_site.pages.home import HomeView
from mlguide_site.pages.indexes import GlossaryView
from mlguide_site.pages.series import SeriesView
from mlguide_site.pages.topic import TopicView
from mlguide_site.pages.view import View
from mlguide_site.publish.cards import card_of
from mlguide_site.publish.channels import FEED, licence_address
from mlguide_site.publish.records_json import filled

CONTEXT = "https://schema.org"
MOST = 5
"""How many names, people or addresses of a kind are listed."""
NAME = 200
"""Characters of a name."""
SERIES = {
    SeriesKind.PODCAST: ("PodcastSeries", "PodcastEpisode"),
    SeriesKind.LECTURES: ("CreativeWorkSeries", "LearningResource"),
    SeriesKind.COURSE: ("Course", "LearningResource"),
    SeriesKind.LOG: ("CreativeWorkSeries", "BlogPosting"),
}
"""What a series and its episodes are."""
FORMATS = {
    "book": "Book",
    "course": "Course",
    "video": "VideoObject",
    "podcast": "PodcastSeries",
    "audiobook": "Audiobook",
    "article": "Article",
    "paper": "ScholarlyArticle",
    "site": "WebSite",
    "degree": "EducationalOccupationalProgram",
    "tool": "SoftwareApplication",
    "tutorial": "LearningResource",
}
"""What a resource is, by its first format."""
Facts = dict[str, Any]


def linked_data(view: View, catalog: Catalog, settings: Settings) -> str:
    """The linked data of a page as one line of JSON that is safe in a script element; "" where there is nothing to
    say. Addresses are absolute where the site has one, else relative to the page."""
    place = _Place(view, catalog, settings)
    about = next((facts_of(place, view) for kind, facts_of in _KINDS if isinstance(view, kind)), None)
    nodes = [_short({"@type": about.pop("@type"), **about})] if about else []
    if view.crumbs:
        nodes.append(_breadcrumbs(place, view))
    if not nodes:
        return ""
    facts = {"@context": CONTEXT, **(nodes[0] if len(nodes) == 1 else {"@graph": nodes})}
    return inert(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))


def inert(text: str) -> str:
    r"""JSON with nothing in it that could end a script element or begin a tag, and on one line of printable characters.

    >>> inert('{"a":"</script><!-- & \u2028"}')
    '{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"}'
    """
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text if text.isprintable() else "".join(c if c.isprintable() else _spelled(c) for c in text)


def _spelled(char: str) -> str:
    return json.dumps(char)[1:-1] if ord(char) > 0x7E else f"\\u{ord(char):04x}"


class _Place(NamedTuple):
    """A page, and addresses seen from it."""

    view: View
    catalog: Catalog
    settings: Settings

    def url(self, url: str) -> str:
        """The address of a page or asset from its address relative to the site's root."""
        return (self.settings.site_url or self.view.root) + url

    def page(self, path: str) -> str:
        """The address of a page from its path in the folder of pages."""
        return self.url(page_url(path, self.settings.directories))

    def common(self, view: View, type: str, name: str = "") -> Facts:
        return {
            "@type": type,
            "name": (name or view.title)[:NAME],
            "description": view.description,
            "mainEntityOfPage": self.page(view.path),
        }


def _breadcrumbs(place: _Place, view: View) -> Facts:
    trail = [(chip.title, place.url(chip.url)) for chip in view.crumbs] + [(view.title, "")]
    items = [
        {"@type": "ListItem", "position": at, "name": name[:NAME], **({"item": url} if url else {})}
        for at, (name, url) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _episode(place: _Place, view: EpisodeView) -> Facts | None:
    file = place.catalog.episodes.get(view.path.rpartition("/")[2].removesuffix(".md"))
    if file is None or file.meta.status is not Status.PUBLISHED:
        return None
    series = place.catalog.series.get(file.series)
    whole, part = SERIES[series.kind] if series else SERIES[SeriesKind.PODCAST]
    podcast = part == "PodcastEpisode"
    above = view.series and {"@type": whole, "name": view.series.title[:NAME], "url": place.url(view.series.url)}
    audio = view.audio and {
        "@type": "AudioObject",
        "contentUrl": view.audio.address,
        "encodingFormat": view.audio.type,
    }
    return place.common(view, part) | {
        "sameAs": view.official.address if view.official else "",
        "datePublished": view.card.date,
        "episodeNumber": file.number if podcast else None,
        "duration" if podcast else "timeRequired": view.duration,
        "inLanguage": file.meta.language or place.settings.language,
        "associatedMedia": audio,
        "contributor": [_person(who.name, place.url(who.url)) for who in view.people[:MOST]],
        "partOfSeries" if podcast else "isPartOf": above,
    }


def _person(name: str, url: str = "") -> Facts:
    return {"@type": "Person", "name": name[:NAME], **({"url": url} if url else {})}


def _series(place: _Place, view: SeriesView) -> Facts:
    whole, _ = SERIES[SeriesKind(view.card.kind)]
    return place.common(view, whole, view.card.title) | {
        "sameAs": view.follow.home.address if view.follow.home else "",
        "image": place.url(view.card.image) if view.card.image else "",
        "author": [_person(view.author)] if view.author else [],
        "inLanguage": place.settings.language,
    }


def _home(place: _Place, view: HomeView) -> Facts:
    return {
        "@type": "WebSite",
        "name": view.site_name[:NAME],
        "description": view.description,
        "url": place.page(view.path),
        "inLanguage": place.settings.language,
        "license": licence_address(place.settings.site_licence),
    }


def _tool(place: _Place, view: ToolView) -> Facts:
    return place.common(view, "SoftwareApplication") | {
        "url": view.homepage.address if view.homepage else "",
        "sameAs": view.code.address if view.code else "",
        "alternateName": list(view.names[:MOST]),
        "applicationCategory": view.category.title[:NAME],
    }


def _resource(place: _Place, view: ResourceView) -> Facts:
    type = FORMATS.get(view.row.formats[0], "CreativeWork") if view.row.formats else "CreativeWork"
    by = "provider" if type == "EducationalOccupationalProgram" else "author"
    free = view.row.price == "free" and type != "EducationalOccupationalProgram"
    return place.common(view, type) | {
        "url": [offer.address for offer in view.offers[:MOST]],
        "alternateName": list(view.names[:MOST]),
        by: list(view.authors[:MOST]),
        "isAccessibleForFree": True if free else None,
    }


def _term(place: _Place, view: TermView) -> Facts:
    return place.common(view, "DefinedTerm") | {
        "alternateName": [*view.abbreviations, *view.names][:MOST],
        "inDefinedTermSet": place.page("glossary/index.md"),
    }


def _glossary(place: _Place, view: GlossaryView) -> Facts:
    url = place.page("glossary/index.md")
    name = f"{view.title}, {place.settings.site_name}"[:NAME]
    return {"@type": "DefinedTermSet", "@id": url, "name": name, "url": url, "description": view.description}


def _person_page(place: _Place, view: PersonView) -> Facts:
    return place.common(view, "Person") | {
        "jobTitle": view.role,
        "alternateName": list(view.names[:MOST]),
        "sameAs": [way.address for way in view.links[:MOST]],
    }


def _topic(place: _Place, view: TopicView) -> Facts:
    return place.common(view, "DefinedTerm") | {"alternateName": list(view.names[:MOST])}


def _short(facts: Facts) -> Facts:
    """The facts that have a value; a list of one as that one."""
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in filled(facts).items()
    }


_KINDS: tuple[tuple[type[View], Callable[[_Place, Any], Facts | None]], ...] = (
    (EpisodeView, _episode),
    (SeriesView, _series),
    (HomeView, _home),
    (ToolView, _tool),
    (ResourceView, _resource),
    (TermView, _term),
    (GlossaryView, _glossary),
    (PersonView, _person_page),
    (TopicView, _topic),
)


def head(view: View, catalog: Catalog, settings: Settings) -> Mapping[str, str]:
    """Keys and values, each value one line of printable characters, safe in a script element or, the paths among them,
    in an attribute, but for `feed_title`, which is text. `card` and `feed` are paths in the site; they need its address
    and are left out without."""
    found = {"linked_data": linked_data(view, catalog, settings)}
    if settings.site_url:
        found["card"] = card_of(view.path, catalog)
        if isinstance(view, SeriesView):
            # of each of its pages; a series may be called "page"
            found["feed"] = "/".join([*view.path.split("/")[:2], FEED])
            found["feed_title"] = " ".join(view.card.title.split())
    return {name: value for name, value in found.items() if value}

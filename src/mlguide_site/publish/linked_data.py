"""The linked data of a page (JSON-LD 1.1, https://schema.org), and other metadata for the head of a page."""

import json
import re
from collections.abc import Mapping
from typing import Any

from mlguide_site.config import Settings
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Person, Resource, SeriesKind, Status, Term, Tool, Topic
from mlguide_site.model.slugs import page_url
from mlguide_site.pages.episode_lists import SeriesCard
from mlguide_site.pages.facets import price_of
from mlguide_site.pages.view import View
from mlguide_site.publish.feeds import FEED, public_licence
from mlguide_site.publish.social_cards import card_of

MOST = 5  # maximum number of names, people or addresses in a property
MAX_NAME = 200  # maximum length of a name, in characters
SERIES = {
    SeriesKind.PODCAST: ("PodcastSeries", "PodcastEpisode"),
    SeriesKind.LECTURES: ("CreativeWorkSeries", "LearningResource"),
    SeriesKind.COURSE: ("Course", "LearningResource"),
    SeriesKind.LOG: ("CreativeWorkSeries", "BlogPosting"),
}
"""Maps the kind of a series to the schema.org types of the series and its episodes."""
FORMATS = {
    "book": "Book",
    "course": "Course",
    "video": "VideoObject",
    "podcast": "PodcastSeries",
    "audiobook": "Audiobook",
    "article": "Article",
    "paper": "ScholarlyArticle",
    "site": "WebSite",
    "tool": "SoftwareApplication",
    "tutorial": "LearningResource",
}
"""Maps the first format of a resource to the resource's schema.org type."""
_ORGANISATION = re.compile(
    r"\b(?:inc|llc|ltd|gmbh|corporation|media|network|radio|studios?|productions?|labs?|podcasts?|team|community)\b\.?$"
    r"|\b(?:university|institute|foundation|association|society)\b",
    re.I,
)
"""Finds the name of an organisation."""
_ROLES = frozenset(
    "organisation organization company publisher university institute foundation association network studio team"
    " community".split()
)
"""The roles of organisations."""
Facts = dict[str, Any]


def linked_data(view: View, catalog: Catalog, settings: Settings) -> str:
    """Return a page's linked data as one line of JSON that is safe in a script element, or "" if there is no data."""
    page = _Page(view, catalog, settings)
    nodes = [page.breadcrumbs()] if view.crumbs else []
    if about := page.about():
        facts = {name: value for name, value in about.items() if value not in ("", None, [])}
        single = {name: value[0] for name, value in facts.items() if isinstance(value, list) and len(value) == 1}
        nodes.insert(0, facts | single)
    if not nodes:
        return ""
    return inert({"@context": "https://schema.org", **(nodes[0] if len(nodes) == 1 else {"@graph": nodes})})


def inert(value: object) -> str:
    r"""Return a value as one line of printable JSON that can't end a script element or begin a tag."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if not text.isprintable():
        text = json.dumps(value, separators=(",", ":")).replace("\x7f", "")
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class _Page:
    """The linked data of one page. If the site has no address, addresses are relative to the page."""

    def __init__(self, view: View, catalog: Catalog, settings: Settings) -> None:
        self.view, self.catalog, self.settings = view, catalog, settings

    def url(self, url: str) -> str:
        return (self.settings.site_url or self.view.root) + url

    def page(self, path: str) -> str:
        return self.url(page_url(path, self.settings.directories))

    def breadcrumbs(self) -> Facts:
        trail = [(chip.title, {"item": self.url(chip.url)}) for chip in self.view.crumbs] + [(self.view.title, {})]
        items = [
            {"@type": "ListItem", "position": at, "name": name[:MAX_NAME], **item}
            for at, (name, item) in enumerate(trail, 1)
        ]
        return {"@type": "BreadcrumbList", "itemListElement": items}

    def about(self) -> Facts | None:
        view, address, language = self.view, self.page(self.view.path), self.settings.language
        facts: Facts = {"name": view.title[:MAX_NAME], "description": view.description, "mainEntityOfPage": address}
        values = view.values
        subject = values.get("entry", view.kind)
        match subject:
            case "episode":
                return self.episode(facts)
            case "home":
                licence = public_licence(self.settings.site_licence)[1]
                return {"@type": "WebSite", **facts, "url": address, "inLanguage": language, "license": licence}
            case "series":
                card: SeriesCard = values["card"]
                series = card.series
                author = [{"@type": _party(series.author), "name": series.author[:MAX_NAME]}] if series.author else []
                image = self.url(card.image) if card.image else ""
                facts |= {"name": series.title[:MAX_NAME], "sameAs": series.home, "image": image, "author": author}
                return {"@type": SERIES[series.kind][0], **facts, "inLanguage": language}
            case Tool() as tool:
                category, type = values["category"].title[:MAX_NAME], "SoftwareApplication"
                facts |= {"url": tool.homepage, "sameAs": tool.source, "applicationCategory": category}
            case Resource() as resource:
                type = FORMATS.get(resource.formats[0], "CreativeWork")
                facts |= {"url": [found.url for found in resource.urls[:MOST]], "author": list(resource.authors[:MOST])}
                facts["isAccessibleForFree"] = True if price_of(resource) == "free" else None
            case Person() as person:
                type = _party(person.name, person.role)
                facts["jobTitle"] = person.role if type == "Person" else ""
                facts["sameAs"] = [link.url for link in person.links[:MOST]]
            case Term():
                type = "DefinedTerm"
                facts["inDefinedTermSet"] = self.page("glossary/index.md")
            case Topic():
                type = "DefinedTerm"
            case _:
                return None
        names = [*getattr(subject, "abbreviations", ()), *subject.aliases]
        return {"@type": type, **facts, "alternateName": names[:MOST]}

    def episode(self, facts: Facts) -> Facts | None:
        file = self.catalog.episodes[self.view.path.rpartition("/")[2].removesuffix(".md")]
        if file.meta.status is not Status.PUBLISHED:
            return None
        series, meta, values = self.catalog.series.get(file.series), file.meta, self.view.values
        whole, part = SERIES[series.kind if series else SeriesKind.PODCAST]
        is_podcast = part == "PodcastEpisode"
        slugs = dict.fromkeys(one.person for one in meta.people)
        people = [self.catalog.people[slug] for slug in slugs if slug in self.catalog.people]
        facts |= {
            "sameAs": values["official"],
            "datePublished": values["card"].date,
            "episodeNumber": file.number if is_podcast else None,
            "duration" if is_podcast else "timeRequired": f"PT{meta.duration}S" if meta.duration else "",
            "inLanguage": meta.language or self.settings.language,
            "keywords": list(meta.tags),
            "contributor": [
                {"@type": _party(one.name, one.role), "name": who.title[:MAX_NAME], "url": self.url(who.url)}
                for (who, _), one in zip(values["people"][:MOST], people, strict=False)
            ],
        }
        if audio := meta.audio:
            facts["associatedMedia"] = {"@type": "AudioObject", "contentUrl": audio.url, "encodingFormat": audio.type}
        if series:
            above = {"@type": whole, "name": series.title[:MAX_NAME], "url": self.url(self.view.crumbs[-1].url)}
            facts["partOfSeries" if is_podcast else "isPartOf"] = above
        return {"@type": part, **facts}


def _party(name: str, role: str = "") -> str:
    return "Organization" if role.casefold() in _ROLES or _ORGANISATION.search(name) else "Person"


def head(view: View, catalog: Catalog, settings: Settings) -> Mapping[str, str]:
    """Return metadata for a page's head, each value as one printable line. `linked_data` is safe in a script element,
    and the paths `card` and `feed`, which need a site with an address, in attributes. Escape `feed_title`."""
    found = {"linked_data": linked_data(view, catalog, settings)}
    if settings.site_url:
        found["card"] = card_of(view.path, catalog, settings.site_name)
        if view.kind == "series":
            # the folder of the series is the first two parts of the path, such as `episodes/mla/page/2.md`
            found["feed"] = "/".join([*view.path.split("/")[:2], FEED])
            found["feed_title"] = " ".join(view.values["card"].series.title.split())
    return {name: value for name, value in found.items() if value}

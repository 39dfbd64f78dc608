"""`llms.txt` (https://llmstxt.org): the site for language models, with links to the Markdown copies of its pages.

Its size has a limit: what a section has no room for is behind a link to its index, and `catalog.json` has it all.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.config import Settings
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.markdown.escape import escape_text
from mlguide_site.model import Kind
from mlguide_site.model.slugs import page_path
from mlguide_site.model.wording import Wording
from mlguide_site.pages.words import clamp, plain_line
from mlguide_site.publish.channels import FEED
from mlguide_site.publish.markdown_copies import markdown_path
from mlguide_site.publish.opml import RESOURCES

MOST_SERIES = 50
MOST_EPISODES = 150
MOST_TOPICS = 60
MOST_TOOLS = 40
LINE = 160
"""Characters of an entry's summary."""


class _Line(NamedTuple):
    title: str
    path: str
    summary: str


def llms_txt(linked: LinkedCatalog, settings: Settings) -> bytes:
    """The text of `llms.txt`, UTF-8, one line end at its end."""
    catalog = linked.catalog
    listed = [id for ids in catalog.listed.values() for id in ids]
    series = [
        _Line(
            series.title,
            f"episodes/{name}/index.md",
            f"{Wording(thousands='').count(len(catalog.listed[name]), 'episode')}. {series.summary}",
        )
        for name, series in catalog.series.items()
    ]
    episodes = [
        _Line(file.meta.title, page_path("episode", id, file.series), file.meta.summary)
        for id in listed
        if (file := catalog.episodes[id])
    ]
    topics = _named(linked, Kind.TOPIC)
    tools = _named(linked, Kind.TOOL)
    counted = [
        (len(listed), "Episodes", "episodes", f"{len(listed)} in {len(catalog.series)} series"),
        (len(listed), "Learning path", "path", "the episodes in an order to hear them"),
        (len(catalog.topics), "Topics", "topics", str(len(catalog.topics))),
        (len(catalog.tools), "Tools", "tools", f"{len(catalog.tools)}, with every place that names them"),
        (len(catalog.resources), "Resources", "resources", f"{len(catalog.resources)} books, courses and the like"),
        (len(catalog.terms), "Glossary", "glossary", f"{len(catalog.terms)} terms"),
        (len(catalog.people), "People", "people", str(len(catalog.people))),
    ]
    indexes = [_Line(title, f"{folder}/index.md", summary) for count, title, folder, summary in counted if count]
    summary = settings.site_description or f"Notes on {', '.join(line.title for line in series[:5])}."
    parts = [
        f"# {_text(settings.site_name)}",
        f"> {_text(clamp(summary, 500))}",
        "Every page is here as Markdown too: each link below leads to one"
        + (", and so does any page's address with `index.md` behind it." if settings.directories else "."),
        _section("Series", series[:MOST_SERIES], settings),
        # all or none: a list cut within a series would be of no use
        _section("Episodes", episodes if len(episodes) <= MOST_EPISODES else [], settings),
        _section("Topics", topics[:MOST_TOPICS], settings),
        _section("Tools", tools[:MOST_TOOLS], settings),
        _section("Indexes", indexes, settings),
        _data(linked, settings),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8", "replace")


def _named(linked: LinkedCatalog, kind: Kind) -> list[_Line]:
    """The entries of a kind, those that most episodes name first."""
    entries = linked.catalog.entries(kind)
    counts = {slug: len(linked.episodes_of.get((kind, slug), ())) for slug in entries}
    return [
        _Line(getattr(entries[slug], "name", slug), page_path(kind.value, slug), getattr(entries[slug], "summary", ""))
        for slug in sorted(entries, key=lambda slug: (-counts[slug], slug))
    ]


def _section(title: str, lines: Sequence[_Line], settings: Settings) -> str:
    return f"## {title}\n\n" + "\n".join(_lines(lines, settings)) if lines else ""


def _lines(lines: Iterable[_Line], settings: Settings) -> Iterable[str]:
    for title, path, summary in lines:
        link = f"- [{_text(title)}]({settings.site_url}{markdown_path(path, settings.directories)})"
        yield f"{link}: {_text(clamp(summary, LINE))}" if summary.strip() else link


def _data(linked: LinkedCatalog, settings: Settings) -> str:
    """What programs read; the section that a reader short of room may skip is called so by the format."""
    lines = [
        f"- [catalog.json]({settings.site_url}catalog.json): everything and its links, as JSON",
        f"- [catalog.schema.json]({settings.site_url}catalog.schema.json): the JSON Schema of it",
    ]
    if linked.catalog.resources:
        lines.append(f"- [{RESOURCES}]({settings.site_url}{RESOURCES}): the tree of resources as OPML")
    if settings.site_url:
        lines += [
            f"- [feed.xml]({settings.site_url}{FEED}): all episodes as RSS",
            f"- [sitemap.xml]({settings.site_url}sitemap.xml): every page",
        ]
    return "## Optional\n\n" + "\n".join(lines)


def _text(text: str) -> str:
    return escape_text(plain_line(text))

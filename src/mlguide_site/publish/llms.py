"""`llms.txt` (https://llmstxt.org): the site for language models, with links to the Markdown copies of its pages.

Its size has a limit: what a section has no room for is behind a link to its index, and `catalog.json` has it all.
"""

from collections.abc import Iterable

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
Line = tuple[str, str, str]
"""A title, the path of its page and a summary."""


def llms_txt(linked: LinkedCatalog, settings: Settings) -> bytes:
    """The text of `llms.txt`, UTF-8, one line end at its end."""
    catalog = linked.catalog
    listed = [catalog.episodes[id] for ids in catalog.listed.values() for id in ids]
    count = Wording(thousands="").count
    series = [
        (series.title, f"episodes/{name}/index.md", f"{count(len(catalog.listed[name]), 'episode')}. {series.summary}")
        for name, series in catalog.series.items()
    ]
    episodes = [(file.meta.title, page_path("episode", file.id, file.series), file.meta.summary) for file in listed]
    counted = [
        (len(listed), "Episodes", "episodes", f"{len(listed)} in {len(series)} series"),
        (len(listed), "Learning path", "path", "the episodes in an order to hear them"),
        (len(catalog.topics), "Topics", "topics", str(len(catalog.topics))),
        (len(catalog.tools), "Tools", "tools", f"{len(catalog.tools)}, with every place that names them"),
        (len(catalog.resources), "Resources", "resources", f"{len(catalog.resources)} books, courses and the like"),
        (len(catalog.terms), "Glossary", "glossary", f"{len(catalog.terms)} terms"),
        (len(catalog.people), "People", "people", str(len(catalog.people))),
    ]
    indexes = [(title, f"{folder}/index.md", summary) for count, title, folder, summary in counted if count]
    summary = settings.site_description or f"Notes on {', '.join(title for title, _, _ in series[:5])}."
    sections = {
        "Series": series[:MOST_SERIES],
        # all or none: a list cut within a series would be of no use
        "Episodes": episodes if len(episodes) <= MOST_EPISODES else [],
        "Topics": _named(linked, Kind.TOPIC)[:MOST_TOPICS],
        "Tools": _named(linked, Kind.TOOL)[:MOST_TOOLS],
        "Indexes": indexes,
    }
    data = [("catalog.json", "everything and its links, as JSON"), ("catalog.schema.json", "the JSON Schema of it")]
    if catalog.resources:
        data.append((RESOURCES, "the tree of resources as OPML"))
    if settings.site_url:
        data += [(FEED, "all episodes as RSS"), ("sitemap.xml", "every page")]
    parts = [
        f"# {_text(settings.site_name)}",
        f"> {_text(clamp(summary, 500))}",
        "Every page is here as Markdown too: each link below leads to one"
        + (", and so does any page's address with `index.md` behind it." if settings.directories else "."),
        *(f"## {title}\n\n" + "\n".join(_lines(lines, settings)) for title, lines in sections.items() if lines),
        # the format calls the section that a reader short of room may skip so
        "## Optional\n\n" + "\n".join(f"- [{name}]({settings.site_url}{name}): {text}" for name, text in data),
    ]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _named(linked: LinkedCatalog, kind: Kind) -> list[Line]:
    """The entries of a kind, those in most episodes first."""
    entries = linked.catalog.entries(kind)
    slugs = sorted(entries, key=lambda slug: (-len(linked.episodes_of.get((kind, slug), ())), slug))
    return [
        (getattr(entries[slug], "name", slug), page_path(kind.value, slug), getattr(entries[slug], "summary", ""))
        for slug in slugs
    ]


def _lines(lines: Iterable[Line], settings: Settings) -> Iterable[str]:
    for title, path, summary in lines:
        link = f"- [{_text(title)}]({settings.site_url}{markdown_path(path, settings.directories)})"
        yield f"{link}: {_text(clamp(summary, LINE))}" if summary.strip() else link


def _text(text: str) -> str:
    return escape_text(plain_line(text))

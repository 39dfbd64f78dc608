"""Small knowledge bases in memory, loaded and linked as in the pipeline."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import yaml

from labels import Settings
from mlguide_site.content.load import load
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.transcript_formats import may_be_transcript as is_spoken
from mlguide_site.content.transcript_formats import read_root_transcripts as read_spoken
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.resolve import link
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.pages.notes import notes
from mlguide_site.pages.page_kinds import PAGE_KINDS
from mlguide_site.pages.render import Renderer
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import View

Base = SimpleNamespace
"""Has `linked`, `settings` and `site`; `pages` maps paths to the views of all pages, and `views` to their content."""


TALK = """WEBVTT

00:00.000 --> 00:04.000
<v Robin Green>Welcome to the <i>greenhouse</i>.

00:04.500 --> 00:09.000
<v Robin Green>Today: a < b & "ferns".

01:02:03.250 --> 01:02:05.000
<v Ann>So long.
"""
CHAPTERS = """{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Welcome"},
{"startTime": 3723, "title": "<b>End</b>", "url": "https://s.example/end"}]}"""


def note(id: str, body: str = "", **fields: object) -> tuple[str, bytes]:
    """Return the path and the bytes of a note. The series is the part of the id before the first hyphen."""
    meta = yaml.safe_dump({"id": id, "title": f"About {id}", **fields}, allow_unicode=True, sort_keys=False)
    return f"episodes/{id.partition('-')[0]}/{id}.md", f"---\n{meta}---\n\n{body}".encode()


def own_page(name: str, body: str = "", **fields: object) -> tuple[str, bytes]:
    """Return the path and the bytes of a file in `pages/`."""
    meta = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    return f"pages/{name}.md", f"---\n{meta}---\n\n{body}".encode()


def make(knowledge: dict[str, object], episodes: Iterable[tuple[str, bytes]] = (), **settings: object) -> Base:
    files = {f"knowledge/{name}.yml": yaml.safe_dump(table).encode() for name, table in knowledge.items()}
    episodes = dict(episodes)
    beside = {path: data for path, data in episodes.items() if is_spoken(path)}
    files |= {path: data for path, data in episodes.items() if path not in beside}
    loaded = load(files, frozenset(settings.pop("assets", ())), drafts=bool(settings.get("preview")))
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    said = read_spoken(beside, [(file.series, id) for id, file in loaded.catalog.episodes.items()])
    assert not said.problems, "\n".join(map(str, said.problems))
    catalog = replace(loaded.catalog, transcripts=said.transcripts, chapters=said.chapters)
    documents = {id: parse(file.body, file.meta.title) for id, file in catalog.texts.items()}
    names, references = NameTable.of(catalog), ReferenceTable.of(catalog)
    scans = {id: scan(documents[id], names, references, catalog.texts[id].meta) for id in documents}
    linked = link(catalog, documents, scans)
    given = Settings(**{"site_name": "Ferns", **settings})
    pages = {view.path: view for view in views(linked, given)}
    return Base(
        linked=linked,
        settings=given,
        site=Site(linked, given, partial(notes, linked)),
        pages=pages,
        views={path: shown(view) for path, view in pages.items()},
    )


def views(linked: LinkedCatalog, settings: Settings) -> Iterator[View]:
    """Yield the views of all pages, one kind after the other."""
    site = Site(linked, settings, partial(notes, linked))
    for kind in PAGE_KINDS:
        for subject in kind.subjects(site):
            yield kind.view(site, subject)


def shown(view: View) -> SimpleNamespace:
    """Return the content of a page: the values of its head and of its template."""
    return SimpleNamespace(
        kind=view.kind, title=view.title, description=view.description, crumbs=view.crumbs, **view.values
    )


def ferns(count: int = 8, **settings: object) -> Base:
    """Return a show on gardening with `count` episodes, entries of every kind, and every field that an episode can
    have."""
    knowledge = {
        "series": {
            "fern": {
                "title": "The Fern Hour",
                "prefix": "FH",
                "home": "https://ferns.example/",
                "address": "https://ferns.example/{number}",
                "author": "Fern Society",
                "licence": "CC BY 4.0",
                "unofficial": True,
                "subscribe": [{"title": "Elsewhere", "url": "https://cast.example/fern"}],
                "feed": "https://ferns.example/feed",
            },
            "talk": {"title": "Garden Talks", "kind": "lectures", "order": 1},
        },
        "topics": {
            "soil": {"name": "Soil", "summary": "What things grow in."},
            "compost": {"name": "Compost", "parent": "soil", "order": ["fern-003", "fern-001"]},
            "light": {"name": "Light"},
        },
        "tools": {
            "trowel": {
                "name": "Trowel",
                "category": "Hand tools",
                "topics": ["soil"],
                "homepage": "https://t.example/",
            },
            "rake": {"name": "Rake", "category": "hand tools"},
            "hose": {"name": "Hose"},
        },
        "resources": {
            "shelf": {
                "title": "A shelf of books",
                "pick": "ordered",
                "children": {
                    "mosses": {"title": "On Mosses", "format": "book", "price": "free", "urls": ["https://m.example/"]},
                    "spores": {"title": "Spores at Home", "format": ["book", "course"], "importance": "essential"},
                },
            },
            "herbarium": {"title": "The Open Herbarium", "format": "site", "episodes": ["fern-002"]},
        },
        "glossary": {
            "frond": {"term": "Frond", "definition": "A fern's leaf.", "see": ["rhizome"]},
            "rhizome": {"term": "Rhizome", "abbreviations": ["RZ"], "definition": "A stem below the ground."},
        },
        "people": {"robin": {"name": "Robin Green", "role": "gardener"}},
    }
    episodes = [
        note(
            f"fern-{number:03}",
            "A Trowel cuts a frond from its rhizome.\n\n## Tools\n\nThe Trowel again, and Robin Green's rake.\n"
            + ("\nAs in FH 1.\n" if number > 1 else ""),
            date=f"{2019 + number // 4}-03-{number % 28 + 1:02}",
            duration="00:31:00",
            summary=f"Summary {number}.",
            topics=["compost"] if number % 2 else ["light"],
        )
        for number in range(1, count + 1)
        if number != 4
    ]
    episodes += [
        note(
            "talk-001",
            place="Greenhouse",
            people=[{"person": "robin", "role": "host"}, {"person": "robin", "role": "chair"}],
            requires=["fern-001"],
            links=[{"title": "Slides", "url": "https://s.example/"}],
            audio={"url": "https://s.example/a.mp3", "type": "audio/mpeg", "bytes": 12_300_000},
            language="fr",
            truncated=True,
        ),
        note("talk-002", status="cancelled"),
        note("talk-003"),
        own_page(
            "about", "A Trowel is ours. See [why](notes/why.md) and [FH 1](../episodes/fern/fern-001.md).", title="Us"
        ),
        own_page("notes/why", "## Part\n\nSee [us](../about.md), [all](../tools/index.md).", title="Why"),
        ("episodes/talk/talk-001.vtt", TALK.encode()),
        ("episodes/talk/talk-001.chapters.json", CHAPTERS.encode()),
    ]
    return make(knowledge, episodes, **settings)


def render(base: Base) -> dict[str, str]:
    """Return all pages of a knowledge base by path, rendered with the packaged templates."""
    renderer = Renderer([packaged_templates()], base.settings.wording)
    return {path: renderer.render(view) for path, view in base.pages.items()}

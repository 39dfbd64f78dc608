"""Checks of the whole catalog, such as unknown slugs, cycles, missing images and duplicate names."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter
from itertools import count
from typing import NamedTuple

from mlguide_site.content.knowledge import NAMING, PATHS
from mlguide_site.errors import Problem, Severity, Span, suggestion, visible
from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.names import Named
from mlguide_site.linking.spelling import spellings
from mlguide_site.markdown.formulas import formula_size, split_formulas, unsupported
from mlguide_site.markdown.limits import MAX_FILE_FORMULAS
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import PAGES, episode_id, id_suggestion, is_slug, make_slug, series_of
from mlguide_site.pages.page_kinds import INDEXED

MAX_TOPIC_DEPTH = 20
MAX_SUGGESTED = 200  # maximum number of suggestions for unknown names, and of suggestions for broken links
_MARKDOWN = re.compile(
    r"(?<![A-Za-z0-9)\]])\*\*[^\s*=](?:[^*\n]{0,200}[^\s*])?\*\*(?![A-Za-z0-9(])|`[^`\n]{1,200}`"
    r"|(?<![A-Za-z0-9_])\[[^\[\]\n]{1,200}\]\((?:https?:|[\w./#-])[^\s()]{0,300}\)"
)
"""Stressed words, code and links in Markdown."""
_SHORT_NUMBER = re.compile(r"(?:s(?P<season>[0-9]{1,4})-)?(?P<number>[0-9]{1,2})")
EPISODE = "episode"
_FILE_NAMES = (
    "404 catalog.json catalog.schema.json cname glossary.csv _headers llms.txt manifest.json offline.json".split()
)
_GENERATED = {*INDEXED, "index", "assets", "pagefind", *_FILE_NAMES}  # names that are not allowed in `pages/`
_FILES = {**PATHS, EPISODE: "episodes/"}  # the file or folder with the records of each kind
# each row: a kind of entry, a field with slugs or ids of other records, and the kind of these records
_ENTRY_FIELDS = [(owner, *use) for owner, fields in NAMING.items() if owner != EPISODE for use in fields.items()]


class Unknown(NamedTuple):
    """A use of an unknown slug or id."""

    path: str
    span: Span
    kind: str  # the kind of the missing record
    slug: str
    severity: Severity = Severity.ERROR


def check_catalog(catalog: Catalog) -> tuple[Problem, ...]:
    """Return all problems of a catalog except those of `check_pages` and `shared_names`."""
    tables, former = _tables(catalog), former_names(catalog)
    names = {kind: sorted(table) for kind, table in tables.items()}
    problems = []
    for at, (path, span, kind, slug, severity) in enumerate(unknown_names(catalog)):
        suggest = id_suggestion if kind == EPISODE else suggestion
        known = names[kind] if at < MAX_SUGGESTED else ()
        remedy = suggest(slug, known, f"add it to {_FILES[kind]}, or remove it here")
        if new := former.get((kind, slug)):
            remedy = f'write its new name "{new}", or run mlguide check --fix'
        problems.append(Problem(path, span, f'unknown {kind} "{slug}"', remedy, severity))
    more = (_topics, _requires_and_images, _short_numbers, _authors, _old_addresses, _plain_texts)
    return tuple(sorted({*problems, *(problem for check in more for problem in check(catalog))}))


def _tables(catalog: Catalog) -> dict[str, Mapping[str, object]]:
    return {EPISODE: catalog.episodes, **{kind.value: catalog.entries(kind) for kind in Kind}}


def unknown_names(catalog: Catalog) -> Iterator[Unknown]:
    """Yield the unknown slugs and ids in episodes and entries. Invalid records and drafts count as known."""
    tables = _tables(catalog)

    def is_unknown(kind: str, slug: str) -> bool:
        return not {slug, _FILES[kind]} & catalog.broken and slug not in tables[kind]

    for file in catalog.episodes.values():
        for field, kind in NAMING[EPISODE].items():
            for at, slug in enumerate(getattr(file.meta, field)):
                if is_unknown(kind, slug):
                    yield Unknown(file.path, file.span(field, at), kind, slug)
        for at, role in enumerate(file.meta.people):
            if is_unknown("person", role.person):
                yield Unknown(file.path, file.span("people", at, "person"), "person", role.person)
    for owner, field, kind in _ENTRY_FIELDS:
        for name, entry in (catalog.series if owner == "series" else catalog.entries(Kind(owner))).items():
            path, place = catalog.places[owner, name]
            value = getattr(entry, field) or ()
            for at, slug in enumerate((value,) if isinstance(value, str) else value):
                if is_unknown(kind, slug):
                    # an unknown id in `episodes` isn't an error: the episode may have no notes, or be in another root
                    tolerated = Severity.HINT if any(series_of(slug, catalog.series)) else Severity.WARNING
                    severity = tolerated if field == "episodes" else Severity.ERROR
                    yield Unknown(path, catalog.uses.get((owner, name, field, at), place), kind, slug, severity)


def former_names(catalog: Catalog) -> dict[tuple[str, str], str]:
    """Map (kind, former slug or id) to the new slug or id. A former name that several records share is omitted."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    renamed = [(EPISODE, id, file.meta.former) for id, file in catalog.episodes.items()]
    renamed += [(kind.value, slug, entry.former) for kind in Kind for slug, entry in catalog.entries(kind).items()]
    for kind, new, former in renamed:
        for old in former:
            found[kind, old].add(new)
    return {old: next(iter(new)) for old, new in found.items() if len(new) == 1}


def _topics(catalog: Catalog) -> Iterator[Problem]:
    """Yield a problem for each topic that is its own ancestor or has too many ancestors."""
    parents = {slug: [one.parent] for slug, one in catalog.topics.items() if one.parent in catalog.topics}
    if cycle := _cycle(parents):
        path, span = catalog.places["topic", cycle[0]]
        span = catalog.uses.get(("topic", cycle[0], "parent", 0), span)
        message = f"the parents of topics form a cycle: {_arrows(cycle)}"
        yield Problem(path, span, message, 'remove one "parent" field')
        return
    depths: dict[str | None, int] = {}
    for slug in TopologicalSorter(parents).static_order():
        depths[slug] = 1 + max((depths[parent] for parent in parents.get(str(slug), ())), default=-1)
        if slug and depths[slug] == MAX_TOPIC_DEPTH + 1:
            message = f'the topic "{slug}" has more than {MAX_TOPIC_DEPTH} topics above it'
            yield Problem(*catalog.places["topic", slug], message, "move it, or a topic above it, to a higher level")


def _requires_and_images(catalog: Catalog) -> Iterator[Problem]:
    """Yield a problem for episodes that require each other in a cycle, and for each missing cover or image."""
    episodes = catalog.episodes
    requires = {id: [need for need in file.meta.requires if need in episodes] for id, file in episodes.items()}
    if cycle := _cycle(requires):
        file = episodes[cycle[0]]
        place = file.span("requires", file.meta.requires.index(cycle[1]))
        message = f"the prerequisites of episodes form a cycle: {_arrows(cycle)}"
        yield Problem(file.path, place, message, 'remove one id from "requires"')
    for name, series in catalog.series.items():
        folder = f"episodes/{name}/"
        if series.cover and f"{folder}{series.cover}" not in catalog.assets:
            message, remedy = f'the cover "{series.cover}" does not exist', f"put it in {folder}"
            yield Problem(*catalog.places["series", name], message, remedy, Severity.WARNING)
    for file in episodes.values():
        image, folder = file.meta.image, f"episodes/{file.series}/"
        if image and not {f"{folder}{image}", f"{folder}{file.id}/{image}"} & catalog.assets:
            message = f'the image "{image}" does not exist'
            yield Problem(file.path, file.span("image"), message, f"put it beside the notes in {folder}")


def _short_numbers(catalog: Catalog) -> Iterator[Problem]:
    """Yield a problem for each id such as `mlg-7`, because the reference `MLG 7` finds only the id `mlg-007`."""
    for id, file in catalog.episodes.items():
        found = _SHORT_NUMBER.fullmatch(id.removeprefix(f"{file.series}-")) if file.number is None else None
        if found:
            season = int(found["season"]) if found["season"] else None
            free = (episode_id(file.series, number, season) for number in count(int(found["number"])))
            new = next(one for one in free if one not in catalog.episodes)
            message, remedy = f'the number of the id "{id}" needs three digits', f"run: mlguide rename {id} {new}"
            yield Problem(file.path, file.span("id"), message, remedy, Severity.WARNING)


def _authors(catalog: Catalog) -> Iterator[Problem]:
    """Yield a problem for each author of a resource that is a person's slug, because pages show authors as written."""
    for slug, resource in catalog.resources.items():
        for name in resource.authors:
            if is_slug(name) and (name in catalog.people or name in catalog.broken):
                person = catalog.people.get(name)
                if person and person.name == name:
                    continue
                remedy = f'write the name "{person.name}"' if person else "write the person's name"
                message = f'the author "{name}" is the slug of a person'
                yield Problem(*catalog.places["resource", slug], message, remedy, Severity.WARNING)


def _old_addresses(catalog: Catalog) -> Iterator[Problem]:
    """Yield a hint for each old address of several episodes, because it leads to the first of them only."""
    first: dict[str, str] = {}
    for id, file in catalog.episodes.items():
        for at, old in enumerate(file.meta.redirects):
            if (owner := first.setdefault(old.strip("/"), id)) != id:
                message, remedy = (
                    f'the old address "{old}" already leads to {owner}',
                    "remove it from one of the episodes",
                )
                yield Problem(file.path, file.span("redirects", at), message, remedy, Severity.HINT)


def _plain_texts(catalog: Catalog) -> Iterator[Problem]:
    """Yield a problem for each file with too many formulas, and for each unsupported formula in the other files. Also
    yield a hint for Markdown in definitions, questions and answers, which are plain text with formulas."""
    texts: list[tuple[str, Span | Callable[[], Span], str]] = []
    for slug, term in catalog.terms.items():
        texts.append((*catalog.places["term", slug], term.definition))
    for slug, topic in catalog.topics.items():
        asked = [text for one in topic.questions for text in (one.question, one.answer)]
        texts += [(*catalog.places["topic", slug], text) for text in asked]
    for file in catalog.episodes.values():
        # a position is found only when it is needed, because finding it parses the front matter again
        for at, one in enumerate(file.meta.questions):
            texts += [(file.path, partial(file.span, "questions", at), text) for text in (one.question, one.answer)]
    sizes = Counter[str]()
    for path, _, text in texts:
        sizes[path] += formula_size(text)
    for path, size in sizes.items():
        if size > MAX_FILE_FORMULAS:
            message = f"the formulas of terms and questions have more than {MAX_FILE_FORMULAS:,} characters"
            yield Problem(path, Span(), message, "remove some")
    for path, span, text in texts:
        for part, formula in split_formulas(text) if sizes[path] <= MAX_FILE_FORMULAS else ():
            if formula and not formula.is_supported:
                yield Problem(path, span() if callable(span) else span, *unsupported(formula), Severity.WARNING)
            if found := _MARKDOWN.search(part):
                message = f'the Markdown "{visible(found[0])[:60]}" is shown as it is written'
                remedy = "write plain text; only formulas between dollar signs are formatted here"
                yield Problem(path, span() if callable(span) else span, message, remedy, Severity.HINT)


def check_pages(catalog: Catalog) -> Iterator[Problem]:
    """Yield a problem for each file in `pages/` that has an invalid name or the same address as another file, and for
    each asset that could take the place of a generated file."""
    for path in sorted(path for path in catalog.assets if path.startswith(("episodes/", PAGES))):
        folders = path.split("/")[1:-1]
        if not folders and not path.startswith(PAGES):
            yield Problem(path, Span(), "this file is in no folder of a series", "move it to episodes/<series>/")
        elif named := [name for name in folders if re.search(r"\.[A-Za-z]", name)]:
            message = f'the folder "{named[0]}" has the name of a file'
            yield Problem(path, Span(), message, "rename the folder, without a letter after a dot")
    owners: dict[str, str] = {}
    for path in sorted([*catalog.pages, *(path for path in catalog.assets if path.startswith(PAGES))]):
        address = path.removeprefix(PAGES).removesuffix(".md")
        names, other = address.split("/"), owners.setdefault(address.removesuffix("/index"), path)
        top = names[0].lower()
        if top in _GENERATED or re.fullmatch(r"catalog-\d+\.json", top):
            message, remedy = f'the address "{top}" is reserved for generated files', "rename the file or its folder"
            yield Problem(path, Span(), message, remedy)
        elif top == "robots.txt":
            remedy = "remove it, unless search engines need other rules"
            yield Problem(path, Span(), "this file replaces the generated robots.txt", remedy, Severity.WARNING)
        elif other != path:
            yield Problem(path, Span(), f"{other} has the same address", "rename or remove one of the two")
        elif path in catalog.pages and not all(name == "index" or is_slug(name) for name in names):
            remedy = f"use lower-case letters, digits and hyphens, as in {'/'.join(map(make_slug, names))}.md"
            yield Problem(path, Span(), "this file name can't be part of an address", remedy)


def _cycle(edges: Mapping[str, Sequence[str | None]]) -> list[str]:
    """Return a cycle of a graph, or []. A cycle starts and ends with the node that is first in sorted order."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        loop = error.args[1][:0:-1]
        least = loop.index(min(loop))
        return [*loop[least:], *loop[:least], loop[least]]
    return []


def _arrows(cycle: Sequence[str]) -> str:
    """Return a cycle for a message, without the middle of a long one."""
    return " → ".join(cycle if len(cycle) < 20 else (*cycle[:10], "…", cycle[-1]))


def shared_names(catalog: Catalog) -> dict[tuple[Kind, str, str], Problem]:
    """Find entries of one kind with equal names, aliases or abbreviations. Return a problem for each pair, by kind and
    both slugs. Ignore case, hyphens, spaces and plurals. `Loom: a guide` and `Loom` are different names."""
    owners: dict[tuple[Kind, str], dict[str, str]] = defaultdict(dict)
    for kind in Kind:
        for slug, entry in sorted(catalog.entries(kind).items()):
            for name in Named.of(kind, slug, entry).names:
                for spelling in spellings(name, kind):
                    if ":" not in name or ":" in spelling.text:
                        # `C#` and `C++` are different names; `Node.js` and `Node JS` are the same
                        signs = [char for char in plain(spelling.text) if not char.isalnum() and char not in " -.'"]
                        owners[kind, "".join([key(spelling.text), *signs])].setdefault(slug, name)
    problems: dict[tuple[Kind, str, str], Problem] = {}
    for (kind, _), names in owners.items():
        places = {slug: catalog.places.get((kind.value, slug), ("", Span())) for slug in names}
        first, *others = sorted(names, key=lambda slug: (places[slug], slug))
        path, span = places[first]
        for second in others:
            same = "" if names[first] == names[second] else f', written "{names[first]}"'
            title = title_of(catalog.entries(kind)[first])
            what = f'two entries have the name "{names[second]}": {kind.value} "{second}" and {kind.value} "{title}"'
            message, remedy = f"{what} ({path}:{span.line}{same})", "change one name, or remove one alias"
            problems.setdefault((kind, first, second), Problem(*places[second], message, remedy, Severity.WARNING))
    return problems

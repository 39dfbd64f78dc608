"""Loads the catalog from files. Invalid records are reported and skipped. The maximum size of a note is 1 MiB."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from html import unescape
from posixpath import basename, dirname, join, normpath
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from mlguide_site.content.assets import COVERS
from mlguide_site.content.files import decode_content
from mlguide_site.content.front_matter import read_front_matter
from mlguide_site.content.knowledge import leave_out_drafts, read_knowledge
from mlguide_site.content.validate import validate
from mlguide_site.errors import ContentError, Problem, Span, collected, content_error, suggestion
from mlguide_site.markdown.limits import MAX_NOTE_BYTES
from mlguide_site.model.catalog import TABLES, Catalog
from mlguide_site.model.records import Episode, EpisodeFile, Kind, Page, Status
from mlguide_site.model.slugs import KIND_FOLDERS, PAGES, page_path, parse_id, sort_key

_ADDRESS = re.compile(
    r"(?:\A|(?<=\]\()|(?<=\]: ))<[^<>\n]{1,300}>"
    r"|(?:(?<=src=)|(?<=href=))(?:\"[^\"<>\n]{1,300}\"|'[^'<>\n]{1,300}')|[^\s()<>\"'\[\]]+",
    re.I,
)
"""A word, an address with spaces in Markdown or in HTML. It may be the address of a file."""
_START = re.compile(r"\A(?:[<\"']|(?:href|src)=)", re.I)
_ESCAPE = re.compile(r"\\(?=[!-/:-@[-`{-~])")
MAX_FILE_NAME = 255
_UNUSUAL = re.compile(r"[\s()<>\"'\[\]]")
"""A character that a word in `_ADDRESS` can't contain."""
_WORD = re.compile(r"\w+")
_SUFFIX = re.compile(r"\.\w{1,5}\b")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The catalog of all valid records, and all problems found."""

    catalog: Catalog
    problems: tuple[Problem, ...]


def load(files: Mapping[str, bytes], assets: frozenset[str] = frozenset(), drafts: bool = False) -> Loaded:
    """Load the catalog. `files` maps paths in the root to the bytes of notes, pages and knowledge files. Records with
    `status: draft`, and the files of draft episodes, are skipped unless `drafts` is true. Invalid content is reported
    in `problems`, not raised."""
    knowledge, ignored = read_knowledge(files)
    tables, problems, broken = knowledge.tables, knowledge.problems, knowledge.broken
    if not drafts:
        broken |= leave_out_drafts(tables)
    series, rows = {}, tables["series"].items()
    for name, own in sorted(rows, key=lambda row: (row[1].position, row[1].title.casefold(), row[0])):
        cover = next((cover for cover in COVERS if f"episodes/{name}/{cover}" in assets), None)
        series[name] = own if own.cover else own.model_copy(update={"cover": cover})
    episodes: list[EpisodeFile] = []
    pages: dict[str, EpisodeFile] = {}
    known = {*series, *broken}
    for path in sorted(name for name in files if name.startswith(("episodes/", PAGES))):
        found: list[Problem] = []
        file = None
        with collected(found):
            file = read_note(path, files[path])
            found += _misplaced(file, known, files) if not path.startswith(PAGES) else ()
        problems += found
        if found or file is None:
            broken.add(path.rsplit("/", 1)[-1].removesuffix(".md"))
        elif path.startswith(PAGES):
            pages[path] = file
        else:
            episodes.append(file)
    guides = {}
    for slug, topic in tables["topics"].items():
        if topic.guide:
            page, (path, span) = page_path("topic", slug), knowledge.places["guide", slug]
            meta = Episode.model_construct(id=page, title=topic.name, topics=(slug,))
            guides[page] = EpisodeFile(path, "", None, meta, topic.guide, span.line + 1, place=page)
    problems += _collisions(episodes)
    hidden = {file.path for file in episodes if not drafts and file.meta.status is Status.DRAFT}
    shown = [file for file in episodes if file.path not in hidden]
    broken |= {file.id for file in episodes} - {file.id for file in shown}
    texts = [*episodes, *pages.values(), *guides.values()] if hidden else []
    covers = (f"episodes/{name}/{one.cover}" for name, one in series.items() if one.cover)
    secret = _hidden_files(texts, hidden, covers, assets)
    entries: Any = {TABLES[kind]: MappingProxyType(dict(sorted(tables[KIND_FOLDERS[kind]].items()))) for kind in Kind}
    catalog = Catalog(
        series=MappingProxyType(series),
        episodes=MappingProxyType({file.id: file for file in _ordered(shown, list(series))}),
        **entries,
        places=MappingProxyType(knowledge.places),
        uses=MappingProxyType(knowledge.uses),
        assets=frozenset(path for path in assets if _note_of(path) not in hidden and path not in secret),
        ignored=ignored,
        broken=frozenset(broken),
        pages=MappingProxyType(pages),
        guides=MappingProxyType(guides),
    )
    return Loaded(catalog, tuple(sorted(set(problems))))


def read_note(path: str, data: bytes) -> EpisodeFile:
    """Read a note or page. Raises ContentError."""
    if len(data) > MAX_NOTE_BYTES:
        raise content_error(path, f"more than {MAX_NOTE_BYTES // 1024} KiB", "split the notes")
    parts, located = read_front_matter(decode_content(data, path), path)
    own = {key: value for key, value in located.value.items() if key.startswith("x-")}
    values = {key: value for key, value in located.value.items() if key not in own}
    if path.startswith(PAGES):
        page, found = validate(Page, values, located, path)
        meta = Episode.model_construct(id=path, title=page.title, summary=page.description) if page else None
    else:
        meta, found = validate(Episode, values, located, path)
    if meta is None:
        raise ContentError(found)
    located.release(parts.yaml)
    name = path.split("/")[1] if path.startswith("episodes/") and path.count("/") > 1 else ""
    key = parse_id(name, meta.id)
    number = key.number if key else None
    return EpisodeFile(path, name, number, meta, parts.body, parts.body_line, located, MappingProxyType(own))


def _hidden_files(
    texts: Iterable[EpisodeFile], hidden: Container[str], covers: Iterable[str], assets: Iterable[str]
) -> set[str]:
    """Return the paths of the files that only `hidden` notes name, except the paths of `covers`. If a name contains
    spaces, brackets or quotes, a hidden note may write it in any form."""
    named = {True: set[str](), False: {*covers}}
    words = {path: frozenset(_WORD.findall(basename(path))) for path in assets if _UNUSUAL.search(basename(path))}
    for file in texts:
        is_hidden, text = file.path in hidden, f"<{file.meta.image}> {file.body}"
        for address in _ADDRESS.findall(text):
            ends = [found.end() for found in _SUFFIX.finditer(address)]
            names = (_START.sub("", address[max(0, end - MAX_FILE_NAME) : end]) for end in ends)
            plain = ({name, unescape(_ESCAPE.sub("", name))} for name in names)
            found = (unquote(name) for own in plain for name in own)
            # an address that begins with a slash begins at the root
            paths = (normpath(name[1:] if name[:1] == "/" else join(dirname(file.path), name)) for name in found)
            named[is_hidden].update(paths)
        if is_hidden and words:
            text += "\n" + unquote(unescape(_ESCAPE.sub("", text)))
            known = {*_WORD.findall(text)}
            named[True] |= {path for path, own in words.items() if own <= known and basename(path) in text}
    return named[True] - named[False]


def _note_of(path: str) -> str:
    """Return the path of the note to which a file in `episodes/` belongs: `a/a-002.md` for `a/a-002.vtt` and
    `a/a-002/picture.png`."""
    return "/".join(path.split("/")[:3]).partition(".")[0] + ".md"


def _misplaced(file: EpisodeFile, series: Set[str], notes: Container[str]) -> Iterator[Problem]:
    parts = file.path.split("/")
    stem = parts[-1].removesuffix(".md")
    if len(parts) != 3:
        remedy = f"move it to episodes/<series>/{file.id}.md"
        yield Problem(file.path, Span(), "a note file belongs in the folder of its series", remedy)
        return
    if file.series not in series and "knowledge/series.yml" not in series:
        remedy = suggestion(file.series, sorted(series), f'add "{file.series}: {{title: …}}" to knowledge/series.yml')
        yield Problem(file.path, Span(), f'unknown series "{file.series}"', remedy)
    if parse_id(file.series, file.id) is None:
        remedy = f'begin the id with "{file.series}-", or move the file'
        yield Problem(file.path, file.span("id"), f'the id "{file.id}" belongs to another series', remedy)
    elif stem != file.id and (other := f"episodes/{file.series}/{file.id}.md") in notes:
        message = f'the id "{file.id}" is also used by {other}'
        yield Problem(file.path, file.span("id"), message, "give this file another id")
    elif stem != file.id:
        remedy = f"rename the file to {file.id}.md, or change the id"
        yield Problem(file.path, file.span("id"), f'the id "{file.id}" does not match the file name', remedy)


def _collisions(episodes: list[EpisodeFile]) -> Iterator[Problem]:
    table: dict[tuple[str, str], list[EpisodeFile]] = defaultdict(list)
    for file in episodes:
        table["id", file.id].append(file)
        if file.meta.guid:
            table["guid", f"{file.series} {file.meta.guid}"].append(file)
    for (field, _), files in sorted(table.items(), key=lambda item: item[0]):
        for file in files[1:]:
            message = f'the {field} "{getattr(file.meta, field)}" is also used by {files[0].path}'
            yield Problem(file.path, file.span(field), message, "change or remove one of the two")


def _ordered(episodes: list[EpisodeFile], series: list[str]) -> Iterator[EpisodeFile]:
    """Yield episodes sorted by series, then by season and number. Episodes without a number are inserted by date."""
    for name in series:
        mine = [file for file in episodes if file.series == name]
        seasons = {file.id: key.season or 0 for file in mine if (key := parse_id(name, file.id))}
        numbered = sorted((f for f in mine if f.number is not None), key=lambda f: (seasons[f.id], f.number, f.id))
        others = sorted((f for f in mine if f.number is None), key=lambda f: (_day(f), sort_key(f.id)))
        # put each dated episode without a number after the last numbered episode with the same or an earlier date
        dated, found = [file for file in others if _day(file)], []
        for file in reversed(numbered):
            while dated and _day(dated[-1]) >= (_day(file) or "9999"):
                found.append(dated.pop())
            found.append(file)
        yield from [*dated, *reversed(found), *(file for file in others if not _day(file))]


def _day(file: EpisodeFile) -> str:
    return file.meta.date.isoformat() if file.meta.date else ""

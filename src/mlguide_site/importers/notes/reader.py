"""Reads notes of all dialects and yields drafts: episodes with their series, topics, resources, terms and people.

Titles with addresses become resources, and abbreviations with full forms become terms."""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from os.path import abspath, basename, dirname, relpath
from typing import Any

from mlguide_site.errors import Problem, Severity, Span, collected, content_error, counted
from mlguide_site.importers import Context, Draft, EntryDraft, Item, Source, warning
from mlguide_site.importers.common import naming
from mlguide_site.importers.common.addresses import address_key
from mlguide_site.importers.common.dates_and_durations import day_order, read_date
from mlguide_site.importers.common.decoding import beginning
from mlguide_site.importers.folder import SETTINGS, Folder, is_note
from mlguide_site.importers.notes import dialects
from mlguide_site.importers.notes.callouts_and_boxes import write_body
from mlguide_site.importers.notes.dialects import Dialect, Note, Part
from mlguide_site.importers.notes.directives import without_directives
from mlguide_site.importers.notes.embedded_html import without_html
from mlguide_site.importers.notes.front_matter import NAMES, head_order, read_head, with_properties
from mlguide_site.importers.notes.inline import CODE, InlineWriter, bare_text, find_tags, links_in
from mlguide_site.importers.notes.openers import read_opener, take_date
from mlguide_site.importers.notes.plain_logs import plain_to_markdown
from mlguide_site.importers.notes.source import (
    BADGE,
    ITEM,
    MAX_TITLE,
    Line,
    check_signs,
    file_stem,
    join_formulas,
    parse_lines,
    read_lines,
    stem_title,
    visible_lines,
    without_inline_footnotes,
)
from mlguide_site.importers.notes.template_tags import without_attributes, without_tags
from mlguide_site.markdown.plain import escape
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import make_slug
from mlguide_site.model.words import WORDS, is_part_title

MAX_SLUG, MAX_TAGS = 40, 200
_USUAL_NAMES = frozenset("index lec lecture lesson note notes readme summary untitled".split())
"""Names of files that say nothing of their subject, also with a number."""
MAX_PARTS = 1_000  # maximum number of sessions or days in a file
_SINGLE = frozenset("date duration guid number season audio redirects chapters slug".split())
"""The fields that are only imported if the note is a single episode."""
_ISO_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}-[01]\d-[0-3]\d(?!\d)")
_KIND_TAGS = WORDS["kind tags"]
_KEPT = re.compile(
    rf"{CODE}|<!--.{{0,2000}}?-->|!\[[^\[\]]{{0,300}}\]\((?:[^()]|\([^()]{{0,300}}\)){{1,2000}}\)|<img\s[^<>]{{1,2000}}>"
)
"""Comments and pictures in the heading that becomes the title; they stay in the notes."""
_KEPT_IN_VAULTS = re.compile(rf"{_KEPT.pattern}|%%.{{0,2000}}?%%|!\[\[[^\[\]]{{1,500}}\]\]")
MAX_LINE = 3000
MAX_WORDS = 16
MIN_ABBREVIATIONS = 3
_LABELLED = re.compile(
    r"(?P<title>(?=[A-Z\d])[^:<>\[\]\n]{1,150}(?::\s[^:<>\[\]\n]{1,150})?)\s*:\**\s*<?(?P<url>https?://[^\s<>]{1,2000}?)>?[\s.,;]*$"
)
_LINKED = re.compile(
    r"\[(?P<title>[^\[\]\n]{2,300})\]\(<?(?P<url>https?://[^\s<>]{1,2000}?)>?\)"
    r"(?:\W{0,5}\bby\s+(?P<authors>[^\n:]{2,200})|[\s.,;-]{0,300})$",
    re.I,
)
_GROUP = re.compile(r"^\**(?P<label>[A-Z][A-Za-z &/]{1,40})\**:\**\s*$")
HOME = re.compile(r"(?:web\s?site|site|home(?:\s?page)?|course page|url)", re.I)
_GENERIC = re.compile(
    rf"(?:{HOME.pattern}|setup|links?|slides|video|recording|code|repository|notes|docs|documentation"
    r"|(?:cohort|course) (?:outline|page|website))",
    re.I,
)
_ABBREVIATION = re.compile(
    r"(?<![\w/])(?P<short>[A-Z][A-Za-z0-9/&-]{0,9}[A-Z0-9]s?):\s+"
    r"(?P<long>[A-Za-z][^,.;:()\n]{2,60}?)(?=\s*(?:[,.;]|\band\b|$))"
)
_DRAWING = re.compile(rb"\A---\r?\n(?:(?!---).*\n){0,40}?excalidraw-plugin:")
"""The front matter of a drawing that Obsidian's plug-in Excalidraw keeps in a note."""
_VIDEO = re.compile(r"(?:YouTube|Vimeo) \S+$")
_FORMATS = "book podcast tutorial course video paper article tool".split()


def read(dialect: Dialect, source: Source, context: Context) -> Iterator[Item]:
    """Yield the drafts of episodes, series and entries, and the problems of the source."""
    notes, problems = _notes(dialect, source)
    problems += _head_problems(source, notes)
    yield from problems
    if notes and not any(problem.severity is Severity.ERROR for problem in problems):
        yield from _items(dialect, source, notes, context)


def _addresses(note: Note, place: str) -> Iterator[str]:
    """Yield other addresses of a note: those in its front matter, and the one that its field `slug` makes."""
    yield from (old.strip("/") for old in note.head.values.get("redirects", ()))
    if slug := note.head.values.get("slug"):
        path = note.name.removeprefix(f"{place}/").removeprefix("content/").removesuffix("/index.md")
        yield posixpath.join(posixpath.dirname(path), slug)


def _notes(dialect: Dialect, source: Source) -> tuple[list[Note], list[Problem]]:
    if dialect.kind != "course" or source.data or not source.files:
        return [_note(dialect, source)], []
    files = {path: source.files[path] for path in sorted(source.files) if is_note(path)}
    skipped = [
        path
        for path, data in files.items()
        if dialects.is_site_page(dialect, path, files) or not data.strip() or _DRAWING.match(data)
    ]
    if len(skipped) == len(files):
        raise content_error(source.name, "the folder has no notes with text", "choose another folder")
    read = {path: data for path, data in files.items() if path not in skipped}
    order = head_order(beginning(Source(path, data)) for path, data in read.items())
    folder, notes, problems = source.name.rstrip("/"), list[Note](), list[Problem]()
    for path, data in read.items():
        with collected(problems):
            notes.append(_note(dialect, Source(f"{folder}/{path}", data), order))
    # unlike pages, posts have a date, a number, audio or a status
    signs = {"number", "audio", "status"}
    posts = [one for one in notes if one.parts[0].day or one.head.day or signs & one.head.values.keys()]
    if dialect.posts and posts:
        # the title of a person's page is the name of the person
        names = {file_stem(note.name): note.title for note in notes if note not in posts}
        skipped += [note.name.removeprefix(f"{folder}/") for note in notes if note not in posts]
        for note in posts:
            if people := note.head.values.get("people"):
                note.head.values["people"] = [one._replace(name=names.get(one.name, one.name)) for one in people]
        notes = posts
    check_signs(source.name, [line.text for note in notes for line in note.lines if not line.code])
    if skipped:
        why = "empty, a drawing, or a page like about.md"
        message = f"{counted(len(skipped), 'note')} skipped ({why}): {', '.join(skipped[:20])}"
        remedy = "to import a note, add text or rename it"
        remedy += ", or import all notes with --from obsidian" if dialect.posts else ""
        problems.append(warning(source.name, 1, message, remedy, Severity.HINT))
    return notes, problems


def _note(dialect: Dialect, source: Source, order: bool | None = None) -> Note:
    """Read a note. `order` is the order of the dates in the front matter of all notes."""
    written = with_properties(read_lines(source), source.name)
    own_order = day_order(line.text for line in written)
    head = read_head(written, source.name, dialect.name == "jekyll", own_order if order is None else order)
    # a formula may look like template tags or attributes
    rest, ids, removed = _as_markdown(dialect, written[len(head.lines) :]), dict[str, str](), dict[str, int]()
    if dialect.posts:
        rest = list(without_tags(rest, removed, dialect.name == "hugo"))
    if dialect.kind == "course":
        rest, ids = without_attributes(rest)
    if dialect.kind == "log":
        rest = list(plain_to_markdown(rest))
    lines = parse_lines(rest, dialect.is_vault)
    first = next((at for at, line in enumerate(lines) if line.text.strip()), 0)
    shown = lines[first].title if lines else ""
    is_title = shown and lines[first].level == 1 and not _is_session(dialect, shown, lines, 1)
    title = head.values.get("title") or (shown if is_title and len(shown) <= MAX_TITLE else "")
    is_repeated = shown and title.casefold() == shown.casefold()
    if is_repeated and _is_session(dialect, shown, lines, lines[first].level, is_titled=True):
        title = ""
    elif is_repeated:
        own = [{"title": label, "url": url} for label, url in links_in(lines[first].text)]
        old = [one for one in head.values.get("links", []) if all(one["url"] != new["url"] for new in own)]
        head.values["links"] = own + old
        kept = _KEPT_IN_VAULTS if dialect.is_vault else _KEPT
        found = (one for one in kept.finditer(BADGE.sub("", lines[first].heading)) if not one["code"])
        lines[first : first + 1] = [Line(lines[first].number, one[0]) for one in found]
    if dialect.kind == "log" and not title:
        # the file name may contain a title
        words = re.findall(r"(?<![^\W_])[^\W\d_]{3,30}(?![^\W_])", stem_title(source.name))
        named = [one[0].upper() + one[1:] for one in words if one.casefold() not in {"day", "entry", "note", "notes"}]
        title = " ".join(named) or "Learning Log"
    # one hint for all front matter is enough
    day_first = own_order if own_order is not None else head.is_unsure or order
    note = Note(source.name, head, lines, title, day_first, ids=ids)
    for tag, line in removed.items():
        message = f"a template tag without a Markdown equivalent was removed: {tag}"
        note.problems.append(warning(source.name, line, message, "write what you need in Markdown", Severity.HINT))
    note.split(dialect.cut(note))
    if len(note.parts) == 1:
        part, values = note.parts[0], head.values
        part.number, part.season = values.get("number", part.number), values.get("season", part.season)
        part.slug = part.slug or make_slug(values.get("slug", ""), "")
    if not note.parts:
        raise content_error(source.name, "no session has a heading", "give each session a heading of level 2")
    # site generators don't publish posts before their date
    day = read_date(str(head.extra.get("x-publishdate", ""))[:10]) or head.day or note.parts[0].day
    is_later = dialect.posts and day is not None and day > date.today()
    if is_later or "/_drafts/" in f"/{source.name}".replace("\\", "/"):
        head.values.setdefault("status", "draft")
    if len(head.tags) > MAX_TAGS:
        raise content_error(source.name, f"more than {MAX_TAGS} tags in the front matter", "remove some tags")
    if len(note.parts) > MAX_PARTS:
        place = Span(note.parts[MAX_PARTS].line, 1)
        raise content_error(source.name, f"more than {MAX_PARTS:,} sessions or days", "split the file here", place)
    return note


def _as_markdown(dialect: Dialect, lines: Sequence[Line]) -> list[Line]:
    """Convert the directives of MyST, the HTML of notebooks and inline footnotes, and join the formulas of a note."""
    found = without_html(without_directives(lines), has_boxes=dialect.kind != "log")
    return join_formulas(without_inline_footnotes(found) if any("^[" in line.text for line in found) else found)


def _is_session(dialect: Dialect, heading: str, lines: Sequence[Line], level: int, is_titled: bool = False) -> bool:
    """Return whether the first heading of a note, of this level, begins a day or one of several sessions, and isn't the
    title. If front matter has the same title (`is_titled`), another heading of this level must begin one, too."""
    opener, others = read_opener(heading, is_heading=True), [one.title for one in lines if one.level == level][1:]
    is_unsure = opener.is_phrase and dialect.kind == "course" if opener else take_date(heading)[0] is not None
    if is_titled:
        begins = (read_opener(one, is_heading=True) or take_date(one)[0] for one in others)
        return not dialect.posts and bool(opener or is_unsure) and any(begins)
    return bool(others) if is_unsure or dialect.kind == "lectures" else opener is not None


def _head_problems(source: Source, notes: Sequence[Note]) -> Iterator[Problem]:
    """Yield hints about dates in front matter that could begin with the month, and about fields that aren't imported,
    such as `date` in a file with several episodes."""
    yield from [dialects.unsure_dates(note.name) for note in notes if note.head.is_unsure][:1]
    unread, where, line = Counter[str](), dict[str, str](), 1
    for note in notes:
        head, is_alone = note.head, len(note.parts) == 1
        # the summary of a file becomes that of the series
        alone = _SINGLE if source.data else _SINGLE | {"summary"}
        single = [key for key in head.fields if NAMES.get(key) in alone or f"x-{make_slug(key)}" in head.extra]
        keys = dict.fromkeys([*head.unread, *([] if is_alone else single)])
        starts = ((one.number, re.split("[:=]", one.text)[0].strip('{" ').casefold()) for one in head.lines)
        first = {re.split(r"[.:]", key)[0] for key in keys}
        line = next((number for number, key in starts if key in first), 1) if len(notes) == 1 else 1
        unread.update(list(keys))
        where |= dict.fromkeys(keys, f" (in {relpath(note.name, source.name)})" if len(notes) > 1 else "")
    if unread:
        shown = ", ".join(key + (f" ({uses} notes)" if uses > 1 else where[key]) for key, uses in unread.items())
        message = f"fields of the front matter that are not imported: {shown}"
        name = notes[0].name if len(notes) == 1 else source.name
        yield warning(name, line, message, "add what you need by hand", Severity.HINT)


def _words(title: str) -> set[str]:
    """Return the words and the numbers of a title."""
    return {one.lstrip("0").casefold() for one in re.findall(r"\d+|[^\W\d_]+", title)}


def _items(dialect: Dialect, source: Source, notes: Sequence[Note], context: Context) -> Iterator[Item]:
    is_folder = not source.data
    title = stem_title(source.name) or "Notes" if is_folder else notes[0].title
    series = context.given or naming.known_series(title, context) or make_slug(title, "notes", MAX_SLUG)
    known = context.series.get(series)
    parts = [part for note in notes for part in note.parts]
    # if the known series has another title, don't number sessions by their order in this file
    is_own = dialect.kind == "log" or known is None or known.title.casefold() == title.casefold()
    numbers = _numbers(dialect, notes, parts, is_own, context.given)
    if is_folder and dialect.is_vault:
        _name_parts(parts, len(notes) > 1)
    for part in parts:
        part.tags = _tags(dialect, part)
        part.resources = list(find_resources([*visible_lines(part.lines)], title)) if dialect.kind == "course" else []
    _leave_out_ambiguous(parts)
    resources = [entry.fields for part in parts for entry in part.resources]
    # notes of a chosen series may have another title
    shown = known.title if known and context.given else title
    has_audio = any("audio" in note.head.values for note in notes)
    about = {"title": shown, "kind": "podcast" if has_audio else dialect.kind}
    if not is_folder:
        about["summary"] = notes[0].head.values.get("summary", "")
        homes = (one["urls"][0] for one in resources if HOME.fullmatch(one["title"].removeprefix(f"{title}: ")))
        about["home"] = next(homes, "")
    yield EntryDraft("series", series, {key: value for key, value in about.items() if value})
    yield from (entry for part in parts for entry in part.resources)
    topics = {naming.entry_slug(tag): tag for part in parts for tag in reversed(part.tags)}
    yield from (EntryDraft("topic", slug, {"name": tag}) for slug, tag in sorted(topics.items()))
    yield from naming.people_entries(person for note in notes for person in note.head.values.get("people", []))
    place = "" if source.data else source.name.rstrip("/")
    files = {path: data for path, data in source.files.items() if path != SETTINGS}
    folder = Folder(files, basename(abspath(place or dirname(source.name))))
    ids = {note.name: note.ids for note in notes}
    has_breaks = dialects.shows_breaks(dialect, source.files, notes)
    addresses = {
        old: note.name.removeprefix(f"{place}/") for note in reversed(notes) for old in _addresses(note, place)
    }
    wholes = _whole_titles(parts, numbers, place if is_folder and dialect.is_vault else None)
    for part, number, (whole, is_numbered) in zip(parts, numbers, wholes, strict=True):
        note = part.note
        yield from note.problems if part is note.parts[0] else ()
        writer = InlineWriter(note.name, folder, place, dialect.is_vault, ids=ids, addresses=addresses)
        body = write_body(part.lines, writer, has_breaks)
        if note.head.chapters and len(note.parts) == 1:
            body = "\n".join([body, "", "## Chapters", "", *(f"- {escape(one)}" for one in note.head.chapters)])
        yield from writer.problems
        fields = _fields(part, is_folder)
        if dialect.kind == "lectures" and dialects.is_cancelled(part):
            fields["status"] = "cancelled"
        days = {read_date(found[0]) for name in writer.embedded if (found := _ISO_DATE.search(name))}
        if "date" not in fields and len(days) == 1 and (day := days.pop()):
            fields["date"] = day
            message = f'the date of "{part.title[:60]}" is taken from the names of its files: {day}'
            yield warning(note.name, part.line, message, "correct the date if it is wrong", Severity.HINT)
        yield from find_terms([*visible_lines(part.lines)]) if dialect.kind == "log" else ()
        origin = {"format": dialect.name, **({"url": source.url} if source.url else {})}
        yield Draft(
            series,
            number,
            part.season,
            part.slug or make_slug(whole or part.title, ""),
            fields | {"source": origin},
            body,
            line=part.line,
            assets=dict(sorted(writer.assets.items())),
            file=note.name,
            above=write_body(part.above, InlineWriter(note.name, folder, place, dialect.is_vault, ids=ids), has_breaks),
            note_links=tuple(writer.note_links),
            names=_names(part) if dialect.kind == "course" else (),
            whole_title=whole,
            is_numbered=is_numbered,
        )


def _name_parts(parts: Sequence[Part], are_several: bool) -> None:
    """Add the titles of notes to the titles of their sessions. The series is named after the folder, so the episodes
    keep the titles of their notes, unless a heading such as `Week 1` repeats the title, or replaces the name of a file
    such as `notes.md`."""
    for part in parts:
        note = part.note
        name = stem_title(note.name)
        is_other = bool(_words(note.title) - _words(part.heading))
        is_first = len(note.parts) == 1 and [one.level for one in note.lines[part.at : part.at + 1]] == [1]
        # `w1` and `2024-01-05` say nothing of the subject either
        word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", name.casefold())
        is_short = name.isascii() and name[-1:].isdigit() and len(re.findall(r"[A-Za-z]", name)) <= 2
        is_usual = word in _USUAL_NAMES or is_short
        # `01_trees.md` is the file of `# Lecture 1: Decision boundaries`
        has_number = part.number is not None and re.search(rf"(?<!\d)0*{part.number}(?!\d)", name)
        is_numbered = bool(has_number) and part.title != part.heading
        is_title = is_first and note.title == name and (is_usual or is_numbered)
        if is_other and part.heading and not is_title and (are_several or note.title != name):
            part.title = f"{note.title}: {part.title}"
        part.slug = "" if part.slug == str(part.day) else part.slug


def _whole_titles(
    parts: Sequence[Part], numbers: Sequence[int | None], place: str | None
) -> Iterator[tuple[str, bool]]:
    """Yield the title of each part with the folder below `place`, if notes in several folders have the title, as the
    `Notes` of each week, and False. Of other parts, yield the heading if the title lacks its number, or "", and True.
    Folders aren't compared if `place` is None."""
    folders = defaultdict[str, set[str]](set)
    for part in parts:
        folders[part.title.casefold()].add(dirname(part.note.name))
    are_unique = {title: len(set(map(basename, own))) == len(own) for title, own in folders.items() if len(own) > 1}
    for part, number in zip(parts, numbers, strict=True):
        folder, title = dirname(part.note.name), part.title.casefold()
        name = stem_title(folder) if are_unique.get(title) else folder.removeprefix(f"{place}/")
        if place is not None and title in are_unique and folder != place:
            yield f"{name}: {part.title}", False
        else:
            before = part.heading.removesuffix(part.title) if part.title else ""
            is_cut = number is not None and re.search(rf"(?<!\d)0*{number}(?!\d)", before)
            yield part.heading if is_cut and before != part.heading else "", True


def _leave_out_ambiguous(parts: Sequence[Part]) -> None:
    """Remove the resources whose titles have more than two addresses, such as the `Slides` of each week. The text has
    the links."""
    addresses = {(entry.slug, address_key(entry.fields["urls"][0])) for part in parts for entry in part.resources}
    uses = Counter(slug for slug, _ in addresses)
    for part in parts:
        part.resources = [entry for entry in part.resources if uses[entry.slug] <= 2]


def _tags(dialect: Dialect, part: Part) -> list[str]:
    texts = [part.title, *(line.text for line in visible_lines(part.lines) if line.kind in {"text", "table", "html"})]
    # the attributes of a box may have an id, such as `#nte-one`
    texts = [text for text in texts if not text.lstrip().startswith(":::")] if dialect.kind == "course" else []
    found = (tag for text in texts for tag in find_tags(text))
    return [tag for tag in dict.fromkeys((*part.note.head.tags, *found)) if tag.casefold() not in _KIND_TAGS][:MAX_TAGS]


def _fields(part: Part, is_folder: bool) -> dict[str, Any]:
    note, head, is_alone = part.note, part.note.head, len(part.note.parts) == 1
    day = part.day or (is_alone and (dialects.day_of(note.name) or head.day))
    # some fields of the note describe the series, not the episode
    unused = {*"title aliases number slug".split(), *(() if is_alone else _SINGLE)}
    unused |= set() if is_folder and is_alone else {"summary"}
    values = {name: value for name, value in head.values.items() if name not in unused}
    people, links = naming.people_field(values.pop("people", [])), values.pop("links", [])
    fields = {
        "title": part.title,
        **values,
        **(head.extra if is_alone else {}),
        "people": people,
        "season": part.season,
        "place": part.place or values.get("place"),
        "links": [*part.links, *(links if part is note.parts[0] else [])],
        "date": day,
        "topics": list(dict.fromkeys(map(naming.entry_slug, part.tags))),
        "resources": list(dict.fromkeys(entry.slug for entry in part.resources)),
    }
    return {name: value for name, value in fields.items() if value}


def _names(part: Part) -> tuple[str, ...]:
    """Return an episode's names for links: its heading and, for the first episode of a note, the note's names."""
    stem = file_stem(part.note.name)
    own = (stem, part.note.title, *part.note.head.values.get("aliases", [])) if part is part.note.parts[0] else ()
    return (*dict.fromkeys(own), *filter(None, [part.heading]))


def _read_names(names: Sequence[str], titles: Sequence[str]) -> Sequence[naming.Numbered]:
    """Read the numbers of the notes of a course: those of the names of files, of which `10-knots.md` has a number as
    `09-looms.md` has one; or if no name has one, those of the titles."""
    read, digits = naming.read_numbers(names), ["".join(re.findall(r"^\d{2,3}(?= |$)", name)) for name in names]
    widths = {len(one) for one in digits if one[:1] == "0"}
    numbers = [int(one) if {len(one)} == widths else None for one in digits]
    counted = [number for number in numbers if number is not None]
    if 2 * len(counted) >= len(names) and len({*counted}) == len(counted):
        pairs = zip(read, numbers, strict=True)
        read = [one if number is None else one._replace(number=number) for one, number in pairs]
    return read if any(one.number is not None for one in read) else naming.read_numbers(titles)


def _numbers(
    dialect: Dialect, notes: Sequence[Note], parts: Sequence[Part], is_own: bool, given: str
) -> list[int | None]:
    """Return the number of each episode. Numbers in headings have priority over numbers in note names, and over the
    order of lectures; duplicates never count. If the known series has another title (not `is_own`), only headings
    count, and names such as `Ep 3 Knots` if the series is `given`."""
    if dialect.kind == "lectures":
        # a day such as `5. Februar 2024` isn't a number
        bare = (part.title.removeprefix(part.when.text if part.when else "") for part in parts)
        found = [naming.read_number(title).number for title in bare]
        counted = [number for number in found if number is not None]
        # sections such as `Schedule` have no number
        is_counted = 2 * len(counted) >= len(found) and len({*counted}) == len(counted)
        return found if is_counted else [at if is_own else None for at in range(1, len(found) + 1)]
    if dialect.kind == "course" and (is_own or given):
        titles, has_names = [note.title for note in notes], len(notes) > 1 and not dialect.posts
        names = [stem_title(note.name) for note in notes] if has_names else titles
        read = _read_names(names, titles) if has_names else naming.read_numbers(titles)
        for note, name, one in zip(notes, names, read, strict=True):
            part = note.parts[0]
            counts = is_own or (one.number is not None and naming.has_marked_number(name))
            if len(note.parts) == 1 and part.number is None and counts:
                part.number = one.number
            if dialect.posts and part.number == one.number:
                part.title = one.title
    keys = [(part.season, part.number) for part in parts]
    uses = Counter(keys) if len(notes) > 1 else Counter()
    for part, key in zip(parts, keys, strict=True):
        shown = part.heading or part.note.title
        if part.number is not None and uses[key] > 1 and read_opener(shown, is_heading=True):
            part.title = shown  # no field has the number, so the title keeps it
    return [key[1] if uses[key] < 2 else None for key in keys]


def find_resources(lines: Sequence[Line], series_title: str) -> Iterator[EntryDraft]:
    """Yield a resource for each line with a label and an address, or with a linked title and optional authors. The
    series' title is added to titles such as `Slides`. The heading or label before a list determines the `format`."""
    group = ""
    for line in lines:
        text = ITEM.sub("", line.text, count=1).strip()
        if line.code or not text or len(line.text) > MAX_LINE or "%%" in text:
            continue
        if label := line.heading or "".join(_GROUP.findall(text)):
            group = bare_text(label)
            continue
        found = _LINKED.match(text) or _LABELLED.match(text.replace("**", ""))
        title, url = (bare_text(found["title"]), found["url"].rstrip(".,;")) if found else ("", "")
        # a title is a name, not a sentence
        is_name = found and not _VIDEO.match(title) and (found.re is _LINKED or not re.search(r"[.!?;]\s", title))
        if is_name and title and len(title.split()) <= MAX_WORDS and is_allowed_url(url):
            is_part = bool(_GENERIC.fullmatch(title)) or is_part_title(title)
            shown = f"{series_title}: {title}" if series_title and is_part else title
            kinds = (kind for one in (group, title) for kind in _FORMATS if re.search(rf"\be?-?{kind}s?\b", one, re.I))
            fields = {"title": shown, "urls": [url], "format": next(kinds, "site")}
            if found and (authors := read_authors(found.groupdict().get("authors") or "")):
                fields["authors"] = authors
            yield EntryDraft("resource", make_slug(shown, "resource"), fields, line=line.number)


def read_authors(text: str) -> list[str]:
    """Return the names in a list such as `Ada Lovelace, C. Babbage, and the Engine Team.`, without "and" and "the"."""
    names = re.split(r"\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*", re.sub(r"(?<!\b[A-Z])\.$", "", bare_text(text)))
    return [plain for name in names if (plain := re.sub(r"^the\s+", "", name.strip())) and len(plain.split()) <= 6]


def find_terms(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Yield terms such as `SVM: support vector machine` from lines with 3 or more terms or the word "abbreviation"."""
    for line in lines:
        found = [] if line.kind == "fence" or "%%" in line.text else list(_ABBREVIATION.finditer(line.text[:5000]))
        if len(found) >= MIN_ABBREVIATIONS or "abbreviation" in line.text.casefold():
            for one in found:
                fields: dict[str, Any] = {"term": " ".join(one["long"].split()), "abbreviations": [one["short"]]}
                yield EntryDraft("term", make_slug(fields["term"]), fields, line=line.number)

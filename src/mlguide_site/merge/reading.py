"""Sources read: each by the importer of its format, with drafts as the files of a root can hold them.

All importers know the series that any source names. Fields are checked against the model. In notes, lines that are too
long are broken where Markdown reads a line end as a space; what looks like a git conflict marker is indented; a link
that leads nowhere becomes text. What a file can't hold is left out and reported, or an error.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.content.files import conflict_markers
from mlguide_site.content.load import MAX_NOTE
from mlguide_site.content.yaml_edit import dump_mapping
from mlguide_site.content.yaml_read import MAX_FRONT_MATTER
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, Importer, KnownSeries, SeriesDraft, Source
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.importers.notes.source import fenced
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.limits import MAX_LINE
from mlguide_site.markdown.parse import parse, parser
from mlguide_site.markdown.plain import escape_line
from mlguide_site.markdown.sanitiser import is_absolute, refusal
from mlguide_site.merge.entries import SERIES_FILE, join_drafts, refused_fields
from mlguide_site.merge.sources import detect
from mlguide_site.model import Episode, Series

MACHINE = frozenset(("feed", "opml"))
"""Formats whose text is not meant for people: read as another format, its markup would end up in notes."""
ROOM = 1024
"""Bytes of a note file kept free for its id and what merging adds."""
MAX_ADDRESS = 400
"""Characters that the address of a link between notes takes at most."""
MAX_TITLE = 500
SHORT_TITLE = 200
_ANY_ID = "any-001"
ROUNDS = 4
"""How often dead links are looked for: escaping one may reveal another."""
_FRONT = "---\n---\n"
_PREFIX = re.compile(r"[ \t>]{0,400}(?:(?:[-+*]|\d{1,9}[.)])[ \t]{1,4}){0,40}")
_WHOLE = re.compile(r"\s{0,3}(?:#{1,6}\s|\||!!!|\?\?\?|<)")
_DELIMITER = re.compile(r"[ \t|:-]{3,2000}$")
_TARGET = re.compile(
    r"\]\(\s{0,9}(?:<([^<>\n]{0,2000})>|([^\s()<>]{0,2000}(?:\([^\s()]{0,500}\)[^\s()<>]{0,500}){0,5}))"
)
# of a link's address, not of a footnote: the label of that has no space
_DEFINITION = re.compile(
    r"(?P<lead>[ \t>]{0,99})\[(?!\^[^\s\]]{1,999}\])[^\[\]\n]{1,999}\]:\s{0,9}(?:<([^<>\n]{0,2000})>|(\S{1,2000}))"
)
_TAG = re.compile(r"<(?=/?(?:a|img)\b)", re.I)
Progress = Callable[[str], None]


class Read(NamedTuple):
    """One source as read: its name, its format, its drafts, and problems."""

    name: str
    format: str
    drafts: tuple[Draft, ...]
    series: tuple[SeriesDraft, ...]
    problems: tuple[Problem, ...]
    entries: tuple[EntryDraft, ...] = ()
    files: tuple[FileDraft, ...] = ()


def silent(_message: str) -> None:
    """Progress that is not shown."""


def choose(sources: Sequence[Source], chosen: Importer | None, progress: Progress, otherwise: str) -> list[Importer]:
    """The format of each source: the chosen one, else the detected one. Raises ContentError for all sources without.

    `otherwise` is the remedy where a source is of another format than the chosen one.
    """
    found, problems = list[Importer](), list[Problem]()
    for source in sources:
        try:
            importer = _checked(source, chosen, otherwise) if chosen else detect(source)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        progress(f"{source.name}: {importer.name}, {'as given' if chosen else f'for {importer.signs}'}")
        found.append(importer)
    if problems:
        raise ContentError(problems)
    return found


def _checked(source: Source, chosen: Importer, otherwise: str) -> Importer:
    """The chosen format. Raises ContentError where the source is of a machine format."""
    for importer in IMPORTERS:
        if importer.name in MACHINE and importer != chosen and importer.sniff(source) and not chosen.sniff(source):
            message = f'this is of the format "{importer.name}", not "{chosen.name}"'
            remedy = otherwise or f"leave --from out, or write --from {importer.name}"
            raise ContentError([Problem(source.name, Span(), message, remedy)])
    return chosen


def read_sources(
    sources: Sequence[tuple[Source, Importer]], context: Context, progress: Progress = silent
) -> list[Read]:
    """The drafts of each source. A series that one source names is known to all: then they are read again.

    Raises ContentError with the errors of all of them.
    """
    reads = [_read(source, importer, context) for source, importer in sources]
    errors = [problem for read in reads for problem in read.problems if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    for read in reads:
        progress(f"{read.name}: {counted(len(read.drafts))}, {read.format}")
    if len(reads) < 2:
        return reads
    joined = join_drafts(draft for read in reads for draft in read.series)
    new = {id: known_series(id, fields) for id, fields in joined.items() if id not in context.series}
    if not new:
        return reads
    wider = replace(context, series=MappingProxyType({**context.series, **new}))
    return [_read(source, importer, wider) for source, importer in sources]


def counted(count: int, what: str = "episode") -> str:
    """A number of things in words.

    >>> counted(1), counted(2, "text")
    ('1 episode', '2 texts')
    """
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _read(source: Source, importer: Importer, context: Context) -> Read:
    drafts, series, problems = list[Draft](), list[SeriesDraft](), list[Problem]()
    entries, files = list[EntryDraft](), list[FileDraft]()
    for item in importer.read(source, context):
        if isinstance(item, Draft):
            draft, found = check_draft(item, source.name)
            if item.loose is not None and not item.title:
                draft = replace(draft, fields={name: value for name, value in draft.fields.items() if name != "title"})
            drafts.append(draft)
            problems += found
        elif isinstance(item, SeriesDraft):
            checked, found = check_series(item, source.name)
            series.append(checked)
            problems += found
        elif isinstance(item, EntryDraft):
            entries.append(item)
        elif isinstance(item, FileDraft):
            files.append(item)
        else:
            problems.append(item)
    return Read(source.name, importer.name, tuple(drafts), tuple(series), tuple(problems), tuple(entries), tuple(files))


def known_series(id: str, fields: Mapping[str, Any]) -> KnownSeries:
    """A series as importers know it, from its fields in `series.yml` or in a source."""
    names = ("title", "prefix", "address", "feed", "guid")
    title, prefix, address, feed, guid = (str(fields.get(name) or "") for name in names)
    promotion = tuple(fields["promotion"] or ()) if "promotion" in fields else None
    return KnownSeries(id, title, prefix, address, feed, promotion, guid=guid)


def check_draft(draft: Draft, name: str) -> tuple[Draft, list[Problem]]:
    """A draft whose fields the model accepts, and a warning for each field that it doesn't. `name` is the source's.

    Notes or fields too large for a note file are an error; notes are rewritten where that keeps their words.
    """
    fields, problems, name = dict(draft.fields), [], draft.file or name
    if fields.get("source") is None:
        fields.pop("source", None)
    text, place = draft.body, Span(draft.line, 1)
    title = " ".join(str(fields.get("title") or "").split())
    fields["title"] = _short_title(title) or "Untitled"
    if len(title) > MAX_TITLE:
        # no word of it may be lost: it opens the notes
        text = f"{escape_line(title)}\n\n{text}"
        message = f'the title "{visible(title)[:60]}…" is longer than {MAX_TITLE} characters'
        remedy = "it is cut, and written in full before the notes; shorten it"
        problems.append(Problem(name, place, message, remedy, Severity.WARNING))
    elif title:
        fields["title"] = draft.fields["title"]
    for field in sorted(refused_fields(Episode, {"id": _ANY_ID, **fields})):
        value = visible(str(fields.pop(field, "")))[:60]
        message = f'{field} of "{visible(title or "Untitled")[:60]}" can\'t be used: {value}'
        problems.append(Problem(name, place, message, "add it by hand", Severity.WARNING))
    fields.setdefault("title", "Untitled")
    body, found = _check_body(draft, text, fields, name)
    unchanged = fields == draft.fields and body == draft.body
    return (draft if unchanged else replace(draft, fields=fields, body=body)), problems + found


def check_series(draft: SeriesDraft, name: str) -> tuple[SeriesDraft, list[Problem]]:
    """A series as far as its model accepts it, and a warning for each field that it doesn't."""
    fields, problems = dict(draft.fields), []
    title = " ".join(str(fields.get("title") or draft.id).split())
    fields["title"] = _short_title(title)
    if fields["title"] != title:
        message = f'the title of the series "{draft.id}" is longer than {MAX_TITLE} characters'
        remedy = f"it is cut; correct it in {SERIES_FILE}"
        problems.append(Problem(name, Span(), message, remedy, Severity.WARNING))
    for field in sorted(refused_fields(Series, fields)):
        value = visible(str(fields.pop(field, "")))[:60]
        message = f'{field} of the series "{draft.id}" can\'t be used as it is: {value}'
        problems.append(Problem(name, Span(), message, f"add it by hand to {SERIES_FILE}", Severity.WARNING))
    fields.setdefault("title", draft.id)
    return (draft if fields == draft.fields else replace(draft, fields=fields)), problems


def _short_title(title: str) -> str:
    """A title, cut before a word where it is too long."""
    if len(title) <= MAX_TITLE:
        return title
    return (title[:SHORT_TITLE].rpartition(" ")[0] or title[:SHORT_TITLE]) + "…"


def _check_body(draft: Draft, text: str, fields: dict[str, Any], name: str) -> tuple[str, list[Problem]]:
    """The notes of a draft as a file can hold them, and problems."""
    title, place = visible(draft.title)[:60], Span(draft.line, 1)
    # an upper limit, whatever has to be escaped; what comes near the file's limit is written to be measured
    head = 2 * len(json.dumps(fields, default=str)) + ROOM
    is_near = head > MAX_FRONT_MATTER - ROOM or len(text) + head > MAX_NOTE // 4
    # YAML is slow to write: far beyond the limit there is no need to
    if is_near and head < 8 * MAX_FRONT_MATTER:
        head = len(dump_mapping(fields))
    if head > MAX_FRONT_MATTER - ROOM:
        message = f'the fields of "{title}" are larger than {MAX_FRONT_MATTER // 1024} KiB'
        return text, [Problem(name, place, message, "shorten them, such as its lists, in the source")]
    if len(text.encode("utf-8", "surrogatepass")) + head + MAX_ADDRESS * len(draft.leads) > MAX_NOTE - ROOM:
        message = f'the notes of "{title}" are larger than {MAX_NOTE // 2**20} MiB'
        return text, [Problem(name, place, message, "shorten them, or split them, in the source")]
    own = (*(f"asset:{asset.path}" for asset in draft.assets), *(lead.address for lead in draft.leads))
    body, found = fit_body(text, str(fields["title"]), own)
    where = f'of the notes of "{title}")'
    return body, [
        replace(one, path=name, span=place, message=f"{one.message} (line {one.span.line} {where}") for one in found
    ]


def fit_body(body: str, title: str, own: Iterable[str] = ()) -> tuple[str, list[Problem]]:
    """Notes that a file can hold, with problems whose lines are those of the notes; an error among these means that
    there are none. `own` are the addresses of the files that come with them.

    >>> fit_body("See [there](b.md) and [here](https://a.example).", "T")[0]
    'See \\\\[there](b.md) and [here](https://a.example).'
    """
    problems: list[Problem] = []
    body = _unmarked(break_long(body), problems)
    known = frozenset(own)
    for turn in range(ROUNDS + 1):
        document = parse(body, title)
        if errors := [found for found in document.findings if found.severity is Severity.ERROR]:
            return body, [Problem("", Span(one.line), one.message, one.remedy) for one in errors]
        dead = _dead_links(document, known)
        if not dead:
            break
        if turn == ROUNDS:
            line, href = dead[0]
            message = f'a link leads to "{visible(href)[:80]}", which does not exist'
            return body, [Problem("", Span(line), message, "write the whole address, or remove the link")]
        for line, href in dead if turn == 0 else ():
            message = f'a link leads to "{visible(href)[:80]}", which is not here'
            remedy = "it is kept as text; give the whole address"
            problems.append(Problem("", Span(line), message, remedy, Severity.WARNING))
        body = _without_links(body, dead, thorough=turn > 1)
    return body, problems


def break_long(body: str) -> str:
    """The body with its long lines of prose broken before words, each piece indented as its line is."""
    if len(body) <= MAX_LINE:
        return body
    lines = body.split("\n")
    result: list[str] = []
    for text, code, after in zip(lines, fenced(lines), [*lines[1:], ""], strict=True):
        if len(text) <= MAX_LINE or code or _WHOLE.match(text) or _DELIMITER.match(after):
            result.append(text)
        else:
            result += _pieces(text)
    return "\n".join(result)


def _pieces(text: str) -> list[str]:
    """A line as lines of at most three quarters of the limit, where there are words to break before."""
    found = _PREFIX.match(text)
    lead = re.sub(r"[^>\s]", " ", found[0]) if found else ""
    pieces: list[str] = []
    size = MAX_LINE * 3 // 4
    while len(text) > size:
        at = text.rfind(" ", len(lead) + 1, size)
        # a letter begins no block of its own, and a backslash before a line end would be a hard break
        while at > 0 and not (text[at + 1 : at + 2].isalpha() and text[at - 1] not in " \\"):
            at = text.rfind(" ", len(lead) + 1, at)
        if at <= len(lead):
            break
        pieces.append(text[:at])
        text = lead + text[at + 1 :]
    return [*pieces, text]


def _unmarked(body: str, problems: list[Problem]) -> str:
    """The body with a space before each line that looks like a conflict marker: Markdown reads it as before."""
    # with front matter, as in the file: a body that begins with a rule has none of its own
    lines = body.split("\n")
    for problem in conflict_markers(_FRONT + body, "", 1 - _FRONT.count("\n")):
        lines[problem.span.line - 1] = " " + lines[problem.span.line - 1]
        remedy = "check whether a conflict was left there; the line is kept"
        problems.append(Problem("", problem.span, "this looks like a merge conflict", remedy, Severity.WARNING))
    return "\n".join(lines)


def _dead_links(document: Document, own: frozenset[str]) -> list[tuple[int, str]]:
    """Line and address of each link and picture that leads neither out nor to a file or section of its own."""
    anchors = {section.anchor for section in document.sections if section.anchor}
    return [
        (use.line, use.href)
        for use in document.links
        if refusal(use.href) is None
        and not is_absolute(use.href)
        and use.href not in own
        and not (use.href.startswith("#") and use.href[1:] in anchors)
    ]


def _without_links(body: str, dead: Sequence[tuple[int, str]], thorough: bool) -> str:
    """The body with the opening of each dead link escaped; `thorough` escapes every opening in their paragraphs."""
    result = body.split("\n")
    code = fenced(result)
    targets = {href for _, href in dead}
    normal = parser().normalizeLink

    def is_dead(address: str) -> bool:
        return address in targets or normal(address) in targets

    for at, text in enumerate(result):
        if code[at] or thorough:
            continue
        definition = _DEFINITION.match(text)
        if definition and is_dead(definition[2] or definition[3] or ""):
            cut = definition.end("lead")
            text = f"{text[:cut]}\\{text[cut:]}"
        found = [use for use in _TARGET.finditer(text) if is_dead(use[1] or use[2] or "")]
        places = {opening_bracket(text, use.start()) for use in found}
        for place in sorted(places - {-1}, reverse=True):
            text = f"{text[:place]}\\{text[place:]}"
        result[at] = text
    for number, _ in dead:
        at = number - 1
        while at < len(result) and result[at].strip():
            if not code[at] and thorough:
                result[at] = re.sub(r"(?<!\\)\[", r"\\[", result[at]).replace("<", "&lt;")
            elif not code[at]:
                result[at] = _TAG.sub("&lt;", result[at])
            at += 1
    return "\n".join(result)


def opening_bracket(text: str, closing: int) -> int:
    """The place of the bracket that the one at `closing` closes; -1 where it is on another line."""
    depth = 0
    for at in range(closing, -1, -1):
        if text[at] in "[]" and (at == 0 or text[at - 1] != "\\"):
            depth += 1 if text[at] == "]" else -1
            if depth == 0:
                return at
    return -1

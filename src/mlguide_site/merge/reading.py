"""Sources read: each by the importer of its format, with drafts as the files of a root can hold them.

All importers know the series that any source names. Fields are checked against the model. In notes, lines that are too
long are broken where Markdown reads a line end as a space; what looks like a git conflict marker is indented; a link
that leads nowhere becomes text. What a file can't hold is left out and reported, or an error.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from mlguide_site.content.files import conflict_markers
from mlguide_site.content.load import MAX_NOTE
from mlguide_site.content.yaml_edit import dump_mapping
from mlguide_site.content.yaml_read import MAX_FRONT_MATTER
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, Importer, KnownSeries, SeriesDraft, Source
from mlguide_site.importers.notes.source import fenced
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.limits import MAX_LINE
from mlguide_site.markdown.parse import parse
from mlguide_site.markdown.plain import escape_line
from mlguide_site.markdown.sanitiser import is_absolute, refusal
from mlguide_site.merge.entries import accepted, join_drafts
from mlguide_site.merge.sources import Loaded, detect, with_media
from mlguide_site.model import Episode, Series

ROOM = 1024
"""Bytes of a note file kept free for its id and what merging adds."""
MAX_ADDRESS = 400
"""Characters that the address of a link between notes takes at most."""
MAX_TITLE = 500
SHORT_TITLE = 200
UNTITLED = "Untitled"
_ANY_ID = "any-001"
ROUNDS = 3
"""How often dead links are looked for: escaping one may reveal another."""
_FRONT = "---\n---\n"
# a backslash before a line end would be a hard break
_PIECE = re.compile(rf"(.{{1,{MAX_LINE * 3 // 4}}}(?<![ \\])) (?=[^\W\d_])")
_WHOLE = re.compile(r"\s{0,3}(?:#{1,6}\s|\||!!!|\?\?\?|<)")
_DELIMITER = re.compile(r"[ \t|:-]{3,2000}$")
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.){0,2000}\]\(<?(?P<target>[^\s()<>]{1,2000})")
"""An inline link without brackets in its text or address, up to its address."""
# but for footnotes
_OPENING = re.compile(r"(?<!\\)\[(?!\^[^\s\[\]]{1,999}\](?!\())")
_DEFINITION = re.compile(r"[ \t>]{0,99}\[[^\[\]^\n][^\[\]\n]{0,999}\]:\s{0,9}<?([^<>\s]{0,2000})")
Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Read:
    """One source as read: its format, its drafts, and problems. `key` is the name of its folder where it may have to be
    kept as pending, and `is_pending` whether it is."""

    source: Source
    format: str
    drafts: tuple[Draft, ...]
    series: tuple[SeriesDraft, ...]
    problems: tuple[Problem, ...]
    entries: tuple[EntryDraft, ...] = ()
    files: tuple[FileDraft, ...] = ()
    key: str = ""
    is_pending: bool = False

    @property
    def name(self) -> str:
        return self.source.name


def silent(_message: str) -> None:
    """Progress that is not shown."""


def choose(sources: Sequence[Source], chosen: Importer | None, progress: Progress) -> list[Importer]:
    """The format of each source: the chosen one, else the detected one. Raises ContentError for all sources without."""
    found, problems = list[Importer](), list[Problem]()
    for source in sources:
        try:
            found.append(chosen or detect(source))
            progress(f"{source.name}: {found[-1].name}, {'as given' if chosen else f'for {found[-1].signs}'}")
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    return found


def read_sources(jobs: Sequence[tuple[Loaded, Importer]], context: Context, progress: Progress = silent) -> list[Read]:
    """The drafts of each source. A series that one source names is known to all: then they are read again.

    Raises ContentError with the errors of all of them.
    """
    reads = [_read(*job, context) for job in jobs]
    errors = [problem for read in reads for problem in read.problems if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    for read in reads:
        if not read.is_pending:
            progress(f"{read.name}: {counted(len(read.drafts))}, {read.format}")
    joined = join_drafts(draft for read in reads for draft in read.series)
    new = {id: known_series(id, fields) for id, fields in joined.items() if id not in context.series}
    if len(reads) < 2 or not new:
        return reads
    wider = replace(context, series=MappingProxyType({**context.series, **new}))
    return [_read(*job, wider) for job in jobs]


def counted(count: int, what: str = "episode") -> str:
    """A number of things in words.

    >>> counted(1), counted(2, "text")
    ('1 episode', '2 texts')
    """
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _read(loaded: Loaded, importer: Importer, context: Context) -> Read:
    source = loaded.source
    items = tuple(importer.read(source, replace(context, given=loaded.series)))
    drafts = [check_draft(item, source.name) for item in items if isinstance(item, Draft)]
    series = [check_series(item, source.name) for item in items if isinstance(item, SeriesDraft)]
    problems = [*(item for item in items if isinstance(item, Problem)), *loaded.problems]
    problems += [problem for _, own in (*drafts, *series) for problem in own]
    return Read(
        source=source,
        format=importer.name,
        drafts=tuple(draft for draft, _ in drafts),
        series=with_media((draft for draft, _ in series), loaded.hosts),
        # what isn't an error was reported when the source was first read
        problems=tuple(one for one in problems if not loaded.is_pending or one.severity is Severity.ERROR),
        entries=tuple(item for item in items if isinstance(item, EntryDraft)),
        files=tuple(item for item in items if isinstance(item, FileDraft)),
        key=loaded.key,
        is_pending=loaded.is_pending,
    )


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
    name, text, place = draft.file or name, draft.body, Span(draft.line, 1)
    title, problems = " ".join(draft.title.split()), list[Problem]()
    shown = visible(title or UNTITLED)[:60]
    fields = {key: value for key, value in draft.fields.items() if value is not None or key != "source"}
    if len(title) > MAX_TITLE:
        # no word of it may be lost: it opens the notes
        text = f"{escape_line(title)}\n\n{text}"
        fields["title"] = _short_title(title)
        message = f'the title "{shown}…" is longer than {MAX_TITLE} characters'
        remedy = "it is cut, and written in full before the notes; shorten it"
        problems.append(Problem(name, place, message, remedy, Severity.WARNING))
    elif not title:
        fields["title"] = UNTITLED
    fields, refused = accepted(Episode, {"id": _ANY_ID, **fields}, f'"{shown}"', name, place)
    del fields["id"]
    fields.setdefault("title", UNTITLED)
    body, unfit = _check_body(draft, text, fields, name)
    if draft.loose is not None and not draft.title:
        # whose text this is isn't known yet
        del fields["title"]
    return replace(draft, fields=fields, body=body), [*problems, *refused, *unfit]


def check_series(draft: SeriesDraft, name: str) -> tuple[SeriesDraft, list[Problem]]:
    """A series as far as its model accepts it, and a warning for each field that it doesn't."""
    title = " ".join(str(draft.fields.get("title") or draft.id).split())
    fields = {**draft.fields, "title": _short_title(title)}
    fields, problems = accepted(Series, fields, f'the series "{draft.id}"', name, Span())
    fields.setdefault("title", draft.id)
    return replace(draft, fields=fields), problems


def _short_title(title: str) -> str:
    """A title, cut before a word where it is too long."""
    if len(title) <= MAX_TITLE:
        return title
    return (title[:SHORT_TITLE].rpartition(" ")[0] or title[:SHORT_TITLE]) + "…"


def _check_body(draft: Draft, text: str, fields: Mapping[str, Any], name: str) -> tuple[str, list[Problem]]:
    """The notes of a draft as a file can hold them, and problems."""
    title, place = visible(draft.title)[:60], Span(draft.line, 1)
    # an upper limit, whatever has to be escaped; only what comes near the file's limit is written to be measured
    head = 2 * len(json.dumps(fields, default=str)) + ROOM
    if MAX_FRONT_MATTER - ROOM < head < 8 * MAX_FRONT_MATTER:
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
        body = _without_links(body, dead, whole=turn > 0)
    return body, problems


def break_long(body: str) -> str:
    """The body with its long lines of prose broken before words that begin with a letter: no block begins there."""
    if len(body) <= MAX_LINE:
        return body
    lines = body.split("\n")
    result: list[str] = []
    for text, code, after in zip(lines, fenced(lines), [*lines[1:], ""], strict=True):
        is_prose = not (code or _WHOLE.match(text) or _DELIMITER.match(after))
        while len(text) > MAX_LINE and is_prose and (found := _PIECE.match(text)):
            result.append(found[1])
            text = text[found.end() :]
        result.append(text)
    return "\n".join(result)


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


def _without_links(body: str, dead: Sequence[tuple[int, str]], whole: bool) -> str:
    """The body with the openings of dead links escaped; `whole`: every opening of a link or tag in their paragraphs and
    in the definitions of their addresses, for links that are written in other ways."""
    lines = body.split("\n")
    code = fenced(lines)
    targets = {target for _, href in dead for target in (href, unquote(href))}
    chosen = {at for at, text in enumerate(lines) if (found := _DEFINITION.match(text)) and found[1] in targets}
    for number, _ in dead:
        at = number - 1
        while at < len(lines) and lines[at].strip():
            chosen.add(at)
            at += 1

    def escaped(link: re.Match[str]) -> str:
        return f"\\{link[0]}" if link["target"] in targets else link[0]

    for at in chosen:
        if not code[at] and whole:
            lines[at] = _OPENING.sub(r"\\[", lines[at]).replace("<", "&lt;")
        elif not code[at]:
            lines[at] = _LINK.sub(escaped, lines[at])
    return "\n".join(lines)

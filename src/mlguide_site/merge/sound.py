"""What a source says of an episode, held against the model: what its file may not say is left out and reported."""

import json
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from mlguide_site.content.codec import MAX_FRONT_MATTER, dump_mapping
from mlguide_site.content.load import MAX_NOTE
from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Draft, SeriesDraft
from mlguide_site.importers.plain import escape_line
from mlguide_site.merge.fit import fit_body
from mlguide_site.model import Episode, Record, Series

ROOM = 1024
MAX_ADDRESS = 400
"""Characters that the address of a link between notes takes at most."""
"""Bytes of a note file kept free for its id and what merging adds."""
MAX_TITLE = 500
SHORT_TITLE = 200
_ANY_ID = "any-001"


def sound_draft(draft: Draft, name: str) -> tuple[Draft, list[Problem]]:
    """A draft whose fields the model accepts, and a warning for each field that it doesn't. `name` is the source's.

    Notes or fields beyond what a note file may hold are an error; notes are rewritten where that keeps their words.
    """
    fields, problems, name = dict(draft.fields), [], draft.file or name
    if not str(fields.get("title") or "").strip():
        fields["title"] = "Untitled"
    if fields.get("source") is None:
        fields.pop("source", None)
    told = draft
    title = " ".join(str(fields["title"]).split())
    if len(title) > MAX_TITLE:
        # no word of it may be lost: it opens the notes
        fields["title"] = _short_title(title)
        told = replace(draft, body=f"{escape_line(title)}\n\n{draft.body}")
        message = f'the title "{visible(title)[:60]}…" is longer than {MAX_TITLE} characters'
        remedy = "it is cut, and stands whole before the notes; shorten it"
        problems.append(Problem(name, Span(draft.line, 1), message, remedy, Severity.WARNING))
    for field in sorted(_refused(Episode, {"id": _ANY_ID, **fields})):
        value = visible(str(fields.pop(field, "")))[:60]
        message = f'{field} of "{visible(title)[:60]}" can\'t be used: {value}'
        problems.append(Problem(name, Span(draft.line, 1), message, "add it by hand", Severity.WARNING))
    fields.setdefault("title", "Untitled")
    body, found = _sound_body(told, fields, name)
    unchanged = fields == draft.fields and body == draft.body
    return (draft if unchanged else replace(draft, fields=fields, body=body)), problems + found


def sound_series(draft: SeriesDraft, name: str) -> tuple[SeriesDraft, list[Problem]]:
    """A series as far as its model accepts it, and a warning for each field that it doesn't."""
    fields, problems = dict(draft.fields), []
    title = " ".join(str(fields.get("title") or draft.id).split())
    fields["title"] = title if len(title) <= MAX_TITLE else _short_title(title)
    if fields["title"] != title:
        message = f'the title of the series "{draft.id}" is longer than {MAX_TITLE} characters'
        remedy = "it is cut; correct it in knowledge/series.yml"
        problems.append(Problem(name, Span(), message, remedy, Severity.WARNING))
    for field in sorted(_refused(Series, fields)):
        value = visible(str(fields.pop(field, "")))[:60]
        message = f'{field} of the series "{draft.id}" can\'t be used as it is: {value}'
        problems.append(Problem(name, Span(), message, "add it by hand to knowledge/series.yml", Severity.WARNING))
    fields.setdefault("title", draft.id)
    return (draft if fields == draft.fields else replace(draft, fields=fields)), problems


def _short_title(title: str) -> str:
    """The beginning of a title that is too long, cut before a word."""
    return (title[:SHORT_TITLE].rpartition(" ")[0] or title[:SHORT_TITLE]) + "…"


def _sound_body(draft: Draft, fields: dict[str, Any], name: str) -> tuple[str, list[Problem]]:
    """The notes of a draft as a file can hold them, and what is to be said."""
    title, place = visible(draft.title)[:60], Span(draft.line, 1)
    # at most so much, whatever has to be escaped; what comes near the limit is written to be measured
    head = 2 * len(json.dumps(fields, default=str)) + ROOM
    # a link between notes will have its address
    links = MAX_ADDRESS * len(draft.leads)
    is_near = head > MAX_FRONT_MATTER - ROOM or len(draft.body) + head > MAX_NOTE // 4
    # YAML is slow to write: what is far beyond the limit is so without it
    if is_near and head < 8 * MAX_FRONT_MATTER:
        head = len(dump_mapping(fields))
    if head > MAX_FRONT_MATTER - ROOM:
        message = f'what is told of "{title}" beside its notes is larger than {MAX_FRONT_MATTER // 1024} KiB'
        return draft.body, [Problem(name, place, message, "shorten it, such as its lists, in the source")]
    if len(draft.body.encode("utf-8", "surrogatepass")) + head + links > MAX_NOTE - ROOM:
        message = f'the notes of "{title}" are larger than {MAX_NOTE // 2**20} MiB'
        return draft.body, [Problem(name, place, message, "shorten them, or split them, in the source")]
    own = (*(f"asset:{asset.path}" for asset in draft.assets), *(lead.address for lead in draft.leads))
    body, remarks = fit_body(draft.body, str(fields["title"]), own)
    return body, [
        Problem(
            name,
            place,
            f'{one.message} (line {one.line} of the notes of "{title}")',
            one.remedy,
            one.severity,
        )
        for one in remarks
    ]


def _refused(model: type[Record], fields: dict[str, Any]) -> set[str]:
    """The names of fields that a model does not accept."""
    try:
        model.model_validate(fields)
    except ValidationError as error:
        return {str(found["loc"][0]) for found in error.errors(include_url=False, include_input=False)}
    return set()

"""What a source says of an episode, held against the model: what its file may not say is left out and reported."""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from mlguide_site.codec import MAX_FRONT_MATTER, dump_mapping
from mlguide_site.errors import Problem, Severity, visible
from mlguide_site.importers import Draft
from mlguide_site.importing.fit import fit_body
from mlguide_site.load import MAX_NOTE
from mlguide_site.model import Episode, Span

ROOM = 1024
"""Bytes of a note file kept free for its id and what merging adds."""
_ANY_ID = "any-001"


def sound_draft(draft: Draft, name: str) -> tuple[Draft, list[Problem]]:
    """A draft whose fields the model accepts, and a warning for each field that it doesn't. `name` is the source's.

    Notes or fields beyond what a note file may hold are an error; notes are rewritten where that keeps their words.
    """
    fields, problems = dict(draft.fields), []
    if not str(fields.get("title") or "").strip():
        fields["title"] = "Untitled"
    if fields.get("source") is None:
        fields.pop("source", None)
    for field in sorted(_refused(fields)):
        value = visible(str(fields.pop(field, "")))[:60]
        message = f'{field} of "{visible(draft.title)[:60]}" can\'t be used: {value}'
        problems.append(Problem(name, Span(draft.line, 1), message, "add it by hand", Severity.WARNING))
    fields.setdefault("title", "Untitled")
    body, found = _sound_body(draft, fields, name)
    unchanged = fields == draft.fields and body == draft.body
    return (draft if unchanged else replace(draft, fields=fields, body=body)), problems + found


def _sound_body(draft: Draft, fields: dict[str, Any], name: str) -> tuple[str, list[Problem]]:
    """The notes of a draft as a file can hold them, and what is to be said."""
    title, place = visible(draft.title)[:60], Span(draft.line, 1)
    head = len(dump_mapping(fields))
    if head > MAX_FRONT_MATTER - ROOM:
        message = f'what is told of "{title}" beside its notes is larger than {MAX_FRONT_MATTER // 1024} KiB'
        return draft.body, [Problem(name, place, message, "shorten it, such as its lists, in the source")]
    if len(draft.body.encode("utf-8", "surrogatepass")) + head > MAX_NOTE - ROOM:
        message = f'the notes of "{title}" are larger than {MAX_NOTE // 2**20} MiB'
        return draft.body, [Problem(name, place, message, "shorten them, or split them, in the source")]
    body, remarks = fit_body(draft.body, str(fields["title"]), (f"asset:{asset.path}" for asset in draft.assets))
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


def _refused(fields: dict[str, Any]) -> set[str]:
    """The names of fields that the model does not accept."""
    try:
        Episode.model_validate({"id": _ANY_ID, **fields})
    except ValidationError as error:
        return {str(found["loc"][0]) for found in error.errors(include_url=False, include_input=False)}
    return set()

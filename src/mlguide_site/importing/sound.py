"""What a source says of an episode, held against the model: what its file may not say is left out and reported."""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from mlguide_site.errors import Problem, Severity, visible
from mlguide_site.importers import Draft
from mlguide_site.model import Episode, Span

MAX_BODY = 1024 * 1024
_ANY_ID = "any-001"


def sound_draft(draft: Draft, name: str) -> tuple[Draft, list[Problem]]:
    """A draft whose fields the model accepts, and a warning for each field that it doesn't. `name` is the source's.

    A body of more than 1 MiB is an error.
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
    if len(draft.body.encode("utf-8", "surrogatepass")) > MAX_BODY:
        message = f'the notes of "{visible(draft.title)[:60]}" are larger than {MAX_BODY // 2**20} MiB'
        problems.append(Problem(name, Span(draft.line, 1), message, "shorten them in the source"))
    return (draft if fields == draft.fields else replace(draft, fields=fields)), problems


def _refused(fields: dict[str, Any]) -> set[str]:
    """The names of fields that the model does not accept."""
    try:
        Episode.model_validate({"id": _ANY_ID, **fields})
    except ValidationError as error:
        return {str(found["loc"][0]) for found in error.errors(include_url=False, include_input=False)}
    return set()

"""One draft into one note file, three ways: what an import last wrote, what the file and what the source says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from merge3 import Merge3

from mlguide_site.content.codec import MAX_FRONT_MATTER, dump_note, read_yaml, set_field, split_front_matter
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Draft
from mlguide_site.merge.base import FILL, Base, BodyBase, FieldBase, body_lines, line_hashes, name_keys, value_hash
from mlguide_site.merge.doubts import is_said, outdone, same_words
from mlguide_site.merge.match import draft_keys
from mlguide_site.merge.scaffolded import blank_fields, is_bare
from mlguide_site.model import Episode

FIELD_ORDER: tuple[str, ...] = tuple(Episode.model_fields)
BODY = "body"
NONE: frozenset[str] = frozenset()


class Conflict(NamedTuple):
    """Lines of a body that both a person and the source changed; the file keeps what the person wrote."""

    id: str
    path: str
    line: int
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The result for one episode: the file's text, the record of it, what changed and what a person's edit kept."""

    text: str
    base: Base
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def read_note(text: str, path: str) -> tuple[Mapping[str, Any], str, int]:
    """Front matter (scalars as text), body and the body's first line of a note file. Raises ContentError."""
    parts = split_front_matter(text.removeprefix("\ufeff"), path)
    return read_yaml(parts.yaml, path, parts.yaml_line, MAX_FRONT_MATTER).value, parts.body, parts.body_line


def create_note(draft: Draft, id: str, format: str) -> Merged:
    """The file of a new episode."""
    values = {"id": id, **draft.fields}
    front = {name: values[name] for name in FIELD_ORDER if name in values}
    base = Base(
        draft.series, {name: FieldBase(format, value_hash(value)) for name, value in front.items() if name != "id"}
    )
    if draft.body.strip():
        base = replace(base, body=BodyBase(format, draft.truncated, line_hashes(draft.body), draft.recovery))
    names = (*front, BODY) if draft.body.strip() else tuple(front)
    return Merged(dump_note(front, draft.body), base.with_keys((*draft_keys(draft), *name_keys(draft))), names)


def merge_draft(
    draft: Draft, id: str, path: str, text: str, base: Base | None, format: str, ranks: Mapping[str, int]
) -> Merged:
    """A draft merged into the file of its episode; what a person wrote, changed or took out stays so.

    `base` is None for a file that no import has written: then only what it lacks is filled in. Fields that say
    nothing, and the body of a new note, are lacking. `ranks` orders the
    formats, the most trusted lowest: a field that a more trusted one gave is left alone. Raises ContentError where
    the file's front matter can't be read or changed.
    """
    front, body, body_line = read_note(text, path)
    base = (base or Base(draft.series)).with_keys((*draft_keys(draft), *name_keys(draft)))
    new_body, body_base, taken, body_kept, conflicts = _merge_body(
        draft, id, path, body, body_line, base.body, format, ranks
    )
    blank = blank_fields(front, split_front_matter(text.removeprefix("\ufeff"), path).yaml)
    said = {name: value for name, value in front.items() if name not in blank or name in base.fields}
    changes, fields, kept = _merge_fields(draft, said, base, format, ranks, taken)
    result = text
    for name, value in changes.items():
        result = set_field(result, name, value, FIELD_ORDER)
    if new_body is not None:
        result = _with_body(result, new_body, path)
    if result != text:
        _verify(result, path, {**front, **changes}, body if new_body is None else new_body)
    changed = (*changes, BODY) if new_body is not None else tuple(changes)
    return Merged(
        result, replace(base, fields=fields, body=body_base), changed, (*kept, BODY) if body_kept else kept, conflicts
    )


def _merge_fields(
    draft: Draft, front: Mapping[str, Any], base: Base, format: str, ranks: Mapping[str, int], body_taken: bool
) -> tuple[dict[str, Any], dict[str, FieldBase], tuple[str, ...]]:
    """What to set (None to remove), the new record of fields, and the names of fields that a person's edit keeps."""
    changes: dict[str, Any] = {}
    fields, kept = dict(base.fields), []
    wanted = {
        name: draft.fields[name] for name in FIELD_ORDER if name in draft.fields and name not in {"id", "truncated"}
    }
    if body_taken:
        # whether the notes are cut goes with the notes
        wanted["truncated"] = True if draft.truncated else None
    for name, value in wanted.items():
        before, now = fields.get(name), front.get(name)
        new = FieldBase(format, value_hash(value)) if value is not None else None
        current = value_hash(now) if now is not None else None
        if new is not None and current == new.hash:
            if before is None or before.hash != current or ranks[format] <= ranks.get(before.format, len(ranks)):
                fields[name] = new
        elif (before.hash if before else None) != current:
            kept.append(name)
        elif before is not None and name != "truncated" and ranks.get(before.format, len(ranks)) < ranks[format]:
            continue
        elif new is not None:
            changes[name], fields[name] = value, new
        elif current is not None:
            changes[name] = None
            fields.pop(name, None)
    return changes, fields, tuple(kept)


def _merge_body(
    draft: Draft,
    id: str,
    path: str,
    body: str,
    body_line: int,
    base: BodyBase | None,
    format: str,
    ranks: Mapping[str, int],
) -> tuple[str | None, BodyBase | None, bool, bool, tuple[Conflict, ...]]:
    """The new body (None: as it is), its record, whether the notes are now the draft's, whether an edit kept theirs."""
    if not draft.body.strip():
        return None, base, False, False, ()
    new = BodyBase(format, draft.truncated, line_hashes(draft.body), draft.recovery, base.settled if base else NONE)
    if base is not None and is_said(base, new):
        # the source says what it said: how its structure would be recovered today makes no difference
        new = base._replace(truncated=draft.truncated)
    ours, theirs = line_hashes(body), new.lines
    if ours == theirs:
        better = base is None or base.lines != ours or _preferred(new, base, draft.body, body, ranks)
        return None, new if better else base, better, False, ()
    if base is None:
        return (draft.body, new, True, False, ()) if is_bare(body) else (None, None, False, True, ())
    if not _preferred(new, base, draft.body, body, ranks):
        return None, base, False, False, ()
    if ours == base.lines:
        return draft.body, new, True, False, ()
    if theirs == base.lines:
        return None, base._replace(recovery=new.recovery) if same_words(base, new) else base, False, True, ()
    merged, places = three_way(base.lines, body, draft.body)
    if places and same_words(base, new):
        # nothing new was said: the person's structure stands, and that is the end of it
        return None, base._replace(recovery=outdone(base, new)), False, True, ()
    if places:
        conflicts = tuple(Conflict(id, path, body_line + at, tuple(mine), tuple(other)) for at, mine, other in places)
        return None, base, False, True, conflicts
    return merged if line_hashes(merged) != ours else None, new, True, True, ()


def _preferred(new: BodyBase, old: BodyBase, new_text: str, old_text: str, ranks: Mapping[str, int]) -> bool:
    """Whether notes from one source replace those from another: whole ones cut ones, much longer ones shorter ones,
    else the more trusted format. Notes of the same format are a new version."""
    if FILL in (new.format, old.format):
        return old.format == FILL
    if new.truncated != old.truncated:
        return old.truncated
    if new.format == old.format:
        return True
    longer, shorter = (len(re.findall(r"\w+", text)) for text in (new_text, old_text))
    if max(longer, shorter) > 1.5 * min(longer, shorter) + 20:
        return longer > shorter
    return ranks[new.format] < ranks.get(old.format, len(ranks))


def three_way(
    base: Sequence[str], ours: str, theirs: str
) -> tuple[str, list[tuple[int, Sequence[str], Sequence[str]]]]:
    """Merge two bodies that come from one, known by its line hashes: the merged text, and the conflicts that stand in
    the way.

    A conflict is the index of our first line in question, our lines and theirs.

    >>> base = line_hashes("one\\n\\ntwo\\n\\nthree")
    >>> three_way(base, "one!\\n\\ntwo\\n\\nthree", "one\\n\\ntwo\\n\\nthree\\n\\nfour")
    ('one!\\n\\ntwo\\n\\nthree\\n\\nfour', [])
    >>> three_way(base, "one\\n\\n2\\n\\nthree", "one\\n\\nzwei\\n\\nthree")[1]
    [(2, ['2'], ['zwei'])]
    """
    mine, other = list(body_lines(ours)), list(body_lines(theirs))
    old, a, b = list(base), list(line_hashes(ours)), list(line_hashes(theirs))
    result: list[str] = []
    conflicts: list[tuple[int, Sequence[str], Sequence[str]]] = []
    at_old = at_a = at_b = 0
    for old_start, old_end, a_start, a_end, b_start, b_end in Merge3(old, a, b).find_sync_regions():
        was, left, right = old[at_old:old_start], a[at_a:a_start], b[at_b:b_start]
        if right in (was, left):
            result += mine[at_a:a_start]
        elif left == was:
            result += other[at_b:b_start]
        else:
            conflicts.append((at_a, mine[at_a:a_start], other[at_b:b_start]))
        result += mine[a_start:a_end]
        at_old, at_a, at_b = old_end, a_end, b_end
    return "\n".join(result), conflicts


def _with_body(text: str, body: str, path: str) -> str:
    """A note file's text with another body; front matter and kind of line end stay."""
    newline = "\r\n" if "\r\n" in text else "\n"
    parts = split_front_matter(text.removeprefix("\ufeff"), path)
    head = re.split(r"\r\n|\r|\n", text)[: parts.yaml.count("\n") + 3 if parts.yaml else 2]
    return newline.join([*head, "", *body_lines(body), ""])


def _verify(text: str, path: str, front: Mapping[str, Any], body: str) -> None:
    """Refuse a result that does not read as meant, so that an odd file is never spoilt."""
    found, found_body, _ = read_note(text, path)
    meant = {name: value for name, value in front.items() if value is not None}
    same = {name: value_hash(value) for name, value in found.items() if value is not None} == {
        name: value_hash(value) for name, value in meant.items()
    }
    if not same or line_hashes(found_body) != line_hashes(body):
        remedy = "write its front matter as plain lines, then import again"
        raise ContentError([Problem(path, Span(), "the file can't be changed without harm", remedy)])

"""Merges a draft into a note: a three-way merge of the last import, the file and the source."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mlguide_site.content.front_matter import dump_note, read_front_matter, set_field, split_front_matter
from mlguide_site.content.yaml_edit import is_blank, is_blank_line
from mlguide_site.content.yaml_read import comments
from mlguide_site.errors import Problem, Severity, Span, content_error, shortened
from mlguide_site.importers import Draft
from mlguide_site.importers.common.addresses import address_key
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.importers.notes.dialects import DIALECTS
from mlguide_site.merge.keys import draft_keys, name_keys, place_keys
from mlguide_site.merge.match_episodes import CHINESE
from mlguide_site.merge.merge_lines import TAKE, Region, three_way
from mlguide_site.merge.records import Base, BodyBase, FieldBase, OpenConflict, body_lines, line_hashes, value_hash
from mlguide_site.model.digests import short_digest
from mlguide_site.model.records import Episode, EpisodeFile

FILL = "fill"  # the format of values from teasers; values of any other format replace them
OWN_NOTES = frozenset(one.name for one in DIALECTS)  # the formats of a person's own notes, which a feed never replaces
_NAMES = [*(one.name for one in IMPORTERS), FILL]
RANKS: Mapping[str, int] = {name: _NAMES.index(DIALECTS[0].name if name in OWN_NOTES else name) for name in _NAMES}
"""The rank of each format. The most trusted format has the lowest rank. The formats of a person's own notes have one
rank, because notes that change may be read in another format."""
RUN = 3  # number of words in a run
# quotes and brackets may end a YAML value
_ADDRESS = re.compile(r"https?://[^\s()<>{}\]'\"]*[^\s()<>{}\]'\".,;:!?]")
# each Chinese character and each symbol, such as a star, is a word
_WORD = re.compile(rf"[\u20a0-\u20cf\u2190-\u2bff{CHINESE}\U0001f000-\U0001faff]|[^\W_{CHINESE}]+")
FIELD_ORDER: tuple[str, ...] = tuple(Episode.model_fields)
_STATUSES = frozenset("x-status x-draft x-publish x-published".split())
_STATUS_LINE = re.compile(
    r"^[^\w\n]{0,20}(?:status|draft|publish(?:ed)?)[^\w\n]{0,20}?[:=]"
    r"(?![^\w\n]{0,9}\d(?:\d|[ \t]*[^\W\d]|[ \t]*[./][ \t]*\w)).*",
    re.I | re.M,
)
"""A status in the text of notes, such as `Status: draft`, but not `Published: 2016`."""
BODY = "body"
NEW_BODY = "## Notes\n"  # the body that `mlguide new` writes


class Conflict(NamedTuple):
    """A field, or lines of the body, that a person and the source both changed. The file keeps the person's edit."""

    id: str
    path: str
    line: int
    file: tuple[str, ...]  # the lines in the file
    source: tuple[str, ...]  # the lines in the source


@dataclass(frozen=True, slots=True)
class Merged:
    text: str  # the new note
    base: Base  # the new import record
    kept: tuple[str, ...] = ()  # the edited fields (and `body`) that were kept
    conflicts: tuple[Conflict, ...] = ()
    unused: tuple[tuple[str, str], ...] = ()  # messages, with remedies, of texts and values that aren't used


class _Body(NamedTuple):
    text: str | None  # the new body, or None if the body doesn't change
    base: BodyBase | None
    taken: bool = False  # true if the whole body of the draft was merged
    kept: bool = False  # true if edits were kept
    conflicts: Sequence[Region] = ()
    unused: BodyBase | None = None  # other notes that aren't used


def read_note(text: str, path: str) -> tuple[Mapping[str, Any], str, int]:
    """Return a note's front matter (scalars as text), body, and the body's first line number. Raises ContentError."""
    parts, located = read_front_matter(text.removeprefix("\ufeff"), path)
    return located.value, parts.body, parts.body_line


def merge_draft(
    draft: Draft, id: str, path: str, text: str, base: Base | None, format: str, choice: str = ""
) -> Merged:
    """Merge a draft into the note of its episode. A person's edits and deletions are kept. `choice` is the version that
    resolves conflicts (`KEEP` or `TAKE`); without it, conflicts stay open. `text` is "" for a new episode.

    If `base` is None, no import has written the note, and only missing values are added. Empty fields and the body of a
    new note count as missing. Fields from a more trusted format are not replaced. Raises ContentError."""
    parts, located = read_front_matter(text.removeprefix("\ufeff") or "---\n---\n", path)
    front, body = located.value, parts.body
    base = base or Base(draft.series)
    own = draft_keys(draft)
    place = place_keys(draft, own) if draft.file else base.place
    # a file may have a new name, but a copy in another folder may lack fields
    if draft.file and place[1:] == base.place[1:]:
        # remove what the notes don't have any more, unless a person edited it
        lost = (name for name in ("status", "topics") if name in base.fields and base.fields[name].format in OWN_NOTES)
        unread = {"status"} if _STATUSES & draft.fields.keys() else set[str]()  # a status that can't be read
        known = {*body.splitlines()}
        if any(found[0] not in known for found in _STATUS_LINE.finditer(draft.body)):
            # the status is now in the text, in front matter below another line: keep it, also in later imports
            base = replace(base, fields={name: one for name, one in base.fields.items() if name != "status"})
        removed = [name for name in lost if name in front and name not in {*draft.fields, *unread}]
        draft = replace(draft, fields={**draft.fields, **dict.fromkeys(removed)})
    keys = base.keys.union((key for key in own.values() if key not in place), name_keys(draft))
    merged = _merge_body(draft, body, base.body, format, choice)
    base = replace(base, keys=keys, place=place)
    lines = parts.yaml.split("\n")
    blank = {name for name in front if is_blank(front[name]) and any(is_blank_line(line, name) for line in lines)}
    filled = {name: value for name, value in front.items() if name not in blank or name in base.fields}
    extents = {name: located.extent((name,)) or (0, 0) for name in front if "#" in parts.yaml}
    commented = {name for name, (at, end) in extents.items() if end - at > 1 and comments("\n".join(lines[at:end]))}
    changes, fields, kept, rivals = _merge_fields(draft, filled, commented, base, format, merged.taken, choice)
    if text:
        result = _changed(text, path, front, changes, body, merged.text)
    else:
        result = dump_note({"id": id, **{name: changes[name] for name in _ordered(changes)}}, draft.body)
    unused = dict(_unused(merged.unused, _lost_values(draft, filled, base, format, changes, result)))
    told, base = base.keys, replace(base, keys=base.keys.union(unused))
    conflicts, still_open = list[Conflict](), [one for one in base.conflicts if _rank(one.format) != _rank(format)]
    if rivals or merged.conflicts:
        parts, located = read_front_matter(result.removeprefix("\ufeff"), path)
    for name in rivals:
        line, ours, theirs = located.find_key((name,)).line, front.get(name), draft.fields[name]
        mine = (f"{name}: {ours}",) if name in front else ()
        conflicts.append(Conflict(id, path, line, mine, (f"{name}: {theirs}",)))
        still_open.append(OpenConflict(format, name, (value_hash(ours),) if mine else (), (value_hash(theirs),)))
    for at, *sides in merged.conflicts:
        conflicts.append(Conflict(id, path, parts.body_line + at, *sides))
        hashes = (line_hashes("\n".join(filter(str.strip, side))) for side in sides)
        still_open.append(OpenConflict(format, BODY, *hashes))
    return Merged(
        text=result,
        base=replace(base, fields=fields, body=merged.base, conflicts=tuple(still_open)),
        kept=(*kept, BODY) if merged.kept else kept,
        conflicts=tuple(conflicts),
        unused=tuple(text for key, text in unused.items() if key not in told),
    )


def _unused(notes: BodyBase | None, values: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the key, message and remedy of notes, and of a person's values, that aren't used. An episode's record has
    the keys of what an import has said."""
    if notes:
        message = f"the notes in the format {notes.format} aren't used, because the episode has other notes"
        remedy = "copy what you need into the note, or import them with --series as episodes of another series"
        yield short_digest("\n".join(("unused", *notes.lines))), (message, remedy)
    if values:
        message = f"values of your notes aren't used, because another source has others: {shortened(values)}"
        yield short_digest("\n".join(("values", *values))), (message, "add what you need to the note")


def _lost_values(
    draft: Draft, front: Mapping[str, Any], base: Base, format: str, changes: Mapping[str, Any], result: str
) -> list[str]:
    """Return the links, people and summary of a person's own notes that another source's values replace, and that the
    resulting note `result` doesn't contain."""
    is_own, found = format in OWN_NOTES, list[str]()
    kept = {address_key(url) for url in _ADDRESS.findall(result)}
    for name in ("links", "people", "summary"):
        before, own = base.fields.get(name), draft.fields.get(name) if is_own else front.get(name)
        is_replaced = before and is_own not in {before.format in OWN_NOTES, name in changes}
        # YAML may write the same value in another form
        is_replaced = is_replaced and value_hash(own) != value_hash(changes.get(name, front.get(name)))
        values = own if isinstance(own, (list, tuple)) else [own] if own else []
        texts = (str(one.get("url") or one.get("person") if isinstance(one, dict) else one) for one in values)
        found += [
            f"{name}: {text}"
            for text in texts
            if is_replaced and text not in result and (name != "links" or address_key(text) not in kept)
        ]
    return found


def _merge_fields(
    draft: Draft, front: Mapping[str, Any], commented: Set[str], base: Base, format: str, body_taken: bool, choice: str
) -> tuple[dict[str, Any], dict[str, FieldBase], tuple[str, ...], tuple[str, ...]]:
    """Return the changed values (None removes a field), the `FieldBase`s to record, the fields that keep the note's
    value, and the fields in conflict. Fields in `commented` count as edited, because their values contain comments."""
    changes: dict[str, Any] = {}
    fields, kept, rivals = dict(base.fields), [], []
    own = draft.fields
    wanted = {name: own[name] for name in _ordered(own) if name not in {"id", "truncated"}}
    if body_taken:
        # the field `truncated` describes the body
        wanted["truncated"] = True if draft.truncated else None
    for name, value in wanted.items():
        before, now = fields.get(name), front.get(name)
        new = FieldBase(format, value_hash(value)) if value is not None else None
        current = value_hash(now) if now is not None else None
        whole = draft.whole_fields.get(name, value)
        is_newer = before and new and before.hash not in {new.hash, value_hash(whole)}
        is_newer = is_newer and before and _rank(format) <= _rank(before.format)
        if new is not None and current == new.hash:
            if before is None or before.hash != current or _rank(format) <= _rank(before.format):
                fields[name] = new
        elif ((before.hash if before else None) != current or name in commented) and not (choice == TAKE and is_newer):
            kept.append(name)
            rivals += [name] if is_newer and not choice else []
            fields |= {name: new} if is_newer and choice and new else {}
        elif before is not None and name != "truncated" and _rank(before.format) < _rank(format):
            continue
        elif new is not None:
            changes[name], fields[name] = value, new
        elif current is not None:
            changes[name] = None
            fields.pop(name, None)
    return changes, fields, tuple(kept), tuple(rivals)


def _merge_body(draft: Draft, body: str, base: BodyBase | None, format: str, choice: str) -> _Body:
    if not draft.body.strip():
        return _Body(None, base)
    settled = base.settled if base else frozenset()
    new = BodyBase(format, draft.truncated, line_hashes(draft.body), draft.recovery, settled)
    ours, theirs = line_hashes(body), new.lines
    if base is None:
        if ours != theirs and not is_bare(body) and choice != TAKE:
            is_unused = format != FILL and not choice and _has_own_words(draft.body, body, new.truncated)
            return _Body(None, None, kept=True, unused=new if is_unused else None)
        return _Body(draft.body if ours != theirs else None, new, taken=True)
    if base.format == format and base.recovery and new.recovery and base.recovery.text == new.recovery.text:
        # the source didn't change, only the recovery of its structure
        is_cut = replace(base, truncated=draft.truncated)
        return _Body(None, is_cut, taken=ours == base.lines, kept=ours != base.lines)
    preferred = _is_preferred(new, base, draft.body, body)
    if ours == theirs:
        better = base.lines != ours or preferred
        return _Body(None, new if better else base, taken=better)
    is_rival = _rank(format) != _rank(base.format) and FILL not in (format, base.format)
    if not preferred:
        return _Body(None, base, unused=new if is_rival and _has_own_words(draft.body, body, new.truncated) else None)
    if theirs == base.lines and ours != base.lines:
        return _Body(None, base, kept=True)
    merged, lines, conflicts = three_way(base.lines, body, draft.body, choice)
    is_unused = is_rival and _has_own_words(body, merged, base.truncated)
    if conflicts:
        # the next import compares the lines in conflict again
        new = replace(new, truncated=base.truncated, lines=lines, recovery=None)
    changed = merged if line_hashes(merged) != ours else None
    kept = ours != base.lines and line_hashes(merged) != theirs
    return _Body(changed, new, taken=not conflicts, kept=kept, conflicts=conflicts, unused=base if is_unused else None)


def _ordered(fields: Mapping[str, Any]) -> list[str]:
    return [name for name in FIELD_ORDER if name in fields] + sorted(fields.keys() - set(FIELD_ORDER))


def _rank(format: str) -> int:
    return RANKS.get(format, len(RANKS))


def _is_preferred(new: BodyBase, old: BodyBase, new_text: str, old_text: str) -> bool:
    """Return whether new notes replace old notes. Complete notes replace truncated notes; truncated notes never replace
    complete ones. Otherwise, new notes in a format of the same rank replace old notes. If the ranks differ, a person's
    own notes are used if they have words of their own, and otherwise the longer notes or, if the lengths are similar,
    the notes in the more trusted format."""
    if FILL in (new.format, old.format):
        return old.format == FILL
    if new.truncated != old.truncated:
        return old.truncated
    if _rank(new.format) == _rank(old.format):
        return True
    is_own = new.format in OWN_NOTES
    own, other = (new_text, old_text) if is_own else (old_text, new_text)
    if is_own != (old.format in OWN_NOTES) and _has_own_words(own, other):
        return is_own
    longer, shorter = (len(re.findall(r"\w+", text)) for text in (new_text, old_text))
    if max(longer, shorter) > 1.5 * min(longer, shorter) + 20:
        return longer > shorter
    return _rank(new.format) < _rank(old.format)


def _has_own_words(text: str, other: str, is_cut: bool = False) -> bool:
    """Return whether a text contains runs of words, or addresses, that another text doesn't contain. The last word of a
    truncated text (`is_cut`) doesn't count."""
    words, others = (_WORD.findall(_ADDRESS.sub(" ", one).casefold()) for one in (text, other))
    words = words[:-1] if is_cut else words
    run = min(RUN, len(words))
    own, found = ({*word_runs(one, run)} for one in (words, others))
    return not own <= found or not {*_ADDRESS.findall(text)} <= {*_ADDRESS.findall(other)}


def word_runs(words: Sequence[str], run: int = RUN) -> Iterator[tuple[str, ...]]:
    """Return all runs of words: sequences of this number of words that follow each other."""
    return zip(*(words[at:] for at in range(run)), strict=False)


def _changed(
    text: str, path: str, front: Mapping[str, Any], changes: Mapping[str, Any], body: str, new_body: str | None
) -> str:
    """Change fields in a note (None removes a field), and the body unless `new_body` is None. Raises ContentError."""
    result = text
    for name, value in changes.items():
        result = set_field(result, name, value, FIELD_ORDER)
    if new_body is not None:
        newline = "\r\n" if "\r\n" in result else "\n"
        parts = split_front_matter(result.removeprefix("\ufeff"), path)
        head = re.split(r"\r\n|\r|\n", result)[: parts.yaml.count("\n") + 3 if parts.yaml else 2]
        result = newline.join([*head, "", *body_lines(new_body), ""])
    if result == text:
        return text
    found, found_body, _ = read_note(result, path)
    meant = {**front, **changes}
    hashes = [{name: value_hash(value) for name, value in one.items() if value is not None} for one in (found, meant)]
    if hashes[0] != hashes[1] or line_hashes(found_body) != line_hashes(body if new_body is None else new_body):
        remedy = 'write each field of the front matter as "key: value", then import again'
        raise content_error(path, "the file can't be changed safely", remedy)
    return result


def is_bare(body: str) -> bool:
    """Return whether a body is empty or unchanged since `mlguide new` wrote it."""
    return not body.strip() or line_hashes(body) == line_hashes(NEW_BODY)


def open_conflicts(file: EpisodeFile, text: str, base: Base, source: str) -> Iterator[Problem]:
    """Yield a warning for each recorded conflict that nobody has resolved in the note. `text` is the note file's text.
    `source` is the command-line argument that names the source, or "" for a feed."""
    front = read_note(text, file.path)[0] if base.conflicts else {}
    lines = [short_digest(line.rstrip()) for line in file.body.split("\n")]
    for one in base.conflicts:
        is_body, own = one.name == BODY, [value_hash(front[one.name])] if one.name in front else []
        now = {*lines} if is_body else {*own}
        if now >= {*one.source} and not now & ({*one.file} - {*one.source}):
            # the note has the source's version now
            continue
        first = next((at for at, hash in enumerate(lines) if hash in one.file), 0)
        span = Span(file.body_line + first) if is_body else file.span(one.name)
        what = "this passage" if is_body else f'the field "{one.name}"'
        message = f"you and the source ({one.format}) both changed {what}; your version is kept"
        remedy = f"keep yours: mlguide import {source}--keep {file.id}; or use the source version: --take {file.id}"
        yield Problem(file.path, span, message, remedy, Severity.WARNING, is_conflict=True)

"""Reports recovered structure that may be wrong, records what a person confirms, and collects training examples."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mlguide_site.content.files import decode, exclusive, read_bytes, resolve_inside, write_atomic
from mlguide_site.content.front_matter import split_front_matter
from mlguide_site.errors import ContentError, Problem, Severity, Span, UsageError
from mlguide_site.merge.records import FOLDER, Base, BodyBase, dump_record, line_hashes, read_records
from mlguide_site.model.digests import short_digest
from mlguide_site.recovery import UncertainPlace
from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL, plain, read_blocks

MAX_WORDS = 8
_NAMES = {"text": "continued text", "item": "an item"}
_PLACE = re.compile(
    r"(?:\./)?(?P<path>episodes/[^/:]{1,200}/[^/:]{1,200}\.md)(?::(?P<line>[0-9]{1,7}))?(?::[0-9]{1,7})?:?"
)
MIN_EXAMPLES = 20


def uncertain_places(body: str, base: BodyBase | None) -> list[tuple[int, UncertainPlace]]:
    """Return (line index in the body, place) for each uncertain place in a line that nobody edited or confirmed."""
    if base is None or base.recovery is None or not base.recovery.uncertain:
        return []
    now: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(body.split("\n")):
        now[short_digest(line.rstrip())].append(at)
    # equal lines are matched in order
    where = {at: now[hash].pop(0) for at, hash in enumerate(base.lines) if now.get(hash)}
    left = [one for one in base.recovery.uncertain if one.line in where and base.lines[one.line] not in base.settled]
    return [(where[one.line], one) for one in left]


def uncertainty_hints(path: str, body: str, body_line: int, base: BodyBase | None) -> Iterator[Problem]:
    """Yield a hint for each uncertain place in a note, whose body begins on line `body_line`."""
    lines = body.split("\n")
    for line, place in uncertain_places(body, base):
        words = plain(lines[line][place.column - 1 :]).split()
        shown = " ".join(words[:MAX_WORDS]) + (" …" if len(words) > MAX_WORDS else "")
        span = Span(body_line + line, place.column)
        taken, instead = (_NAMES.get(kind, f"a {kind}") for kind in (place.taken, place.instead))
        remedy = f"edit the line, or confirm it: mlguide check --confirm {path}:{span.line}"
        yield Problem(path, span, f'"{shown}" was read as {taken} and may be {instead}', remedy, Severity.HINT)


def confirm(root: Path, places: Sequence[str]) -> int:
    """Confirm that uncertain headings and lists are correct. A place is a note (`episodes/mla/mla-012.md`) or a line of
    a note (`episodes/mla/mla-012.md:14`). Return the number of confirmed lines. Raises UsageError for other places."""
    with exclusive(root):
        before = read_records(root).bases
        bases, count = dict(before), 0
        for place in places:
            found = _PLACE.fullmatch(place.replace("\\", "/"))
            path = resolve_inside(root, found["path"]) if found else root
            base = bases.get(path.stem)
            if found is None or base is None or base.body is None or not path.is_file():
                remedy = "give the path of an imported note, and optionally a line, as in episodes/mla/mla-012.md:14"
                raise UsageError(f"{place}: this is not an imported note; {remedy}")
            parts = split_front_matter(decode(read_bytes(path), found["path"]), found["path"])
            line = int(found["line"]) - parts.body_line if found["line"] else None
            uncertain = uncertain_places(parts.body, base.body)
            hashes = {base.body.lines[one.line] for at, one in uncertain if line in (None, at)}
            if not hashes:
                raise UsageError(f"{place}: nothing is uncertain here; run mlguide check to list uncertain places")
            count += len(hashes)
            bases[path.stem] = replace(base, body=replace(base.body, settled=base.body.settled | hashes))
        for id, base in sorted(bases.items()):
            if base != before[id]:
                write_atomic(resolve_inside(root, f"{FOLDER}/{id}.json"), dump_record(base))
    return count


def training_examples(notes: Mapping[str, str], bases: Mapping[str, Base]) -> tuple[str, ...]:
    """Return bodies with a clear structure, sorted by id, as training examples. A suitable body has at least two
    headings, labels or list items; if its structure was recovered, a person must have edited it. Return () if fewer
    than 20 bodies are suitable. `notes` and `bases` map ids to notes and import records."""
    bodies: list[str] = []
    for id, text in sorted(notes.items()):
        with contextlib.suppress(ContentError):
            body = split_front_matter(text.removeprefix("\ufeff"), id).body
            base = bases[id].body if id in bases else None
            is_guess = base is not None and base.recovery is not None and base.lines == line_hashes(body)
            if not is_guess and sum(kind in (HEADING, LABEL, ITEM) for kind, _ in read_blocks(body)) >= 2:
                bodies.append(body)
    return tuple(bodies) if len(bodies) >= MIN_EXAMPLES else ()

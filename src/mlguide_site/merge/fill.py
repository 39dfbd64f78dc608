"""What a matched text gives its episode. Notes in full are merged as those of any source; everything else, and a teaser
above all, only fills in what is missing, so that each other source outdoes it, whatever the order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.importers.plain import ends_sentence, starts_upper
from mlguide_site.importers.promotion import cut_out, find_matches
from mlguide_site.merge.base import FILL, Base, line_hashes, value_hash
from mlguide_site.merge.loose import is_teaser
from mlguide_site.merge.scaffolded import is_bare

MAX_SENTENCES = 2
MAX_SUMMARY = 400
MIN_SENTENCE = 5
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARK = re.compile(r"(\s*(?:[-+*]|\d{1,9}[.)])\s+|#{1,6}\s+|\s*)")


class Part(NamedTuple):
    """A draft to merge into an episode, the format that it counts as, and the promotion that was left out of it."""

    draft: Draft
    format: str
    left_out: tuple[str, ...] = ()


def parts_of(
    draft: Draft,
    front: Mapping[str, Any],
    body: str,
    base: Base | None,
    format: str,
    patterns: Sequence[str],
    said: bool,
) -> Iterator[Part]:
    """What a text that belongs to an episode adds to it, in the order in which it is to be merged.

    `front` and `body` are the episode's, `base` its record; `patterns` are the promotion of its series. `said` is true
    where the episode's notes have the text already.
    """
    plain = replace(draft, loose=None, number=None, fields={}, body="", assets=())
    teaser = is_teaser(draft)
    notes, left_out = _without(draft, patterns)
    cut: dict[str, Any] = {"truncated": True} if draft.truncated else {}
    if not teaser:
        if not _outdone(notes, body, base, format):
            yield Part(replace(plain, fields=cut, body=notes, left_out=left_out), format, left_out)
    elif notes and _may_fill(body, notes, draft.truncated, base):
        yield Part(replace(plain, fields=cut, body=notes, left_out=left_out), FILL, left_out)
    fields = {name: draft.fields[name] for name in ("date", "duration") if name in draft.fields and not front.get(name)}
    if teaser and (summary := _summary(draft, patterns, said)) and _may_say(front.get("summary"), summary, base):
        fields["summary"] = summary
    if fields:
        yield Part(replace(plain, fields=fields), FILL, left_out if "summary" in fields else ())


def source_part(draft: Draft) -> Part:
    """What says that an episode's notes are those of a draft."""
    plain = replace(draft, loose=None, number=None, fields={"source": draft.fields["source"]}, body="", assets=())
    return Part(plain, str(draft.fields["source"]["format"]))


def _without(draft: Draft, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A body without promotion: that of its series, and the words with which teasers of its source begin."""
    if is_teaser(draft):
        words = draft.body.split(" ")
        lead = draft.loose.lead if draft.loose else 0
        text = " ".join(words[lead:])
        matches = find_matches(text, patterns)
        own = (_plain(" ".join(words[:lead])),) if lead else ()
        return cut_out(text, matches), (*own, *(match.pattern for match in matches))
    return cut_lines(draft.body, patterns)


def cut_lines(body: str, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Notes without promotion, and the patterns that matched. A line that is nothing else goes, unless others stand
    under it.

    >>> cut_lines("- Buy a loom\\n- Buy a loom, or weave.\\n- Buy a loom\\n    - cheap", ["Buy a loom"])
    ('- or weave.\\n- Buy a loom\\n    - cheap', ('Buy a loom', 'Buy a loom'))
    """
    lines = body.split("\n")
    kept: list[str] = []
    used: list[str] = []
    for at, line in enumerate(lines):
        found = _MARK.match(line)
        mark = found[1] if found else ""
        matches = find_matches(line[len(mark) :], patterns)
        rest = cut_out(line[len(mark) :], matches)
        below = lines[at + 1] if at + 1 < len(lines) else ""
        holds = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip())
        if not matches or (not rest and (holds or line.startswith("#"))):
            kept.append(line)
            continue
        used += [match.pattern for match in matches]
        if rest:
            kept.append(mark + rest)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n"), tuple(used)


def _outdone(notes: str, body: str, base: Base | None, format: str) -> bool:
    """Whether the episode has notes of the same format that say more: of two pages the one with more words counts,
    whichever came first."""
    if base is None or base.body is None or base.body.format != format or line_hashes(body) != base.body.lines:
        return False
    return (len(notes.split()), notes) < (len(body.split()), body.strip("\n"))


def _may_fill(body: str, notes: str, cut: bool, base: Base | None) -> bool:
    """Whether a teaser stands in for notes: where there are none and nobody took them out, or a lesser teaser does."""
    before = base.body if base else None
    if before is None:
        return is_bare(body)
    if before.format != FILL or line_hashes(body) != before.lines:
        return False
    return (not cut, len(notes), notes) > (not before.truncated, len(body.strip("\n")), body.strip("\n"))


def _may_say(now: object, summary: str, base: Base | None) -> bool:
    """Whether a teaser's words become the summary: where there is none, or one of a teaser that says less."""
    before = base.fields.get("summary") if base else None
    if before is None:
        return not now
    if before.format != FILL or value_hash(now) != before.hash:
        return False
    return (len(summary), summary) > (len(str(now)), str(now))


def _summary(draft: Draft, patterns: Sequence[str], said: bool) -> str:
    """A teaser as a summary: its first sentences where the notes say the rest, else all of it."""
    text = " ".join(_plain(_without(draft, patterns)[0]).split())
    return _opening(text, draft.truncated) if said else text


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _opening(text: str, cut: bool) -> str:
    """The first one or two sentences of a text that begins with some; "" where it begins with anything else.

    >>> _opening("How a loom works. It has a frame that holds the warp. Then", True)
    'How a loom works. It has a frame that holds the warp.'
    >>> _opening("Links Notes at Loom Basics Warp: The threads are held.", False)
    ''
    """
    words = text.split()
    ends = [at + 1 for at, word in enumerate(words) if ends_sentence(word) and not word.endswith(("...", "…"))]
    if cut and ends and ends[-1] == len(words):
        ends.pop()
    start, found = 0, ""
    for end in ends[:MAX_SENTENCES]:
        sentence = words[start:end]
        capitals = sum(starts_upper(word) for word in sentence[1:6])
        prose = starts_upper(sentence[0]) and not any(word.endswith(":") for word in sentence) and capitals < 3
        if not prose or len(" ".join(words[:end])) > MAX_SUMMARY:
            break
        start, found = end, " ".join(words[:end])
    return found if len(found.split()) >= MIN_SENTENCE else ""

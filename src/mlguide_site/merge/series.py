"""Series that sources name, merged into the text of `knowledge/series.yml`; what a person wrote stays."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.content.yaml_write import dump_value
from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.importers import SeriesDraft
from mlguide_site.merge.records import SeriesRecord, plain_value, value_hash
from mlguide_site.merge.yaml_edits import Addition, add_all
from mlguide_site.model import Series

PATH = "knowledge/series.yml"
ORDER: tuple[str, ...] = tuple(Series.model_fields)
PROMOTION = "promotion"
MEDIA = "media"
"""Hosts that a feed's audio redirects to."""
_SHORT = 100
"""Characters of a value that is worth writing by hand."""


class SeriesChange(NamedTuple):
    """The file's new text, the ids of new series, what imports have written, and what couldn't be added."""

    text: str
    new: tuple[str, ...]
    written: Mapping[str, SeriesRecord]
    problems: tuple[Problem, ...]


def join_drafts(drafts: Iterable[SeriesDraft]) -> dict[str, dict[str, Any]]:
    """What several sources know of each series: of each field the first value, of promotion and hosts all."""
    joined: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        fields = joined.setdefault(draft.id, {})
        for name, value in draft.fields.items():
            if name in (PROMOTION, MEDIA):
                fields[name] = sorted({*fields.get(name, ()), *value})
            else:
                fields.setdefault(name, value)
    return {id: joined[id] for id in sorted(joined)}


def add_series(text: str, drafts: Mapping[str, Mapping[str, Any]], written: Mapping[str, SeriesRecord]) -> SeriesChange:
    """The text of `series.yml` with new series, fields that existing ones lack, and promotion found since.

    `written` is what imports have written before: a field or series of these that is gone was removed by a person and
    stays out; promotion that a person changed stays as it is. Raises ContentError where the text is not valid YAML, or
    a new series can't be added.
    """
    problems: list[Problem] = []
    new: list[str] = []
    records = dict(written)
    located = read_yaml(text, PATH)
    additions: list[Addition] = []
    for id, fields in sorted(drafts.items()):
        before = written.get(id, SeriesRecord())
        wanted = {k: fields[k] for k in ORDER if fields.get(k) not in (None, "", [], ())}
        if wanted.get("kind") == "podcast":
            del wanted["kind"]
        if id not in located.value:
            if before.keys:
                problems.append(_removed(id, wanted))
            else:
                additions.append(Addition((), {id: wanted}))
                new.append(id)
                records[id] = _record(before, wanted, set(wanted))
            continue
        entry = located.value[id] or {}
        problems += _unknown_media(id, entry.get(MEDIA), wanted.get(MEDIA, ()), located.find((id, MEDIA)))
        added = {k: v for k, v in wanted.items() if k not in entry and k not in before.keys}
        alike = {k for k, v in wanted.items() if entry.get(k) == plain_value(v)}
        instead = {}
        if entry.get(PROMOTION) and before.promotion == value_hash(entry[PROMOTION]):
            patterns = sorted({*entry[PROMOTION], *wanted.get(PROMOTION, ())})
            if patterns != sorted(entry[PROMOTION]):
                wanted[PROMOTION] = added[PROMOTION] = patterns
                instead = {PROMOTION: entry[PROMOTION]}
        if added:
            additions.append(Addition((id,), added, ORDER, instead))
        if added or alike - set(before.keys):
            records[id] = _record(before, wanted, alike | set(added))
    changed, refused = add_all(text, additions, PATH)
    for addition in refused:
        id = addition.where[0] if addition.where else next(iter(addition.fields))
        found = addition.fields if addition.where else addition.fields[id]
        lines = "; ".join(f"{key}: {dump_value(value)}" for key, value in found.items())
        if not addition.where:
            remedy = f'add it by hand: "{id}" with {lines}'
            raise ContentError([Problem(PATH, Span(), f'"{id}" can\'t be added without harm', remedy)])
        remedy = f"add by hand what you want of it: {lines}"
        place = located.find_key((id,))
        problems.append(Problem(PATH, place, f'more is known of series "{id}"', remedy, Severity.HINT))
        records.pop(id)
        records |= {id: written[id]} if id in written else {}
    return SeriesChange(changed, tuple(new), records, tuple(problems))


def _record(before: SeriesRecord, wanted: Mapping[str, Any], keys: set[str]) -> SeriesRecord:
    promotion = value_hash(wanted[PROMOTION]) if PROMOTION in keys else before.promotion
    return SeriesRecord(tuple(sorted({*before.keys, *keys})), promotion)


def _removed(id: str, wanted: Mapping[str, Any]) -> Problem:
    """A warning about a series that an import wrote and a person removed."""
    short = {name: value for name, value in wanted.items() if len(dump_value(value)) <= _SHORT}
    message = f'the series "{id}" was removed here, and is not written again'
    remedy = f'to have it back, write "{id}: {dump_value({"title": id, **short})}"; else remove episodes/{id}/ as well'
    return Problem(PATH, Span(), message, remedy, Severity.WARNING)


def _unknown_media(id: str, kept: object, hosts: Iterable[str], span: Span) -> list[Problem]:
    """A hint where a person listed hosts for the audio of a series, but not all that are needed now."""
    have = {str(host).rstrip("/") for host in kept} if isinstance(kept, list) else set()
    if not have or not (lacking := sorted(set(hosts) - have)):
        return []
    message = f'the audio of "{id}" also redirects to {", ".join(lacking)}'
    return [Problem(PATH, span, message, "add it to media, or its player may be silent", Severity.HINT)]

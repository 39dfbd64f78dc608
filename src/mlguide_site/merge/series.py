"""Series that sources name, into the text of `knowledge/series.yml`: comments and what a person wrote stay."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mlguide_site.content.codec import dump_value, read_yaml
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import SeriesDraft
from mlguide_site.merge.base import plain_value, value_hash
from mlguide_site.merge.sent_on import MEDIA, unknown_media
from mlguide_site.merge.written import Written
from mlguide_site.merge.yaml_text import insert_entry, insert_keys, replace_list
from mlguide_site.model import Series

PATH = "knowledge/series.yml"
KEY_ORDER: tuple[str, ...] = tuple(Series.model_fields)
PROMOTION = "promotion"
_SHORT = 100
"""Characters of a value that is worth writing by hand."""
_DEFAULTS = {"kind": "podcast"}


class SeriesChange(NamedTuple):
    """The file's new text, the ids of series that are new, what imports have written, and what couldn't be added."""

    text: str
    new: tuple[str, ...]
    written: Mapping[str, Written]
    problems: tuple[Problem, ...]


def join_drafts(drafts: Iterable[SeriesDraft]) -> dict[str, dict[str, Any]]:
    """What several sources tell of each series: of each field the first that gives it; of lists that grow all."""
    joined: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        fields = joined.setdefault(draft.id, {})
        for name, value in draft.fields.items():
            if name in (PROMOTION, MEDIA):
                fields[name] = sorted({*fields.get(name, ()), *value})
            else:
                fields.setdefault(name, value)
    return {id: joined[id] for id in sorted(joined)}


def may_grow(id: str, promotion: object, written: Mapping[str, Written]) -> bool:
    """Whether a series' list of promotion is as an import left it, so that the next may add to it."""
    return id in written and bool(promotion) and written[id].promotion == value_hash(promotion)


def add_series(text: str, drafts: Mapping[str, Mapping[str, Any]], written: Mapping[str, Written]) -> SeriesChange:
    """The text of `series.yml` with new series, keys that existing ones lack, and promotion found since.

    `written` tells what imports have written before: a key of these that is gone, or a series, was taken out by a
    person and stays out; a list of promotion that a person changed stays as it is. Nothing else that is there changes.
    Raises ContentError where the text is not valid YAML.
    """
    problems: list[Problem] = []
    new: list[str] = []
    records = dict(written)
    for id, fields in sorted(drafts.items()):
        located = read_yaml(text, PATH)
        before = records.get(id, Written())
        wanted = {
            k: fields[k] for k in KEY_ORDER if fields.get(k) not in (None, "", [], ()) and _DEFAULTS.get(k) != fields[k]
        }
        if id not in located.value:
            if before.keys:
                problems.append(_taken_out(id, wanted))
                continue
            text = insert_entry(text, located, id, wanted, PATH)
            new.append(id)
            records[id] = _record(before, wanted, tuple(wanted))
            continue
        entry = located.value[id] or {}
        problems += unknown_media(id, entry.get(MEDIA), wanted.get(MEDIA, ()), PATH, located.find((id, MEDIA)))
        missing = {k: v for k, v in wanted.items() if k not in entry and k not in before.keys}
        # what the file says just as the source does counts as written by an import: one may have been interrupted
        # before it could say so
        alike = tuple(k for k, v in wanted.items() if k not in before.keys and entry.get(k) == plain_value(v))
        if may_grow(id, entry.get(PROMOTION), records) and set(wanted.get(PROMOTION, ())) - set(entry[PROMOTION]):
            patterns = sorted({*entry[PROMOTION], *wanted[PROMOTION]})
            longer = replace_list(text, located, id, PROMOTION, patterns, PATH)
            if longer is not None:
                text, located = longer, read_yaml(longer, PATH)
                records[id] = before = Written(before.keys, value_hash(patterns))
        changed = insert_keys(text, located, id, missing, KEY_ORDER, PATH) if missing else text
        if changed is None:
            lines = "; ".join(f"{k}: {dump_value(v)}" for k, v in missing.items())
            remedy = f"add by hand what you want of it: {lines}"
            problems.append(
                Problem(PATH, located.find_key((id,)), f'more is known of series "{id}"', remedy, Severity.HINT)
            )
        elif missing or alike:
            text = changed
            records[id] = _record(before, wanted, (*alike, *missing))
    return SeriesChange(text, tuple(new), records, tuple(problems))


def _taken_out(id: str, wanted: Mapping[str, Any]) -> Problem:
    """What to say of a series that an import wrote, and somebody removed: it stays out, and how to have it back."""
    short = {name: value for name, value in wanted.items() if len(dump_value(value)) <= _SHORT}
    message = f'the series "{id}" was removed here, and is not written again'
    remedy = f'to have it back, write "{id}: {dump_value({"title": id, **short})}"; else remove episodes/{id}/ as well'
    return Problem(PATH, Span(), message, remedy, Severity.WARNING)


def _record(before: Written, wanted: Mapping[str, Any], keys: tuple[str, ...]) -> Written:
    promotion = value_hash(wanted[PROMOTION]) if PROMOTION in keys else before.promotion
    return Written(tuple(sorted({*before.keys, *keys})), promotion)

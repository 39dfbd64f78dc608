"""Which keys of which series imports have written: one that is gone from `series.yml` was taken out by a person."""

import json
from collections.abc import Iterable, Mapping

from mlguide_site.errors import ContentError, Problem
from mlguide_site.model import Span

PATH = ".mlguide/imported/series.json"


def dump_written(written: Mapping[str, Iterable[str]]) -> bytes:
    """The record as the bytes of its file."""
    return (json.dumps({id: sorted(keys) for id, keys in written.items()}, sort_keys=True, indent=1) + "\n").encode()


def load_written(data: bytes) -> dict[str, tuple[str, ...]]:
    """The record from the bytes of its file. Raises ContentError where they are none."""
    try:
        return {str(id): tuple(map(str, keys)) for id, keys in json.loads(data).items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        problem = Problem(
            PATH, Span(), "not a record of an import", "take the file from an earlier commit, or remove it"
        )
        raise ContentError([problem]) from None

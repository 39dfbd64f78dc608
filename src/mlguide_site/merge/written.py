"""What imports have written in `series.yml`: a key that is gone, or a list that differs, is a person's doing."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from mlguide_site.errors import ContentError, Problem, Span

PATH = ".mlguide/imported/series.json"


class Written(NamedTuple):
    """The keys of one series that imports have written, and the hash of the promotion they left; "" for none."""

    keys: tuple[str, ...] = ()
    promotion: str = ""


def dump_written(written: Mapping[str, Written]) -> bytes:
    """The record as the bytes of its file."""
    plain = {id: {"keys": list(found.keys), "promotion": found.promotion} for id, found in written.items()}
    return (json.dumps(plain, sort_keys=True, indent=1) + "\n").encode()


def load_written(data: bytes) -> dict[str, Written]:
    """The record from the bytes of its file. Raises ContentError where they are none."""
    try:
        found = json.loads(data).items()
        return {str(id): Written(tuple(map(str, one["keys"])), str(one["promotion"])) for id, one in found}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "take the file from an earlier commit, or remove it"
        raise ContentError([Problem(PATH, Span(), "not a record of an import", remedy)]) from None

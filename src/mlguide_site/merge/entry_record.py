"""What imports have written in the knowledge files: what of it is gone was taken out by a person, and stays out."""

import json
from collections.abc import Mapping

from mlguide_site.errors import ContentError, Problem, Span

PATH = ".mlguide/imported/entries.json"

Written = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By kind and slug of an entry, the fields that imports have written."""


def dump_entries(written: Written) -> bytes:
    """The record of written entries as the bytes of its file."""
    plain = {kind: {slug: list(keys) for slug, keys in slugs.items()} for kind, slugs in written.items()}
    return (json.dumps(plain, sort_keys=True, indent=1) + "\n").encode()


def load_entries(data: bytes) -> dict[str, dict[str, tuple[str, ...]]]:
    """The record from the bytes of its file. Raises ContentError where they are none."""
    try:
        return {
            str(kind): {str(slug): tuple(map(str, keys)) for slug, keys in slugs.items()}
            for kind, slugs in json.loads(data).items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError):
        remedy = "take the file from an earlier commit, or remove it"
        raise ContentError([Problem(PATH, Span(), "not a record of an import", remedy)]) from None

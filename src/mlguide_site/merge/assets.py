"""Files of an episode, put beside it so that none takes the place of another. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from os.path import splitext
from typing import NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.merge.base import Base, data_hash

SCHEME = "asset:"
_USE = re.compile(r"asset:([A-Za-z0-9._-]{1,200})")


class Placed(NamedTuple):
    """A draft whose body names its files by address, what to write by path, and what is now beside the episode."""

    draft: Draft
    writes: Mapping[str, bytes]
    written: Mapping[str, str]


def place_assets(draft: Draft, id: str, folder: str, present: Mapping[str, str], base: Base | None) -> Placed:
    """The files of a draft for the episode `id` in `folder`. `present` tells the hash of each file that is there, by
    path relative to the root.

    A file that an import wrote under this name and that nobody has changed since follows its source; one that a person
    changed or took away stays so; one that is something else keeps its name, and the new one gets another.
    """
    before = dict(base.assets) if base else {}
    names: dict[str, str] = {}
    writes: dict[str, bytes] = {}
    for asset in draft.assets:
        own = data_hash(asset.data)
        for name in (asset.path, _other(asset.path, own)):
            path = f"{folder}/{id}/{name}"
            now, then = present.get(path), before.get(name)
            if then is None and now is not None and now != own:
                continue
            names[asset.path] = name
            if now == own:
                before[name] = own
            elif then is None or now == then:
                writes[path] = asset.data
                before[name] = own
            break
    if not draft.assets:
        return Placed(draft, {}, before)
    body = _USE.sub(lambda found: f"{id}/{names[found[1]]}" if found[1] in names else found[0], draft.body)
    return Placed(replace(draft, body=body), writes, before)


def _other(name: str, digest: str) -> str:
    stem, suffix = splitext(name)
    return f"{stem}-{digest}{suffix}"

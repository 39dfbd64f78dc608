"""The learning path as compact JSON, from which a reader's device works out how far they are and what comes next."""

import json
from collections.abc import Mapping

from mlguide_site.config import Settings
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model.slugs import page_path
from mlguide_site.pages import Site

STEPS = "path/steps.json"


def steps(linked: LinkedCatalog, settings: Settings) -> Mapping[str, bytes]:
    """`path/steps.json`: a list of [id, short name, title, address relative to the site's root, ids required] in the
    order of the path. It is fetched only by readers who have marked an episode as heard."""
    site = Site(linked, settings, lambda _: "")
    episodes = linked.catalog.episodes
    found = [
        [
            id,
            site.label(episodes[id]),
            episodes[id].meta.title,
            site.url(page_path("episode", id, episodes[id].series)),
            site.requires[id],
        ]
        for id in site.path
    ]
    return {STEPS: json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"}

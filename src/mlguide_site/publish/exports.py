"""What others read: the catalog, or a part of it, as the bytes of a file. Pure; never disk, network or clock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mlguide_site.content.site_settings import Origin
from mlguide_site.model.catalog import Catalog
from mlguide_site.publish.anki import to_apkg
from mlguide_site.publish.opml import to_opml
from mlguide_site.publish.tables import to_csv, to_json

Export = Callable[[Catalog, Origin], bytes]

EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        "anki": to_apkg,
        "csv": lambda catalog, _: to_csv(catalog),
        "json": lambda catalog, _: to_json(catalog),
        "opml": lambda catalog, _: to_opml(catalog),
    }
)
"""The formats by name: `anki` the glossary as a deck, `csv` resources and glossary as a table, `json` both in full,
`opml` the tree of resources."""

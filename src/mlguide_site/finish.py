"""What no engine makes is added to a built site: the machine's view, and a sitemap that a later build repeats."""

import gzip
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.errors import ResourceError
from mlguide_site.linked import LinkedCatalog
from mlguide_site.machine import catalog_json
from mlguide_site.slugs import page_path, page_url

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def finish(linked: LinkedCatalog, settings: Settings, site: Path) -> None:
    """Add to the site in folder `site`. Raises ResourceError where the disk refuses."""
    try:
        (site / "catalog.json").write_bytes(catalog_json(linked, settings))
        sitemap = site / "sitemap.xml"
        if sitemap.is_file():
            data = dated_sitemap(sitemap.read_bytes(), last_changed(linked, settings))
            sitemap.write_bytes(data)
            (site / "sitemap.xml.gz").write_bytes(gzip.compress(data, mtime=0))
    except OSError as error:
        raise ResourceError(f"{error.filename or site}: {error.strerror or error}") from None


def last_changed(linked: LinkedCatalog, settings: Settings) -> Mapping[str, str]:
    """The day each episode's page speaks of, by absolute address; other pages have no day that a build could repeat."""
    days = {}
    for id, episode in linked.episodes.items():
        if episode.file.meta.date:
            url = settings.site_url + page_url(page_path("episode", id, episode.file.series), settings.directories)
            days[url] = episode.file.meta.date.isoformat()[:10]
    return days


def dated_sitemap(data: bytes, days: Mapping[str, str]) -> bytes:
    """A sitemap (sitemaps.org protocol 0.9) with `lastmod` as given, in place of the day of the build; sorted."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    root = etree.fromstring(data, parser)
    for url in root:
        for old in url.findall(f"{{{SITEMAP}}}lastmod"):
            url.remove(old)
        if day := days.get(url.findtext(f"{{{SITEMAP}}}loc") or ""):
            etree.SubElement(url, f"{{{SITEMAP}}}lastmod").text = day
    root[:] = sorted(root, key=lambda url: url.findtext(f"{{{SITEMAP}}}loc") or "")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))

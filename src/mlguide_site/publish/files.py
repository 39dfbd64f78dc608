"""The files that machines look for at known addresses, by path in the site."""

import re
from collections.abc import Callable, Mapping, Sequence

from mlguide_site.config import Settings
from mlguide_site.errors import ContentError, Problem, Span, visible
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.publish.catalog_schema import catalog_schema
from mlguide_site.publish.channels import FEED, JSON_FEED, Channel
from mlguide_site.publish.decks import tables
from mlguide_site.publish.json_feed import json_feed
from mlguide_site.publish.lists import lists
from mlguide_site.publish.llms import llms_txt
from mlguide_site.publish.outlines import outlines
from mlguide_site.publish.rss import rss
from mlguide_site.publish.steps import steps

SCHEMA = "catalog.schema.json"
LLMS = "llms.txt"
ROBOTS = "robots.txt"
HEADERS = "_headers"
DOMAIN = "CNAME"
_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}[a-z0-9]")


def feeds(told: Sequence[Channel]) -> Mapping[str, tuple[Channel, Callable[[Channel, Settings], bytes]]]:
    """The feeds by path: of which channel each is, and what writes it. To write those of a large show takes long."""
    return {
        channel.path + name: (channel, write)
        for channel in told
        for name, write in ((FEED, rss), (JSON_FEED, json_feed))
    }


def small_files(linked: LinkedCatalog, settings: Settings, told: Sequence[Channel]) -> Mapping[str, bytes]:
    """What is published besides the feeds; `told` are their channels."""
    found = {SCHEMA: catalog_schema(), LLMS: llms_txt(linked, settings), ROBOTS: robots_txt(settings)}
    found[HEADERS] = headers()
    if settings.domain:
        found[DOMAIN] = cname(settings.domain)
    found |= {**tables(linked, settings), **lists(linked, settings)}
    found |= {**steps(linked, settings), **outlines(linked, settings, told)}
    return found


def robots_txt(settings: Settings) -> bytes:
    """`robots.txt` (RFC 9309): everything may be read; where the sitemap is, if the site has an address.

    >>> robots_txt(Settings("S", site_url="https://a.example/")).decode().splitlines()
    ['User-agent: *', 'Allow: /', '', 'Sitemap: https://a.example/sitemap.xml']
    """
    sitemap = f"\nSitemap: {settings.site_url}sitemap.xml\n" if settings.site_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()


def cname(domain: str) -> bytes:
    """The file that tells GitHub Pages and hosts like it the name that the site is reached by (a host name by RFC 1123
    with a dot in it). Raises ContentError for anything else.

    >>> cname("Notes.Example.org")
    b'notes.example.org\\n'
    """
    name = domain.strip().lower()
    if not _NAME.fullmatch(name):
        remedy = "write the name alone, as in notes.example.org; international names in their form xn--…"
        raise ContentError([Problem("mkdocs.yml", Span(), f'domain: "{visible(domain)[:80]}" is no host name', remedy)])
    return f"{name}\n".encode()


def headers() -> bytes:
    """What the hosts that read such a file (Netlify, Cloudflare Pages) send with every file: of the pages' policy what
    can't stand in a page, that no other site frames them, and that files are only what their names say."""
    lines = (
        "Content-Security-Policy: frame-ancestors 'self'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: strict-origin-when-cross-origin",
    )
    return "".join(f"{line}\n" for line in ("/*", *(f"  {line}" for line in lines))).encode()

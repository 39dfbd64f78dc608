"""Extracts what readers, browsers and search engines see of a built page, without the engine's own theme."""

import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html

THEME = ("assets/javascripts/", "assets/stylesheets/", "assets/images/", "pagefind/")
"""The files of the engines' themes and of the search index. Names of index files depend on everything in the index."""
SKIP = "__skip"
"""The anchor that the skip link of one of the themes leads to."""


def files(site: Path) -> dict[str, bytes]:
    """Return the files of a site by path, without the files of themes."""
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    return {path: data for path, data in sorted(found.items()) if not path.startswith(THEME)}


def page(data: bytes, address: str) -> dict[str, Any]:
    """Return the content of a page: words, links and anchors of its article, and the facts in its head. URLs are
    absolute."""
    root = html.fromstring(data.decode("utf-8"))
    articles = root.xpath("//article")
    if not articles:
        return {"whole": data}
    (article,) = articles
    for node in article.xpath(f'.//*[@id="{SKIP}"]'):
        node.drop_tree()
    head = root.find("head")
    return {
        "words": article.text_content().split(),
        "tags": [node.tag for node in article.iter() if isinstance(node.tag, str)],
        "links": [(tag.tag, name, urljoin(address, link)) for tag, name, link, _ in article.iterlinks()],
        "others": sorted(
            (name, value)
            for node in article.iter()
            for name, value in node.attrib.items()
            if name not in {"href", "src", "srcset"}
        ),
        "title": head.findtext("title"),
        "metas": sorted(
            (node.get("name") or node.get("property") or node.get("http-equiv"), node.get("content"))
            for node in head.iter("meta")
            if node.get("name") != "generator" and node.get("content")
        ),
        "ways": sorted(
            (node.get("rel"), urljoin(address, node.get("href")))
            for node in head.iter("link")
            if "assets/stylesheets/" not in node.get("href")
        ),
        "data": [json.loads(node.text) for node in head.iter("script") if node.get("type") == "application/ld+json"],
        "tabs": [" ".join(node.text_content().split()) for node in root.xpath('//nav[@class="md-tabs"]//a')],
        "foot": root.xpath("//footer//p[1]")[0].text_content().split(),
    }


def found(site: Path) -> dict[str, Any]:
    """Return the searchable content of each page by URL, from the fragments of Pagefind's index."""
    pages = {}
    for path in (site / "pagefind/fragment").iterdir():
        fragment = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        headings = [(anchor["id"], anchor["text"]) for anchor in fragment["anchors"] if anchor["id"] != SKIP]
        pages[fragment["url"]] = (fragment["content"], fragment["filters"], fragment["meta"], headings)
    return pages

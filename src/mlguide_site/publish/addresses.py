"""The addresses of a site's pages, packed: what the theme's script asks for instead of the sitemap, to know which links
it can follow without loading everything anew. `assets/early.js` reads it."""

from collections.abc import Iterable
from itertools import takewhile
from urllib.parse import quote

ADDRESSES = "assets/mlguide/addresses.txt"
_PLAIN = "/!$&'()*+,;=:@~"
"""What browsers leave as it is in a path (URL Standard, path percent-encode set), beside letters, digits and `-._`."""


def addresses(urls: Iterable[str]) -> bytes:
    """A line for each address relative to the site's own, sorted: how many characters it shares with the one before, a
    blank, and the rest. Addresses are as in links, with what isn't plain as percent signs and UTF-8.

    >>> addresses(["tools/docker/", "", "tools/dask/"])
    b'0 \\n0 tools/dask/\\n7 ocker/\\n'
    """
    lines, last = [], ""
    for url in sorted(quote(url, _PLAIN) for url in urls):
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(last, url, strict=False)))
        lines.append(f"{shared} {url[shared:]}\n")
        last = url
    return "".join(lines).encode()

"""The content security policy of the pages (Content Security Policy Level 3, W3C): what browsers load and run on them.

It is the same on every page of a site, for where the theme loads pages by itself the first page's policy governs the
rest. It stands in a part of the theme, which every engine reads; a root's own file of that name wins. Scripts run from
the site's own files alone, none that stands within a page; nothing is asked for elsewhere but sound, of the hosts that
the episodes name.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlsplit

from mlguide_site.catalog import Catalog
from mlguide_site.config import Settings
from mlguide_site.errors import ContentError, Problem
from mlguide_site.model import Span

PARTIAL = "partials/content-policy.html"
"""Where the policy stands in the folder of theme overrides."""
MAX_HOSTS = 20
"""Beyond so many hosts of sound all are allowed: the list is part of every page."""
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'"
"""The policy of a page that loads nothing at all."""
_RULES = (
    ("default-src", "'none'"),
    # the search's index is read by a WebAssembly program, in a worker, which this policy doesn't reach: it has that of
    # the headers that its own file is sent with
    ("script-src", "'self'"),
    ("worker-src", "'self'"),
    ("style-src", "'self'"),
    # the theme's style sheets hold its icons
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("media-src", "'self'"),
    ("manifest-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'self'"),
)


def content_policy(hosts: Iterable[str] = (), preview: bool = False) -> str:
    """The policy of a site with sound of `hosts`, each a scheme and a host as in `media_hosts`.

    A `preview` allows scripts within pages: that is how servers of previews tell the browser to load a page again.

    >>> content_policy(["https://a.example"]).split("; ")[7]
    "media-src 'self' https://a.example"
    """
    more = {"media-src": " ".join(sorted(set(hosts)))}
    if preview:
        more["script-src"] = "'unsafe-inline'"
    return "; ".join(f"{name} {value} {more.get(name, '')}".rstrip() for name, value in _RULES)


def media_hosts(catalog: Catalog, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Where the sound of the episodes lies, as sources of a policy: scheme, host and port, sorted; or whole schemes
    where there are more than `MAX_HOSTS`. `more` are addresses, or schemes as in `https:`, that the site's settings
    allow besides. Raises ContentError for one of those that is neither."""
    own = {address: settings_source(address) for address in more}
    if wrong := [address for address, source in own.items() if not source]:
        remedy = "write an address such as https://cdn.example or https://*.cdn.example, or https: for all"
        raise ContentError(Problem("mkdocs.yml", Span(), f'media: "{address}" is no host', remedy) for address in wrong)
    addresses = [file.meta.audio.url for file in catalog.episodes.values() if file.meta.audio]
    found = {*own.values(), *(source for address in addresses for source in sound_sources(address))}
    if len(found) > MAX_HOSTS:
        found = {f"{source.partition(':')[0]}:" for source in found}
    return tuple(sorted(found))


def sound_sources(address: str) -> Iterator[str]:
    """The sources that a file of sound needs: its host, and the hosts that its path names, as the addresses of services
    that count listeners do before they send the browser on.

    >>> list(sound_sources("https://count.example/redirect.mp3/b.example/c/cdn.example/d.mp3"))
    ['https://count.example', 'https://b.example', 'https://cdn.example']
    """
    if source := host_source(address):
        yield source
        # the last part is the file
        yield from (
            f"https://{part}" for part in urlsplit(address).path.split("/")[:-1] if _HOST_IN_PATH.fullmatch(part)
        )


_HOST_IN_PATH = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9-]{1,63}\.)++(?!php|asp)[a-z]{2,24}")
_SPELLED_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*+[a-z0-9_-]{1,63}")
_SETTING = re.compile(r"(https?:)(?://(\*\.)?([^/*]+)/?)?")


def settings_source(text: str) -> str:
    """The source that a setting stands for, or "" where it is none.

    >>> settings_source("https://*.Cdn.example/"), settings_source("https:"), settings_source("*")
    ('https://*.cdn.example', 'https:', '')
    """
    found = _SETTING.fullmatch(text)
    if not found or not found[3]:
        return found[1] if found else ""
    source = host_source(f"{found[1]}//{found[3]}")
    return source.replace("//", f"//{found[2] or ''}", 1)


def host_source(address: str) -> str:
    """The source that allows an address, or "" where none can be written for it.

    A host is spelled as browsers compare it, in lower case and ASCII (IDNA); what is no plain name of one is left out,
    so that no address can add a rule of its own.

    >>> host_source("https://Sound.example:8443/a.mp3?b"), host_source("http://b\u00fccher.example/a.mp3")
    ('https://sound.example:8443', 'http://xn--bcher-kva.example')
    >>> host_source("https://a.example; script-src */x"), host_source("https://*/x"), host_source("mailto:a@b.example")
    ('', '', '')
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return ""
    is_plain = parts.scheme in {"http", "https"} and _SPELLED_HOST.fullmatch(host)
    return f"{parts.scheme}://{host}{port}" if is_plain else ""


def policy_partial(catalog: Catalog, settings: Settings) -> bytes:
    """The part of the theme that puts the policy into every page."""
    return meta(content_policy(media_hosts(catalog, settings.media), settings.preview)).encode()


def meta(policy: str) -> str:
    """A policy as an element of a page's head.

    >>> print(meta("default-src 'none'"))
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'">
    """
    text = escape(policy, quote=False).replace('"', "&quot;")
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'

"""The content security policy of the pages (Content Security Policy Level 3, W3C): what browsers load and run on them.

It is the same on every page of a site: if the theme loads pages by script, the first page's policy applies to all. It
is a partial of the theme, which every engine reads; a root's own file of that name wins. Only scripts in the site's own
files run, none within a page. Nothing is fetched from other hosts but audio, from the hosts that the episodes name and
those that these redirect to; the owner's settings can allow more.
"""

from collections.abc import Iterable
from html import escape

from mlguide_site.config import Settings
from mlguide_site.content.address_hosts import audio_sources, settings_source
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.model.catalog import Catalog

PARTIAL = "partials/content-policy.html"
"""The policy's place in the folder of theme overrides."""
MAX_HOSTS = 20
"""With more audio hosts than this all are allowed: the list is part of every page."""
INLINE = "'unsafe-inline'"
"""The source that allows scripts and styles within pages."""
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'"
"""The policy of a page that loads nothing at all."""
_RULES = (
    ("default-src", "'none'"),
    # the search reads its index with WebAssembly in a worker, which has the policy of the headers that its own file is
    # sent with
    ("script-src", "'self'"),
    ("worker-src", "'self'"),
    ("style-src", "'self'"),
    # the theme's style sheets contain its icons
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("media-src", "'self'"),
    ("manifest-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'self'"),
)


def content_policy(hosts: Iterable[str] = (), preview: bool = False, allow: Iterable[str] = ()) -> str:
    """The policy of a site with audio from `hosts`, each a scheme and a host as in `media_hosts`; `allow` are sources
    of anything else.

    A `preview` allows scripts within pages: with these, preview servers reload pages.
    """
    further = sorted(set(allow))
    more = dict.fromkeys(("img-src", "font-src", "connect-src"), " ".join(one for one in further if one != INLINE))
    more |= {"media-src": " ".join(sorted(set(hosts))), "style-src": " ".join(further)}
    more["script-src"] = " ".join([*further, *[INLINE] * (preview and INLINE not in further)])
    return "; ".join(f"{name} {value} {more.get(name, '')}".rstrip() for name, value in _RULES)


def media_hosts(catalog: Catalog, more: Iterable[str] = ()) -> tuple[str, ...]:
    """The audio hosts of the episodes, as sources of a policy: scheme, host and port, sorted; or whole schemes if there
    are more than `MAX_HOSTS`. Series list the hosts that these redirect to; `more` are further addresses, or schemes as
    in `https:`, from the site's settings. Raises ContentError for invalid ones."""
    own = _sources("media", more)
    addresses = [file.meta.audio.url for file in catalog.episodes.values() if file.meta.audio]
    sent_on = (settings_source(host) for series in catalog.series.values() for host in series.media)
    found = {*own, *sent_on, *(source for address in addresses for source in audio_sources(address))}
    if len(found) > MAX_HOSTS:
        found = {f"{source.partition(':')[0]}:" for source in found}
    return tuple(sorted(found))


def _sources(setting: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """The sources in a setting. Raises ContentError for invalid ones."""
    found = {address: settings_source(address) for address in addresses}
    if wrong := [address for address, source in found.items() if not source]:
        remedy = "write an address such as https://cdn.example or https://*.cdn.example, or https: for all"
        raise ContentError(
            Problem("mkdocs.yml", Span(), f'{setting}: "{address}" is not a host', remedy) for address in wrong
        )
    return tuple(found.values())


def policy_partial(catalog: Catalog, settings: Settings) -> bytes:
    """The part of the theme that puts the policy into every page."""
    allow = [*_sources("allow", (one for one in settings.allow if one != INLINE)), *{INLINE} & {*settings.allow}]
    return meta(content_policy(media_hosts(catalog, settings.media), settings.preview, allow)).encode()


def meta(policy: str) -> str:
    """A policy as a `meta` element."""
    text = escape(policy, quote=False).replace('"', "&quot;")
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'

"""Generates the content security policy of all pages (Content Security Policy Level 3, W3C).

The policy allows scripts only from the site. It allows audio from the site, from the hosts of the episodes' audio
files, and from the hosts in the field `media` of series. The settings `allow` and `media` can add hosts. All pages
share one policy, because the first page's policy remains active during instant navigation."""

from collections.abc import Iterable
from html import escape

from mlguide_site.config import Settings
from mlguide_site.content.address_hosts import INLINE, audio_sources, settings_source
from mlguide_site.model.catalog import Catalog

PARTIAL = "partials/content-policy.html"  # the path of the template with the policy, in the folder of theme overrides
MAX_HOSTS = 20  # maximum number of audio hosts in the policy; with more hosts, the policy allows every host
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'"  # the policy of a page that loads nothing at all
# The search runs WebAssembly in a worker. A worker's policy is in the worker's response headers, not in the page.
_OWN = "script-src worker-src style-src img-src font-src connect-src media-src manifest-src".split()
_RULES = {"default-src": "'none'", **dict.fromkeys(_OWN, "'self'"), "base-uri": "'none'", "form-action": "'self'"}
# the theme's style sheets contain the theme's icons as data URLs
_RULES["img-src"] += " data:"


def content_policy(hosts: Iterable[str] = (), preview: bool = False, allow: Iterable[str] = ()) -> str:
    """Return the policy of a site that loads audio from `hosts`. `allow` lists additional sources for images, fonts,
    connections, styles and scripts. Previews allow inline scripts, because preview servers need them."""
    further = sorted(set(allow))
    more = dict.fromkeys(("img-src", "font-src", "connect-src"), " ".join(one for one in further if one != INLINE))
    more |= {"media-src": " ".join(sorted(set(hosts))), "style-src": " ".join(further)}
    more["script-src"] = " ".join([*further, *[INLINE] * (preview and INLINE not in further)])
    return "; ".join(f"{name} {value} {more.get(name, '')}".rstrip() for name, value in _RULES.items())


def media_hosts(catalog: Catalog, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the CSP sources (scheme, host and port) of the episodes' audio files, of the hosts in the field `media` of
    series, and of the hosts in `more`. If there are more than `MAX_HOSTS`, return only schemes, such as `https:`."""
    addresses = [file.meta.audio.url for file in catalog.episodes.values() if file.meta.audio]
    hosts = [*more, *(host for series in catalog.series.values() for host in series.media)]
    sent_on = (settings_source(host) for host in hosts)
    found = {*sent_on, *(source for address in addresses for source in audio_sources(address))}
    if len(found) > MAX_HOSTS:
        found = {f"{source.partition(':')[0]}:" for source in found}
    return tuple(sorted(found))


def policy_partial(catalog: Catalog, settings: Settings) -> bytes:
    """Return the theme partial that adds the policy to every page."""
    allow = [one if one == INLINE else settings_source(one) for one in settings.allow]
    return meta(content_policy(media_hosts(catalog, settings.media), settings.preview, allow)).encode()


def meta(policy: str) -> str:
    """Return a policy as a `meta` element."""
    text = escape(policy, quote=False).replace('"', "&quot;")
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'

"""The pages' content security policy (Content Security Policy Level 3, W3C), which restricts the loading of resources.

All pages of a site have the same policy. If a theme's script loads pages, the first page's policy applies to all pages.
Every engine reads the policy from a theme partial. A file with the same name in the root replaces this partial.
Browsers run only scripts from the site's own files, never inline scripts. From other hosts, browsers load only audio
files. Audio hosts are in the fields `audio` (episodes) and `media` (series). The settings can allow more sources."""

from collections.abc import Iterable
from html import escape

from mlguide_site.config import Settings
from mlguide_site.content.address_hosts import INLINE, audio_sources, settings_source
from mlguide_site.model.catalog import Catalog

PARTIAL = "partials/content-policy.html"
"""The path of the policy in the folder of theme overrides."""
MAX_HOSTS = 20
"""Maximum number of audio hosts in the policy. If there are more hosts, the policy allows every host."""
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'"
"""The policy of a page that loads nothing at all."""
# The search runs WebAssembly in a worker. A worker's policy is in its own response headers, not in the page.
_OWN = "script-src worker-src style-src img-src font-src connect-src media-src manifest-src".split()
_RULES = {"default-src": "'none'", **dict.fromkeys(_OWN, "'self'"), "base-uri": "'none'", "form-action": "'self'"}
# the theme's style sheets contain the theme's icons
_RULES["img-src"] += " data:"


def content_policy(hosts: Iterable[str] = (), preview: bool = False, allow: Iterable[str] = ()) -> str:
    """Return the policy of a site that loads audio from `hosts` (see `media_hosts`). `allow` lists additional sources
    for images, fonts, connections, styles and scripts.

    If `preview` is true, the policy allows inline scripts, because preview servers reload pages with such scripts."""
    further = sorted(set(allow))
    more = dict.fromkeys(("img-src", "font-src", "connect-src"), " ".join(one for one in further if one != INLINE))
    more |= {"media-src": " ".join(sorted(set(hosts))), "style-src": " ".join(further)}
    more["script-src"] = " ".join([*further, *[INLINE] * (preview and INLINE not in further)])
    return "; ".join(f"{name} {value} {more.get(name, '')}".rstrip() for name, value in _RULES.items())


def media_hosts(catalog: Catalog, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the audio hosts of episodes as sorted source expressions (scheme, host and port). If there are more than
    `MAX_HOSTS` hosts, return only their schemes. Hosts in the series' `media` are included. `more` lists addresses, or
    schemes such as `https:`, from the site's settings."""
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

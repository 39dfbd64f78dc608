"""The content security policy of the pages (Content Security Policy Level 3, W3C): what browsers may load and run.

All pages of a site have the same policy. A theme may load pages by script, and then the first page's policy applies to
all pages. The policy is a theme partial, which every engine reads; a file of the same name in the root replaces it.
Browsers run only scripts from the site's own files, never inline scripts. From other hosts, browsers load only audio
files. The hosts come from the episodes and from redirects. The site's settings can allow more sources."""

from collections.abc import Iterable
from html import escape

from mlguide_site.config import Settings
from mlguide_site.content.address_hosts import audio_sources, settings_source
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.model.catalog import Catalog

PARTIAL = "partials/content-policy.html"
"""The path of the policy in the folder of theme overrides."""
MAX_HOSTS = 20
"""Maximum number of audio hosts in the policy. If there are more, the policy allows all hosts to keep pages small."""
INLINE = "'unsafe-inline'"
"""The source expression that allows inline scripts and styles."""
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'"
"""The policy of a page that loads nothing at all."""
# The search runs WebAssembly in a worker. A worker's policy comes from its own response headers, not from the page.
_OWN = "script-src worker-src style-src img-src font-src connect-src media-src manifest-src".split()
_RULES = {"default-src": "'none'", **dict.fromkeys(_OWN, "'self'"), "base-uri": "'none'", "form-action": "'self'"}
# the theme's style sheets contain its icons
_RULES["img-src"] += " data:"


def content_policy(hosts: Iterable[str] = (), preview: bool = False, allow: Iterable[str] = ()) -> str:
    """Return the policy of a site with audio from `hosts`, which `media_hosts` returns. `allow` has additional sources
    for images, fonts, connections, styles and scripts.

    A `preview` allows inline scripts, because preview servers reload pages with such scripts."""
    further = sorted(set(allow))
    more = dict.fromkeys(("img-src", "font-src", "connect-src"), " ".join(one for one in further if one != INLINE))
    more |= {"media-src": " ".join(sorted(set(hosts))), "style-src": " ".join(further)}
    more["script-src"] = " ".join([*further, *[INLINE] * (preview and INLINE not in further)])
    return "; ".join(f"{name} {value} {more.get(name, '')}".rstrip() for name, value in _RULES.items())


def media_hosts(catalog: Catalog, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the audio hosts of episodes as sorted sources of a policy (scheme, host and port). If there are more than
    `MAX_HOSTS`, return only schemes. Series list the hosts to which audio is redirected. `more` has further addresses,
    or schemes such as `https:`, from the site's settings. Raises ContentError if one of them is invalid."""
    own = _sources("media", more)
    addresses = [file.meta.audio.url for file in catalog.episodes.values() if file.meta.audio]
    sent_on = (settings_source(host) for series in catalog.series.values() for host in series.media)
    found = {*own, *sent_on, *(source for address in addresses for source in audio_sources(address))}
    if len(found) > MAX_HOSTS:
        found = {f"{source.partition(':')[0]}:" for source in found}
    return tuple(sorted(found))


def _sources(setting: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the sources in a setting. Raises ContentError if an address is invalid."""
    found = {address: settings_source(address) for address in addresses}
    if wrong := [address for address, source in found.items() if not source]:
        remedy = "write an address such as https://cdn.example or https://*.cdn.example, or https: for all hosts"
        raise ContentError(
            Problem("mkdocs.yml", Span(), f'{setting}: "{address}" is not a host', remedy) for address in wrong
        )
    return tuple(found.values())


def policy_partial(catalog: Catalog, settings: Settings) -> bytes:
    """Return the theme partial that adds the policy to every page."""
    allow = [*_sources("allow", (one for one in settings.allow if one != INLINE)), *{INLINE} & {*settings.allow}]
    return meta(content_policy(media_hosts(catalog, settings.media), settings.preview, allow)).encode()


def meta(policy: str) -> str:
    """Return a policy as a `meta` element."""
    text = escape(policy, quote=False).replace('"', "&quot;")
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'

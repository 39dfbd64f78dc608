"""Finds the hosts that a content security policy must allow for audio files.

A "source" is a host in the syntax of the policy (W3C, Content Security Policy Level 3, `host-source`). The policy must
allow both hosts if a service redirects `https://count.example/e/cdn.example/1.mp3` to `https://cdn.example/1.mp3`."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

MAX_PARTS = 64
_SPELLED_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*+[a-z0-9_-]{1,63}")
_SETTING = re.compile(r"(https?:)(?://(\*\.)?([^/*]+)/?)?")
_HOST_IN_PATH = re.compile(r"(?=.{4,259}\Z)(?:[a-z0-9-]{1,63}\.)++(?P<top>[a-z]{2,24})(?::[0-9]{2,5})?")
# file suffixes that look like top-level domains
_NO_TOPS = frozenset("aac asp aspx cfm cgi flac htm html jsp js json mov ogg opus php pl wav webm xml".split())
INLINE = "'unsafe-inline'"


def audio_sources(address: str) -> Iterator[str]:
    """Yield the CSP sources for an audio address: its host, then each host name in its path. Sources may repeat."""
    source = host_source(address)
    if not source:
        return
    yield source
    parts = urlsplit(address)
    for text in re.split(r"[/,;&=?|]", unquote(parts.path).rpartition("/")[0])[:MAX_PARTS]:
        found = _HOST_IN_PATH.fullmatch(text)
        if found and found["top"] not in _NO_TOPS:
            yield from filter(None, [host_source(f"{parts.scheme}://{text}")])


def settings_source(text: str) -> str:
    """Return the CSP source for a host or scheme in the settings (`https://*.cdn.example`, `https:`), or ""."""
    found = _SETTING.fullmatch(text)
    if not found or not found[3]:
        return found[1] if found else ""
    return host_source(f"{found[1]}//{found[3]}").replace("//", f"//{found[2] or ''}", 1)


def host_source(address: str) -> str:
    """Return the source that a content security policy needs for an address: `https://a.example` for
    `https://a.example/b`, or "". The host is lower-case ASCII (IDNA) and plain, so that no address can add a rule."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return ""
    is_plain = parts.scheme in {"http", "https"} and _SPELLED_HOST.fullmatch(host)
    return f"{parts.scheme}://{host}{port}" if is_plain else ""

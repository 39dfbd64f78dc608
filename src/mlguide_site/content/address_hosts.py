"""Finds the hosts of audio files for a content security policy. A "source" is a host that the policy allows, in the
syntax of `host-source` (W3C, Content Security Policy Level 3).

Services that count downloads redirect to the host of the audio, often in several steps. For example,
`https://count.example/e/cdn.example/1.mp3` redirects to `https://cdn.example/1.mp3`. A policy must allow each host.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

MAX_PARTS = 64
"""The maximum number of path segments that are searched for host names in one address."""
_SPELLED_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*+[a-z0-9_-]{1,63}")
_SETTING = re.compile(r"(https?:)(?://(\*\.)?([^/*]+)/?)?")
_HOST_IN_PATH = re.compile(r"(?=.{4,259}\Z)(?:[a-z0-9-]{1,63}\.)++(?P<top>[a-z]{2,24})(?::[0-9]{2,5})?")
# these are suffixes of programs and files, not top-level domains
_NO_TOPS = frozenset("aac asp aspx cfm cgi flac htm html jsp js json mov ogg opus php pl wav webm xml".split())
INLINE = "'unsafe-inline'"
"""The source expression that allows inline scripts and styles."""


def audio_sources(address: str) -> Iterator[str]:
    """Yield the sources for an audio file's address: the host, and each host name in the path. A source may be yielded
    twice.

    >>> list(audio_sources("https://count.example/redirect.mp3/b.example/c/cdn.example/d.mp3"))
    ['https://count.example', 'https://b.example', 'https://cdn.example']
    """
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
    """Return the source that a setting contains, or "" if the setting is invalid.

    >>> settings_source("https://*.Cdn.example/"), settings_source("https:"), settings_source("*")
    ('https://*.cdn.example', 'https:', '')
    """
    found = _SETTING.fullmatch(text)
    if not found or not found[3]:
        return found[1] if found else ""
    source = host_source(f"{found[1]}//{found[3]}")
    return source.replace("//", f"//{found[2] or ''}", 1)


def host_source(address: str) -> str:
    """Return the source that allows an address, or "" if no source can allow the address.

    The host is returned in lower case and ASCII (IDNA), the form that browsers compare. Only plain host names are
    accepted, so that no address can add a rule to the policy.

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

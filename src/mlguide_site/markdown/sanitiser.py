"""The policy for contributed text: the allowed addresses and the allowed inline tags."""

import re
from ipaddress import IPv6Address
from urllib.parse import unquote, urlsplit

from mlguide_site.markdown.engine_escape import unescape

INLINE_TAGS = frozenset("br sub sup kbd mark u s del ins small abbr em strong b i code var samp q cite dfn wbr".split())
VOID_TAGS = frozenset(["br", "wbr", "hr"])
CODE_TAGS = frozenset(["code", "kbd", "samp", "var"])
_HIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_WEB = re.compile(r"https?://[^/?#\\@\s][^\s\\]*")
_MAIL = re.compile(r"mailto:[^\s\\@]++@[^\s\\]++")
# forbidden domain code points (URL Standard)
_NO_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_SPELLED_BACKSLASH = ("%5c", "/%5c", "/%2f", "%2f%2f")


def refusal(address: str) -> str | None:
    r"""Return the reason to refuse an address, or None. Relative addresses and http, https and mailto are allowed. The
    check first decodes character references and drops control characters and spaces, which could hide a scheme."""
    plain = _HIDDEN.sub("", unescape(unescape(address))).lower()
    found = _SCHEME.match(plain)
    if found:
        scheme = found.group(1)
        if scheme not in {"http", "https", "mailto"}:
            return f'its scheme is "{scheme[:20]}"'
        if not (_MAIL.fullmatch(plain) if scheme == "mailto" else _WEB.fullmatch(plain) and _has_host(plain)):
            return "it is not a complete address"
        return None
    if not plain:
        return "it is empty"
    if "\\" in plain or plain.startswith(_SPELLED_BACKSLASH):
        return "it contains a backslash"
    if plain.startswith("//"):
        return "it names a host without a scheme"
    if ":" in re.split(r"[/?#]", plain, maxsplit=1)[0]:
        return "its first part looks like a scheme"
    return None


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        if "[" in parts.netloc:
            return "%" not in host and IPv6Address(host) is not None
    except ValueError:
        return False
    return bool(host) and (port is None or port < 65536) and not _NO_HOST.search(unquote(host))


def is_absolute(address: str) -> bool:
    """Return whether an allowed address has a scheme."""
    return bool(_SCHEME.match(address.lower()))

"""The content security policy of a page that has one of its own, opened for the script of the preview."""

import html
import re

_META = re.compile(
    rb"""(<meta\s[^>]*?http-equiv=["']?content-security-policy["']?\s[^>]*?content=)("[^"]*"|'[^']*')""", re.IGNORECASE
)
_NEEDED = ("script-src", "connect-src")
"""What the script is loaded by, and what it asks for news by."""


def opened(page: bytes) -> bytes:
    r"""A page whose policies allow scripts of the site's own files, and asking the site for news, besides what they
    allowed before.

    >>> opened(b"<meta http-equiv='Content-Security-Policy' content='img-src data:'>").decode()
    '<meta http-equiv=\'Content-Security-Policy\' content="img-src data:; script-src \'self\'; connect-src \'self\'">'
    """
    return _META.sub(_open, page)


def _open(found: re.Match[bytes]) -> bytes:
    policy = html.unescape(found[2][1:-1].decode(errors="replace"))
    rules = {name: sources for name, _, sources in (rule.strip().partition(" ") for rule in policy.split(";")) if name}
    for name in _NEEDED:
        # a rule of a kind stands in for the one for all kinds, and 'none' says nothing beside another source
        rules[name] = f"{rules.get(name, '')} 'self'".strip()
    text = "; ".join(f"{name} {sources}".rstrip() for name, sources in rules.items())
    return found[1] + b'"' + html.escape(text, quote=False).replace('"', "&quot;").encode() + b'"'

"""What tells notes of HackMD (HedgeDoc, CodiMD) from those of other programs that write Markdown."""

import re
from collections.abc import Sequence

from mlguide_site.importers.hackmd_lines import BOX, STUB, TOKEN, read_tags
from mlguide_site.importers.sections import Head, Line

ENOUGH = 2
"""So many traces that others leave as well are as good as one that they don't."""
_HOST = re.compile(r"(?<!!)\[[^\[\]\n]{0,200}\]\(/[\w@-][^\s()]{4,200}\)|https://(?:i\.imgur\.com|hackmd\.io)/")
_UPLOAD = re.compile(r"\]\((?:https?://[^\s/()<>]{1,200})?/_?uploads/[\w.-]{1,200}")
_SAID = re.compile(r"\[(?:name|time|color)=[^\[\]\n]{1,100}\]")
_PROGRAM = re.compile(r"hackmd|hedgedoc|codimd", re.I)
_TOC = re.compile(r"\s{0,3}\[TOC\]\s*$", re.I)
_INSERTED = re.compile(r"(?<![+\w])\+\+(?=[^\s+])[^+\n]{1,200}(?<=[^\s+])\+\+(?![+\w])")
_WIKI = re.compile(r"\[\[[^\[\]\n]{1,300}\]\]")
_KEYS = frozenset(("breaks", "slideoptions", "ga", "disqus", "opengraph"))
_SHARED_KEYS = frozenset(("robots", "lang", "dir"))


def has_traces(name: str, text: str, head: Head, body: Sequence[Line]) -> bool:
    """Whether notes show that HackMD has kept them: what only it writes, or several things that few others write. A
    link to its site may stand in any vault."""
    words = "\n".join(line.text for line in body if not line.code)
    sure = STUB.search(text) or TOKEN.search(text) or _SAID.search(words) or _UPLOAD.search(words)
    if sure or _KEYS & head.fields.keys():
        return True
    if any(read_tags(line) or (not line.code and BOX.match(line.text)) for line in body):
        return True
    is_vault = bool(_WIKI.search(words))
    if _HOST.search(text) and not is_vault:
        return True
    signs = (
        _PROGRAM.search(name.replace("\\", "/").rpartition("/")[2]),
        _PROGRAM.search(words),
        any(_TOC.match(line.text) for line in body if not line.code),
        _INSERTED.search(words),
        _SHARED_KEYS & head.fields.keys(),
    )
    return not is_vault and sum(map(bool, signs)) >= ENOUGH

"""Tags of notes, in the front matter and in the text: which of them say what the notes are about."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mlguide_site.importers.hidden import hidden_lines, hold_comments
from mlguide_site.importers.marks import Held, hold_addresses, hold_code, mend_links, replace_embeds, replace_wiki_links
from mlguide_site.importers.sections import Line
from mlguide_site.importers.verbatim import maths_lines

KIND_TAGS = frozenset(
    "lecture lectures talk talks course courses notes note log podcast seminar webinar"
    " daily weekly monthly journal diary todo task tasks draft wip inbox moc template".split()
)
"""Tags that say what kind of notes these are, or what is to be done with them, rather than what they are about."""
_TAG = re.compile(r"(?<![^\s(,;*_~=|])#([^\W\d][\w/-]{0,99})(?![\w#])")
_HEX = re.compile(r"[0-9a-f]{3}|[0-9a-f]{6}|(?=[a-f]{0,7}\d)(?:[0-9a-f]{4}|[0-9a-f]{8})", re.I)
_HTML = re.compile(r"<[A-Za-z/!][^<>\n]{0,2000}>")


def is_topic(tag: str) -> bool:
    """Whether a tag says what notes are about."""
    return tag.casefold() not in KIND_TAGS


def find_tags(lines: Sequence[Line]) -> list[str]:
    """The hash tags in the text of notes, each once; colours and numbers are none, nor is what stands in code,
    mathematics, comments, addresses and links.

    >>> find_tags([Line(1, "# One #planes, `#code` [x](#there) #fff #1 a#b"), Line(2, "see [[Saws#Teeth]] #saws/rip.")])
    ['planes', 'saws/rip']
    """
    code = [line.code for line in lines]
    texts = [line.text for line in lines]
    hidden = hidden_lines(lines)
    maths = maths_lines(texts, code)
    found = (tag for at, line in enumerate(lines) if not (code[at] or maths[at] or at in hidden) for tag in _tags(line))
    return list(dict.fromkeys(found))


def _tags(line: Line) -> Iterator[str]:
    if "#" not in line.text:
        return
    held = Held()
    text = hold_comments(hold_code(line.text, held), held)
    text = replace_wiki_links(replace_embeds(text, held, lambda *_: ""), lambda *_: held.hold(""))
    # a link's text is part of the link
    text = str(list(mend_links(text, held, lambda *_: "", lambda *_: ""))[-1])
    text = _HTML.sub(" ", hold_addresses(text, held))
    for found in _TAG.finditer(text):
        tag = found[1].rstrip("/-_")
        if tag and not _HEX.fullmatch(tag):
            yield tag


def topic_tags(tags: Iterable[str]) -> list[str]:
    """Of tags those that are topics, each once."""
    return list(dict.fromkeys(tag for tag in tags if is_topic(tag)))

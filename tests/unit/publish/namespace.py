"""What the Podcasting 2.0 namespace documents of the elements that the feeds have: parents, attributes, values.

Source: podcast-namespace, docs/tags/<element>.md.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

PODCAST = "{https://podcastindex.org/namespace/1.0}"
TEXT_128 = r"[^\n]{1,128}"
NUMBER = r"\d+(\.\d+)?"
ADDRESS = "address"


class Rule(NamedTuple):
    """Where an element may stand, how often, what its text may be, its required and optional attributes."""

    parents: tuple[str, ...]
    single: bool
    text: str
    required: dict[str, str]
    optional: dict[str, str]


MEDIA = "podcast|music|video|film|audiobook|newsletter|blog|publisher|course"
TRANSCRIPTS = "text/plain|text/html|text/vtt|application/json|application/x-subrip"
RULES = {
    "transcript": Rule(
        ("item",), False, "", {"url": ADDRESS, "type": TRANSCRIPTS}, {"language": r"[A-Za-z-]+", "rel": "captions"}
    ),
    "chapters": Rule(("item",), True, "", {"url": ADDRESS, "type": r"application/json(\+chapters)?"}, {}),
    "person": Rule(
        ("channel", "item"),
        False,
        TEXT_128,
        {},
        {"role": TEXT_128, "group": TEXT_128, "img": ADDRESS, "href": ADDRESS},
    ),
    "season": Rule(("item",), True, r"\d+", {}, {"name": TEXT_128}),
    "episode": Rule(("item",), True, NUMBER, {}, {"display": r"[^\n]{1,32}"}),
    "guid": Rule(("channel",), True, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", {}, {}),
    "medium": Rule(("channel",), True, MEDIA, {}, {}),
    "block": Rule(("channel",), False, "yes|no", {}, {"id": r"[a-z]+"}),
    "license": Rule(("channel", "item"), True, TEXT_128, {}, {"url": ADDRESS}),
    "funding": Rule(("channel",), False, TEXT_128, {"url": ADDRESS}, {}),
    "locked": Rule(("channel",), True, "yes|no", {}, {"owner": r"\S+@\S+"}),
    "soundbite": Rule(("item",), False, r"[^\n]{0,128}", {"startTime": NUMBER, "duration": NUMBER}, {}),
}


def faults(feed: bytes) -> Iterator[str]:
    """What in a feed doesn't hold to the documentation."""
    for node in etree.fromstring(feed).iter(f"{PODCAST}*"):
        name, parent = node.tag.removeprefix(PODCAST), node.getparent()
        rule = RULES.get(name)
        if rule is None:
            yield f"{name}: no such element"
            continue
        if parent.tag not in rule.parents:
            yield f"{name}: stands in {parent.tag}"
        if rule.single and len(parent.findall(node.tag)) > 1:
            yield f"{name}: more than once in {parent.tag}"
        if not re.fullmatch(rule.text, node.text or ""):
            yield f"{name}: {node.text!r}"
        if missing := rule.required.keys() - node.attrib.keys():
            yield f"{name}: without {missing}"
        allowed = rule.required | rule.optional
        for key, value in node.attrib.items():
            if key not in allowed:
                yield f"{name}: no attribute {key}"
            elif allowed[key] == ADDRESS:
                if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc:
                    yield f"{name}: {key} is no absolute address: {value}"
            elif not re.fullmatch(allowed[key], value):
                yield f"{name}: {key}={value!r}"

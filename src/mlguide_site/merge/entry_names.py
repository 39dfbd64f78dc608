"""Names and addresses of knowledge entries, as they are compared to find out which entry a source speaks of."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mlguide_site.content.codec import read_yaml

NAME: Mapping[str, str] = MappingProxyType({"resource": "title", "term": "term"})
"""The field that holds the name of each kind of entry, where it isn't `name`."""


def main_name(kind: str, fields: Mapping[str, Any]) -> str:
    """What an entry of a kind is called; "" where it has no name."""
    return str(fields.get(NAME.get(kind, "name")) or "")


def listed(fields: Mapping[str, Any], key: str) -> list[str]:
    """The items of a field that is a list of texts; nothing where it is none."""
    value = fields.get(key)
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []


def urls_of(fields: Mapping[str, Any]) -> list[str]:
    """The addresses of a resource as two sources compare them."""
    value = fields.get("urls")
    items = value if isinstance(value, (list, tuple)) else ()
    found = [str(item.get("url", "")) if isinstance(item, Mapping) else str(item) for item in items]
    return [plain_url(url) for url in found if url]


def plain_url(url: str) -> str:
    """An address as two sources compare it: without scheme, `www.`, a slash at the end.

    >>> plain_url("https://www.A.example/b/"), plain_url("http://a.example/b")
    ('a.example/b', 'a.example/b')
    """
    host, slash, rest = url.partition("://")[2].partition("/")
    return (host.casefold().removeprefix("www.") + slash + rest).rstrip("/")


def plain_name(name: str) -> str:
    """A name as two sources compare it."""
    return " ".join(name.casefold().split())


def topic_slugs(text: str) -> Mapping[str, str]:
    """The slugs of the topics in the text of their file, by name, alias and slug, in small letters with spaces. Raises
    ContentError where the text isn't valid YAML.

    >>> dict(topic_slugs("nlp:\\n  name: Natural language\\n  aliases: [Text-mining]\\n"))
    {'nlp': 'nlp', 'natural language': 'nlp', 'text mining': 'nlp'}
    """
    found: dict[str, str] = {}
    entries = read_yaml(text.removeprefix("\ufeff"), "knowledge/topics.yml").value
    for slug in entries:
        found.setdefault(slug.replace("-", " "), slug)
    for slug, values in entries.items():
        fields = values if isinstance(values, dict) else {}
        for name in (main_name("topic", fields), *listed(fields, "aliases")):
            if name:
                found.setdefault(plain_name(name.replace("-", " ")), slug)
    return MappingProxyType(found)

"""What runs with a build by name: plugins and what is set for our own, Markdown extensions, hooks."""

import ast
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from mlguide_site.content.files import read_bytes
from mlguide_site.content.site_settings.folders import installed, is_importable
from mlguide_site.content.site_settings.reader import Check, Reader, is_null
from mlguide_site.errors import Problem, Severity, Span, suggestion, visible

OWN = "mlguide"


def check_plugins(reader: Reader, node: yaml.Node) -> None:
    """Plugins: a list of names, or of names with settings, or a mapping."""
    known = installed("mkdocs.plugins")
    found = set()
    for item, name, options in named(reader, node, "plugin"):
        found.add(name.rpartition("/")[2])
        if not {name, f"material/{name}", name.rpartition("/")[2]} & known:
            remedy = suggestion(name, sorted(known), "install it, or remove it here")
            reader.say(item, f'the plugin "{visible(name)[:60]}" is not installed', remedy)
        elif name == OWN:
            _check_own(reader, options)
    if OWN not in found and isinstance(node, (yaml.SequenceNode, yaml.MappingNode)):
        reader.say(node, f'the plugin "{OWN}" is missing', f'add an item "- {OWN}"; without it no page is made')


def _check_own(reader: Reader, options: yaml.Node | None) -> None:
    """What is set for our own plugin."""
    for key, value in reader.pairs(options) if options else ():
        if check := OPTIONS.get(key.value):
            check(reader, value)
        else:
            remedy = suggestion(key.value, sorted(OPTIONS), f"remove it, or write one of {', '.join(sorted(OPTIONS))}")
            message = f'the plugin "{OWN}" has no setting "{visible(key.value)[:60]}"'
            reader.say(key, message, remedy, Severity.WARNING)


def _redirects(reader: Reader, node: yaml.Node) -> None:
    """Former addresses with what stands for them now, which is looked up where the root's content is known."""
    reader.mapping(node)
    for _, value in reader.pairs(node):
        if is_null(value):
            reader.say(value, "this is not a text", "write an episode's id or an address within the site")
        reader.text(value)


OPTIONS: Mapping[str, Check] = {
    "edit_url": Reader.text,
    "licence": Reader.text,
    "domain": Reader.text,
    "redirects": _redirects,
    "media": Reader.texts,
    "enabled": Reader.flag,
}
"""What can be set for our own plugin; `enabled` is MkDocs' own, for any plugin."""


def check_extensions(reader: Reader, node: yaml.Node) -> None:
    """Markdown extensions, in the same forms."""
    known = installed("markdown.extensions")
    for item, name, _ in named(reader, node, "extension"):
        if name not in known and not is_importable(name.partition(":")[0]):
            remedy = suggestion(name, sorted(known), "install it, or remove it here")
            reader.say(item, f'the Markdown extension "{visible(name)[:60]}" is not installed', remedy)


def named(reader: Reader, node: yaml.Node, what: str) -> Iterator[tuple[yaml.Node, str, yaml.Node | None]]:
    """Place, name and settings of each item of a list of names, some of them with settings."""
    if isinstance(node, yaml.MappingNode):
        for key, value in reader.pairs(node):
            _check_block(reader, value, what)
            yield key, key.value, value
        return
    for item in reader.items(node):
        pairs = list(reader.pairs(item))
        if isinstance(item, yaml.ScalarNode) and item.value:
            yield item, item.value, None
        elif len(pairs) == 1:
            _check_block(reader, pairs[0][1], what)
            yield pairs[0][0], pairs[0][0].value, pairs[0][1]
        else:
            remedy = (
                f'write its name behind "- ", a colon behind it, and its settings below, further in than the {what}'
            )
            reader.say(item, f"this is not a {what}", remedy)


def _check_block(reader: Reader, node: yaml.Node, what: str) -> None:
    if not isinstance(node, yaml.MappingNode) and not is_null(node):
        remedy = "write its settings below it, each on a line and further in"
        reader.say(node, f"the settings of this {what} are no mapping", remedy)


def check_hooks(reader: Reader, node: yaml.Node) -> None:
    """Python files of the root that run with each build."""
    for item in reader.items(node):
        place = reader.inside(item, item.value) if isinstance(item, yaml.ScalarNode) else None
        if place is None:
            if not isinstance(item, yaml.ScalarNode):
                reader.say(item, "this is not the path of a hook", "name a Python file of the root")
        elif not os.path.isfile(place):
            reader.say(item, f'the hook "{visible(item.value)[:80]}" is not there', "correct the path, or remove it")
        else:
            _check_hook(reader, item.value, place)


def _check_hook(reader: Reader, path: str, place: Path) -> None:
    try:
        ast.parse(read_bytes(place), path)
    except SyntaxError as error:
        span = Span(max(1, error.lineno or 1), max(1, error.offset or 1))
        reader.problems.append(Problem(path, span, f"not valid Python: {error.msg}", "correct it"))
    except (ValueError, RecursionError, MemoryError) as error:
        reader.problems.append(Problem(path, Span(), f"not valid Python: {error}", "correct it"))

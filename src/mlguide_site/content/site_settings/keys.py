"""The settings of a site, key by key: what the engine would refuse, each with its place."""

from collections.abc import Mapping

import yaml

from mlguide_site.content.site_settings.inherited import inherited_fault
from mlguide_site.content.site_settings.navigation import check_navigation
from mlguide_site.content.site_settings.plugins import OWN, check_extensions, check_hooks, check_plugins
from mlguide_site.content.site_settings.reader import Check, Reader
from mlguide_site.content.site_settings.text import PATH
from mlguide_site.content.site_settings.theme import check_theme
from mlguide_site.errors import Problem, Severity, Span, suggestion, visible


def check_settings(reader: Reader, node: yaml.Node | None) -> None:
    """The whole file."""
    if not isinstance(node, yaml.MappingNode):
        reader.problems.append(Problem(PATH, Span(), "not a mapping", 'write lines of the form "key: value"'))
        return
    reader.tags(node, set())
    if reader.problems:
        # what has such a tag has no other kind
        return
    keys = dict(reader.pairs(node))
    for key, value in keys.items():
        if check := _KEYS.get(key.value):
            check(reader, value)
        elif key.value not in _UNCHECKED:
            known = sorted([*_KEYS, *_UNCHECKED])
            remedy = suggestion(key.value, known, "remove it; settings of your own stand under extra")
            reader.say(key, f'unknown setting "{visible(key.value)[:60]}"', remedy, Severity.WARNING)
    names = {key.value for key in keys}
    if "INHERIT" in names:
        return
    if "site_name" not in names:
        reader.problems.append(Problem(PATH, Span(), '"site_name" is missing', 'add a line "site_name: …"'))
    if "plugins" not in names:
        remedy = f"add a line plugins: [{OWN}]; without it no page is made"
        reader.problems.append(Problem(PATH, Span(), f'the plugin "{OWN}" is missing', remedy))


def _inherits(reader: Reader, node: yaml.Node) -> None:
    """Another file of settings, which these are built on."""
    reader.text(node)
    if isinstance(node, yaml.ScalarNode) and (fault := inherited_fault(reader.root, node.value)):
        reader.say(node, *fault)


_UNCHECKED = frozenset(
    "copyright dev_addr edit_uri edit_uri_template exclude_docs draft_docs not_in_nav remote_branch remote_name watch"
    " repo_name validation".split()
)
_KEYS: Mapping[str, Check] = {
    "site_name": Reader.text,
    "site_url": Reader.address,
    "repo_url": Reader.address,
    "site_description": Reader.text,
    "site_author": Reader.text,
    "docs_dir": Reader.folder,
    "site_dir": Reader.site,
    "theme": check_theme,
    "plugins": check_plugins,
    "markdown_extensions": check_extensions,
    "mdx_configs": Reader.mapping,
    "nav": check_navigation,
    "hooks": check_hooks,
    "extra": Reader.mapping,
    "extra_css": Reader.texts,
    "extra_javascript": Reader.scripts,
    "extra_templates": Reader.texts,
    "use_directory_urls": Reader.flag,
    "strict": Reader.flag,
    "INHERIT": _inherits,
}

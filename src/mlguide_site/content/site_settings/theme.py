"""The theme of a site, and the languages that it has."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import yaml

from mlguide_site.content.site_settings.folders import installed
from mlguide_site.content.site_settings.reader import OWN_TAGS, Reader, is_null
from mlguide_site.errors import suggestion, visible

THEME = "material"
"""The theme whose languages are known here; others have their own ways to name one."""
LANGUAGES = "partials/languages"
"""The folder, among the templates of the theme and its overrides, that has a file for each language."""


def check_theme(reader: Reader, node: yaml.Node) -> None:
    """The theme: a name, or a mapping with one."""
    name, keys = node, dict[str, yaml.Node]()
    if isinstance(node, yaml.MappingNode):
        keys = {key.value: value for key, value in reader.pairs(node)}
        name = keys.get("name", node)
    if isinstance(name, yaml.ScalarNode) and name.value not in installed("mkdocs.themes") and not is_null(name):
        remedy = suggestion(name.value, sorted(installed("mkdocs.themes")), "install it, or use material")
        reader.say(name, f'the theme "{visible(name.value)[:60]}" is not installed', remedy)
    elif isinstance(name, yaml.SequenceNode):
        reader.say(name, "the theme is not a name", "write theme: material")
    custom = keys.get("custom_dir")
    if custom:
        reader.folder(custom)
    if language := keys.get("language"):
        own = [reader.root / "templates/theme"]
        if isinstance(custom, yaml.ScalarNode) and custom.tag not in OWN_TAGS:
            own.append(reader.root / custom.value)
        _check_language(reader, language, own, isinstance(name, yaml.ScalarNode) and name.value == THEME)
    if features := keys.get("features"):
        reader.texts(features)


def _check_language(reader: Reader, node: yaml.Node, own: list[Path], is_known_theme: bool) -> None:
    """The language, which the theme, or one of the folders of overrides, must have a file for."""
    if not is_known_theme:
        reader.text(node)
    elif is_null(node):
        reader.say(node, "there is no language here", "write language: en, or remove the line")
    elif reader.text(node):
        known = {*theme_languages(), *(name for folder in own for name in _languages(folder))}
        if known and node.value not in known:
            reader.say(
                node, f'no language "{visible(node.value)[:60]}" in the theme', _meant(node.value, sorted(known))
            )


def _meant(word: str, known: list[str]) -> str:
    """The remedy for a language that there isn't: the one that has this name, is written otherwise, or is near."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - hardly any root needs it

    folded = {tag.lower(): tag for tag in known}
    parts = word.replace("_", "-").lower().split("-")
    named = dict[str, str]()
    for tag in known:
        try:
            locale = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        for name in (locale.english_name, locale.display_name):
            named.setdefault((name or "").lower(), tag)
    tags = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    found = next((folded[tag] for tag in tags if tag in folded), "") or named.get(word.lower(), "")
    if found:
        return f'did you mean "{found}"?'
    return suggestion(word, known, f"write one of {', '.join(known)}")


@cache
def theme_languages() -> frozenset[str]:
    """The languages of the theme as they are written; none where the theme isn't installed."""
    spec = find_spec(THEME)
    return _languages(Path(spec.origin).parent / "templates") if spec and spec.origin else frozenset()


def _languages(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in (folder / LANGUAGES).glob("*.html"))

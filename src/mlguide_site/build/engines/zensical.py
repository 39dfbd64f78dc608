"""Zensical, which runs no plugins and no hooks: our stages run before it, and the finishing steps after it.

It gets a project folder of its own, with settings that say what `mkdocs.yml` says. Three things differ: Zensical joins
lists of an inherited file with ours instead of replacing them, it has no plugin of ours, and its theme has a newer
look, not made for our styles. Each page's file is in the folder of the page's address, for Zensical takes addresses in
raw HTML as seen from the file, where MkDocs leaves them as the browser sees them.
"""

import io
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from mkdocs_incremental.output import exchange
from mlguide_site.build.built import Built
from mlguide_site.build.engines import Pipeline, Run
from mlguide_site.build.engines.children import run_module
from mlguide_site.build.engines.configuration import OLD, check_place, settings_of, settings_warnings, site_settings
from mlguide_site.build.engines.diagnosis import EngineError, refused
from mlguide_site.build.progress import stage
from mlguide_site.config import Settings
from mlguide_site.content.files import exclusive, read_bytes, resource_error, write_atomic
from mlguide_site.content.site_settings import PATH, compose
from mlguide_site.errors import ContentError, Problem, Severity, Span

MAX_INHERITED = 10
UNUSED = frozenset({"INHERIT", "hooks", "watch", "strict"})
"""What makes no difference to the site, or what is said otherwise here."""
OWN_PLUGIN = "mlguide"


def zensical_settings(root: Path, features: list[str], notice: str) -> str:
    """The text of Zensical's settings for a project folder with `pages` and `theme` in it, to be built into `site`.

    `features` are those of the theme, `notice` is shown in the foot where the settings name no copyright. Raises
    ContentError where `mkdocs.yml` or what it inherits from can't be read.
    """
    settings = _inherited(root / PATH, PATH, MAX_INHERITED)
    theme = settings.get("theme")
    look = _pairs(theme) if isinstance(theme, yaml.MappingNode) else {"name": theme} if theme else {}
    look = {"variant": _node("classic"), **look, "custom_dir": _node("theme"), "features": _node(features)}
    settings = {key: value for key, value in settings.items() if key not in UNUSED}
    settings |= {"docs_dir": _node("pages"), "site_dir": _node("site"), "theme": _mapping(look)}
    settings["plugins"] = _plugins(settings.get("plugins"))
    if notice and "copyright" not in settings:
        settings["copyright"] = _node(notice)
    return str(yaml.serialize(_mapping(settings), Dumper=yaml.SafeDumper, allow_unicode=True))


def _inherited(path: Path, name: str, depth: int) -> dict[str, yaml.Node]:
    """The settings of a file over those that it inherits: as in MkDocs mappings are joined, all else is replaced."""
    if depth == 0:
        problem = Problem(name, Span(), f"settings inherited through more than {MAX_INHERITED} files", "join some")
        raise ContentError([problem])
    node = compose(read_bytes(path).decode("utf-8", "replace").removeprefix("\ufeff"))
    own = _pairs(node) if isinstance(node, yaml.MappingNode) else {}
    above = own.get("INHERIT")
    if not isinstance(above, yaml.ScalarNode) or not above.value:
        return own
    return _joined(_inherited(path.parent / above.value, str(above.value), depth - 1), own)


def _joined(under: Mapping[str, yaml.Node], over: Mapping[str, yaml.Node]) -> dict[str, yaml.Node]:
    joined = dict(under)
    for key, value in over.items():
        below = joined.get(key)
        if isinstance(below, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            value = _mapping(_joined(_pairs(below), _pairs(value)))
        joined[key] = value
    return joined


def _plugins(node: yaml.Node | None) -> yaml.Node:
    """The plugins but ours; Zensical's own search, which is on unless it is off, stays only where it is asked for."""
    items: list[yaml.Node] = []
    if isinstance(node, yaml.SequenceNode):
        items = [item for item in node.value if _name(item) != OWN_PLUGIN]
    elif isinstance(node, yaml.MappingNode):
        items = [_mapping({key: value}) for key, value in _pairs(node).items() if key != OWN_PLUGIN]
    if not any(_name(item) in {"search", "material/search"} for item in items):
        items.append(_node({"search": {"enabled": False}}))
    return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=False)


def _name(item: yaml.Node) -> str:
    """The name of an item in a list of plugins."""
    if isinstance(item, yaml.MappingNode) and item.value:
        item = item.value[0][0]
    return str(item.value) if isinstance(item, yaml.ScalarNode) else ""


def _pairs(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _mapping(pairs: Mapping[str, yaml.Node]) -> yaml.MappingNode:
    items = [(_node(key), value) for key, value in pairs.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", items, flow_style=False)


def _node(value: Any) -> yaml.Node:
    """A plain value as a node."""
    dumper = yaml.SafeDumper(io.StringIO())
    node: yaml.Node = dumper.represent_data(value)
    return node


FOLDER = "build/zensical"
"""The project folder: pages, theme overrides, settings, Zensical's cache, and the site until it is finished."""
SETTINGS = "zensical.yml"
INDEX = "search.json"
"""An index for Zensical's own search, written even where that is off."""
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_ISSUE = re.compile(r"(?:Warning|Error): (.{1,500})")
_PLACE = re.compile(r"\W{0,20}\[ (.{1,500}:\d{1,9}:\d{1,9}) \]")
_RAISED = re.compile(r"(?:[A-Za-z]{1,60}\.){0,9}[A-Z][A-Za-z]{0,60}(?:Error|Exception): (.+)")
_TEMPLATE = re.compile(r"(.{1,400}) \(in ([\w./-]{1,200}):(\d{1,6})\)")


def build(root: Path, pipeline: Pipeline, run: Run) -> tuple[Path, dict[str, float]]:
    """Build the site of a root into its `site_dir`; returns that and the seconds of the engine's stages.

    Raises ContentError for content and theme overrides that are wrong, EngineError where the engine refuses otherwise,
    ResourceError where the disk does. The site that stands gives way only to a finished one.
    """
    try:
        with exclusive(root):
            return _build(root, pipeline, run), {}
    except MkDocsException as error:
        raise refused(root, error, False, run.say) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None


def _build(root: Path, pipeline: Pipeline, run: Run) -> Path:
    config = site_settings(root)
    settings = settings_of(config, config.plugins["mlguide"].config)
    # with one file for each address, a page's file stands beside it already
    settings = replace(settings, own_folders=settings.directories)
    site, folder = Path(config.site_dir), root / FOLDER
    fresh = folder / "site"
    check_place(root, site)
    folder.mkdir(parents=True, exist_ok=True)
    strict = run.strict or bool(config.strict)

    def make(built: Built, finish: Callable[[Path], None]) -> None:
        problems = [*settings_warnings(root), *built.problems]
        warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
        for problem in warnings:
            run.say(str(problem))
        if strict and warnings:
            run.say(f"error: {len(warnings)} warning(s), and the build is strict; nothing was built")
            raise EngineError
        shutil.rmtree(fresh, ignore_errors=True)
        _run(root, config, settings, strict, run.say)
        if "search" not in config.plugins and "material/search" not in config.plugins:
            (fresh / INDEX).unlink(missing_ok=True)
        finish(fresh)
        exchange(fresh, site, root / OLD)

    try:
        pipeline(root, settings, make, run.job(site, FOLDER))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return site


@stage("engine")
def _run(root: Path, config: MkDocsConfig, settings: Settings, strict: bool, say: Callable[[str], None]) -> None:
    features = [str(name) for name in config.theme.get("features") or ()]
    if not settings.site_url:
        # as in our plugin: pages are loaded in place only where the site's address is known
        features = [name for name in features if name != "navigation.instant"]
    text = zensical_settings(root, features, settings.site_licence)
    write_atomic(root / FOLDER / SETTINGS, text.encode())
    hearer = Hearer(say)
    # its cache knows nothing of versions, and of templates only when they were changed: each build begins afresh
    arguments = ["build", "--clean", "--config-file", str(root / FOLDER / SETTINGS), *(["--strict"] if strict else [])]
    status = run_module("zensical", arguments, root, hearer.hear, {"NO_COLOR": "1"})
    if status:
        raise hearer.failure(status)


class Hearer:
    """Takes the engine's lines: issues are passed on, each in one line, all else only tells how it ended."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._issue = ""
        self._last = ""
        self._raised = ""

    def hear(self, line: str) -> None:
        line = _COLOUR.sub("", line)
        if found := _ISSUE.match(line):
            self._issue = found[1]
        elif self._issue and (found := _PLACE.match(line)):
            self._say(f"warning: {found[1]}: {self._issue}")
            self._issue = ""
        elif found := _RAISED.match(line):
            self._raised = found[1]
        if line.strip():
            self._last = line.strip()

    def failure(self, status: int) -> ContentError | EngineError:
        """What the engine's end with a status is told as."""
        if found := _TEMPLATE.fullmatch(self._raised):
            message = f"this fails in the build: {found[1]}"
            remedy = "correct it, or remove it to have the packaged one back; Zensical knows filters, but no methods"
            return ContentError([Problem(f"templates/theme/{found[2]}", Span(int(found[3]), 1), message, remedy)])
        self._say(f"error: Zensical ended with status {status}: {self._raised or self._last}")
        return EngineError()

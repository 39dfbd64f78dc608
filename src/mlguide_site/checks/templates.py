"""A root's own templates looked through before any page is made: what Jinja can't read, and names that no view has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import jinja2
from jinja2 import nodes

from mlguide_site.content.files import read_bytes
from mlguide_site.content.resources import TEMPLATES, packaged_templates, word_problems
from mlguide_site.errors import Problem, Severity, Span, suggestion
from mlguide_site.pages import View
from mlguide_site.pages.render import SUFFIX, Renderer

_GIVEN = frozenset(["loop", "self", "super", "caller", "varargs", "kwargs"])
MAX_BYTES = 256 * 1024


def template_problems(root: Path) -> tuple[Problem, ...]:
    """What is wrong with the templates and words that a root has of its own, sorted. Links among them are reported by
    the root's reader, and not followed. Raises ResourceError."""
    own = root / TEMPLATES
    if own.is_symlink() or not own.is_dir() or own.resolve() == packaged_templates().resolve():
        return ()
    environment = Renderer((own, packaged_templates())).environment
    found: list[Problem] = [*word_problems(root)]
    for path in sorted(own.glob(f"*{SUFFIX}")):
        if path.is_file() and not path.is_symlink():
            found += _page_template(f"{TEMPLATES}/{path.name}", path, environment)
    # the engine, its plugins and hooks add filters of their own, which are known only when it runs
    plain = jinja2.Environment()  # noqa: S701 - nothing is rendered with it
    for path in sorted((own / "theme").rglob("*.html")) if not (own / "theme").is_symlink() else ():
        if path.is_file() and not path.is_symlink():
            found += _parsed(path.relative_to(root).as_posix(), path, plain)[1]
    return tuple(sorted(set(found)))


def known_names() -> Mapping[str, frozenset[str]]:
    """For each template that pages are made from, the names that it may use."""
    names: dict[str, frozenset[str]] = defaultdict(frozenset)
    own = View.__module__.partition(".")[0]
    for kind in _views(View):
        if kind.template and kind.__module__.partition(".")[0] == own:
            names[kind.template] |= {field.name for field in fields(kind)}
    return dict(names)


def _views(kind: type[View]) -> Iterator[type[View]]:
    for one in kind.__subclasses__():
        yield one
        yield from _views(one)


def _page_template(name: str, path: Path, environment: jinja2.Environment) -> list[Problem]:
    tree, found = _parsed(name, path, environment)
    found += _unknown_filters(name, tree, environment) if tree else []
    known = known_names()
    if tree is None or path.name.startswith("_"):
        return found
    if path.name not in known:
        remedy = suggestion(path.name, sorted(known), "name it after the packaged one that it is to replace")
        return [*found, Problem(name, Span(), "no page is made from this template", remedy, Severity.WARNING)]
    unknown = _names(tree) - known[path.name] - set(environment.globals)
    for word in sorted(unknown):
        line = min((one.lineno for one in tree.find_all(nodes.Name) if one.name == word), default=1)
        remedy = suggestion(word, sorted(known[path.name]), f"it may use {', '.join(sorted(known[path.name]))}")
        found.append(Problem(name, Span(line, 1), f'the page has no "{word}"', remedy))
    return found


def _names(tree: nodes.Template) -> set[str]:
    """The names that a template uses and sets nowhere itself."""
    used = {one.name for one in tree.find_all(nodes.Name) if one.ctx == "load"}
    own = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"}
    own |= {one.name for one in tree.find_all(nodes.Macro)} | {one.target for one in tree.find_all(nodes.Import)}
    for imported in tree.find_all(nodes.FromImport):
        own |= {name if isinstance(name, str) else name[1] for name in imported.names}
    return used - own - _GIVEN


def _unknown_filters(name: str, tree: nodes.Template, environment: jinja2.Environment) -> list[Problem]:
    """Filters and tests that there are none of. Compiling would tell as well, and work out what is constant, such as
    `9**9**9`."""
    found = []
    for kind, known, what in (
        (nodes.Filter, environment.filters, "filter"),
        (nodes.Test, environment.tests, "test"),
    ):
        for one in tree.find_all(kind):
            if one.name not in known:
                remedy = suggestion(one.name, sorted(known), "use another")
                found.append(Problem(name, Span(one.lineno, 1), f'there is no {what} "{one.name}"', remedy))
    return found


def _parsed(name: str, path: Path, environment: jinja2.Environment) -> tuple[nodes.Template | None, list[Problem]]:
    """A template's syntax tree, None where it has none, and what is wrong with it."""
    data = read_bytes(path)
    remedy = "correct the template, or remove it to have the packaged one back"
    try:
        if len(data) > MAX_BYTES:
            return None, [Problem(name, Span(), f"larger than {MAX_BYTES // 1024} KiB", remedy)]
        text = data.decode("utf-8")
        tree = environment.parse(text, name)
    except jinja2.TemplateSyntaxError as error:
        what = " ".join(str(error.message).split())
        return None, [Problem(name, Span(max(1, error.lineno), 1), f"the template can't be read: {what}", remedy)]
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [Problem(name, Span(line, 1), "the template is not UTF-8", "save it as UTF-8")]
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        what = " ".join(str(error).split())[:200]
        return None, [Problem(name, Span(), f"the template can't be read: {what}", remedy)]
    return tree, []

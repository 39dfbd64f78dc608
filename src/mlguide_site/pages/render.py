"""Views to the Markdown of pages, through Jinja. Templates see a view and nothing else; bodies are data to them.

Everything that a template prints is escaped as HTML, save notes, which `markdown.serialize` wrote, and what the filter
`heading` has escaped as Markdown. Facts, cards and lists are blocks of raw HTML: each begins in the first column, and
no text of a contributor begins a line in it, so that no Markdown parser takes a part of it for anything else.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from traceback import extract_tb
from types import MappingProxyType
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from markupsafe import escape as markup_escape

from mkdocs_incremental.template_cache import template_cache
from mlguide_site.errors import ContentError, ResourceError, Span, content_error
from mlguide_site.linking.search_names import search_aliases
from mlguide_site.markdown.engine_escape import escape_heading, escape_text
from mlguide_site.markdown.headings import Outline
from mlguide_site.model.digests import digest
from mlguide_site.model.wording import Wording
from mlguide_site.pages.facets import price_of
from mlguide_site.pages.formatting import host
from mlguide_site.pages.view import View

SUFFIX = ".jinja"
MOST = 64
"""The largest number that a template may take a power of, and the largest exponent."""


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with a fast path to the fields of named tuples and models, which are safe.

    Huge powers and products are refused: they would exhaust time or memory, even while compiling.
    """

    intercepted_binops = frozenset(["*", "**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" and (abs(left) > MOST or abs(right) > MOST):
            raise jinja2.TemplateRuntimeError(f"powers of numbers over {MOST} are refused")
        if operator == "*" and any(isinstance(side, (str, list, tuple)) for side in (left, right)):
            raise jinja2.TemplateRuntimeError("only numbers can be multiplied")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        names = getattr(type(obj), "_fields", None) or getattr(type(obj), "__pydantic_fields__", None)
        if names and attribute in names:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
)
_KIND = digest(f"late filters {sorted(_Environment.intercepted_binops)} {dict(_OPTIONS)}")
"""The inputs of compiled templates other than their text."""


class Renderer:
    """Renders views; of several folders, the first one with a template is used."""

    def __init__(self, folders: Sequence[Path], wording: Wording | None = None) -> None:
        self.wording = wording or Wording()
        self._loader = jinja2.FileSystemLoader([str(folder) for folder in folders])
        self.environment = _Environment(
            loader=self._loader,
            undefined=jinja2.StrictUndefined,
            **_OPTIONS,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=template_cache(_KIND),
        )
        filters: dict[str, Callable[..., object]] = {
            "counted": self.wording.count,
            "number": self.wording.number,
            "translated": self._translated,
        }
        filters |= {"search_aliases": search_aliases, "heading": _heading, "host": host, "price": price_of}
        self.environment.filters |= {name: _late(filter) for name, filter in filters.items()}

    @cached_property
    def digest(self) -> str:
        """A digest of all page templates: renderers with the same digest make the same page of the same view. Raises
        ContentError if one isn't text."""
        sources: list[object] = [self.wording]
        for name in self.environment.list_templates(filter_func=lambda name: name.endswith(SUFFIX)):
            try:
                source, _, _ = self._loader.get_source(self.environment, name)
            except UnicodeDecodeError:
                raise content_error(f"templates/{name}", "the template is not UTF-8", "save it as UTF-8") from None
            sources.append((name, source))
        return digest(repr(sources))

    def _translated(self, key: str, *values: object) -> Markup:
        """A label in the site's language; values that aren't HTML are escaped, as is the label."""
        label = markup_escape(self.wording.translate(key))
        return label.format(*values) if values or "{" in label else label

    def render(self, view: View, head: Mapping[str, str] = MappingProxyType({})) -> str:
        """The text of a view's page: front matter and Markdown. `head` is further front matter for the theme: each
        value is one line of printable characters that the theme can print as it is.

        Raises ContentError if a template is wrong, with its path and line, and ResourceError if there is none.
        """
        values = {name: getattr(view, name) for name in ("path", "root", "title", "description", "crumbs")}
        values |= view.values
        if "body" in values:
            # safe because the serialiser wrote it; it is printed, never read as a template
            values["body"] = Markup(values["body"])  # noqa: S704
        name = f"{view.kind}.md{SUFFIX}"
        try:
            text = self.environment.get_template(name).render(values)
        except jinja2.TemplateNotFound as error:
            raise ResourceError(f"templates/{error.name}: there is no such template; install mlguide again") from None
        except Exception as error:
            raise _wrong(error, name) from None
        return f"{front_matter(view, head)}\n{text}"


def _late(filter: Callable[..., object]) -> Callable[..., object]:
    """A filter that Jinja doesn't apply to constants while it compiles: its result depends on the site's language and
    on our code, but compiled templates are cached."""
    return jinja2.pass_context(lambda _, *values: filter(*values))


def front_matter(view: View, head: Mapping[str, str] = MappingProxyType({})) -> str:
    """A page's front matter: keys that the theme reads, with escaped values, because it prints them unescaped.

    Strings are written as JSON, which YAML's double-quoted style includes, save for characters that it wants escaped.
    """
    # only the texts of authors have headings for a table of contents
    more = "hide: [navigation]\n" if "body" in view.values else "hide: [navigation, toc]\n"
    more += f"kind: {_quoted(view.found_as)}\n" if view.found_as else ""
    # block scalars can contain any printable text
    more += "".join(f"{name}: |-\n  {value}\n" for name, value in head.items())
    return f"---\ntitle: {_quoted(view.title)}\ndescription: {_quoted(view.description)}\n{more}---\n"


def _quoted(text: str) -> str:
    quoted = json.dumps(escape(text), ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)


def _heading(text: str) -> Markup:
    r"""The line of a page's title: a Markdown heading, or HTML if the engine would derive an id that the theme's
    scripts use.

    >>> str(_heading("C# & *more*")), str(_heading("__config"))
    ('# C# & \\*more\\*', '<h1>__config</h1>')
    """
    if Outline("").anchor(text) is None:
        return Markup("<h1>{}</h1>").format(text)
    return Markup(f"# {escape_heading(escape_text(text))}")  # noqa: S704


def _wrong(error: Exception, name: str) -> ContentError:
    """An error with the innermost template and line that it came from; Jinja puts them into the traceback."""
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.endswith(SUFFIX)]
    name, line = (Path(frames[-1].filename).name, frames[-1].lineno or 1) if frames else (name, 1)
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.name or name, error.lineno
    what = " ".join(str(error).split()) or type(error).__name__
    remedy = "correct the template, or remove it to have the packaged one back"
    return content_error(f"templates/{name}", f"the template fails: {what}", remedy, Span(max(1, line), 1))

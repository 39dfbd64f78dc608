"""Renders views as the Markdown of pages, with Jinja. Templates escape all values as HTML, except notes and headings,
which are already escaped as Markdown. Blocks of HTML begin in the first column. No line of a block begins with text
from a contributor, because the text could be read as Markdown."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
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
from mlguide_site.content.resources import packaged_templates
from mlguide_site.errors import PACKAGED, ContentError, ResourceError, Span, content_error
from mlguide_site.importers.common.addresses import public_address
from mlguide_site.linking.search_names import search_aliases
from mlguide_site.markdown.engine_escape import escape_heading, escape_text
from mlguide_site.markdown.formulas import split_formulas
from mlguide_site.markdown.parse_and_sanitise import Outline
from mlguide_site.model.digests import digest
from mlguide_site.model.wording import Wording, direction
from mlguide_site.pages.facets import price_of
from mlguide_site.pages.formatting import after_link, after_sentence, clamp, host, role, split_formula, unbroken
from mlguide_site.pages.view import EntryCard, View

SUFFIX = ".jinja"
LONGEST_HOST = 60  # maximum length of a host in the text of a link
MOST = 64  # maximum base and maximum exponent of a power in a template


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox for templates. It rejects powers of large numbers and the repetition of strings or lists (`"a" * 9`),
    which could exhaust time or memory, even while compiling. Templates can read all fields of records."""

    intercepted_binops = frozenset(["*", "**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" and (abs(left) > MOST or abs(right) > MOST):
            raise jinja2.TemplateRuntimeError(f"a power with a base or exponent over {MOST} is not allowed")
        if operator == "*" and any(isinstance(side, (str, list, tuple)) for side in (left, right)):
            raise jinja2.TemplateRuntimeError("only numbers can be multiplied")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        names = getattr(type(obj), "_fields", None) or getattr(type(obj), "__pydantic_fields__", None)
        return getattr(obj, attribute) if names and attribute in names else super().getattr(obj, attribute)


_OPTIONS: Any = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
_KIND = digest(f"late filters {sorted(_Environment.intercepted_binops)} {_OPTIONS}")
"""A digest of everything that affects compiled templates, except the text of the templates."""


class Renderer:
    """Renders views. If several folders contain a template, the first folder is used."""

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
            "formulas": _formulas,
            "unbroken": unbroken,
            "direction": direction,
            "role": partial(role, translate=self.wording.translate),
        }
        filters |= {"search_aliases": search_aliases, "heading": _heading, "host": _host, "price": price_of}
        filters |= {"after_link": after_link, "after_sentence": after_sentence, "public": public_address}
        filters |= {"split_formula": split_formula}
        self.environment.filters |= {name: _late(filter) for name, filter in filters.items()}

    @cached_property
    def digest(self) -> str:
        """A digest of all page templates and labels. Raises ContentError if a template is not UTF-8."""
        sources: list[object] = [self.wording]
        for name in self.environment.list_templates(filter_func=lambda name: name.endswith(SUFFIX)):
            try:
                source, _, _ = self._loader.get_source(self.environment, name)
            except UnicodeDecodeError:
                raise content_error(f"templates/{name}", "the template is not UTF-8", "save it as UTF-8") from None
            sources.append((name, source))
        return digest(repr(sources))

    def _translated(self, key: str, *values: object) -> Markup:
        """Return a label in the site's language as escaped HTML. Values are escaped too, unless they are `Markup`."""
        label = markup_escape(self.wording.translate(key))
        return label.format(*values) if values or "{" in label else label

    def render(self, view: View, head: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the front matter and Markdown of a page. `head` is added to the front matter; each value is one
        printable line. Raises ContentError if a template fails, and ResourceError if the template is missing."""
        values = {name: getattr(view, name) for name in ("path", "root", "title", "description", "crumbs")}
        values |= view.values
        for name in values.keys() & {"body", "guide"}:
            # this text is safe, because the serialiser has escaped it, and Jinja doesn't parse it
            values[name] = Markup(values[name])  # noqa: S704
        return f"{front_matter(view, head)}\n{self.text(f'{view.kind}.md{SUFFIX}', values)}"

    def text(self, name: str, values: Mapping[str, Any]) -> str:
        """Return the text of a template. Raises the same exceptions as `render`."""
        try:
            return self.environment.get_template(name).render(values)
        except jinja2.TemplateNotFound as error:
            remedy = "correct the name in your own templates, or reinstall mlguide"
            raise ResourceError(f"templates/{error.name}: this template is missing; {remedy}") from None
        except Exception as error:
            raise _wrong(error, name) from None


def _formulas(text: str, cards: Iterable[EntryCard] = (), root: str = "") -> Markup:
    """Return a text with formulas as HTML. The first mention of the title of each of `cards` is a link."""
    left = {card.title.casefold(): root + card.url for card in cards}
    titles = re.compile(rf"\b({'|'.join(map(re.escape, sorted(left, key=len, reverse=True))) or '(?!)'})\b", re.I)

    def linked(part: str) -> Markup:
        url = left.pop(part.casefold(), "")
        return Markup('<a href="{}">{}</a>').format(url, part) if url else markup_escape(part)

    return Markup().join(
        Markup().join(map(linked, titles.split(before))) + Markup(formula.html if formula else "")  # noqa: S704
        for before, formula in split_formulas(text)
    )


def _host(address: str) -> str:
    return clamp(host(address), LONGEST_HOST)


def _late(filter: Callable[..., object]) -> Callable[..., object]:
    """Return a filter that Jinja applies only when rendering, because sites in any language share the compiled ones."""
    return jinja2.pass_context(lambda _, *values: filter(*values))


def front_matter(view: View, head: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a page's front matter, escaped for HTML, because themes don't escape it. JSON strings are valid YAML."""
    # only notes and pages from `pages/`, which have a body, need a table of contents
    more = "hide: [navigation]\n" if "body" in view.values else "hide: [navigation, toc]\n"
    more += f"kind: {_quoted(escape(view.found_as))}\n" if view.found_as else ""
    more += "".join(f"{name}: {_quoted(value)}\n" for name, value in head.items())
    title, description = (_quoted(escape(text)) for text in (view.title, view.description))
    return f"---\ntitle: {title}\ndescription: {description}\n{more}---\n"


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)


def _heading(text: str, subtitle: str = "") -> Markup:
    r"""Return a page's title as a Markdown heading, or as HTML without an id if a theme's script uses that id."""
    if Outline("").anchor(text) is None:
        return Markup("<h1>{}</h1>").format(f"{text}: {subtitle}" if subtitle else text)
    small = f'<span class="mg-visually-hidden">:</span> <small>{escape_text(subtitle)}</small>' if subtitle else ""
    return Markup(f"# {escape_heading(escape_text(text))}{small}")  # noqa: S704


def _wrong(error: Exception, name: str) -> ContentError:
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.endswith(SUFFIX)]
    path, line = (Path(frames[-1].filename), frames[-1].lineno or 1) if frames else (Path(name), 1)
    if isinstance(error, jinja2.TemplateSyntaxError):
        path, line = Path(error.filename or error.name or name), error.lineno
    what = " ".join(str(error).split()) or type(error).__name__
    is_packaged = path.is_relative_to(packaged_templates())
    remedy = PACKAGED if is_packaged else "correct the template, or remove it to use the packaged one"
    return content_error(f"templates/{path.name}", f"the template fails: {what}", remedy, Span(max(1, line), 1))

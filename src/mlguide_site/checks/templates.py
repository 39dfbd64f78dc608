"""Checks a root's own templates and translations. Only builds report unknown variables."""

from collections.abc import Iterator
from pathlib import Path

import jinja2

from mlguide_site.content.files import decode_content, read_bytes
from mlguide_site.content.resources import TEMPLATES, packaged_templates, word_problems
from mlguide_site.errors import ContentError, Problem, Severity, Span, suggestion
from mlguide_site.pages.render import SUFFIX, Renderer

MAX_TEMPLATE_BYTES = 256 * 1024


def check_templates(root: Path) -> Iterator[Problem]:
    """Yield the problems in a root's own templates and translations. Raises ResourceError."""
    own, packaged = root / TEMPLATES, packaged_templates()
    if own.is_symlink() or not own.is_dir() or own.resolve() == packaged.resolve():
        return
    yield from word_problems(root)
    known = sorted(path.name for path in packaged.glob(f"*{SUFFIX}"))
    for path in sorted([*own.glob(f"*{SUFFIX}"), *own.glob("theme/**/*.html")]):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or path.resolve() != root.resolve() / name:
            continue  # `read_root` reports symbolic links
        yield from _syntax(name, path)
        if path.parent == own and not path.name.startswith("_") and path.name not in known:
            remedy = suggestion(path.name, known, "give it the name of the packaged template that it should replace")
            yield Problem(name, Span(), "no page uses this template", remedy, Severity.WARNING)


def _syntax(name: str, path: Path) -> Iterator[Problem]:
    data = read_bytes(path)
    remedy = "correct the template, or remove it to use the packaged one"
    if len(data) > MAX_TEMPLATE_BYTES:
        yield Problem(name, Span(), f"larger than {MAX_TEMPLATE_BYTES // 1024} KiB", remedy)
        return
    try:
        text = decode_content(data, name)
        # only page templates are compiled, because the theme and plugins may add filters to theme overrides
        jinja2.Environment().parse(text, name) if name.endswith(".html") else Renderer(()).environment.compile(text)  # noqa: S701
    except ContentError as error:
        yield from error.problems
    except (jinja2.TemplateSyntaxError, RecursionError, MemoryError, SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, jinja2.TemplateSyntaxError) else 1
        what = " ".join(str(error).split())[:200]
        yield Problem(name, Span(max(1, line), 1), f"the template can't be read: {what}", remedy)

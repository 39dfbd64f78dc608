"""Checks of a root's own settings, templates and translations: former addresses in its settings, syntax of templates.

Templates are only parsed. Unknown names in them are reported by the build, which renders them; missing pages of the
navigation are reported by MkDocs.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import jinja2

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.resources import TEMPLATES, packaged_templates, word_problems
from mlguide_site.content.site_settings import read_redirects
from mlguide_site.errors import ContentError, Problem, Severity, Span, suggestion
from mlguide_site.model.catalog import Catalog
from mlguide_site.pages.render import SUFFIX, Renderer
from mlguide_site.publish.redirects import check_moved

MAX_BYTES = 256 * 1024


def check_site(root: Path, catalog: Catalog, found: Iterable[Problem]) -> Iterable[Problem]:
    """Problems with redirects. `found` are the problems with the content: the page of something that could not be read
    isn't reported as missing. Raises ResourceError."""
    is_broken = catalog.broken and any(problem.severity is Severity.ERROR for problem in found)
    return () if is_broken else check_moved(catalog, read_redirects(root))


def template_problems(root: Path) -> Iterator[Problem]:
    """Problems of a root's own templates and translations. Symbolic links among them are reported by the root's reader,
    and not followed. Raises ResourceError."""
    own, packaged = root / TEMPLATES, packaged_templates()
    if own.is_symlink() or not own.is_dir() or own.resolve() == packaged.resolve():
        return
    yield from word_problems(root)
    environment = Renderer((own, packaged)).environment
    for path in _files(own, f"*{SUFFIX}"):
        name = path.relative_to(root).as_posix()
        yield from _syntax(name, path, environment)
        if not path.name.startswith("_") and not (packaged / path.name).is_file():
            known = sorted(one.name for one in packaged.glob(f"*{SUFFIX}"))
            remedy = suggestion(path.name, known, "name it after the packaged one that it is to replace")
            yield Problem(name, Span(), "no page is made from this template", remedy, Severity.WARNING)
    # the engine, its plugins and hooks add filters of their own, which are known only when it runs
    plain = jinja2.Environment()  # noqa: S701 - nothing is rendered with it
    for path in _files(own / "theme", "**/*.html"):
        yield from _syntax(path.relative_to(root).as_posix(), path, plain)


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    paths = sorted(folder.glob(pattern)) if not folder.is_symlink() else ()
    return (path for path in paths if path.is_file() and not path.is_symlink())


def _syntax(name: str, path: Path, environment: jinja2.Environment) -> Iterator[Problem]:
    """Syntax errors of a template, which is parsed, but neither compiled nor run."""
    data = read_bytes(path)
    remedy = "correct the template, or remove it to have the packaged one back"
    if len(data) > MAX_BYTES:
        yield Problem(name, Span(), f"larger than {MAX_BYTES // 1024} KiB", remedy)
        return
    try:
        environment.parse(decode(data, name), name)
    except ContentError as error:
        yield from error.problems
    except (jinja2.TemplateSyntaxError, RecursionError, MemoryError, SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, jinja2.TemplateSyntaxError) else 1
        what = " ".join(str(error).split())[:200]
        yield Problem(name, Span(max(1, line), 1), f"the template can't be read: {what}", remedy)

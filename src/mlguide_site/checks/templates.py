"""Checks a root's own templates and translations. Only builds report unknown variables."""

import re
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path, PurePath

import jinja2
from jinja2 import nodes
from markupsafe import Markup

from mlguide_site.checks.site_features import allowed_sources
from mlguide_site.content.address_hosts import INLINE, host_source
from mlguide_site.content.files import decode_content, read_bytes
from mlguide_site.content.resources import SUFFIXES, TEMPLATES, packaged_templates, word_problems
from mlguide_site.content.root import walk
from mlguide_site.content.site_settings import OWN, PATH, read_settings, theme_folder
from mlguide_site.errors import ContentError, Problem, Severity, Span, suggestion, visible
from mlguide_site.model import records
from mlguide_site.pages import view
from mlguide_site.pages.render import SUFFIX, Renderer
from mlguide_site.publish.content_security_policy import PARTIAL

MAX_TEMPLATE_BYTES = 256 * 1024
POLICY = f"{TEMPLATES}/theme/{PARTIAL}"  # this file replaces a generated one
_TAG = re.compile(r"<(?P<tag>script|style|iframe|form|link)\b(?P<rest>[^<>]{0,2000})>", re.I)
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.S)
_ADDRESS = re.compile(r"\b(?:src|href|action)\s*=\s*[\"']?(?P<url>(?:https?:)?//[^\s\"'<>]+)", re.I)
_HAS_FILE = re.compile(r"\bsrc\s*=|\btype\s*=\s*[\"']?(?:[\w/+.-]*json|text/(?:x-)?template)", re.I)


def check_templates(root: Path) -> Iterator[Problem]:
    """Yield the problems in a root's own templates and translations. Raises ResourceError."""
    own, packaged = root / TEMPLATES, packaged_templates()
    if own.is_symlink() or not own.is_dir() or own.resolve() == packaged.resolve():
        return
    yield from word_problems(root)
    names = [path for path, _ in walk(root, TEMPLATES, [])]  # without symbolic links, which `read_root` reports
    pages = [name for name in names if name.endswith(SUFFIX) and name.count("/") == 1]
    templates = [*pages, *(name for name in names if name.startswith(f"{TEMPLATES}/theme/") and name.endswith(".html"))]
    trees: dict[str, nodes.Template] = {}
    for name in templates:
        yield from _syntax(name, root / name, trees)
    yield from _unknown_attributes({name: trees[name] for name in pages if name in trees})
    paths = filter(lambda name: (root / name).is_file(), (*templates, PATH))
    texts = {name: read_bytes(root / name).decode("utf-8", "replace") for name in paths}
    # `settings_problems` reports errors of the settings
    with suppress(ContentError):
        allowed = allowed_sources(read_settings(root)[0].value)
        for name in (one for one in trees if one not in pages and not one.endswith("/404.html")):
            yield from _blocked(name, texts[name], allowed)
    files = [*packaged.glob(f"*{SUFFIX}"), *packaged.glob("theme/**/*.html")]
    known = sorted(f"{TEMPLATES}/{path.relative_to(packaged).as_posix()}" for path in files)
    for name in names:
        is_used = (packaged.parent / name).is_file() or name == POLICY or _may_be_used(name, texts)
        if not is_used and (name in trees or name not in templates):
            remedy = suggestion(name, known, "rename it to match a template of mlguide, or remove it")
            yield Problem(name, Span(), "nothing uses this file", remedy, Severity.WARNING)


def _blocked(name: str, text: str, allowed: Set[str]) -> Iterator[Problem]:
    """Yield a warning for each script, style, frame and form in a theme override that the content security policy
    blocks. The sources in `allowed` may be loaded."""
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    for found in _TAG.finditer(text):
        tag, rest = found["tag"].lower(), found["rest"]
        address = _ADDRESS.search(rest)
        url = address["url"] if address else ""
        host = host_source(url if ":" in url else f"https:{url}") if url else ""
        if tag in {"iframe", "form"}:
            is_blocked, remedy = bool(url or tag == "iframe"), "link to the page instead"
        elif tag == "style" or (tag == "script" and not _HAS_FILE.search(rest)):
            is_blocked = INLINE not in allowed
            remedy = f"put it into a file in {TEMPLATES}/assets/, and name the file in mkdocs.yml"
        else:
            is_loaded = bool(url) and (tag == "script" or "stylesheet" in rest.lower())
            is_blocked = is_loaded and host not in allowed
            remedy = f'put it into {TEMPLATES}/assets/, or write "allow: [{host}]" under "- {OWN}:"'
        if is_blocked:
            message = f'the content security policy blocks "{visible(" ".join(found[0].split()))[:80]}"'
            yield Problem(name, Span(text.count("\n", 0, found.start()) + 1, 1), message, remedy, Severity.WARNING)


def _may_be_used(name: str, texts: Mapping[str, str]) -> bool:
    """Return whether the site or the theme may use a file, or another file contains the file's name."""
    _, folder, *rest = PurePath(name).parts
    is_used = PurePath(name).suffix in SUFFIXES.get(folder if rest else "", ())
    if folder == "theme" and name.endswith(".html") and (theme := theme_folder()):
        is_used = theme.joinpath(*rest).is_file()
    stem = PurePath(name).name.partition(".")[0]
    return is_used or any(stem in text for path, text in texts.items() if path != name)


def _unknown_attributes(trees: Mapping[str, nodes.Template]) -> Iterator[Problem]:
    """Yield a warning for each unknown attribute, such as `view.titel`, in the root's own templates. An attribute is
    known if a record has it, a packaged template uses it, or a template in the root defines it."""
    types = [Markup, dict, tuple, int, date, jinja2.runtime.LoopContext]
    types += [one for module in (records, view) for one in vars(module).values() if isinstance(one, type)]
    known = {name for one in types for name in (*dir(one), *getattr(one, "model_fields", ()))}
    known |= _packaged_attributes() if trees else set()
    for tree in trees.values():
        known |= {str(node.value) for node in tree.find_all(nodes.Const)}
        known |= {node.key for node in tree.find_all(nodes.Keyword)}
    for name, tree in trees.items():
        modules = {node.target for node in tree.find_all(nodes.Import)} | {"self"}
        for node in tree.find_all(nodes.Getattr):
            if node.attr not in known and not (isinstance(node.node, nodes.Name) and node.node.name in modules):
                remedy = suggestion(node.attr, sorted(known), "compare the template with the packaged one")
                yield Problem(name, Span(node.lineno), f'unknown attribute "{node.attr}"', remedy, Severity.WARNING)


@cache
def _packaged_attributes() -> frozenset[str]:
    """Return the attributes that the packaged templates use. Parsing these templates takes a second."""
    texts = [path.read_text("utf-8") for path in packaged_templates().glob(f"*{SUFFIX}")]
    trees = [jinja2.Environment().parse(text) for text in texts]  # noqa: S701
    return frozenset(node.attr for tree in trees for node in tree.find_all(nodes.Getattr))


def _syntax(name: str, path: Path, trees: dict[str, nodes.Template]) -> Iterator[Problem]:
    """Yield the problem of a template that can't be read, or else add its syntax tree to `trees`."""
    data = read_bytes(path)
    remedy = "correct the template, or remove it to use the packaged one"
    if len(data) > MAX_TEMPLATE_BYTES:
        yield Problem(name, Span(), f"larger than {MAX_TEMPLATE_BYTES // 1024} KiB", remedy)
        return
    try:
        text = decode_content(data, name)
        # only page templates are compiled, because the theme and plugins may add filters to theme overrides
        if name.endswith(SUFFIX):
            Renderer(()).environment.compile(text)
        trees[name] = jinja2.Environment().parse(text, name)  # noqa: S701
    except ContentError as error:
        yield from error.problems
    except (jinja2.TemplateSyntaxError, RecursionError, MemoryError, SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, jinja2.TemplateSyntaxError) else 1
        what = " ".join(str(error).split())[:200]
        yield Problem(name, Span(max(1, line), 1), f"the template can't be read: {what}", remedy)

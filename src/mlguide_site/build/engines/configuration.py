"""Reads the settings in `mkdocs.yml` as MkDocs does. Every engine gets these settings."""

import logging
import os
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from mlguide_site.build.use_trimmed_theme import EXTRA, FEATURES, PLUGINS
from mlguide_site.config import Settings
from mlguide_site.content.resources import ASSETS, read_wording
from mlguide_site.content.site_settings import PATH, read_settings, settings_problems
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, Span, content_error
from mlguide_site.model.transcript import one_line

log = logging.getLogger("mkdocs.config")
_UNKNOWN = re.compile(r"(Plugin 'mlguide' option '[^']*': )?Unrecognised configuration name")


def site_settings(root: Path) -> MkDocsConfig:
    """Return the settings, loaded as by the engine's `load_config`. If they are invalid, raises ContentError, with the
    positions of errors, or the engine's own exception."""
    settings_warnings(root)
    for folder in ("pages", "theme"):
        # create these folders early, because the engine refuses settings that name missing folders
        (root / "build" / folder).mkdir(parents=True, exist_ok=True)
    path = root / PATH
    config = MkDocsConfig(config_file_path=str(path))
    try:
        with path.open("rb") as file:
            config.load_file(file)
        config.load_dict({})
        errors, warnings = config.validate()
    except (SyntaxError, RecursionError, LookupError, TypeError, ValueError, AttributeError) as error:
        # for example, a hook is invalid, or the file inherits from itself or isn't a mapping
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise content_error(PATH, f"MkDocs can't read these settings: {what}", "correct that setting") from error
    if errors:
        located, _ = read_settings(root)
        raise ContentError(
            Problem(PATH, located.find((key,)), f'"{key}" is invalid: {" ".join(str(error).split())}', "correct it")
            for key, error in errors
        )
    # `settings_problems` has already reported unknown setting names, with their positions
    others = [(key, warning) for key, warning in warnings if not _UNKNOWN.match(warning)]
    for key, warning in others:
        log.warning("Config value '%s': %s", key, warning)
    if config.strict and others:
        raise Abort(f"Aborted with {len(others)} configuration warnings in 'strict' mode!")
    return config


def build_settings(root: Path, strict: bool) -> MkDocsConfig:
    """Return the engine's settings for a build. A warning makes the build fail if the argument or the setting `strict`
    is true. Raises the exceptions of `site_settings`, and ResourceError if the site's folder can't be used."""
    config = site_settings(root)
    config.strict = strict or config.strict
    site = Path(config.site_dir)
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise ResourceError(f"{site}: this is not a regular folder; move it away, because the site is written there")
    return config


def settings_warnings(root: Path) -> tuple[Problem, ...]:
    """Return the warnings of `mlguide check` about a root's settings. If there are errors, raise ContentError."""
    problems = settings_problems(root)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise ContentError(problems)  # `problems` includes the warnings
    if os.environ.get("MLGUIDE_SITE_URL") and "site_url" not in read_settings(root)[0].value:
        message = "the variable MLGUIDE_SITE_URL has no effect, because mkdocs.yml has no setting site_url"
        remedy = 'write site_url: !ENV [MLGUIDE_SITE_URL, ""]'
        return (*problems, Problem(PATH, Span(), message, remedy, Severity.WARNING))
    return problems


def without_empty(nav: Any, empty: Collection[str], place: Callable[[str], str] = str) -> Any:
    """Return `nav` without the pages in `empty` and without empty sections. Each page's path becomes `place(path)`."""
    if isinstance(nav, dict):
        return {title: own for title, item in nav.items() if (own := without_empty(item, empty, place))}
    if isinstance(nav, list):
        return [own for item in nav if (own := without_empty(item, empty, place))]
    return None if nav in empty else place(nav) if isinstance(nav, str) and "://" not in nav else nav


def with_style(styles: Any) -> list[Any]:
    """Return the style sheets of the settings, with that of the pages first, without which pages have the theme's look.
    Own style sheets come later, because they replace its colours."""
    style = f"{ASSETS}/site.css"
    return [style, *(one for one in styles or () if one not in (style, f"./{style}"))]


def settings_of(config: MkDocsConfig, options: Any, preview: bool = False) -> Settings:
    """Return a site's settings from MkDocs' configuration and our plugin's `options`. Raises ContentError or
    ResourceError if the labels of the site's language can't be read."""
    language, root = config.theme.get("language") or "en", Path(config.config_file_path).parent.resolve()
    place = os.path.relpath(Path(config.theme.custom_dir or root).resolve(), root)
    # these folders contain no overrides: `mlguide` itself reads the root and `templates/theme`, and writes `build`
    overrides = "" if place in {".", "templates/theme"} or place.startswith(("..", "build")) else place
    features = set(config.theme.get("features") or [])
    is_plain = features <= FEATURES and set(config.extra or {}) <= EXTRA and set(config.plugins) <= PLUGINS
    return Settings(
        site_name=one_line(config.site_name),
        site_description=one_line(config.site_description or ""),
        site_url=config.site_url or "",
        edit_url=options.edit_url,
        language=language,
        favicon=config.theme.get("favicon") or "",
        wording=read_wording(root, language),
        plain_theme=config.theme.name == "material" and is_plain and not (overrides or config.repo_url),
        overrides=overrides,
        left_out=tuple(
            (str(one.regex.pattern), bool(one.include))
            for spec in (config.exclude_docs, config.draft_docs)
            for one in (spec.patterns if spec else ())
            if one.regex
        ),
        directories=config.use_directory_urls,
        preview=preview,
        site_licence=options.licence,
        media=tuple(options.media),
        allow=tuple(options.allow),
        domain=options.domain,
        items=options.items_,
        moved=tuple(sorted((str(old), str(new)) for old, new in options.redirects.items())),
    )

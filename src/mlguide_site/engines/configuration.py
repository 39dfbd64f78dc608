"""The settings of a root's site, `mkdocs.yml`, as MkDocs reads them; every engine is given what it says."""

from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Protocol

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from mlguide_site.config import Settings
from mlguide_site.engines.blame import settings_faults
from mlguide_site.errors import ContentError, Problem
from mlguide_site.resources import read_wording
from mlguide_site.spans import Span
from mlguide_site.theme_styles import EXTRA, FEATURES, PLUGINS


class Options(Protocol):
    """What stands under `mlguide:` in `mkdocs.yml`."""

    edit_url: str
    licence: str
    domain: str

    @property
    def media(self) -> Sequence[str]:
        """Addresses whose hosts may give sound besides those that the episodes name."""

    @property
    def redirects(self) -> Mapping[str, str]:
        """For an address that another site had here before, relative to the site's own, what stands for it now."""


def site_settings(root: Path) -> MkDocsConfig:
    """The engine's settings. Raises ContentError where they would make a site without the root's pages."""
    for folder in ("pages", "theme"):
        # generated, and so deleted now and then; the engine wants them to be there before any stage runs
        (root / "build" / folder).mkdir(parents=True, exist_ok=True)
    config = load_config(config_file=str(root / "mkdocs.yml"))
    if "mlguide" not in config.plugins:
        message, remedy = 'the plugin "mlguide" is missing, so no page is made', 'add "  - mlguide" under "plugins:"'
        raise ContentError([Problem("mkdocs.yml", Span(), message, remedy)])
    if Path(config.docs_dir).resolve() != (root / "build" / "pages").resolve():
        message, remedy = '"docs_dir" is not the folder of generated pages', "set it: docs_dir: build/pages"
        raise ContentError([Problem("mkdocs.yml", Span(), message, remedy)])
    theme = config.theme.custom_dir
    if theme and not Path(theme).resolve().is_relative_to(root.resolve()):
        # all that lies there would be published
        message, remedy = '"custom_dir" leads out of the root', "name a place in the root"
        raise ContentError(settings_faults(root) or [Problem("mkdocs.yml", Span(), message, remedy)])
    return config


def _is_plain(config: MkDocsConfig) -> bool:
    """Whether the settings switch on nothing of the theme that our own pages don't use."""
    used: tuple[tuple[Iterable[str], Set[str]], ...] = (
        (config.theme.get("features") or [], FEATURES),
        (config.extra or {}, EXTRA),
        (config.plugins, PLUGINS),
    )
    return config.theme.name == "material" and all(set(names) <= known for names, known in used)


def settings_of(config: MkDocsConfig, options: Options, preview: bool = False) -> Settings:
    """The settings of a site from MkDocs' configuration and the plugin's. Raises ContentError, ResourceError where the
    words of its language can't be read."""
    language = config.theme.get("language") or "en"
    return Settings(
        site_name=config.site_name,
        site_description=config.site_description or "",
        site_url=config.site_url or "",
        edit_url=options.edit_url,
        language=language,
        wording=read_wording(Path(config.config_file_path).parent, language),
        plain_theme=_is_plain(config),
        directories=config.use_directory_urls,
        preview=preview,
        site_licence=options.licence,
        media=tuple(options.media),
        domain=options.domain,
        moved=tuple(sorted((str(old), str(new)) for old, new in options.redirects.items())),
    )

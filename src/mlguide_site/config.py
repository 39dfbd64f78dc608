"""The settings of a site, independent of the engine."""

from dataclasses import dataclass, field

from mlguide_site.model.wording import Wording


@dataclass(frozen=True, slots=True)
class Settings:
    """Site settings from `mkdocs.yml`.

    `site_url` ends in a slash or is empty; `edit_url` is an address with `{path}` for a source file's path, or empty;
    `directories` is the engine's `use_directory_urls`; `preview` shows drafts; `site_licence` is shown in the footer;
    `media` are addresses of further hosts that may serve audio, `allow` of those that may serve anything else; with
    `own_folders` each page is written in the folder of its address, so that relative links are the same in page and
    file. `domain` is the site's custom domain, or empty; `moved` are pairs of a former address and its target;
    `wording` are the labels in the site's language. With `plain_theme` the site uses only those features of the theme
    that the packaged templates use. `overrides` is the root's own folder of theme overrides, or empty.
    """

    site_name: str
    site_description: str = ""
    site_url: str = ""
    edit_url: str = ""
    language: str = "en"
    directories: bool = True
    preview: bool = False
    site_licence: str = ""
    media: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    own_folders: bool = False
    domain: str = ""
    moved: tuple[tuple[str, str], ...] = ()
    wording: Wording = field(default_factory=Wording)
    plain_theme: bool = False
    overrides: str = ""

"""The settings of a site, independent of the engine."""

from dataclasses import dataclass, field

from mlguide_site.model.wording import Wording


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a site, from `mkdocs.yml`.

    `site_url` ends in a slash or is empty. `edit_url` is empty or an address in which `{path}` is replaced with a
    source file's path. `directories` is MkDocs' setting `use_directory_urls`. `preview` shows drafts. `site_licence` is
    shown in the footer. `media` lists additional hosts of audio files. `allow` lists additional hosts of scripts,
    styles and images. If `own_folders` is true, each page is an `index.md` in its own folder. The paths of pages then
    match their addresses. `domain` is the site's custom domain, or empty. `moved` contains pairs of an old and a new
    address. `wording` contains the labels in the site's language. If `plain_theme` is true, the site uses only theme
    features that the packaged templates use. `overrides` is the root's own folder of theme overrides, or empty.
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

"""The settings of a site, independent of the engine."""

from dataclasses import dataclass, field

from mlguide_site.model.wording import Wording


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a site, from `mkdocs.yml`."""

    site_name: str
    site_description: str = ""
    site_url: str = ""  # the address of the site with a slash at the end, or ""
    edit_url: str = ""  # the address for editing a file, with `{path}` in place of the file's path, or ""
    language: str = "en"
    favicon: str = ""  # the path of the icon in the site
    directories: bool = True  # MkDocs' setting `use_directory_urls`
    preview: bool = False  # true if drafts are shown
    site_licence: str = ""  # the licence of the site's texts
    media: tuple[str, ...] = ()  # additional hosts of audio files
    allow: tuple[str, ...] = ()  # additional hosts of scripts, styles and images
    own_folders: bool = False  # true if each page is an `index.md` in its own folder
    domain: str = ""  # the custom domain
    items: int = 300  # the number of episodes in a feed; 0 for all
    moved: tuple[tuple[str, str], ...] = ()  # pairs: an old address, and the id or new address for it
    wording: Wording = field(default_factory=Wording)
    plain_theme: bool = False  # true if the site uses only theme features that work with the trimmed theme
    left_out: tuple[tuple[str, bool], ...] = ()
    """MkDocs' settings `exclude_docs` and `draft_docs`: patterns of pages, with false for exceptions"""
    overrides: str = ""  # the folder of theme overrides from the setting `custom_dir`, or ""

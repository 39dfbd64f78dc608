"""What a site is built with, besides its content. Where the values come from is the engine's matter."""

from dataclasses import dataclass, field

from mlguide_site.model.wording import Wording


@dataclass(frozen=True, slots=True)
class Settings:
    """Site settings, as `mkdocs.yml` gives them.

    `site_url` ends in a slash or is empty; `edit_url` is an address with `{path}` for a source file's path, or empty;
    `directories` is the engine's `use_directory_urls`; `preview` shows drafts; `site_licence` is shown in the foot;
    `media` are addresses whose hosts may give sound besides those that the episodes name; with `own_folders` each
    page's file stands in the folder of its address, so that addresses seen from the page are those seen from its file.
    `domain` is a name of one's own that the site is reached by, or empty; `moved` are pairs of an address that another
    site had here before, and of what stands for it now; `wording` are the site's own words in its language.
    With `plain_theme` the theme is used as the packaged templates use it, and nothing else of it.
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
    own_folders: bool = False
    domain: str = ""
    moved: tuple[tuple[str, str], ...] = ()
    wording: Wording = field(default_factory=Wording)
    plain_theme: bool = False

    def edit_address(self, path: str) -> str:
        """Where a source file can be edited; empty where the site does not say."""
        return self.edit_url.replace("{path}", path) if self.edit_url else ""

"""A page that a person wrote: a file of `pages/`."""

from mlguide_site.pages import formatting
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Subject, View


def view(site: Site, subject: Subject) -> View:
    """One page. Its description is that of the front matter, else the beginning of its text."""
    page = site.linked.pages[subject.id]
    file, meta = page.file, page.file.meta
    description = formatting.plain_line(meta.summary or page.document.opening or meta.title)
    body, source = site.notes(file.id), site.source(file.path)
    return site.view("page", file.page, meta.title, description, found_as="Own page", body=body, source=source)

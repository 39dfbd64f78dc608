"""Tests of the feeds in the heads of pages."""

import pytest

from mlguide_site.publish.linked_data import head
from pages.builder import make, note


@pytest.mark.parametrize("name", ["page", "fern"])
def test_each_page_of_a_series_leads_to_the_feed_of_the_series(name: str) -> None:
    notes = [note(f"{name}-{number:03}") for number in range(1, 52)]
    base = make({"series": {name: {"title": 'Pages & "more"'}}}, notes, site_url="https://kb.example/")
    for path in (f"episodes/{name}/index.md", f"episodes/{name}/page/2.md"):
        values = head(base.pages[path], base.linked.catalog, base.settings)
        assert (values["feed"], values["feed_title"]) == (f"episodes/{name}/feed.xml", 'Pages & "more"')

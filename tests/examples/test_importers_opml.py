"""Examples of the functions in `mlguide_site.importers.opml`."""

from mlguide_site.importers.opml import read_text


def test_read_text() -> None:
    text = '<a href="https://a.example/b">The book</a> or [this](https://c.example), https://d.example/e.'
    urls = ["https://a.example/b", "https://c.example", "https://d.example/e"]
    assert read_text(text)[1:] == ("The book or this, .", urls)

"""The search index of a built site."""

import os

import pytest

from mlguide_site import search
from mlguide_site.memo.store import Store

PAGE = """<!doctype html>
<html lang="en" class="no-js"><head><title>{title}</title><script>x</script></head>
<body><nav><a href="/">Home of all</a></nav>
<article data-pagefind-body data-pagefind-filter="kind[data-kind]" data-kind="{kind}" class="c">
<h1 id="top">{title}</h1><p>{text}</p><p data-pagefind-ignore>Left out.</p><h2 id="part">Part</h2><p>{text} again</p>
</article>
<footer>Below everything</footer></body></html>"""
PLAIN = '<!doctype html><html lang="en"><head><title>None</title></head><body><p>Not found.</p></body></html>'


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write(site, path, text):
    target = site / path / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


@pytest.fixture
def site(tmp_path):
    for at in range(6):
        text = f"Looms weave cloth number{at} of {'warp' if at % 2 else 'weft'}"
        write(tmp_path / "site", f"pages/{at}", PAGE.format(title=f"Title {at}", kind="ab"[at % 2], text=text))
    write(tmp_path / "site", "list", PLAIN)
    return tmp_path / "site"


def refresh(site, store=None):
    return search.refresh(site, store or held(site), "site", site.parent / "search")


def held(site):
    return Store(site.parent / "build", "program", "owner")


def index_of(site):
    return tree(site / "pagefind")


def test_the_parts_that_are_found_make_the_index_that_whole_pages_make(site):
    search.index(site)
    whole = index_of(site)
    assert refresh(site)
    assert index_of(site) == whole


def test_pages_without_marks_are_found_as_a_whole(tmp_path):
    site = tmp_path / "site"
    write(site, "one", PLAIN)
    search.index(site)
    whole = index_of(site)
    refresh(site)
    assert index_of(site) == whole


def test_marks_elsewhere_on_a_page_count(site):
    marked = PAGE.format(title="Meta", kind="c", text="Text").replace("<nav>", '<nav data-pagefind-meta="place">')
    write(site, "pages/0", marked)
    assert search.found_part(marked.encode()) == marked.encode()


def test_an_index_is_made_anew_only_where_a_page_changed(site):
    assert refresh(site)
    assert not refresh(site)
    (site / "style.css").write_text("p {}")
    assert not refresh(site)
    write(site, "pages/1", PAGE.format(title="Other", kind="b", text="Other words"))
    assert refresh(site)
    changed = index_of(site)
    search.index(site)
    assert index_of(site) == changed
    (site / "pages/2/index.html").unlink()
    assert refresh(site)
    without = index_of(site)
    search.index(site)
    assert index_of(site) == without


def test_an_index_that_somebody_touched_is_made_anew(site):
    refresh(site)
    (site / "pagefind/pagefind.js").unlink()
    assert refresh(site)
    assert (site / "pagefind/pagefind.js").is_file()


def test_a_folder_of_parts_that_was_touched_does_no_harm(site):
    refresh(site)
    before = index_of(site)
    os.unlink(site.parent / "search/pages/3/index.html")
    (site.parent / "search/pages/4/index.html").write_text("<p>other</p>")
    os.utime(site / "pages/0/index.html", (1, 1))
    assert refresh(site)
    assert index_of(site) == before

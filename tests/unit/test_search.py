"""The search index of a built site."""

import gzip
import json
import os
import shutil

import cbor2
import pytest

from mlguide_site import search
from mlguide_site.build.memo.store import Store
from mlguide_site.errors import ResourceError
from mlguide_site.search.found import found_part
from mlguide_site.search.program import run
from unit.indexes import contents, unpacked

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


def made_anew(site):
    """The index of the same pages where nothing was made before."""
    other = site.parent / "anew" / "site"
    shutil.rmtree(other.parent, ignore_errors=True)
    shutil.copytree(site, other, ignore=shutil.ignore_patterns("pagefind"))
    assert refresh(other)
    return index_of(other)


def test_the_parts_that_are_found_make_the_index_that_whole_pages_make(site):
    search.index(site)
    whole = contents(site / "pagefind")
    assert refresh(site)
    assert contents(site / "pagefind") == whole


def test_pages_are_numbered_by_address_however_the_disk_lists_them(site):
    refresh(site)
    (known,) = json.loads((site / "pagefind/pagefind-entry.json").read_bytes())["languages"].values()
    pages = cbor2.loads(unpacked(site / "pagefind" / f"pagefind.{known['hash']}.pf_meta"))[1]
    assert [told(site, name)["url"] for name, *_ in pages] == [f"/pages/{at}/" for at in range(6)]


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
    assert found_part(marked.encode()) == marked.encode()


def test_an_index_is_made_anew_only_where_a_page_changed(site):
    assert refresh(site)
    assert not refresh(site)
    (site / "style.css").write_text("p {}")
    assert not refresh(site)
    write(site, "pages/1", PAGE.format(title="Other", kind="b", text="Other words"))
    assert refresh(site)
    assert index_of(site) == made_anew(site)
    (site / "pages/2/index.html").unlink()
    assert refresh(site)
    assert index_of(site) == made_anew(site)


def test_a_page_that_is_no_longer_marked_is_no_longer_found(site):
    refresh(site)
    write(site, "pages/1", PLAIN)
    assert refresh(site)
    assert index_of(site) == made_anew(site)
    assert not (site.parent / "search/0/pages/1/index.html").exists()


def test_an_index_that_somebody_touched_is_made_anew(site):
    refresh(site)
    (site / "pagefind/pagefind.js").unlink()
    assert refresh(site)
    assert (site / "pagefind/pagefind.js").is_file()


def test_a_folder_of_parts_that_was_touched_does_no_harm(site):
    refresh(site)
    before = index_of(site)
    os.unlink(site.parent / "search/0/pages/3/index.html")
    (site.parent / "search/0/pages/4/index.html").write_text("<p>other</p>")
    os.utime(site / "pages/0/index.html", (1, 1))
    assert refresh(site)
    assert index_of(site) == before


ODD = {
    "inline": "<p>one<a href='x>y'>two</a>three <em>four</em>five <code>six</code><b>seven</b></p>",
    "ids": '<p>one <span id="t-7">two</span> <a class="x" id="here" href="y">three</a></p><h3 class="z">No anchor</h3>',
    "ignored": 'up<div data-pagefind-ignore class="d"><div><p>not this <a id="t-8">nor</a></div></p></div>down',
    "ignored but read": '<ul data-pagefind-ignore="index"><li data-pagefind-filter="topic">Threads</li></ul>end',
    "ignored wholly": '<section data-pagefind-ignore="all"><i data-pagefind-meta="m">x</i></section>end',
    "overlapping": '<div data-pagefind-ignore><section>not this</div>nor that</section><p class="c">but this</p></div>',
    "unclosed": "<div data-pagefind-ignore><p>not this <ul><li>one",
    "picture": '<div data-pagefind-ignore><img src="a.png" alt="warped" class="c"></div><img src="b.png">A',
    "drawing": '<svg data-pagefind-ignore viewBox="0 0 1 1"><a href="x"/><title>Not this</title></svg><p>after</p>',
    "drawings": '<p>one <svg class="x"><a id="t-10" href="x"><text>drawn</text></a></svg>two <svg/>three</p>',
    "drawings in drawings": '<svg><g><svg><text>drawn</text></svg><text id="t-11">too</text></g></svg><p>after</p>',
    "marks in a drawing": '<svg><text data-pagefind-meta="drawn">drawn</text></svg><p title="<svg">after</p>',
    "comment": "<p>one<!-- <p class=x>two --> three</p>",
    "signs": '<p title="a > b">one &lt;b class=x&gt; 3 < 4 <b title="a<b">two</b></p>',
    "upper case": '<P CLASS="x">one <A HREF="x" ID="t-9">two</A></P>',
    "table": '<table class="t"><thead><tr><th scope="col">A</th></tr></thead><tr><td>b</td><td>c</td></tr></table>',
    "code": '<pre class="x"><code>a  b\n  <span class="k">c</span>d</code></pre><p><kbd>Ctrl</kbd>+<kbd>K</kbd></p>',
}


def test_what_is_left_out_of_pages_changes_nothing(tmp_path):
    """Texts of odd pages make the index that the pages make, word by word and anchor by anchor."""
    for number, (name, text) in enumerate(ODD.items()):
        page = PAGE.format(title=name, kind="k", text=f"Words of page {number}")
        write(tmp_path / "site", f"odd/{number}", page.replace("<h2", f"{text}<h2"))
    search.index(tmp_path / "site")
    whole = contents(tmp_path / "site/pagefind")
    assert refresh(tmp_path / "site")
    assert contents(tmp_path / "site/pagefind") == whole
    assert len(whole["languages"]["en"]["pages"]) == len(ODD)


@pytest.mark.parametrize("name", ["pagefind-entry.json", "pagefind.*.pf_meta", "filter/*.pf_filter"])
@pytest.mark.parametrize("length", [0, 20])
def test_an_index_that_is_cut_short_is_refused(site, monkeypatch, name, length):
    def cut(pages, folder):
        run(pages, folder)
        for path in folder.glob(name):
            path.write_bytes(path.read_bytes()[:length])

    monkeypatch.setattr("mlguide_site.search.parts.run", cut)
    with pytest.raises(ResourceError, match="isn't whole"):
        refresh(site)
    monkeypatch.undo()
    assert refresh(site)
    assert index_of(site) == made_anew(site)


def test_an_index_is_written_over_only_where_nothing_else_shows_it(site):
    refresh(site)
    first = index_of(site)
    elsewhere = site.parent / "elsewhere"
    elsewhere.write_bytes(b"kept")
    (site / "pagefind/pagefind.js").unlink()
    (site / "pagefind/pagefind.js").symlink_to(elsewhere)
    assert refresh(site)
    assert elsewhere.read_bytes() == b"kept"
    assert not (site / "pagefind/pagefind.js").is_symlink()
    assert index_of(site) == first
    os.link(site / "pagefind/pagefind-entry.json", site.parent / "backup")
    before = (site.parent / "backup").read_bytes()
    write(site, "pages/1", PAGE.format(title="Other", kind="b", text="Other words"))
    assert refresh(site)
    assert (site.parent / "backup").read_bytes() == before


def test_what_an_earlier_index_left_goes(site):
    refresh(site)
    (site / "pagefind/left.txt").write_text("left")
    (site / "pagefind/fragment/en_0000000.pf_fragment").write_text("left")
    write(site, "pages/1", PAGE.format(title="Other", kind="b", text="Other words"))
    refresh(site)
    assert index_of(site) == made_anew(site)


def test_pages_of_languages_that_have_no_stemmer_are_found_beside_others(site):
    text = PAGE.format(title="Kirja", kind="a", text="sanoja")
    write(site, "pages/7", text.replace('lang="en"', 'lang="et"'))
    refresh(site)
    told = json.loads((site / "pagefind/pagefind-entry.json").read_bytes())["languages"]
    for known in told.values():
        assert (site / f"pagefind/wasm.{known['wasm'] or 'unknown'}.pagefind").is_file()
    assert set(told) == {"en", "et"}


def told(site, page):
    """What the index tells of a page, by the name of its file."""
    packed = (site / "pagefind/fragment" / f"{page}.pf_fragment").read_bytes()
    return json.loads(gzip.decompress(packed)[len(b"pagefind_dcd") :])


def test_what_pages_are_looked_up_by_stands_beside_the_index(site):
    for number, names in ((1, ("loom", "machine")), (2, ("k8s",)), (3, ("k8s", "constructor"))):
        marks = "".join(f' data-c{at}="{name}"' for at, name in enumerate(names))
        asks = ", ".join(f"called[data-c{at}]" for at in range(len(names)))
        page = PAGE.format(title=f"Title {number}", kind="a", text="Text")
        write(site, f"pages/{number}", page.replace("<h1", f'<p{marks} data-pagefind-filter="{asks}">x</p><h1'))
    for number, named in ((4, "a show"), (5, "other")):
        marks = f'<p data-n="{named}" data-m="7" data-pagefind-filter="named[data-n], number[data-m]">x</p><h1'
        write(site, f"pages/{number}", PAGE.format(title="Title", kind="b", text="Text").replace("<h1", marks))
    assert refresh(site)
    names = json.loads((site / "pagefind/names.json").read_bytes())
    assert list(names) == ["constructor", "k8s", "loom", "machine"]
    urls = {name: sorted(told(site, page)["url"] for page in pages) for name, pages in names.items()}
    assert urls["k8s"] == ["/pages/2/", "/pages/3/"]
    assert urls["constructor"] == ["/pages/3/"]
    assert urls["loom"] == urls["machine"] == ["/pages/1/"]
    numbers = json.loads((site / "pagefind/numbers.json").read_bytes())
    assert [(before, list(pages)) for before, pages in numbers] == [(["a show"], ["7"]), (["other"], ["7"])]
    assert [told(site, pages["7"][0])["url"] for _, pages in numbers] == ["/pages/4/", "/pages/5/"]
    # Pagefind itself needn't load them
    choices = [gzip.decompress(data)[12:40] for path, data in index_of(site).items() if path.endswith(".pf_filter")]
    assert len(choices) == 1
    assert b"kind" in choices[0]


def test_lists_beside_the_index_are_there_where_nothing_is_looked_up(site):
    refresh(site)
    assert (site / "pagefind/names.json").read_bytes() == b"{}"
    assert (site / "pagefind/numbers.json").read_bytes() == b"[]"


def test_an_index_made_again_and_again_is_the_one_that_a_build_makes(site):
    searcher = search.Searcher(site, site.parent / "search")
    for number in range(3):
        write(site, "pages/1", PAGE.format(title=f"Other {number}", kind="b", text="Other words"))
        if number == 2:
            (site / "pages/2/index.html").unlink()
        searcher.index()
        assert index_of(site) == made_anew(site)

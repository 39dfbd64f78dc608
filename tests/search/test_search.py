"""Tests of the search index of a built site."""

import gzip
import json
import os
import shutil

import cbor2
import pytest

from conftest import tree, write_files
from mlguide_site.errors import ResourceError
from mlguide_site.markdown.formulas import read_formula
from mlguide_site.search import pagefind as search
from mlguide_site.search.pagefind import finished, indexed_part, indexing_ahead, run_pagefind, separate_letters
from search.indexes import contents, unpacked

PAGE = """<!doctype html>
<html lang="en" class="no-js"><head><title>{title}</title><script>x</script></head>
<body><nav><a href="/">Home of all</a></nav>
<article data-pagefind-body data-pagefind-filter="kind[data-kind]" data-kind="{kind}" class="c">
<h1 id="top">{title}</h1><p>{text}</p><p data-pagefind-ignore>Left out.</p><h2 id="part">Part</h2><p>{text} again</p>
</article>
<footer>Below everything</footer></body></html>"""
PLAIN = '<!doctype html><html lang="en"><head><title>None</title></head><body><p>Not found.</p></body></html>'


def write(site, path, text):
    target = site / path / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    # replaced atomically, as in a build
    (site.parent / "new").write_text(text, "utf-8")
    os.replace(site.parent / "new", target)


@pytest.fixture
def site(tmp_path):
    for at in range(6):
        text = f"Looms weave cloth number{at} of {'warp' if at % 2 else 'weft'}"
        write(tmp_path / "site", f"pages/{at}", PAGE.format(title=f"Title {at}", kind="ab"[at % 2], text=text))
    write(tmp_path / "site", "list", PLAIN)
    return tmp_path / "site"


def refresh(site):
    """Rebuild the index if necessary. Returns whether the index was rebuilt."""
    known = site.parent / "known"
    before = known.read_text() if known.exists() else ""
    known.write_text(search.refresh(site, site.parent / "search", before))
    return known.read_text() != before


def index_of(site):
    return tree(site / "pagefind")


def made_anew(site):
    """Return a new index of the same pages, built without earlier files."""
    other = site.parent / "anew" / "site"
    shutil.rmtree(other.parent, ignore_errors=True)
    shutil.copytree(site, other, ignore=shutil.ignore_patterns("pagefind"))
    assert refresh(other)
    return index_of(other)


def test_the_marked_parts_of_pages_make_the_index_that_whole_pages_make(site, tmp_path):
    write(site, "plain", PLAIN)
    assert refresh(site)
    pages = sorted(site.rglob("*.html"))
    files = finished(run_pagefind([(path.relative_to(site).as_posix(), path.read_bytes()) for path in pages]))
    write_files(tmp_path / "whole", files)
    assert contents(site / "pagefind") == contents(tmp_path / "whole")


def test_pages_are_numbered_by_address_however_the_disk_lists_them(site):
    refresh(site)
    (known,) = json.loads((site / "pagefind/pagefind-entry.json").read_bytes())["languages"].values()
    pages = cbor2.loads(unpacked(site / "pagefind" / f"pagefind.{known['hash']}.pf_meta"))[1]
    assert [fragment(site, name)["url"] for name, *_ in pages] == [f"/pages/{at}/" for at in range(6)]


def test_pages_without_marks_are_found_as_a_whole(tmp_path):
    site = tmp_path / "site"
    write(site, "one", PLAIN)
    assert refresh(site)
    assert len(contents(site / "pagefind")["languages"]["en"]["pages"]) == 1


def test_marks_elsewhere_on_a_page_count(site):
    marked = PAGE.format(title="Meta", kind="c", text="Text").replace("<nav>", '<nav data-pagefind-meta="place">')
    write(site, "pages/0", marked)
    assert indexed_part(marked.encode()) == marked.encode()


def test_excerpts_show_formulas_as_text():
    formula = read_formula(r"$\frac{a}{b} < \eta$").html
    page = PAGE.format(title="T", kind="c", text=f"Choose {formula} well")
    assert "Choose a/b &lt; η well".encode() in indexed_part(page.encode())


def test_excerpts_keep_the_cells_of_tables_apart():
    cells = "<table><tr><th>Store</th>\n<th>Use</th></tr><tr><td><a>CSV</a></td>\n<td>to look</td></tr></table>"
    page = PAGE.format(title="T", kind="c", text=cells)
    assert b"Store;</th>\n<th>Use.</th></tr><tr><td><a>CSV</a>;</td>\n<td>to look.</td>" in indexed_part(page.encode())


def test_excerpts_show_the_titles_of_boxes_as_labels():
    box = '<div class="admonition note"><p class="admonition-title">{}</p><p>Water it.</p></div>'
    page = PAGE.format(title="T", kind="c", text=box.format("In summer") + box.format("And then?"))
    part = indexed_part(page.encode())
    assert b">In summer:</p>" in part and b">And then?</p>" in part


def test_in_scripts_without_spaces_each_pair_of_letters_is_a_word(site):
    named = '<i data-pagefind-filter="topic">机器学习</i> <i data-pagefind-filter="a[title]" title="x">算法</i>'
    text = f"GPT模型，<em>梯度</em>下降 ทอผ้า{named}"
    write(site, "pages/0", PAGE.format(title="第13回：羊毛", kind="a", text=text).replace('lang="en"', 'lang="zh"'))
    refresh(site)
    index = contents(site / "pagefind")["languages"]["zh"]
    assert {"gpt", "模型", "梯度", "度下", "下降", "ทอ", "อผ", "ผา", "算法", "羊毛"} <= index["words"].keys()
    assert index["filters"]["topic"].keys() == {"机器学习"}


def test_text_in_scripts_with_spaces_is_indexed_as_it_is():
    text = "<p>Größe <b>ткань</b> ύφασμα 직물 نسيج कपड़ा C++</p>"
    assert separate_letters(text) == text


def test_character_references_of_quotes_are_indexed_as_quotes():
    text = "<p>the weaver&#39;s knot, l&#x27;histoire, it&#39;s &#34;sheet bend&#34; &lt;b&gt; R&amp;D #wool</p>"
    found = "<p>the weaver's knot, l'^~ histoire, it's \"sheet bend\" &lt;b&gt; R&amp;D #^~ wool</p>"
    assert separate_letters(text) == found


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


def test_an_index_that_somebody_touched_is_made_anew(site):
    refresh(site)
    (site / "pagefind/pagefind.js").unlink()
    assert refresh(site)
    assert (site / "pagefind/pagefind.js").is_file()


def test_an_index_of_another_form_is_refused(site, monkeypatch):
    def cut(pages):
        return {path: data if path.endswith(".js") else data[:20] for path, data in run_pagefind(pages).items()}

    monkeypatch.setattr("mlguide_site.search.pagefind.run_pagefind", cut)
    with pytest.raises(ResourceError, match="version of Pagefind is unsupported"):
        refresh(site)
    assert not (site.parent / "search").exists()


def test_links_in_an_index_lead_nowhere_when_it_is_made_again(site):
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
    languages = json.loads((site / "pagefind/pagefind-entry.json").read_bytes())["languages"]
    for known in languages.values():
        assert (site / f"pagefind/wasm.{known['wasm'] or 'unknown'}.pagefind").is_file()
    assert set(languages) == {"en", "et"}


def fragment(site, page):
    """Return the data of a page in the index. `page` is the name of the page's fragment file."""
    packed = (site / "pagefind/fragment" / f"{page}.pf_fragment").read_bytes()
    return json.loads(gzip.decompress(packed)[len(b"pagefind_dcd") :])


def test_what_pages_are_looked_up_by_stands_beside_the_index(site):
    for number, names in ((1, ("loom", "machine")), (2, ("k8s",)), (3, ("k8s", "constructor"))):
        marks = "".join(f' data-c{at}="{name}"' for at, name in enumerate(names))
        asks = ", ".join(f"alias[data-c{at}]" for at in range(len(names)))
        page = PAGE.format(title=f"Title {number}", kind="a", text="Text")
        write(site, f"pages/{number}", page.replace("<h1", f'<p{marks} data-pagefind-filter="{asks}">x</p><h1'))
    for number, named in ((4, "a show"), (5, "other")):
        marks = f'<p data-n="{named}" data-m="7" data-pagefind-filter="named[data-n], number[data-m]">x</p><h1'
        write(site, f"pages/{number}", PAGE.format(title="Title", kind="b", text="Text").replace("<h1", marks))
    assert refresh(site)
    names = json.loads((site / "pagefind/names.json").read_bytes())
    assert list(names) == ["constructor", "k8s", "loom", "machine"]
    urls = {name: sorted(fragment(site, page)["url"] for page in pages) for name, pages in names.items()}
    assert urls["k8s"] == ["/pages/2/", "/pages/3/"]
    assert urls["constructor"] == ["/pages/3/"]
    assert urls["loom"] == urls["machine"] == ["/pages/1/"]
    numbers = json.loads((site / "pagefind/numbers.json").read_bytes())
    assert [(before, list(pages)) for before, pages in numbers] == [(["a show"], ["7"]), (["other"], ["7"])]
    assert [fragment(site, pages["7"][0])["url"] for _, pages in numbers] == ["/pages/4/", "/pages/5/"]
    # Pagefind itself doesn't have to load them
    choices = [gzip.decompress(data)[12:40] for path, data in index_of(site).items() if path.endswith(".pf_filter")]
    assert len(choices) == 1
    assert b"kind" in choices[0]


def test_lists_beside_the_index_are_there_where_nothing_is_looked_up(site):
    refresh(site)
    assert (site / "pagefind/names.json").read_bytes() == b"{}"
    assert (site / "pagefind/numbers.json").read_bytes() == b"[]"


def test_a_process_that_fails_is_reported(site, monkeypatch):
    monkeypatch.setattr("mlguide_site.search.pagefind.executable", lambda: "/bin/false")
    with pytest.raises(ResourceError, match="can't be built"):
        search.index(site, site.parent / "search")
    assert not (site.parent / "search").exists()


@pytest.mark.parametrize("change", ["text", "two texts", "mark", "added", "removed", "nothing"])
def test_an_index_begun_with_the_last_pages_is_that_of_the_pages(site, change, monkeypatch):
    # parallel tests have their own threads
    monkeypatch.setattr("mlguide_site.search.pagefind.can_fork", lambda: hasattr(os, "fork"))
    refresh(site)
    with indexing_ahead(site, 2) as prepared:
        if "text" in change:
            write(site, "pages/2", PAGE.format(title="Other", kind="c", text="Zebrafish swim"))
        if change == "two texts":
            write(site, "pages/0", PAGE.format(title="First", kind="a", text="Otters swim"))
        if change == "mark":
            write(site, "pages/3", PLAIN)
        if change == "added":
            write(site, "pages/1b", PAGE.format(title="New", kind="a", text="Herons wade"))
        if change == "removed":
            (site / "pages/4/index.html").unlink()
        files = prepared(site)
        assert files or change in {"mark", "added", "removed"}
        search.index(site, site.parent / "search", lambda _: files)
    assert index_of(site) == made_anew(site)


def test_no_index_is_begun_without_a_last_one_or_a_second_process(site):
    with indexing_ahead(site, 2) as prepared:
        assert prepared(site) is None
    refresh(site)
    with indexing_ahead(site, 1) as prepared:
        assert prepared(site) is None


@pytest.mark.parametrize("when", ["before the pages", "after the pages"])
def test_a_pagefind_that_is_killed_while_it_indexes_ahead_does_not_stop_the_build(site, when, monkeypatch):
    monkeypatch.setattr("mlguide_site.search.pagefind.can_fork", lambda: hasattr(os, "fork"))
    refresh(site)
    write(site, "pages/2", PAGE.format(title="Other", kind="c", text="Zebrafish swim"))
    with indexing_ahead(site, 2) as prepared:
        if when == "after the pages":
            prepared.__self__._worker.join()
        prepared.__self__._pagefind._process.kill()
        search.index(site, site.parent / "search", prepared)
    assert index_of(site) == made_anew(site)

"""After any edits the search index is byte for byte the one that is made where nothing was made before."""

import os
import shutil
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from mlguide_site import search
from mlguide_site.build.memo.store import Store
from mlguide_site.search import parts
from unit.indexes import contents, tree, write_page

EXAMPLES = int(os.environ.get("SEARCH_EXAMPLES", "4"))
"""Sequences of about five edits each."""
MORE = (
    "",
    "",
    '<img src="a.png" alt="Picture of a loom">',
    '<p data-pagefind-meta="place">Mill</p>',
    '<p data-n="tools" data-m="7" data-pagefind-filter="named[data-n], number[data-m], called[data-n]">x</p>',
    "<h2 id='part'>Part</h2><p data-pagefind-weight='5'>weighted warp</p>",
)

pages = st.integers(0, 50).map("pages/{}".format)
texts = st.lists(
    st.sampled_from("loom warp weft café cafe naïve C++ Ünique weave weaver".split()), min_size=1, max_size=30
)
edits = st.one_of(
    st.tuples(
        st.just("write"), pages, texts.map(" ".join), st.sampled_from(("en", "en", "de", "et")), st.sampled_from(MORE)
    ),
    st.tuples(st.just("write"), pages, texts.map(" ".join), st.just("en"), st.just("")),
    st.tuples(st.just("remove"), pages),
    st.tuples(st.just("grow"), st.integers(1, 25)),
    st.tuples(st.just("shrink"), st.integers(1, 25)),
    st.tuples(st.just("unmark"), pages),
    st.tuples(st.just("harm"), st.integers(0, 1_000_000)),
    st.tuples(st.just("forget"), st.sampled_from(("site/pagefind", "search", "search.parts", "store"))),
)


def _apply(base: Path, kind: str, at: str | int, *given: str) -> None:
    site = base / "site"
    page = site / str(at) / "index.html"
    if kind == "write":
        text, lang, more = given
        write_page(site, str(at), text, lang=lang, kind=lang[0], more=more)
    elif kind == "remove":
        page.unlink(missing_ok=True)
    elif kind == "grow":
        for number in range(int(at)):
            write_page(site, f"more/{number}", f"Page {number} of many with a loom and its warp", kind="m")
    elif kind == "shrink":
        for number in range(int(at)):
            (site / f"more/{number}/index.html").unlink(missing_ok=True)
    elif kind == "unmark" and page.exists():
        page.write_text(page.read_text("utf-8").replace("data-pagefind-body", ""), "utf-8")
    elif kind == "harm":
        files = sorted(path for path in base.glob("search.parts/**/*") if path.is_file())
        if files:
            files[int(at) % len(files)].write_bytes(b"harmed")
    elif kind == "forget" and at == "store":
        shutil.rmtree(base / "build", ignore_errors=True)
    elif kind == "forget":
        gone = base / str(at)
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink(missing_ok=True)


def _refresh(base: Path) -> dict[str, bytes]:
    store = Store(base / "build", "program", "owner")
    search.refresh(base / "site", store, "site", base / "search", jobs=2)
    store.close()
    return tree(base / "site/pagefind")


def _anew(base: Path) -> dict[str, bytes]:
    fresh = base / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(base / "site", fresh / "site", ignore=shutil.ignore_patterns("pagefind"))
    return _refresh(fresh)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.lists(edits, min_size=1, max_size=3), min_size=4, max_size=6))
def test_any_edits_leave_the_index_that_is_made_anew(sequence: list[list[tuple[str, ...]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(parts, "PART", 3000):
        base = Path(folder)
        for number in range(16):
            write_page(base / "site", f"pages/{number}", f"Weaving on loom number{number}")
        _refresh(base)
        for step in sequence:
            for edit in step:
                _apply(base, *edit)
            assert _refresh(base) == _anew(base)
        search.index(base / "fresh/site")
        assert contents(base / "site/pagefind") == contents(base / "fresh/site/pagefind")

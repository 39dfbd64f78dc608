"""Tests of the index of shows."""

from pathlib import Path

from conftest import write_files
from mlguide_site.hub.show_search import INDEX, index_of_shows, show_words
from mlguide_site.search.pagefind import finished, run_pagefind

PAGE = "<html lang='en'><body><main data-pagefind-body><h1>{}</h1><p>{}</p></main></body></html>"


def test_words_of_more_pages_are_repeated(tmp_path: Path) -> None:
    pages = [(f"{at}.html", PAGE.format("Looms", f"C++ &amp; wéaving, no {at}").encode()) for at in range(4)]
    write_files(tmp_path / "pagefind", finished(run_pagefind(pages)))
    words = show_words(tmp_path).split()
    assert [words.count(word) for word in ("looms", "wéaving", "c++", "0", "yarn")] == [3, 3, 3, 1, 0]


def test_each_show_has_an_id_and_markup_in_words_is_text() -> None:
    shows = [("alder", "loom <script>"), ("birch", "yarn"), ("cedar", "")]
    files, ids = index_of_shows(shows, "de")
    assert sorted(ids) == ["alder", "birch"], "browsers always search a show that has no words"
    assert len(set(ids.values())) == 2
    assert all(id.startswith("de_") for id in ids.values())
    assert f"{INDEX}/wasm.de.pagefind" in files
    assert not any(path.endswith((".js", ".pf_fragment")) for path in files)
    assert index_of_shows(shows, "de") == (files, ids)

"""The search index that is made in parts, against the one that is made at once."""

import importlib
import json
import os
import random
import shutil
from unittest import mock

import cbor2
import pytest

from mlguide_site import search
from mlguide_site.build.memo.store import Store
from mlguide_site.errors import ResourceError
from mlguide_site.search import form, join, parts
from unit.indexes import bounds, contents, tree, unpacked, write_page

WORDS = "loom warp weft weave weaver weaving cloth Café cafe naïve naive C++ C# 12 Über uber thread spindle".split()
LOOKED_UP = (
    '<p data-c="k8s" data-d="loom {at}" data-n="show" data-m="{at}" '
    'data-pagefind-filter="called[data-c], called[data-d], named[data-n], number[data-m]">x</p>'
)
SORTED = '<p data-pagefind-sort="day">2020</p>'
PICTURE = '<img src="loom.png" alt="A loom">'


@pytest.fixture
def site(tmp_path):
    chance = random.Random(1)
    for at in range(60):
        text = " ".join([*chance.choices(WORDS, k=chance.randint(3, 30)), f"only{at}"])
        more = LOOKED_UP.format(at=at) if at % 4 == 0 else PICTURE if at == 7 else ""
        write_page(tmp_path / "site", f"pages/{at}", text, kind="abc"[at % 3], more=more)
    return tmp_path / "site"


@pytest.fixture(autouse=True)
def in_parts(monkeypatch):
    monkeypatch.setattr(parts, "PART", 3000)


def refresh(site, jobs=1):
    store = Store(site.parent / "build", "program", "owner")
    try:
        return search.refresh(site, store, "site", site.parent / "search", jobs)
    finally:
        store.close()


def made_at_once(site):
    """The index of a site that one run makes."""
    other = site.parent / "once"
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(site, other, ignore=shutil.ignore_patterns("pagefind"))
    search.index(other)
    return other / "pagefind"


def made_anew(site):
    """The index of a site that is made in parts where nothing was made before."""
    other = site.parent / "anew" / "site"
    shutil.rmtree(other.parent, ignore_errors=True)
    # written in another order
    for path in sorted(site.rglob("*.html"), reverse=True):
        target = other / path.relative_to(site)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    refresh(other)
    return tree(other / "pagefind")


def runs(monkeypatch):
    """The names of the parts that are made from now on."""
    made = []
    real = parts.run
    monkeypatch.setattr(parts, "run", lambda pages, folder: (made.append(pages.name), real(pages, folder))[1])
    return made


def test_the_joined_index_holds_what_one_run_makes(site):
    assert refresh(site)
    assert len(os.listdir(site.parent / "search.parts")) == 8
    joined, whole = contents(site / "pagefind"), contents(made_at_once(site))
    assert joined == whole
    assert not [path for path in tree(site.parent / "search.parts") if "-ui" in path or "highlight" in path]
    assert {"café", "naïve"} <= {form for _, forms in joined["languages"]["en"]["words"].values() for form in forms}
    assert any("image" in str(used) for used, _ in joined["languages"]["en"]["words"].values())
    assert {path.split("/")[0] for path in tree(site / "pagefind")} == {
        *("fragment", "index", "filter", "names.json", "numbers.json", "pagefind.js", "pagefind-entry.json"),
        *(path for path in os.listdir(site / "pagefind") if path.endswith((".pf_meta", ".pagefind"))),
    }


def test_pages_are_numbered_by_part_and_address_however_the_disk_lists_them(site):
    refresh(site)
    known = json.loads((site / "pagefind/pagefind-entry.json").read_bytes())["languages"]["en"]
    pages = cbor2.loads(unpacked(site / f"pagefind/pagefind.{known['hash']}.pf_meta"))[1]
    shown = [json.loads(unpacked(site / f"pagefind/fragment/{name}.pf_fragment"))["url"] for name, _ in pages]
    assert shown == sorted(shown, key=lambda url: (parts.place_of(f"{url[1:]}index.html", 8).partition("/")[0], url))


def test_chunks_are_cut_where_one_run_cuts_them(site):
    chance = random.Random(2)
    signs = "abcdefghij"
    known = ["".join(chance.choices(signs, k=chance.randint(1, 6))) for _ in range(3000)]
    for at in range(60):
        write_page(site, f"pages/{at}", " ".join(chance.choices(known, k=1500)))
    refresh(site)
    assert contents(site / "pagefind") == contents(made_at_once(site))
    cut = bounds(site / "pagefind")
    assert len(cut) > 3
    assert cut == bounds(site.parent / "once/pagefind")


def test_other_spellings_weigh_as_much_as_the_word(site):
    """Pagefind 1.5 leaves them aside where it cuts chunks, which then grow with the accents of a language; later ones
    count them."""
    chance = random.Random(3)
    known = ["".join(chance.choices("abcdeéèêëö", k=chance.randint(1, 4))) for _ in range(2000)]
    for at in range(60):
        write_page(site, f"pages/{at}", " ".join(chance.choices(known, k=1000)))
    refresh(site)
    assert contents(site / "pagefind") == contents(made_at_once(site))
    chunks = {}
    for path in (site / "pagefind/index").iterdir():
        (words,) = cbor2.loads(unpacked(path))
        chunks[words[0][0]] = [
            sum(
                (at > 0) + sum(1 + len(text) + len(fields) for _, text, fields in pages)
                for at, pages in enumerate((uses, *(used for _, used in forms)))
            )
            for _, uses, forms in words
        ]
    *cut, last = (chunks[first] for first in sorted(chunks))
    assert len(cut) > 2
    assert all(sum(weights[:-1]) < join.CHUNK <= sum(weights) for weights in cut)
    assert sum(last[:-1]) < join.CHUNK


def test_pages_of_several_languages_are_joined_by_language(site):
    for at, lang in enumerate(("de", "et", "et", "de", "de")):
        write_page(site, f"more/{at}", f"Worte sanoja number{at}", lang=lang, kind="d")
    write_page(site, "more/alone", "Des mots", lang="fr")
    refresh(site)
    joined = contents(site / "pagefind")
    assert set(joined["languages"]) == {"en", "de", "et", "fr"}
    assert joined == contents(made_at_once(site))


def test_neither_order_nor_jobs_nor_what_was_made_before_change_a_byte(site):
    refresh(site, jobs=3)
    assert tree(site / "pagefind") == made_anew(site)


def test_only_the_part_of_an_edited_page_is_made_anew(site, monkeypatch):
    refresh(site)
    made = runs(monkeypatch)
    joined = mock.Mock(side_effect=parts.join)
    monkeypatch.setattr(parts, "join", joined)
    write_page(site, "pages/9", "Words of another kind")
    assert refresh(site)
    assert made == [parts.place_of("pages/9/index.html", 8).partition("/")[0]]
    assert joined.call_args.args[2] == {site.parent / "search.parts" / made[0]}
    assert tree(site / "pagefind") == made_anew(site)
    assert not refresh(site)


def test_a_part_whose_pages_all_go_goes(site):
    refresh(site)
    assert len(os.listdir(site.parent / "search.parts")) == 8
    gone = [path for path in site.rglob("index.html") if parts.place_of(path.relative_to(site).as_posix(), 8)[0] == "3"]
    for path in gone:
        path.unlink()
    refresh(site)
    assert sorted(os.listdir(site.parent / "search.parts")) == list("0124567")
    assert not [path for path in tree(site.parent / "search") if path.startswith("3/")]
    assert tree(site / "pagefind") == made_anew(site)
    assert len(contents(site / "pagefind")["languages"]["en"]["pages"]) == 60 - len(gone)


def test_an_index_whose_pages_are_framed_anew_stays(site, monkeypatch):
    refresh(site)
    before = {path: path.stat().st_mtime_ns for path in (site / "pagefind").rglob("*")}
    made = runs(monkeypatch)
    for path in site.rglob("index.html"):
        path.write_text(path.read_text("utf-8").replace("</article>", "</article><footer>New</footer>"), "utf-8")
    assert refresh(site)
    assert made == []
    assert {path: path.stat().st_mtime_ns for path in (site / "pagefind").rglob("*")} == before


def test_a_meta_field_that_comes_and_goes_changes_the_numbers_of_the_others(site, monkeypatch):
    (site / "pages/7/index.html").unlink()
    refresh(site)
    without = tree(site / "pagefind")
    made = runs(monkeypatch)
    write_page(site, "pages/9", "Words", more=PICTURE)
    refresh(site)
    assert len(made) == 1
    assert contents(site / "pagefind") == contents(made_at_once(site))
    assert tree(site / "pagefind") == made_anew(site)
    write_page(site, "pages/9", "Words")
    refresh(site)
    assert tree(site / "pagefind") == made_anew(site) != without


def test_a_site_grows_into_parts_and_out_of_them(site):
    for at in range(8, 60):
        shutil.rmtree(site / f"pages/{at}")
    refresh(site)
    assert tree(site / "pagefind") == made_anew(site)
    assert [path.name for path in (site.parent / "search.parts").iterdir()] == ["0"]
    for at in range(8, 100):
        write_page(site, f"pages/{at}", f"Page number{at} on looms and {WORDS[at % len(WORDS)]}")
    refresh(site)
    assert tree(site / "pagefind") == made_anew(site)
    assert contents(site / "pagefind") == contents(made_at_once(site))
    for at in range(8, 100):
        shutil.rmtree(site / f"pages/{at}")
    refresh(site)
    assert tree(site / "pagefind") == made_anew(site)
    assert [path.name for path in (site.parent / "search").iterdir()] == ["0"]


def test_an_index_is_written_over_only_by_one_of_its_kind(site, monkeypatch):
    """Chunks that hold the same are compressed by Pagefind in another way than where they are joined."""
    refreshing = importlib.import_module("mlguide_site.search.refresh")
    joined = mock.Mock(side_effect=refreshing.index_parts)
    once = mock.Mock(side_effect=refreshing.index)
    monkeypatch.setattr(refreshing, "index_parts", joined)
    monkeypatch.setattr(refreshing, "index", once)
    for at, more in enumerate(("", "", SORTED, SORTED, "")):
        write_page(site, "pages/9", f"Words of another kind {at}", more=more)
        refresh(site)
    assert [call.args[4] for call in joined.call_args_list] == [False, True, True, False, False]
    assert [call.kwargs["over"] for call in once.call_args_list] == [False, True]


@pytest.mark.parametrize("harm", ["word", "cut", "gone", "more", "foreign", "linked", "link", "file"])
def test_a_damaged_part_is_made_anew(site, monkeypatch, harm):
    refresh(site)
    whole = tree(site / "pagefind")
    folder = site.parent / "search.parts"
    elsewhere = site.parent / "elsewhere"
    elsewhere.mkdir()
    words = folder / "3/en.words"
    if harm == "word":
        words.write_bytes(words.read_bytes().replace(b"loom", b"lamp"))
    elif harm == "cut":
        chunk = next((folder / "3/index").iterdir())
        chunk.write_bytes(chunk.read_bytes()[:40])
    elif harm == "gone":
        shutil.rmtree(folder / "3")
    elif harm == "more":
        (folder / "3/fragment/other").write_bytes(b"x")
    elif harm == "foreign":
        (folder / "9").mkdir()
        (folder / "9/pagefind-entry.json").write_text("{}")
        words.unlink()
    elif harm == "linked":
        words.rename(elsewhere / "words")
        words.symlink_to(elsewhere / "words")
    elif harm == "link":
        (folder / "3").rename(elsewhere / "3")
        (folder / "3").symlink_to(elsewhere / "3", target_is_directory=True)
    elif harm == "file":
        shutil.rmtree(folder / "3")
        (folder / "3").write_text("x")
    kept = tree(elsewhere)
    os.utime(site / "pages/9/index.html", (1, 1))
    made = runs(monkeypatch)
    assert refresh(site)
    assert made == ["3"]
    assert tree(site / "pagefind") == whole
    assert tree(elsewhere) == kept
    assert sorted(os.listdir(folder)) == list("01234567")
    assert not any(path.is_symlink() for path in folder.rglob("*"))


def test_an_index_that_somebody_touched_is_joined_anew(site, monkeypatch):
    refresh(site)
    whole = tree(site / "pagefind")
    elsewhere = site.parent / "elsewhere"
    elsewhere.write_bytes(b"kept")
    shown = next((site / "pagefind/fragment").iterdir())
    shown.write_bytes(b"other")
    (site / "pagefind/pagefind.js").unlink()
    (site / "pagefind/pagefind.js").symlink_to(elsewhere)
    made = runs(monkeypatch)
    assert refresh(site)
    assert made == []
    assert tree(site / "pagefind") == whole
    assert elsewhere.read_bytes() == b"kept"


@pytest.mark.parametrize("name", ["search.parts", "site/pagefind"])
def test_links_are_refused(site, name):
    elsewhere = site.parent / "elsewhere"
    elsewhere.mkdir()
    (site.parent / name).symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(ResourceError, match="symbolic link"):
        refresh(site)
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("stop", ["run", "make_ready", "join", "settle"])
def test_what_a_stopped_build_left_is_completed_by_the_next(site, monkeypatch, stop):
    refresh(site)
    write_page(site, "pages/9", "Words of another kind")
    write_page(site, "pages/10", "Words of a third kind")

    class Stop(BaseException):
        pass

    real = getattr(parts, stop)

    def stopped(*given):
        real(*given)
        raise Stop

    with monkeypatch.context() as patched:
        patched.setattr(parts, stop, stopped)
        with pytest.raises(Stop):
            refresh(site)
    assert refresh(site)
    assert tree(site / "pagefind") == made_anew(site)


def test_what_cant_be_joined_is_made_at_once(site):
    write_page(site, "pages/9", "Sorted", more=SORTED)
    assert refresh(site)
    assert tree(site / "pagefind") == tree(made_at_once(site))
    assert not refresh(site)


def test_a_part_without_words_is_no_obstacle(site):
    name = parts.place_of("pages/9/index.html", 8).partition("/")[0]
    for path in site.rglob("index.html"):
        if parts.place_of(path.relative_to(site).as_posix(), 8).startswith(f"{name}/"):
            path.write_text(
                "<html lang='en'><head><title>T</title></head><body><p data-pagefind-body></p></body></html>"
            )
    assert refresh(site)
    assert contents(site / "pagefind") == contents(made_at_once(site))


def test_pages_whose_names_begin_alike_are_told_apart(site, monkeypatch):
    monkeypatch.setattr(join, "NAME", 1)
    refresh(site)
    held = contents(site / "pagefind")["languages"]["en"]["pages"]
    assert len(held) == 60
    assert all(name == "en_" + form.program_digest(page) for name, (_, page) in held.items() if len(name) > 10)
    assert sum(len(name) > 10 for name in held) > 40
    whole = contents(made_at_once(site))["languages"]["en"]["pages"]
    assert sorted(page for _, page in held.values()) == sorted(page for _, page in whole.values())


def test_chunks_whose_names_begin_alike_are_told_apart_and_not_taken_for_earlier_ones(site, monkeypatch):
    monkeypatch.setattr(join, "NAME", 1)
    monkeypatch.setattr(join, "CHUNK", 50)
    refresh(site)
    assert len(bounds(site / "pagefind")) > 16
    for number in range(3):
        write_page(site, "pages/9", f"Words of another kind {number}")
        refresh(site)
        held, whole = contents(site / "pagefind"), contents(made_at_once(site))
        assert held["languages"]["en"]["order"] == whole["languages"]["en"]["order"]
        assert tree(site / "pagefind") == made_anew(site)


def test_a_name_that_another_page_had_is_not_trusted_in_a_part_that_is_fresh(site):
    refresh(site)
    folders = sorted((site.parent / "search.parts").iterdir())
    whole = tree(site / "pagefind")
    shown = next((folders[3] / "fragment").iterdir()).name
    taken = site / "pagefind/fragment" / shown
    taken.write_bytes(b"of another page")
    join.join(folders, site / "pagefind")
    assert taken.read_bytes() == b"of another page"
    join.join(folders, site / "pagefind", {folders[3]})
    assert taken.read_bytes() == whole[f"fragment/{shown}"]


def test_the_resident_index_is_made_in_parts_too(site, monkeypatch):
    searcher = search.Searcher(site, site.parent / "search")
    searcher.index()
    assert tree(site / "pagefind") == made_anew(site)
    made = runs(monkeypatch)
    write_page(site, "pages/9", "Words of another kind")
    searcher.index()
    assert len(made) == 1
    assert tree(site / "pagefind") == made_anew(site)


def test_another_form_is_refused(site):
    refresh(site)
    part = site.parent / "search.parts/3"
    known = json.loads((part / "pagefind-entry.json").read_bytes())["languages"]["en"]
    path = part / f"pagefind.{known['hash']}.pf_meta"
    path.write_bytes(form.encoded([*cbor2.loads(unpacked(path)), "more"]))
    with pytest.raises(ResourceError, match="another form"):
        parts.make_ready(part)


def test_lists_are_written_as_cbor_has_them():
    numbers = [0, 23, 24, 255, 256, 65_536, -1, -25, -300]
    assert form.head(len(numbers)) + b"".join(map(form.number, numbers)) == cbor2.dumps(numbers)
    assert form.head(70_000) == cbor2.dumps([0] * 70_000)[:5]

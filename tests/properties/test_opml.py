"""Property tests of outlines: exported resources are imported unchanged, and any file is read or refused."""

import tempfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.content.site_settings import Origin
from mlguide_site.content.yaml_edit import dump_mapping
from mlguide_site.importers import Context, EntryDraft, Importer, Source, opml
from mlguide_site.merge.run import run_import
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Resource
from mlguide_site.publish.exports import EXPORTS

WORDS = st.sampled_from(
    [
        *"Wood plane #format:book #hide #pick #mla:3 #x:y #price:$ https://a.example/b [x](https://c.example)".split(),
        *"<b>bold</b> &amp; 'quoted' \"double\" - é 木 \U0001f4da #1 C# (a) ] http://".split(),
        "<a href='https://d.example'>e</a>",
    ]
)


def is_sound(text: str) -> bool:
    return bool(text) and text.isprintable()


LINE = st.one_of(
    st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    st.text(min_size=1, max_size=8).map(str.strip).filter(is_sound),
)
URLS = st.sampled_from(
    ["https://a.example/b", "https://a.example/?q=1&r=2", "http://c.example/url?q=https://d.example/"]
)
PRICES = st.sampled_from(["free", "$", "$$", "$$$"])
LINKS = st.one_of(URLS, st.fixed_dictionaries({"url": URLS}, optional={"title": LINE, "price": PRICES}))
FORMATS = st.sampled_from(["book", "course", "video", "other"])
FIELDS = st.fixed_dictionaries(
    {"title": LINE},
    optional={
        "urls": st.lists(LINKS, max_size=3),
        "authors": st.lists(LINE, max_size=2),
        "aliases": st.lists(LINE, max_size=2),
        "format": st.one_of(FORMATS, st.lists(FORMATS, min_size=1, max_size=2)),
        "importance": st.sampled_from(["essential", "valuable", "supplementary"]),
        "difficulty": st.sampled_from(["easy", "medium", "hard"]),
        "engagement": st.sampled_from(["passive", "active"]),
        "price": PRICES,
        "topics": st.lists(st.sampled_from(["wood", "a-b"]), max_size=2),
        "episodes": st.lists(st.sampled_from(["mla-003", "mla-1234", "a-s2-003", "b-trailer", "3d-001"]), max_size=3),
        "summary": LINE,
        "pick": st.sampled_from(["ordered", "all", "any", "one", "none"]),
        "hide": st.booleans(),
        "match": st.just([{"case": True, "near": ["wood: work"]}]),
    },
)
TREES = st.lists(st.tuples(FIELDS, st.integers(-1, 5)), min_size=1, max_size=7)


def catalog_of(tree: list[tuple[dict[str, object], int]]) -> Catalog:
    """Return a catalog of resources. Each resource is a child of the one with the given number, if that precedes it."""
    nodes: list[dict[str, object]] = []
    top: dict[str, object] = {}
    for number, (fields, parent) in enumerate(tree):
        node = dict(fields)
        nodes.append(node)
        place = top if parent < 0 or parent >= number else nodes[parent].setdefault("children", {})
        place[f"r{(number * 7) % 10}-{number}"] = node  # type: ignore[index]
    loaded = load({"knowledge/resources.yml": dump_mapping(top).encode()})
    assert loaded.problems == ()
    return loaded.catalog


def reimported(data: bytes, folder: Path) -> Catalog:
    (folder / "kb").mkdir()
    (folder / "shelf.opml").write_bytes(data)
    run_import(folder / "kb", [str(folder / "shelf.opml")])
    again = run_import(folder / "kb", [str(folder / "shelf.opml")])
    assert [write.path for write in again.writes] == []
    return load(read_root(folder / "kb").texts).catalog


def records(catalog: Catalog) -> dict[str, Resource]:
    return dict(catalog.resources)


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_an_export_comes_back_whole(tree: list[tuple[dict[str, object], int]]) -> None:
    catalog = catalog_of(tree)
    data = EXPORTS["opml"](catalog, Origin("Site"))
    with tempfile.TemporaryDirectory() as folder:
        back = reimported(data, Path(folder))
    assert records(back) == records(catalog)
    assert EXPORTS["opml"](back, Origin("Site")) == data


@pytest.mark.parametrize("name", sorted(set(EXPORTS) - {"anki"}))
def test_the_bundled_resources_are_exported(name: str, checkout: Path, tmp_path: Path) -> None:
    catalog = load(read_root(checkout).texts).catalog
    data = EXPORTS[name](catalog, Origin("Site"))
    assert data == EXPORTS[name](catalog, Origin("Site"))
    assert all(
        resource.summary in data.decode() for resource in catalog.resources.values() if '"' not in resource.summary
    )
    if name == "opml":
        back = reimported(data, tmp_path)
        assert records(back) == records(catalog)
        assert EXPORTS["opml"](back, Origin("Site")) == data


NODES: st.SearchStrategy[str] = st.deferred(
    lambda: st.tuples(LINE, LINE, st.lists(NODES, max_size=3)).map(
        lambda node: (
            f"<outline text={quoteattr(opml_text(node[0]))} _note={quoteattr(opml_text(node[1]))}>"
            f"{''.join(node[2])}</outline>"
        )
    )
)


def opml_text(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and c != "\ufffe")


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        NODES.map(lambda node: f'<opml version="2.0"><body>{node}</body></opml>'.encode()), st.binary(max_size=60)
    )
)
def test_an_outline_is_read_without_losing_a_word(data: bytes) -> None:
    items = list(Importer("opml", opml.sniff, opml.read).items(Source("x.opml", data), Context()))
    drafts = [item for item in items if isinstance(item, EntryDraft)]
    assert drafts or items
    for draft in drafts:
        if draft.kind == "resource":
            Resource.model_validate(
                {"title": "x", **{k: v for k, v in draft.fields.items() if k in {"urls", "format"}}}
            )
    shown = " ".join(str(value) for draft in drafts for value in draft.fields.values())
    for word in ("Wood", "bold", "木", "plane"):
        assert drafts == [] or (word in data.decode("utf-8", "replace")) <= (word in shown)

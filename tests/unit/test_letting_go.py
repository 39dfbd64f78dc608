"""What a build has made its pages from is free after it, without a search for garbage: a preview builds ever again,
and what it knows is set apart from that search."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlguide_site import pipeline
from mlguide_site.build import making, standing
from mlguide_site.build.standing import Standing
from mlguide_site.config import Settings
from mlguide_site.errors import ContentError
from mlguide_site.pipeline import generate

SETTINGS = Settings("Show", site_url="https://a.example/")
NOTE = "---\nid: a-001\ntitle: One\nsummary: In short.\n---\n\nA Loom.\n\nText.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in {
        "knowledge/series.yml": "a: {title: A Show, prefix: A}\n",
        "knowledge/tools.yml": "loom: {name: Loom}\n",
        "episodes/a/a-001.md": NOTE,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[weakref.ref[object]]]:
    """The sites that are made meanwhile, while nobody looks for garbage."""
    seen: list[weakref.ref[object]] = []

    def made(*arguments: object) -> object:
        site = real(*arguments)
        seen.append(weakref.ref(site))
        return site

    real = making.Site
    monkeypatch.setattr(making, "Site", made)
    monkeypatch.setattr(standing, "Site", made)
    gc.disable()
    yield seen
    gc.enable()
    gc.unfreeze()


def alive(sites: list[weakref.ref[object]]) -> int:
    return sum(site() is not None for site in sites)


def test_after_a_build(root: Path, sites: list[weakref.ref[object]]) -> None:
    generate(root, SETTINGS)
    assert (len(sites), alive(sites)) == (1, 0)


def test_after_a_build_that_failed(
    root: Path, sites: list[weakref.ref[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ContentError([])

    monkeypatch.setattr(making._Maker, "rows", fails)
    with pytest.raises(ContentError):
        generate(root, SETTINGS)
    assert (len(sites), alive(sites)) == (1, 0)


def test_after_what_stood_in_memory(root: Path, sites: list[weakref.ref[object]]) -> None:
    made = generate(root, SETTINGS, keeps=True)
    assert made.kept is not None
    stands = Standing(root, root / "build/pages", made.kept)
    note = root / "episodes/a/a-001.md"
    note.write_text(NOTE.replace("Text.", "Another text."), "utf-8")
    assert stands.edit([str(note)]) == ["episodes/a/a-001.md"]
    assert alive(sites) == 1
    stands.close()
    del stands
    assert alive(sites) == 0


def test_what_earlier_builds_of_a_preview_knew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[weakref.ref[object]] = []

    def memory(*arguments: object, **more: object) -> object:
        made = real(*arguments, **more)
        known.append(weakref.ref(made))
        return made

    real = pipeline.NoteMemory
    monkeypatch.setattr(pipeline, "NoteMemory", memory)
    made = None
    for number in range(pipeline.BUILDS_BETWEEN + 3):
        (root / "episodes/a/a-001.md").write_text(NOTE.replace("Text.", f"Said {number} times."), "utf-8")
        made = generate(root, SETTINGS, keeps=True)
    assert made is not None and made.kept is not None
    assert 0 < alive(known) <= 3

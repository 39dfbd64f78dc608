"""Notes as they are kept, and as they come back."""

import os
import time
from functools import partial

import pytest

from mkdocs_incremental.signatures import TICK
from mlguide_site.build.memo.memory import NoteMemory
from mlguide_site.build.memo.store import Store
from mlguide_site.config import Settings
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.errors import ResourceError
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.scan import listed, scan
from mlguide_site.markdown.parse import parse
from mlguide_site.model import EpisodeFile
from mlguide_site.pipeline import generate

NOTE = """---
id: a-001
title: First
date: 2024-05-06 10:00:00
duration: "01:02:03"
topics: [t]
people: [{person: p, role: host}]
audio: {url: https://a.example/1.mp3, bytes: 12}
soundbites: [{start: 0:10, duration: 0:20, title: Here}]
x-own: {deep: [1, two, null]}
---

Loom and *Loom* in <b>one</b> line, see [a note](a-002.md#x), A 2 and A 77. <script>x</script>

## Loom again

- Weaving `code`, [x](javascript:y)
- ![picture](p.png)

| Loom | b |
| --- | --- |
| **Loom** | https://b.example/x |
"""
FILES = {
    "mkdocs.yml": "site_name: S\n",
    "knowledge/series.yml": 'a: {title: A Show, prefix: A, references: ["A"]}\n',
    "knowledge/tools.yml": "loom: {name: Loom}\n",
    "knowledge/topics.yml": "t: {name: Weaving}\n",
    "knowledge/people.yml": "p: {name: P Q}\n",
    "episodes/a/a-001.md": NOTE,
    "episodes/a/p.png": "picture",
    "episodes/a/a-002.md": "---\nid: a-002\ntitle: Second\n---\n\nText.\n",
}
FIELDS = ("path", "series", "number", "meta", "body", "body_line", "extra")


@pytest.fixture
def root(tmp_path):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
        os.utime(tmp_path / path, ns=(10**18 + 7, 10**18 + 7))
    # what was written just now is known by its bytes alone
    time.sleep(1.5 * TICK / 1_000_000_000)
    return tmp_path


def take(root, store, names=None):
    memory = NoteMemory(store)
    files = read_root(root, memory.is_known)
    kept = memory.kept(files.kept, files.texts)
    loaded = load(files.texts, files.assets, kept=kept, adopt=partial(memory.adopt, data=files.texts))
    episodes = loaded.catalog.episodes
    tables = names or NameTable.of(loaded.catalog), ReferenceTable.of(loaded.catalog)
    documents, scans = memory.read(list(episodes.values()), *tables, jobs=1)
    return memory, files, episodes, documents, scans, tables


def held(root):
    return Store(root / "build", "program", "owner")


def test_what_comes_back_is_what_went_in(root):
    take_one = take(root, held(root))
    with_store = held(root)
    with_store.write(take_one[0].changes())
    with_store.close()
    _, files, episodes, documents, scans, tables = take(root, held(root))
    assert not [path for path in files.texts if path.startswith("episodes/")]
    plain = load(read_root(root).texts).catalog.episodes
    for id, file in plain.items():
        assert isinstance(file, EpisodeFile)
        assert [getattr(episodes[id], name) for name in FIELDS] == [getattr(file, name) for name in FIELDS]
        assert episodes[id].span("title") == file.span("title")
        parsed = parse(file.body, file.meta.title)
        for name in ("sections", "links", "findings", "blocks", "segments"):
            assert getattr(documents[id], name) == getattr(parsed, name)
            assert [type(item) for item in getattr(documents[id], name)] == [
                type(item) for item in getattr(parsed, name)
            ]
        assert [token.as_dict() for token in documents[id].tokens] == [token.as_dict() for token in parsed.tokens]
        found = scan(parsed, *tables, listed(file.meta))
        assert (tuple(scans[id].mentions), scans[id].quotes, scans[id].references) == (
            found.mentions,
            found.quotes,
            found.references,
        )
    assert any(scan.mentions for scan in scans.values())
    assert any(scan.references for scan in scans.values())


def kept(root):
    store = held(root)
    store.write(take(root, store)[0].changes())
    store.close()


def test_where_names_change_only_the_matcher_runs_again(root, monkeypatch):
    kept(root)
    (root / "knowledge/tools.yml").write_text("loom: {name: Loom, aliases: [Text]}\n")
    monkeypatch.setattr("mlguide_site.build.memo.memory.parse", None)
    _, _, _, _, scans, _ = take(root, held(root))
    assert [mention.slug for mention in scans["a-002"].mentions] == ["loom"]


def test_a_file_of_the_same_bytes_with_another_time_is_not_parsed(root, monkeypatch):
    kept(root)
    os.utime(root / "episodes/a/a-001.md", ns=(10**18, 10**18 + 10**9))
    monkeypatch.setattr("mlguide_site.build.memo.memory.parse", None)
    take(root, held(root))


def test_an_edit_within_one_tick_is_seen(root):
    path = root / "episodes/a/a-002.md"
    path.write_text(FILES["episodes/a/a-002.md"])
    # however long the steps take, all of them are before this
    later = time.time_ns() + 60_000_000_007
    os.utime(path, ns=(later, later))
    info = path.stat()
    kept(root)
    with path.open("r+b") as file:
        file.seek(-6, 2)
        file.write(b"Words.")
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    _, _, episodes, _, _, _ = take(root, held(root))
    assert episodes["a-002"].body.rstrip("\n") == "Words."


def test_other_bytes_of_the_same_size_and_time_are_seen(root):
    kept(root)
    path = root / "episodes/a/a-002.md"
    info = path.stat()
    with path.open("r+b") as file:
        file.seek(-6, 2)
        file.write(b"Words.")
    # as programs do that copy a file or unpack an archive over what stands there
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    assert path.stat().st_ino == info.st_ino
    _, _, episodes, _, _, _ = take(root, held(root))
    assert episodes["a-002"].body.rstrip("\n") == "Words."


def test_a_row_that_is_gone_meanwhile_is_told(root):
    kept(root)
    store = held(root)
    _, _, episodes, _, _, _ = take(root, store)
    store.write([("delete from note", [()])])
    with pytest.raises(ResourceError, match="build again"):
        assert episodes["a-001"].body


def test_rows_that_are_no_such_rows_are_left_aside(root, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    generate(root, Settings("S"))
    page = (root / "build/pages/episodes/a/a-001.md").read_bytes()
    from mlguide_site.pipeline import remembered

    with remembered(root) as store:
        assert not store.fresh
        store.write([("update note set outline = ?", [("[1]",)])])
    said = []
    (root / "episodes/a/a-002.md").write_text(FILES["episodes/a/a-002.md"] + "More.\n")
    generate(root, Settings("S"), say=said.append)
    assert len(said) == 1
    assert (root / "build/pages/episodes/a/a-001.md").read_bytes() == page
    assert b"More." in (root / "build/pages/episodes/a/a-002.md").read_bytes()

"""Tests of feeds from the network."""

from pathlib import Path

import pytest

from conftest import everything
from mlguide_site.errors import ResourceError
from mlguide_site.importers import Source
from mlguide_site.merge import sources
from mlguide_site.merge.run import run_import

URL = "https://wood.example/feed.xml"
FEED = """<rss version="2.0"><channel><title>Wood</title><item><title>Planes</title><guid>1</guid>
<pubDate>Mon, 01 Apr 2024 08:00:00 GMT</pubDate><description>{}</description></item></channel></rss>"""


class Server:
    """A server with one feed. It can be down."""

    def __init__(self) -> None:
        self.text = FEED.format("Of planes.")
        self.down = False

    def fetch(self, url: str) -> Source:
        if self.down:
            raise ResourceError(f"{url}: no such host; check the address")
        return Source(url, self.text.encode(), URL)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(sources, "fetch", made.fetch)
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: KB\n", "utf-8")
    return tmp_path


def test_a_conflict_is_told_until_somebody_settles_it(root: Path, server: Server) -> None:
    run_import(root, [URL])
    note = root / "episodes" / "wood" / "wood-planes.md"
    note.write_text(note.read_text("utf-8").replace("Of planes.", "Of my planes."), "utf-8")
    server.text = FEED.format("Of planes and irons.")
    assert len(run_import(root, [URL]).conflicts) == 1
    assert len(run_import(root, [URL]).conflicts) == 1


def test_a_dry_run_keeps_nothing(root: Path, server: Server) -> None:
    before = everything(root)
    run_import(root, [URL], dry_run=True)
    assert everything(root) == before


def test_a_server_that_is_down_leaves_all_as_it_was(root: Path, server: Server) -> None:
    run_import(root, [URL])
    before = everything(root)
    server.down = True
    with pytest.raises(ResourceError, match="no such host"):
        run_import(root, [URL])
    assert everything(root) == before


def test_a_password_is_kept_nowhere(root: Path, server: Server) -> None:
    run_import(root, [URL.replace("://", "://me:secret@")])
    assert not [path for path, data in everything(root).items() if b"secret" in data]

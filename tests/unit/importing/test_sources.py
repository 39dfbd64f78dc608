"""Feeds from the network: what a server tells of them is kept, and a feed that didn't change isn't sent again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlguide_site.errors import ContentError, ResourceError
from mlguide_site.importers.fetch import Fetched, Marks
from mlguide_site.merge import report_lines, report_values, run_import, sources

URL = "https://wood.example/feed.xml"
FEED = """<rss version="2.0"><channel><title>Wood</title><item><title>Planes</title><guid>1</guid>
<pubDate>Mon, 01 Apr 2024 08:00:00 GMT</pubDate><description>{}</description></item></channel></rss>"""


class Server:
    """What stands at an address, and what was asked of it."""

    def __init__(self) -> None:
        self.text, self.etag = FEED.format("Of planes."), '"1"'
        self.asked: list[Marks | None] = []
        self.down = False

    def fetch(self, url: str, *, known: Marks | None = None) -> Fetched:
        self.asked.append(known)
        if self.down:
            raise ResourceError(f"{url}: no such host; check the address")
        marks = Marks(URL, self.etag, "") if self.etag else Marks()
        if known and known.etag == self.etag:
            return Fetched(None, URL, known)
        return Fetched(self.text.encode(), URL, marks)


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


def everything(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file() and path.name != "lock"}


def test_a_feed_that_did_not_change_is_not_sent_again(root: Path, server: Server) -> None:
    assert run_import(root, [URL]).new == ("wood-planes",)
    assert json.loads((root / sources.PATH).read_text())[URL]["etag"] == '"1"'
    before = everything(root)
    report = run_import(root, [URL])
    assert server.asked == [None, Marks(URL, '"1"', "")]
    assert report.unmodified == (URL,) and report.writes == () and everything(root) == before
    assert report_lines(report) == [f"{URL}: as it was at its last import", "nothing changed (0 episodes)"]
    assert report_values(report)["unmodified"] == [URL]


def test_a_feed_that_changed_is_merged(root: Path, server: Server) -> None:
    run_import(root, [URL])
    server.text, server.etag = FEED.format("Of planes and irons."), '"2"'
    assert run_import(root, [URL]).changed == ("wood-planes",)
    assert json.loads((root / sources.PATH).read_text())[URL]["etag"] == '"2"'


def edit_series(root: Path) -> None:
    path = root / "knowledge" / "series.yml"
    path.write_text(path.read_text("utf-8") + "  promotion: ['Of planes.']\n", "utf-8")


def remove_note(root: Path) -> None:
    (root / "episodes" / "wood" / "wood-planes.md").unlink()


def remove_record(root: Path) -> None:
    remove_note(root)
    (root / ".mlguide" / "imported" / "wood-planes.json").unlink()


@pytest.mark.parametrize("change", [edit_series, remove_note, remove_record])
def test_where_a_person_changed_what_it_depends_on_it_is_fetched_whole(
    root: Path, server: Server, change: Callable[[Path], None]
) -> None:
    run_import(root, [URL])
    change(root)
    run_import(root, [URL])
    assert server.asked == [None, None]


def test_other_options_fetch_it_whole(root: Path, server: Server) -> None:
    run_import(root, [URL])
    run_import(root, [URL], series="other")
    assert server.asked == [None, None]


def test_a_conflict_is_told_until_somebody_settles_it(root: Path, server: Server) -> None:
    run_import(root, [URL])
    note = root / "episodes" / "wood" / "wood-planes.md"
    note.write_text(note.read_text("utf-8").replace("Of planes.", "Of my planes."), "utf-8")
    server.text, server.etag = FEED.format("Of planes and irons."), '"2"'
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


def test_a_server_that_tells_no_marks_any_more_is_forgotten(root: Path, server: Server) -> None:
    run_import(root, [URL])
    server.etag, server.text = "", FEED.format("Of planes, again.")
    run_import(root, [URL])
    assert json.loads((root / sources.PATH).read_text()) == {}


def test_one_source_may_be_new_and_another_unchanged(root: Path, server: Server, tmp_path: Path) -> None:
    run_import(root, [URL])
    other = tmp_path / "other.xml"
    other.write_text(
        FEED.format("Of rasps.").replace("Wood", "Metal").replace(">1<", ">m1<").replace("Planes", "Rasps"), "utf-8"
    )
    report = run_import(root, [URL, str(other)])
    assert report.unmodified == (URL,) and report.new == ("metal-rasps",)


def test_a_password_is_kept_nowhere(root: Path, server: Server) -> None:
    run_import(root, [URL.replace("://", "://me:secret@")])
    assert not [path for path, data in everything(root).items() if b"secret" in data]


@pytest.mark.parametrize("text", ["", "[]", '{"a": {}}', "not json", '{"a": 1}'])
def test_a_broken_record_is_a_problem(root: Path, server: Server, text: str) -> None:
    run_import(root, [URL])
    (root / sources.PATH).write_text(text, "utf-8")
    with pytest.raises(ContentError, match="not a record of feeds"):
        run_import(root, [URL])

"""Tests of `mlguide import --fetch`, which fetches the transcripts, chapters and covers that a feed names."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import everything
from faults.scenes import run
from merge.web_server import WebServer, feed
from mlguide_site.content import root as root_module
from mlguide_site.editing import fetch_files as fetching
from mlguide_site.editing.fetch_files import import_and_fetch
from mlguide_site.errors import Problem
from mlguide_site.importers import Source
from mlguide_site.merge import sources
from mlguide_site.merge.fetch import fetch
from mlguide_site.pipeline import examine, inspect

VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nFlat shavings.\n"
CHAPTERS = json.dumps({"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Start"}]}).encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
KINDS = ("transcripts", "chapters", "covers")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, loopback: None) -> Iterator[WebServer]:
    """Return a server for the host `wood.example`, whose addresses begin with https or http."""
    server = WebServer()

    def local(url: str, **options: object) -> Source:
        assert url.startswith("https://") and options.pop("schemes") == ["https"]
        address = url.replace("https://wood.example", server.base)
        return fetch(address, **options)

    monkeypatch.setattr(sources, "follow", lambda *_, **__: ([], ""))
    monkeypatch.setattr(fetching, "fetch", local)
    yield server
    server.stop()


@pytest.fixture
def root(tmp_path: Path, web: WebServer) -> Path:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: KB\ndocs_dir: build/pages\n", "utf-8")
    html = '<podcast:transcript url="https://wood.example/1.html" type="text/html"/>'
    srt = '<podcast:transcript url="https://wood.example/1.srt" type="application/srt"/>'
    vtt = '<podcast:transcript url="https://wood.example/1.vtt" type="text/vtt"/>'
    chapters = '<podcast:chapters url="http://wood.example/2.json" type="application/json+chapters"/>'
    head = "<image><url>https://wood.example/cover?size=9</url></image>"
    web.files["/feed.xml"] = feed("Wood", [f"1 Planes {html}{srt}{vtt}", f"2 Rasps {chapters}"], head)
    web.files |= {"/1.vtt": VTT, "/2.json": CHAPTERS, "/cover?size=9": PNG}
    return tmp_path


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob("episodes/wood/*") if path.suffix != ".md")


def warnings(root: Path, web: WebServer) -> list[str]:
    return [str(one) for one in import_and_fetch(root, [f"{web.base}/feed.xml"], fetches=KINDS).problems]


def test_files_are_fetched_once(root: Path, web: WebServer, capsys) -> None:
    arguments = ("-C", root, "import", f"{web.base}/feed.xml", "--fetch", "transcripts, chapters,covers")
    assert run(*arguments) == 0
    assert files(root) == ["cover.png", "wood-001.vtt", "wood-002.chapters.json"]
    assert b"Flat shavings." in (root / "episodes/wood/wood-001.vtt").read_bytes()
    catalog = examine(root).linked.catalog
    assert catalog.chapters["wood-002"] and catalog.series["wood"].cover == "cover.png"
    assert not [one for one in inspect(root) if one.path.startswith(("episodes/", "knowledge/series.yml"))]
    before = everything(root)
    web.requests.clear()
    assert run(*arguments) == 0
    assert everything(root) == before and web.requests == ["/feed.xml"]
    output, errors = capsys.readouterr()
    assert "files in episode folders: 3: episodes/wood/cover.png, episodes/wood/wood-001.vtt, " in output
    assert "nothing changed (2 episodes)" in output and "warning" not in errors


def test_only_the_chosen_kinds_are_fetched(root: Path, web: WebServer) -> None:
    import_and_fetch(root, [f"{web.base}/feed.xml"])
    assert files(root) == []
    report = import_and_fetch(root, [f"{web.base}/feed.xml"], fetches=["chapters"])
    assert files(root) == ["wood-002.chapters.json"]
    assert report.assets == ("episodes/wood/wood-002.chapters.json",)
    import_and_fetch(root, [f"{web.base}/feed.xml"], fetches=KINDS, dry_run=True)
    assert files(root) == ["wood-002.chapters.json"]


def test_a_failed_download_is_a_warning_and_is_tried_again(root: Path, web: WebServer) -> None:
    found = web.files.pop("/1.vtt")
    [warning] = warnings(root, web)
    assert warning.startswith("episodes/wood/wood-001.md:1:1: http")
    assert (
        "/1.vtt: the server responds with 404; check the address; the next import with --fetch tries again" in warning
    )
    assert files(root) == ["cover.png", "wood-002.chapters.json"]
    web.files["/1.vtt"] = found
    assert warnings(root, web) == []
    assert "wood-001.vtt" in files(root)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/1.vtt", b"<!doctype html><p>Sign in"),
        ("/1.vtt", CHAPTERS),
        ("/1.vtt", b"\xff\x00"),
        ("/2.json", VTT),
        ("/2.json", b'{"chapters": 1}'),
        ("/2.json", b"[" * 100_000),
        ("/cover?size=9", b"<svg onload='alert(1)'/>"),
        ("/cover?size=9", b"%PDF-1.7"),
        ("/cover?size=9", b""),
    ],
)
def test_other_content_is_a_warning_and_not_written(root: Path, web: WebServer, path: str, data: bytes) -> None:
    web.files[path] = data
    [warning] = warnings(root, web)
    assert f"https://wood.example{path}: the file is not " in warning
    assert len(files(root)) == 2


def test_files_to_download_are_a_hint(root: Path, web: WebServer) -> None:
    import_and_fetch(root, [f"{web.base}/feed.xml"])
    start = (
        "knowledge/series.yml:1:1: hint: the transcripts of 1 episode and the chapters of 1 episode are not downloaded"
    )
    assert f"{start}; run mlguide import --all --fetch transcripts,chapters" in map(str, inspect(root))
    warnings(root, web)
    (root / "episodes/wood/wood-001.vtt").unlink()
    assert not [one for one in inspect(root) if "downloaded" in one.message]


def test_edited_and_deleted_files_stay_as_they_are(root: Path, web: WebServer) -> None:
    import_and_fetch(root, [f"{web.base}/feed.xml"])
    (root / "episodes/wood/wood-001.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nMine.\n", "utf-8")
    assert warnings(root, web) == []
    assert files(root) == ["cover.png", "wood-001.srt", "wood-002.chapters.json"]
    (root / "episodes/wood/wood-002.chapters.json").write_bytes(CHAPTERS.replace(b"Start", b"Mine"))
    (root / "episodes/wood/cover.png").unlink()
    before = everything(root)
    assert warnings(root, web) == [] and everything(root) == before


def test_an_interrupted_import_is_continued(root: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "GROUP_SIZE", 1)
    written, write = [], fetching._write

    def interrupted(root: Path, files: dict[str, bytes]) -> tuple[list[str], list[Problem]]:
        if written:
            raise KeyboardInterrupt
        written.extend(write(root, files)[0])
        return written, []

    monkeypatch.setattr(fetching, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_and_fetch(root, [f"{web.base}/feed.xml"], fetches=KINDS)
    assert files(root) == ["wood-001.vtt"]
    monkeypatch.setattr(fetching, "_write", write)
    web.requests.clear()
    assert warnings(root, web) == []
    assert len(files(root)) == 3 and "/1.vtt" not in web.requests


def test_private_addresses_are_refused(root: Path, web: WebServer) -> None:
    web.files["/feed.xml"] = web.files["/feed.xml"].replace(b"https://wood.example/1.vtt", b"http://10.0.0.1/1.vtt")
    [warning] = warnings(root, web)
    assert "https://10.0.0.1/1.vtt: the host is on a private network and is not contacted" in warning


def test_many_failures_are_counted_and_a_slow_host_is_given_up(root: Path, web: WebServer, monkeypatch) -> None:
    transcript = '<podcast:transcript url="https://lost.example/{}.vtt" type="text/vtt"/>'
    items = [f"{number} Planes {transcript.format(number)}" for number in range(1, 9)]
    web.files["/feed.xml"] = feed("Wood", items)
    monkeypatch.setattr(fetching, "MAX_LOST_SECONDS", -1)
    found = warnings(root, web)
    assert len(found) == 6 and found[-1].startswith("episodes/wood/wood-006.md:1:1: 3 other files can't be fetched; ")
    assert "https://lost.example/1.vtt: not fetched, because earlier requests to the host failed" in found[0]


def many_files(web: WebServer, address: str) -> None:
    """Make the feed name a transcript at `address` for eight episodes; the address may contain their number."""
    transcript = f'<podcast:transcript url="https://wood.example/{address}.vtt" type="text/vtt"/>'
    web.files["/feed.xml"] = feed("Wood", [f"{number} Planes {transcript.format(number)}" for number in range(1, 9)])
    web.files |= {f"/{address.format(number)}.vtt": VTT for number in range(1, 9)}


def test_an_address_is_fetched_once_for_all_its_episodes(root: Path, web: WebServer) -> None:
    many_files(web, "all")
    assert warnings(root, web) == []
    assert len(files(root)) == 8 and web.requests.count("/all.vtt") == 1


@pytest.mark.parametrize("address", ["all", "{}"])
def test_the_bytes_of_an_import_are_limited(root: Path, web: WebServer, monkeypatch, address: str) -> None:
    many_files(web, address)
    monkeypatch.setattr(fetching, "MAX_WORKERS", 1)
    monkeypatch.setattr(fetching, "MAX_WRITTEN", 300)
    [warning] = warnings(root, web)
    count = len(files(root))
    assert 0 < count < 8 and sum(path.stat().st_size for path in root.glob("episodes/wood/*.vtt")) <= 300
    assert warning == (
        f"episodes/wood/wood-{count + 1:03}.md:1:1: {8 - count} files not fetched: an import downloads for at most 15"
        " minutes, and at most 0 MiB; the next import with --fetch continues"
    )
    assert len([path for path in web.requests if path.endswith(".vtt")]) <= count + 1
    warnings(root, web)
    assert len(files(root)) == min(2 * count, 8)


def test_all_feeds_of_a_root_share_the_limits(root: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    many_files(web, "all")
    web.files["/glue.xml"] = web.files["/feed.xml"].replace(b"Wood", b"Glue")
    series = (f"{id}:\n  title: Title\n  feed: {web.base}/{name}.xml\n" for id, name in (("a", "feed"), ("b", "glue")))
    (root / "knowledge/series.yml").write_text("".join(series), "utf-8")
    monkeypatch.setattr(fetching, "MAX_WRITTEN", 600)
    assert run("-C", root, "import", "--all", "--fetch", "transcripts") == 0
    found = [path.stat().st_size for path in root.glob("episodes/*/*.vtt")]
    assert len([*root.glob("episodes/*/*.md")]) == 16 and len(found) > 8 and sum(found) <= 600


def test_files_that_exceed_a_limit_of_the_root_are_not_written(root: Path, web: WebServer, monkeypatch) -> None:
    monkeypatch.setattr(root_module, "MAX_TIMED", len(VTT + CHAPTERS) - 1)
    [warning] = warnings(root, web)
    assert warning.startswith("episodes:1:1: the knowledge base would have more than 0 MiB of transcripts")
    assert files(root) == [] and len([*root.glob("episodes/wood/*.md")]) == 2


def test_the_time_of_an_import_is_limited(root: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    many_files(web, "{}")
    monkeypatch.setattr(fetching, "MAX_SECONDS", -60)
    [warning] = warnings(root, web)
    assert "8 files not fetched: an import downloads for at most -1 minutes, and at most 256 MiB; " in warning
    assert files(root) == [] and web.requests == ["/feed.xml"]


def test_an_unknown_kind_is_wrong_usage(root: Path, web: WebServer, capsys) -> None:
    assert run("-C", root, "import", f"{web.base}/feed.xml", "--fetch", "transcripts,images") == 2
    says = '"images" can\'t be fetched; --fetch accepts transcripts, chapters, covers, separated by commas'
    assert says in capsys.readouterr().err


def test_the_transcript_in_the_language_of_the_episode_is_preferred() -> None:
    listed = [
        {"url": "https://a.example/1.html", "type": "text/html"},
        {"url": "https://a.example/1.de.vtt", "type": "text/vtt", "language": "de"},
        {"url": "https://a.example/1.json", "type": "application/json"},
        {"url": "https://a.example/1.srt", "type": "application/srt", "language": "en"},
    ]
    assert fetching._best_transcript({"language": "en", "transcripts": listed}) == "https://a.example/1.srt"
    assert fetching._best_transcript({"language": "de", "transcripts": listed}) == "https://a.example/1.de.vtt"
    assert fetching._best_transcript({"transcripts": listed[:1]}) == ""
    assert fetching._best_transcript({"transcripts": "none"}) == ""
    assert fetching._best_transcript({"language": "en-us", "transcripts": listed}) == "https://a.example/1.srt"
    listed = [{**listed[1], "language": "zh-CN"}, {**listed[3], "language": "zh-TW"}]
    assert fetching._best_transcript({"language": "zh-TW", "transcripts": listed}) == "https://a.example/1.srt"


def test_a_series_names_the_files_that_sync_fetches(root: Path, web: WebServer) -> None:
    import_and_fetch(root, [f"{web.base}/feed.xml"])
    path = root / "knowledge/series.yml"
    text = path.read_text("utf-8")
    assert "  feed: " in text and run("-C", root, "sync") == 0 and files(root) == []
    path.write_text(text.replace("  feed: ", "  fetch: [chapters, covers]\n  feed: "), "utf-8")
    assert run("-C", root, "sync") == 0
    assert files(root) == ["cover.png", "wood-002.chapters.json"]
    path.write_text(text.replace("  feed: ", "  fetch: [pictures]\n  feed: "), "utf-8")
    assert run("-C", root, "sync") == 1

"""Tests of whole hubs: a real scheduler with two worker processes, and a feed server that fails for one show."""

import importlib
import json
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import dask
import distributed
import psutil
import pytest

from browser import server
from conftest import write_files
from mkdocs_incremental.output import files_in
from mlguide_site.editing.scaffold import root_files
from mlguide_site.errors import ResourceError
from mlguide_site.hub.hub_file import add_shows, init_hub
from mlguide_site.hub.run import HubReport, connected, run_hub
from mlguide_site.hub.store import tree_digest
from mlguide_site.merge import fetch

ITEM = """<item><title>{title}</title><guid isPermaLink="false">{show}-{n}</guid><link>https://{show}.example/{n}</link>
<pubDate>Mon, {n:02} Mar 2025 06:00:00 GMT</pubDate><itunes:episode>{n}</itunes:episode>
<podcast:person role="guest">Ida Loom</podcast:person>
<description><![CDATA[<p>The guest explains why {tool} keeps a plan in order on a large site.</p>]]></description>
</item>"""
NOTE = """---
id: mill-001
title: A visit to the mill
date: 2025-04-01
---

## The office

The <b>plan</b> came from Weavedesk, a program that the mill has used for years. Its name there is 织布计划程序.
"""


def feed(show: str, title: str, tool: str) -> bytes:
    items = "".join(ITEM.format(title=f"Part {n}", show=show, n=n, tool=tool) for n in (1, 2))
    head = f"<title>{title}</title><link>https://{show}.example/</link><description>{title}.</description>"
    spaces = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{head}{items}</channel></rss>'.encode()


@pytest.fixture(scope="module")
def feeds():
    """A server whose feeds tests can replace. The address of a missing feed responds with 503."""
    found = {
        "/alder.xml": feed("alder", "Alder &amp; Ash", "Weavedesk"),
        "/birch.xml": feed("birch", "Birch", "Loomplan"),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = found.get(self.path)
            self.send_response(200 if data else 503)
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}", files=found)
    server.shutdown()


@pytest.fixture(scope="module", autouse=True)
def workers():
    """Let workers and this process fetch from the test server, and keep builds of other processes out of the caches."""
    # Dask reads environment variables only once in each process, and `distributed` its defaults when it is imported
    importlib.import_module("distributed")
    preload = {"distributed.worker.preload": [str(Path(__file__).with_name("preload.py"))]}
    with pytest.MonkeyPatch.context() as patch, dask.config.set(preload):
        patch.setattr(fetch, "is_public", lambda _address: True)
        patch.delenv("TMPDIR", raising=False)
        yield


def new_hub(folder: Path, feeds: SimpleNamespace) -> Path:
    """Create a hub of three feeds and a folder. The feed of the show `cedar` fails."""
    root, mill = folder / "net", folder / "mill"
    init_hub(root, "Weavers & Co", "https://weavers.example/")
    files = root_files("The Mill") | {
        "episodes/mill/mill-001.md": NOTE.encode(),
        "knowledge/series.yml": b"mill: {title: Mill}\n",
    }
    write_files(mill, files)
    (root / "knowledge").mkdir()
    tools = "weavedesk: {name: Weavedesk, homepage: https://weavedesk.example/}\nloomplan: {name: Loomplan}\n"
    (root / "knowledge/tools.yml").write_text(tools, "utf-8")
    add_shows(root, [f"{feeds.url}/alder.xml", f"{feeds.url}/birch.xml", str(mill)], None)
    with (root / "hub.yml").open("a", encoding="utf-8") as file:
        file.write(f"  cedar:\n    feed: {feeds.url}/cedar.xml\n")
    return root


def build(root: Path) -> tuple[HubReport, list[str]]:
    lines: list[str] = []
    return run_hub(root, None, 2, None, lines.append), lines


@pytest.fixture(scope="module")
def hub(tmp_path_factory, feeds):
    """A hub that was built once, while a feed failed."""
    root = new_hub(tmp_path_factory.mktemp("hub"), feeds)
    return SimpleNamespace(root=root, report=build(root)[0], digest=tree_digest(root / "site"))


def states(report: HubReport) -> dict[str, str]:
    return {one.slug: one.state for one in report.outcomes}


def test_a_failing_show_stops_no_other_show(hub) -> None:
    assert states(hub.report) == {"alder-ash": "built", "birch": "built", "the-mill": "built", "cedar": "failed"}
    first, second = map(str, hub.report.outcomes[-1].problems)
    assert re.fullmatch(r'hub\.yml:15:3: the show "cedar" failed, and its previous site, if any, is kept; .+', first)
    assert re.fullmatch(r"cedar:1:1: http://127\.0\.0\.1:\d+/cedar\.xml: the server responds with 503; .+", second)
    assert sorted(path.name for path in (hub.root / "site/shows").iterdir()) == ["alder-ash", "birch", "the-mill"]


def test_pages_of_shared_entries_quote_and_link_into_the_shows(hub) -> None:
    page = (hub.root / "site/tools/weavedesk/index.html").read_text("utf-8")
    assert "explains why <mark>Weavedesk</mark> keeps" in page
    assert 'href="../../shows/the-mill/episodes/mill/mill-001/#the-office"' in page
    assert "https://weavedesk.example/" in page
    assert 'href="../../shows/the-mill/tools/weavedesk/"' in page, "the show's own page lists all mentions"
    assert 'href="../../shows/alder-ash/episodes/alder-ash/alder-ash-002/"' in (
        hub.root / "site/people/ida-loom/index.html"
    ).read_text("utf-8")
    assert not (hub.root / "site/tools/loomplan").exists(), "only one show mentions the tool"
    assert (hub.report.hub.pages, hub.report.hub.warnings) == (2, 0)
    assert "knowledge/tools.yml" not in (hub.root / "site/tools/index.html").read_text("utf-8")
    home = (hub.root / "site/index.html").read_text("utf-8")
    for show in ("birch/index.html", "the-mill/index.html", "the-mill/tools/index.html"):
        page, up = (hub.root / "site/shows" / show).read_text("utf-8"), "../" * show.count("/")
        assert f'Part of <a href="{up}../">Weavers &amp; Co</a>' in page.replace('"./', '"')
    assert 'href="./shows/birch/"' in home and "Alder &amp; Ash" in home and "A visit to the mill" in home


def test_links_of_the_hub_have_targets(hub) -> None:
    site, broken = (hub.root / "site").resolve(), []
    for path in files_in(site):
        if path.endswith(".html") and not path.startswith("shows/"):
            for href in re.findall(r'(?:href|src)="([^"#?:]+)[^":]*"', (site / path).read_text("utf-8")):
                target = site / href.lstrip("/") if href.startswith("/") else (site / path).parent / href
                broken += [] if target.exists() and (target.is_file() or (target / "index.html").is_file()) else [href]
    assert broken == []
    assert "https://weavers.example/shows/birch/episodes/birch/birch-002/" in (site / "feed.xml").read_text("utf-8")
    listed = json.loads((site / "catalog.json").read_bytes())
    assert listed["parts"] == [f"shows/{show}/catalog.json" for show in ("alder-ash", "birch", "the-mill")]
    [tool] = listed["tools"]
    assert tool["pages"] == [f"shows/{show}/tools/weavedesk/" for show in ("alder-ash", "the-mill")]
    assert all((site / path).exists() for path in (*listed["parts"], *tool["pages"]))


@pytest.mark.browser
def test_the_search_finds_the_pages_of_all_shows(hub, page) -> None:
    with server.serve(hub.root / "site", "/net/") as url:
        results = page.locator(".mg-results .mg-title")
        page.goto(f"{url}search/?q=weavedesk")
        results.nth(3).wait_for()
        tool, *episodes = [link.get_attribute("href").removeprefix(url) for link in results.all()]
        assert tool == "tools/weavedesk/"
        alder, mill = "shows/alder-ash/episodes/alder-ash/alder-ash-00", "shows/the-mill/episodes/mill/mill-001/"
        assert sorted(episodes) == [f"{alder}1/", f"{alder}2/", mill]
        # a word within a run of letters of a script without spaces
        page.goto(f"{url}search/?q=计划")
        page.locator(".mg-results mark").get_by_text("计划", exact=True).wait_for()
        page.goto(f"{url}search/?q=plan&series=The+Mill")
        results.first.wait_for()
        assert {link.get_attribute("href").removeprefix(url).split("/")[1] for link in results.all()} == {"the-mill"}


@pytest.mark.browser
@pytest.mark.parametrize("query", ["office", "office+qqq"])
def test_filters_count_each_page_of_a_show_once(hub, page, query) -> None:
    """The page contains all words of the first query, and some words of the second."""
    with server.serve(hub.root / "site", "/net/") as url:
        page.goto(f"{url}search/?q={query}")
        page.locator("select[name=kind] option").nth(1).wait_for(state="attached")
        assert page.locator("select[name=kind] option").all_text_contents() == ["All", "Episode (1)"]
        assert page.locator("select[name=series] option").all_text_contents() == ["All", "The Mill (1)"]


@pytest.mark.browser
def test_the_search_loads_only_the_indexes_of_shows_with_the_words(hub, page) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    with server.serve(hub.root / "site", "/net/") as url:
        for query, found in {"office": {"the-mill"}, "guests": {"alder-ash", "birch"}}.items():
            asked.clear()
            page.goto(f"{url}search/?q={query}")
            page.locator(".mg-results .mg-title").first.wait_for()
            page.wait_for_load_state("networkidle")
            parts = [one.removeprefix(url).split("/") for one in asked if "/pagefind/" in one]
            assert {part[1] for part in parts if part[0] == "shows"} == found


def test_temporary_files_are_in_the_folder_that_tmpdir_names(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "memory"))
    killed = pytest.raises(ResourceError, match="killed again and again; give it more memory")
    with killed, connected(tmp_path, None, 1, lambda _: None) as client:
        (place,) = client.run(lambda dask_worker: dask_worker.local_directory).values()
        raise distributed.KilledWorker("site", None, 1)
    assert place.startswith(str(tmp_path / "memory"))
    assert not Path(place).exists()


@pytest.mark.slow
def test_a_killed_worker_changes_nothing(hub, tmp_path, feeds) -> None:
    """A hub whose worker is killed while it builds has the same bytes as an undisturbed hub."""
    root, killed = new_hub(tmp_path, feeds), []

    def kill() -> None:
        while not killed:
            if list(root.glob(".mlguide/work/*/worker-*/tmp*/root/episodes")):
                workers = [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]
                killed.append(workers[0].pid)
                workers[0].kill()

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    report, _ = build(root)
    killed.append(0)
    thread.join(10)
    assert killed[0], "no worker was killed"
    assert states(report) == states(hub.report)
    assert tree_digest(root / "site") == hub.digest


@pytest.mark.slow
def test_only_changed_shows_are_built_again(hub, feeds) -> None:
    shutil.rmtree(hub.root / "site")
    build(hub.root)
    assert tree_digest(hub.root / "site") == hub.digest, "a deleted site is published again"
    before = (hub.root / "site/shows/the-mill/index.html").stat().st_mtime_ns
    feeds.files["/cedar.xml"] = feed("cedar", "Cedar", "Weavedesk")
    del feeds.files["/birch.xml"]
    text = (hub.root / "hub.yml").read_text("utf-8")
    (hub.root / "hub.yml").write_text(re.sub(r"  alder-ash:\n(    .+\n)+", "", text), "utf-8")
    report, lines = build(hub.root)
    assert states(report) == {"birch": "failed", "the-mill": "unchanged", "cedar": "built"}
    assert any(line.endswith(" cedar: built, 2 episodes") for line in lines)
    assert (hub.root / "site/shows/birch/index.html").is_file(), "a failed show keeps its previous site"
    assert "shows/cedar/" in (hub.root / "site/tools/weavedesk/index.html").read_text("utf-8")
    assert (hub.root / "site/shows/the-mill/index.html").stat().st_mtime_ns == before
    assert not (hub.root / "site/shows/alder-ash").exists()

"""Tests of the task that builds one show, without a cluster."""

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import psutil
import pytest

from conftest import tree, write_files
from hub.test_hub_builds import NOTE, feed
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.editing.scaffold import root_files
from mlguide_site.hub import show_task
from mlguide_site.hub.hub_file import Hub, HubFile, Show
from mlguide_site.hub.run import current_records
from mlguide_site.hub.show_task import ShowJob, build_show
from mlguide_site.hub.store import Store, unpack
from mlguide_site.importers import Source


def job(tmp_path: Path, **show: str) -> ShowJob:
    return ShowJob("birch", Show(**show), "", str(tmp_path), str(tmp_path / "store"), "version", {}, "Our shows")


def write_root(folder: Path, note: str = NOTE) -> None:
    extra = {"episodes/mill/mill-001.md": note.encode(), "knowledge/series.yml": b"mill: {title: Mill}\n"}
    write_files(folder, root_files("The Mill") | extra)


def commit(repository: Path) -> None:
    git = partial(subprocess.run, cwd=repository, check=True, capture_output=True)
    git(["git", "init", "-q"])
    git(["git", "add", "-A"])
    git(["git", "-c", "user.name=N", "-c", "user.email=n@mill.example", "commit", "-qm", "Begin"])


def without_episode(data: bytes) -> bytes:
    """Return a feed without its first episode."""
    return data[: data.index(b"<item>")] + data[data.index(b"</item>") + len(b"</item>") :]


def test_a_show_that_takes_too_long_ends_its_worker() -> None:
    endless = "lambda *_: re.match('(a|a)*b', 'a' * 60)"
    code = f"import re; from mlguide_site.hub import run; run.SHOW_SECONDS = 1; run.build_show = {endless}"
    done = subprocess.run([sys.executable, "-c", f"{code}; run._build_in_time(None, '')"], timeout=60, check=False)
    assert done.returncode == 1


def test_a_feed_with_the_same_episodes_is_not_built_again(tmp_path, monkeypatch) -> None:
    data = [feed("birch", "Birch", "Loomplan")]
    monkeypatch.setattr(show_task, "fetch", lambda url: Source(url, data[0], url))
    show = job(tmp_path, feed="https://birch.example/feed.xml")
    first = build_show(show)
    assert (first.state, first.episodes) == ("built", 2), first.problems
    record = Store(show.store).record("shows/birch")
    data[0] = without_episode(data[0])
    assert build_show(show) == first._replace(state="unchanged"), "an episode that left the feed is kept"
    later = Store(show.store).record("shows/birch")
    assert later == record._replace(source=later.source) != record
    assert build_show(show._replace(program="next version")).state == "built"
    assert len(tree(tmp_path / "store/shows/birch")) == 5, "former results are removed"
    # the key of the show may change with the name of its folder
    (tmp_path / "store/shows/birch").rename(tmp_path / "store/shows/elm")
    assert build_show(show._replace(slug="elm"))[:3] == ("elm", "built", 2)
    assert {path.partition("/")[0] for path in tree(tmp_path)} == {"store"}, "a task writes only to its show's results"


def test_another_feed_never_replaces_the_notes_of_a_show(tmp_path, monkeypatch) -> None:
    """A show was removed from the hub, and another show with the same title and key was added."""
    first = feed("birch", "Birch", "Loomplan")
    feeds = {"a": first, "b": first.replace(b"birch", b"beech"), "c": first.replace(b"birch-", b"own-")}
    monkeypatch.setattr(show_task, "fetch", lambda url: Source(url, feeds[url[-1]], url))
    show, other, moved = (job(tmp_path, feed=f"https://birch.example/{name}") for name in "abc")
    build_show(show)
    before = tree(tmp_path / "store")
    [problem] = build_show(other).problems
    assert "has none of its episodes" in problem.message and "delete shows/birch in the store" in problem.remedy
    assert tree(tmp_path / "store") == before
    assert build_show(moved).episodes == 2, "a feed may move to another address"
    assert build_show(other).state == "failed"


def test_a_feed_whose_address_now_serves_another_show_is_refused(tmp_path, monkeypatch) -> None:
    data = [feed("birch", "Birch", "Loomplan")]
    monkeypatch.setattr(show_task, "fetch", lambda url: Source(url, data[0], url))
    show = job(tmp_path, feed="https://birch.example/feed.xml")
    assert build_show(show).state == "built"
    before = tree(tmp_path / "store")
    data[0] = feed("casino", "Casino", "Dice").replace(b"Part", b"Win")
    [problem] = build_show(show).problems
    assert str(problem) == (
        'birch/https://birch.example/feed.xml:1:1: this feed has the new title "Casino", and none of the episodes that '
        '"birch" has from it; choose another key in hub.yml, or delete shows/birch in the store, with the notes of the '
        "other feed"
    )
    assert tree(tmp_path / "store") == before
    data[0] = feed("birch", "Birch and Beech", "Loomplan")
    assert build_show(show).episodes == 2, "a show may have a new title"


def test_the_notes_of_a_feed_are_kept_while_the_show_has_another_source(tmp_path, monkeypatch) -> None:
    data = [feed("birch", "Birch", "Loomplan")]
    monkeypatch.setattr(show_task, "fetch", lambda url: Source(url, data[0], url))
    fed, own = (
        job(tmp_path, **{kind: source}) for kind, source in (("feed", "https://birch.example/f"), ("folder", "kb"))
    )
    write_root(tmp_path / "kb")
    assert build_show(fed).episodes == 2
    assert build_show(own).episodes == 1
    data[0] = without_episode(data[0])
    assert build_show(fed).episodes == 2, "an episode that left the feed is still there"


def test_a_damaged_record_is_no_reason_to_delete_notes(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(show_task, "fetch", lambda url: Source(url, feed("birch", "Birch", "Loomplan"), url))
    show = job(tmp_path, feed="https://birch.example/feed.xml")
    build_show(show)
    path = tmp_path / "store/shows/birch/record.json"
    path.write_text(path.read_text("utf-8").replace("{", '{"later": 1,', 1), "utf-8")
    assert build_show(show).state == "unchanged", "a field of another version is ignored"
    path.write_text("<<<<<<< ours", "utf-8")
    before = tree(tmp_path / "store")
    outcome = build_show(show)
    assert outcome.state == "failed" and "record.json in the store is damaged" in str(outcome.problems)
    assert tree(tmp_path / "store") == before
    file, problems = HubFile(Hub(title="T", shows={"birch": {"folder": "b"}}), read_yaml("", "hub.yml")), []
    assert current_records(show.store, file, problems) == {}, "the hub goes on without this show"
    assert [one.path for one in problems] == ["shows/birch/record.json"]


def test_a_folder_stays_as_it_is_and_its_mistakes_are_reported(tmp_path) -> None:
    write_root(tmp_path / "mill", NOTE.replace("title: A visit", "tilte: A visit"))
    before = tree(tmp_path / "mill")
    outcome = build_show(job(tmp_path, folder="mill"))
    assert outcome.state == "failed"
    assert str(outcome.problems[0]) == 'birch/episodes/mill/mill-001.md:3:1: unknown key "tilte"; did you mean "title"?'
    assert tree(tmp_path / "mill") == before and not (tmp_path / "store").exists()
    [problem] = build_show(job(tmp_path, folder="loom")).problems
    assert str(problem).endswith("loom: no mkdocs.yml here; correct the folder in hub.yml")


def test_generated_files_change_no_show(tmp_path) -> None:
    write_root(tmp_path / "mill")
    show = job(tmp_path, folder="mill")
    assert build_show(show).state == "built"
    (tmp_path / "mill/site/.git").mkdir(parents=True)
    (tmp_path / "mill/site/index.html").write_text("x", "utf-8")
    assert build_show(show).state == "unchanged"


@pytest.mark.parametrize("series", ["build", "site"])
def test_a_series_may_have_the_name_of_a_generated_folder(tmp_path, series) -> None:
    note = tmp_path / f"mill/episodes/{series}/{series}-001.md"
    files = {"knowledge/series.yml": f"{series}: {{title: Mill}}\n".encode(), "build/out.md": b"x"}
    write_files(tmp_path / "mill", root_files("The Mill") | files)
    note.parent.mkdir(parents=True)
    note.write_text(NOTE.replace("mill-001", f"{series}-001"), "utf-8")
    show = job(tmp_path, folder="mill")
    assert (first := build_show(show)).episodes == 1, first.problems
    (tmp_path / "mill/build/out.md").write_text("y", "utf-8")
    assert build_show(show).state == "unchanged"
    note.write_text(note.read_text("utf-8").replace("A visit", "A walk"), "utf-8")
    assert build_show(show).state == "built"


def test_settings_may_be_inherited_from_outside_the_folder(tmp_path) -> None:
    own, show = tmp_path / "kb/mkdocs.yml", job(tmp_path, folder="kb")
    write_root(tmp_path / "kb")
    own.write_text(f"INHERIT: ../base.yml\n{own.read_text('utf-8')}", "utf-8")
    for name in ("Ann", "Bob"):
        (tmp_path / "base.yml").write_text(f"copyright: {name}\n", "utf-8")
        outcome = build_show(show)
        assert outcome.state == "built", outcome.problems
        unpack(Store(show.store).read(Store(show.store).record("shows/birch").site), tmp_path / name)
        assert name in (tmp_path / name / "index.html").read_text("utf-8")
    assert build_show(show).state == "unchanged"


def test_a_named_pipe_in_a_folder_is_not_read(tmp_path) -> None:
    write_root(tmp_path / "mill")
    os.mkfifo(tmp_path / "mill/episodes/mill/pipe")
    assert build_show(job(tmp_path, folder="mill")).state == "failed"


def test_settings_of_a_git_repository_run_no_code(tmp_path, monkeypatch) -> None:
    repository = tmp_path / "mill"
    write_root(repository)
    (repository / "hook.py").write_text("raise SystemExit\n", "utf-8")
    with (repository / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\n")
    commit(repository)
    [problem] = build_show(job(tmp_path, git=str(repository))).problems
    assert "transport 'file' not allowed" in problem.message
    monkeypatch.setitem(show_task._SAFE_GIT, "GIT_ALLOW_PROTOCOL", "file")
    outcome = build_show(job(tmp_path, git=str(repository)))
    assert outcome.state == "built", outcome.problems
    assert build_show(job(tmp_path, git=str(repository))).state == "unchanged"
    (repository / "episodes/mill/mill-002.md").symlink_to("/dev/zero")
    commit(repository)
    assert "this is a symbolic link" in str(build_show(job(tmp_path, git=str(repository))).problems)
    [problem] = build_show(job(tmp_path, git=f"{repository}-missing")).problems
    assert problem.message.startswith("git ls-remote failed: ")
    (repository / "mkdocs.yml").rename(repository / "episodes/mkdocs.yml")
    commit(repository)
    outcome = build_show(job(tmp_path, git=str(repository)))
    assert "no mkdocs.yml at the top of the default branch" in outcome.problems[0].message
    assert outcome.state == "failed" and Store(str(tmp_path / "store")).record("shows/birch").site


def test_shared_entries_are_below_those_of_the_show(tmp_path) -> None:
    write_root(tmp_path / "mill")
    (tmp_path / "mill/knowledge/tools.yml").write_text("weavedesk: {name: Weavedesk, summary: Ours}\n", "utf-8")
    shared = b"weavedesk: {name: Weavedesk, summary: Theirs}\nloom: {name: Loomplan}\n"
    show = job(tmp_path, folder="mill")._replace(shared={"knowledge/tools.yml": shared})
    assert build_show(show).state == "built"
    catalog = Store(show.store).read(Store(show.store).record("shows/birch").catalog)
    assert b"Ours" in catalog and b"Theirs" not in catalog


def test_entries_of_a_feed_are_kept_and_shared_ones_come_first(tmp_path, monkeypatch) -> None:
    tags = ["Dyes"] * 5 + [f"tag{at}" for at in range(5)] + ["Dyes"]
    items = [
        f"<item><title>Part {at}</title><guid>part-{at}-of-the-show</guid><category>{tag}</category></item>"
        for at, tag in enumerate(tags)
    ]
    page = '<rss version="2.0"><channel><title>Birch</title>{}</channel></rss>'
    shown = [10]
    monkeypatch.setattr(
        show_task, "fetch", lambda url: Source(url, page.format("".join(items[: shown[0]])).encode(), url)
    )
    show, store = job(tmp_path, feed="https://birch.example/feed.xml"), Store(str(tmp_path / "store"))
    assert build_show(show).state == "built"
    assert b'"slug":"dyes"' in store.read(store.record("shows/birch").catalog)
    shown[0] = 11  # the topic is now a tag of most episodes
    assert build_show(show).state == "built"
    assert b'"slug":"dyes"' in store.read(store.record("shows/birch").catalog)
    shared = {"knowledge/topics.yml": b"dyes: {name: Dyes and colours, aliases: [Dyes]}\n"}
    assert build_show(show._replace(shared=shared)).state == "built"
    shared = {"knowledge/topics.yml": b"{dyes: {name: Dyes and colours, aliases: [Dyes]}}\n"}
    assert build_show(show._replace(shared=shared)).state == "built"
    assert b"Dyes and colours" in store.read(store.record("shows/birch").catalog)


def test_a_shared_tool_replaces_a_stored_one_of_its_name(tmp_path, monkeypatch) -> None:
    text = '<![CDATA[<p>We store yarn in <a href="https://yarnbase.com/">YarnBase</a>, and YarnBase counts it.</p>]]>'
    items = "".join(
        f"<item><title>Part {at}</title><guid>part-{at}-of-the-show</guid><description>{text}</description></item>"
        for at in range(3)
    )
    feed = f'<rss version="2.0"><channel><title>Birch</title>{items}</channel></rss>'.encode()
    monkeypatch.setattr(show_task, "fetch", lambda url: Source(url, feed, url))
    show, store = job(tmp_path, feed="https://birch.example/feed.xml"), Store(str(tmp_path / "store"))
    assert build_show(show).state == "built"
    assert b'"slug":"yarnbase"' in store.read(store.record("shows/birch").catalog)
    shared = {"knowledge/tools.yml": b"yarn-store: {name: YarnStore, aliases: [Yarnbase], summary: A store.}\n"}
    outcome = build_show(show._replace(shared=shared))
    assert outcome.state == "built" and not outcome.problems
    catalog = store.read(store.record("shows/birch").catalog)
    assert b'"slug":"yarn-store"' in catalog and b'"slug":"yarnbase"' not in catalog


def test_shared_entries_with_nested_slugs_of_the_show_are_left_out(tmp_path) -> None:
    write_root(tmp_path / "mill", NOTE + "\nWe read Our Book and The Weaving Reel.\n")
    own = "course: {title: Course, children: {book: {title: Our Book}}}\n"
    (tmp_path / "mill/knowledge/resources.yml").write_text(own, "utf-8")
    nested = "course: {title: Theirs}, reel: {title: The Weaving Reel}"
    shared = f"book: {{title: Their Book}}\nshelf: {{title: Shelf, children: {{{nested}}}}}\n"
    show = job(tmp_path, folder="mill")._replace(shared={"knowledge/resources.yml": shared.encode()})
    outcome = build_show(show)
    assert outcome.state == "built", outcome
    catalog = Store(show.store).read(Store(show.store).record("shows/birch").catalog)
    assert b"Our Book" in catalog and b"Their" not in catalog and b"The Weaving Reel" in catalog


@pytest.mark.parametrize("link", ["knowledge", "knowledge/tools.yml"])
@pytest.mark.parametrize("source", ["git", "folder"])
def test_links_to_files_of_this_machine_are_not_followed(tmp_path, monkeypatch, link, source) -> None:
    repository, private, shared = (
        tmp_path / "mill",
        tmp_path / "private",
        {"knowledge/tools.yml": b"loom: {name: Loom}\n"},
    )
    write_root(repository, NOTE + "\nThe Privateplan and Loom.\n")
    (private / "knowledge").mkdir(parents=True)
    secret = b"plan: {name: Privateplan, summary: Key}\n"
    (private / "knowledge/tools.yml").write_bytes(secret)
    (private / "knowledge/series.yml").write_bytes(b"mill: {title: Mill}\n")
    (repository / link).rename(tmp_path / "old") if (repository / link).exists() else None
    (repository / link).symlink_to(private / link)
    commit(repository)
    monkeypatch.setitem(show_task._SAFE_GIT, "GIT_ALLOW_PROTOCOL", "file")
    outcome = build_show(job(tmp_path, **{source: str(repository)})._replace(shared=shared))
    results = [path.read_bytes() for path in (tmp_path / "store").rglob("*.json")]
    assert not any(b"Privateplan" in data for data in results), "the hub publishes a private file"
    assert (private / "knowledge/tools.yml").read_bytes() == secret, "the task wrote through the link"
    assert outcome.state == "failed" or (source, link) == ("git", "knowledge"), outcome


def test_git_follows_no_redirects(tmp_path) -> None:
    """A public server must not lead to addresses of the own network."""
    asked: list[str] = []

    class Redirects(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/internal" + self.path)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirects) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        [problem] = build_show(job(tmp_path, git=f"http://127.0.0.1:{server.server_port}/x.git")).problems
        server.shutdown()
    assert "git ls-remote failed" in problem.message
    assert len(asked) == 1, asked


def test_messages_of_git_contain_no_passwords(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(show_task, "GIT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://user:key@127.0.0.1:{silent.getsockname()[1]}/x.git"
        [problem] = build_show(job(tmp_path, git=url)).problems
    assert "git ls-remote failed" in problem.message and "key" not in str(problem)


@pytest.mark.parametrize(("limit", "most"), [("MAX_FILES", 3), ("MAX_BYTES", 100)])
def test_repositories_that_are_too_large_are_not_checked_out(tmp_path, monkeypatch, limit, most) -> None:
    write_root(tmp_path / "mill")
    commit(tmp_path / "mill")
    monkeypatch.setitem(show_task._SAFE_GIT, "GIT_ALLOW_PROTOCOL", "file")
    monkeypatch.setattr(show_task, limit, most)
    [problem] = build_show(job(tmp_path, git=str(tmp_path / "mill"))).problems
    assert "has more than" in problem.message and problem.remedy == "move the notes to a separate repository"


def test_the_size_of_a_download_is_limited(tmp_path, monkeypatch) -> None:
    write_root(mill := tmp_path / "mill")
    (mill / "sound.bin").write_bytes(random.Random(0).randbytes(300_000))
    commit(mill)
    monkeypatch.setitem(show_task._SAFE_GIT, "GIT_ALLOW_PROTOCOL", "file")
    monkeypatch.setattr(show_task, "MAX_BLOCKS", 500)
    [problem] = build_show(job(tmp_path, git=mill.as_uri())).problems
    assert problem.message.startswith("git clone failed: ")


def test_the_memory_of_git_is_limited_and_its_processes_end_with_it(tmp_path, monkeypatch) -> None:
    """`git ls-remote` keeps all names in memory, and starts other processes."""
    monkeypatch.setattr(show_task, "GIT_SECONDS", 1)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "git").write_text(f'#!/bin/sh\nsleep 60 &\necho "$(ulimit -v) $!" > {tmp_path / "seen"}\nwait\n')
    (tmp_path / "git").chmod(0o755)
    [problem] = build_show(job(tmp_path, git="https://mill.example/x.git")).problems
    assert "git ls-remote failed: TimeoutExpired" in problem.message
    memory, child = (tmp_path / "seen").read_text().split()
    assert memory == str(show_task.LIST_MEMORY)
    assert _ends(int(child))


def _ends(process: int, seconds: float = 10) -> bool:
    """Whether a process ends, or waits for its parent; a killed process may run for a moment."""
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("kind", ["folders", "submodules"])
def test_repositories_of_folders_or_submodules_are_not_checked_out(tmp_path, monkeypatch, kind) -> None:
    def git(*arguments: str, text: str = "") -> str:
        done = subprocess.run(["git", "-C", mill, *arguments], input=text, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    write_root(mill := tmp_path / "mill")
    commit(mill)
    inner = git("mktree")
    for _ in range(9 if kind == "folders" else 0):  # 10^9 empty folders
        inner = git("mktree", text="".join(f"040000 tree {inner}\t{name}\n" for name in range(10)))
    if kind == "submodules":
        inner = git("mktree", "--missing", text="".join(f"160000 commit {1:040}\t{name}\n" for name in range(99)))
    tree = git("mktree", text=f"{git('ls-tree', 'HEAD')}\n040000 tree {inner}\ta\n")
    git("update-ref", "HEAD", git("-c", "user.name=a", "-c", "user.email=a", "commit-tree", "-m", "a", tree))
    monkeypatch.setitem(show_task._SAFE_GIT, "GIT_ALLOW_PROTOCOL", "file")
    monkeypatch.setattr(show_task, "MAX_FILES", 90)
    [problem] = build_show(job(tmp_path, git=str(mill))).problems
    assert "has more than 90 files and folders" in problem.message

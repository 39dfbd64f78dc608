"""Tests of `hub.yml`: its mistakes (golden, in `mistakes/`), its schema, and the commands that write it."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from unittest.mock import Mock

import pytest
from jsonschema import Draft202012Validator

from conftest import CHECKOUT
from hub.test_hub_catalog import show
from mlguide_site.cli.program import main
from mlguide_site.content.knowledge import dump_schema
from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, Span, UsageError
from mlguide_site.hub import HUB, hub_file
from mlguide_site.hub.hub_file import Hub, add_shows, init_hub, read_hub
from mlguide_site.hub.joins import Joined
from mlguide_site.hub.run import HubReport, publish_site, run_hub
from mlguide_site.hub.show_task import Outcome
from mlguide_site.hub.store import Record, Store, packed
from mlguide_site.importers import Source

MISTAKES = Path(__file__).parent / "mistakes"
OPML = """<opml version="2.0"><body><outline text="Looms"><outline text="Ash &amp; Co" type="rss" xmlUrl="https://ash.example/feed"/>
<outline text="Ash &amp; Co" xmlUrl="https://ash.example/other"/><outline text="A site" htmlUrl="https://site.example/"/>
<outline text="" xmlUrl="https://fir.example/feed?key=secret"/></outline></body></opml>"""


@pytest.mark.parametrize("name", sorted(path.stem for path in MISTAKES.glob("*.yml")))
def test_mistakes(name, golden, tmp_path) -> None:
    (tmp_path / "hub.yml").write_bytes((MISTAKES / f"{name}.yml").read_bytes())
    with pytest.raises(ContentError) as raised:
        read_hub(tmp_path)
    golden(MISTAKES / f"{name}.txt", f"{raised.value}\n")


@pytest.fixture
def mlguide(tmp_path, monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run a command in a new folder. Returns the exit status, the output and the errors."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return (int(ended.value.code or 0), *capsys.readouterr())

    return command


def test_a_hub_is_created_and_shows_are_added(mlguide, tmp_path) -> None:
    assert mlguide("hub", "init", "net", "--title", "Our: shows", "--site-url", "https://net.example")[0] == 0
    mlguide("init", "my-show")
    (tmp_path / "shows.opml").write_text(OPML, "utf-8")
    added = ("-C", "net", "hub", "add", "my-show", "https://git.example/o/oak.git", "--opml", "shows.opml")
    listed = ["my-show: my-show", "oak: oak", "ash-co: Ash & Co", "ash-co-2: Ash & Co", "fir-example: fir.example"]
    assert mlguide(*added)[1].splitlines() == listed
    _, output, errors = mlguide(*added)
    assert output.strip() == "" and "added 0 shows (hub.yml already lists them" in errors
    hub = read_hub(tmp_path / "net").hub
    assert [(slug, show.source) for slug, show in hub.shows.items()] == [
        ("my-show", "../my-show"),
        ("oak", "https://git.example/o/oak.git"),
        ("ash-co", "https://ash.example/feed"),
        ("ash-co-2", "https://ash.example/other"),
        ("fir-example", "https://fir.example/feed?key=secret"),
    ]
    assert (hub.title, hub.url("a/")) == ("Our: shows", "https://net.example/a/")
    schema = json.loads((tmp_path / "net/schemas/hub.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(hub.model_dump(mode="json", exclude_none=True))
    status, _, errors = mlguide("-C", "net", "hub", "check")
    assert status == 0 and errors.startswith("0 shared entry pages, 0 warnings; ")
    new(tmp_path / "empty")
    for arguments, message in (
        (["hub", "init", "net"], "not an empty folder"),
        (["hub", "build"], "no hub.yml here"),
        (["hub", "add"], "no show given"),
        (["-C", "empty", "hub", "build"], "lists no shows"),
    ):
        status, _, errors = mlguide(*arguments)
        assert status == 2 and message in errors


def test_shows_are_below_the_title(tmp_path) -> None:
    new(tmp_path / "net")
    init_root(tmp_path / "a", "A", "", None)
    add_shows(tmp_path / "net", [str(tmp_path / "a")], None)
    assert re.findall("(?m)^[a-z]+", (tmp_path / "net/hub.yml").read_text("utf-8")) == ["title", "shows"]


def test_missing_and_repeated_folders_are_told(mlguide, tmp_path) -> None:
    new(tmp_path / "net")
    init_root(tmp_path / "a", "A", "", None)
    shows = "  a: {folder: ../a}\n  b: {folder: ../none}\n  c: {folder: .}\n  d: {folder: ../net/../a/}\n"
    (tmp_path / "net/hub.yml").write_text(f"title: Net\nshows:\n{shows}", "utf-8")
    status, _, errors = mlguide("-C", "net", "hub", "check")
    assert status == 0 and errors.splitlines()[:-1] == [
        "hub.yml:4:15: there is no mkdocs.yml in this folder; write the folder of a knowledge base [warning]",
        "hub.yml:5:15: there is no mkdocs.yml in this folder; write the folder of a knowledge base [warning]",
        'hub.yml:6:15: the show "a" has the same source; remove one of the two shows [warning]',
    ]


def test_commands_for_a_knowledge_base_name_those_for_a_hub(mlguide, tmp_path) -> None:
    new(tmp_path / "net")
    status, _, errors = mlguide("-C", "net", "build")
    assert status == 2 and "use the commands of mlguide hub" in errors


def test_mistakes_in_the_knowledge_of_a_hub_are_told(mlguide, tmp_path) -> None:
    new(tmp_path / "net")
    (tmp_path / "net/knowledge").mkdir()
    (tmp_path / "net/knowledge/tools.yml").write_text("loom: {name: Loom, home: x}\n", "utf-8")
    status, _, errors = mlguide("-C", "net", "hub", "check")
    assert status == 1 and errors.startswith('knowledge/tools.yml:1:20: unknown key "home"')


def test_a_damaged_record_hides_no_mistakes_of_other_shows(mlguide, tmp_path) -> None:
    new(tmp_path / "net")
    shows, store = ("ash", "birch", "cedar"), Store(str(tmp_path / "net/store"))
    lines = "".join(f"  {name}: {{git: {name}}}\n" for name in shows)
    (tmp_path / "net/hub.yml").write_text(f"title: Net\nshows:\n{lines}", "utf-8")
    for name, slug in zip(shows, ("loom", "loom", "loom-2"), strict=True):
        data = show(name, "1", **{slug: {"name": "Loom"}}).model_dump_json().encode()
        store.commit(f"shows/{name}", Record(catalog=store.write(f"shows/{name}/a.json", data)))
    assert mlguide("-C", "net", "hub", "check")[2].startswith("1 shared entry page, 0 warnings; ")
    (tmp_path / "net/store/shows/birch/record.json").write_text("<<<<<<< ours", "utf-8")
    status, _, errors = mlguide("-C", "net", "hub", "check")
    first, last = errors.splitlines()
    assert first.startswith("shows/birch/record.json:1:1: record.json in the store is damaged; restore it from a copy")
    assert (status, last) == (1, "1 shared entry page, 0 warnings, 1 error")


def test_private_addresses_are_refused_before_shows_are_added(tmp_path) -> None:
    new(tmp_path / "net")
    opml, hosts = tmp_path / "shows.opml", ("10.0.0.5", "[::1]:80", "localhost", "a.example")
    lines = "\n".join(f'<outline text="A" xmlUrl="http://{host}/feed"/>' for host in hosts)
    opml.write_text(f'<opml version="2.0"><body>\n{lines}</body></opml>', "utf-8")
    with pytest.raises(ContentError) as raised:
        add_shows(tmp_path / "net", [], opml)
    assert [problem.span.line for problem in raised.value.problems] == [2, 3, 4]
    with pytest.raises(UsageError, match="add the feeds of an OPML file with --opml"):
        add_shows(tmp_path / "net", [str(opml)], None)
    assert not read_hub(tmp_path / "net").hub.shows


def test_results_are_printed_as_json(mlguide, tmp_path, monkeypatch) -> None:
    problem = Problem("hub.yml", Span(4, 3), 'the show "ash" failed', "try again", Severity.WARNING)
    report = HubReport((Outcome("ash", "failed", 0, (problem,)), Outcome("birch", "built", 2)), Record(warnings=1))
    monkeypatch.setattr("mlguide_site.hub.run.run_hub", lambda *_: report)
    monkeypatch.setattr("mlguide_site.hub.run.known_joins", lambda *_: Joined({}, (problem,)))
    status, output, errors = mlguide("hub", "build", "--format", "json")
    assert json.loads(output) == [
        {"slug": "ash", "state": "failed", "episodes": 0, "problems": [problem.values()]},
        {"slug": "birch", "state": "built", "episodes": 2, "problems": []},
    ]
    assert status == 1 and str(problem) in errors and "2 shows (1 built, 1 failed)" in errors
    assert errors.endswith("; next: fix the problems above, then mlguide hub build\n")
    status, output, _ = mlguide("hub", "check", "--format", "json")
    assert status == 0 and json.loads(output) == [problem.values()]
    assert str(problem) in mlguide("hub", "check")[2]


def new(root: Path) -> Path:
    init_hub(root, None, "")
    return root.parent


def test_thousands_of_shows_may_have_one_title(tmp_path) -> None:
    new(tmp_path / "net")
    rows = (
        f'<outline type="rss" text="{"织机与编织的故事" * 4}" xmlUrl="https://a.example/{n}"/>' for n in range(3000)
    )
    (tmp_path / "shows.opml").write_text(f'<opml version="2.0"><body>{"".join(rows)}</body></opml>', "utf-8")
    start = process_time()
    added = list(add_shows(tmp_path / "net", [], tmp_path / "shows.opml"))
    assert process_time() - start < 10
    assert added[1] == f"{added[0][:50].rstrip('-')}-2" and added[2999].endswith("-3000")


def test_the_title_of_a_feed_is_read(feed, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(hub_file, "fetch", lambda url: Source(url, feed.read_bytes() if "feed" in url else b"<html>"))
    new(tmp_path / "net")
    added = add_shows(tmp_path / "net", ["https://bridges.example/feed"], None)
    assert added == {"bridges-and-tunnels": {"title": "Bridges and Tunnels", "feed": "https://bridges.example/feed"}}
    with pytest.raises(ResourceError, match=r"this is not a feed; give the address"):
        add_shows(tmp_path / "net", ["https://bridges.example/"], None)
    with pytest.raises(UsageError, match="no such folder"):
        add_shows(tmp_path / "net", ["nowhere"], None)
    with pytest.raises(UsageError, match=r"imports feeds only from web addresses; create a knowledge base"):
        add_shows(tmp_path / "net", [str(feed)], None)


def test_a_missing_extra_is_reported(tmp_path, monkeypatch) -> None:
    new(tmp_path / "net")
    (tmp_path / "net/hub.yml").write_text("title: T\nshows: {a: {folder: a}}\n", "utf-8")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r'Dask is not installed; .*pip install "\.\[hub\]"'):
        run_hub(tmp_path / "net", None, 1, None, print)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(UsageError, match=r'pip install "\.\[hub\]"'):
        Store(str(tmp_path))


def test_an_unknown_store_and_a_missing_scheduler_are_reported(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("mlguide_site.hub.run.CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="write a folder or an address such as s3://"):
        Store("tape://drive/hub")
    new(tmp_path / "net")
    (tmp_path / "net/hub.yml").write_text("title: T\nshows: {a: {folder: a}}\n", "utf-8")
    with pytest.raises(ResourceError, match="check that the scheduler runs"):
        run_hub(tmp_path / "net", "tcp://127.0.0.1:9", 1, None, print)
    with pytest.raises(ResourceError, match="missing port number"):
        run_hub(tmp_path / "net", "nowhere", 1, None, print)


def test_workers_that_cannot_start_are_reported(tmp_path, monkeypatch) -> None:
    """On a disk that is almost full, Dask raises RuntimeError."""
    monkeypatch.setattr("distributed.LocalCluster", Mock(side_effect=RuntimeError("Nanny failed to start.")))
    new(tmp_path / "net")
    (tmp_path / "net/hub.yml").write_text("title: T\nshows: {a: {folder: a}}\n", "utf-8")
    with pytest.raises(ResourceError, match=r"Nanny failed to start.; free some space and memory"):
        run_hub(tmp_path / "net", None, 1, None, print)


def test_the_schema_is_in_the_checkout(golden) -> None:
    golden(CHECKOUT / "schemas/hub.schema.json", dump_schema(Hub.model_json_schema()))


def test_a_show_has_the_name_of_its_repository(tmp_path) -> None:
    new(tmp_path / "net")
    add_shows(tmp_path / "net", ["git@mill.example:oak/.git", "https://git.example/o/elm.git/"], None)
    assert [show.title for show in read_hub(tmp_path / "net").hub.shows.values()] == ["oak", "elm"]


@pytest.mark.parametrize(
    "path",
    ["hub.yml", "knowledge", "site", "site/shows", "store", "store/_hub", "store/shows/oak", ".mlguide/published"],
)
def test_symbolic_links_in_a_hub_are_not_followed(tmp_path, path) -> None:
    root, other = tmp_path / "net", tmp_path / "other"
    new(root)
    add_shows(root, ["https://git.example/o/oak.git"], None)
    other.mkdir()
    (other / "kept.txt").write_text("x", "utf-8")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).unlink(missing_ok=True)
    target = tmp_path / "hub.yml"
    target.write_text("title: T\nshows: {oak: {git: https://git.example/o/oak.git}}\n", "utf-8")
    (root / path).symlink_to(target if path == "hub.yml" else other)
    with pytest.raises(ContentError, match="goes through a symbolic link"):
        run_hub(root, None, 1, None, print)
    assert [one.name for one in other.iterdir()] == ["kept.txt"]


def test_a_site_is_not_published_through_a_symbolic_link(tmp_path) -> None:
    site, other = tmp_path / "net/site", tmp_path / "other"
    for folder in (site, other, tmp_path / "net/.mlguide", tmp_path / "fresh/assets"):
        folder.mkdir(parents=True)
    (site / "assets").symlink_to(other)
    (tmp_path / "fresh/assets/site.css").write_text("a {}", "utf-8")
    place = str(tmp_path / "store")
    name = Store(place).write("_hub/1.site.zip", packed(tmp_path / "fresh"))
    with pytest.raises(ContentError, match="goes through a symbolic link"):
        publish_site(tmp_path / "net", place, HUB, Record(site=name))
    assert not list(other.iterdir())

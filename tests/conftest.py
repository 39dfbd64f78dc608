"""Shared fixtures: golden results, commands, the bundled knowledge base, which is built once, and a browser."""

import filecmp
import gc
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

import mkdocs_incremental
import mlguide_site
import warm
from browser import chromium, server
from threats import hostile as hostile_contents

if TYPE_CHECKING:
    from mlguide_site.linking.linked_catalog import LinkedCatalog

# no deadline, because machines can be busy; in CI, each run tries the same examples
settings.register_profile("steady", deadline=None, derandomize=chromium.in_ci())
settings.load_profile("steady")
# no test needs its files after a loss of power, and the disk would take minutes
os.fsync = lambda _file: None

# collections of garbage take much time if they look at all tests
gc.set_threshold(100_000, 50, 100)

CHECKOUT = Path(__file__).parents[1]
ROOT_PARTS = ("mkdocs.yml", "episodes", "pages", "knowledge", "templates", "schemas", ".mlguide")
"""The parts of the checkout that form a root. Everything else belongs to the program."""
KEPT = 3  # number of states of the program whose sites are kept
# variables that would change builds or outputs
UNWANTED = ("MLGUIDE_SITE_URL", "MLGUIDE_EDIT_URL", "SITE_URL", "NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite expected results instead of comparing with them")


FULL = (
    *("tests/faults/", "tests/engines/", "tests/properties/", "tests/seeds/", "tests/test_benchmarks.py"),
    *("tests/hub/test_hub_clusters.py", "tests/hub/test_show_task.py", "tests/hosting/test_forms_workflow.py"),
    *("tests/incremental/test_any_edits.py", "tests/incremental/test_killed.py", "tests/linking/test_bounds.py"),
    *("tests/importers/unit/test_feed_limits.py", "tests/test_promises.py", "tests/test_packaging.py"),
    *("tests/test_serve.py", "tests/cli/test_vocabulary_commands.py", "tests/threats/test_disk.py"),
    *(f"tests/browser/test_{name}.py" for name in ("graph", "hostile", "offline", "pages", "places", "previews")),
    *(f"tests/browser/test_{name}.py" for name in ("quality", "resources", "without_parts")),
)
"""The folders and files of tests that take minutes. `make test` skips them, and all tests that are marked as slow."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """If only slow tests are wanted, don't read files without them, because reading all files takes long."""
    if config.option.markexpr != "full" or collection_path.suffix != ".py":
        return None
    is_full = collection_path.relative_to(CHECKOUT).as_posix().startswith(FULL)
    return None if is_full or re.search(r"mark\.(?:slow|full)", collection_path.read_text("utf-8")) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark slow tests as full. Tests of whole commands come first, because the last test should be a short one."""
    items.sort(key=lambda item: item.path.parent != CHECKOUT / "tests")
    for item in items:
        if item.path.relative_to(CHECKOUT).as_posix().startswith(FULL) or item.get_closest_marker("slow"):
            item.add_marker("full")


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


TOGETHER = (
    *("tests/browser/", "tests/engines/test_same_site.py", "tests/faults/", "tests/hub/test_hub_", "tests/pages/"),
    *("tests/importers/unit/test_fetch.py", "tests/incremental/test_conversion.py", "tests/publish/test_built.py"),
    *("tests/seeds/", "tests/test_architecture.py", "tests/test_docs.py", "tests/test_packaging.py"),
)
"""The folders and files of tests that share a Chromium, a built site or a server with others of their file."""


class FilesTogether(LoadScopeScheduling):
    """Runs the tests of each of these files in one process, and all other tests wherever a process is free."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path.startswith(TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesTogether:
    return FilesTogether(config, log)


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat this machine's address as public, so that a test can fetch from its own server."""
    from mlguide_site.merge import fetch

    is_public = fetch.is_public
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1" or is_public(address))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the file of the expected text. With `--accept`, rewrite the file instead."""

    def compare(expected: Path, text: str) -> None:
        if request.config.getoption("--accept"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            if not expected.exists() or expected.read_text("utf-8") != text:
                expected.write_text(text, "utf-8", newline="\n")
            return
        assert expected.exists(), f"{expected.name} is missing; make accept writes it"
        assert text == expected.read_text("utf-8"), f"{expected.name} differs; review, then make accept"

    return compare


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder of the repository."""
    return CHECKOUT


FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
<title>Bridges and Tunnels</title>
<link>https://bridges.example/</link>
<description>How crossings are planned, built and kept.</description>
<language>en</language>
<item>
<title>Hanging by a Cable</title>
<link>https://bridges.example/cable</link>
<guid isPermaLink="false">bridges-1</guid>
<pubDate>Mon, 03 Mar 2025 06:00:00 GMT</pubDate>
<itunes:episode>1</itunes:episode>
<itunes:duration>31:05</itunes:duration>
<enclosure url="https://bridges.example/audio/1.mp3" type="audio/mpeg" length="29840000"/>
<description><![CDATA[<p>Why a long span hangs instead of standing.</p><h2>Anchors</h2><ul><li><b>Rock</b>: holds
the cable where there is any.</li><li>A block of concrete does it elsewhere.</li></ul>]]></description>
</item>
<item>
<title>Under the Harbour</title>
<link>https://bridges.example/harbour</link>
<guid isPermaLink="false">bridges-2</guid>
<pubDate>Mon, 10 Mar 2025 06:00:00 GMT</pubDate>
<itunes:episode>2</itunes:episode>
<itunes:duration>00:28:40</itunes:duration>
<enclosure url="https://bridges.example/audio/2.mp3" type="audio/mpeg" length="27520000"/>
<description><![CDATA[<p>Sinking a tunnel in pieces, which episode 1 only hinted at. See the
<a href="https://bridges.example/plans">plans</a>.</p>]]></description>
</item>
</channel></rss>
"""


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """A file with the feed of a small show, which has two episodes."""
    path = tmp_path / "source" / "bridges.xml"
    path.parent.mkdir()
    path.write_text(FEED, "utf-8")
    return path


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the original sources. Tests are skipped if it isn't beside the checkout."""
    folder = CHECKOUT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the original sources are not beside the checkout")
    return folder


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder, by path. Returns the folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def everything(root: Path) -> dict[str, bytes]:
    """Return the contents of all files below a folder, by path, but without locks."""
    return {path: data for path, data in sorted(tree(root).items()) if path.rpartition("/")[2] != "lock"}


Finished = subprocess.CompletedProcess[str]
Run = Callable[..., Finished]


def run_command(*arguments: str | Path, cwd: Path, status: int | None = 0, **variables: str) -> Finished:
    """Run a command of this environment in a folder. Its exit status must be `status`, unless `status` is None."""
    environment = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    binaries = Path(sys.executable).parent
    environment["PATH"] = f"{binaries}{os.pathsep}{environment.get('PATH', '')}"
    program = shutil.which(str(arguments[0]), path=environment["PATH"])
    assert program, f"{arguments[0]} is not installed"
    command = [program, *map(str, arguments[1:])]
    cold = os.name == "nt" or any(name.startswith(warm.INTERPRETER) for name in variables)
    if arguments[0] in ("mlguide", "mkdocs") and not cold:
        command = [*warm.client(), *command]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    said = f"{' '.join(map(str, arguments))} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback (most recent call last)" not in done.stderr, said
    assert status is None or done.returncode == status, said
    return done


@pytest.fixture(scope="session")
def run() -> Run:
    """`run("mlguide", "build", cwd=folder, status=0, TZ="UTC")` returns the finished command. Its output is text."""
    return run_command


def copy_root(target: Path) -> Path:
    """Copy the bundled knowledge base, without built files. In an earlier copy, restore what differs, and keep the site
    and the caches. Returns the copy."""
    sources = [source for name in ROOT_PARTS for source in ((CHECKOUT / name).rglob("*"), [CHECKOUT / name])]
    files = [path for found in sources for path in found if path.is_file()] + [*CHECKOUT.glob("build/*/.gitkeep")]
    wanted = {target / path.relative_to(CHECKOUT): path for path in files}
    for path in [path for path in target.rglob("*") if path.is_file() and path not in wanted]:
        if path.relative_to(target).parts[0] not in ("build", "site"):
            path.unlink()
    for path, source in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not (path.exists() and filecmp.cmp(source, path, shallow=False)):
            shutil.copy2(source, path)
    return target


@dataclass(frozen=True)
class Built:
    """A root, and the site that was built from it."""

    root: Path
    site: Path


@pytest.fixture(scope="session")
def shared_sites() -> Path:
    """The folder of the sites that tests share. Later runs use the same sites until the program, its packages or the
    bundled knowledge base changes."""
    parts = (*ROOT_PARTS, "trim_theme", "tests/threats/hostile.py", "tests/conftest.py")
    places = [
        *map(CHECKOUT.joinpath, parts),
        *(Path(module.__file__).parent for module in (mlguide_site, mkdocs_incremental)),
    ]
    found = {path for place in places for path in (place, *place.rglob("*")) if path.is_file()}
    state = hashlib.sha256(sys.version.encode())
    for package in sorted(f"{package.name} {package.version}" for package in distributions()):
        state.update(package.encode())
    for path in sorted(path for path in found if path.suffix != ".pyc"):
        state.update(str(path).encode() + path.read_bytes())
    folder = CHECKOUT / ".pytest_cache" / "sites"
    own = folder / state.hexdigest()[:16]
    own.mkdir(parents=True, exist_ok=True)
    own.touch()
    for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return own


@contextmanager
def built_once(root: Path) -> Iterator[bool]:
    """Yield True if a root has no complete site. The block then builds it, and no other process does."""
    with FileLock(root.with_suffix(".lock")):
        is_missing = not (root / "site.done").exists()
        if is_missing:
            shutil.rmtree(root, ignore_errors=True)
        yield is_missing
        (root / "site.done").touch()


@pytest.fixture(scope="session")
def build_once(shared_sites: Path) -> Callable[..., Built]:
    """`build_once(name, **variables)` returns the bundled knowledge base, built once and shared. Don't change it."""

    def build(name: str, **variables: str) -> Built:
        root = shared_sites / name
        with built_once(root) as is_missing:
            if is_missing:
                copy_root(root)
                run_command("mlguide", "build", "--strict", cwd=root, **variables)
        return Built(root, root / "site")

    return build


@pytest.fixture(scope="session")
def bundled(build_once: Callable[..., Built]) -> Built:
    """The bundled knowledge base, built without a configured URL. Don't change it."""
    return build_once("bundled")


@pytest.fixture
def bundled_copy(bundled: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the bundled knowledge base, which the test may change. It has the site and caches of earlier tests."""
    target = tmp_path_factory.getbasetemp() / "copy"
    if not target.exists():
        shutil.copytree(bundled.root, target, symlinks=True)
    return copy_root(target)


ADDRESS = "https://kb.example/name/"


@pytest.fixture(scope="session")
def addressed(build_once: Callable[..., Built]) -> Built:
    """The bundled knowledge base, built for the URL `ADDRESS`. Don't change it."""
    return build_once("addressed", MLGUIDE_SITE_URL=ADDRESS)


@pytest.fixture(scope="session")
def hostile(shared_sites: Path) -> Built:
    """A root with hostile content and an imported hostile feed, built for the URL `ADDRESS`. Don't change it."""
    root = shared_sites / "hostile"
    with built_once(root) as is_missing:
        if is_missing:
            run_command("mlguide", "init", root, "--title", "Hostile", "--site-url", ADDRESS, cwd=shared_sites)
            hostile_contents.write_root(root)
            feed = root.with_suffix(".xml")
            feed.write_text(hostile_contents.feed(), "utf-8")
            run_command("mlguide", "-C", root, "import", feed, cwd=shared_sites)
            run_command("mlguide", "build", cwd=root)
    return Built(root, root / "site")


@pytest.fixture(scope="session")
def top(bundled: Built) -> Iterator[str]:
    """The URL of the site, served at the top of its host."""
    with server.serve(bundled.site) as url:
        yield url


@pytest.fixture(scope="session")
def below(addressed: Built) -> Iterator[str]:
    """The URL of the site that is built for `ADDRESS`, served below the same path."""
    with server.serve(addressed.site, "/name/") as url:
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Playwright's own fixture. The system's Chromium replaces the downloaded browser."""
    arguments = chromium.launch_arguments()
    if arguments["executable_path"] is None:
        if chromium.in_ci():
            pytest.fail("no Chromium was found, and in CI the browser tests are never skipped")
        pytest.skip("no Chromium was found; install it, or set CHROMIUM to its path")
    return arguments


@pytest.fixture
def linked(tmp_path: Path) -> "Callable[[Mapping[str, str]], LinkedCatalog]":
    """Return a linked catalog from texts by path. An id (`a-001`) as a key stands for the path of that note. The text
    of such a note has the front matter without id and title, a line `---`, and the body."""

    def make(texts: Mapping[str, str]) -> "LinkedCatalog":
        # imported here because most tests need neither
        from mlguide_site.pipeline import examine

        for name, text in texts.items():
            path = name
            if "/" not in name:
                path = f"episodes/{name.split('-')[0]}/{name}.md"
                text = f"---\nid: {name}\ntitle: Title of {name}\n{text}\n"
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        examined = examine(tmp_path)
        errors = [str(problem) for problem in examined.problems if problem.severity == "error"]
        assert not errors, errors
        return examined.linked

    return make

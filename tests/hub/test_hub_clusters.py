"""Tests of a hub on a cluster: a scheduler and two workers that other commands started, and a store on an S3 server."""

import importlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conftest import write_files
from hub.test_hub_builds import NOTE
from mlguide_site.editing.scaffold import root_files
from mlguide_site.errors import ResourceError
from mlguide_site.hub.hub_file import add_shows, init_hub
from mlguide_site.hub.store import Store, tree_digest

BUCKET = "s3://shows/hub"
TRIES = {"worker": 20, "client": 10, "scheduler": 5} if os.environ.get("MLGUIDE_FAULTS") == "all" else {"scheduler": 1}
"""How often each kind of process is killed at a random moment. `make fuzz` tests all."""
DASK = str(Path(sys.executable).with_name("dask"))


@pytest.fixture(scope="module")
def settings():
    """The environment of all processes: the address and the credentials of an S3 server on this machine."""
    # imported here, because the import takes a second
    server = importlib.import_module("moto.server").ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    yield {**os.environ, **keys, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    server.stop()


class Cluster(NamedTuple):
    """The address of a scheduler, its process, and the processes of two workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def cluster(folder: Path, settings: dict[str, str]) -> Iterator[Cluster]:
    """Start a scheduler and two workers over TCP. The workers use `folder` for temporary files."""
    folder.mkdir(exist_ok=True)
    quiet: Any = {"env": settings, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    file = folder / "scheduler.json"
    here = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard"]
    scheduler = subprocess.Popen([DASK, "scheduler", *here, "--port", "0"], **quiet)
    worker = [DASK, "worker", *here, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    workers = tuple(subprocess.Popen(worker, **quiet) for _ in range(2))
    try:
        end = time.monotonic() + 60
        while not file.is_file() or not file.read_text("utf-8").strip():
            assert time.monotonic() < end, "the scheduler doesn't start"
            time.sleep(0.1)
        yield Cluster(json.loads(file.read_text("utf-8"))["address"], scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def shared(tmp_path_factory, settings):
    """A cluster that all tests use."""
    with cluster(tmp_path_factory.mktemp("cluster"), settings) as started:
        yield started


def new_hub(folder: Path) -> Path:
    """Create a hub of two folders."""
    root = folder / "net"
    init_hub(root, "Mills", "https://mills.example/")
    for name in ("north-mill", "south-mill"):
        files = root_files(name) | {
            f"episodes/{name}/{name}-001.md": NOTE.replace("mill-001", f"{name}-001").encode(),
            "knowledge/series.yml": f"{name}: {{title: {name}}}\n".encode(),
            "knowledge/tools.yml": b"weavedesk: {name: Weavedesk}\n",
        }
        write_files(folder / name, files)
    add_shows(root, [str(folder / "north-mill"), str(folder / "south-mill")], None)
    return root


def command(root: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "mlguide_site", "-C", str(root), "hub", "build", *options]


def hub(root: Path, settings: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    options = ("--workers", "1", *options)
    return subprocess.run(
        command(root, *options), env=settings, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_cluster_with_an_s3_store_gives_the_same_bytes_as_this_machine_with_a_folder(
    tmp_path, settings, shared
) -> None:
    root = new_hub(tmp_path)
    done = hub(root, settings, "--scheduler", shared.address, "--store", BUCKET)
    assert done.returncode == 0 and "2 shows (2 built), 1 shared entry page" in done.stderr, done.stderr
    first = tree_digest(root / "site")
    assert not (root / "store").exists(), "all results are on the server"
    again = hub(root, settings, "--scheduler", shared.address, "--store", BUCKET)
    assert again.returncode == 0 and "2 shows (2 unchanged), 1 shared entry page" in again.stderr, again.stderr
    alone = hub(root, settings)
    assert alone.returncode == 0 and "2 shows (2 built)" in alone.stderr, alone.stderr
    assert tree_digest(root / "site") == first


def test_a_store_that_refuses_is_reported(tmp_path, settings, monkeypatch) -> None:
    """No show can be built without the store, and the message says why."""
    changes = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    done = hub(new_hub(tmp_path), {**settings, **changes}, "--store", BUCKET)
    assert done.returncode == 3, done.stderr
    assert "the store failed: Could not connect to the endpoint" in done.stderr and "Traceback" not in done.stderr
    for name, value in {**settings, "AWS_ACCESS_KEY_ID": "", "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ResourceError, match="the store failed: Unable to locate credentials"):
        Store(BUCKET).read("x")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, settings) -> tuple[str, float]:
    """The digest of the site of a build without faults, and its seconds on a cluster."""
    folder = tmp_path_factory.mktemp("undisturbed")
    root = new_hub(folder)
    with cluster(folder / "work", settings) as started:
        start = time.monotonic()
        done = hub(root, settings, "--scheduler", started.address)
        assert done.returncode == 0, done.stderr
        return tree_digest(root / "site"), time.monotonic() - start


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(TRIES))
def test_after_a_kill_the_next_build_has_the_same_bytes(tmp_path, settings, undisturbed, kind) -> None:
    """The command ends, says what happened, and nothing is lost, whatever is killed and when."""
    digest, seconds = undisturbed
    chance, killed = random.Random(kind), 0
    for number in range(4 * TRIES[kind]):
        if killed == TRIES[kind]:
            break
        folder = tmp_path / str(number)
        folder.mkdir()
        root = new_hub(folder)
        with cluster(folder / "work", settings) as started:
            options = ("--scheduler", started.address)
            client = subprocess.Popen(command(root, *options), env=settings, stderr=subprocess.PIPE, text=True)
            victim = {"client": client, "scheduler": started.scheduler, "worker": started.workers[0]}[kind]
            time.sleep(chance.random() * seconds)
            running = client.poll() is None
            victim.kill()
            said = client.communicate(timeout=120)[1]
            killed += running
            assert client.returncode in ((0, -9) if kind == "client" else (0, 3)), said
            assert "Traceback" not in said, said
            if kind == "worker":
                assert tree_digest(root / "site") == digest, "the other worker finishes the build"
        done = hub(root, settings)
        assert done.returncode == 0, done.stderr
        assert tree_digest(root / "site") == digest, f"kill {number}"
        shutil.rmtree(folder)
    assert killed == TRIES[kind]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs")
def test_a_full_disk_of_the_workers_is_reported_and_nothing_is_lost(tmp_path, settings, undisturbed) -> None:
    root, small = new_hub(tmp_path), tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        with cluster(small, settings) as started:
            done = hub(root, settings, "--scheduler", started.address)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
    assert done.returncode in (1, 3) and "No space left" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert hub(root, settings).returncode == 0
    assert tree_digest(root / "site") == undisturbed[0]

"""Tests of a hub on a cluster: a scheduler and two workers that other commands started, and a store on an S3 server."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from hub.test_hub_builds import NOTE
from mlguide_site.editing.scaffold import root_files
from mlguide_site.hub.hub_file import add_shows, init_hub
from mlguide_site.hub.store import tree_digest

BUCKET = "s3://shows/hub"
DASK = str(Path(sys.executable).with_name("dask"))


@pytest.fixture(scope="module")
def settings():
    """The environment of all processes: the address and the credentials of an S3 server on this machine."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    yield {**os.environ, **keys, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    server.stop()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory, settings):
    """The address of a scheduler that has two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    quiet = {"cwd": folder, "env": settings, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    file = folder / "scheduler.json"
    head = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    started = [subprocess.Popen([DASK, *head], **quiet)]
    worker = ["worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard"]
    started += [subprocess.Popen([DASK, *worker, "--local-directory", str(folder)], **quiet) for _ in range(2)]
    end = time.monotonic() + 60
    while not file.is_file() or not file.read_text("utf-8").strip():
        assert time.monotonic() < end, "the scheduler doesn't start"
        time.sleep(0.1)
    yield next(part for part in file.read_text("utf-8").split('"') if part.startswith("tcp://"))
    for process in started:
        process.terminate()
    for process in started:
        process.wait(30)


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
        for path, data in files.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_bytes(data)
    add_shows(root, [str(folder / "north-mill"), str(folder / "south-mill")], None)
    return root


def hub(root: Path, settings: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mlguide_site", "-C", str(root), "hub", "build", *options]
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=300, check=False)


def test_a_cluster_with_an_s3_store_gives_the_same_bytes_as_this_machine_with_a_folder(
    tmp_path, settings, scheduler
) -> None:
    root = new_hub(tmp_path)
    done = hub(root, settings, "--scheduler", scheduler, "--store", BUCKET)
    assert done.returncode == 0 and "2 shows (2 built), 1 shared entry page" in done.stderr, done.stderr
    first = tree_digest(root / "site")
    assert not (root / "store").exists(), "all results are on the server"
    again = hub(root, settings, "--scheduler", scheduler, "--store", BUCKET)
    assert again.returncode == 0 and "2 shows (2 unchanged)" in again.stderr, again.stderr
    alone = hub(root, settings, "--workers", "1")
    assert alone.returncode == 0 and "2 shows (2 built)" in alone.stderr, alone.stderr
    assert tree_digest(root / "site") == first


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "Could not connect to the endpoint URL"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_EC2_METADATA_DISABLED": "true"}, "Unable to locate credentials"),
    ],
)
def test_a_store_that_refuses_is_reported(tmp_path, settings, changes, reason) -> None:
    """No show can be built without the store, and the message says why."""
    done = hub(new_hub(tmp_path), {**settings, **changes}, "--workers", "1", "--store", BUCKET)
    assert done.returncode == 3, done.stderr
    assert f"the store failed: {reason}" in done.stderr and "Traceback" not in done.stderr

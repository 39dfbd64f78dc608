"""The workflow that publishes a version of this program, and the program's own use of the shared workflows."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import CHECKOUT, write_files
from hosting.conftest import ROOT
from hosting.sandbox import Sandbox
from mlguide_site.editing.scaffold import root_files
from mlguide_site.version import __version__

pytestmark = pytest.mark.slow
RELEASE = ".github/workflows/release.yml"
PARTS = "action action.yml .ci .github src templates schemas pyproject.toml README.md LICENSE CHANGELOG.md".split()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A host with the program, and with a small root at the top of the repository."""
    settings = root_files("Wool notes")["mkdocs.yml"].decode() + 'site_url: !ENV [MLGUIDE_SITE_URL, ""]\n'
    folder = write_files(tmp_path / "program", {**ROOT, "mkdocs.yml": settings})
    for name in PARTS:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(CHECKOUT / name, folder / name)
    sandbox = Sandbox(tmp_path, folder)
    yield sandbox
    sandbox.host.stop()


def test_a_tag_publishes_the_version_with_its_notes(sandbox: Sandbox) -> None:
    sandbox.git("tag", f"v{__version__}", "main")
    done = sandbox.run(RELEASE, "push", {}, f"refs/tags/v{__version__}")
    assert done.ok, done.log
    assert set(done.jobs.values()) == {"success"}
    (release,) = sandbox.host.releases
    assert release["tag_name"] == f"v{__version__}"
    section = (CHECKOUT / "CHANGELOG.md").read_text("utf-8").partition(f"\n## {__version__},")[2].partition("\n\n")[2]
    assert release["body"].strip() == section.partition("\n## ")[0].strip()
    installs = sandbox.installs.read_text("utf-8")
    assert installs.count(f"pip install --no-deps dist/mlguide-{__version__}-py3-none-any.whl") == 3


def test_another_tag_publishes_nothing(sandbox: Sandbox) -> None:
    sandbox.git("tag", "v99.0.0", "main")
    done = sandbox.run(RELEASE, "push", {}, "refs/tags/v99.0.0")
    assert done.jobs == {"build": "failure", "test": "skipped", "publish": "skipped", "notes": "skipped"}
    assert "the tag v99.0.0 is not the version" in done.log and not sandbox.host.releases


def test_this_repository_publishes_itself_with_its_own_action(sandbox: Sandbox) -> None:
    done = sandbox.run(".github/workflows/publish.yml", "push", {})
    assert done.ok, done.log
    assert "Shearing" in (sandbox.pages / "episodes/wool/wool-001/index.html").read_text("utf-8")

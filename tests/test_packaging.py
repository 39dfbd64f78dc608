"""Tests of the wheel, the sdist and the editable install: each can build a root that `init` created."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (CHECKOUT / "requirements.lock").read_text("utf-8")
PINS = {
    name: (version, extras)
    for name, extras, version in re.findall(r"^([a-z0-9-]+)(?:\[([a-z0-9,-]+)\])?==(\S+) \\$", LOCK, re.M)
}
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
}


def python(*arguments: str | Path, cwd: Path) -> str:
    """Run this environment's Python, which must succeed. Returns the output."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    """A folder with the sdist, and with the wheel that is built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--outdir", folder, CHECKOUT, cwd=folder)
    return folder


def only(folder: Path, pattern: str) -> Path:
    """Return the only file that matches a pattern."""
    (found,) = folder.glob(pattern)
    return found


@pytest.fixture(scope="module")
def contents(dist) -> set[str]:
    with zipfile.ZipFile(only(dist, "*.whl")) as wheel:
        return set(wheel.namelist())


@pytest.mark.slow
def test_the_wheel_holds_templates_and_schemas(contents) -> None:
    files = [path for folder in ("templates", "schemas") for path in (CHECKOUT / folder).rglob("*") if path.is_file()]
    names = [path.relative_to(CHECKOUT).as_posix() for path in files if not path.name.startswith(".")]
    assert names
    assert {f"mlguide_site/{name}" for name in names} <= contents


@pytest.mark.slow
def test_the_wheel_holds_nothing_but_the_packages(contents) -> None:
    others = {name.split("/")[0] for name in contents} - {"mlguide_site", "mkdocs_incremental"}
    assert len(others) == 1
    assert others.pop().endswith(".dist-info")
    assert not [name for name in contents if "__pycache__" in name or name.endswith(".pyc")]


@pytest.mark.slow
def test_the_sdist_holds_what_its_tests_need(dist) -> None:
    with tarfile.open(only(dist, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "pyproject.toml",
        "requirements.lock",
        "Makefile",
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
    }
    wanted |= {"mkdocs.yml", "tests/conftest.py", "build/pages/.gitkeep", "build/theme/.gitkeep"}
    wanted |= {"benchmarks/bench.py", "trim_theme/parts_left_out.py"}
    assert wanted <= names


def environment(folder: Path) -> Path:
    """Create a virtual environment that can also import this environment's packages, so that nothing is downloaded.

    Python ignores `.pth` files in folders that another `.pth` file names. So this environment's editable install is not
    visible in the new environment.
    """
    python("-m", "venv", "--without-pip", folder, cwd=folder.parent)
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    inner = binaries / ("python.exe" if os.name == "nt" else "python")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([inner, "-c", ask], capture_output=True, text=True, check=True).stdout.strip())
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return inner


@pytest.mark.slow
@pytest.mark.parametrize("form", ["wheel", "sdist", "editable"])
def test_an_install_builds_a_root(form, dist, feed, run, tmp_path) -> None:
    inner = environment(tmp_path / "env")
    what = {"wheel": [only(dist, "*.whl")], "sdist": [only(dist, "*.tar.gz")], "editable": ["--editable", CHECKOUT]}[
        form
    ]
    install = ("-m", "pip", "--python", inner, "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    python(*install, "--force-reinstall", *what, cwd=tmp_path)
    where = subprocess.run(
        [inner, "-c", "import mlguide_site; print(mlguide_site.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert Path(where).is_relative_to(CHECKOUT / "src" if form == "editable" else tmp_path / "env")
    program = next(inner.parent.glob("mlguide*"))
    run(program, "init", "kb", "--feed", feed, cwd=tmp_path)
    run(program, "-C", "kb", "build", "--strict", cwd=tmp_path)
    assert (tmp_path / "kb" / "site" / "index.html").is_file()
    assert len(list((tmp_path / "kb" / "site").glob("episodes/*/*/index.html"))) == 2


OWN = {"mlguide_site", "mkdocs_incremental"}


def imported() -> Iterator[tuple[Path, str]]:
    """Yield the path of each of the project's modules with the name of each package that it imports."""
    for path in sorted((CHECKOUT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            yield from ((path, name.split(".")[0]) for name in names)


def test_the_libraries_that_the_project_promises_do_their_jobs() -> None:
    promised = {"feedparser", "frontmatter", "jinja2", "mkdocs", "yaml"}
    assert promised <= {name for _path, name in imported()}


def test_every_import_is_of_a_declared_dependency() -> None:
    owners = importlib.metadata.packages_distributions()
    extras = [line for name, lines in PROJECT["optional-dependencies"].items() if name != "dev" for line in lines]
    declared = {canonicalize_name(Requirement(line).name) for line in [*PROJECT["dependencies"], *extras]}
    undeclared = set()
    for path, top in imported():
        if top in sys.stdlib_module_names or top in OWN:
            continue
        if not {canonicalize_name(owner) for owner in owners.get(top, [top])} & declared:
            undeclared.add(f"{path.name}: {top}")
    assert not undeclared, sorted(undeclared)


def test_the_lock_names_releases_and_hashes_only() -> None:
    lines = [line for line in LOCK.splitlines() if line and not line.lstrip().startswith("#")]
    pin = re.compile(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==[A-Za-z0-9.+!]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not pin.fullmatch(line)] == []
    assert "://" not in LOCK


def needed(variables: dict[str, str]) -> list[Requirement]:
    """Return all requirements on a system, including development tools, as the installed packages declare them."""
    waiting = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]
    found: dict[str, Requirement] = {}
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in found:
            continue
        found[str(requirement)] = requirement
        try:
            lines = importlib.metadata.requires(requirement.name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for inner in map(Requirement, lines):
            extras = ("", *requirement.extras)
            if inner.marker is None or any(inner.marker.evaluate({**variables, "extra": extra}) for extra in extras):
                waiting.append(inner)
    return list(found.values())


def is_pinned(requirement: Requirement) -> bool:
    """Return whether the lock pins a requirement with its extras. Without the extras, pip would choose a newer release,
    for which the lock has no hash."""
    version, extras = PINS.get(canonicalize_name(requirement.name), ("", ""))
    fits = bool(version) and requirement.specifier.contains(version, prereleases=True)
    return fits and requirement.extras <= set(extras.split(","))


@pytest.mark.parametrize("version", ["3.11", "3.14"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_lock_pins_all_that_a_system_needs(system, version) -> None:
    here = {key: str(value) for key, value in default_environment().items()}
    variables = {**here, **SYSTEMS[system], "python_version": version, "python_full_version": f"{version}.0"}
    unpinned = {str(requirement) for requirement in needed(variables) if not is_pinned(requirement)}
    assert not unpinned, sorted(unpinned)

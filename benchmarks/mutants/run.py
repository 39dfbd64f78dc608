"""Run as `python -m benchmarks.mutants.run [MODULE...]`. Prints every change that no test detects and that isn't
explained.

A change is first tested in a process that has already loaded the tests (`trials.py`). If no test detects it, the change
is tested again in a process that has loaded only the libraries, so that the changed module is imported anew. The exit
status is 1 if a change survives that `survivors.txt` doesn't explain, or if the tests fail without any change.
"""

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from benchmarks.mutants.mutations import Mutation, mutations
from benchmarks.mutants.table import TARGETS
from benchmarks.mutants.trials import SECONDS, Trials

CHECKOUT = Path(__file__).parents[2]
EXPLAINED = Path(__file__).with_name("survivors.txt")
_OPTIONS = ("-x", "-o", "addopts=--doctest-modules --import-mode=importlib", "-p", "no:cacheprovider", "-W", "ignore")
_LIBRARIES = ("html5lib", "hypothesis", "jinja2", "lxml.html", "markdown", "markdown_it", "nh3", "pydantic", "yaml")


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """An import finder that gives one module another source."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(fullname, self, origin=str(self.path)) if fullname == self.name else None

    def get_source(self, fullname: str) -> str:
        return self.source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, str(self.path), "exec", dont_inherit=True)


def main() -> int:
    """Test the changes to the named modules, or to all modules in the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules to change; default: all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="test only every Nth change")
    arguments = parser.parse_args()
    for library in _LIBRARIES:
        importlib.import_module(library)
    failed = False
    for name in arguments.modules or TARGETS:
        failed |= not _one(name, CHECKOUT / "src" / f"{name.replace('.', '/')}.py", arguments.every)
    return int(failed)


def _one(name: str, path: Path, every: int) -> bool:
    """Return whether every change to a module is detected or explained."""
    source = path.read_text("utf-8")
    shown = path.relative_to(CHECKOUT / "src" / "mlguide_site").as_posix()
    tests = [test for test in TARGETS[name] if (CHECKOUT / test).exists()]
    known = explained()
    start = time.perf_counter()
    found = list(mutations(source))[::every]
    tried = survived = strange = 0
    for change, passed in zip(found, _tried(name, source, tests, [change.source for change in found]), strict=False):
        tried += 1
        if passed and _survives(name, path, change.source, tests):
            survived += 1
            if key(shown, change) not in known:
                strange += 1
                print(f"{shown}:{change.line}: survived: {change.what}\n    {change.text}", flush=True)
    if tried < len(found):
        print(f"{shown}: the tests fail without any change", flush=True)
        return False
    seconds = time.perf_counter() - start
    print(
        f"{shown}: {len(found)} changes, {survived} survived, {strange} unexplained; {seconds:.0f} s",
        flush=True,
    )
    return not strange


def key(path: str, change: Mutation) -> str:
    """Return the key of a survivor in the list of explained survivors. The key contains the line's text, because line
    numbers change."""
    return f"{path} | {change.text} | {change.what}"


def explained() -> set[str]:
    """Return the explained survivors: lines of `path | line | change | why`. Lines with `#` are comments."""
    lines = EXPLAINED.read_text("utf-8").splitlines() if EXPLAINED.exists() else []
    return {line.rpartition(" | ")[0] for line in lines if line and not line.startswith("#")}


def _tried(name: str, source: str, tests: Sequence[str], changes: Sequence[str]) -> Iterator[bool]:
    """For each change, return whether it survives, all in one process that has loaded the tests. Return None if the
    tests fail without any change."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)

        def tell(survived: bool) -> None:
            os.write(writing, b"1" if survived else b"0")

        try:
            _settle()
            importlib.import_module(name)
            trials = Trials(name, CHECKOUT, source, changes, tell)
            pytest.main([*_OPTIONS, "--capture=no", "-o", "tmp_path_retention_policy=none", *tests], plugins=[trials])
        finally:
            os._exit(0)
    os.close(writing)
    while told := os.read(reading, 1):
        yield told == b"1"
    os.close(reading)
    os.waitpid(child, 0)


def _survives(name: str, path: Path, source: str, tests: Sequence[str]) -> bool:
    """Return whether the tests pass with a changed module. A change that makes them too slow counts as detected."""
    child = os.fork()
    if child == 0:
        _run(name, path, source, tests)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _run(name: str, path: Path, source: str, tests: Sequence[str]) -> None:
    """Run the tests in this process, and exit."""
    status = 1
    # of the processor's, so that a busy machine notices nothing by itself
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        _settle()
        sys.meta_path.insert(0, _Changed(name, path, source))
        # before the tests, one of which runs the module's own examples
        importlib.import_module(name)
        # one file after the other: the rest needn't even be read where the first notices the change
        for test in tests:
            status = int(pytest.main([*_OPTIONS, "-q", test]))
            if status:
                break
    finally:
        os._exit(status)


def _settle() -> None:
    """Prepare this forked process for loading the tests, and suppress its output."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.chdir(CHECKOUT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests"), str(CHECKOUT / "src")]


if __name__ == "__main__":
    sys.exit(main())

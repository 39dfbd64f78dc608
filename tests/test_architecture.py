"""Tests of the architecture: allowed imports and the size of modules. The table below defines the allowed imports.

All imports count, including those for type checkers and those inside functions.
"""

import ast
import re
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from mlguide_site.importers.formats import IMPORTERS

PACKAGE = "mlguide_site"
SOURCE = Path(__file__).parents[1] / "src" / PACKAGE
INCREMENTAL = SOURCE.parent / "mkdocs_incremental"
MAX_LINES = 500

# A row may import from the rows above it. Entries of the same row don't import one another.
LAYERS = (
    ("version", "errors"),
    ("progress",),
    ("model",),
    ("config",),
    ("markdown",),
    ("content",),
    ("recovery",),
    ("importers",),
    ("linking",),
    ("merge",),
    ("pages",),
    ("publish",),
    ("checks",),
    ("editing",),
    ("search",),
    ("build",),
    ("pipeline",),
    ("mkdocs_plugin",),
    ("hub",),
    ("cli",),
    ("__main__",),
)
RANK = {unit: rank for rank, layer in enumerate(LAYERS) for unit in layer}
FORMATS = frozenset(importer.name for importer in IMPORTERS)

MODULES = {
    ".".join(("mlguide_site", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(SOURCE.rglob("*.py"))
}


@cache
def imports(module: str) -> list[tuple[str, int]]:
    """Return the modules of the package that a module imports, with their lines."""
    found: list[tuple[str, int]] = []
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *([base] if base else [])])
            names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names]
        else:
            continue
        found += [(name, node.lineno) for name in names if name == PACKAGE or name.startswith(f"{PACKAGE}.")]
    return found


def unit(module: str) -> str:
    """Return the entry of the table that a module belongs to, or an empty string for the package itself."""
    parts = module.split(".")[1:]
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in RANK), parts[0] if parts else "")


def test_every_module_has_a_layer() -> None:
    unplaced = sorted({unit(module) for module in MODULES} - {""} - set(RANK))
    assert not unplaced, f"add these to LAYERS: {', '.join(unplaced)}"


def test_imports_point_downwards() -> None:
    wrong = [
        f"{module}:{line} imports {target}"
        for module in MODULES
        for target, line in imports(module)
        if unit(module) and unit(target) != unit(module) and RANK.get(unit(target), -1) >= RANK.get(unit(module), 99)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_is_part_of_a_cycle() -> None:
    graph = {module: {target for target, _ in imports(module)} for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_imports_name_modules_that_exist() -> None:
    wrong = [
        f"{module}:{line} imports {target}"
        for module in MODULES
        for target, line in imports(module)
        if target not in MODULES and target != PACKAGE
    ]
    assert not wrong, "\n".join(wrong)


def format_of(module: str) -> str:
    """Return the source format of a module in `importers`, or an empty string if the module serves all formats."""
    room, _, name = module.removeprefix(f"{PACKAGE}.").partition(".")
    format = re.split(r"[._]", name)[0]
    return format if room == "importers" and format in FORMATS else ""


def test_mkdocs_incremental_imports_nothing_of_ours() -> None:
    wrong = [path.name for path in sorted(INCREMENTAL.rglob("*.py")) if PACKAGE in path.read_text("utf-8")]
    assert not wrong, f"mkdocs_incremental works for any MkDocs project: {', '.join(wrong)} must not name {PACKAGE}"


def test_importers_do_not_know_their_siblings() -> None:
    registry = f"{PACKAGE}.importers.formats"
    wrong = [
        f"{module}:{line} imports {target}"
        for module in MODULES
        if unit(module) == "importers" and module != registry
        for target, line in imports(module)
        if format_of(target) and format_of(target) != format_of(module)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", MODULES)
def test_module_is_short(module: str) -> None:
    lines = len(MODULES[module].read_text("utf-8").splitlines())
    assert lines <= MAX_LINES, f"{module} has {lines} lines; split it by topic"


def test_every_folder_of_tests_and_modules_is_collected(pytestconfig) -> None:
    """Check that pytest skips no folder, because tests that never run can't fail."""
    patterns = pytestconfig.getini("norecursedirs")
    top = Path(__file__).parents[1]
    modules = [path.relative_to(top) for name in ("src", "tests") for path in (top / name).rglob("*.py")]
    folders = {part for path in modules for part in path.parts}
    assert [name for name in sorted(folders) if any(fnmatch(name, pattern) for pattern in patterns)] == []

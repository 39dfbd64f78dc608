"""Applies a changed source to a module that is already loaded, and to the modules that import names from it.

Only the changed statement and the statements that depend on it are executed again. Functions keep their identity and
get the new code. Values that other modules computed from the old names during import stay the same. A change may
therefore go unnoticed here; it is then tested again in a process that imports everything anew.
"""

import ast
import os
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

_SHARED = (bool, bytes, int, str, type(None))
"""Types whose equal values may be the same object."""
Space = MutableMapping[str, Any]


def apply(module: ModuleType, before: str, after: str, checkout: Path, others: tuple[Space, ...] = ()) -> None:
    """Apply the source `new` to a module that was loaded from the source `old`. `others` are further namespaces with
    the module's names, such as those of doctests."""
    spaces = [*_spaces(checkout), *others]
    old: dict[str, Any] = {}
    for statement in _touched(before, after):
        names = _defined(statement)
        old |= {name: module.__dict__[name] for name in names if name in module.__dict__ and name not in old}
        tree = ast.Module([statement], [])
        code = compile(tree, module.__file__ or "changed", "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102  the module's own source, changed by us
    for name, was in old.items():
        now = module.__dict__[name]
        if isinstance(was, FunctionType) and isinstance(now, FunctionType):
            was.__code__, was.__defaults__, was.__kwdefaults__ = now.__code__, now.__defaults__, now.__kwdefaults__
            module.__dict__[name] = was
        else:
            _replace(spaces, name, was, now)
    for space in spaces:
        for value in list(space.values()):
            if callable(clear := getattr(value, "cache_clear", None)):
                clear()


def _touched(before: str, after: str) -> Iterator[ast.stmt]:
    """Return the statements of a module that differ, and the statements that use the names defined by these during
    import."""
    names: set[str] = set()
    for old, new in zip(ast.parse(before).body, ast.parse(after).body, strict=True):
        if ast.dump(old) != ast.dump(new) or names & _used(new):
            names |= _defined(new)
            yield new


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _used(statement: ast.stmt) -> set[str]:
    """Return the names that a statement needs when it is executed. For a function, these are the names in its
    decorators and defaults."""
    parts: list[ast.AST | None] = [statement]
    if isinstance(statement, ast.FunctionDef):
        parts = [*statement.decorator_list, *statement.args.defaults, *statement.args.kw_defaults]
    return {node.id for part in parts if part for node in ast.walk(part) if isinstance(node, ast.Name)}


def _spaces(checkout: Path) -> Iterator[Space]:
    """Return the namespace of each loaded module of the repository."""
    folders = (f"{checkout / 'src'}{os.sep}", f"{checkout / 'tests'}{os.sep}")
    for module in list(sys.modules.values()):
        if (getattr(module, "__file__", None) or "").startswith(folders):
            yield vars(module)


def _replace(spaces: list[Space], name: str, was: object, now: object) -> None:
    for space in spaces:
        for key, value in list(space.items()):
            if value is was and (key == name or not isinstance(was, _SHARED)):
                space[key] = now

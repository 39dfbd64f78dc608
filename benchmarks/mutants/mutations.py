"""Generates small changes to a module, one at a time.

The changes affect operators, conditions, numbers, and the contents of tables: a word or an item is removed, or an
alternative or a character of a pattern. Docstrings and messages are not changed.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
_SET = re.compile(r"\[\^?((?:\\.|[^\]\\])+)\]")
_IN_SET = re.compile(r"(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\.|[^\\])(?:-(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\.|[^\\]))?")


class Mutation(NamedTuple):
    """A change: its line, the text of the line, a description, and the changed source."""

    line: int
    text: str
    what: str
    source: str


class _Edit(NamedTuple):
    node: ast.expr
    new: str
    what: str


def mutations(source: str) -> Iterator[Mutation]:
    """Return the changes to a module's source, sorted by position. Changes that aren't valid Python are skipped."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    data = source.encode()
    edits = sorted(_edits(ast.parse(source), source), key=lambda edit: (edit.node.lineno, edit.node.col_offset))
    for edit in edits:
        node = edit.node
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        changed = (data[:begin] + edit.new.encode() + data[end:]).decode()
        try:
            compile(changed, "changed", "exec")
        except (SyntaxError, ValueError):
            continue
        if changed != source:
            yield Mutation(node.lineno, lines[node.lineno - 1].strip(), edit.what, changed)


def _edits(tree: ast.Module, source: str) -> Iterator[_Edit]:
    skipped = _for_people(tree)
    patterns = _patterns(tree)
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, ast.expr):
            continue
        own = ast.get_source_segment(source, node) or ""
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = (ast.get_source_segment(source, side) or "" for side in (node.left, node.comparators[0]))
            other = _OPERATORS[type(node.ops[0])]
            yield _Edit(node, f"({left} {other} {right})", f"{own[:60]} -> {other}")
        elif isinstance(node, ast.BoolOp):
            for at, value in enumerate(node.values):
                rest = [ast.get_source_segment(source, one) or "" for one in node.values if one is not value]
                word = " and " if isinstance(node.op, ast.And) else " or "
                yield _Edit(
                    node, f"({word.join(f'({part})' for part in rest)})", f"without operand {at + 1} of {own[:60]}"
                )
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield _Edit(node, ast.get_source_segment(source, node.operand) or "", f"{own[:60]} -> without not")
        elif isinstance(node, ast.IfExp):
            for side in (node.body, node.orelse):
                part = ast.get_source_segment(source, side) or ""
                yield _Edit(node, f"({part})", f"{own[:60]} -> {part[:30]}")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitOr, ast.Sub, ast.Add)):
            for name, kept in (("right", node.left), ("left", node.right)):
                part = ast.get_source_segment(source, kept) or ""
                yield _Edit(node, f"({part})", f"without the {name} side of {own[:60]}")
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)) and isinstance(
            node.ctx if hasattr(node, "ctx") else ast.Load(), ast.Load
        ):
            yield from _shorter(node, source)
        elif isinstance(node, ast.Dict):
            for key in node.keys:
                if key is not None:
                    kept_pairs = [(k, v) for k, v in zip(node.keys, node.values, strict=True) if k is not key and k]
                    inner = ", ".join(
                        f"{ast.get_source_segment(source, k)}: {ast.get_source_segment(source, v)}"
                        for k, v in kept_pairs
                    )
                    yield _Edit(node, f"{{{inner}}}", f"without the entry {ast.unparse(key)}")
        elif isinstance(node, ast.Constant):
            yield from _constant(node, id(node) in patterns)
    for node in ast.walk(tree):
        if isinstance(node, (ast.If, ast.While, ast.IfExp)) and not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
            test = ast.get_source_segment(source, node.test) or ""
            yield _Edit(node.test, f"(not ({test}))", f"{test[:60]} -> not")


def _shorter(node: ast.Tuple | ast.List | ast.Set, source: str) -> Iterator[_Edit]:
    if len(node.elts) < 2 or not all(isinstance(one, ast.Constant) for one in node.elts):
        return
    opening, closing = {ast.Tuple: ("(", ")"), ast.List: ("[", "]"), ast.Set: ("{", "}")}[type(node)]
    for gone in node.elts:
        rest = ", ".join(ast.get_source_segment(source, one) or "" for one in node.elts if one is not gone)
        yield _Edit(node, f"{opening}{rest},{closing}", f"without {ast.unparse(gone)}")


def _constant(node: ast.Constant, is_pattern: bool) -> Iterator[_Edit]:
    value = node.value
    if isinstance(value, bool):
        yield _Edit(node, str(not value), f"{value} -> {not value}")
    elif isinstance(value, int):
        yield _Edit(node, str(value + 1), f"{value} -> {value + 1}")
    elif isinstance(value, str) and is_pattern:
        for changed, what in _of_pattern(value):
            try:
                re.compile(changed)
            except re.error:
                continue
            yield _Edit(node, repr(changed), what)
    elif isinstance(value, str) and value.count(" ") > 1 and re.fullmatch(r"[a-z0-9 :]+", value):
        words = value.split()
        for word in words:
            yield _Edit(node, repr(" ".join(one for one in words if one != word) + " "), f"without {word}")
    elif isinstance(value, str) and value:
        yield _Edit(node, repr("\x00"), f"{value[:40]!r} -> something else")


def _of_pattern(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield a pattern without each of its alternatives, and without each character of its sets."""
    for found in _SET.finditer(pattern):
        for sign in _IN_SET.finditer(found[1]):
            begin, end = found.start(1) + sign.start(), found.start(1) + sign.end()
            yield pattern[:begin] + pattern[end:], f"without {sign[0]} in {found[0][:40]}"
    depth, opened = 0, [0]
    bars: dict[int, list[int]] = {0: [-1]}
    at = 0
    spans: list[list[int]] = []
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "[" and (found_set := _SET.match(pattern, at)):
            at = found_set.end() - 1
        elif pattern[at] == "(":
            depth += 1
            head = re.compile(r"\((?:\?(?::|=|!|<=|<!|P<\w+>|[a-z]+:))?").match(pattern, at)
            bars[depth] = [(head.end() if head else at + 1) - 1]
            opened.append(at)
        elif pattern[at] == "|":
            bars[depth].append(at)
        elif pattern[at] == ")":
            spans.append([*bars.pop(depth), at])
            depth -= 1
        at += 1
    spans.append([*bars[0], len(pattern)])
    for marks in spans:
        for left, right in itertools.pairwise(marks) if len(marks) > 2 else ():
            is_last = right == marks[-1]
            begin, end = (left, right) if is_last else (left + 1, right + 1)
            yield pattern[:begin] + pattern[end:], f"without the alternative {pattern[left + 1 : right][:40]}"


def _patterns(tree: ast.Module) -> set[int]:
    """Return the constants that are arguments of functions of `re`, and their parts."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
            found |= {id(one) for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)}
    return found


def _for_people(tree: ast.Module) -> set[int]:
    """Return the docstrings, the parts of f-strings, and the type annotations."""
    found: set[int] = set()
    for node in ast.walk(tree):
        aside: list[ast.AST | None] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside = [node.value]
        elif isinstance(node, ast.JoinedStr):
            aside = list(node.values)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            aside = [node.returns, *(argument.annotation for argument in [*node.args.args, *node.args.kwonlyargs])]
        elif isinstance(node, ast.AnnAssign):
            aside = [node.annotation]
        found |= {id(inner) for one in aside if one is not None for inner in ast.walk(one)}
    return found

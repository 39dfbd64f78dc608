"""Evaluates the expressions of workflows, `${{ … }}`, as the host does. What our workflows don't use is an error."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>==|!=|&&|\|\||[!(),])"
    r"|(?P<name>[A-Za-z_][\w-]*(?:\.(?:[\w-]+|\*))*))"
)
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.S)
CONTEXTS = frozenset("github env steps needs inputs matrix runner secrets vars".split())
STATUS = frozenset(["success", "failure", "always", "cancelled"])
Functions = Mapping[str, Callable[..., Any]]


class Unsupported(Exception):
    """An expression, an action or a key that the sandbox doesn't know."""


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (Mapping, list)):
        raise Unsupported("an object in a text; name one of its fields")
    return "" if value is None else str(value)


def is_true(value: Any) -> bool:
    return value not in (None, False, 0, "")


def substitute(text: str, contexts: Mapping[str, Any], functions: Functions) -> str:
    """Replace all expressions in a text."""
    return _EXPRESSION.sub(lambda found: as_text(evaluate(found[1], contexts, functions)), text)


def evaluate(expression: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """Return the value of an expression. Raises Unsupported for unknown names and functions."""
    return _Parser(expression, contexts, functions).value()


def names_in(expression: str) -> list[str]:
    return [found["name"] for found in _TOKEN.finditer(expression) if found["name"]]


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if type(left) is type(right):
        return bool(left == right)
    return _number(left) == _number(right)


def _number(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return float("nan")


class _Parser:
    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self.text, self.contexts, self.functions = text.strip(), contexts, functions
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if not found or not found.lastgroup:
                raise Unsupported(f"the expression {self.text!r}, at {self.text[at:]!r}")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.tokens.append(("end", ""))

    def value(self) -> Any:
        result = self._or()
        if self.tokens[0][0] != "end":
            raise Unsupported(f"the expression {self.text!r}")
        return result

    def _take(self, sign: str) -> bool:
        if self.tokens[0] == ("sign", sign):
            del self.tokens[0]
            return True
        return False

    def _or(self) -> Any:
        left = self._and()
        while self._take("||"):
            right = self._and()
            left = left if is_true(left) else right
        return left

    def _and(self) -> Any:
        left = self._compared()
        while self._take("&&"):
            right = self._compared()
            left = right if is_true(left) else left
        return left

    def _compared(self) -> Any:
        left = self._unary()
        if self._take("=="):
            return _equal(left, self._unary())
        if self._take("!="):
            return not _equal(left, self._unary())
        return left

    def _unary(self) -> Any:
        if self._take("!"):
            return not is_true(self._unary())
        if self._take("("):
            inner = self._or()
            self._expect(")")
            return inner
        kind, token = self.tokens.pop(0)
        if kind == "text":
            return token[1:-1].replace("''", "'")
        if kind == "number":
            return float(token) if "." in token else int(token)
        if kind != "name":
            raise Unsupported(f"the expression {self.text!r}")
        if token in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[token]
        if self._take("("):
            return self._call(token)
        return self._look_up(token)

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise Unsupported(f"the expression {self.text!r}; {sign} is missing")

    def _call(self, name: str) -> Any:
        arguments = []
        while not self._take(")"):
            arguments.append(self._or())
            if not self._take(","):
                self._expect(")")
                break
        if name not in self.functions:
            raise Unsupported(f"the function {name} in {self.text!r}")
        return self.functions[name](*arguments)

    def _look_up(self, name: str) -> Any:
        context, *keys = name.split(".")
        if context not in CONTEXTS or context not in self.contexts or not keys:
            raise Unsupported(f"the context {context} in {self.text!r}")
        value: Any = self.contexts[context]
        if context in ("github", "runner", "inputs", "matrix", "secrets", "needs", "steps") and keys[0] not in value:
            raise Unsupported(f"{context}.{keys[0]} in {self.text!r}")
        for at, key in enumerate(keys):
            if key == "*":
                rest = keys[at + 1 :]
                return [_path(item, rest) for item in value or ()]
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


def _path(value: Any, keys: list[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value

"""Front matter and YAML: text to values with places, and values to canonical text. What they mean is not known here.

Reading is string-first: every scalar comes out as `str` (or None where it is empty or `null`), so that `no`, `12:30`
and `010` stay what was written; the schema decides on types. Anchors, aliases, merge keys, tags and duplicate keys are
refused, as are documents over 64 KiB (front matter) or 8 MiB (knowledge) or nested deeper than 20.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import yaml

from mlguide_site.errors import ContentError, Problem
from mlguide_site.model import Span

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no branch - where PyYAML was built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

MAX_FRONT_MATTER = 64 * 1024
MAX_KNOWLEDGE = 8 * 1024 * 1024
MAX_DEPTH = 20
_STANDARD_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in "null bool int float str timestamp seq map value".split()
)
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_SUSPECT = 500
_DEEP_LINE = re.compile(rf"^[ \t?:-]{{{_SUSPECT}}}", re.MULTILINE)
_FENCE = re.compile(r"---[ \t]*$")
_CONFLICT = re.compile(r"^(<<<<<<< |>>>>>>> |\|\|\|\|\|\|\| )")


class Located:
    """Plain values read from YAML, and the place of each."""

    __slots__ = ("_line", "_node", "value")

    def __init__(self, value: Any, node: yaml.Node | None, line: int) -> None:
        self.value = value
        self._node = node
        self._line = line

    def find(self, where: Sequence[str | int]) -> Span:
        """The place of the value at a path of keys and indexes; of its nearest parent where the path leads nowhere."""
        return self._place(self.descend(where)[-1])

    def find_key(self, where: Sequence[str | int]) -> Span:
        """The place of a key rather than of its value."""
        parents = self.descend(where[:-1])
        if len(parents) == len(where):
            for key, _ in _pairs(parents[-1][1]):
                if key.value == str(where[-1]):
                    return self._place((key, key))
        return self.find(where)

    def descend(self, where: Sequence[str | int]) -> list[tuple[yaml.Node | None, yaml.Node | None]]:
        """Key node (or the item itself) and value node of each step, the top first, as far as the path leads."""
        steps = [(self._node, self._node)]
        for step in where:
            node = steps[-1][1]
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                steps.append((node.value[step], node.value[step]))
            elif pair := next(((k, v) for k, v in _pairs(node) if k.value == str(step)), None):
                steps.append(pair)
            else:
                break
        return steps

    def _place(self, pair: tuple[yaml.Node | None, yaml.Node | None]) -> Span:
        key, node = pair
        if node is None or key is None:
            return Span(self._line, 1)
        # an empty value has no extent of its own: its key is the better place
        mark = key.start_mark if node.value == "" else node.start_mark
        return Span(mark.line + self._line, mark.column + 1)

    def extent(self, key: str) -> tuple[int, int] | None:
        """First line, and last line + 1, of a top-level key with its value, counted from 0 in the YAML text itself."""
        for name, item in _pairs(self._node):
            if name.value == key:
                end = item.end_mark.line + (1 if item.end_mark.column else 0)
                return name.start_mark.line, max(end, name.start_mark.line + 1)
        return None


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


class FrontMatter(NamedTuple):
    """A file cut in two: the YAML between the fences with the line it begins on, and the body with its own line."""

    yaml: str
    yaml_line: int
    body: str
    body_line: int


def decode(data: bytes, path: str) -> str:
    """The text of a file of the root: UTF-8, a byte-order mark read past. ContentError names the first bad byte."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        span = Span(before.count(b"\n") + 1, len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1)
        bad = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise ContentError([Problem(path, span, bad, "save the file as UTF-8")]) from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise ContentError([Problem(path, Span(line, 1), "the file holds a NUL character", "remove it")])
    return text


def split_front_matter(text: str, path: str) -> FrontMatter:
    """Cut a note file into front matter and body. Line ends become `\\n`. Raises ContentError.

    >>> split_front_matter("---\\nid: a-001\\n---\\n\\nBody\\n", "a.md")
    FrontMatter(yaml='id: a-001', yaml_line=2, body='Body\\n', body_line=5)
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _FENCE.match(lines[0]):
        raise ContentError([Problem(path, Span(1, 1), "no front matter", 'begin the file with a line "---"')])
    number = next((at for at, line in enumerate(lines[1:], 1) if _FENCE.match(line)), 0)
    if not number:
        raise ContentError([Problem(path, Span(1, 1), "the front matter is not closed", 'end it with a line "---"')])
    first = number + 1
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first == len(lines):
        return FrontMatter("\n".join(lines[1:number]), 2, "", number + 2)
    return FrontMatter("\n".join(lines[1:number]), 2, "\n".join(lines[first:]), first + 1)


def conflict_markers(text: str, path: str, line: int = 1) -> list[Problem]:
    """A problem for each line that a git merge left behind; code blocks and setext underlines pass."""
    if "<<<<<<< " not in text and ">>>>>>> " not in text:
        return []
    remedy = "resolve the conflict and remove the markers"
    found, fenced = [], ""
    for number, content in enumerate(text.split("\n"), line):
        fence = re.match(r"\s*(```+|~~~+)", content)
        if fence and (not fenced or content.strip().startswith(fenced)):
            fenced = "" if fenced else fence[1]
        elif not fenced and _CONFLICT.match(content):
            found.append(Problem(path, Span(number, 1), "a merge conflict is not resolved", remedy))
    return found


def read_yaml(text: str, path: str, line: int = 1, limit: int = MAX_KNOWLEDGE) -> Located:
    """Read one YAML document whose top is a mapping (or nothing). Raises ContentError with the place of each fault."""
    if len(text) > limit:
        raise ContentError([Problem(path, Span(line, 1), f"more than {limit // 1024} KiB of YAML", "split the file")])
    try:
        _refuse_depth(text, path, line)
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(mark.line + line, mark.column + 1) if mark else Span(line, 1)
        what = " ".join(str(error.problem or error.context or "cannot be read").split())
        raise ContentError(
            [Problem(path, span, f"not valid YAML: {what}", "check indentation, quotes and colons")]
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        what = " ".join(str(error).split("\n")[0].split())[:200]
        raise ContentError([Problem(path, Span(line, 1), f"not valid YAML: {what}", "check the file")]) from None
    if node is None:
        return Located({}, None, line)
    if not isinstance(node, yaml.MappingNode):
        raise ContentError([Problem(path, Span(line, 1), "not a mapping", 'write lines of the form "key: value"')])
    reader = _Reader(path, line)
    value = reader.read(node, 0)
    if reader.problems:
        raise ContentError(reader.problems)
    return Located(value, node, line)


def _refuse_depth(text: str, path: str, line: int) -> None:
    """Raise ContentError for nesting that would exhaust the stack of libyaml's composer, which recurses in C.

    Events are read one by one, without recursion; most texts cannot nest that deep and are not read twice.
    """
    if text.count("[") + text.count("{") < _SUSPECT and not _DEEP_LINE.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
            if depth > MAX_DEPTH + 2:
                mark = event.start_mark
                span = Span(mark.line + line, mark.column + 1) if mark else Span(line, 1)
                message = f"nested deeper than {MAX_DEPTH} levels"
                raise ContentError([Problem(path, span, message, "make it flatter")])
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1


class _Reader:
    """Turns nodes into plain values; gathers what is refused."""

    def __init__(self, path: str, line: int) -> None:
        self.path, self.line = path, line
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def refuse(self, node: yaml.Node, message: str, remedy: str) -> None:
        span = Span(node.start_mark.line + self.line, node.start_mark.column + 1)
        self.problems.append(Problem(self.path, span, message, remedy))

    def read(self, node: yaml.Node, depth: int) -> Any:
        if node.tag not in _STANDARD_TAGS:
            self.refuse(node, "YAML tags and merge keys are not allowed", "write the value out")
            return None
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in _NULLS else node.value
        if id(node) in self.seen:
            self.refuse(node, "YAML anchors and aliases are not allowed", "write the value out")
            return None
        self.seen.add(id(node))
        if depth > MAX_DEPTH:
            self.refuse(node, f"nested deeper than {MAX_DEPTH} levels", "make it flatter")
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, depth + 1) for child in node.value]
        result: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag not in _STANDARD_TAGS:
                self.refuse(key, "a key must be plain text", "write the value out")
            elif key.value in result:
                self.refuse(key, f'the key "{key.value}" stands twice', "keep one of the two")
            else:
                result[key.value] = self.read(child, depth + 1)
        return result


def dump_value(value: Any) -> str:
    """One value in YAML's flow style on one line, quoted only where it must be.

    >>> dump_value(["a", "b: c"]), dump_value("12:31:00"), dump_value(True)
    ("[a, 'b: c']", "'12:31:00'", 'true')
    """
    text = yaml.safe_dump(
        _plain(value), default_flow_style=True, allow_unicode=True, width=1_000_000, sort_keys=False
    ).rstrip("\n")
    text = text.removesuffix("\n...")
    return text if "\n" not in text else yaml.safe_dump(_plain(value), default_style='"', width=1_000_000).rstrip("\n")


def _plain(value: Any) -> Any:
    """Only what YAML writes without tags: strings stay strings, records become mappings."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, date, datetime)):
        return value
    return str(value)


def dump_mapping(values: Mapping[str, Any]) -> str:
    """Lines `key: value` in the order given, each value in flow style."""
    return "".join(f"{dump_value(key)}: {dump_value(value)}\n" for key, value in values.items())


def dump_note(front_matter: Mapping[str, Any], body: str) -> str:
    """The canonical text of a note file: front matter, an empty line, the body ending in one line end.

    >>> dump_note({"id": "a-001", "title": "One"}, "Text")
    '---\\nid: a-001\\ntitle: One\\n---\\n\\nText\\n'
    """
    body = body.strip("\n")
    return f"---\n{dump_mapping(front_matter)}---\n" + (f"\n{body}\n" if body else "")


def set_field(text: str, key: str, value: Any, order: Sequence[str] = ()) -> str:
    """The text of a note file with one front matter field set and every other byte kept; None removes it.

    A new field stands behind the last that precedes it in `order`. Raises ContentError where the file can't be read.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    mark, source = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    parts = split_front_matter(source, "")
    located = read_yaml(parts.yaml, "", limit=MAX_FRONT_MATTER)
    lines = source.split(newline)
    new = [f"{key}: {dump_value(value)}"] if value is not None else []
    extent = located.extent(key)
    if extent:
        lines[extent[0] + 1 : extent[1] + 1] = new
    elif new:
        before = set(order[: order.index(key)]) if key in order else set(located.value)
        ends = [
            end for name in located.value if name in before and (found := located.extent(name)) for end in found[1:]
        ]
        at = max(ends, default=0) + 1
        lines[at:at] = new
    return mark + newline.join(lines)

"""Parses YAML into plain values, each with its place.

Scalars become `str`, so that `no`, `12:30` and `010` stay unchanged. An empty scalar and `null` become None. Anchors,
aliases, merge keys, tags and duplicate keys are rejected. Limits: see `MAX_KNOWLEDGE`, `MAX_DEPTH` and `MAX_VALUES`."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml

from mlguide_site.errors import ContentError, Problem, Span, content_error

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # pragma: no branch - PyYAML was built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

MAX_KNOWLEDGE = 8 * 1024 * 1024
MAX_DEPTH = 20
MAX_DIRECTIVES = 100
MAX_VALUES = 200_000  # maximum number of keys, values and lists in one document
_STANDARD_TAGS = {f"tag:yaml.org,2002:{name}" for name in "null bool int float str timestamp seq map value".split()}
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_SUSPECT = 500
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Matches control characters, and line separators that editors don't count as line breaks."""
_DEEP_LINE = re.compile(rf"^[ \t?:-]{{{_SUSPECT}}}", re.MULTILINE)
_LINE = re.compile(r"[ ]*(?:- +)?(?P<key>[^\s:#'\"\[{-][^:#\[{\"]{0,80}?: +|- +)(?P<value>\S.*)")
"""Matches `key: value` and `- value`."""
_NO_SPACE = re.compile(r"(?P<before>[ ]*(?:- +)?[^\W\d][\w-]{0,80}:)(?![\s/])(?P<value>\S.*)")
_BLOCK_TEXT = re.compile(r"(?P<indent>[ ]*)\S.*:[ ]+[|>][-+0-9]*[ ]*")
_MAX_SHOWN = 120
_IN_QUOTES = "write a plain value, in quotes if it is text"
_NO_ANCHORS = ("YAML anchors and aliases are not allowed", _IN_QUOTES)
_NO_TAGS = ("YAML tags are not allowed", _IN_QUOTES)
_INDENT = ("the indentation matches no line above", "indent this line like the other keys of the mapping")
_ESCAPE = ("a backslash in double quotes begins no valid escape", "write the character itself, or use single quotes")
_MISTAKES = (
    ("another document", 'a line "---" starts another document', "remove that line"),
    ("tab character", "the line is indented with a tab", "indent the line with spaces"),
    ("a simple key", "a colon and a space are missing after a key", "put a colon and a space between key and value"),
    ("escape", *_ESCAPE),
    ("hexdecimal", *_ESCAPE),
    ("a quoted scalar", "a quote is not closed", "add the closing quote at the end of the value"),
    ("a flow", "a bracket is not closed", "add the closing bracket, or put the value in quotes if it is text"),
    ("mapping values", *_INDENT),
    ("a block", *_INDENT),
)
"""Each row contains part of the parser's message, our message, and our remedy."""
_TAGS = {
    yaml.ScalarNode: SafeLoader.DEFAULT_SCALAR_TAG,
    yaml.SequenceNode: SafeLoader.DEFAULT_SEQUENCE_TAG,
    yaml.MappingNode: SafeLoader.DEFAULT_MAPPING_TAG,
}


class _UntypedLoader(SafeLoader):
    """PyYAML's loader, changed so that all scalars stay text. Detecting types would be slow, and isn't needed."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        return _TAGS[kind]


class Located:
    """Plain values read from YAML, and the place of each value."""

    __slots__ = ("_line", "_node", "_text", "value")

    def __init__(self, value: Any, node: yaml.Node | None, line: int) -> None:
        self.value, self._node, self._line, self._text = value, node, line, ""

    def release(self, text: str) -> None:
        """Free the memory of the syntax tree. Lookups of places parse `text` again."""
        self._node, self._text = None, text

    def find(self, where: Sequence[str | int]) -> Span:
        """Return the place of the value at a path of keys and indexes, or of its nearest parent that exists."""
        return self._place(self.descend(where)[-1])

    def find_key(self, where: Sequence[str | int]) -> Span:
        """Return the place of the key at a path, not of its value."""
        parents = self.descend(where[:-1])
        if len(parents) == len(where) and (pair := _pairs(parents[-1][1]).get(str(where[-1]))):
            return self._place((pair[0], pair[0]))
        return self.find(where)

    def descend(self, where: Sequence[str | int]) -> list[tuple[yaml.Node | None, yaml.Node | None]]:
        """Return the existing nodes on a path, from the root: (key, value) in mappings, (item, item) in lists."""
        root = _composed(self._text) if self._text else self._node
        steps = [(root, root)]
        for step in where:
            node = steps[-1][1]
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                steps.append((node.value[step], node.value[step]))
            elif pair := _pairs(node).get(str(step)):
                steps.append(pair)
            else:
                break
        return steps

    def extent(self, where: Sequence[str | int]) -> tuple[int, int] | None:
        """Return the first line of a key and the line after its value, counted from 0 in the YAML text. Return None if
        the path doesn't exist. Blank lines and comments after the value aren't included."""
        steps = self.descend(where)
        key, node = steps[-1]
        if len(steps) <= len(where) or key is None:
            return None
        first = key.start_mark.line
        while isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and not node.flow_style and node.value:
            last = node.value[-1]
            key, node = last if isinstance(last, tuple) else (last, last)
        is_empty = isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style
        mark = (key if is_empty or node is None else node).end_mark
        return first, max(mark.line + (1 if mark.column else 0), first + 1)

    def _place(self, pair: tuple[yaml.Node | None, yaml.Node | None]) -> Span:
        key, node = pair
        if node is None or key is None:
            return Span(self._line, 1)
        # an empty value has no text, so use the place of its key
        mark = key.start_mark if node.value == "" else node.start_mark
        return Span(mark.line + self._line, mark.column + 1)


def _pairs(node: yaml.Node | None) -> Mapping[str, tuple[yaml.Node, yaml.Node]]:
    """Map each key of a mapping node to its key node and value node. The node keeps the result."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    kept = vars(node)
    if "pairs" not in kept:
        kept["pairs"] = {key.value: (key, value) for key, value in reversed(node.value)}
    found: Mapping[str, tuple[yaml.Node, yaml.Node]] = kept["pairs"]
    return found


@lru_cache(maxsize=1)  # a root may have problems in many files, whose trees need a hundred times their size
def _composed(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=_UntypedLoader)
    return node


def read_yaml(text: str, path: str, line: int = 1, limit: int = MAX_KNOWLEDGE) -> Located:
    """Parse a YAML document that is empty or a mapping. Raises ContentError with the place of each problem."""
    if len(text) > limit:
        size = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit // 1024} KiB"
        remedy = "shorten the file; long texts belong in notes"
        raise content_error(path, f"more than {size} of YAML", remedy, Span(line, 1))
    refuse_invisible(text, path, line)
    node = compose(text, path, line, loader=_UntypedLoader)
    if node is None:
        return Located({}, None, line)
    if not isinstance(node, yaml.MappingNode):
        remedy = 'write lines of the form "key: value"' + ', without "- "' * isinstance(node, yaml.SequenceNode)
        raise content_error(path, "not a mapping", remedy, place_of(node.start_mark, line))
    reader = _Reader(path, line, text)
    value = reader.read(node, 0)
    if reader.problems:
        raise ContentError(reader.problems)
    return Located(value, node, line)


def refuse_invisible(text: str, path: str, line: int) -> None:
    """Raise ContentError if a text that begins on line `line` contains an invisible control character."""
    if found := _INVISIBLE.search(text):
        before = text[: found.start()]
        place = Span(before.count("\n") + line, len(before) - before.rfind("\n"))
        message = f"the invisible control character U+{ord(found[0]):04X} is not allowed"
        raise content_error(path, message, "remove it", place)


def compose(
    text: str, path: str, line: int = 1, depth: int = MAX_DEPTH, loader: type[SafeLoader] = SafeLoader
) -> yaml.Node | None:
    """Return the root node of a YAML text. Raises ContentError for invalid YAML and exceeded limits."""
    try:
        _refuse_excess(text, path, line, depth)
        return yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise _syntax_error(error, path, text, line) from None


def _syntax_error(error: Exception, path: str, text: str, line: int) -> ContentError:
    if not isinstance(error, yaml.MarkedYAMLError):
        what = " ".join(str(error).split("\n")[0].split())[:200]
        return content_error(path, f"not valid YAML: {what}", "check the file", Span(line, 1))
    said = f"{error.context} {error.problem}"
    # for a bad key or an unclosed quote or bracket, report the start, not the place where the parser stopped
    begins = re.search("simple key|quoted scalar|a flow|alias|block scalar", said)
    mark = (error.context_mark if begins else None) or error.problem_mark or error.context_mark
    lines = re.split(r"\r\n|\r|\n", text)
    source = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    found = _LINE.fullmatch(source.rstrip())
    is_closed = not re.search("quoted scalar|a flow", said)
    if mark is not None and found and is_closed and ("alias" in said or not _is_yaml(source.strip())):
        new = f"{found['key']}{quoted(found['value'])}"
        new = new if len(new) <= _MAX_SHOWN else f"{new[:_MAX_SHOWN]}…"
        place = Span(mark.line + line, found.start("value") + 1)
        return content_error(path, "not valid YAML: this value needs quotes", f"write {new}", place)
    if mark is not None and source and (cause := _cause(lines, mark, said)):
        number, column, message, remedy = cause
        return content_error(path, f"not valid YAML: {message}", remedy, Span(number + line, column + 1))
    said += " tab character" * source[mark.column :].startswith("\t") if mark is not None else ""
    known = (rest for part, *rest in _MISTAKES if part in said)
    message, remedy = next(known, (" ".join(str(error.problem).split()), "check indentation, quotes and colons"))
    return content_error(path, f"not valid YAML: {message}", remedy, place_of(mark, line))


def _cause(lines: list[str], mark: Any, said: str) -> tuple[int, int, str, str] | None:
    """Return the line, column, message and remedy of a mistake that makes the parser stop at `mark`, often on a later
    line. Return None if the cause is unknown. Lines and columns are counted from 0."""
    source, at = lines[mark.line], mark.line
    if "'-' indicator" in said and source.lstrip()[:1] != "-":
        new = source.strip()[:_MAX_SHOWN]
        return at, mark.column, 'this line is indented like the items of a list, but lacks "- "', f"write - {new}"
    above = next((number for number in range(at - 1, max(at - 50, -1), -1) if lines[number].strip()), 0)
    previous = lines[above]
    if "simple key" in said and (found := _BLOCK_TEXT.fullmatch(previous)) and mark.column <= len(found["indent"]):
        return at, mark.column, f'the text of "{previous.strip()[:40]}" is not indented', "indent it more than its key"
    if "mapping values" in said and (found := _NO_SPACE.fullmatch(previous)):
        new = f"{found['before']} {found['value']}".strip()[:_MAX_SHOWN]
        return above, found.end("before"), "a space is missing after the colon", f"write {new}"
    quote = source[: mark.column].rstrip()[-1:]
    if "a block" in said and quote and quote in "'\"":
        # a quote on an earlier line, which isn't closed there, ended at the next quote
        opening = re.compile(rf"[ ]*(?:- +)?(?:[^'\"#]{{1,200}}: +)?(?={quote})")
        for number in range(at - 1, max(at - 50, -1), -1):
            if lines[number].count(quote) % 2 and (begin := opening.match(lines[number])):
                return number, begin.end(), "a quote is not closed", "add the closing quote at the end of the value"
    return None


def _is_yaml(line: str) -> bool:
    """Return whether a line is valid YAML. Parsing to events isn't recursive, so deep nesting is safe."""
    try:
        return any(isinstance(event, yaml.StreamEndEvent) for event in yaml.parse(line, Loader=SafeLoader))
    except (yaml.YAMLError, ValueError):
        return False


def quoted(value: str) -> str:
    """Return a value in quotes, so that YAML reads it unchanged."""
    return "'" + value.replace("'", "''") + "'" if '"' in value or "\\" in value else f'"{value}"'


def comments(text: str) -> list[str]:
    """Return the comments in valid YAML."""
    outside, end = "", 0
    for token in yaml.scan(text, Loader=SafeLoader) if "#" in text else ():
        start = token.start_mark.index
        outside, end = outside + text[end:start], token.end_mark.index
        if isinstance(token, yaml.ScalarToken) and token.style in {"|", ">"}:
            outside += text[start:end].partition("\n")[0] + "\n"
    return re.findall(r"#[^\r\n]*", outside)


def place_of(mark: Any, line: int = 1) -> Span:
    """Return the position of a PyYAML mark, or of the start of the text for None. The text begins on line `line`."""
    return Span(mark.line + line, mark.column + 1) if mark else Span(line, 1)


def _refuse_excess(text: str, path: str, line: int, most_depth: int) -> None:
    """Raise ContentError for too many directives or values, or for nesting that would overflow the stack of libyaml.
    Parsing to events needs no recursion, so this check itself is safe. Short text isn't parsed."""
    if sum(text.count(f"{sign}%") for sign in "\n\r\x85\u2028\u2029") > MAX_DIRECTIVES:
        # libyaml compares each directive with all others
        message = f"more than {MAX_DIRECTIVES} lines begin with %"
        raise content_error(path, message, "indent or remove them", Span(line, 1))
    most = sum(text.count(sign) for sign in "\n,:[{-?") * 2
    if most < MAX_VALUES and text.count("[") + text.count("{") < _SUSPECT and not _DEEP_LINE.search(text):
        return
    depth = values = 0
    for event in yaml.parse(text, Loader=SafeLoader):
        values += isinstance(event, yaml.NodeEvent)
        opens = isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent))
        depth += opens - isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent))
        if depth > most_depth + 2:
            place = place_of(event.start_mark, line)
            raise content_error(path, f"nested deeper than {most_depth} levels", "use fewer levels", place)
        if values > MAX_VALUES:
            message = f"more than {MAX_VALUES:,} keys and values"
            raise content_error(path, message, "shorten the file", place_of(event.start_mark, line))


class _Reader:
    def __init__(self, path: str, line: int, text: str) -> None:
        self.path, self.line, self.text = path, line, text
        self.problems: list[Problem] = []
        self.seen: set[int] = set()
        self.may_anchor = "&" in text

    def refuse(self, node: yaml.Node, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, place_of(node.start_mark, self.line), message, remedy))

    def read(self, node: yaml.Node, depth: int) -> Any:
        if self.may_anchor and self.text[node.start_mark.index : node.start_mark.index + 1] == "&":
            self.refuse(node, *_NO_ANCHORS)
        elif node.tag not in _STANDARD_TAGS:
            self.refuse(node, *_NO_TAGS)
        elif isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in _NULLS else node.value
        elif id(node) in self.seen:
            self.refuse(node, *_NO_ANCHORS)
        elif depth > MAX_DEPTH:
            self.refuse(node, f"nested deeper than {MAX_DEPTH} levels", "use fewer levels")
        else:
            self.seen.add(id(node))
            if isinstance(node, yaml.SequenceNode):
                return [self.read(child, depth + 1) for child in node.value]
            return self.read_mapping(node, depth)
        return None

    def read_mapping(self, node: yaml.Node, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, child in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style:
                self.refuse(key, "YAML merge keys are not allowed", "write the keys in full")
            elif not isinstance(key, yaml.ScalarNode) or key.tag not in _STANDARD_TAGS:
                self.refuse(key, "a key must be plain text", "put the key in quotes")
            elif key.value in result:
                message = f'the key "{key.value}" is used twice, first on line {lines[key.value]}'
                self.refuse(key, message, "keep one of the two")
            else:
                lines[key.value] = key.start_mark.line + self.line
                result[key.value] = self.read(child, depth + 1)
        return result

"""Decides which SVG files may be published. Browsers run the scripts of an SVG file that is opened by its address."""

import re
from collections import Counter, defaultdict
from math import prod
from typing import Any
from xml.parsers import expat

MAX_DRAWING = 256 * 1024  # bytes
MAX_DEPTH = 64  # levels of elements, and of references to elements that contain references
MAX_DRAWN = 1_000_000  # elements that a browser draws, if those that are drawn several times are counted each time
_SVG = "http://www.w3.org/2000/svg"
_LINK = "http://www.w3.org/1999/xlink href"
_ELEMENTS = frozenset(
    "svg g path rect circle ellipse line polyline polygon text tspan textPath title desc defs marker symbol use switch "
    "linearGradient radialGradient stop clipPath mask pattern image style metadata".split()
)
"""The elements of SVG 2 that run no scripts, change no attributes, and contain no other documents. Filters can take
endless time."""
_EDITORS = (
    "http://www.w3.org/1999/xlink",
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
    "http://www.figma.com/figma/ns",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.serif.com/",
)
"""Namespaces of links, drawing programs and descriptions. Browsers ignore their elements."""
_SPACE = r"[ \t\r\n\f]*"  # in CSS
_LOADS = re.compile(
    r"(?:image|image-set|cross-fade|blur|drop-shadow)\(|(?:url|src)\("
    rf"(?!{_SPACE}(?:([\"']?)#[^%\s\"'()]*\1{_SPACE}\)|[\"']?data:font/(?:woff2?|ttf|otf);base64,))",
    re.I,
)
"""CSS functions that request files, references in an unusual notation, and filters."""
_REFERENCE = re.compile(rf"url\({_SPACE}[\"']?#([^\s\"')]*)", re.I)
_TARGET = re.compile(r"#([^%\s]*)")  # an address of an element of the same file, without codes for characters
_NUMBER = re.compile(r"[0-9]*\.?[0-9]+")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);|#)")


class _ActiveError(Exception):
    """The file contains something that isn't allowed."""


class _Reader:
    """Handles the events of the XML parser. Raises _ActiveError."""

    def __init__(self) -> None:
        self.open: list[tuple[str, str]] = []  # the name and id of each open element
        self.style: list[str] = []
        self.sizes: Counter[str] = Counter()  # the number of elements in each element with an id, and in all ("")
        self.gradients: set[str] = set()
        self.others: set[str] = set()  # the ids of other elements
        self.markers: set[str] = set()
        self.points = 0  # at most this number of points of lines can have a marker
        self.used: dict[str, list[str]] = defaultdict(list)  # the ids to which these elements refer

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        is_drawn = space in (_SVG, "")  # browsers don't draw elements without a namespace
        if local not in _ELEMENTS if is_drawn else not space.startswith(_EDITORS):
            raise _ActiveError
        if (not self.open and local != "svg") or len(self.open) == MAX_DEPTH:
            raise _ActiveError
        used = list[str]()
        for key, value in attributes.items():
            if key in ("href", _LINK):
                if found := _TARGET.fullmatch(value):
                    used.append(found[1])
                elif local != "image" or not _PICTURE.fullmatch(value):
                    raise _ActiveError
            elif " " in key:
                if not key.startswith(_EDITORS) and not key.endswith(("/namespace space", "/namespace lang")):
                    raise _ActiveError
            elif key.lower().startswith(("on", "src")) or _LOADS.search(value) or "\\" in value:
                raise _ActiveError
            else:
                used += _REFERENCE.findall(value)
        self.open.append((local, attributes.get("id", "")))
        (self.gradients if local.endswith("Gradient") else self.others).add(self.open[-1][1])
        if local == "marker":
            self.markers.add(self.open[-1][1])
        self.points += len(_NUMBER.findall(attributes.get("d", "") + attributes.get("points", "")))
        for id in {"", *(id for _, id in self.open)}:
            self.sizes[id] += 1
            self.used[id] += used

    def text(self, data: str) -> None:
        if self.open and self.open[-1][0] == "style":
            self.style.append(data)

    def end(self, _name: str) -> None:
        self.open.pop()

    def declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        # browsers would read other encodings differently
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise _ActiveError

    def doctype(self, _name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        if has_subset:
            raise _ActiveError

    def refuse(self, *_rest: Any) -> None:
        raise _ActiveError

    def cost(self) -> int:
        """Return the number of elements that a browser draws. Raises _ActiveError for long chains of references."""
        known: dict[str, int] = {}

        def cost_of(id: str, depth: int) -> int:
            if depth > MAX_DEPTH:
                raise _ActiveError
            if id not in known:
                total = self.sizes[id]
                for one, times in Counter(self.used.get(id, ())).items():
                    total += times * cost_of(one, depth + 1)
                known[id] = total
            return known[id]

        # a marker is drawn at each point of a line
        if any(set(self.used[one]) - (self.gradients - self.others) for one in self.markers):
            raise _ActiveError
        return cost_of("", 0) + self.points * sum(self.sizes[one] for one in self.markers)


def is_drawing(data: bytes) -> bool:
    """Return whether a file is an SVG picture without active content: no scripts, animations, links, processing
    instructions or entities, and no references to other files. A short file may also not draw for minutes, by elements
    that draw each other many times."""
    reader, parser = _Reader(), expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.XmlDeclHandler = reader.text, reader.declare
    parser.StartDoctypeDeclHandler, parser.ProcessingInstructionHandler = reader.doctype, reader.refuse
    # the parser doesn't know the entities of HTML, which browsers may read
    if len(data) > MAX_DRAWING or _ENTITY.search(data):
        return False
    try:
        data.decode("utf-8")
        parser.Parse(data, True)
        cost = reader.cost()
    except (_ActiveError, expat.ExpatError, UnicodeDecodeError):
        return False
    style = "".join(reader.style)
    if _LOADS.search(style) or "\\" in style or re.search("@(?!media|font-face)", style):
        return False
    # rules of style sheets can concern any element, so that each of their references may be within another one
    named = {*_REFERENCE.findall(style)} - (reader.gradients - reader.others)
    return cost * prod(max(1, reader.sizes[id] - 1) for id in named) <= MAX_DRAWN

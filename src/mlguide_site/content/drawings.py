"""Decides which SVG files may be published. Browsers run the scripts of an SVG file that is opened by its address."""

import re
from typing import Any
from xml.parsers import expat

MAX_DRAWING = 256 * 1024  # bytes
_SVG = "http://www.w3.org/2000/svg"
_LINK = "http://www.w3.org/1999/xlink href"
_ELEMENTS = frozenset(
    "svg g path rect circle ellipse line polyline polygon text tspan textPath title desc defs marker symbol use switch "
    "linearGradient radialGradient stop clipPath mask pattern image style metadata filter feBlend feColorMatrix "
    "feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge "
    "feMergeNode feMorphology feOffset".split()
)
"""The elements of SVG 2 that run no scripts, change no attributes, and contain no other documents."""
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
"""Namespaces of drawing programs and descriptions. Browsers ignore them."""
_LOADS = re.compile(r"(?:url|src|image|image-set|cross-fade)\((?!\s*[\"']?#)", re.I)  # CSS functions that request files
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")


class _ActiveError(Exception):
    """The file contains something that isn't allowed."""


class _Reader:
    """Handles the events of the XML parser. Raises _ActiveError."""

    def __init__(self) -> None:
        self.open: list[tuple[str, str]] = []  # the name and id of each open element
        self.style: list[str] = []
        self.holders: set[str] = set()  # the ids of elements that contain a `use` element
        self.used: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        is_drawn = space in (_SVG, "")  # browsers don't draw elements without a namespace
        if local not in _ELEMENTS if is_drawn else not space.startswith(_EDITORS):
            raise _ActiveError
        if not self.open and local != "svg":
            raise _ActiveError
        for key, value in attributes.items():
            if key in ("href", _LINK):
                if not value.startswith("#") and not (local == "image" and _PICTURE.fullmatch(value)):
                    raise _ActiveError
                if local == "use":
                    self.used.add(value[1:])
            elif " " in key:
                if not key.startswith(_EDITORS) and not key.endswith(("/namespace space", "/namespace lang")):
                    raise _ActiveError
            elif key.lower().startswith(("on", "src")) or _LOADS.search(value) or "\\" in value:
                raise _ActiveError
        self.open.append((local, attributes.get("id", "")))
        if local == "use":
            self.holders.update(id for _, id in self.open)

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


def is_drawing(data: bytes) -> bool:
    """Return whether a file is an SVG picture without active content: no scripts, animations, links, processing
    instructions or entities, and no references to other files. A `use` element can't contain others by reference,
    because a short file could then have a picture of endless size."""
    reader, parser = _Reader(), expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.XmlDeclHandler = reader.text, reader.declare
    parser.StartDoctypeDeclHandler, parser.ProcessingInstructionHandler = reader.doctype, reader.refuse
    try:
        if len(data) > MAX_DRAWING:
            return False
        data.decode("utf-8")
        parser.Parse(data, True)
    except (_ActiveError, expat.ExpatError, UnicodeDecodeError):
        return False
    style = "".join(reader.style)
    loads = _LOADS.search(style) or "\\" in style or "@" in style.replace("@media", "")
    return not loads and not reader.used & reader.holders

"""Runs every parser of the project in the same way: the input is bytes, and only the project's own exceptions may be
raised."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import MappingProxyType

from benchmarks.fuzz import data as grammar
from benchmarks.fuzz import text
from mlguide_site.checks.templates import check_templates
from mlguide_site.content.files import decode
from mlguide_site.content.front_matter import set_field, split_front_matter
from mlguide_site.content.load import load
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, SiteError
from mlguide_site.importers import (
    Context,
    Draft,
    EntryDraft,
    FileDraft,
    Importer,
    KnownSeries,
    Source,
)
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.merge.drafts import check_draft
from mlguide_site.merge.run import run_import
from mlguide_site.pipeline import examine

EXAMPLES = Path(__file__).parents[2] / "tests"
SEPARATOR = b"\x1c"
"""The marker before each file of an input that represents a folder. The file's name follows on the same line."""
CONTEXT = Context(
    MappingProxyType({"show": KnownSeries("show", "Show", "SHOW", "https://a.example/{number}")}),
    topics=frozenset({"saws"}),
)


class Unsound(Exception):
    """An exception for a parser that returns a wrong result without raising an exception."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A parser with its name.

    `read` returns the most serious problem that was reported, or "" if there is none, and raises only exceptions that
    the project raises on purpose. `make` generates an input, `examples` are inputs to change, and `commands` is the
    number of commands that one input runs.
    """

    name: str
    read: Callable[[bytes], str]
    make: Callable[[Random], str]
    examples: tuple[bytes, ...]
    commands: int = 1


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of an input that represents a folder, by path.

    >>> unpack(b"\\x1ca.md\\nText\\x1cb/c.png\\nbytes")
    {'a.md': b'Text', 'b/c.png': b'bytes'}
    """
    files = {}
    for part in data.split(SEPARATOR)[1:]:
        name, _, content = part.partition(b"\n")
        files[name.decode("utf-8", "replace")] = content
    return files


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the input that represents a folder with these files."""
    return b"".join(SEPARATOR + name.encode() + b"\n" + content for name, content in files.items())


def _folder(notes: Callable[[Random], str], names: Iterable[str]) -> Callable[[Random], str]:
    places = tuple(names)

    def make(random: Random) -> str:
        return "".join(f"\x1c{random.choice(places)}\n{notes(random)}" for _ in range(random.randrange(1, 5)))

    return make


def source_of(name: str, data: bytes) -> Source:
    """Return the source with an input's bytes: a folder for a vault and for inputs that begin with `SEPARATOR`."""
    if is_folder(name, data):
        return Source("vault", b"", files=unpack(data))
    return Source("2023-05-12 notes 3.md", data)


def is_folder(name: str, data: bytes) -> bool:
    """Check whether an input represents a folder."""
    return name == "vault" or data.startswith(SEPARATOR)


def _told(problems: Iterable[Problem]) -> str:
    """Return the most serious problem as printed. Raises Unsound if a problem can't be printed or has no remedy."""
    found = list(problems)
    for problem in found:
        if not problem.message or not problem.remedy or not str(problem).isprintable():
            raise Unsound(f"a problem without words: {problem!r}")
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    return str((errors or found)[0]) if found else ""


def _import(importer: Importer, name: str) -> Callable[[bytes], str]:
    def read(data: bytes) -> str:
        source = source_of(name, data)
        for one in IMPORTERS:
            one.sniff(source)
        said: list[Problem] = []
        for item in importer.items(source, CONTEXT):
            if isinstance(item, Draft):
                said += check_draft(item, source.name)[1]
            elif not isinstance(item, (EntryDraft, FileDraft, Problem)):
                raise Unsound(f"yields {type(item).__name__}")
            if isinstance(item, Problem):
                said.append(item)
        return _told(said)

    return read


def imported(importer: Importer, name: str, data: bytes, folder: Path) -> None:
    """Import an input into a new root in an empty folder.

    Raises Unsound if the root then has errors, or if a second import changes a file. Raises ContentError if the import
    rejects the source.
    """
    root, source = folder / "root", folder / "notes 3.md"
    root.mkdir()
    if name == "transcript":
        (root / "episodes" / "show").mkdir(parents=True)
        (root / "knowledge").mkdir()
        (root / "knowledge" / "series.yml").write_text("show: {title: Show}\n", "utf-8")
        (root / "episodes" / "show" / "show-003.md").write_text("---\nid: show-003\ntitle: notes 3\n---\n", "utf-8")
    if is_folder(name, data):
        source = folder / "vault"
        source.mkdir()
        for path, content in unpack(data).items():
            place = source / path
            if path.isprintable() and ".." not in path and len(path.encode()) < 200 and not path.startswith("/"):
                try:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(content)
                except OSError:
                    continue
    else:
        source.write_bytes(data)
    try:
        run_import(root, [str(source)], format=importer.name)
    except ContentError:
        if name != "transcript" and (left := sorted(path.name for path in root.rglob("*.md"))):
            raise Unsound(f"refused, and yet there is {left[0]}") from None
        raise
    errors = [problem for problem in examine(root).problems if problem.severity is Severity.ERROR]
    if errors:
        raise Unsound(f"check refuses what was imported: {errors[0]}")
    if again := run_import(root, [str(source)], format=importer.name).writes:
        raise Unsound(f"a second import changes {again[0].path}")


def _whole(importer: Importer, name: str) -> Callable[[bytes], str]:
    def read(data: bytes) -> str:
        with TemporaryDirectory() as folder:
            imported(importer, name, data, Path(folder))
        return ""

    return read


def _note(data: bytes) -> str:
    found = load({"episodes/show/show-001.md": data, "knowledge/series.yml": b"show: {title: Show}\n"})
    told = _told(found.problems)
    try:
        written = set_field(decode(data, "a.md"), "title", "Two")
    except ContentError:
        return told
    if read_yaml(split_front_matter(written, "").yaml, "").value.get("title") != "Two":
        raise Unsound("a field set is not what is read")
    return told


def _knowledge(data: bytes) -> str:
    return _told(
        load({f"knowledge/{name}.yml": data for name in ("series", "topics", "resources", "glossary")}).problems
    )


def _markup(data: bytes) -> str:
    document = parse(data.decode("utf-8", "surrogateescape"), "Title")
    to_markdown(document, {}, lambda href: href)
    errors = [found.message for found in document.findings if found.severity is Severity.ERROR]
    return errors[0] if errors else ""


def _root(data: bytes) -> str:
    files = {path: content for path, content in unpack(data).items() if path.endswith((".md", ".yml"))}
    return _told(load(files, frozenset(path for path in unpack(data) if path.endswith(".png")), drafts=True).problems)


def _settings(data: bytes) -> str:
    with TemporaryDirectory() as folder:
        (Path(folder) / "mkdocs.yml").write_bytes(data)
        return _told(settings_problems(Path(folder)))


def _template(data: bytes) -> str:
    with TemporaryDirectory() as folder:
        (Path(folder) / "templates").mkdir()
        (Path(folder) / "templates" / "home.md.jinja").write_bytes(data)
        return _told(check_templates(Path(folder)))


def _golden(format: str) -> tuple[bytes, ...]:
    """Return the samples of a format. The sample of a folder has its files in a folder beside it."""
    paths = sorted((EXAMPLES / "importers" / format).glob("*.in.*"))
    return tuple(path.read_bytes() or _packed(path.with_name(f"{path.name.split('.in.')[0]}.files")) for path in paths)


def _packed(folder: Path) -> bytes:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return pack({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def _vaults() -> tuple[bytes, ...]:
    return tuple(map(_packed, sorted((EXAMPLES / "importers" / "obsidian").glob("*.files"))))


_VAULT = _folder(
    text.obsidian, ("Day 1.md", "a/Day 2 - Saws.md", "b.md", "B.md", "p.png", "a/p.png", "x.pdf", "notes.MD")
)
_ROOT = _folder(
    lambda random: grammar.note(random) if random.random() < 0.6 else grammar.knowledge(random),
    ("episodes/show/show-001.md", "episodes/show/show-002.md", "episodes/x.md", "episodes/a/b/c.md",
     "knowledge/series.yml",
     "knowledge/topics.yml", "knowledge/tools.yml", "knowledge/resources.yml", "knowledge/people.yml",
     "episodes/show/p.png"),
)  # fmt: skip
_GRAMMARS: Mapping[str, Callable[[Random], str]] = {
    "directory": grammar.page,
    "player": grammar.page,
    "vault": _VAULT,
    "opml": grammar.outline,
    "transcript": lambda random: random.choice((text.timed, text.stamped, grammar.segments, grammar.chapters))(random),
}
"""The functions that generate sources, if they aren't named after the format."""


def _like(examples: Iterable[bytes]) -> Callable[[Random], str]:
    """Return a function that mixes lines of the examples with random lines. The first line comes from an example."""
    written = [one.decode("utf-8", "replace").split("\n") for one in examples] or [[""]]
    lines = [line for one in written for line in one]

    def make(random: Random) -> str:
        first, count = random.choice(written)[0], random.randrange(40)
        rest = (random.choice(lines) if random.random() < 0.7 else text.line(random) for _ in range(count))
        return "\n".join([first, *rest])

    return make


def _importers() -> Iterable[Reader]:
    named = {importer.name: importer for importer in IMPORTERS}
    for name, importer in [*named.items(), ("vault", named["obsidian"])]:
        examples = _vaults() if name == "vault" else _golden(importer.name)
        own = _GRAMMARS.get(name) or getattr(text, name, None) or getattr(grammar, name, None)
        make = own or _like(examples)
        yield Reader(name, _import(importer, name), make, examples)
        yield Reader(f"import-{name}", _whole(importer, name), make, examples, 3)


def _files(*patterns: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for pattern in patterns for path in sorted(EXAMPLES.glob(pattern)))


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        reader.name: reader
        for reader in (
            *_importers(),
            Reader("note", _note, grammar.note, _files("sites/*/episodes/*/*.md")),
            Reader("knowledge", _knowledge, grammar.knowledge, _files("sites/**/knowledge/*.yml")),
            Reader("markup", _markup, text.body, _files("markup/**/*.md")),
            Reader("root", _root, _ROOT, ()),
            Reader("settings", _settings, grammar.settings, _files("../mkdocs.yml")),
            Reader("template", _template, grammar.template, _files("../templates/*.jinja")),
        )
    }
)
"""Maps names to parsers. The parsers `import-…` import an input into a root, check the root, and import the input
again."""
ALLOWED = (SiteError,)

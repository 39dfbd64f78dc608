"""What the package brings along: templates, theme overrides and assets. A root's own file of a name wins over ours."""

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.site_settings import theme_languages
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, ResourceError
from mlguide_site.model.wording import PLURAL_FORMS, Wording

TEMPLATES = "templates"
ASSETS = "assets/mlguide"
"""Where our assets stand in the folder of pages."""
_PARTS = ("phrases", "scripts", "counts")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
_NEWER = {"in": "id", "iw": "he", "no": "nb"}
"""Languages by tags that feeds still have for them."""
_SUFFIXES = {
    "theme": frozenset({".html", ".svg", ".css", ".js", ".xml"}),
    "assets": frozenset({".css", ".js", ".svg", ".woff2", ".png", ".webp", ".ico", ".txt"}),
}


def packaged_templates() -> Path:
    """The folder of the packaged templates: inside the installed package, or of the checkout that it runs from."""
    inside = Path(__file__).parents[1] / TEMPLATES
    return inside if inside.is_dir() else Path(__file__).parents[3] / TEMPLATES


def template_folders(root: Path) -> tuple[Path, ...]:
    """The folders in which templates are looked for, the root's own first. Raises ResourceError without ours."""
    packaged = packaged_templates()
    if not packaged.is_dir():
        raise ResourceError(f"{packaged}: the packaged templates are not there; install mlguide again")
    own = root / TEMPLATES
    return (own, packaged) if own.is_dir() and own.resolve() != packaged.resolve() else (packaged,)


def has_own_theme(root: Path) -> bool:
    """Whether a root brings overrides of the theme that differ from ours. Raises ResourceError."""
    own, *packaged = template_folders(root)
    if not packaged:
        return False
    try:
        ours = {path.relative_to(packaged[0]): path for path in _files(packaged[0] / "theme", _SUFFIXES["theme"])}
        theirs = {path.relative_to(own): path for path in _files(own / "theme", _SUFFIXES["theme"])}
        return any(name not in ours or path.read_bytes() != ours[name].read_bytes() for name, path in theirs.items())
    except OSError as error:
        raise ResourceError(f"{error.filename or own}: {error.strerror or error}") from None


def theme_files(root: Path) -> Mapping[str, bytes]:
    """The overrides of the engine's theme by path in its `custom_dir`. Raises ResourceError."""
    return _overlaid(root, "theme", "")


def asset_files(root: Path) -> Mapping[str, bytes]:
    """Styles, scripts and pictures of the site's look by path in the folder of pages; our own scripts without their
    remarks, which readers would load for nothing. Raises ResourceError."""
    found = _overlaid(root, "assets", f"{ASSETS}/")
    ours = {f"{ASSETS}/{path.name}": path.read_bytes() for path in (packaged_templates() / "assets").glob("*.js")}
    return {path: without_remarks(data) if ours.get(path) == data else data for path, data in found.items()}


def without_remarks(script: bytes) -> bytes:
    r"""A script of ours without the lines that are remarks alone; no text of ours goes over several lines and has such.

    >>> without_remarks(b"// Why.\nconst a = 1 // here\n  // and there\n")
    b'const a = 1 // here\n'
    """
    return b"".join(line for line in script.splitlines(keepends=True) if not line.lstrip().startswith(b"//"))


def read_wording(root: Path, language: str) -> Wording:
    """The site's own words in a language, from `templates/words/<language>.yml`, or that of the language without its
    region; in English where there is neither. Raises ContentError where the file isn't as it must be, ResourceError."""
    tag = language.lower()
    if not _LANGUAGE.fullmatch(tag):
        return Wording(language)
    for name in dict.fromkeys([tag, tag.partition("-")[0]]):
        for folder in template_folders(root):
            path = folder / "words" / f"{name}.yml"
            if path.is_file():
                return _read_words(path, language, name)
    return Wording(language)


def word_problems(root: Path) -> tuple[Problem, ...]:
    """What is wrong with the files of words that a root has of its own. Links are told by the root's reader, and not
    followed. Raises ResourceError."""
    found: list[Problem] = []
    folder = root / TEMPLATES / "words"
    linked = folder.is_symlink() or folder.parent.is_symlink()
    for path in sorted(folder.glob("*.yml")) if not linked else ():
        if path.is_file() and not path.is_symlink() and _LANGUAGE.fullmatch(path.stem):
            try:
                _read_words(path, path.stem, path.stem)
            except ContentError as error:
                found += error.problems
    return tuple(found)


def _read_words(path: Path, language: str, name: str) -> Wording:
    return _wording(language, decode(read_bytes(path), f"templates/words/{name}.yml"), name)


def known_language(tag: str) -> str:
    """The language that a site can be in for a tag (BCP 47): the tag, or what is left of it as its parts are taken away
    from the end (RFC 4647, section 3.4), as soon as the theme or our own words know it; "" where they never do."""
    own = sorted(path.stem for path in (packaged_templates() / "words").glob("*.yml"))
    known = {name.lower(): name for name in [*own, *sorted(theme_languages())]}
    parts = tag.replace("_", "-").lower().split("-")
    parts[0] = _NEWER.get(parts[0], parts[0])
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((known[tag] for tag in tags if tag in known), "")


def _wording(language: str, text: str, name: str) -> Wording:
    path = f"templates/words/{name}.yml"
    located = read_yaml(text, path)
    told = located.value
    problems = [
        Problem(path, located.find((part, *rest)), message, "compare it with the packaged file of another language")
        for part, rest, message in _word_faults(told)
    ]
    if problems:
        raise ContentError(problems)
    phrases, scripts, counts = (told.get(part, {}) for part in _PARTS)
    return Wording(language, phrases, scripts, counts, told.get("thousands", ","))


def _word_faults(told: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What is wrong with a file of words: the part of the file, the keys below it, and what it is."""
    for part in told:
        if part not in (*_PARTS, "thousands"):
            yield part, (), f'there is no "{part}" among words'
    if not isinstance(told.get("thousands", ","), str):
        yield "thousands", (), "this is not a text; write it in quotes"
    for part in _PARTS:
        if not isinstance(told.get(part, {}), Mapping):
            yield part, (), "this is not a mapping"
            return
    for part in ("phrases", "scripts"):
        for english, said in told.get(part, {}).items():
            if not isinstance(said, str) or said.count("{}") != english.count("{}") or _braced(said):
                yield part, (english,), "this must be a text with as many {} as its English, and no other braces"
    for noun, forms in told.get("counts", {}).items():
        right = isinstance(forms, Mapping) and "other" in forms and set(forms) <= set(PLURAL_FORMS)
        if not right or not all(
            isinstance(said, str) and said.count("{}") < 2 and not _braced(said) for said in forms.values()
        ):
            message = f"plural forms are {', '.join(PLURAL_FORMS)}; other must be there, each with at most one {{}}"
            yield "counts", (noun,), message


def _braced(said: str) -> bool:
    return "{" in said.replace("{}", "") or "}" in said.replace("{}", "")


def _overlaid(root: Path, name: str, prefix: str) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        for folder in reversed(template_folders(root)):
            for path in _files(folder / name, _SUFFIXES[name]):
                found[prefix + path.relative_to(folder / name).as_posix()] = path.read_bytes()
    except OSError as error:
        raise ResourceError(f"{error.filename or name}: {error.strerror or error}") from None
    return dict(sorted(found.items()))


def _files(folder: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    """Regular files below a folder; links are not followed, dot files and other kinds of file are passed over."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        if path.name.startswith("."):
            continue
        if stat.S_ISDIR(mode):
            yield from _files(path, suffixes)
        elif stat.S_ISREG(mode) and path.suffix in suffixes:
            yield path

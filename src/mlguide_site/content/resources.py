"""The package's templates, theme overrides, assets and translations. A root's own file of a name replaces ours."""

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
"""The folder of our assets in the folder of pages."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
_RENAMED = {"in": "id", "iw": "he", "no": "nb"}
"""Former tags of languages, which feeds still use."""
_SUFFIXES = {
    "theme": frozenset({".html", ".svg", ".css", ".js", ".xml"}),
    "assets": frozenset({".css", ".js", ".svg", ".woff2", ".png", ".webp", ".ico", ".txt"}),
}


def packaged_templates() -> Path:
    """The folder of the packaged templates: inside the installed package, or of the checkout that it runs from."""
    inside = Path(__file__).parents[1] / TEMPLATES
    return inside if inside.is_dir() else Path(__file__).parents[3] / TEMPLATES


def template_folders(root: Path) -> tuple[Path, ...]:
    """The folders with templates, the root's own first. Raises ResourceError without ours."""
    packaged = packaged_templates()
    if not packaged.is_dir():
        raise ResourceError(f"{packaged}: the packaged templates are not there; install mlguide again")
    own = root / TEMPLATES
    return (own, packaged) if own.is_dir() and own.resolve() != packaged.resolve() else (packaged,)


def has_own_theme(root: Path) -> bool:
    """Whether a root has overrides of the theme that differ from ours. Raises ResourceError."""
    own, *packaged = template_folders(root)
    ours = {path: data for folder in packaged for path, data in _files(folder / "theme", "theme")}
    return bool(packaged) and any(ours.get(path) != data for path, data in _files(own / "theme", "theme"))


def theme_files(root: Path) -> Mapping[str, bytes]:
    """The overrides of the engine's theme by path in its `custom_dir`. Raises ResourceError."""
    return _merged(root, "theme")


def asset_files(root: Path) -> Mapping[str, bytes]:
    """Styles, scripts and pictures by path in the folder of pages; our own scripts without comments. Raises
    ResourceError."""
    ours = dict(_files(packaged_templates() / "assets", "assets"))
    return {
        f"{ASSETS}/{path}": without_comments(data) if path.endswith(".js") and ours.get(path) == data else data
        for path, data in _merged(root, "assets").items()
    }


def without_comments(script: bytes) -> bytes:
    r"""A script of ours without the lines that are comments alone; none of our texts has such a line.

    >>> without_comments(b"// Why.\nconst a = 1 // here\n  // and there\n")
    b'const a = 1 // here\n'
    """
    return b"".join(line for line in script.splitlines(keepends=True) if not line.lstrip().startswith(b"//"))


def read_wording(root: Path, language: str) -> Wording:
    """The labels in a language, from `templates/words/<language>.yml`, or that of the language without its region;
    English if there is neither. Raises ContentError if the file is invalid, ResourceError."""
    tag = language.lower()
    names = [tag, tag.partition("-")[0]] if _LANGUAGE.fullmatch(tag) else []
    paths = [folder / "words" / f"{name}.yml" for name in names for folder in template_folders(root)]
    path = next((path for path in paths if path.is_file()), None)
    return _read_words(path, language) if path else Wording(language)


def word_problems(root: Path) -> tuple[Problem, ...]:
    """What is wrong with a root's own translations; links, which `read_root` reports, are not followed. Raises
    ResourceError."""
    found: list[Problem] = []
    folder = root / TEMPLATES / "words"
    linked = folder.is_symlink() or folder.parent.is_symlink()
    for path in sorted(folder.glob("*.yml")) if not linked else ():
        if path.is_file() and not path.is_symlink() and _LANGUAGE.fullmatch(path.stem):
            try:
                _read_words(path, path.stem)
            except ContentError as error:
                found += error.problems
    return tuple(found)


def known_language(tag: str) -> str:
    """The language of a site for a tag (BCP 47): its longest prefix (RFC 4647, section 3.4) that the theme or our
    translations have; "" if none."""
    own = sorted(path.stem for path in (packaged_templates() / "words").glob("*.yml"))
    known = {name.lower(): name for name in [*own, *sorted(theme_languages())]}
    parts = tag.replace("_", "-").lower().split("-")
    parts[0] = _RENAMED.get(parts[0], parts[0])
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((known[tag] for tag in tags if tag in known), "")


def _read_words(path: Path, language: str) -> Wording:
    name = f"{TEMPLATES}/words/{path.name}"
    located = read_yaml(decode(read_bytes(path), name), name)
    words: dict[str, Any] = located.value
    remedy = "compare it with the packaged file of another language"
    problems = [Problem(name, located.find(where), message, remedy) for where, message in _word_faults(words)]
    if problems:
        raise ContentError(problems)
    phrases, scripts, counts = (words.get(part, {}) for part in ("phrases", "scripts", "counts"))
    return Wording(language, phrases, scripts, counts, words.get("thousands", ","))


def _word_faults(words: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with translations, and where."""
    parts = ("phrases", "scripts", "counts")
    for part in words:
        if part not in (*parts, "thousands"):
            yield (part,), f'there is no "{part}" among words'
        elif part == "thousands" and not isinstance(words[part], str):
            yield (part,), "this is not a text; write it in quotes"
        elif part in parts and not isinstance(words[part], Mapping):
            yield (part,), "this is not a mapping"
            return
    for part in ("phrases", "scripts"):
        for english, label in words.get(part, {}).items():
            if not _is_label(label) or label.count("{}") != english.count("{}"):
                yield (part, english), "this must be a text with as many {} as its English, and no other braces"
    for noun, forms in words.get("counts", {}).items():
        is_complete = isinstance(forms, Mapping) and "other" in forms and set(forms) <= set(PLURAL_FORMS)
        if not is_complete or not all(_is_label(label) and label.count("{}") < 2 for label in forms.values()):
            message = f"plural forms are {', '.join(PLURAL_FORMS)}; other must be there, each with at most one {{}}"
            yield ("counts", noun), message


def _is_label(label: object) -> bool:
    return isinstance(label, str) and not {"{", "}"} & set(label.replace("{}", ""))


def _merged(root: Path, name: str) -> Mapping[str, bytes]:
    folders = reversed(template_folders(root))
    found = {path: data for folder in folders for path, data in _files(folder / name, name)}
    return dict(sorted(found.items()))


def _files(folder: Path, name: str, below: str = "") -> Iterator[tuple[str, bytes]]:
    """Path and bytes of the regular files below a folder; links, hidden files and other kinds are skipped. Raises
    ResourceError."""
    if not folder.is_dir() or folder.is_symlink():
        return
    try:
        for path in sorted(folder.iterdir()):
            mode = path.lstat().st_mode
            if path.name.startswith("."):
                continue
            if stat.S_ISDIR(mode):
                yield from _files(path, name, f"{below}{path.name}/")
            elif stat.S_ISREG(mode) and path.suffix in _SUFFIXES[name]:
                yield f"{below}{path.name}", path.read_bytes()
    except OSError as error:
        raise ResourceError(f"{error.filename or folder}: {error.strerror or error}") from None

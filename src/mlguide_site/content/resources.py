"""Reads templates, theme files, assets and translations. A file in a root's `templates/` replaces the packaged file."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.site_settings import theme_languages
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, Span, collected, suggestion
from mlguide_site.model.wording import PLURAL_FORMS, Wording

TEMPLATES = "templates"
ASSETS = "assets/mlguide"  # the folder for assets in the folder of generated pages
OWN_MAIN = "own-main.html"  # the new name of the root's `main.html`, which the packaged `main.html` includes
_EXTENDS = re.compile(rb"""({%[-+]?\s*extends\s+["'])(base\.html|main\.html)(?=["'])""")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
_RENAMED = {"in": "id", "iw": "he", "no": "nb"}  # maps deprecated language tags to current tags
SUFFIXES = {
    "words": frozenset({".yml", ".yaml"}),
    "theme": frozenset({".html", ".svg", ".css", ".js", ".xml"}),
    "assets": frozenset({".css", ".js", ".svg", ".woff2", ".png", ".webp", ".ico", ".txt"}),
}


def packaged_templates() -> Path:
    """Return the folder of the packaged templates."""
    inside = Path(__file__).parents[1] / TEMPLATES
    return inside if inside.is_dir() else Path(__file__).parents[3] / TEMPLATES


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return the root's template folder, if any, then the packaged one. Raises ResourceError without a packaged one."""
    packaged = packaged_templates()
    if not packaged.is_dir():
        raise ResourceError(f"{packaged}: the packaged templates are missing; reinstall mlguide")
    own = root / TEMPLATES
    return (own, packaged) if own.is_dir() and own.resolve() != packaged.resolve() else (packaged,)


def theme_files(root: Path, overrides: str = "") -> Mapping[str, bytes]:
    """Return the files that override the engine's theme, by path in `custom_dir`. `overrides` is the root's setting
    `custom_dir`. A template of the root that extends the theme's `base.html` or `main.html` is changed to extend a
    packaged template, so that every page contains the content security policy. Raises ResourceError."""
    ours, others = dict(_merged(root, "theme")), dict(_files(root / overrides, "theme")) if overrides else {}
    # `frame.html` is the parent of the other templates
    theirs = {path: data for path, data in ours.items() if path != "frame.html" and _EXTENDS.search(data)} | others
    main = b"frame.html"
    if "main.html" in theirs:
        ours["main.html"] = read_bytes(packaged_templates() / "theme/main.html")
        theirs[OWN_MAIN] = _EXTENDS.sub(rb"\1frame.html", theirs.pop("main.html"))
        main = OWN_MAIN.encode()
    parents = {b"base.html": b"frame.html", b"main.html": main}
    found = {path: _EXTENDS.sub(lambda one: one[1] + parents[one[2]], data) for path, data in theirs.items()}
    return {**ours, **found}


def asset_files(root: Path) -> Mapping[str, bytes]:
    """Map paths of styles, scripts and images in the folder of pages to contents, without packaged comments."""
    ours = dict(_files(packaged_templates() / "assets", "assets"))
    return {
        f"{ASSETS}/{path}": without_comments(data, path) if ours.get(path) == data else data
        for path, data in _merged(root, "assets").items()
    }


def without_comments(data: bytes, path: str) -> bytes:
    """Return a style sheet without comments and without space around signs that don't need it, or a script without
    indentation and comment lines. Call this function only for packaged files, because their strings never span lines,
    look like comments, or contain such space."""
    if path.endswith(".css"):
        short = re.sub(rb"\s*([{};>~])\s*", rb"\1", re.sub(rb"\s*/\*.*?\*/", b"", data, flags=re.S)).strip()
        return re.sub(rb"(?<=[:,]) ", b"", short)
    if not path.endswith(".js"):
        return data
    lines = (line.lstrip() for line in data.splitlines(keepends=True))
    return b"".join(line for line in lines if not line.startswith(b"//"))


def read_wording(root: Path, language: str) -> Wording:
    """Return the labels of a language, from `templates/words/<language>.yml`. A label that is missing in `de-at.yml` is
    taken from `de.yml`, or else from `en.yml`. A root's file takes precedence over the packaged file. Raises
    ContentError for an invalid file, and ResourceError if the packaged templates are missing."""
    tag = language.lower()
    names = ["en", tag.partition("-")[0], tag] if _LANGUAGE.fullmatch(tag) else ["en"]
    found: dict[str, dict[str, Any]] = {"labels": {}, "script_labels": {}, "counts": {}}
    thousands, translated = ",", set[str]()
    for name in dict.fromkeys(names):
        for folder in reversed(template_folders(root)):
            if (path := folder / "words" / f"{name}.yml").is_file():
                words = _read_words(path.name, read_bytes(path))
                thousands = words.get("thousands", thousands)
                for part in ("labels", "script_labels"):
                    found[part] |= words.get(part, {})
                for noun, forms in words.get("counts", {}).items():
                    found["counts"][noun] = found["counts"].get(noun, {}) | forms
                    translated |= {noun} if name != "en" else set()
    counts = found["counts"]
    if names[-1].partition("-")[0] != "en":
        # the plural rule of another language doesn't fit English nouns
        counts = {noun: forms for noun, forms in counts.items() if noun in translated}
    return Wording(language, found["labels"], found["script_labels"], counts, thousands)


def word_problems(root: Path) -> tuple[Problem, ...]:
    """Return problems in a root's translations, but skip symbolic links (see `read_root`). Raises ResourceError."""
    found: list[Problem] = []
    folder = root / TEMPLATES
    for path, data in _files(folder / "words", "words") if not folder.is_symlink() else ():
        if not path.endswith(".yml") or not _LANGUAGE.fullmatch(path.removesuffix(".yml")):
            name, stem = f"{TEMPLATES}/words/{path}", path.rpartition(".")[0].lower()
            remedy = f"rename the file to {stem}.yml" if _LANGUAGE.fullmatch(stem) else "write a name such as nl.yml"
            message = "this file name is not a lower-case language tag with .yml"
            found.append(Problem(name, Span(), message, remedy, Severity.WARNING))
            continue
        with collected(found):
            _read_words(path, data)
    return tuple(found)


def known_language(tag: str) -> str:
    """Return the supported language for a tag (BCP 47), or "" if there is none. A language is supported if the theme or
    this package has translations. `de-CH` falls back to `de` (RFC 4647, section 3.4)."""
    own = sorted(path.stem for path in (packaged_templates() / "words").glob("*.yml"))
    known = {name.lower(): name for name in [*own, *sorted(theme_languages())]}
    parts = tag.replace("_", "-").lower().split("-")
    parts[0] = _RENAMED.get(parts[0], parts[0])
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((known[tag] for tag in tags if tag in known), "")


@lru_cache(maxsize=16)
def _read_words(path: str, data: bytes) -> Mapping[str, Any]:
    """Return a file's labels. Raises ContentError if keys or placeholders differ from those of the English labels."""
    name = f"{TEMPLATES}/words/{path}"
    located = read_yaml(decode(data, name), name)
    problems, english = [], _english()
    for where, label in _flat(located.value):
        form = where[-1] if where[0] == "counts" and where[-1] in PLURAL_FORMS else ""
        expected = english.get((*where[:-1], "other") if form else where)
        message, remedy = "", "compare the file with the packaged en.yml"
        if expected is None and any(place[: len(where)] == where for place in english):
            message = f'"{".".join(where)}" must be a mapping'
        elif expected is None:
            message = f'there is no key "{".".join(where)}"'
            siblings = {(*place, "")[len(where) - 1] for place in english if place[: len(where) - 1] == where[:-1]}
            remedy = suggestion(where[-1], sorted(siblings), remedy)
        elif not isinstance(label, str) or {"{", "}"} & set(label.replace("{}", "")):
            message = "this must be text without braces, except {}"
        elif label.count("{}") != expected.count("{}") and not (
            form in {"zero", "one", "two"} and label.count("{}") < 2
        ):
            message = "this must contain as many {} as the English label"
        if message:
            problems.append(Problem(name, located.find(where), message, remedy))
    if problems:
        raise ContentError(problems)
    words: Mapping[str, Any] = located.value
    return words


@cache
def _english() -> Mapping[tuple[str, ...], str]:
    """Return the packaged English labels, which include every valid key."""
    path = packaged_templates() / "words/en.yml"
    return {("thousands",): ","} | dict(_flat(read_yaml(decode(read_bytes(path), path.name), path.name).value))


def _flat(value: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, label in value.items():
        if isinstance(label, Mapping) and label:
            yield from _flat(label, (*where, key))
        else:
            yield (*where, key), label


def _merged(root: Path, name: str) -> Mapping[str, bytes]:
    found = {path: data for folder in reversed(template_folders(root)) for path, data in _files(folder / name, name)}
    return dict(sorted(found.items()))


def _files(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) for each file with a suffix in `SUFFIXES[name]`. Skip symbolic links and hidden files."""
    for path in sorted(folder.rglob("*")) if not folder.is_symlink() else ():
        below = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in below.parts)
        if path.is_file() and not path.is_symlink() and not is_hidden and path.suffix in SUFFIXES[name]:
            yield below.as_posix(), read_bytes(path)

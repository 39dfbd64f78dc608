"""Files in places where nothing reads them, though their names say what they were meant to be."""

import posixpath
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from mlguide_site.content.knowledge import KNOWLEDGE, SUGGESTIONS
from mlguide_site.content.root import names_beside
from mlguide_site.content.transcripts import CHAPTERS, TRANSCRIPTS
from mlguide_site.errors import Problem, Severity, Span, nearest
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import nearest_id, parse_id
from mlguide_site.pages.notes import destination

MAX_REPORTED = 1_000
"""So many files are reported at most."""
_FOLDERS = {"episodes": (".md",), "knowledge": (".yml", ".yaml"), "templates": (".jinja", ".html")}
"""The folders of a root that are read, and what the files end in for which they are."""
_SAID = {
    "term": "glossary",
    "terms": "glossary",
    "definitions": "glossary",
    "vocabulary": "glossary",
    "person": "people",
    "persons": "people",
    "shows": "series",
    "podcasts": "series",
}
"""What people call a knowledge file, besides words that are near its name."""
_FILES = (*KNOWLEDGE, posixpath.basename(SUGGESTIONS).removesuffix(".yml"))
_TEXTS = (*TRANSCRIPTS, ".txt")


def check_misplaced(root: Path, linked: LinkedCatalog) -> tuple[Problem, ...]:
    """A warning for each file of a root in a place where nothing reads it, sorted. Raises ResourceError."""
    series = linked.catalog.series
    beside = names_beside(root, lambda name: bool(_meant(name)) or name in series)
    spoken = sorted(path for path in linked.catalog.assets if path.lower().endswith(_TEXTS))
    found = [*in_knowledge(beside), *_on_top(root, beside, linked.catalog), *_beside_notes(spoken, linked)]
    return tuple(sorted(found)[:MAX_REPORTED])


def _warning(path: str, message: str, remedy: str) -> Problem:
    return Problem(path, Span(), message, remedy, Severity.WARNING)


def in_knowledge(paths: Iterable[str]) -> Iterator[Problem]:
    """Of the paths of a root's files, those in `knowledge/` that aren't knowledge files."""
    every = set(paths)
    for path in sorted(every):
        folder, _, rest = path.partition("/")
        names = rest.split("/")
        if folder != "knowledge" or (len(names) == 1 and names[0] in {f"{name}.yml" for name in _FILES}):
            continue
        if len(names) == 1 and path.endswith(".yaml"):
            # the root's reader says so
            continue
        stems = [name.split(".")[0] for name in names]
        name = next((found for stem in stems if (found := _file_of(stem))), "")
        target = f"knowledge/{name}.yml"
        if not name:
            shown = ", ".join(f"{name}.yml" for name in KNOWLEDGE)
            remedy = f"move its entries into one of {shown}, and remove it"
        elif len(names) > 1 or target in every:
            remedy = f"move its entries into {target}, and remove it"
        else:
            remedy = f"rename it to {name}.yml"
        yield _warning(path, "nothing reads this file", remedy)


def _file_of(stem: str) -> str:
    """The knowledge file that a name is meant for; empty where none is near.

    >>> _file_of("terms"), _file_of("Tool"), _file_of("glosary"), _file_of("recipes")
    ('glossary', 'tools', 'glossary', '')
    """
    word = stem.casefold()
    return _SAID.get(word, "") or nearest(word, _FILES)


def _meant(folder: str) -> str:
    """The folder of a root that another is called like; empty where it is none, or that folder itself.

    >>> _meant("Episodes"), _meant("episode"), _meant("knowlege"), _meant("episodes"), _meant("notes")
    ('episodes', 'episodes', 'knowledge', '', '')
    """
    return "" if folder in _FOLDERS else nearest(folder.casefold(), list(_FOLDERS))


def _on_top(root: Path, paths: Iterable[str], catalog: Catalog) -> Iterator[Problem]:
    """Files on the top of a root that belong into its folders, and folders there that are called like those."""
    seen: set[str] = set()
    for path in paths:
        folder, _, rest = path.partition("/")
        name = path.rpartition("/")[2]
        meant = _meant(folder) if rest else ""
        series = _series_of(name, catalog)
        if folder in seen or (rest and folder in _FOLDERS):
            continue
        if meant and name.endswith(_FOLDERS[meant]):
            seen.add(folder)
            # where a file system takes both names for one, it is the same folder
            is_other = (root / meant).exists() and not (root / meant).samefile(root / folder)
            remedy = f"move its files into {meant}/" if is_other else f"rename it to {meant}"
            yield _warning(folder, f"nothing reads this folder; that of a knowledge base is called {meant}", remedy)
        elif rest and folder == series and name.endswith(".md"):
            seen.add(folder)
            remedy = f"move its files into episodes/{series}/"
            yield _warning(folder, "nothing reads this folder, which holds notes", remedy)
        elif not rest and name.endswith((".yml", ".yaml")) and name.rpartition(".")[0] in _FILES:
            stem = name.rpartition(".")[0]
            is_there = (root / f"knowledge/{stem}.yml").exists()
            remedy = f"move {'its entries' if is_there else 'it'} into knowledge/{stem}.yml"
            yield _warning(path, "nothing reads this file", f"{remedy}, and remove it" if is_there else remedy)
        elif not rest and series and name.endswith(".md"):
            yield _warning(path, "nothing reads this file", f"move it to episodes/{series}/{name}")


def _series_of(name: str, catalog: Catalog) -> str:
    """The series of whose notes a file's name is, by its number; empty where it is of none."""
    stem = name.rpartition(".")[0]
    return next((one for one in catalog.series if (key := parse_id(one, stem)) and key.number is not None), "")


def _beside_notes(paths: Iterable[str], linked: LinkedCatalog) -> Iterator[Problem]:
    """Of the paths of texts among the notes, those that are neither an episode's nor linked from notes."""
    catalog = linked.catalog
    ids = {*catalog.episodes, *catalog.broken}
    strange = [path for path in paths if not _is_spoken(path, ids)]
    used = _linked(linked) if strange else frozenset()
    for path in strange:
        if path in used:
            continue
        folder, _, name = path.rpartition("/")
        if name.lower().endswith(".txt"):
            id = _episode_of(path, catalog) or "ID"
            remedy = f"link it from notes, or read it with: mlguide import {path} --episode {id}, and remove it"
            yield _warning(path, "notes end in .md, and no notes lead to this text", remedy)
        elif id := _episode_of(path, catalog):
            target = f"episodes/{catalog.episodes[id].series}/{id}{_suffix(name)}"
            here = target.rpartition("/")[0] == folder
            remedy = f"rename it to {target.rpartition('/')[2]}" if here else f"move it to {target}"
            if target in catalog.assets:
                remedy = f"{target} exists already: remove one of the two"
            yield _warning(path, "no episode takes this file by its name", remedy)
        elif not (name.lower().endswith(".json") and path.count("/") > 2):
            stem = name.lower().removesuffix(_suffix(name))
            remedy = f"name it after its episode, as in episodes/<series>/<id>{_suffix(name)}, or remove it"
            if series := _series_of(f"{stem}.md", catalog):
                remedy = f"add its notes, episodes/{series}/{stem}.md, or remove it"
            yield _warning(path, "no episode takes this file by its name", remedy)


def _is_spoken(path: str, ids: Set[str]) -> bool:
    """Whether a path is that of an episode's transcript or chapters."""
    stem = path.rpartition("/")[2].removesuffix(CHAPTERS)
    for suffix in TRANSCRIPTS:
        stem = stem.removesuffix(suffix)
    return path.count("/") == 2 and path.endswith(tuple(TRANSCRIPTS)) and stem in ids


def _suffix(name: str) -> str:
    """What a file of an episode ends in.

    >>> _suffix("A-001.VTT"), _suffix("a-001-chapters.json")
    ('.vtt', '.chapters.json')
    """
    low = name.lower()
    return CHAPTERS if low.endswith(".json") and "chapter" in low else f".{low.rpartition('.')[2]}"


def _episode_of(path: str, catalog: Catalog) -> str:
    """The episode that a file is meant for, by its name or, where that says nothing, its folder; empty where there is
    none."""
    folder, _, name = path.lower().rpartition("/")
    stem = name.removesuffix(_suffix(name))
    # what follows the id, as in a-001.en.vtt or a-001_final.vtt
    ends = [at for at, sign in enumerate(stem) if not sign.isalnum()]
    whole = next((stem[:at] for at in (len(stem), *reversed(ends)) if stem[:at] in catalog.episodes), "")
    if whole:
        return whole
    own = folder.rpartition("/")[2]
    if own in catalog.episodes:
        return "" if name.endswith(".json") else own
    return nearest_id(stem, list(catalog.by_series.get(own, ()))) if any(sign.isdigit() for sign in stem) else ""


def _linked(linked: LinkedCatalog) -> Set[str]:
    """The files that notes lead to."""
    uses = ((use.href, episode) for episode in linked.episodes.values() for use in episode.document.links)
    found = (destination(href, episode, linked) for href, episode in uses)
    return {target.partition("#")[0] for target in found if target}

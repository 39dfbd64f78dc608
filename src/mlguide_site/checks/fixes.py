"""Fixes slugs and ids for `mlguide check --fix`, and finds values that YAML truncates at a `#`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from mlguide_site.checks.catalog import EPISODE, former_names, unknown_names
from mlguide_site.content.files import change_files, decode, exclusive
from mlguide_site.content.front_matter import split_front_matter
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.content.yaml_edit import set_slug
from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.linking.tags import name_key
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import series_of, without_zeros

MIN_SLUG = 5
MAX_COMPARED = 100_000_000  # maximum number of comparisons of slugs; after that, only former slugs are fixed
_KEY = r"[^\s:#'\"\[{]++:[ \t]++"
# matches an unquoted value with a space before a `#`, but no space after the `#`
_CUT_OFF = re.compile(
    rf"[ \t]*+(?:(?:- ++)++(?:{_KEY})?+|{_KEY})(?!['\"\[{{])(?:[^#]|(?<![ \t])#)*+(?P<comment>#)(?=[^\s#])"
)


class Fix(NamedTuple):
    """A wrong slug in a file, its position, and the correct slug."""

    path: str
    span: Span
    old: str
    new: str

    def __str__(self) -> str:
        return f'{self.path}:{self.span.line}:{self.span.column}: replaced "{self.old}" with "{self.new}"'


def fix_root(root: Path) -> tuple[Fix, ...]:
    """Fix wrong slugs and ids in a root, and return the fixes. Raises ResourceError if a file can't be written."""
    with exclusive(root):
        texts = read_root(root).texts
        changed, fixes = fix_texts(texts)
        change_files(root, changed, known=texts)
    return fixes


def fix_texts(texts: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[Fix, ...]]:
    """Return the changed files by path, and the fixes. Slugs with YAML escape sequences aren't fixed."""
    changed: dict[str, list[str]] = {}
    fixed = []
    # start at the end of a file, so that earlier positions stay valid
    for fix in sorted(find_fixes(load(texts, drafts=True).catalog), reverse=True):
        lines = changed.setdefault(fix.path, texts[fix.path].decode().splitlines(keepends=True))
        if set_slug(lines, fix.span, fix.old, fix.new):
            fixed.append(fix)
    return {path: "".join(changed[path]).encode() for path in {fix.path for fix in fixed}}, tuple(sorted(fixed))


def find_fixes(catalog: Catalog) -> Iterator[Fix]:
    """Yield a fix for each former slug or id, and for each misspelled slug that is similar to only one known slug: it
    has two swapped letters, another plural ending, or other hyphens. Other differences may belong to another real
    entry, and a similar slug of a person to another person. Slugs with digits or fewer than five characters are
    skipped. An id with missing zeros or swapped letters is fixed, but a known series is never replaced."""
    # import on demand, because other commands don't need rapidfuzz
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    former, compared = former_names(catalog), 0
    ids: dict[str, dict[str, str]] = defaultdict(dict)
    for id in catalog.episodes:
        ids[_digits(id)][id] = without_zeros(id)
    kinds = (kind for kind in Kind if kind is not Kind.PERSON)
    slugs = {kind.value: {slug: name_key(slug) for slug in catalog.entries(kind)} for kind in kinds}
    for path, span, kind, slug, severity in unknown_names(catalog):
        new, is_id = former.get((kind, slug), ""), kind == EPISODE
        # an unknown id that isn't an error may belong to another root
        may_be_typo = severity is Severity.ERROR if is_id else not any(char.isdigit() for char in slug)
        if not new and may_be_typo and len(slug) >= MIN_SLUG and compared < MAX_COMPARED:
            known = ids.get(_digits(slug), {}) if is_id else slugs.get(kind, {})
            word = without_zeros(slug) if is_id else name_key(slug)
            most_different = 0 if is_id and any(series_of(slug, catalog.series)) else 1
            compared += len(known)
            near = process.extract(word, known, scorer=OSA.distance, score_cutoff=2, limit=2)
            if len(near) == 1 and near[0][1] <= most_different and sorted(near[0][0]) == sorted(word):
                new = near[0][2]
        if new:
            yield Fix(path, span, slug, new)


def _digits(id: str) -> str:
    return "-".join(re.findall("[0-9]+", without_zeros(id)))


def cut_off_values(texts: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield a hint for each value that YAML truncates at a `#`. `texts` maps paths to notes and YAML files."""
    for path in sorted(texts):
        try:
            yaml, first_line = decode(texts[path], path), 1
            if path.endswith(".md"):
                yaml, first_line, *_ = split_front_matter(yaml, path)
        except ContentError:
            continue
        for number, line in enumerate(yaml.splitlines() if " #" in yaml else (), first_line):
            if found := _CUT_OFF.match(line):
                place = Span(number, found.start("comment") + 1)
                remedy = "put the whole value in quotes, or write a space after the # if a comment follows"
                yield Problem(path, place, "YAML ignores the text after #", remedy, Severity.HINT)

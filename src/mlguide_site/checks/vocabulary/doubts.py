"""Values in YAML that are read otherwise than they look: cut off by a comment, or in quotes that are none."""

import re
from collections.abc import Iterator, Mapping

from mlguide_site.checks.vocabulary.slips import yaml_of
from mlguide_site.content.codec import MAX_KNOWLEDGE, read_yaml
from mlguide_site.errors import ContentError, Problem, Severity

_SIGNS = re.compile(r"[ \t]#[^\s#]|[“„‟”‘‚’«»]")


def find_doubts(texts: Mapping[str, bytes]) -> Iterator[Problem]:
    """A hint for each such value in notes and knowledge files, given by path; files that can't be read have none."""
    for path in sorted(texts):
        try:
            text, before = yaml_of(path, texts[path])
            if not _SIGNS.search(text):
                continue
            located = read_yaml(text, path, before + 1, MAX_KNOWLEDGE)
        except ContentError:
            continue
        for place, message, remedy in located.doubts(text):
            yield Problem(path, place, message, remedy, Severity.HINT)

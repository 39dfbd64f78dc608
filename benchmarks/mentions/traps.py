"""Counts, for each ambiguous name, where it stands in prose and means something else, and where it means the entry."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.mentions.texts import FOLDER, Text, locate
from mlguide_site.markdown.parse import parse


class Count(NamedTuple):
    """An ambiguous name, and how often it must not and must be linked over all texts given."""

    name: str
    traps: int
    uses: int


def ambiguous_names() -> dict[str, re.Pattern[str]]:
    """The names of `ambiguous.txt`, each with the pattern of its forms: any case, plural, space or hyphen."""
    names = {}
    for line in (FOLDER / "ambiguous.txt").read_text("utf-8").splitlines():
        forms = [form.strip() for form in line.split("|")]
        words = "|".join(re.escape(form).replace(r"\ ", "[- ]") for form in forms)
        names[forms[0]] = re.compile(rf"(?<![\w-])(?:{words})(?:e?s)?(?!\w)", re.IGNORECASE)
    return names


def count(texts: Sequence[Text]) -> list[Count]:
    """The counts, by name. What is marked as part of a longer name is neither."""
    runs = [run for text in texts for run in _runs(text)]
    return [
        Count(name, sum(len(forms.findall(prose)) for prose, _ in runs), sum(_uses(forms, marks) for _, marks in runs))
        for name, forms in ambiguous_names().items()
    ]


def _uses(forms: re.Pattern[str], marks: Sequence[str]) -> int:
    return sum(1 for words in marks if forms.fullmatch(words))


def _runs(text: Text) -> Iterator[tuple[str, list[str]]]:
    """Each run of prose with its marked words blanked, and those words."""
    document = parse(text.body, text.title)
    placed = locate(text, document)
    for index, segment in enumerate(document.segments):
        mine = sorted((place.start, place.end) for place in placed if place.segment == index)
        prose = list(segment.text)
        for start, end in mine:
            prose[start:end] = "\n" * (end - start)
        yield "".join(prose), [segment.text[start:end] for start, end in mine]

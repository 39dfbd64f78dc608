"""Generates a root with n episodes from a seed. The same numbers give the same bytes on every machine.

Run as `python -m benchmarks.corpus DIR [-n 500] [--seed 1]`.
"""

import argparse
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import words
from mlguide_site.content.front_matter import dump_note
from mlguide_site.content.yaml_edit import dump_value
from mlguide_site.editing.scaffold import root_files
from mlguide_site.model.base import format_duration
from mlguide_site.model.slugs import episode_id, make_slug

BODY_CHARACTERS = 1800
SECTION_CHARACTERS = 450
SHARES = {"topics": 10, "tools": 35, "glossary": 30, "resources": 25}
"""The number of entries in each knowledge file, per hundred entries."""
Series = Mapping[str, Mapping[str, str]]
SERIES = {
    "dfn": {"title": "Data Field Notes", "prefix": "DFN", "address": "https://dfn.example/episodes/{number}"},
    "sig": {"title": "Signal and Gain", "prefix": "SIG", "address": "https://sig.example/{number:03}"},
}
FIRST_DAY = date(2012, 1, 2)
Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Vocabulary:
    """The names that bodies mention, with weights of a Zipf distribution: the r-th name is mentioned 1/r times as often
    as the first."""

    names: tuple[str, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Vocabulary":
        """Return the names in the order of their rank."""
        return cls(tuple(names), tuple(itertools.accumulate(1 / rank for rank in range(1, len(names) + 1))))

    def pick(self, chance: random.Random) -> str:
        """One name."""
        return chance.choices(self.names, cum_weights=self.weights)[0]


def knowledge(count: int, chance: random.Random) -> dict[str, Entries]:
    """Return about `count` entries, by knowledge file and slug."""
    sizes = {file: max(2, count * share // 100) for file, share in SHARES.items()}
    pairs = itertools.product(words.QUALIFIERS, words.SUBJECTS)
    topics = [*words.SUBJECTS, *(f"{q} {s}" for q, s in pairs)][: sizes["topics"]]
    roots = [make_slug(name) for name in topics[: max(1, len(topics) // 4)]]
    found: dict[str, Entries] = {file: {} for file in SHARES}
    for at, name in enumerate(topics):
        entry: dict[str, Any] = {"name": name, "summary": f"What shows say about {name.lower()}."}
        if at >= len(roots):
            entry["parent"] = roots[at % len(roots)]
        found["topics"][make_slug(name)] = entry
    slugs = list(found["topics"])
    for name in _combined(words.TOOL_HEADS, words.TOOL_TAILS, "", sizes["tools"], chance):
        slug = make_slug(name)
        found["tools"][slug] = {
            "name": name,
            "homepage": f"https://{slug}.example/",
            "category": chance.choice(words.CATEGORIES),
            "topics": [chance.choice(slugs)],
            "summary": f"Keeps {chance.choice(words.THINGS).removeprefix('the ')} in order.",
        }
    for term in _combined(words.TERM_HEADS, words.TERM_TAILS, " ", sizes["glossary"], chance):
        definition = f"A way to treat {chance.choice(words.THINGS)}, {chance.choice(words.EFFECTS)}."
        found["glossary"][make_slug(term)] = {"term": term, "definition": definition}
    triples = list(itertools.product(words.RESOURCE_FORMS, words.QUALIFIERS, words.SUBJECTS))
    for (form, kind), q, s in chance.sample(triples, min(sizes["resources"], len(triples))):
        title = form.format(q=q, s=s)
        slug = make_slug(title)
        found["resources"][slug] = {
            "title": title,
            "urls": [f"https://library.example/{slug}"],
            "format": kind,
            "importance": chance.choice(["essential", "valuable", "supplementary"]),
            "topics": [chance.choice(slugs)],
        }
    return found


def _combined(heads: Sequence[str], tails: Sequence[str], glue: str, count: int, chance: random.Random) -> list[str]:
    every = [f"{head}{glue}{tail}" for head, tail in itertools.product(heads, tails)]
    return chance.sample(every, min(count, len(every)))


def episodes(
    shares: Mapping[str, int],
    entries: Mapping[str, Entries],
    chance: random.Random,
    series: Series = SERIES,
    people: Sequence[str] = (),
) -> Iterator[tuple[str, str]]:
    """Yield the path and text of each note file. `shares` maps each series to its number of episodes. One of the
    `people` is the guest of every fifth episode."""
    names = [
        entry.get("name") or entry.get("term") or entry["title"] for file in entries.values() for entry in file.values()
    ]
    chance.shuffle(names)
    vocabulary = Vocabulary.of(names)
    topics, tools = Vocabulary.of(list(entries["topics"])), Vocabulary.of(list(entries["tools"]))
    for name, share in shares.items():
        for number in range(1, share + 1):
            id = episode_id(name, number)
            topic = topics.pick(chance)
            title = f"{entries['topics'][topic]['name']} at {chance.choice(words.PLACES)}"
            fields = {
                "id": id,
                "title": title[0].upper() + title[1:],
                "date": FIRST_DAY + timedelta(days=number * 2),
                "duration": format_duration(chance.randint(900, 4500)),
                "summary": _sentence(chance, vocabulary),
                "topics": sorted({topic, topics.pick(chance)}),
                "tools": [tools.pick(chance)],
                "links": [{"title": "Episode page", "url": f"https://{name}.example/{number}"}],
            }
            if people and number % 5 == 0:
                fields["people"] = [{"person": chance.choice(people), "role": "guest"}]
            yield f"episodes/{name}/{id}.md", dump_note(fields, body(chance, vocabulary, shares, series))


def body(chance: random.Random, vocabulary: Vocabulary, shares: Mapping[str, int], series: Series = SERIES) -> str:
    """Return Markdown of about `BODY_CHARACTERS`: headings, paragraphs, lists, links and references."""
    blocks: list[str] = []
    headings = chance.sample(words.HEADINGS, len(words.HEADINGS))
    while sum(map(len, blocks)) < BODY_CHARACTERS - SECTION_CHARACTERS // 2 and headings:
        heading = headings.pop()
        blocks.append("## " + _filled(heading, chance, vocabulary)[:90])
        blocks.append(" ".join(_sentence(chance, vocabulary) for _ in range(chance.randint(1, 3))))
        kind = chance.random()
        if kind < 0.4:
            labels = chance.sample(words.LABELS, 3)
            blocks.append("\n".join(f"- **{label}**: {_sentence(chance, vocabulary)}" for label in labels))
        elif kind < 0.6:
            blocks.append("\n".join(f"{at}. {_sentence(chance, vocabulary)}" for at in range(1, 4)))
        if chance.random() < 0.4:
            pattern = chance.choice(words.REFERENCES)
            blocks.append(
                _filled(pattern, chance, vocabulary).replace("{reference}", _reference(chance, shares, series))
            )
        if chance.random() < 0.3:
            slug = make_slug(chance.choice(words.THINGS))
            blocks.append(f"More on [{slug.replace('-', ' ')}](https://notes.example/{slug}/{chance.randint(1, 99)}).")
    return "\n\n".join(blocks) + "\n"


def _reference(chance: random.Random, shares: Mapping[str, int], series: Series) -> str:
    name = chance.choice([name for name, share in shares.items() if share])
    number = chance.randint(1, shares[name])
    prefix = series[name]["prefix"]
    return chance.choice([f"{prefix} {number:03}", f"{prefix} {number}", f"{prefix.lower()}-{number:03}"])


def _sentence(chance: random.Random, vocabulary: Vocabulary) -> str:
    return _filled(chance.choice(words.SENTENCES), chance, vocabulary)


def _filled(pattern: str, chance: random.Random, vocabulary: Vocabulary) -> str:
    team = chance.choice(words.TEAMS)
    return pattern.format(
        s=chance.choice(words.SUBJECTS).lower(),
        place=chance.choice(words.PLACES),
        team=team,
        Team=team[0].upper() + team[1:],
        verb=chance.choice(words.VERBS),
        thing=chance.choice(words.THINGS),
        effect=chance.choice(words.EFFECTS),
        name=vocabulary.pick(chance),
        name2=vocabulary.pick(chance),
        reference="{reference}",
    )


def write_root(folder: Path, count: int, seed: int = 1) -> None:
    """Write a root with `count` episodes and about `count / 5` knowledge entries into an empty folder."""
    chance = random.Random(seed)
    entries = knowledge(count // 5, chance)
    first, second = SERIES
    notes = episodes({first: count - count // 5, second: count // 5}, entries, chance)
    _write(folder, "Benchmark", {"series": SERIES, **entries}, notes)


def write_shows(folder: Path, shows: int, count: int, seed: int = 1) -> None:
    """Write the roots `show-001`, `show-002` and so on, with `count` episodes each. Every show has about 70 of 100
    entries and 20 of 40 guests from the same pool, and a host of its own."""
    pool = knowledge(100, random.Random(seed))
    guests = {f"guest-{at}": f"Guest {at}" for at in range(40)}
    for at in range(1, shows + 1):
        name, title, chance = f"show-{at:03}", f"Show {at}", random.Random(f"{seed} {at}")
        kept = {file: {slug: own for slug, own in pool[file].items() if chance.random() < 0.7} for file in pool}
        kept["topics"] = pool["topics"]
        people = {slug: guest for slug, guest in guests.items() if chance.random() < 0.5} | {"host": f"Host of {title}"}
        series = {name: {"title": title, "prefix": f"S{at}", "address": f"https://{name}.example/{{number}}"}}
        notes = episodes({name: count}, kept, chance, series, list(people))
        named = {slug: {"name": person} for slug, person in people.items()}
        _write(folder / name, title, {"series": series, "people": named, **kept}, notes)


def _write(
    folder: Path, title: str, entries: Mapping[str, Mapping[str, Any]], notes: Iterable[tuple[str, str]]
) -> None:
    files = root_files(title, "https://bench.example/")
    for name, values in entries.items():
        lines = (
            f"{slug}:\n" + "".join(_field(key, value) for key, value in entry.items()) for slug, entry in values.items()
        )
        files[f"knowledge/{name}.yml"] = "".join(lines).encode()
    files |= {path: text.encode() for path, text in notes}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def _field(key: str, value: Any) -> str:
    return f"  {key}: {dump_value(value)}\n"


def main() -> None:
    """Write one root."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("-n", "--episodes", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_root(options.folder, options.episodes, options.seed)
    print(f"{options.folder}: {options.episodes} episodes, seed {options.seed}")


if __name__ == "__main__":
    main()

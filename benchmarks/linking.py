"""Compares the time for finding names with the time for parsing: 20,000 names in 8,000 episodes.

Linking finds and resolves every mention and reference in the parsed bodies. It may take three times as long as parsing.
Two further figures are measured: the time that one regular expression of all names would take (on a few bodies, then
scaled), and how the time grows with the length of a text of nested names. Everything runs in turns in one process, and
the figures are medians of processor time.

Run as `python -m benchmarks.linking [--names 20000] [--episodes 8000] [--rounds 3]`. The results are written to
`benchmarks/LINKING.md`.
"""

import argparse
import gc
import platform
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.corpus import SERIES, Vocabulary, body
from mlguide_site.content.front_matter import dump_note
from mlguide_site.content.load import load
from mlguide_site.content.yaml_edit import dump_value
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.names import Named, NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.records import Kind

HERE = Path(__file__).parent
BOUND = 3
SAMPLE = 40
"""The number of bodies for measuring the regular expression."""
SYLLABLES = "ba co du fe gi ha jo ku la me ni po qua ri so tu va we xi yo zu bra cle dro fli gre stra".split()


def names(count: int, chance: random.Random) -> list[str]:
    """Return this many different names with words of two to four syllables. A third of the names have two words."""
    found: dict[str, None] = {}
    while len(found) < count:
        words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()]
        if chance.random() < 1 / 3:
            words.append("".join(chance.choices(SYLLABLES, k=2)).capitalize())
        found[" ".join(words)] = None
    return list(found)


def catalog_of(known: Sequence[str], texts: Sequence[str]) -> tuple[NameTable, ReferenceTable, int]:
    """Return the tables of a root whose tools have these names, and the number of problems found while loading."""
    tools = "".join(f"t{at}:\n  name: {dump_value(name)}\n  category: Other\n" for at, name in enumerate(known))
    files = {"knowledge/tools.yml": tools.encode()}
    files["knowledge/series.yml"] = "".join(
        f"{name}:\n" + "".join(f"  {key}: {dump_value(value)}\n" for key, value in entry.items())
        for name, entry in SERIES.items()
    ).encode()
    first = next(iter(SERIES))
    for at in range(1, len(texts) + 1):
        note = dump_note({"id": f"{first}-{at:03}", "title": f"Episode {at}"}, "")
        files[f"episodes/{first}/{first}-{at:03}.md"] = note.encode()
    loaded = load(files, frozenset())
    return NameTable.of(loaded.catalog), ReferenceTable.of(loaded.catalog), len(loaded.problems)


def timed(work: Callable[[], object]) -> float:
    """Return the processor seconds of a function. As in a build, garbage is collected before the call, but not during
    the call."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    work()
    spent = time.process_time() - start
    gc.enable()
    return spent


def nested() -> float:
    """Return the ratio between the times for 1 MiB and for 256 KiB of 2,000 names that begin with one another."""
    named = [Named(Kind.TERM, f"n{at}", ("ab-" * (at % 240 + 1) + "x" * (at // 240),)) for at in range(2000)]
    table = NameTable(tuple(named))
    table.find("warm up")
    text = "ab-" * ((1 << 20) // 3)
    return timed(lambda: table.find(text)) / timed(lambda: table.find(text[: len(text) // 4]))


def main() -> int:
    """Measure, print and write the figures. Return 1 if `--strict` is set and the bound is exceeded."""
    options = argparse.ArgumentParser(description="Compare the time for finding names with the time for parsing.")
    options.add_argument("--names", type=int, default=20_000)
    options.add_argument("--episodes", type=int, default=8_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--results", type=Path, default=HERE / "LINKING.md")
    options.add_argument("--strict", action="store_true", help="exit with status 1 if the bound is exceeded")
    given = options.parse_args()
    chance = random.Random(1)
    known = names(given.names, chance)
    vocabulary = Vocabulary.of(known)
    first, second = SERIES
    shares = {first: given.episodes - given.episodes // 5, second: given.episodes // 5}
    texts = [body(chance, vocabulary, shares) for _ in range(given.episodes)]
    size = sum(len(text.encode()) for text in texts)
    print(f"{len(known):,} names, {len(texts):,} bodies, {size / 1e6:.1f} MB", flush=True)
    table, references, problems = catalog_of(known, texts)
    if problems:
        sys.exit("the corpus has problems; run tests/test_benchmarks.py")
    built = timed(lambda: table.find("warm up"))
    documents: list[Document] = []
    mentions = 0

    def parse_all() -> None:
        documents[:] = [parse(text) for text in texts]

    def link_all() -> None:
        nonlocal mentions
        mentions = sum([len(scan(document, table, references).mentions) for document in documents])

    rounds: list[tuple[float, float]] = []
    for number in range(1, given.rounds + 1):
        rounds.append((timed(parse_all), timed(link_all)))
        print(f"round {number}: parsing {rounds[-1][0]:.2f} s, linking {rounds[-1][1]:.2f} s", flush=True)
    ratio = median(linking / parsing for parsing, linking in rounds)
    alternation = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(known, key=len, reverse=True)))
    sample = texts[:: max(1, len(texts) // SAMPLE)][:SAMPLE]
    slow = timed(lambda: [alternation.findall(text) for text in sample]) * len(texts) / len(sample)
    held = "within" if ratio <= BOUND else "OVER"
    lines = [
        "# Finding names",
        "",
        f"`python -m benchmarks.linking`, medians of {given.rounds} rounds in one process, processor time; Python "
        f"{platform.python_version()}, {platform.system()}.",
        "",
        f"{len(known):,} names over {len(texts):,} episodes of {size / len(texts):,.0f} bytes; {mentions:,} mentions.",
        "",
        f"- Every name and reference found and decided: {ratio:.2f} times parsing, {held} the bound of {BOUND}.",
        f"- The table of names, once a build: {built:.1f} s.",
        f"- One regular expression of all names, the search alone, measured on {len(sample)} episodes and scaled: "
        f"{slow / median(parsing for parsing, _ in rounds):.0f} times parsing.",
        f"- 2,000 names that begin with one another: 1 MiB of them takes {nested():.1f} times a quarter of it.",
    ]
    print("\n".join(lines[4:]))
    given.results.write_text("\n".join([*lines, ""]), "utf-8")
    return 1 if given.strict and held == "OVER" else 0


if __name__ == "__main__":
    sys.exit(main())

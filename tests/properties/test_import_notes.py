"""Property tests of importing notes: no lost words, no exceptions, stable repeated imports and limited time."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlguide_site.errors import ContentError, Problem
from mlguide_site.importers import Context, Draft, EntryDraft, Importer, Item, Source
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.merge.run import run_import

READERS = {one.name: one for one in IMPORTERS if one.name in {"hackmd", "obsidian", "log"}}
WORDS = (
    "saw Plane rasp 220 level a == b ==bright light== ==open ** **bold ** **well** `co==de` $x_1$ ![[a.png]] ![[9|c]]"
    " [[link]] [[8#7|alias]] [t](https://a.example/x) [u](https://a.example/y)) ![](https://i.imgur.com/p.png) [v](/w)"
    " [w`[x]`](/w) [[y]](https://a.example/y) #tag/sub ![Uploading f.png]()"
    " https://a.example/z <b>raw</b> {{t}} :: | \\ <br> 3.14 Label: by Ada."
).split(" ")
STARTS = (
    "", "", "", "# ", "## ", "### ", "#### ", "- ", "    - ", "\t- ", "1. ", "> ", ">NOTE: ", "> [!tip] ", ">", "> - ",
    "> ```", "> > ", "> > [!tip] ", "  > [!tip] ",
    ":::info ", ":::", "## Day 1: ", "## Day 2", "Day 3 ", "Today is Day 4 ", "Firstly, ", "Level 1: ", "Q2: ", "#1 ",
    "12 May 2023 ", "4 June ", "Format: ", "AB: ", "```", "~~~ ", "    ", "---", "| ",
)  # fmt: skip
LINE = st.tuples(st.sampled_from(STARTS), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)).map("".join)
TEXT = st.lists(st.one_of(LINE, st.just(""), st.just("---\n---")), min_size=1, max_size=14).map("\n".join)
FEW = settings(max_examples=150, deadline=None)


def drafts(reader: Importer, text: str) -> list[Draft]:
    return [item for item in reader.items(Source("notes.md", text.encode()), Context()) if isinstance(item, Draft)]


def text_of(items: list[Item], name: str) -> str:
    """Return the text of all items of a source, in order."""
    parts = []
    for item in items:
        if isinstance(item, EntryDraft) and item.kind == "series":
            parts.append(str(item.fields["title"]))
        elif isinstance(item, Draft):
            # the word of a month may have become a date
            month = f"{item.fields['date']:%B}" if "date" in item.fields else ""
            parts.append(f"Day {item.number} {month} {item.fields['title']} {item.fields.get('links')} {item.body}")
    return "\n".join(parts)


@pytest.mark.parametrize("name", READERS)
@FEW
@given(text=TEXT)
@example(text="## Day 1\n==a\n>NOTE: b\nc\n![[d e.png]]>NOTE: f")
@example(text="Today is Day 4\nLevel 1: a\n- b\nQ1: c\n#1 d")
@example(text="12 May 2023 \n---\n---")
@example(text="12 May 2023 ![[a.png]]\n---\n---")
@example(text="# a\n\n## b\n---\n---\n\n## c\n4 June\n:::info d\n:::")
def test_no_word_is_lost(name: str, text: str) -> None:
    items = list(READERS[name].items(Source("notes.md", f"# Notes\n\n{text}".encode()), Context()))
    if any(isinstance(item, Problem) and item.severity == "error" for item in items):
        return
    # a mark may have separated two words
    kept = "".join(re.findall(r"[^\W_]+", text_of(items, name)))
    # kinds of boxes, and sizes, are markup
    for word in re.findall(r"[^\W_]+", re.sub(r">\s?NOTE:|\[!tip\]|:::info|</?\w+>", " ", text)):
        assert word in kept or word.isdigit(), word


@pytest.mark.parametrize("name", READERS)
@FEW
@given(text=TEXT)
def test_words_of_a_body_keep_their_order(name: str, text: str) -> None:
    """Check that the words of paragraphs keep their order. Nothing turns these words into titles or marks."""
    marked = "\n\n".join(f"wordy{number} end" for number in range(5))
    lines = text.split("\n")
    numbered = "\n\n".join(
        f"{line}\n\nwordy{at} end." for at, line in enumerate(lines) if not line.startswith(("```", "~~~"))
    )
    bodies = "\n".join(draft.body for draft in drafts(READERS[name], f"# Notes\n\n{numbered}\n\n{marked}"))
    found = [int(number) for number in re.findall(r"wordy(\d+) end\.", bodies)]
    assert found == sorted(found)


@settings(max_examples=25, deadline=None)
@given(text=TEXT, name=st.sampled_from(sorted(READERS)))
def test_twice_changes_nothing(text: str, name: str) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder) / "kb"
        source = Path(folder) / "notes.md"
        source.write_text(f"# Notes\n\n## Day 1\n{text}\n", "utf-8")
        try:
            run_import(root, [str(source)], format=name)
        except ContentError:
            return
        assert run_import(root, [str(source)], format=name).writes == ()


BAD: dict[str, Callable[[], str]] = {
    "embeds": lambda: "## Day 1\n" + "![[a b.png]] " * 20_000,
    "embed lines": lambda: "## Day 1\n" + "![[a b.png]]\n" * 20_000,
    "open embeds": lambda: "## Day 1\n" + "![[a " * 100_000,
    "open links": lambda: "## Day 1\n" + "[a](https://x " * 50_000,
    "links": lambda: "## A\n---\n---\n" + "[a](https://a.example/(b)) " * 20_000,
    "brackets": lambda: "## Day 1\n" + "[" * 500_000,
    "parentheses": lambda: "## Day 1\n[a](" + "(" * 500_000,
    "highlights": lambda: "## Day 1\n" + "==a " * 100_000,
    "bold": lambda: "## Day 1\n" + "** a" * 100_000,
    "code": lambda: "## Day 1\n" + "`a``b" * 100_000,
    "fences": lambda: "## Day 1\n" + "".join("`" * (3 + n % 40) + "\na\n" for n in range(15_000)),
    "open fences": lambda: "## Day 1\n" + "~~~\n" * 40_001 + "```\n",
    "quotes": lambda: "## Day 1\n" + "> " * 100_000 + "a",
    "nested items": lambda: "## Day 1\n" + "\n".join(" " * n + "- a" for n in range(1_500)),
    "tabs": lambda: "## Day 1\n" + "\t" * 500_000 + "- a",
    "days": lambda: "\n".join(f"## Day {n}\na" for n in range(5_000)),
    "footnotes": lambda: "\n".join(f"## Day {n}\na[^{n}] b[^{n + 1}]" for n in range(4_000)) + "\n[^9]: c" * 4_000,
    "repeated footnotes": lambda: (
        "".join(f"[^{n}]: {'word ' * 90}\n" for n in range(40))
        + "".join(f"## Day {n}\n{''.join(f'[^{m}]' for m in range(40))}\n" for n in range(900))
    ),
    "heads": lambda: "---\ntitle: a\n---\n" * 10_000 + "## A\n",
    "boxes": lambda: "## A\n" + ":::info\n" * 5_000,
    "levels": lambda: "Today is Day 1\n" + "Level 1: a\nb\n- c\n" * 10_000,
    "abbreviations": lambda: "Today is Day 1\n" + "AB: c, " * 100_000,
    "dates": lambda: "# T\n" + "## A\n4 June\n" * 10_000 + "---\n---\n",
    "labels": lambda: "## Day 1\n" + ("A: " * 5_000 + "https://a.example\n") * 50,
    "math": lambda: "## Day 1\n" + "$a " * 200_000,
    "hashes": lambda: "#" * 500_000 + "\n## " + "# " * 200_000,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("case", BAD)
def test_no_source_takes_long(case: str, name: str) -> None:
    whole = BAD[case]().encode()
    assert _seconds(name, whole) < 8 * _seconds(name, whole[: len(whole) // 4]) + 1


def _seconds(name: str, data: bytes) -> float:
    """Return the processor time of recognising and reading the notes."""
    start = time.process_time()
    for importer in IMPORTERS:
        importer.sniff(Source("notes.md", data))
    for item in READERS[name].items(Source("notes.md", data), Context()):
        assert isinstance(item, (Draft, EntryDraft, Problem))
    return time.process_time() - start

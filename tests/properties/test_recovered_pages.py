"""Property tests of directory pages: words are kept, structure is recovered, results pass `check` and are stable, and
pages up to the limits take bounded time and memory."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importers.words import MARK, changed_words
from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import Problem, Severity
from mlguide_site.importers import Context, Draft, Source, directory
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.merge.run import run_import
from mlguide_site.merge.sources import FORMATS
from mlguide_site.merge.three_way import read_note
from mlguide_site.pipeline import inspect
from mlguide_site.recovery.recovery import recover_bodies

MARKS = "*_`[]()<>#&;:!~|\\{}%$^=+-.\"'/@ 0a1Z"
ODD = (
    "word Word The of is: Label: end. e.g. 1. 2. 2) - # > --- *** ``` ~~~ | a|b [x](y) <b> </div> <!-- --> &amp; &#60;"
    " {{x}} {%x%} {:.y} http://a.example/b_c_(d) __init__ **x** + === --8<-- !!! ??? ::: [^1] ![i](u) A&B C++ 12:30 \\"
    " ;## ## • – ◦ Heading Words Links: Resources Resource: (See 中文。 naïve “So” it’s _x_ <script> javascript:x [[w]]"
)
WORD = st.one_of(st.sampled_from(ODD.split()), st.text(MARKS, min_size=1, max_size=8))
NOTES = st.lists(st.lists(WORD, max_size=14).map(" ".join), min_size=1, max_size=4).map("\n".join)


def page(notes: list[str]) -> bytes:
    entries = [f"S1 Ep {at}Title {at}\n\n{text}\n\nFeb {at % 28 + 1}, 202642 min\n" for at, text in enumerate(notes, 1)]
    return "\n".join(["Odd Show", "", f"{len(notes)} episodes", "", *entries]).encode()


@settings(max_examples=200, deadline=None)
@given(NOTES)
@example(";## _x_ word")
@example("1. a 3. b 2. c")
@example("Parts: 007. Bond. 8. Other")
@example("word • {{x}}\n0 ;## 0\nword")
def test_notes_read_as_they_were_meant(notes: str) -> None:
    [body] = recover_bodies((notes,))
    assert changed_words(notes.split(), body.markdown) == []
    document = parse(body.markdown)
    assert [found for found in document.findings if found.severity is Severity.ERROR] == []
    # a heading that starts with an underscore can't have an anchor, so it is read as a paragraph
    headings = [line for line in body.markdown.split("\n") if re.match(r"## (?!\W*_)", line)]
    assert [token.tag for token in document.tokens if token.type == "heading_open"] == ["h2" for _ in headings]
    kinds = {token.type.removesuffix("_open") for token in document.tokens if token.nesting == 1}
    assert kinds <= {"heading", "paragraph", "bullet_list", "ordered_list", "list_item"}
    lines = body.markdown.split("\n")
    for doubt in body.recovery.uncertain:
        assert 0 <= doubt.line < len(lines) and 1 <= doubt.column <= len(lines[doubt.line])
        assert doubt.taken != doubt.instead and 0 <= doubt.sure < 100


@settings(max_examples=12, deadline=None)
@given(st.lists(NOTES, min_size=1, max_size=4))
def test_pages_pass_check_and_change_nothing_twice(notes: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "kb"
        init_root(root, "Odd", "", None)
        source = Path(folder) / "page.txt"
        source.write_bytes(page(notes))
        report = run_import(root, [str(source)])
        assert [problem for problem in inspect(root) if problem.severity is Severity.ERROR] == []
        for path in sorted(root.glob("episodes/*/*.md")):
            text = notes[int(path.stem[-3:]) - 1]
            if not report.promotion:
                assert changed_words(text.split(), read_note(path.read_text("utf-8"), "")[1]) == []
        assert run_import(root, [str(source)]).writes == ()


KINDS = {
    "prose": "The lens of a lamp is ground by hand, and Fresnel: the Rings of it are cast. Oil burns ",
    "titles": "Oil Care Hinges Locks Doors ",
    "signs": "[x](y) **b** `c` ",
}


def yard() -> float:
    """Return the processor time of a piece of plain Python. Other times are compared with it, so that they don't depend
    on the machine."""
    begin, table, total = time.process_time(), {}, 0
    for number in range(3_000_000):
        total += number * number % 7
        table[number & 1023] = total
    return time.process_time() - begin


@pytest.mark.parametrize(("kind", "size"), [("prose", 3_000), ("titles", 300), ("signs", 60_000)])
def test_a_full_page_takes_seconds(kind: str, size: int) -> None:
    unit = KINDS[kind]
    count = directory.MAX_DIRECTORY_BYTES // (size + 60)
    data = page([(unit * (size // len(unit)))[:size] + f" Word{number} end." for number in range(count)])
    assert 0.9 * directory.MAX_DIRECTORY_BYTES < len(data) <= directory.MAX_DIRECTORY_BYTES
    before, begin = yard(), time.process_time()
    items = list(FORMATS["directory"].items(Source("x", data), Context()))
    taken = time.process_time() - begin
    # on an idle machine, it takes half of that
    assert taken < 80 * (before + yard()) / 2
    assert sum(isinstance(item, Draft) for item in items) == count


def test_memory_stays_bounded(tmp_path: Path) -> None:
    # not from getrusage, which starts with the size of the parent process
    lines = f"""
import pathlib, re
from mlguide_site.importers import Context, Source, directory
text = "Oil Care Hinges: Locks Doors. " * {200_000 // 30}
entries = [f"\\nTitle {{n}}\\n\\n{{text}}\\n\\nFeb {{n}}, 202642 min\\n" for n in (1, 2, 3, 4)]
page = "\\n".join(["Show", "", "4 episodes", *entries])
list(directory.read(Source("x", page.encode()), Context()))
print(int(re.search("VmHWM:\\\\s+(\\\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) // 1024)
"""
    if sys.platform != "linux":
        pytest.skip("memory is only measured on Linux")
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert int(done.stdout) < 512


def test_what_is_too_large_is_a_clear_problem() -> None:
    [problem] = FORMATS["directory"].items(Source("x", b"a" * (directory.MAX_DIRECTORY_BYTES + 1)), Context())
    assert str(problem) == "x:1:1: larger than 1 MiB; split it"


def test_the_longest_notes_of_a_large_page_keep_their_paragraphs() -> None:
    long = "Hinges: Oil them. ## Locks Graphite only. " * 9000
    items = list(
        FORMATS["directory"].items(Source("x", page(["Hinges: Oil them.", long, "Locks: Graphite only."])), Context())
    )
    drafts = [item for item in items if isinstance(item, Draft)]
    hints = [str(item) for item in items if isinstance(item, Problem)]
    assert len(hints) == 1 and "too much text on the page to recover the structure of 1 episode;" in hints[0]
    assert [bool(draft.recovery and draft.recovery.model) for draft in drafts] == [True, False, True]
    assert [word for word in drafts[1].body.replace("\\", "").split() if not MARK.fullmatch(word)] == [
        word for word in long.split() if not MARK.fullmatch(word)
    ]


@given(st.integers(0, 40_000), st.sampled_from(["word ", "Word. ", "a*b ", "[x] "]))
@settings(max_examples=15, deadline=None)
def test_long_paragraphs_are_broken(size: int, unit: str) -> None:
    text = "Label: " + unit * (size // len(unit)) + "end."
    [body] = recover_bodies((text,))
    assert max(map(len, body.markdown.split("\n"))) <= 20_000
    assert changed_words(text.split(), body.markdown) == []
    assert not any(found.severity is Severity.ERROR for found in parse(body.markdown).findings)

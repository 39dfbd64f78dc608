"""Property tests of players' pages: words keep their order, pending texts are readable, and the time is limited."""

import gc
import re
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importers.words import words_of
from mlguide_site.errors import ContentError, Problem
from mlguide_site.importers import Context, Draft, Source
from mlguide_site.importers.player import sniff
from mlguide_site.merge.match_texts import compare
from mlguide_site.merge.run import run_import
from mlguide_site.merge.sources import FORMATS

FEW = settings(max_examples=150, deadline=None)
ICONS = ["info_outline", "play_arrow", "more_vert", "download", "odd_icon", ""]
WORDS = (
    "loom Warp weft. reed, a_b *c* [d](e) <b> {{x}} Label: 12 12. # - > | ~~~ ``` &amp; $x$ ... … https://a.example/x"
    " Part 2 — info_outline play_arrowEnd ==h== \\ __ 3) Ünder"
).split(" ")
STARTS = [
    "",
    "",
    "",
    "- ",
    "  - ",
    "    * ",
    "\t• ",
    "1. ",
    "# ",
    "Mar 4, 2024",
    "31 min",
    "Title",
    "The Loom Room",
    "Links:",
]
LINE = st.tuples(
    st.sampled_from(ICONS), st.sampled_from(STARTS), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
).map("".join)
PAGE = st.lists(LINE | st.just(""), max_size=20).map("\n".join)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def letters(text: str) -> str:
    """Return letters and digits without icon names. The reader may also find an icon name at the end of a word."""
    plain = text
    for icon in ICONS[:5]:
        plain = plain.replace(icon, " ")
    return "".join(re.findall(r"[^\W_]", plain))


def texts_of(text: str) -> tuple[str, str] | None:
    """Return the text of a page's drafts, with titles first, and all remarks on the page. Returns None if the page is
    refused."""
    said: list[str] = []
    remarks: list[str] = []
    for item in FORMATS["player"].items(Source("page.txt", text.encode()), Context()):
        if isinstance(item, Draft):
            said.append(f"{item.title}\n{' '.join((*item.left_out, *words_of(item.body)))}")
        elif isinstance(item, Problem):
            remarks.append(item.message)
            if item.severity == "error":
                return None
    return "\n".join(said), letters(" ".join(remarks))


@FEW
@given(PAGE)
@example("info_outlineThe Loom Room\na b c.\ninfo_outlineThe Loom Room\nd\ne f")
def test_every_word_of_a_text_is_kept_in_order(page: str) -> None:
    found = texts_of(f"info_outline{page}\ninfo_outlineLast words, and more of them.")
    if found is None:
        return
    # text above all entries is in a remark; text above one entry is in its fields
    kept, remarks = letters(found[0]), found[1]
    at = 0
    for line in page.split("\n"):
        if letters(line) in remarks or re.search(r"Mar 4|31 min", line):
            continue
        # the number of an item is markup
        for word in letters(
            re.sub(r"^\s*(?:[-*•]\s+)?\d{1,3}[.)]\s", " ", re.sub(r"^\s*[a-z]+(?:_[a-z]+)+", " ", line))
        ):
            place = kept.find(word, at)
            assert place >= 0, (word, line)
            at = place + len(word)


@FEW
@given(ANY | PAGE)
def test_no_page_raises(page: str) -> None:
    source = Source("x", page.encode())
    sniff(source)
    for item in FORMATS["player"].items(source, Context()):
        assert isinstance(item, (Draft, Problem))


@FEW
@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), max_size=30))
def test_likeness_is_a_share(text: list[str], other: list[str]) -> None:
    assert next(compare([text], {"a": text})) == ({"a": 1.0} if len(text) > 2 else {})
    for like in next(compare([text], {"a": other, "b": other[::-1]})).values():
        assert 0 < like <= 1.000001


@settings(max_examples=20, deadline=None)
@given(PAGE)
def test_twice_changes_nothing(page: str) -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "page.txt"
        source.write_text(f"info_outline{page}\ninfo_outlineLast words, and more of them.", "utf-8")
        try:
            run_import(Path(folder) / "kb", [str(source)], format="player")
        except ContentError:
            return
        assert run_import(Path(folder) / "kb", [str(source)], format="player").writes == ()


BAD: dict[str, Callable[[], str]] = {
    "icons": lambda: "info_outline" * 30_000,
    "blocks": lambda: "info_outlineA b c\n" * 990,
    "too many": lambda: "info_outlineA b c\n" * 100_000,
    "snakes": lambda: "\n".join("a_b" * 300 for _ in range(2_000)),
    "one line": lambda: "info_outline" + "word " * 500_000,
    "same": lambda: "\ninfo_outline".join(["The Loom Room\n" + "word " * 500] * 900),
    "nested": lambda: "info_outline" + "\n".join(" " * n + "- a:" for n in range(2_000)),
    "items": lambda: "info_outline" + "- A, b, c:\n" * 50_000,
    "stamps": lambda: "info_outline" + "Title\nMar 4, 2024\nText of it.\n" * 30_000,
    "colons": lambda: "info_outline" + ("- " + "A:" * 50_000 + "\n") * 20,
    "spaces": lambda: "info_outline" + " " * 1_000_000 + "\n" + "- " + " " * 1_000_000 + "a",
    "hashes": lambda: "info_outline" + "#" * 500_000 + " #" * 200_000,
}


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of `work`, without garbage collection of the objects of other tests."""
    gc.disable()
    start = time.process_time()
    try:
        work()
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("case", BAD)
def test_time_grows_with_a_page(case: str) -> None:
    data = BAD[case]().encode()

    def work(page: bytes) -> None:
        sniff(Source("page.txt", page))
        list(FORMATS["player"].items(Source("page.txt", page), Context()))

    quarter = seconds(lambda: work(data[: len(data) // 4]))
    assert seconds(lambda: work(data)) < 8 * quarter + 1


def test_time_grows_with_texts_and_episodes() -> None:
    words = [f"w{at % 997}x{at % 89}" for at in range(200_000)]
    episodes = {f"e{at}": words[at * 90 : at * 90 + 400] for at in range(2_000)}
    texts = [words[at * 150 : at * 150 + 80] for at in range(900)]
    few = {id: episodes[id] for id in sorted(episodes)[:500]}
    assert seconds(lambda: list(compare(texts, episodes))) < 8 * seconds(lambda: list(compare(texts[:225], few))) + 1

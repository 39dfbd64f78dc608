"""Property tests of merges: repeating an import changes nothing, order doesn't matter, and text by people is kept."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import everything
from mlguide_site.merge.report import report_lines
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import read_note

FEW = settings(max_examples=25, deadline=None)
WORDS = "anchor barge cable deck engine fender gauge hatch inlet jetty keel ladder mast".split()


class Entry(NamedTuple):
    """The content of an episode in a source."""

    key: int
    title: str
    number: int | None
    season: int | None
    kind: str
    guid: bool
    lines: tuple[str, ...]


PHRASES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=5).map(lambda words: " ".join(words).capitalize())
EPISODES = st.lists(
    st.builds(
        Entry,
        st.integers(1, 28),
        PHRASES,
        st.none() | st.integers(0, 6),
        st.none() | st.integers(1, 3),
        st.sampled_from(["full", "full", "trailer", "bonus"]),
        st.booleans(),
        st.lists(PHRASES.map(lambda text: f"{text}."), min_size=1, max_size=4, unique=True).map(tuple),
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda entry: entry.key,
)


def feed(episodes: list[Entry], title: str = "Harbour Notes") -> str:
    items = []
    for entry in episodes:
        fields = {
            "title": entry.title,
            "guid": f"urn:{entry.key}" if entry.guid else "",
            "pubDate": f"{entry.key:02} Jan 2024 10:00:00 GMT",
            "itunes:episode": entry.number if entry.number is not None else "",
            "itunes:season": entry.season or "",
            "itunes:episodeType": entry.kind,
            "description": "<![CDATA[" + "".join(f"<p>{line}</p>" for line in entry.lines) + "]]>",
        }
        items.append("<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items() if v != "") + "</item>")
    head = '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
    return f"{head}<title>{title}</title>{''.join(items)}</channel></rss>"


def page(episodes: list[Entry], title: str = "Harbour Notes") -> str:
    entries = [f"{entry.title}\n\n{' '.join(entry.lines)}\n\nJan {entry.key}, 202440 min\n" for entry in episodes]
    return f"{title}\n\n{len(entries)} episodes\n\n" + "\n".join(entries)


@contextmanager
def fresh() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "kb" / "knowledge").mkdir(parents=True)
        (folder / "kb" / "knowledge" / "series.yml").write_text("# Series\n", "utf-8")
        yield folder
    finally:
        shutil.rmtree(folder)


def put(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


@FEW
@given(EPISODES)
def test_twice_is_once(episodes: list[Entry]) -> None:
    with fresh() as folder:
        source = put(folder, "feed.xml", feed(episodes))
        first = run_import(folder / "kb", [source])
        before = everything(folder / "kb")
        assert len(first.new) == len([name for name in before if name.endswith(".md")])
        again = run_import(folder / "kb", [source])
        assert everything(folder / "kb") == before
        assert any(line.startswith("nothing changed") for line in report_lines(again))


@FEW
@given(EPISODES, st.randoms(use_true_random=False))
def test_order_of_items_and_sources_makes_no_difference(episodes: list[Entry], chance: random.Random) -> None:
    with fresh() as one, fresh() as other:
        mixed = chance.sample(episodes, len(episodes))
        for folder, shown, reverse in ((one, episodes, False), (other, mixed, True)):
            sources = [put(folder, "feed.xml", feed(shown)), put(folder, "page.txt", page(shown))]
            run_import(folder / "kb", sources[::-1] if reverse else sources)
        assert everything(one / "kb") == everything(other / "kb")


@FEW
@given(EPISODES, st.data())
def test_a_feed_that_shrinks_neither_deletes_nor_doubles(episodes: list[Entry], data: st.DataObject) -> None:
    with fresh() as folder:
        run_import(folder / "kb", [put(folder, "feed.xml", feed(episodes))])
        before = {name for name in everything(folder / "kb") if name.endswith(".md")}
        fewer = data.draw(st.lists(st.sampled_from(episodes), min_size=1, unique=True))
        changed = [entry._replace(guid=data.draw(st.booleans())) for entry in fewer]
        report = run_import(folder / "kb", [put(folder, "feed.xml", feed(changed))])
        assert {name for name in everything(folder / "kb") if name.endswith(".md")} == before
        assert report.new == ()


@FEW
@given(EPISODES, st.data())
def test_what_a_person_wrote_stays(episodes: list[Entry], data: st.DataObject) -> None:
    with fresh() as folder:
        run_import(folder / "kb", [put(folder, "feed.xml", feed(episodes))])
        name = data.draw(st.sampled_from(sorted(name for name in everything(folder / "kb") if name.endswith(".md"))))
        path = folder / "kb" / name
        lines = path.read_text("utf-8").split("\n")
        start = lines.index("---", 1) + 2
        at = data.draw(st.integers(start, max(start, len(lines) - 2)))
        mine = "A line by hand, number one."
        kind = data.draw(st.sampled_from(["insert", "replace", "title"]))
        if kind == "title":
            lines = [f"title: {mine}  # by hand" if line.startswith("title:") else line for line in lines]
        else:
            lines[at : at + (kind == "replace")] = [mine]
        path.write_text("\n".join(lines), "utf-8")
        key = read_note(path.read_text("utf-8"), name)[0].get("guid")
        changed = [
            entry._replace(title=f"{entry.title} again", lines=("First of all.", *entry.lines, "Last."))
            for entry in episodes
        ]
        report = run_import(folder / "kb", [put(folder, "feed.xml", feed(changed))])
        text = path.read_text("utf-8")
        assert mine in text
        if kind == "title":
            assert f"title: {mine}  # by hand" in text
        shown = {line for found in report.conflicts if found.id == path.stem for line in found.source}
        assert key is None or {"First of all.", "Last."} <= {*text.split("\n"), *shown}
        assert key is None or (kind == "title") == any(line.startswith("title: ") for line in shown)


@FEW
@given(EPISODES)
def test_line_ends_comments_and_own_keys_stay(episodes: list[Entry]) -> None:
    with fresh() as folder:
        run_import(folder / "kb", [put(folder, "feed.xml", feed(episodes))])
        for path in sorted((folder / "kb").glob("episodes/*/*.md")):
            text = path.read_text("utf-8").replace("---\n", "---\n# by hand\nx-mine: [1, 2]\n", 1)
            path.write_bytes(("\ufeff" + text).replace("\n", "\r\n").encode())
        changed = [entry._replace(lines=(*entry.lines, "Last.")) for entry in episodes]
        run_import(folder / "kb", [put(folder, "feed.xml", feed(changed))])
        for path in sorted((folder / "kb").glob("episodes/*/*.md")):
            data = path.read_bytes()
            assert data.startswith(b"\xef\xbb\xbf---\r\n# by hand\r\nx-mine: [1, 2]\r\n")
            assert data.count(b"\n") == data.count(b"\r\n")
            assert b"Last.\r\n" in data

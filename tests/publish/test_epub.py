"""Tests of EPUB books: chapters and links, hostile notes, right-to-left text, equal bytes, and validity."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from benchmarks.validity import epubcheck_jar
from browser.chromium import in_ci
from browser.odd import write_odd_root
from conftest import ADDRESS, write_files
from labels import Settings
from memory import traced
from mlguide_site import pipeline
from mlguide_site.build.engines import mkdocs
from mlguide_site.build.pages import Job
from mlguide_site.editing.scaffold import root_files
from mlguide_site.pages import books
from mlguide_site.pages.site import Site
from mlguide_site.publish import epub

XHTML, OPF, DC = (
    "{http://www.w3.org/1999/xhtml}",
    "{http://www.idpf.org/2007/opf}",
    "{http://purl.org/dc/elements/1.1/}",
)
WIRE = """title: Wire
date: 2024-05-06
topics: [ropes]
---

A rope, see show-002. Read [the plan](show-001/plan.pdf), [nothing](#nothing), [this](#lay), [größe](show-002.md#größe)
and [the page](../../pages/about.md).

![A knot](show-001/knot.png) ![Gone](show-001/gone.png) ![Fake](show-001/fake.png)

## Lay

Its length is $\\sqrt{a^2 + b^2}$, and $$\\sum_{i=1}^n \\frac{x_i}{n}$$

[hidden](java&#115;cript:alert) <script>alert(1)</script>[odd](https://a.example/%zz?a=|b#c#d)
"""
WIRE_IN_BUILDS = f"---\nid: show-001\n{WIRE}".replace("[nothing](#nothing), ", "").replace(
    " ![Gone](show-001/gone.png)", ""
)
"""The same note without its errors."""
FILES = {
    "knowledge/series.yml": "show: {title: The Rope Show, licence: CC BY 4.0}\n",
    "knowledge/topics.yml": "ropes: {name: Ropes}\nknots: {name: Knots}\n",
    "knowledge/glossary.yml": "rope: {term: rope, definition: Twisted & laid to $\\pi d^2$.}\nhemp: {term: hemp}\n",
    "episodes/show/show-001.md": WIRE,
    "episodes/show/show-002.md": "title: Knots & bends\ntopics: [ropes, knots]\n---\n\nSee show-001.\n\n## Größe\n",
    "episodes/show/show-003.md": "title: Ends\ntopics: [ropes]\nquestions: [{question: W?, answer: At $x^2$.}]\n---\n",
    "episodes/show/show-004.md": "title: Off\nstatus: cancelled\ntopics: [ropes]\n---\n",
    "pages/about.md": "---\ntitle: About\n---\nText.\n",
}


NAMES = [f"a name with a number, {number}" for number in range(90)]
LINKS = f"https://a.example/{60 * 'p'}, " * 50


def write_root(root: Path, address: str = "") -> Path:
    """Write a small root with notes and images."""
    settings = root_files("Ropes & <b>Wires</b>", site_url=address)["mkdocs.yml"].decode()
    for path, text in {**FILES, "mkdocs.yml": settings}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        front = f"---\nid: {Path(path).stem}\n" if path.startswith("episodes/") else ""
        (root / path).write_text(front + text, "utf-8")
    folder = root / "episodes/show/show-001"
    folder.mkdir()
    Image.new("RGB", (4, 4)).save(folder / "knot.png", "JPEG")
    # Pillow can't read this DDS file, and raises NotImplementedError
    (folder / "fake.png").write_bytes(b"DDS |" + bytes(3) + b"\x0f\x10\x80" + bytes(65) + b" " + bytes(60))
    (folder / "plan.pdf").write_bytes(b"%PDF-1.4")
    return root


def book_of(root: Path) -> bytes:
    return pipeline.book(root, pipeline.examine(root, texts=True).linked)


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def links(files: dict[str, bytes], name: str) -> dict[str, str]:
    """Return the targets of a chapter's links, by text."""
    tree = etree.fromstring(files[f"book/{name}.xhtml"])
    return {"".join(link.itertext()): link.get("href") for link in tree.iter(f"{XHTML}a")}


def test_chapters_link_to_each_other_and_to_the_glossary(tmp_path) -> None:
    files = unzipped(book_of(write_root(tmp_path)))
    assert next(iter(files)) == "mimetype"
    found = links(files, "show-001")
    assert found["rope"] == "glossary.xhtml#rope"
    assert found["show-002"] == "show-002.xhtml"
    assert found["this"] == "show-001.xhtml#lay"
    assert found["größe"] == "show-002.xhtml#größe" and 'id="größe"' in files["book/show-002.xhtml"].decode()
    assert links(files, "glossary") == {"Episode 1": "show-001.xhtml"}
    contents = links(files, "contents")
    assert list(contents.values())[1:4] == ["show-001.xhtml", "show-002.xhtml", "show-003.xhtml"]
    assert {"Knots & bends": "show-002.xhtml", "Glossary": "glossary.xhtml", "Topics": "topics.xhtml"}.items() <= (
        contents.items()
    )
    assert b"At " in files["book/show-003.xhtml"]
    assert "book/show-004.xhtml" not in files  # a cancelled episode


def test_links_out_of_the_book_lead_to_the_site_or_become_text(tmp_path) -> None:
    bare = links(unzipped(book_of(write_root(tmp_path / "bare"))), "show-001")
    full = links(unzipped(book_of(write_root(tmp_path / "full", ADDRESS))), "show-001")
    out = {"the plan": f"{ADDRESS}episodes/show/show-001/plan.pdf", "the page": f"{ADDRESS}about/"}
    assert out.items() <= full.items()
    assert not out.keys() & bare.keys()
    assert full["Open on the site"] == f"{ADDRESS}episodes/show/show-001/"
    # an address must have one fragment, and no characters that URLs don't allow
    assert full["odd"] == bare["odd"] == "https://a.example/%25zz?a=%7Cb#c%23d"
    assert not {"nothing", "hidden"} & full.keys()


def test_only_images_that_exist_are_in_the_book_and_no_scripts(tmp_path) -> None:
    files = unzipped(book_of(write_root(tmp_path)))
    images = {name for name in files if name.startswith("book/image")}
    assert images == {"book/image-1.jpeg"}
    chapter = files["book/show-001.xhtml"].decode()
    assert '<img alt="A knot" src="image-1.jpeg"/>' in chapter
    assert chapter.count("<img") == 1 and "Fake" in chapter
    assert "<script" not in chapter


def test_cameras_write_suffixes_in_capitals() -> None:
    assert books.is_image("episodes/show/show-001/IMG_1234.JPG")


def test_images_beyond_the_limit_are_left_out(tmp_path, monkeypatch) -> None:
    root = write_root(tmp_path)
    folder = root / "episodes/show/show-001"
    Image.new("RGB", (4, 4)).save(folder / "gone.png", "PNG")
    sizes = [(folder / name).stat().st_size for name in ("knot.png", "gone.png")]
    for limit, expected in ((sum(sizes), 2), (sum(sizes) - 1, 1), (sizes[0] - 1, 1), (min(sizes) - 1, 0)):
        monkeypatch.setattr(epub, "MAX_IMAGES", limit)
        files = unzipped(book_of(root))
        assert sum(name.startswith("book/image") for name in files) == expected
        assert files["book/show-001.xhtml"].count(b"<img") == expected


def test_a_large_image_is_not_read_into_memory(tmp_path) -> None:
    root = write_root(tmp_path)
    with (root / "episodes/show/show-001/gone.png").open("wb") as file:
        file.truncate(2**30)
    files, peak = traced(lambda: unzipped(book_of(root)))
    assert sum(name.startswith("book/image") for name in files) == 1
    assert peak < 160 * 2**20


@pytest.mark.parametrize("limit", ["MOST_TOPICS", "MOST_MENTIONS", "MOST_TEXT"])
def test_a_site_with_many_topics_mentions_or_long_notes_has_no_books_of_topics(tmp_path, monkeypatch, limit) -> None:
    root = write_root(tmp_path)
    (root / "episodes/show/show-001.md").write_text(WIRE_IN_BUILDS, "utf-8")
    monkeypatch.setattr(books, limit, 1)
    site = mkdocs.build(root, pipeline.build, Job(print))
    assert [path.name for path in site.rglob("*.epub")] == ["notes.epub"]


def test_formulas(tmp_path) -> None:
    files = unzipped(book_of(write_root(tmp_path)))
    for name, count in (("show-001", 2), ("show-003", 1), ("glossary", 1)):
        tree = etree.fromstring(files[f"book/{name}.xhtml"])
        found = list(tree.iter("{http://www.w3.org/1998/Math/MathML}math"))
        assert len(found) == count
        assert all(formula.get("alttext") for formula in found)
    assert files["book/package.opf"].count(b'properties="mathml"') == 3
    assert b"MathML" in files["book/package.opf"]


def test_metadata(tmp_path) -> None:
    files = unzipped(book_of(write_root(tmp_path)))
    package = etree.fromstring(files["book/package.opf"])
    facts = {node.tag: node.text for node in package.iter(f"{DC}*")}
    assert facts[f"{DC}title"] == "Ropes & <b>Wires</b>"
    assert facts[f"{DC}rights"] == "CC BY 4.0"
    assert facts[f"{DC}language"] == "en"
    properties = [(node.get("property"), node.text) for node in package.iter(f"{OPF}meta")]
    assert ("dcterms:modified", "2024-05-06T00:00:00Z") in properties
    assert ("schema:accessibilityFeature", "tableOfContents") in properties
    cover = package.find(f".//{OPF}item[@properties='cover-image']")
    assert Image.open(io.BytesIO(files[f"book/{cover.get('href')}"])).size == (1200, 1600)


def test_right_to_left(tmp_path) -> None:
    write_odd_root(tmp_path, "ar")
    files = unzipped(book_of(tmp_path))
    assert etree.fromstring(files["book/a-001.xhtml"]).get("dir") == "rtl"
    assert etree.fromstring(files["book/package.opf"]).find(f"{OPF}spine").get("page-progression-direction") == "rtl"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("knowledge/glossary.yml", f"hemp: {{term: hemp, definition: {'not mentioned ' * 300}}}\n", True),
        ("knowledge/glossary.yml", f"bend: {{term: bends, definition: {'word ' * 600}}}\n", False),
        ("knowledge/glossary.yml", f"bend: {{term: bends, abbreviations: {NAMES}}}\n", False),
        ("knowledge/tools.yml", f"bend: {{name: bends, summary: {'word ' * 600}}}\n", False),
        ("knowledge/people.yml", f"bend: {{name: bends, role: {'word ' * 600}}}\n", False),
        (
            "knowledge/resources.yml",
            f"bend: {{title: bends, urls: [{LINKS}]}}\n",
            False,
        ),
        ("knowledge/resources.yml", f"bend: {{title: bends, authors: {NAMES}}}\n", False),
        ("episodes/show/show-002.md", f"questions: [{'{question: What?, answer: A long answer}, ' * 120}]\n", False),
    ],
    ids=["other term", "definition", "abbreviations", "tool", "role", "addresses", "authors", "questions"],
)
def test_texts_of_mentioned_entries_and_questions_count_as_text_of_the_book(
    tmp_path, monkeypatch, path, text, expected
) -> None:
    root = write_root(tmp_path)
    known = (root / path).read_text("utf-8") if path in FILES else ""
    if path.endswith(".md"):
        text = known.replace("topics:", f"{text}topics:")
    (root / path).write_text(text, "utf-8")
    note = root / "episodes/show/show-003.md"
    note.write_text(note.read_text("utf-8") + "\nTwo bends.\n", "utf-8")
    monkeypatch.setattr(books, "MOST_TEXT", 2_000)
    site = Site(pipeline.examine(root).linked, Settings("Ropes"), str)
    assert (books.book_of(site, "ropes") is not None) == expected


def test_builds_write_the_same_book_and_one_of_each_topic_with_three_episodes(tmp_path) -> None:
    roots = [write_root(tmp_path / name, ADDRESS) for name in ("one", "other")]
    for root in roots:
        note = root / "episodes/show/show-001.md"
        note.write_text(WIRE_IN_BUILDS, "utf-8")
    sites = [mkdocs.build(root, pipeline.build, Job(print)) for root in roots]
    books = [{path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*.epub")} for site in sites]
    assert books[0] == books[1]
    assert sorted(books[0]) == ["notes.epub", "topics/ropes.epub"]
    assert books[0]["notes.epub"] == book_of(roots[0])
    assert '<a href="../../notes.epub"' not in (sites[0] / "topics/knots/index.html").read_text("utf-8")
    for page, link in (("index.html", "./notes.epub"), ("topics/ropes/index.html", "../../topics/ropes.epub")):
        assert f'href="{link}"' in (sites[0] / page).read_text("utf-8")
    # the book of the topic leaves out terms that its notes don't mention
    assert links(unzipped(books[0]["topics/ropes.epub"]), "contents").keys() >= {"Glossary"}
    assert b"hemp" not in unzipped(books[0]["topics/ropes.epub"])["book/glossary.xhtml"]
    # an edited note, and a replaced image of the same name, change the books as a clean build would
    for root in roots:
        note = root / "episodes/show/show-002.md"
        note.write_text(note.read_text("utf-8").replace("See show-001.", "Tie a rope."), "utf-8")
        Image.new("RGB", (4, 4), "red").save(root / "episodes/show/show-001/knot.png", "JPEG")
    shutil.rmtree(roots[1] / "build")
    edited = [mkdocs.build(root, pipeline.build, Job(print)) / "notes.epub" for root in roots]
    assert edited[0].read_bytes() == edited[1].read_bytes() != books[0]["notes.epub"]


def test_the_site_of_a_root_without_episodes_has_no_book(tmp_path) -> None:
    write_files(tmp_path, root_files("Empty"))
    assert "book/contents.xhtml" in unzipped(book_of(tmp_path))
    site = mkdocs.build(tmp_path, pipeline.build, Job(print))
    assert not list(site.rglob("*.epub"))


# checks all books in one process, because starting EPUBCheck takes longer than checking a book
CHECKER = """
public class Books {
  public static void main(String[] paths) {
    int failed = 0;
    for (String path : paths)
      failed |= new com.adobe.epubcheck.tool.EpubChecker().run(new String[] {"--failonwarnings", path});
    System.exit(failed);
  }
}
"""


def assert_valid(folder: Path, *books: Path) -> None:
    """Check that EPUBCheck finds no errors and no warnings in books. Only outside CI, a missing Java skips the test."""
    java, jar = shutil.which("java"), epubcheck_jar()
    if java is None or jar is None:
        assert not in_ci(), "EPUBCheck needs Java and npm; in CI, this test is never skipped"
        pytest.skip("EPUBCheck needs Java and npm")
    (folder / "Books.java").write_text(CHECKER, "utf-8")
    command = [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", str(jar), str(folder / "Books.java")]
    done = subprocess.run([*command, *books], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.full
def test_books_are_valid(bundled, addressed, hostile, tmp_path) -> None:
    smallest = min(addressed.site.rglob("*.epub"), key=lambda path: path.stat().st_size)
    books = [bundled.site / "notes.epub", smallest]
    for root in ("hostile", "ropes", "ar", "de", "zh"):
        folder = hostile.root if root == "hostile" else tmp_path / root
        if root == "ropes":
            write_root(folder)
        elif root != "hostile":
            write_odd_root(folder, root)
        books.append(tmp_path / f"{root}.epub")
        books[-1].write_bytes(book_of(folder))
    assert_valid(tmp_path, *books)

"""Tests of random edits: an incremental build produces the same bytes and warnings as MkDocs."""

import os
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from incremental.projects import THEME, Project, compare, new_project
from mkdocs_incremental.unchanged import unchanged

EXAMPLES = int(os.environ.get("REBUILD_EXAMPLES", "20"))
"""The number of edit sequences. A sequence has about 11 edits; REBUILD_EXAMPLES=300 tests more than 3,000 edits."""
NAMES = ("index", "guide", "list", "notes/a", "notes/b", "notes/c", "notes/deep/index", "notes/deep/d", "notes/year")
TITLES = ("A", "B & co", "Über", "<i>")
HEADINGS = ("Part", "Other", "Part", "x")
TEMPLATES = ("", "", "", "list.html", "year.html", "home.html")

pages = st.sampled_from(NAMES)
links = st.tuples(pages, pages, st.sampled_from(("", "#part", "#other", "#no"))).map(lambda parts: _link(*parts))
front = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(TITLES),
        "description": st.sampled_from(TITLES),
        "date": st.sampled_from(("2020-01-01", "2021-02-03 04:05:06")),
        "template": st.sampled_from(TEMPLATES[3:]),
        "tags": st.sampled_from(("[x]", "[x, y]", "[z]")),
    },
)


def _link(source: str, target: str, anchor: str) -> str:
    return f"[{target}]({os.path.relpath(target, os.path.dirname(source) or '.')}.md{anchor})"


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A page."""
    head = "".join(f"{name}: {value}\n" for name, value in draw(front).items())
    parts = [f"# {draw(st.sampled_from(TITLES))}"] if draw(st.booleans()) else []
    for heading in draw(st.lists(st.sampled_from(HEADINGS), max_size=2)):
        parts += [f"## {heading}", draw(st.sampled_from(("Words.", "Other words.", "![i](img/i.png)"))), draw(links)]
    return (f"---\n{head}---\n" if head else "") + "\n\n".join(parts) + "\n"


edits = st.one_of(
    st.tuples(st.just("write"), pages, texts()),
    st.tuples(st.just("write"), pages, texts()),
    st.tuples(st.just("write"), pages, texts()),
    st.tuples(st.just("remove"), pages, st.just("")),
    st.tuples(st.just("rename"), pages, pages),
    st.tuples(st.just("asset"), st.sampled_from(("img/i.png", "notes/x.txt", "feed.txt", "style.css")), texts()),
    st.tuples(st.just("theme"), st.sampled_from(("foot.html", "main.html")), st.sampled_from(("<hr>", "<br>"))),
    st.tuples(st.just("settings"), st.sampled_from(("One", "Two")), st.just("")),
    st.tuples(
        st.just("nav"), st.sampled_from(("[index.md]", "[index.md, guide.md]", "[{S: [notes/a.md]}]")), st.just("")
    ),
    st.tuples(st.just("day"), st.sampled_from(("1700000000", "1700090000", "1740000000")), st.just("")),
    st.tuples(st.just("site"), st.sampled_from(("index.html", "stray")), st.just("x")),
)


def _apply(project: Project, kind: str, name: str, text: str) -> None:
    page = project.folder / "docs" / f"{name}.md"
    if kind == "write":
        project.write(f"docs/{name}.md", text)
    elif kind == "remove":
        page.unlink(missing_ok=True)
    elif kind == "rename" and page.exists():
        project.write(f"docs/{text}.md", page.read_text("utf-8"))
        page.unlink(missing_ok=name == text)
    elif kind == "asset":
        project.write(f"docs/{name}", text)
    elif kind == "theme":
        project.write(f"theme/{name}", THEME[name] + text)
    elif kind == "settings":
        project.settings(name=name)
    elif kind == "nav":
        project.settings(nav=name)
    elif kind == "day":
        os.environ["SOURCE_DATE_EPOCH"] = name
    elif kind == "site" and project.site.is_dir():
        project.write(f"site/{name}", text)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.lists(edits, min_size=1, max_size=2), min_size=10, max_size=12))
def test_any_edits_leave_what_mkdocs_would(sequence: list[list[tuple[str, str, str]]]) -> None:
    day = {"SOURCE_DATE_EPOCH": "1700000000"}
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, day):
        project = new_project(Path(folder))
        for step in sequence:
            for edit in step:
                _apply(project, *edit)
            was_quick = unchanged(project.cache)
            built = compare(project)
            if was_quick is not None:
                assert not built.written
                assert was_quick["messages"] == built.messages
            assert unchanged(project.cache)["messages"] == built.messages

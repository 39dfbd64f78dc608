"""Property tests of builds with a cache: after random edits, they produce the same bytes as clean builds."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import tree
from labels import Settings
from mkdocs_incremental import workers
from mlguide_site import pipeline
from mlguide_site.build.pages import Job
from mlguide_site.errors import ContentError
from mlguide_site.model.slugs import page_url

EXAMPLES = int(os.environ.get("MLGUIDE_EDITS", "56")) // 8
NAMES = ("Loom", "Shuttle", "Heddle Press", "warp", "Selvedge")
SERIES = "a: {title: A Show, prefix: A}\nb: {title: B Talks, prefix: B, kind: lectures}\n"
SETTINGS = (
    Settings("Show", site_url="https://a.example/"),
    Settings("Show"),
    Settings("Other", site_url="https://a.example/x/", directories=False, edit_url="https://e.example/{path}"),
)
words = st.sampled_from(["a plain word", *NAMES, "A 2", "b-003", "[note](a-001.md#part)", "*bold*", "<b>raw</b>"])
bodies = st.lists(words, min_size=1, max_size=5).map(" and ".join)
ids = st.sampled_from(["a-002", "a-003", "a-010", "b-001", "b-003"])
FIRST = "a-001"
"""The note that other notes require and link to. It always exists."""
slugs = st.sampled_from(["shuttle", "press"])
titles = st.sampled_from(["Title", "Loom in Practice", "An & Other"])
fronts = st.fixed_dictionaries(
    {"title": titles},
    optional={
        "date": st.sampled_from(["2020-01-02", "2021-03-04"]),
        "topics": st.sampled_from(["[t]", "[t, u]"]),
        "tools": st.sampled_from(["[loom]"]),
        "requires": st.sampled_from(["[a-001]"]),
        "summary": st.sampled_from(["In short.", "About the Loom."]),
        "status": st.sampled_from(["draft", "cancelled"]),
        "image": st.sampled_from(["p.png"]),
    },
)
TRANSCRIPT = "WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n"


def note(id, front, body):
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    return f"---\nid: {id}\n{lines}---\n\nFirst {body}.\n\n## Part\n\n{body}\n"


def of_note(make):
    return st.builds(lambda name, *rest: (f"episodes/{name[0]}/{name}.md", make(name, *rest)), ids, fronts, bodies)


def own_page(title, body):
    return f"---\ntitle: {title}\n---\n\nSee {body} and [one](../../episodes/a/a-001.md#part).\n\n## {title}\n"


def tool(slug, name, alias, draft):
    status = ", status: draft" if draft else ""
    loom = "loom: {name: Loom, category: Weaving}\n"
    return f"{loom}{slug}: {{name: {name}, aliases: [{alias}], topics: [t]{status}}}\n"


edits = st.one_of(
    of_note(note),
    of_note(note),
    of_note(note),
    st.builds(lambda *values: ("pages/about.md", own_page(*values)), titles, bodies),
    st.builds(lambda *values: ("pages/blog/index.md", own_page(*values)), titles, bodies),
    st.sampled_from(["pages/about.md", "pages/blog/index.md"]).map(lambda path: (path, None)),
    st.sampled_from(["1", "2", None]).map(lambda data: ("pages/blog/p.png", data)),
    st.builds(lambda title, body: (f"episodes/a/{FIRST}.md", note(FIRST, {"title": title}, body)), titles, bodies),
    ids.map(lambda name: (f"episodes/{name[0]}/{name}.md", None)),
    st.builds(lambda name, text: (f"episodes/{name[0]}/{name}.vtt", TRANSCRIPT.format(text=text)), ids, words),
    st.sampled_from(["1", "2"]).map(lambda data: ("episodes/a/p.png", data)),
    st.builds(
        lambda *values: ("knowledge/tools.yml", tool(*values)),
        slugs,
        st.sampled_from(NAMES),
        st.sampled_from(["plain", "practice", "short"]),
        st.booleans(),
    ),
    st.sampled_from(["t: {name: Weaving}\n", "t: {name: Weaving, order: [a-002]}\nu: {name: Loom, parent: t}\n"]).map(
        lambda text: ("knowledge/topics.yml", text)
    ),
    st.sampled_from(["w: {term: warp}\n", None]).map(lambda text: ("knowledge/glossary.yml", text)),
    st.sampled_from(["# {{ title }}\n\n{{ path }}\n", None]).map(lambda text: ("templates/person.md.jinja", text)),
    st.sampled_from(["# {{ title }} {{ mentions_total }}\n", None]).map(lambda text: ("templates/tool.md.jinja", text)),
    st.sampled_from(SETTINGS).map(lambda found: ("settings", found)),
    # these edits mostly change only the note's own page
    st.sampled_from(["Said *once* more.", "", "Nothing\n\n- is\n- named"]).map(lambda text: ("first", text)),
    st.sampled_from(["Said *once* more.", "Of a loom.", "<b>No</b> name"]).map(lambda text: ("tail", text)),
)


def write(root, path, text):
    target = root / path
    if text is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def new_root(folder, notes):
    """Create a root with these notes: maps an id to front matter and body."""
    root = folder / "kb"
    write(root, "knowledge/series.yml", SERIES)
    write(root, "knowledge/tools.yml", tool("press", "Heddle Press", "plain", draft=False))
    write(root, "knowledge/topics.yml", "t: {name: Weaving}\nu: {name: Cloth}\n")
    for series in ("a", "b"):
        write(root, f"episodes/{series}/p.png", "0")
    for id, (front, body) in notes.items():
        write(root, f"episodes/{id[0]}/{id}.md", note(id, front, body))
    return root


def change_body(root, where, text):
    """Add a paragraph to the start or the end of the body of the note that always exists."""
    path = root / f"episodes/a/{FIRST}.md"
    front, body = path.read_text("utf-8").split("\n---\n", 1)
    body = f"{text}\n\n{body.lstrip()}" if where == "first" else f"{body.rstrip()}\n\n{text}\n"
    path.write_text(f"{front}\n---\n\n{body}", "utf-8")


def engine(root, site, chosen):
    """Replaces the engine: writes an HTML file for each page, and deletes the files of removed pages."""
    wanted = set()
    for page in (root / "build/pages").rglob("*.md"):
        url = page_url(page.relative_to(root / "build/pages").as_posix(), chosen.directories)
        target = site / (f"{url}index.html" if chosen.directories else url)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"<p>page</p>")
        wanted.add(target)
    for old in set(site.rglob("*.html")) - wanted:
        old.unlink()
        for folder in old.parents:
            if folder == site or any(folder.iterdir()):
                break
            folder.rmdir()


def build(root, chosen, jobs=1):
    """Build, and return the files in the folder of pages, in the site and in the overrides. The build must print
    nothing.

    If the root has errors, return the errors instead. Edits can remove entries that notes refer to.
    """
    said = []
    try:
        job = Job(jobs=jobs, place="site", say=said.append)
        made = pipeline.build(root, chosen, job=job)
    except ContentError as error:
        return ({"errors": str(error)},)
    site = root / "site"
    site.mkdir(exist_ok=True)
    engine(root, site, chosen)
    pipeline.finish(root, made, site, job, with_search=False)
    assert not said
    return tree(root / "build/pages"), tree(site), tree(root / "build/theme")


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    # small roots also use several processes
    patch.setattr(workers, "FEW", 4)
    yield
    patch.undo()


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(
    start=st.dictionaries(ids, st.tuples(fronts, bodies), min_size=3, max_size=6),
    changes=st.lists(edits, min_size=8, max_size=8),
    jobs=st.sampled_from([1, 1, 2]),
)
def test_a_build_with_a_cache_leaves_what_a_clean_one_leaves(start, changes, jobs):
    folder = Path(tempfile.mkdtemp())
    try:
        root, chosen = new_root(folder, {FIRST: ({"title": "Title"}, "Loom"), **start}), SETTINGS[0]
        build(root, chosen, jobs)
        for number, (path, change) in enumerate(changes):
            if path == "settings":
                # other settings mean another site, which is built from scratch
                chosen = change
                shutil.rmtree(root / "site", ignore_errors=True)
            elif path in ("first", "tail"):
                change_body(root, path, change)
            else:
                write(root, path, change)
            clean = folder / f"clean-{number}"
            shutil.copytree(root, clean, ignore=shutil.ignore_patterns("build", "site"))
            found, expected = build(root, chosen, jobs), build(clean, chosen)
            for one, other in zip(found, expected, strict=True):
                assert _differing(one, other) == []
            shutil.rmtree(clean)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _differing(one, other):
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))

"""Tests of importing a folder of notes: which files are read, copied or ignored."""

import os
import re
import shutil
import time
from base64 import b64encode
from pathlib import Path
from unicodedata import normalize

import pytest

from conftest import everything
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.importers.notes import source as sections
from mlguide_site.merge import sources as gather_module
from mlguide_site.merge.episodes import Episodes
from mlguide_site.merge.report import grouped, report_lines, report_values
from mlguide_site.merge.run import run_import
from mlguide_site.merge.sources import read_path as gather
from mlguide_site.merge.three_way import read_note
from mlguide_site.pipeline import inspect

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8
OTHER = PNG + b"other"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "Boats"
    (folder / "img").mkdir(parents=True)
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian" / "hidden.md").write_text("# hidden", "utf-8")
    (folder / "Day 1.md").write_text("# Hulls\n\n![[hull.png]] and ![[gone.png]]\n", "utf-8")
    (folder / "Day 2.md").write_text("# Masts\n\n![A mast](img/hull%20two.png)\n", "utf-8")
    (folder / "img" / "hull.png").write_bytes(PNG)
    (folder / "img" / "hull two.png").write_bytes(OTHER)
    (folder / "img" / "unused.png").write_bytes(PNG)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    return folder


def warnings(problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity is Severity.WARNING]


def test_a_folder_is_its_notes_and_the_files_they_name(vault: Path) -> None:
    source, problems = gather(str(vault))
    assert problems == []
    assert sorted(source.files) == ["Day 1.md", "Day 2.md", "img/hull two.png", "img/hull.png"]
    single, _ = gather(str(vault / "Day 1.md"))
    assert sorted(single.files) == ["img/hull.png"]


def test_pictures_within_notes_become_files(tmp_path: Path, root: Path) -> None:
    """Google Docs writes each picture as the definition of a very long address."""
    large, drawing = PNG + b"x" * 90_000, b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"
    address = f"<data:image/png;base64,{b64encode(large).decode()}>"
    text = f"# Looms\n\nHere ![][image1] is one.\n\n[image1]: {address}\n\n"
    text += f"![A shed](data:image/svg+xml;base64,{b64encode(drawing).decode()})\n"
    # code stays
    code = f'{{"url": "data:image/png;base64,{b64encode(PNG * 3).decode()}"}}'
    text += f"```json\n{code}\n```\n\nThe prefix `{code}` says so.\n"
    # pictures in list items and boxes are indented, unlike code
    inner = f"![A step](DATA:image/png;charset=utf-8;base64,{b64encode(large).decode()})"
    text += f"\n1. Open it.\n\n    {inner}\n\n        {code}\n\n!!! note\n    {inner}\n"
    (tmp_path / "Doc").mkdir()
    (tmp_path / "Doc/Looms.md").write_text(text, "utf-8")
    (tmp_path / "Doc/Reeds.md").write_text("# Reeds\n\nReeds are long.\n", "utf-8")
    for path in ("Doc", "Doc/Looms.md"):
        run_import(root, [str(tmp_path / path)], series="d", format="obsidian")
        [picture] = root.glob("episodes/d/*/*.png")
        assert picture.read_bytes() == large
        body = (root / "episodes/d/d-looms.md").read_text("utf-8")
        assert "![picture.png](d-looms/picture.png)" in body
        assert "\\[Missing file: A shed – picture.svg\\]" in body
        assert body.count(code) == 3
        assert body.count("    ![A step](d-looms/picture.png)") == 2


def test_pictures_keep_their_names_when_others_are_inserted_or_change(tmp_path: Path, root: Path) -> None:
    """Readers' texts for pictures in the root name these files."""
    folder, note = root / "episodes/d/d-looms", tmp_path / "Doc/Looms.md"
    note.parent.mkdir()
    (tmp_path / "Doc/Reeds.md").write_text("# Reeds\n\nReeds are long.\n", "utf-8")

    def pictures(*shown: bytes) -> dict[str, bytes]:
        links = [f"Step.\n\n![](data:image/png;base64,{b64encode(PNG + one).decode()})" for one in shown]
        note.write_text("\n\n".join(["# Looms", *links]), "utf-8")
        run_import(root, [str(tmp_path / "Doc")], series="d", format="obsidian")
        used = re.findall(r"d-looms/(.*?)\)", (root / "episodes/d/d-looms.md").read_text("utf-8"))
        return {name: (folder / name).read_bytes().removeprefix(PNG) for name in used}

    assert pictures(b"warp", b"weft") == {"picture.png": b"warp", "picture-2.png": b"weft"}
    (folder / "picture-2.png").write_bytes(PNG + b"scan")
    now = {"picture-3.png": b"yarn", "picture.png": b"warp", "picture-2.png": b"scan"}
    assert pictures(b"yarn", b"warp", b"weft") == now
    # whether a picture replaces another one is unknown
    assert pictures(b"yarn", b"shed", b"weft") == {
        "picture-3.png": b"yarn",
        "picture-4.png": b"shed",
        "picture-2.png": b"scan",
    }


def test_notes_are_recognised_whatever_path_is_typed(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "notes/Looms.md"
    note.parent.mkdir()
    (tmp_path / "notes/Reeds.md").write_text("Reeds are long.\n", "utf-8")
    (tmp_path / "link").symlink_to("notes")
    monkeypatch.chdir(tmp_path)
    for at, path in enumerate(("notes", str(tmp_path / "notes"), "link", "../" + tmp_path.name + "/notes/", "."), 1):
        if path == ".":
            monkeypatch.chdir(tmp_path / "notes")
        note.write_text(f"Looms are big.\n\nIda has {at}.\n\nOne is for sale.\n\nThey are made of wood.\n", "utf-8")
        report = run_import(root, [path], series="c", format="obsidian")
        assert len(report.new) == (2 if at == 1 else 0), path
        assert f"Ida has {at}." in (root / "episodes/c/c-looms.md").read_text("utf-8")


@pytest.mark.parametrize("typed", ["notes", "absolute"])
def test_records_of_typed_paths_are_understood(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """Earlier versions recorded the path as it was typed."""
    note = tmp_path / "notes/Looms.md"
    note.parent.mkdir()
    lines = [f"Line {at} tells of looms.\n\n" for at in range(5)]
    note.write_text("".join(lines), "utf-8")
    path = typed if typed == "notes" else str(note.parent)
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as earlier:
        earlier.setattr(Episodes, "_place_of", lambda *_: "")
        run_import(root, [path], series="c", format="obsidian")
    note.write_text("".join(lines).replace("Line 2", "Line two"), "utf-8")
    assert run_import(root, [path], series="c", format="obsidian").new == ()
    assert "Line two" in (root / "episodes/c/c-looms.md").read_text("utf-8")


def test_links_find_files_whose_names_are_decomposed(tmp_path: Path, root: Path) -> None:
    """macOS decomposes the letters of file names, but people don't type them so."""
    links = "[[Café]], [[Cafe\u0301]], [a](Caf%C3%A9.md), [b](Cafe%CC%81.md), ![[Skizze für Ida.png]], [[한국]]"
    texts = {"Café.md": "Coffee.", "한국.md": "Tea.", "b/Links.md": f"{links}\n", "b/Café.md": "Near.\n"}
    (tmp_path / "Orte/b").mkdir(parents=True)
    for name, text in texts.items():
        (tmp_path / "Orte" / normalize("NFD", name)).write_text(text, "utf-8")
    (tmp_path / "Orte" / normalize("NFD", "Skizze für Ida.png")).write_bytes(PNG)
    report = run_import(root, [str(tmp_path / "Orte")])
    assert report.problems == ()
    near = "[Café](orte-b-cafe.md), [Cafe\u0301](orte-b-cafe.md), [a](orte-b-cafe.md), [b](orte-b-cafe.md)"
    body = (root / "episodes/orte/orte-links.md").read_text("utf-8")
    assert f"{near}, ![Skizze für Ida.png](orte-links/skizze-fur-ida.png), [한국](orte-hangug.md)" in body
    (tmp_path / "Orte" / normalize("NFD", "한국.md")).rename(tmp_path / "Orte/한국.md")
    assert not run_import(root, [str(tmp_path / "Orte")]).new
    (tmp_path / "Orte.md").write_text(normalize("NFD", "A tea from [[한국]], with [[Links]].\n"), "utf-8")
    assert run_import(root, [str(tmp_path / "Orte.md")], series="orte").problems == ()


def test_two_files_whose_names_differ_only_in_their_form_are_read(tmp_path: Path) -> None:
    names = sorted((normalize("NFD", "é.md"), "é.md"))
    for name in names:
        (tmp_path / name).write_text(ascii(name), "utf-8")
    if len(list(tmp_path.iterdir())) == 2:  # some file systems can't have both
        assert gather(str(tmp_path))[0].files == {name: ascii(name).encode() for name in names}


def test_the_settings_of_a_vault_are_read_with_its_notes(vault: Path) -> None:
    (vault / ".obsidian/app.json").write_text("{}", "utf-8")
    (vault / "days").mkdir()
    (vault / "days/Alone.md").write_text("# Alone", "utf-8")
    sources = [gather(str(path))[0] for path in (vault, vault / "days", vault / "days/Alone.md")]
    assert [one.files.get(".obsidian/app.json") for one in sources] == [b"{}"] * 3


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="the system has no links")
def test_links_are_not_followed(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "gone.png").write_bytes(PNG)
    try:
        (vault / "gone.png").symlink_to(tmp_path / "secret" / "gone.png")
        (vault / "linked").symlink_to(tmp_path / "secret", target_is_directory=True)
    except OSError:
        pytest.skip("links can't be made here")
    assert "gone.png" not in " ".join(gather(str(vault))[0].files)


def test_what_is_too_large_is_left_out_and_said(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather_module, "MAX_ASSET", len(PNG))
    source, problems = gather(str(vault))
    assert "img/hull two.png" not in source.files
    assert [problem.path.rpartition(": ")[2] for problem in warnings(problems)] == ["img/hull two.png"]
    monkeypatch.setattr(gather_module, "MAX_NOTES", 1)
    with pytest.raises(ContentError, match="more than 1 notes"):
        gather(str(vault))


def test_files_are_copied_beside_their_episode(vault: Path, root: Path) -> None:
    dry = run_import(root, [str(vault)], dry_run=True)
    wanted = ("episodes/boats/boats-001/hull.png", "episodes/boats/boats-002/hull-two.png")
    assert dry.assets == wanted
    assert f"+++ {wanted[0]} ({len(PNG)} bytes)" in report_lines(dry, diff=True)
    assert everything(root) == {}
    report = run_import(root, [str(vault)])
    assert report_values(report)["assets"] == list(wanted)
    assert everything(root)[wanted[0]] == PNG and everything(root)[wanted[1]] == OTHER
    assert "![hull.png](boats-001/hull.png)" in (root / "episodes/boats/boats-001.md").read_text("utf-8")
    files = read_root(root)
    assert files.problems == () and set(wanted) <= files.assets
    assert load(files.texts, files.assets).problems == ()
    before = everything(root)
    assert run_import(root, [str(vault)]).writes == ()
    assert everything(root) == before


def test_a_file_follows_its_source_until_a_person_changes_it(vault: Path, root: Path) -> None:
    run_import(root, [str(vault)])
    path = root / "episodes/boats/boats-001/hull.png"
    (vault / "img" / "hull.png").write_bytes(PNG + b"new")
    run_import(root, [str(vault)])
    assert path.read_bytes() == PNG + b"new"
    path.write_bytes(PNG + b"mine")
    (vault / "img" / "hull.png").write_bytes(PNG + b"newer")
    run_import(root, [str(vault)])
    assert path.read_bytes() == PNG + b"mine"
    path.unlink()
    assert run_import(root, [str(vault)]).assets == ()
    assert not path.exists()


def test_another_file_of_that_name_keeps_it(vault: Path, root: Path) -> None:
    path = root / "episodes/boats/boats-001/hull.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(OTHER)
    report = run_import(root, [str(vault)])
    assert path.read_bytes() == OTHER
    named = Path(report.assets[0]).name
    assert named.startswith("hull-") and f"(boats-001/{named})" in (root / "episodes/boats/boats-001.md").read_text()
    assert run_import(root, [str(vault)]).writes == ()


def test_episodes_whose_notes_are_missing_are_named_once(vault: Path, root: Path) -> None:
    (vault / "Day 3.md").write_text("# Sails\n\nSails are white.\n", "utf-8")
    assert "v-003" in run_import(root, [str(vault)], series="v").new
    (vault / "Day 3.md").unlink()
    single = run_import(root, [str(vault / "Day 1.md")], series="v", format="obsidian")
    assert not any("any more" in problem.message for problem in single.problems)
    for count in (1, 0):
        problems = run_import(root, [str(vault)], series="v").problems
        told = [problem for problem in problems if "any more" in problem.message]
        assert [(one.message, one.severity) for one in told] == count * [
            ("the notes of 1 episode are not here any more: v-003", Severity.HINT)
        ]
    assert (root / "episodes/v/v-003.md").is_file()


TEMPLATE = "## Agenda\n\nWelcome to the lab.\n\n{}\n\n## Homework\n\nRead the chapter.\n\n- Present: all\n"


def write_numbered(folder: Path, form: str, texts: list[str]) -> None:
    """Write texts, each after the name of its subject, to numbered files from a template."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, text in enumerate(texts, 1):
        path = folder / form.format(number, text.split()[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEMPLATE.format(text), "utf-8")


def subjects_of(root: Path) -> dict[str, str]:
    """Map the summary of each episode to the subject of its text."""
    notes = [read_note(path.read_text("utf-8"), path.name) for path in sorted((root / "episodes").glob("*/*.md"))]
    return {str(front.get("summary", "")): body.partition("lab.\n\n")[2].split()[0] for front, body, _ in notes}


@pytest.mark.parametrize(
    ("own", "form", "more"),
    [(1, "{:02}.md", ""), (3, "{:02}.md", "One more line on silk.\n\n"), (1, "{:02}/index.md", "")],
)
def test_numbered_notes_from_a_template_keep_their_episodes(
    root: Path, tmp_path: Path, own: int, form: str, more: str
) -> None:
    folder = tmp_path / "w"
    names = ["Wool", "Silk", "Linen", "Hemp"]
    texts = {name: "\n\n".join(f"{name} has line {at} of {name}." for at in range(own)) for name in [*names, "Dye"]}
    write_numbered(folder, form, [texts[name] for name in names])
    run_import(root, [str(folder)])
    for path in (root / "episodes").glob("*/*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("source:", f"summary: {text.partition('lab.')[2].split()[0]}\nsource:"), "utf-8")
    texts["Silk"] += f"\n\n{more}"
    write_numbered(folder, form, [texts[name] for name in ("Wool", "Dye", "Silk", "Linen", "Hemp")])
    run_import(root, [str(folder)])
    assert subjects_of(root) == {name: name for name in names} | {"": "Dye"}
    # of missing notes, the text comes back with another number
    write_numbered(folder, form, [texts[name] for name in ("Wool", "Dye", "Linen", "Hemp")])
    run_import(root, [str(folder)])
    write_numbered(folder, form, [texts[name] for name in ("Wool", "Dye", "Linen", "Hemp", "Silk")])
    run_import(root, [str(folder)])
    assert subjects_of(root) == {name: name for name in names} | {"": "Dye"}


def test_another_title_with_the_number_of_missing_notes_is_a_new_episode(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    for names in (["Wool", "Silk", "Linen"], ["Wool", "Silk"], ["Wool", "Silk", "Hemp"]):
        write_numbered(folder, "{:02} {}.md", [f"{name} is the subject." for name in names])
        run_import(root, [str(folder)])
    assert len([*(root / "episodes").glob("*/*.md")]) == 4


@pytest.mark.parametrize("renumbers", [False, True])
def test_other_notes_in_the_file_of_missing_notes_are_a_new_episode(
    root: Path, tmp_path: Path, renumbers: bool
) -> None:
    folder, texts = tmp_path / "w", {name: f"{name} {{}}".format for name in ("wool", "silk", "linen", "dye", "felt")}
    folder.mkdir()

    def write(number: int, name: str) -> None:
        lines = (texts[name](place) for place in ("one", "two", "three", "four", "five"))
        (folder / f"{number:02}.md").write_text("\n\n".join(lines) + "\n", "utf-8")

    for number, name in enumerate(("wool", "silk", "linen", "dye"), 1):
        write(number, name)
    run_import(root, [str(folder)])
    if renumbers:
        for number, name in enumerate(("wool", "linen", "dye"), 1):
            write(number, name)
        (folder / "04.md").unlink()
        run_import(root, [str(folder)])
        (folder / "03.md").unlink()
    else:
        (folder / "04.md").unlink()
    run_import(root, [str(folder)])
    # notes that come back have their episode again
    write(4, "dye")
    assert run_import(root, [str(folder)]).new == ()
    (folder / "04.md").unlink()
    run_import(root, [str(folder)])
    write(4, "felt")
    assert len(run_import(root, [str(folder)]).new) == 1
    texts_of = [path.read_text("utf-8") for path in sorted((root / "episodes/w").glob("*.md"))]
    for name in texts:
        assert [text.count(f"{name} ") for text in texts_of if f"{name} " in text] == [5], name


def test_topics_are_the_roots_own(vault: Path, root: Path) -> None:
    (root / "knowledge" / "topics.yml").write_text("craft:\n  name: Craft\n  aliases: [Boats]\n", "utf-8")
    (vault / "Day 1.md").write_text("---\ntags: [boats, Sails]\n---\n# Hulls\n\n[[Day 2]]\n", "utf-8")
    run_import(root, [str(vault)])
    assert "topics: [craft, sails]" in (root / "episodes/boats/boats-001.md").read_text("utf-8")
    assert "sails:\n  name: Sails\n" in (root / "knowledge/topics.yml").read_text("utf-8")
    assert run_import(root, [str(vault)]).writes == ()


def test_notes_too_large_to_be_read_bring_nothing_along(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    text = b"![[a.png]]\n"
    room = sections.MAX_NOTES_SOURCE_BYTES - len(text)
    for size, names in ((room, ["a.png"]), (room + 1, [])):
        (tmp_path / "a.md").write_bytes(text + b"x" * size)
        assert sorted(gather(str(tmp_path / "a.md"))[0].files) == names


@pytest.mark.skipif(os.name == "nt", reason="such names and links are not to be had there")
def test_notes_that_are_passed_over_are_named(tmp_path: Path) -> None:
    vault, other = tmp_path / "vault", tmp_path / "other"
    for folder in (vault / "in\tner", other):
        folder.mkdir(parents=True)
        (folder / "one.md").write_text("# One\n")
    (vault / "plain.md").write_text("# Plain\n")
    for name in ("b\nc.md", "\udcff.md", "odd\n.txt", "soft\xadhyphen.md"):
        (vault / name).write_text("# Odd\n")
    os.mkfifo(vault / "pipe.md")
    for name in ("linké.md", "folder", "picture.png", ".hidden.md"):
        (vault / name).symlink_to(other)
    source, problems = gather(str(vault))
    assert list(source.files) == ["plain.md"]
    named = {
        problem.path.removeprefix(f"{vault}: "): problem.message.removeprefix("not imported: ") for problem in problems
    }
    unprintable, link = "its name contains an unprintable character", "this is a symbolic link"
    assert named == {
        "\\udcff.md": unprintable,
        "b\\nc.md": unprintable,
        "folder": link,
        "in\\tner": unprintable,
        "linké.md": link,
        "pipe.md": "this is a special file",
        "soft\\xadhyphen.md": unprintable,
    }
    assert {problem.severity for problem in problems} == {Severity.WARNING}


def test_names_may_contain_other_spaces(vault: Path, root: Path) -> None:
    (vault / "sub\u3000folder").mkdir()
    (vault / "sub\u3000folder/Day\xa03.md").write_text("![[my\u202fhull.png]] [[Day\xa04]]\n", "utf-8")
    (vault / "sub\u3000folder/Day\xa04.md").write_text("[Three](Day%C2%A03.md)\n", "utf-8")
    (vault / "my\u202fhull.png").write_bytes(PNG)
    report = run_import(root, [str(vault)])
    assert not [one for one in report.problems if "gone.png" not in one.message]
    text = (root / "episodes/boats/boats-003.md").read_text("utf-8")
    assert "title: Day 3" in text and "(boats-003/my-hull.png)" in text and "(boats-004.md)" in text
    assert "[Three](boats-003.md)" in (root / "episodes/boats/boats-004.md").read_text("utf-8")
    for name in ("Day\u30003.md", "sub folder/Day\u20033.md"):
        (vault / name).parent.mkdir(exist_ok=True)
        (vault / name).write_text("Oars.\n", "utf-8")
    assert [one for one in gather(str(vault))[0].files if one.endswith("3.md")] == [
        "Day 3.md",
        "sub folder/Day\u20033.md",
        "sub\u3000folder/Day\xa03.md",
    ]


def test_a_folder_of_too_many_files_is_refused(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather_module, "MAX_ENTRIES", 2)
    with pytest.raises(ContentError, match="more than 2 files"):
        gather(str(vault))


def test_places_name_the_file_and_footnotes_are_no_links(vault: Path, root: Path) -> None:
    (vault / "Day 2.md").write_text("# Masts\n\nTall[^1], [see][2].\n\n[^1]: Foot.\n\n[2]: nowhere\n", "utf-8")
    report = run_import(root, [str(vault)])
    messages = [one.message for one in report.problems if one.path == f"{vault}/Day 2.md"]
    assert messages == ['"nowhere" is not in the folder']


def test_files_that_are_no_notes_are_named(vault: Path) -> None:
    for name in ("feed.xml", "talk.vtt"):
        (vault / name).write_text("x", "utf-8")
    [problem] = gather(str(vault))[1]
    assert problem.message == "not read with the folder's notes: feed.xml, talk.vtt (2 in all)"
    for number in range(20):
        (vault / f"{number}.opml").write_text("x", "utf-8")
    assert gather(str(vault))[1][0].message.endswith(", … (22 in all)")


def test_files_of_other_types_that_notes_name_are_not_missing(vault: Path, root: Path) -> None:
    (vault / "knots.ipynb").write_text("{}", "utf-8")
    (vault / "Day 2.md").write_text("# Masts\n\nSee [the notebook](knots.ipynb).\n", "utf-8")
    report = run_import(root, [str(vault)])
    [problem] = [one for one in report.problems if "knots" in one.message]
    assert problem.message == '"knots.ipynb" has a file type that is not published'
    assert problem.remedy == "link to its web address, or convert the file"
    text = next((root / "episodes").glob("*/*002.md")).read_text("utf-8")
    assert "the notebook (knots.ipynb)" in text


def test_drawings_and_notes_of_other_programs_are_read(vault: Path, root: Path) -> None:
    drawing = "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><path style='fill:red' d='M0 0h9'/></svg>"
    (vault / "mast.svg").write_text(drawing, "utf-8")
    (vault / "live.svg").write_text(drawing.replace("<path", "<path onload='x()'"), "utf-8")
    (vault / "Day 3.Rmd").write_text("# Sails\n\n![A mast](mast.svg)\n\n![A flag](live.svg)\n", "utf-8")
    report = run_import(root, [str(vault)])
    [problem] = [one for one in report.problems if "live" in one.message]
    assert problem.message == '"live.svg" has a file type that is not published'
    [note] = (root / "episodes").glob("*/*003.md")
    assert f"![A mast]({note.stem}/mast.svg)" in note.read_text("utf-8")
    assert (note.parent / note.stem / "mast.svg").read_text("utf-8") == drawing
    assert inspect(root) == ()


def test_templates_packages_and_built_sites_are_skipped(vault: Path) -> None:
    skipped = ("Templates/Daily.md", "node_modules/knots/README.md", "meta/_template/Meeting.md", "site/page.md")
    for place in (*skipped, "meta/Plan.md", "mkdocs.yml"):
        (vault / place).parent.mkdir(parents=True, exist_ok=True)
        (vault / place).write_text("# {{title}}\n", "utf-8")
    source, _ = gather(str(vault))
    assert [place for place in source.files if place.endswith(".md")] == ["Day 1.md", "Day 2.md", "meta/Plan.md"]


def test_a_link_by_name_leads_to_an_episode_of_the_root(root: Path, tmp_path: Path) -> None:
    (root / "episodes" / "dun").mkdir(parents=True)
    (root / "episodes" / "dun" / "dun-001.md").write_text("---\nid: dun-001\ntitle: Compost heaps\n---\n", "utf-8")
    note = tmp_path / "Beds.md"
    note.write_text("# Beds\n\n[[Compost Heaps]], [[compost heaps#Heat|hot]], [[dun-001]] and [[Gone]]\n", "utf-8")
    report = run_import(root, [str(note)])
    text = next((root / "episodes").glob("*/*beds.md")).read_text("utf-8")
    assert "[Compost Heaps](../dun/dun-001.md), [hot](../dun/dun-001.md), [dun-001](../dun/dun-001.md) and Gone" in text
    messages = ['the note "compost heaps" has no heading "Heat"', 'there is no note or episode "Gone"']
    assert [(one.span.line, one.message) for one in report.problems] == [(3, message) for message in messages]


def test_many_missing_files_are_one_problem() -> None:
    names, what = [f"{number}.png" for number in range(1, 32)], "is not in the folder"
    [one] = grouped([Problem("a.md", Span(), f'"{name}" {what}', "add the file and import again") for name in names])
    start = "a.md:1:1: 31 files are missing (--verbose lists them): 1.png, 2.png and 29 more"
    assert str(one) == f"{start}; add each file and import again"


def test_many_removed_tags_are_one_problem() -> None:
    tags, what = [f'{{{{< tab "{number}" >}}}}' for number in range(23)], "a template tag without a Markdown equivalent"
    problems = [Problem("a.md", Span(at + 1), f"{what} was removed: {tag}", "x") for at, tag in enumerate(tags)]
    other = Problem("a.md", Span(), "other", "x")
    [kept, one] = grouped([other, *problems])
    assert kept is other
    assert one.message.startswith(
        "template tags without a Markdown equivalent were removed (--verbose lists them): {{< "
    )
    assert one.message.endswith(', {{< tab "19" >}} and 3 more')
    assert grouped(problems[:5]) == problems[:5]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a b.png", "![[a b.png|300]]"),
        ("a (1).PNG", "![A](<a (1).png> 'A title')"),
        ("ä.png", "![A](%C3%A4.png#x)"),
        ("a.png", "cover: a.png"),
        ("a.png", "<img src=a.png width=3>"),
        ("a.png", '<img src="../img/a.png">'),
        ("a.png", "![](a.png =100x)"),
        ("a.png", "![](a.png){width=3}"),
    ],
)
def test_a_file_is_found_by_each_way_to_name_it(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(PNG)
    (tmp_path / "Day 1.md").write_text(f"# Hulls\n\n{text}\n", "utf-8")
    assert sorted(gather(str(tmp_path))[0].files) == sorted(["Day 1.md", name])


def test_the_time_for_many_pictures_is_linear(tmp_path: Path) -> None:
    for number in range(4000):
        (tmp_path / f"{number}.png").touch()
    (tmp_path / "Day 1.md").write_text("Of hulls and masts. " * 200_000, "utf-8")
    start = time.process_time()
    assert list(gather(str(tmp_path))[0].files) == ["Day 1.md"]
    assert time.process_time() - start < 4


@pytest.mark.parametrize("form", ["{}.md", "{}/notes.md"])
def test_the_last_notes_keep_their_episode_when_they_get_the_file_of_removed_notes(
    root: Path, tmp_path: Path, form: str
) -> None:
    folder = tmp_path / "w"
    texts = ["\n\n".join(f"{name} {at}" for at in "abcde") for name in ("wool", "silk")]
    write_numbered(folder, form, texts)
    run_import(root, [str(folder)])
    write_numbered(folder, form, texts[1:])
    (missing,) = run_import(root, [str(folder)]).problems
    assert missing.message.startswith("the notes of 1 episode are not here any more: ")
    assert "wool a" in next((root / "episodes/w").glob(f"{missing.message.rpartition(' ')[2]}.md")).read_text("utf-8")
    assert sum("silk a" in path.read_text("utf-8") for path in (root / "episodes/w").glob("*.md")) == 1


def test_notes_in_the_place_of_a_removed_folder_are_a_new_episode(root: Path, tmp_path: Path) -> None:
    folder, texts = tmp_path / "w", [f"{name} is\n\nof {name}" for name in ("wool", "silk", "dye", "felt")]
    write_numbered(folder, "ep{}/notes.md", texts[:3])
    run_import(root, [str(folder)])
    write_numbered(folder, "ep{}/notes.md", texts[:1])
    report = run_import(root, [str(folder)])
    (missing,) = report.problems
    assert missing.message == "the notes of 2 episodes are not here any more: w-ep2-notes, w-ep3-notes"
    write_numbered(folder, "ep{}/notes.md", [texts[0], texts[3]])
    assert len(run_import(root, [str(folder)]).new) == 1
    kept = [path.read_text("utf-8") for path in (root / "episodes/w").glob("*.md")]
    assert all(any(text in note for note in kept) for text in texts)


@pytest.mark.parametrize("order", [[2, 3], [4, 1, 2, 3], [2, 1, 3]], ids=["removed", "inserted", "swapped"])
def test_an_introduction_doesn_t_decide_which_notes_come_first(root: Path, tmp_path: Path, order: list[int]) -> None:
    source = tmp_path / "w.md"

    def write(weeks: list[int]) -> None:
        texts = ["# Wool", *(f"Rule {at} of the course." for at in range(5))]
        for at, week in enumerate(weeks, 1):
            texts += [f"## Week {at}", *(f"Line {line} of text {week}." for line in "abcd")]
        source.write_text("\n\n".join(texts) + "\n", "utf-8")

    write([1, 2, 3])
    run_import(root, [str(source)])
    write(order)
    run_import(root, [str(source)])
    for week in (1, 2, 3):
        text = (root / f"episodes/wool/wool-{week:03}.md").read_text("utf-8")
        assert set(re.findall(r"of text (\d)", text)) == {str(week)}


def test_short_notes_keep_their_episode_when_notes_are_inserted_before_them(root: Path, tmp_path: Path) -> None:
    folder, texts = tmp_path / "w", ["wool is warm", "silk is smooth", "dye is red"]
    write_notes(folder, texts)
    run_import(root, [str(folder)])
    write_notes(folder, [texts[0], "felt is thick", *texts[1:]])
    run_import(root, [str(folder)])
    for number, text in enumerate(texts[:2], 1):
        assert (root / f"episodes/w/w-{number:03}.md").read_text("utf-8").endswith(f"{text}\n")


def test_a_planned_session_gets_its_text_though_others_have_the_same_plan(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    write_notes(folder, ["wool is warm", "to be announced", "to be announced"])
    run_import(root, [str(folder)])
    write_notes(folder, ["wool is warm", "silk is smooth", "to be announced"])
    report = run_import(root, [str(folder)])
    assert (report.new, len(report.changed)) == ((), 1)


def write_notes(folder: Path, texts: list[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, text in enumerate(texts, 1):
        (folder / f"{number:02}.md").write_text(f"{text}\n", "utf-8")


def test_a_journal_grows_by_a_day(root: Path, tmp_path: Path) -> None:
    source, days = tmp_path / "boats.md", ["## 2024-03-04\n\nThe keel.", "## 2024-03-05\n\nPlanks."]
    for count in (1, 2):
        source.write_text("\n\n".join(["# Boats", *days[:count]]) + "\n", "utf-8")
        assert len(run_import(root, [str(source)]).new) == 1
    titles = re.findall(r"^title: (.*)$", "".join(path.read_text("utf-8") for path in root.glob("episodes/*/*")), re.M)
    assert sorted(titles) == ["'2024-03-04'", "'2024-03-05'"]


def test_the_content_of_a_knowledge_base_is_not_imported_again(tmp_path: Path, root: Path) -> None:
    """A vault may contain the knowledge base, or be its folder."""
    (root / "mkdocs.yml").write_text("site_name: Boats\n", "utf-8")
    for path in ("episodes/boats/boats-001.md", "knowledge/notes.md", "pages/about.md", "README.md", "Day 1.md"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("---\ntitle: Hulls\n---\n\n# Hulls\n\nAll about hulls.\n", "utf-8")
    assert [*gather(str(root))[0].files] == ["Day 1.md"]
    assert [*gather(str(root.parent))[0].files] == [f"{root.name}/Day 1.md"]
    for path in ("episodes", "episodes/boats/boats-001.md", "knowledge/notes.md"):
        with pytest.raises(ContentError, match="already belongs to the knowledge base"):
            run_import(root, [str(root / path)])


def test_notes_of_several_folders_with_the_same_title_have_their_folder_in_it(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "Course"
    for path in ("Notes", "week1/notes", "week2/Notes", "2024/05/Talk", "2025/05/Talk", "week2/knots"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{path}.md").write_text(f"All about {path}.\n\nA line.\n", "utf-8")

    def titles() -> dict[str, str]:
        return {path.stem: read_note(path.read_text("utf-8"), "")[0]["title"] for path in root.glob("episodes/*/*.md")}

    run_import(root, [str(folder)])
    wanted = {
        "course-notes": "Notes",
        "course-week1-notes": "week1: notes",
        "course-week2-notes": "week2: Notes",
        "course-2024-05-talk": "2024/05: Talk",
        "course-2025-05-talk": "2025/05: Talk",
        "course-knots": "knots",
    }
    assert titles() == wanted
    assert run_import(root, [str(folder)]).writes == ()
    # notes in a renamed folder are still known, and a person's title stays
    note = root / "episodes/course/course-week1-notes.md"
    note.write_text(note.read_text("utf-8").replace("title: 'week1: notes'", "title: Fibres"), "utf-8")
    (folder / "week2").rename(folder / "Unit 2")
    report = run_import(root, [str(folder)])
    assert not report.new and not report.conflicts
    assert titles() == wanted | {"course-week1-notes": "Fibres", "course-week2-notes": "Unit 2: Notes"}


def test_a_note_whose_number_is_taken_keeps_the_number_in_its_title(root: Path, tmp_path: Path) -> None:
    titles = {"this": "Hashing", "other": "Trees"}
    for name, title in titles.items():
        (tmp_path / name).mkdir()
        for week in (1, 2):
            text = f"# Week {week}: {title}\n\nThe notes of the {name} group on part {week} of {title}.\n"
            (tmp_path / name / f"week{week}.md").write_text(text, "utf-8")
        run_import(root, [str(tmp_path / name)], series="algo")
    notes = {path.stem: read_note(path.read_text("utf-8"), "")[0]["title"] for path in root.glob("episodes/algo/*.md")}
    assert notes == {
        "algo-001": "Hashing",
        "algo-002": "Hashing",
        "algo-week-1-trees": "Week 1: Trees",
        "algo-week-2-trees": "Week 2: Trees",
    }
    for name in titles:
        assert not run_import(root, [str(tmp_path / name)], series="algo").writes

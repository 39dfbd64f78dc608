"""Tests of messages: they name the form, name or command to write, and never quote messages of libraries."""

import pytest
from typer.testing import CliRunner

from mlguide_site.checks.catalog import MAX_SUGGESTED
from mlguide_site.checks.episodes import check_links
from mlguide_site.cli.commands import app
from mlguide_site.cli.program import main
from mlguide_site.content.files import decode
from mlguide_site.content.load import load
from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import ContentError
from mlguide_site.pipeline import examine

WRITE_A_PATH = 'write a path, such as "../episodes/a/a-001.md" for a note or "tools/index.md" for a generated page'


@pytest.fixture
def root(tmp_path):
    init_root(tmp_path / "kb", "T", "", None)
    (tmp_path / "kb/knowledge/series.yml").write_text("dun: {title: Dun}\n")
    (tmp_path / "kb/episodes/dun/dun-001").mkdir(parents=True)
    (tmp_path / "kb/episodes/dun/dun-001/tomato.png").write_bytes(b"x")
    return tmp_path / "kb"


def write(root, id, body="Text.", fields=""):
    path = root / f"episodes/dun/{id}.md"
    path.write_text(f"---\nid: {id}\ntitle: T\n{fields}---\n\n{body}\n")


@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        ("![a](tomato.png)", 'did you mean "dun-001/tomato.png"?'),
        ("![a](/img/Tomato.png)", 'did you mean "dun-001/tomato.png"?'),
        ("![a](dun-001/tomatoe.png)", 'did you mean "dun-001/tomato.png"?'),
        ("![a](my%20leek.png)", "put the file in episodes/dun/dun-002/ and write the path dun-002/my leek.png"),
        ("![a](dun-001\\tomato.png)", "write / instead of \\"),
        ("## Soil\n\n[a](#beetroot)", "write the anchor of a heading in episodes/dun/dun-002.md"),
        ("## Soil and beds\n\n[a](#Soil-and-bed)", 'did you mean "#soil-and-beds"?'),
        ("## Größe\n\n[a](#Grösse)", 'did you mean "#größe"?'),
        ("## Уход за пнём\n\n[a](dun-002.md#уход-за-пнем)", 'did you mean "#уход-за-пнём"?'),
        ("[a](dun-001.md#Ash)", "write the anchor of a heading in episodes/dun/dun-001.md"),
        ("## Soil\n\n[a](dun-002.md#soils), [b](dun-002.md#soil), [c](dun-002.md#t=1:30)", 'did you mean "#soil"?'),
        ("[a](dun-1)", 'did you mean "dun-001.md"?'),
        ("[a](leeks.md)", 'correct it, or add the note; examples are "dun-001.md" for a note'),
        ("[a](../dun/dun-009/)", "correct it, or add the note; "),
    ],
)
def test_a_link_that_is_broken_is_told_what_to_write(root, body, remedy):
    write(root, "dun-001")
    write(root, "dun-002", body)
    found = check_links(examine(root).linked)
    assert [problem.remedy[: len(remedy)] for problem in found] == [remedy]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("[a](dun-077.md)", "6:5"),
        ("Dig.\nThen [a](dun-001.md) and [b](dun-077.md), [c](<dun-077.md>).", "7:30"),
        ("Then [DUN 77][leek].\n\nSow.\n\n[leek]: dun-077.md", "6:1"),
        ("See [a](dun-009.md#soil_(wet)).", "6:9"),
        ("See [a](b%C3%A4r.md).", "6:9"),
        ("See ![a](dun-077.png)", "6:10"),
        ("See [a](dun-001.md#soil).", "6:9"),
    ],
)
def test_a_link_that_is_broken_is_told_once_and_where_it_stands(root, body, place):
    write(root, "dun-001")
    write(root, "dun-002", body)
    [found] = [str(problem) for problem in examine(root).problems if "hint: no " not in str(problem)]
    assert found.startswith(f"episodes/dun/dun-002.md:{place}: broken ")


@pytest.mark.parametrize(
    ("href", "remedy"),
    [
        ("tools/diber.md", 'did you mean "tools/dibber.md"?'),
        ("glosary/index.md", 'did you mean "glossary/index.md"?'),
        ("../episodes/dun/dun-002.md", WRITE_A_PATH),
        ("abuot.md", 'did you mean "about.md"?'),
    ],
)
def test_a_broken_link_of_an_own_page_is_told_the_nearest_page(root, href, remedy):
    write(root, "dun-001")
    (root / "knowledge/tools.yml").write_text("dibber: {name: Dibber}\n")
    (root / "pages/about.md").write_text(f"---\ntitle: About\n---\n\n[a]({href})\n")
    assert [one.remedy for one in check_links(examine(root).linked)] == [remedy]


def test_many_broken_links_are_told_at_once(root):
    lines = [" ".join(f"[a](leek-{at}-{number}.md)" for number in range(100)) for at in range(100)]
    write(root, "dun-001", "\n\n".join(lines))
    linked = examine(root).linked
    found = [str(problem) for problem in check_links(linked)]
    assert len(found) == 10_000
    assert sum("; examples are " in problem for problem in found) == MAX_SUGGESTED


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("audio: foo.mp3", "is not a mapping; write {url: …}"),
        ("links: [https://x.org]", "is not a mapping; write {title: …, url: …}"),
        ("links: https://x.org", 'is not a list; write [{title: …, url: …}], or a line "- item" for each item'),
        ("people: [Monty Don]", "write {person: …}"),
        ("season: one", '"season" "one" is not a whole number; write only digits, as in 12'),
        ("season: -1", '"season" "-1" is less than 0; write a larger number'),
        ("audio: {url: 'https://x.org/a', type: mp3}", "is invalid; write the media type, such as audio/mpeg"),
        ("truncated: perhaps", "is neither true nor false; write true or false"),
        ("summary: [a, b]", '"summary" "[a, b]" is not plain text; write one line of text, in quotes'),
        ("topics: soil", '"topics" "soil" is not a list; write [one, two], or a line "- item" for each item'),
    ],
)
def test_a_value_of_the_wrong_form_is_told_the_right_one(line, expected):
    note = f"---\nid: a-001\ntitle: T\n{line}\n---\n\nText.\n".encode()
    found = [str(p) for p in load({"knowledge/series.yml": b"a: {title: A}", "episodes/a/a-001.md": note}).problems]
    assert len(found) == 1 and found[0].endswith(expected)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_bad_byte_is_told_where_it_stands(mark):
    with pytest.raises(ContentError, match=r"a\.md:2:4: byte 0xe9 is not"):
        decode(mark + b"one\nabc\xe9d", "a.md")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["build", "-C", "kb"], "; write -C ROOT before the command"),
        (["-C", "kb/mkdocs.yml", "stats"], "go to the top folder of a knowledge base, pass the folder with -C"),
        (["-C", "kb", "new", "dun", "x", "--date", "5.3.2024"], "Invalid isoformat string: '5.3.2024'"),
        (["-C", "kb", "rename", "dun", "x"], '"dun" is a series, and a series can\'t be renamed'),
        (["-C", "kb", "rename", "series:dun", "x"], "is a series, and a series can't be renamed"),
    ],
)
def test_usage_is_told_in_words_of_the_command_line(root, monkeypatch, capsys, arguments, expected):
    monkeypatch.chdir(root.parent)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize("zone", ["Europe/Berln", "x y", "../UTC"])
def test_a_time_zone_that_does_not_exist_is_told(root, monkeypatch, capsys, zone):
    monkeypatch.setenv("TZ", zone)
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(root), "new", "dun", "Beds"])
    assert ended.value.code == 2
    assert f'TZ is "{zone}", which is not a time zone; set a valid' in capsys.readouterr().err


@pytest.mark.parametrize(
    "zone", ["", ":Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3", "/etc/localtime", "UTC"]
)
def test_every_form_of_a_time_zone_is_taken(root, monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(root), "new", "dun", "Beds"])
    assert not ended.value.code


def test_a_root_begun_with_no_feed_is_told_of_its_own_option(tmp_path):
    (tmp_path / "r.opml").write_text('<opml version="2.0"><body><outline text="a"/></body></opml>')
    with pytest.raises(ContentError, match="feed") as failed:
        init_root(tmp_path / "kb", "T", "", str(tmp_path / "r.opml"))
    assert "--from" not in str(failed.value)


def test_help_says_what_rename_and_format_do_not():
    run = CliRunner()
    assert "slug of a series can't be changed" in run.invoke(app, ["rename", "--help"]).output
    assert "Format of the timings" in " ".join(run.invoke(app, ["build", "--help"]).output.split())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["check", "--strct"], "mlguide COMMAND --help shows all arguments"),
        (["build", "--jobs", "many"], "mlguide COMMAND --help shows all arguments"),
        (["build", "--jobs", "-1"], "mlguide COMMAND --help shows all arguments"),
        (["new", "dun", "Sowing", "leeks"], "mlguide COMMAND --help shows all arguments"),
        (["new", "dun"], "mlguide COMMAND --help shows all arguments"),
        (
            ["new", "dun", ""],
            'mlguide: the name must be one line of 1 to 300 characters, as in: mlguide new dun "Name"',
        ),
        (
            ["new", "tool", "Dibber", "--date", "2024-05-01"],
            "mlguide: a tool has no date; remove --date",
        ),
        (["rename", "dun-001"], "mlguide COMMAND --help shows all arguments"),
        (["export"], "mlguide COMMAND --help shows all arguments"),
        (["serve", "--port", "80"], "mlguide COMMAND --help shows all arguments"),
        (["stats", "--format", "yaml"], "mlguide COMMAND --help shows all arguments"),
        (["suggest", "--limit"], "mlguide COMMAND --help shows all arguments"),
        (["import", "--fromm", "feed", "x"], "mlguide COMMAND --help shows all arguments"),
        (["bild"], "mlguide COMMAND --help shows all arguments"),
    ],
)
def test_a_command_line_that_is_refused_is_told_what_to_write(root, arguments, expected, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(root), *arguments])
    assert ended.value.code == 2
    assert capsys.readouterr().err.rstrip("\n").split("\n")[-1].startswith(expected)

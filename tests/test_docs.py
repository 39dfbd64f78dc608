"""Tests of the documentation: its commands run, its examples work, and its links lead to existing targets."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from conftest import CHECKOUT
from mlguide_site.cli.commands import app
from mlguide_site.importers.formats import IMPORTERS
from reference import note_snippets, reference_pages

MANUAL = tuple(sorted(path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "docs").rglob("*.md")))
FORMAT_PAGES = tuple(path for path in MANUAL if path.startswith("docs/import/"))
REFERENCE = tuple(path for path in MANUAL if path.startswith("docs/reference/"))
TASK_PAGES = tuple(path for path in MANUAL if path not in (*FORMAT_PAGES, *REFERENCE))
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md", "SECURITY.md", *MANUAL)
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.M | re.S)
LINK = re.compile(r"\[[^\]\n]+\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+)$", re.M)
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
# commands that tests can't run completely, or not here: only their targets or options are checked
NOT_RUN = ("git", "gh", "bash", "cd", "python3", "pip", "pipx", ".ci/run")


def commands(document: str) -> Iterator[list[str]]:
    """Yield the commands in a document's shell blocks, in order and without comments."""
    for language, _, block in BLOCK.findall((CHECKOUT / document).read_text("utf-8")):
        if language == "sh":
            yield from words_of(block)


def words_of(block: str) -> Iterator[list[str]]:
    """Yield the commands of a shell block as lists of words."""
    for line in block.splitlines():
        for part in re.split(r"\s+&&\s+", line):
            if words := shlex.split(part, comments=True):
                yield words


def parse(words: list[str]) -> None:
    """Parse the arguments of a `mlguide` command without running it."""
    group = typer.main.get_command(app)
    context = group.make_context("mlguide", words[1:], resilient_parsing=True)
    rest = list(words[1:])
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] == "-C" else rest[1:]
    name, command, rest = group.resolve_command(context, rest)  # type: ignore[attr-defined]
    command.make_context(name, rest, parent=context)


@pytest.mark.slow
@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", *TASK_PAGES])
def test_commands_run_in_order(document, run, feed, tmp_path) -> None:
    root = tmp_path / "root"
    run("mlguide", "init", root, "--feed", feed, cwd=tmp_path)
    run("mlguide", "new", "series", "mla", cwd=root)
    note = next((root / "episodes").rglob("*.md"))
    note.write_text(note.read_text("utf-8") + "\nWe plan with OpenLoom, YarnBase, WoolNet and ReedKit.\n", "utf-8")
    shutil.copy(feed, root / "feed.xml")
    ran = 0
    for words in commands(document):
        if words[0] == "make":
            run("make", "--dry-run", "--always-make", "-f", CHECKOUT / "Makefile", *words[1:], cwd=CHECKOUT)
        elif words[0] == "mlguide":
            parse(words)
            if "--host" in words:
                # this checkout may have no address
                words = [*words, "--action", f"o/mlguide@{'0' * 40}"]
            if "serve" not in words:
                # no command fetches from another host
                run(*(word.replace("https://example.org/", "") for word in words), cwd=root)
                ran += 1
        else:
            assert words[0] in NOT_RUN, f"{document}: nothing checks {words}"
    assert ran >= 3 or document in MANUAL


@pytest.mark.parametrize("document", FORMAT_PAGES)
def test_examples_of_imports(document, run, tmp_path) -> None:
    """Check examples of imports. Files before the command are the source, and files after it are the result."""
    root, ran = tmp_path / "kb", False
    run("mlguide", "init", root, cwd=tmp_path)
    for language, title, text in BLOCK.findall((CHECKOUT / document).read_text("utf-8")):
        if language == "sh":
            for words in words_of(text):
                run(*words, cwd=root)
            ran = True
        elif title and ran:
            assert (root / title).read_text("utf-8") == text, title
        elif title:
            (root / title).parent.mkdir(parents=True, exist_ok=True)
            (root / title).write_text(text, "utf-8")
    assert ran


def test_examples_of_the_manual_build(run, tmp_path) -> None:
    """Check that a root with all files shown on the task pages builds."""
    root = tmp_path / "kb"
    run("mlguide", "init", root, cwd=tmp_path)
    (root / "knowledge/series.yml").write_text("loom-talk: {title: Loom Talk}\nfield-notes: {title: Field}\n", "utf-8")
    note = root / "episodes/loom-talk/loom-talk-012.md"
    note.parent.mkdir()
    note.write_text("---\nid: loom-talk-012\ntitle: Looms\n---\n\nA long stride.\n", "utf-8")
    settings = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8")) | {"plugins": [{"mlguide": {}}]}
    for document in TASK_PAGES:
        for language, title, text in BLOCK.findall((CHECKOUT / document).read_text("utf-8")):
            file = root / title
            if title == "mkdocs.yml":
                merge_settings(settings, yaml.safe_load(text))
            elif title:
                file.parent.mkdir(parents=True, exist_ok=True)
                known = file.read_text("utf-8") if language == "yaml" and file.exists() else ""
                file.write_text(f"{known}{text}", "utf-8")
    (root / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    run("mlguide", "build", "--strict", cwd=root)
    assert (root / "site/about/index.html").exists()
    assert (root / "site/podcast/12.html").exists()
    assert "colours.css" in (root / "site/index.html").read_text("utf-8")
    assert 'lang="de"' in (root / "site/index.html").read_text("utf-8")
    tools = "".join(path.name for path in (root / "site/tools").iterdir())
    assert "weavedesk" not in tools, "a draft is published"


def merge_settings(settings: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Merge settings into others. Mappings and options of the plugin are merged, other values are replaced."""
    for key, value in more.items():
        if key == "plugins":
            merge_settings(settings[key][0]["mlguide"], value[0]["mlguide"])
        elif isinstance(value, dict) and isinstance(settings.get(key), dict):
            merge_settings(settings[key], value)
        else:
            settings[key] = value


def test_the_manual_builds_as_a_site(run, tmp_path) -> None:
    run("mkdocs", "build", "--strict", "-q", "-f", CHECKOUT / "manual.yml", "-d", tmp_path / "site", cwd=tmp_path)
    pages = [path.relative_to(CHECKOUT / "docs").with_suffix(".html") for path in (CHECKOUT / "docs").rglob("*.md")]
    texts = {page: (tmp_path / "site" / page).read_text("utf-8") for page in pages}
    assert [page for page, text in texts.items() if re.search(r'href="[^":]+\.md["#]', text)] == []


def test_the_reference_is_current(golden) -> None:
    for name, text in reference_pages().items():
        golden(CHECKOUT / "docs/reference" / name, text)
        assert "|  |" not in text, f"{name}: a field has no description"


def test_notes_are_completed_in_vs_code(golden) -> None:
    golden(CHECKOUT / ".vscode/notes.code-snippets", note_snippets())
    golden(CHECKOUT / "templates/new_root/.vscode/notes.code-snippets", note_snippets())
    snippets = json.loads(note_snippets())
    assert snippets["front matter: status"]["body"] == "status: ${1|published,draft,cancelled|}"
    assert snippets["front matter: topics"]["body"] == "topics: [$1]"
    assert all(one["description"] for one in snippets.values())


@pytest.mark.parametrize("folder", ["own", "new"])
def test_problems_of_notes_are_shown_in_vs_code(folder, run, tmp_path) -> None:
    """Check that the VS Code task matches each line of `mlguide check`, in this checkout and in a new root."""
    run("mlguide", "init", "kb", cwd=tmp_path)
    root = CHECKOUT if folder == "own" else tmp_path / "kb"
    [task] = json.loads((root / ".vscode/tasks.json").read_text("utf-8"))["tasks"]
    run("mlguide", "new", "series", "A", cwd=tmp_path / "kb")
    (tmp_path / "kb/episodes/a").mkdir()
    (tmp_path / "kb/episodes/a/a-001.md").write_text("---\nid: a-001\ntitle: T\ntopics: [mlop]\n---\n")
    assert Path(task["command"]).name == "mlguide" and task["args"][0] == "check"
    lines = run(Path(task["command"]).name, *task["args"], cwd=tmp_path / "kb", status=1).stderr.splitlines()
    pattern = task["problemMatcher"]["pattern"]
    found = [match for line in lines if (match := re.match(pattern["regexp"], line))]
    places = {(match[pattern["file"]], match[pattern["line"]], match[pattern["column"]]) for match in found}
    assert ("episodes/a/a-001.md", "4", "10") in places and len(found) == len(lines) - 1


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document) -> None:
    text = (CHECKOUT / document).read_text("utf-8")
    broken = []
    for target in LINK.findall(re.sub(r"`[^`\n]+`", "", BLOCK.sub("", text))):
        path, _, anchor = target.partition("#")
        if re.match(r"https?:", target):
            continue
        file = (CHECKOUT / document).parent / path if path else CHECKOUT / document
        if not file.exists():
            broken.append(target)
        elif anchor:
            headings = HEADING.findall(file.read_text("utf-8"))
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            if anchor not in slugs:
                broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_has_an_example_that_parses(name, run, tmp_path) -> None:
    text = run("mlguide", name, "--help", cwd=tmp_path, COLUMNS="200").stdout
    examples = re.findall(r"^\s*Example: (.+?)\n\s*$", text, re.M | re.S)
    assert examples, f"mlguide {name} --help shows no example"
    for example in examples:
        for part in re.split(r"\s*(?:&&|;)\s*", " ".join(example.split())):
            assert part.startswith("mlguide ")
            parse(shlex.split(part))


def test_readme_lists_exactly_the_commands() -> None:
    text = (CHECKOUT / "README.md").read_text("utf-8")
    section = text.partition("| command | does |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| `(\w+)[^`|]*` \|", section, re.M)
    assert sorted(listed) == sorted(COMMANDS)


def test_contributing_lists_exactly_the_make_targets() -> None:
    targets = re.search(r"^\.PHONY: (.+)$", (CHECKOUT / "Makefile").read_text("utf-8"), re.M)
    assert targets is not None
    listed = re.findall(r"^\| `make ([\w-]+)` \|", (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8"), re.M)
    assert sorted(listed) == sorted(targets[1].split())


def test_the_manual_lists_exactly_the_formats() -> None:
    section = (CHECKOUT / "docs/import.md").read_text("utf-8").partition("| format | is |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.M) == [importer.name for importer in IMPORTERS]


def test_messages_in_the_manual_exist() -> None:
    text = (CHECKOUT / "docs/messages.md").read_text("utf-8")
    sources = "".join(path.read_text("utf-8") for path in (CHECKOUT / "src/mlguide_site").rglob("*.py"))
    rows = [row.split(" | ")[0] for row in text.splitlines() if row.startswith("| `")]
    quoted = [one for row in rows for one in re.findall("`([^`]+)`", row)]
    # these messages contain a kind of entry
    others = {"unknown topic", "unknown tool"}
    missing = [one for one in quoted if one not in others and not all(part in sources for part in one.split(": "))]
    assert missing == []
    assert len(quoted) > 30


def test_documents_name_files_that_exist() -> None:
    missing = []
    for document in ("README.md", "CONTRIBUTING.md", *MANUAL):
        text = BLOCK.sub("", (CHECKOUT / document).read_text("utf-8"))
        for name in re.findall(r"`((?:src|tests|templates|benchmarks|trim_theme|knowledge|\.github)/[\w./-]*)`", text):
            if not (CHECKOUT / name).exists():
                missing.append(f"{document}: {name}")
    assert missing == []


def test_the_version_heads_the_changelog() -> None:
    version = (CHECKOUT / "src/mlguide_site/version.py").read_text("utf-8").split('"')[-2]
    first = HEADING.findall((CHECKOUT / "CHANGELOG.md").read_text("utf-8"))[1]
    assert first.split()[0] in (version, "Unreleased")


def test_repository_names_no_path_of_a_machine() -> None:
    texts = [CHECKOUT / name for name in (*DOCUMENTS, "Makefile", "requirements.lock", "mkdocs.yml", ".ci/run")]
    home = str(Path.home())
    assert [
        path.name for path in texts if home in path.read_text("utf-8") or str(CHECKOUT) in path.read_text("utf-8")
    ] == []

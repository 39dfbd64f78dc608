"""Small roots for each command that writes, with the command's arguments."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from conftest import CHECKOUT, FEED
from conftest import write_files as write
from mlguide_site.cli import program as cli

LATER = (
    FEED.replace("an long span", "a span")
    .replace("only hinted at", "hinted at")
    .replace(
        "<item>",
        """<item>
<title>A Ferry in Fog</title>
<guid isPermaLink="false">bridges-3</guid>
<pubDate>Mon, 17 Mar 2025 06:00:00 GMT</pubDate>
<itunes:episode>3</itunes:episode>
<description><![CDATA[<p>Bells, horns and lights.</p>]]></description>
</item>
<item>""",
        1,
    )
)
TRANSCRIPT = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ada>A cable hangs.\n"
OUTLINE = """<opml version="2.0"><body><outline text="Crossings"><outline text="Spans and Cables"
 url="https://spans.example/"/></outline></body></opml>"""
KNOWLEDGE = {
    "tools": "caisson:\n  name: Caisson\n  category: Digging\n  topics: [building]\n",
    "topics": "building:\n  name: Building\n",
}
NOTE = """\
---
id: bridges-and-tunnels-009
title: Rock
topics: [building]
tools: [caisson]
---

Caisson work.
"""
NAMES = "Welders use PressureGauge here. PressureGauge again, and a PressureGauge (PGX) too.\n"


def run(*arguments: object) -> int:
    """Run a command in this process. Returns its exit status."""
    try:
        cli.main([str(argument) for argument in arguments])
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0 if done.code is None else 1
    return 0


@dataclass(frozen=True)
class Scene:
    """A command: the function that creates its folder, its arguments and its exit status."""

    name: str
    make: Callable[[Path], None]
    arguments: Sequence[str]
    status: int = 0


def nothing(folder: Path) -> None:
    write(folder, {"feed.xml": FEED})


def bare(folder: Path) -> None:
    """Create a root with some knowledge and one handwritten note, and sources beside the root."""
    assert run("init", folder / "kb", "--title", "Crossings") == 0
    (folder / "kb" / ".mlguide" / "lock").unlink(missing_ok=True)
    write(folder / "kb" / "knowledge", {f"{name}.yml": text for name, text in KNOWLEDGE.items()})
    write(
        folder,
        {"feed.xml": FEED, "later.xml": LATER, "hanging-by-a-cable.vtt": TRANSCRIPT, "shelf.opml": OUTLINE}
        | {"nobody-knows.vtt": TRANSCRIPT.replace("cable", "door")},
    )
    shutil.copy(CHECKOUT / "tests/importers/directory/structure.in.txt", folder / "page.txt")


def imported(folder: Path) -> None:
    bare(folder)
    assert run("-C", folder / "kb", "import", folder / "feed.xml", folder / "page.txt") == 0
    write(folder / "kb", {"episodes/bridges-and-tunnels/bridges-and-tunnels-009.md": NOTE})
    path = folder / "kb/episodes/bridges-and-tunnels/bridges-and-tunnels-001.md"
    path.write_bytes(path.read_bytes() + NAMES.encode())


def misspelt(folder: Path) -> None:
    """Create the root of `imported`, with a misspelt slug."""
    imported(folder)
    write(
        folder / "kb", {"episodes/bridges-and-tunnels/bridges-and-tunnels-009.md": NOTE.replace("caisson]", "caisosn]")}
    )


UNSURE = (
    " Glazes Kiln Types Wood: Slow. Salt Firing Clay Bodies and Slips They melt Ash Glaze: Runs. Later Words Are Here"
    " Masking Causal Masking: Hide it. Model Selection: Compare Old Tools New Tools In the end it cools"
) * 2
"""Text whose original structure is unclear."""


def doubtful(folder: Path) -> None:
    """Create a root with an imported note of uncertain structure."""
    bare(folder)
    page = folder / "page.txt"
    text = page.read_text("utf-8")
    page.write_bytes(text.replace("ships. Links:", f"ships.{UNSURE} Links:", 1).encode())
    assert run("-C", folder / "kb", "import", page) == 0


def edited(folder: Path) -> None:
    """Create the root of `imported`, with a transcript that is pending."""
    imported(folder)
    assert run("-C", folder / "kb", "import", folder / "nobody-knows.vtt") in (0, 1)


KB = ("-C", "{}/kb")
SCENES = (
    Scene("init", nothing, ("init", "{}/kb", "--title", "Crossings")),
    Scene("init-feed", nothing, ("init", "{}/kb", "--feed", "{}/feed.xml")),
    Scene("import-new", bare, (*KB, "import", "{}/feed.xml", "{}/hanging-by-a-cable.vtt", "{}/shelf.opml")),
    Scene("import-waiting", bare, (*KB, "import", "{}/nobody-knows.vtt", "{}/page.txt")),
    Scene("import-again", edited, (*KB, "import", "{}/later.xml", "{}/shelf.opml", "{}/hanging-by-a-cable.vtt")),
    Scene("import-told", edited, (*KB, "import", "{}/nobody-knows.vtt", "--episode", "bridges-and-tunnels-002")),
    Scene("new-episode", imported, (*KB, "new", "bridges-and-tunnels", "Rails", "--date", "2025-04-01")),
    Scene("new-tool", imported, (*KB, "new", "tool", "Crane")),
    Scene("rename-tool", imported, (*KB, "rename", "tool:caisson", "digging-box")),
    Scene("rename-episode", imported, (*KB, "rename", "bridges-and-tunnels-001", "bridges-and-tunnels-010")),
    Scene("fix", misspelt, (*KB, "check", "--fix")),
    Scene("confirm", doubtful, (*KB, "check", "--confirm", "episodes/lantern-hours/lantern-hours-001.md")),
    Scene("suggest", imported, (*KB, "suggest", "--write")),
    Scene("export", imported, (*KB, "export", "opml", "-o", "{}/out.opml")),
)
BUILDS = (Scene("build", imported, (*KB, "build")),)

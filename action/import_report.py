"""Print the report of an import as Markdown: `import_report.py FOLDER`, in the root.

`import_report.py FOLDER PATH` prints only the problems of the file PATH. FOLDER has `import.json` and `problems.txt` of
`mlguide import --all --format json`, and `check.json` of `mlguide check --format json`. All text of a feed or a form is
shown as code, so that it can't mention people, link or embed anything.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

MAX_SHOWN = 50  # items of each list
MAX_TEXT = 60_000  # bytes; GitHub refuses texts of more than 65,536 characters, and git longer push options
# a merge may put this text into a commit message, where code spans don't hide mentions, references and keywords
_LIVE = re.compile(r"[@#!](?=\w)|\[(?=(?:skip|no|ci|actions)\b)|\b(?:clos|fix|resolv|implement)\w*(?=[\s:])", re.I)
SERIES = "knowledge/series.yml"
REMEDY = (
    "Your version is kept, and the site can be published. To resolve the conflicts of an episode, run\n"
    "`mlguide import --keep ID` (your version) or `mlguide import --take ID` (the version of the feed)."
)


def visible(text: str) -> str:
    """Escape all unprintable characters, and add an invisible space to text that code hosts act on."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
    return _LIVE.sub("\\g<0>\u200b", text)


def code(text: str) -> str:
    """Return a text as inline code."""
    text = visible(text)[:300] or " "
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`"


def block(lines: list[str]) -> list[str]:
    """Return lines as a code block."""
    lines = [visible(line)[:2000] for line in lines[:200]]
    fence = "`" * max([3, *(len(run) + 1 for line in lines for run in re.findall("`+", line))])
    return [f"{fence}text", *lines, fence]


def listed(title: str, items: list[str], row: Callable[[str], str] = str) -> list[str]:
    """Return a section with a list of rows, or nothing if there are no items. `row` returns the row of an item."""
    items = list(dict.fromkeys(items))
    more = [f"- and {len(items) - MAX_SHOWN} more"] if len(items) > MAX_SHOWN else []
    rows = [f"- {row(item)}" for item in items[:MAX_SHOWN]]
    return [f"### {title} ({len(items)})", "", *rows, *more, ""] if items else []


def parsed(text: str) -> Any:
    """Return the value of a YAML text. All scalars stay text, because a title may be `=` or `2024-02-30`."""
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - creates only text, lists and dicts


def hosts(text: str) -> set[str]:
    """Return the hosts of audio files in `series.yml`."""
    series = parsed(text) or {}
    return {str(host) for one in series.values() if isinstance(one, dict) for host in one.get("media") or ()}


def new_hosts() -> list[str]:
    """Return the hosts of audio files that `series.yml` has now and didn't have in the last commit."""
    before = subprocess.run(["git", "show", f"HEAD:./{SERIES}"], capture_output=True, check=False).stdout
    return sorted(hosts(Path(SERIES).read_text("utf-8-sig")) - hosts(before.decode("utf-8-sig")))


def titled(id: str) -> str:
    """Return the id of an episode, with the title from its note."""
    for note in Path("episodes").glob(f"*/{id}.md"):
        front = note.read_text("utf-8-sig").split("\n---", 1)[0].removeprefix("---")
        return f"{code(id)}: {code(str(parsed(front)['title']))}"
    return code(id)


def problem(one: dict[str, Any]) -> str:
    """Return a problem with its place."""
    return f"{one['severity']}: {code('{path}:{line}: {message}; {remedy}'.format(**one))}"


def report(folder: Path) -> list[str]:
    """Return the lines of the report."""
    reports: list[dict[str, Any]] = json.loads((folder / "import.json").read_text("utf-8"))
    every: dict[str, list[Any]] = {
        name: [item for one in reports for item in one[name]]
        for name in ("new", "changed", "absent", "new_series", "conflicts", "problems", "assets", "cut", "new_entries")
    }
    kept = [f"{code(id)}: {code(', '.join(names))}" for one in reports for id, names in one["kept"].items()]
    lines = [
        *listed("New series", every["new_series"], code),
        *listed("New episodes", every["new"], titled),
        *listed("Changed episodes", every["changed"], titled),
        *listed("New entries", every["new_entries"], code),
        *listed("New files of episodes", every["assets"], code),
        *listed("No longer in the feed; kept here", every["absent"], titled),
        *listed("Kept as edited", kept),
        *listed("New hosts of audio files", new_hosts(), code),
    ]
    if every["conflicts"]:
        lines += [f"### Conflicts ({len(every['conflicts'])})", "", REMEDY, ""]
    for one in every["conflicts"][:MAX_SHOWN]:
        lines += [f"{code('{path}:{line}'.format(**one))}, your version:", "", *block(one["file"]), ""]
        lines += ["The version of the feed:", "", *block(one["source"]), ""]
    messages = (folder / "problems.txt").read_text("utf-8", "replace").splitlines()
    lines += listed("Messages of the import", [code(line) for line in messages if not line.startswith("wrote ")])
    found = json.loads((folder / "check.json").read_text("utf-8") or "[]")
    checked = [one for one in found if one["severity"] != "hint"]
    lines += listed("Problems that `mlguide check` reports", list(map(problem, checked)))
    return lines


def problems_of(folder: Path, path: str) -> list[str]:
    """Return the first problems of a file, as a list."""
    found = [one for one in json.loads((folder / "check.json").read_text("utf-8") or "[]") if one["path"] == path]
    return [f"- line {one['line']}: {code('{message}; {remedy}'.format(**one))}" for one in found[:20]]


def main(folder: str, path: str = "") -> None:
    """Print the report, or the problems of a file."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    if path:
        for line in problems_of(Path(folder), path):
            print(line)
        return
    lines, size = ["An import of the feeds in `knowledge/series.yml` changed these files.", ""], 0
    for line in report(Path(folder)):
        # only whole lines, because text after an open code span would not be code
        size += len(line.encode()) + 2
        if size > MAX_TEXT:
            # a code block may be open
            lines += ["", "``````````", "", "The report is longer; the log of the run has the rest."]
            break
        lines.append(line)
    print("\n".join(lines).rstrip())


if __name__ == "__main__":
    main(*sys.argv[1:])

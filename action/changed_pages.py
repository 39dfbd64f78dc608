"""List the pages that a build changed: `changed_pages.py list SITE` prints a digest of each page before the build, and
`changed_pages.py compare SITE FILE` prints the difference to that list afterwards, as Markdown."""

import hashlib
import sys
from pathlib import Path

MAX_SHOWN = 100  # pages of each list


def pages(site: Path) -> dict[str, str]:
    """Map the path of each page of a site to its digest."""
    found = sorted(path for path in site.rglob("*.html") if path.is_file())
    return {path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def shown(label: str, names: list[str]) -> list[str]:
    """Return a list of pages as a code block, because the names can come from a stranger."""
    if not names:
        return []
    rest = len(names) - MAX_SHOWN
    lines = ["".join(c if c.isprintable() else "?" for c in name) for name in names[:MAX_SHOWN]]
    more = [f"and {rest} more"] if rest > 0 else []
    # a path in the block is never a line of tildes, because it ends in ".html"
    return ["", f"{label}: {len(names)}", "", "~~~text", *lines, *more, "~~~"]


def compared(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the difference between two builds as lines of Markdown."""
    lines = ["## Pages", "", f"The site has {len(after)} pages."]
    if not before:
        return [*lines, "There is no earlier build to compare with."]
    changed = [path for path in after if path in before and before[path] != after[path]]
    added, removed = [path for path in after if path not in before], [path for path in before if path not in after]
    if not (changed or added or removed):
        return [*lines, "No page changed."]
    return [*lines, *shown("New pages", added), *shown("Changed pages", changed), *shown("Removed pages", removed)]


def main(command: str, site: str, listed: str = "") -> None:
    """Run one of the two commands."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    if command == "list":
        print("\n".join(f"{digest} {path}" for path, digest in pages(Path(site)).items()))
    else:
        rows = (line.split(" ", 1) for line in Path(listed).read_text("utf-8").splitlines() if line)
        print("\n".join(compared({path: digest for digest, path in rows}, pages(Path(site)))))


if __name__ == "__main__":
    main(*sys.argv[1:])

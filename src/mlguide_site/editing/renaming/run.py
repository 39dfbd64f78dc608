"""The rename as a command: read, plan, then write; if the disk refuses, everything is taken back."""

from pathlib import Path
from typing import Any

from mlguide_site.content.files import change_files, exclusive, is_interrupted, read_bytes, resolve_inside
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.editing.renaming.plan import Plan, find_target, plan_rename
from mlguide_site.errors import UsageError
from mlguide_site.merge.records import FOLDER


def rename(root: Path, old: str, new: str, dry_run: bool = False) -> Plan:
    """Rename an entry (`tool:docker`, or its slug alone) or an episode (its id) with every use; `dry_run` only plans.

    A rename that was cut off is taken back before. Raises UsageError, ContentError (see `plan_rename`) or
    ResourceError; then nothing has changed.
    """
    if dry_run:
        return _planned(root, old, new)
    with exclusive(root):
        plan = _planned(root, old, new)
        moved = {path: goal for path, goal in plan.moves.items() if path not in plan.removes}
        change_files(root, {**plan.writes, **dict.fromkeys(plan.removes)}, moved)
    return plan


def recover(root: Path) -> bool:
    """Take back a rename or an import that was interrupted; whether there was one. Raises ResourceError."""
    if not is_interrupted(root):
        return False
    with exclusive(root):
        return not is_interrupted(root)


def _planned(root: Path, old: str, new: str) -> Plan:
    files = read_root(root)
    catalog = load(files.texts, files.assets, drafts=True).catalog
    folder = root / FOLDER
    records = sorted(folder.glob("*.json")) if folder.is_dir() and not folder.is_symlink() else []
    others = {f"{FOLDER}/{path.name}": read_bytes(path) for path in records if path.is_file() and not path.is_symlink()}
    plan = plan_rename(files, others, find_target(catalog, old), new)
    for path in [*plan.moves.values(), *(goal for goal in plan.writes if goal not in {*files.texts, *others})]:
        if resolve_inside(root, path).exists():
            raise UsageError(f"{path} exists already; nothing was changed")
    return plan


def report_lines(plan: Plan, dry_run: bool) -> list[str]:
    """What a rename changed, or would change, a file a line."""
    would = "would be " if dry_run else ""
    lines = [
        f'{plan.target.kind} "{plan.target.slug}" {would}renamed "{plan.new}"; the old address leads to the new one'
    ]
    for path, goal in plan.moves.items():
        lines.append(f"  {path} -> {goal}")
    for path in plan.writes:
        if path not in plan.moves.values():
            count = plan.uses.get(path, 0)
            lines.append(f"  {path}" + (f": {count} use{'s' if count != 1 else ''}" if count else ""))
    return lines


def report_values(plan: Plan) -> dict[str, Any]:
    """A plan as JSON-ready values."""
    return {
        "kind": plan.target.kind,
        "old": plan.target.slug,
        "new": plan.new,
        "written": sorted(plan.writes),
        "moved": dict(plan.moves),
        "removed": list(plan.removes),
        "uses": dict(plan.uses),
    }

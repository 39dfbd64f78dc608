"""Renaming: an entry's slug or an episode's id, with every use of it, all at once or not at all."""

from mlguide_site.editing.renaming.plan import Plan, Target, find_target, plan_rename
from mlguide_site.editing.renaming.run import recover, rename, report_lines, report_values

__all__ = [
    "Plan",
    "Target",
    "find_target",
    "plan_rename",
    "recover",
    "rename",
    "report_lines",
    "report_values",
]

"""Import: merges drafts from the importers into the files of a root and keeps edits."""

from mlguide_site.merge.records import read_records
from mlguide_site.merge.report import ImportReport, grouped, report_lines, report_values
from mlguide_site.merge.run import run_import
from mlguide_site.merge.uncertain_structure import confirm, uncertainty_hints

__all__ = [
    "ImportReport",
    "confirm",
    "grouped",
    "read_records",
    "report_lines",
    "report_values",
    "run_import",
    "uncertainty_hints",
]

"""Import: drafts from the importers, merged into the files of a root so that what a person wrote stays."""

from mlguide_site.importing.report import ImportReport, report_lines, report_values
from mlguide_site.importing.run import run_import

__all__ = ["ImportReport", "report_lines", "report_values", "run_import"]

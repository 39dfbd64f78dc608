"""The vocabulary kept clean: what stands twice or under a slip of the pen, and what of it can be mended safely."""

from mlguide_site.checks.vocabulary.doubts import find_doubts
from mlguide_site.checks.vocabulary.names import check_names
from mlguide_site.checks.vocabulary.slips import Slip, find_slips

__all__ = ["Slip", "check_names", "find_doubts", "find_slips"]

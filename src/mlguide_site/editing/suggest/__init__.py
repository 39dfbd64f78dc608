"""Suggestions: names that the texts use and no knowledge entry covers, and drafts of entries for them.

How: words (`tokens`) make runs of capitals (`runs`), which are seen with what stands around them (`cues`), besides
expanded abbreviations (`expansions`) and works by title (`works`); all that is seen of a name is gathered (`gather`),
what is one name joined (`merge`), judged (`judge`), compared with the vocabulary (`vocabulary`) and ranked
(`proposals`). Time is linear in the length of the texts.
"""

from mlguide_site.editing.suggest.drafts import Drafted, write_drafts
from mlguide_site.editing.suggest.proposals import Place, Proposal, propose
from mlguide_site.editing.suggest.report import report_lines, report_values

__all__ = ["Drafted", "Place", "Proposal", "propose", "report_lines", "report_values", "write_drafts"]

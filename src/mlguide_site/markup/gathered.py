"""What the walk through a body gathers on its way."""

from dataclasses import dataclass, field

from mlguide_site.errors import Severity
from mlguide_site.markup.document import Block, Finding, LinkUse, Section, Segment
from mlguide_site.markup.places import Places


@dataclass(slots=True)
class Gathered:
    """The parts of a document as they grow, and the places of its body."""

    places: Places
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [Section("", "", 0, 1)])
    segments: list[Segment] = field(default_factory=list)
    links: list[LinkUse] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def warn(self, place: tuple[int, int], message: str, remedy: str) -> None:
        """Adds a warning at a line and column."""
        self.findings.append(Finding(*place, message, remedy, Severity.WARNING))

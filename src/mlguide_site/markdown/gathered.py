"""What the walk through a body gathers on its way."""

from dataclasses import dataclass, field

from mlguide_site.errors import Severity
from mlguide_site.markdown.document import Block, Finding, LinkUse, Section, Segment
from mlguide_site.markdown.places import Places


@dataclass(slots=True)
class Gathered:
    """The parts of a document as they grow, and the places of its body."""

    places: Places
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [Section("", "", 0, 1)])
    segments: list[Segment] = field(default_factory=list)
    links: list[LinkUse] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    section: int = 0
    """the section that what comes next stands in"""
    referring: dict[int, int] = field(default_factory=dict)
    """for each footnote the section that first refers to it"""

    def open_section(self, section: Section) -> int:
        """Adds a section, in which stands what comes next, and gives its index."""
        self.section = len(self.sections)
        self.sections.append(section)
        return self.section

    def refer(self, footnote: int) -> None:
        """A footnote is referred to."""
        self.referring.setdefault(footnote, self.section)

    def enter_note(self, footnote: int) -> None:
        """What comes next is a footnote: it belongs to the section that first refers to it."""
        self.section = self.referring.get(footnote, self.section)

    def warn(self, place: tuple[int, int], message: str, remedy: str) -> None:
        """Adds a warning at a line and column."""
        self.findings.append(Finding(*place, message, remedy, Severity.WARNING))

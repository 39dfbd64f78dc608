"""The dialects of notes: what each is recognised by, how a note of it is cut into episodes, and which forms it has."""

from collections.abc import Callable
from dataclasses import dataclass

from mlguide_site.importers import Source
from mlguide_site.importers.notes import hackmd, log, vault
from mlguide_site.importers.notes.source import Note


@dataclass(frozen=True, slots=True)
class Dialect:
    """A kind of notes. `series` is the kind of series that they make. `wiki` tells whether they have wiki links, embeds
    and comments. A `vault` may be a folder, and has hashtags and lists of resources; of a `log` the title may be a
    guess, and abbreviations become terms."""

    name: str
    series: str
    sniff: Callable[[Source], bool]
    cut: Callable[[Note], Note]
    signs: str
    wiki: bool = False
    vault: bool = False
    log: bool = False


_HACKMD = "it is Markdown with traces of HackMD, such as pairs of ---"
_LOG = "it says at its beginning which day it is"
_VAULT = "it is Markdown with headings, days, wiki links or callouts"
DIALECTS = (
    Dialect("hackmd", "lectures", hackmd.sniff, hackmd.cut, _HACKMD),
    Dialect("log", "log", log.sniff, log.cut, _LOG, wiki=True, log=True),
    Dialect("obsidian", "course", vault.sniff, vault.cut, _VAULT, wiki=True, vault=True),
)

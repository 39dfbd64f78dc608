"""The formats that are read, each with its importer."""

from mlguide_site.importers import directory, feed, hackmd, log, obsidian, opml, player, transcript
from mlguide_site.importers.base import Importer
from mlguide_site.importers.footnotes import with_footnotes

IMPORTERS: tuple[Importer, ...] = (
    Importer("feed", feed.sniff, feed.read, "it is an RSS, Atom or JSON feed"),
    Importer("player", player.sniff, player.read, "it is a player's page, with teasers of episodes"),
    Importer("directory", directory.sniff, directory.read, "its entries end in a date and a length", learns=True),
    Importer("transcript", transcript.sniff, transcript.read, "it has times before what is said, or chapters"),
    Importer(
        "hackmd",
        hackmd.sniff,
        with_footnotes(hackmd.read),
        "it is Markdown with traces of HackMD, such as pairs of ---",
    ),
    Importer("log", log.sniff, with_footnotes(log.read), "it says at its beginning which day it is"),
    Importer(
        "obsidian",
        obsidian.sniff,
        with_footnotes(obsidian.read),
        "it is Markdown with headings, days, wiki links or callouts",
    ),
    Importer("opml", opml.sniff, opml.read, "its root element is opml"),
)
"""The formats. Where two sources differ about an episode, the format that stands first wins."""

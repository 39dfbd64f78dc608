"""The table of source formats and their importers."""

from functools import partial

from mlguide_site.importers import Importer, directory, opml, player, transcript
from mlguide_site.importers.feed import drafts as feed
from mlguide_site.importers.notes.dialects import DIALECTS
from mlguide_site.importers.notes.reader import read

IMPORTERS: tuple[Importer, ...] = (
    Importer("feed", feed.sniff, feed.read, "it is an RSS or Atom feed"),
    Importer("player", player.sniff, player.read, "it is a player's page with teasers of episodes"),
    Importer("directory", directory.sniff, directory.read, "its entries end with a date and a duration", learns=True),
    Importer("transcript", transcript.sniff, transcript.read, "it has timed text or chapters"),
    *(Importer(one.name, one.sniff, partial(read, one), one.signs) for one in DIALECTS),
    Importer("opml", opml.sniff, opml.read, "its root element is opml"),
)
"""The formats by priority: if two sources have different values for an episode, the first format wins."""

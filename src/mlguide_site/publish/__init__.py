"""What machines read of a site: feeds, linked data, `llms.txt`, Markdown twins, cards, the pages' policy. Values in,
bytes out."""

from mlguide_site.publish.cards import DRAWN_BY, Card, card_png, cards
from mlguide_site.publish.content_policy import CLOSED as CLOSED_POLICY
from mlguide_site.publish.content_policy import PARTIAL as POLICY_PARTIAL
from mlguide_site.publish.content_policy import meta as policy_meta
from mlguide_site.publish.content_policy import policy_partial
from mlguide_site.publish.decks import decks
from mlguide_site.publish.files import published_files
from mlguide_site.publish.head import head
from mlguide_site.publish.twins import twin, twin_path

__all__ = [
    "CLOSED_POLICY",
    "DRAWN_BY",
    "POLICY_PARTIAL",
    "Card",
    "card_png",
    "cards",
    "decks",
    "head",
    "policy_meta",
    "policy_partial",
    "published_files",
    "twin",
    "twin_path",
]

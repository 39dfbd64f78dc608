"""What machines read of a site: feeds, linked data, `llms.txt`, Markdown twins, cards, the pages' policy. Values in,
bytes out."""

from mlguide_site.publish.addresses import ADDRESSES, addresses
from mlguide_site.publish.cards import DRAWN_BY, Card, card_png, cards
from mlguide_site.publish.channels import channels
from mlguide_site.publish.content_policy import CLOSED as CLOSED_POLICY
from mlguide_site.publish.content_policy import PARTIAL as POLICY_PARTIAL
from mlguide_site.publish.content_policy import meta as policy_meta
from mlguide_site.publish.content_policy import policy_partial
from mlguide_site.publish.decks import decks
from mlguide_site.publish.files import feeds, small_files
from mlguide_site.publish.head import head
from mlguide_site.publish.twins import twin, twin_path

__all__ = [
    "ADDRESSES",
    "CLOSED_POLICY",
    "DRAWN_BY",
    "POLICY_PARTIAL",
    "Card",
    "addresses",
    "card_png",
    "cards",
    "channels",
    "decks",
    "feeds",
    "head",
    "policy_meta",
    "policy_partial",
    "small_files",
    "twin",
    "twin_path",
]

"""What machines read of a site: feeds, linked data, `llms.txt`, Markdown twins, cards. Values in, bytes out."""

from mlguide_site.publish.cards import DRAWN_BY, Card, card_png, cards
from mlguide_site.publish.files import published_files
from mlguide_site.publish.head import head
from mlguide_site.publish.twins import twin, twin_path

__all__ = ["DRAWN_BY", "Card", "card_png", "cards", "head", "published_files", "twin", "twin_path"]

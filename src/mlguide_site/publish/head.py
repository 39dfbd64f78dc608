"""What a page's front matter tells the theme for machines: linked data, the page's card, the feed of its series."""

from collections.abc import Mapping

from mlguide_site.config import Settings
from mlguide_site.model.catalog import Catalog
from mlguide_site.pages.series import SeriesView
from mlguide_site.pages.view import View
from mlguide_site.publish.cards import card_of
from mlguide_site.publish.channels import FEED
from mlguide_site.publish.linked_data import linked_data


def head(view: View, catalog: Catalog, settings: Settings) -> Mapping[str, str]:
    """Keys and values, each value one line of printable characters, safe in a script element or, the paths among them,
    in an attribute, but for `feed_title`, which is text. `card` and `feed` are paths in the site; they need its address
    and are left out without."""
    found = {"linked_data": linked_data(view, catalog, settings)}
    if settings.site_url:
        found["card"] = card_of(view.path, catalog)
        if isinstance(view, SeriesView):
            # of each of its pages; a series may be called "page"
            found["feed"] = "/".join([*view.path.split("/")[:2], FEED])
            found["feed_title"] = " ".join(view.card.title.split())
    return {name: value for name, value in found.items() if value}

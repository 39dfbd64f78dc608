"""The reason why a page shows a related episode: the entries and the people that both episodes share."""

from mlguide_site.linking.rank_related import Related
from mlguide_site.model.catalog import title_of
from mlguide_site.model.records import EpisodeFile, Kind
from mlguide_site.pages import formatting
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EpisodeCard


def related_reason(site: Site, file: EpisodeFile, item: Related) -> tuple[EpisodeCard, str, str]:
    """Return a related episode's card, and lists of the entries and the people that both episodes share."""
    other = site.catalog.episodes[item.id].meta.people
    both = {one.person for one in file.meta.people} & {one.person for one in other}
    names: tuple[list[str], list[str]] = ([], [])
    for kind, slug in item.because:
        if entry := site.catalog.entries(kind).get(slug):
            names[kind is Kind.PERSON and slug in both].append(title_of(entry))
    things, people = (formatting.listing(found, site.translate) for found in names)
    return site.cards[item.id], things, people

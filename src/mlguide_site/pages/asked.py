"""What the search finds an episode by that its page doesn't show."""

from collections.abc import Iterator

from mlguide_site.linking.references import series_asked
from mlguide_site.model import EpisodeFile, Kind, Series
from mlguide_site.pages.site import Site


def asked(site: Site, file: EpisodeFile, series: Series | None) -> Iterator[tuple[str, str]]:
    """Filters of the search and their values: the episode's number, or its id; the names that its series goes by; the
    topics whose pages list it though it doesn't name them."""
    if file.number is None:
        yield "number", file.id
    elif series is not None:
        yield "number", str(file.number)
        if file.meta.season is not None:
            yield "number", f"s{file.meta.season}e{file.number}"
        yield from (("named", name) for name in series_asked(file.series, series))
    topics = site.ordered_topics.get(file.id, ())
    yield from (("topic", chip.title) for chip in site.chips_of(Kind.TOPIC, topics))

"""Tests of audio URLs: which URLs are requested, and how responses are used."""

from collections.abc import Callable

from mlguide_site.importers import Context, Source
from mlguide_site.merge.drafts import read_sources
from mlguide_site.merge.fetch import Followed
from mlguide_site.merge.sources import FORMATS, MAX_FOLLOWED, Loaded, find_media

ONE, OTHER = "https://count.example/cdn.example/1.mp3", "https://other.example/1.mp3"


def test_one_address_of_each_combination_of_hosts_is_followed() -> None:
    asked: list[str] = []
    find_media("feed", [OTHER, ONE, ONE.replace("1", "2"), "mailto:a@b.example", ""], recorder(asked))
    assert asked == [OTHER, ONE]


def recorder(asked: list[str]) -> Callable[[str], Followed]:
    def follow(address: str) -> Followed:
        asked.append(address)
        return Followed(())

    return follow


def test_what_stands_in_the_addresses_is_no_news() -> None:
    steps = ("https://CDN.example/1.mp3", "https://far.example:8443/x?key=a", "ftp://no.example/", "https://a;b/")
    found = find_media("feed", [ONE, OTHER], lambda address: Followed(steps if address == ONE else ()))
    assert found == (("https://far.example:8443",), [])


def test_a_host_that_can_not_be_asked_is_a_hint_and_what_was_learnt_before_is_kept() -> None:
    followed = Followed(
        ("https://far.example/",), "https://far.example/: the server responds with 404; check the address"
    )
    hosts, (problem,) = find_media("feed.xml", [ONE], lambda _: followed)
    assert hosts == ("https://far.example",)
    assert str(problem).startswith("feed.xml:1:1: hint: the audio at count.example can't be reached")
    assert "check the address" not in str(problem)
    assert problem.severity.value == "hint"


def test_few_are_asked() -> None:
    asked: list[str] = []
    find_media("feed", [f"https://h{number}.example/1.mp3" for number in range(30)], recorder(asked))
    assert len(asked) == MAX_FOLLOWED


def test_hosts_go_to_the_series() -> None:
    data = b"<rss><channel><title>Show</title><item><title>One</title><guid>1</guid></item></channel></rss>"
    for hosts, media in (((), None), (("https://a.example",), ["https://a.example"])):
        [read], _ = read_sources([Loaded(Source("feed.xml", data), FORMATS["feed"], hosts=hosts)], Context())
        assert [draft.fields.get("media") for draft in read.series] == [media]

"""Tests of audio URLs: which URLs are requested, and how responses are used."""

import pytest

from mlguide_site.importers import Context, Source
from mlguide_site.merge import sources
from mlguide_site.merge.drafts import read_sources
from mlguide_site.merge.sources import FORMATS, MAX_FOLLOWED, Loaded, find_media

ONE, OTHER = "https://count.example/cdn.example/1.mp3", "https://other.example/1.mp3"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that are followed. None of them redirects."""
    found: list[str] = []

    def follow(address: str, *, seconds: float) -> tuple[list[str], str]:
        found.append(address)
        return [], ""

    monkeypatch.setattr(sources, "follow", follow)
    return found


def test_one_address_of_each_combination_of_hosts_is_followed(asked: list[str]) -> None:
    find_media("feed", [OTHER, ONE, ONE.replace("1", "2"), "mailto:a@b.example", ""])
    assert asked == [OTHER, ONE]


def test_what_stands_in_the_addresses_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = ["https://CDN.example/1.mp3", "https://far.example:8443/x?key=a", "ftp://no.example/", "https://a;b/"]
    monkeypatch.setattr(sources, "follow", lambda address, **_: (steps if address == ONE else [], ""))
    assert find_media("feed", [ONE, OTHER]) == (("https://far.example:8443",), [])


def test_a_host_that_can_not_be_asked_is_a_hint_and_what_was_learnt_before_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault = "https://far.example/: the server responds with 404; check the address"
    monkeypatch.setattr(sources, "follow", lambda *_, **__: (["https://far.example/"], fault))
    hosts, (problem,) = find_media("feed.xml", [ONE])
    assert hosts == ("https://far.example",)
    assert str(problem).startswith("feed.xml:1:1: hint: the audio at count.example can't be reached")
    assert "check the address" not in str(problem)
    assert problem.severity.value == "hint"


def test_few_are_asked(asked: list[str]) -> None:
    find_media("feed", [f"https://h{number}.example/1.mp3" for number in range(30)])
    assert len(asked) == MAX_FOLLOWED


def test_hosts_go_to_the_series() -> None:
    data = b"<rss><channel><title>Show</title><item><title>One</title><guid>1</guid></item></channel></rss>"
    for hosts, media in (((), None), (("https://a.example",), ["https://a.example"])):
        [read], _ = read_sources([Loaded(Source("feed.xml", data), FORMATS["feed"], hosts=hosts)], Context())
        assert [draft.fields.get("media") for draft in read.series] == [media]

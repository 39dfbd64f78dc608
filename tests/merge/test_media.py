"""Which addresses of sound are asked, and what becomes of the answers."""

from mlguide_site.importers import SeriesDraft
from mlguide_site.importers.fetch import Followed
from mlguide_site.merge.sources import MAX_ASKED, MAX_SECONDS, examples, find_media, with_media

ONE, OTHER = "https://count.example/cdn.example/1.mp3", "https://other.example/1.mp3"


def test_one_address_stands_for_all_of_its_kind() -> None:
    many = [OTHER, ONE, ONE.replace("1", "2"), "mailto:a@b.example", ""]
    assert examples(many) == [ONE, OTHER]
    assert examples(reversed(many)) == [ONE.replace("1", "2"), OTHER]


def test_what_stands_in_the_addresses_is_no_news() -> None:
    steps = ("https://CDN.example/1.mp3", "https://far.example:8443/x?key=a", "ftp://no.example/", "https://a;b/")
    found = find_media("feed", [ONE, OTHER], lambda address: Followed(steps if address == ONE else ()))
    assert found == (("https://far.example:8443",), ())


def test_a_host_that_can_not_be_asked_is_a_hint_and_what_was_learnt_before_is_kept() -> None:
    told = Followed(("https://far.example/",), "https://far.example/: the server answers 404; check the address")
    found = find_media("feed.xml", [ONE], lambda _: told)
    assert found.hosts == ("https://far.example",)
    (problem,) = found.problems
    assert str(problem).startswith("feed.xml:1:1: hint: the audio at count.example can't be reached")
    assert "check the address" not in str(problem)
    assert problem.severity.value == "hint"


def test_few_are_asked_and_not_for_long() -> None:
    asked: list[str] = []
    many = [f"https://h{number}.example/1.mp3" for number in range(30)]
    find_media("feed", many, lambda address: asked.append(address) or Followed(()))
    assert len(asked) == MAX_ASKED
    asked.clear()
    now = iter(range(0, 1000, int(MAX_SECONDS)))
    find_media("feed", many, lambda address: asked.append(address) or Followed(()), lambda: next(now))
    assert len(asked) == 1


def test_hosts_go_to_the_series() -> None:
    draft = SeriesDraft("show", {"title": "Show"})
    assert with_media([draft], ()) == (draft,)
    assert with_media([draft], ["https://a.example"])[0].fields == {"title": "Show", "media": ["https://a.example"]}

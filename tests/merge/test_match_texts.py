"""Tests of words of matched texts."""

from mlguide_site.merge.match_texts import plain_words


def test_plain_words() -> None:
    assert plain_words("See **Docker's** [page](https://d.example/x), or https://a.example") == [
        "see",
        "docker",
        "s",
        "page",
        "or",
    ]

"""Tests of search aliases."""

from mlguide_site.linking.search_names import _series_words


def test_series_words() -> None:
    assert _series_words("https://www.Show.example/mlg/mla-012") == "show example mlg mla 12"
    assert _series_words("The Guide's episode") == "guide"

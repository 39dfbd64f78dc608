"""Tests of search aliases."""

from mlguide_site.linking.search_names import MAX_ALIASES, _series_words, search_aliases


def test_series_words() -> None:
    assert _series_words("https://www.Show.example/mlg/mla-012") == "show example mlg mla 12"
    assert _series_words("The Guide's episode") == "guide"


def test_the_number_of_aliases_is_limited() -> None:
    """Pagefind needs quadratic time for the aliases of a page."""
    names = [f"a{at}" for at in range(MAX_ALIASES + 1)]
    assert list(search_aliases([*names[:9], *names])) == names[:-1]

"""Examples of the functions in `mlguide_site.linking.search_names`."""

from mlguide_site.linking.search_names import search_aliases


def test_search_aliases() -> None:
    assert (search_aliases(["Hugging-Face Müsli", "C++", "c++", "…", "a" * 50])) == ("hugging face musli", "c++")

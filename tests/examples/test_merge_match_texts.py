"""Examples of the functions in `mlguide_site.merge.match_texts`."""

from mlguide_site.merge.match_texts import compare


def test_compare() -> None:
    assert (
        compare(["a loom weaves cloth".split()], {"a": "how a loom weaves cloth on a frame".split(), "b": ["how"]})
    ) == [{"a": 1.0}]

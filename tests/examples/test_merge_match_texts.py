"""Examples of the functions in `mlguide_site.merge.match_texts`."""

from mlguide_site.merge.match_texts import compare


def test_compare() -> None:
    episodes = {"a": "how a loom weaves cloth on a frame".split(), "b": ["how"]}
    assert list(compare(["a loom weaves cloth".split()], episodes)) == [{"a": 1.0}]

"""Examples of the functions in `mlguide_site.linking.learning_path`."""

from mlguide_site.linking.learning_path import learning_path


def test_learning_path() -> None:
    assert (learning_path(["a", "b", "c"], {"a": ["c"]})) == ("c", "a", "b")
    assert (learning_path(["a", "b"], {"a": ["c"], "c": ["b"]})) == ("b", "a")

"""Examples of the functions in `mlguide_site.recovery.tokens`."""

from mlguide_site.recovery.tokens import list_signs


def test_list_signs() -> None:
    assert (sorted(list_signs("Parts: - reed - shuttle - warp beam".split(), ()))) == [1, 3, 5]
    assert repr(list_signs("He came - late - and sat - alone".split(), ())) == "frozenset()"

"""Examples of the functions in `mlguide_site.importers.common.truncation`."""

from mlguide_site.importers.common.truncation import length_limit


def test_length_limit() -> None:
    assert (length_limit([900, 5000, 4999, 5000]), length_limit([900, 3120, 2500]), length_limit([300, 4000])) == (
        5000,
        None,
        4000,
    )

"""Examples of the functions in `mlguide_site.merge.fetch`."""

from mlguide_site.merge.fetch import is_public


def test_is_public() -> None:
    assert [
        is_public(ip) for ip in ["93.184.216.34", "10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
    ] == [True, False, False, False, False, False]

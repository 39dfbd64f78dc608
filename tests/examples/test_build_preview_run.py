"""Examples of the functions in `mlguide_site.build.preview.run`."""

from mlguide_site.build.preview.run import site_url


def test_site_url() -> None:
    assert site_url(("::1", 8000), "/kb/") == "http://[::1]:8000/kb/"

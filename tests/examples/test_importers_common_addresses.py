"""Examples of the functions in `mlguide_site.importers.common.addresses`."""

from mlguide_site.importers.common.addresses import address_key, without_secrets


def test_address_key() -> None:
    assert (address_key("https://www.Weave.example/Docs/"), address_key("http://weave.example")) == (
        "weave.example/Docs",
        "weave.example",
    )


def test_without_secrets() -> None:
    assert (
        without_secrets("https://me:pw@show.example/feed?id=7&auth=abc#x") == "https://show.example/feed?id=7&auth=…#x"
    )

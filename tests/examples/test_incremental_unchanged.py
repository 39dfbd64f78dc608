"""Examples of the functions in `mkdocs_incremental.unchanged`."""

from mkdocs_incremental.unchanged import names_in


def test_names_in() -> None:
    assert names_in(["site_url: !ENV [URL, x]"]) == {"ENV", "SOURCE_DATE_EPOCH", "URL", "site_url", "x"}

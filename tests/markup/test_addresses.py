"""Tests of plain URLs in a text: where they start and end, and how links name files."""

import pytest

from mlguide_site.markdown.sanitise_inline import BARE_ADDRESS, bare_address, file_name


@pytest.mark.parametrize(
    "text",
    [*(f"{sign}https://a.example" for sign in "x1/@.-_é"), "http:/a.example", "ftp://a.example", "https:// a"],
)
def test_what_is_no_address(text: str) -> None:
    assert BARE_ADDRESS.search(text) is None


@pytest.mark.parametrize("end", [" b", "<b", ">b", '"b', "\nb", "\u00a0b"])
def test_where_an_address_ends(end: str) -> None:
    found = BARE_ADDRESS.search(f"See (HTTPS://a.example/x{end}")
    assert found is not None
    assert found.group() == "HTTPS://a.example/x"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.example/b)", "https://a.example/b"),
        ("https://a.example/b))", "https://a.example/b"),
        ("https://a.example/(b))", "https://a.example/(b)"),
        ("https://a.example/(b)).", "https://a.example/(b)"),
        ("https://a.example/b]", "https://a.example/b"),
        ("https://a.example/[b]", "https://a.example/[b]"),
        ("https://a.example/[b]]", "https://a.example/[b]"),
        ("https://a.example/b(", "https://a.example/b("),
        *((f"https://a.example/b{sign}", "https://a.example/b") for sign in ".,;:!?'*_~’”»…"),
        ("https://a.example/b/", "https://a.example/b/"),
        (").", ""),
    ],
)
def test_what_belongs_to_the_sentence(text: str, address: str) -> None:
    assert bare_address(text) == address


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.example/b/c.png", "c.png"),
        ("https://a.example/b/c.png?d/e", "c.png"),
        ("https://a.example/b/c.png#d/e?f", "c.png"),
        ("https://a.example/b/c.png#d#e", "c.png"),
        ("https://a.example/b/", "b"),
        ("https://a.example/c%20d%E2%80%AEe", "c de"),
        ("b", "b"),
    ],
)
def test_what_a_file_is_called(address: str, name: str) -> None:
    assert file_name(address) == name

"""Examples of the functions in `mlguide_site.search.pagefind`."""

from mlguide_site.search.pagefind import indexed_part


def test_indexed_part() -> None:
    assert (
        indexed_part(b"<html><head><title>T</title></head><body><nav></nav><p data-pagefind-body>A</p></body></html>")
        == b"<!DOCTYPE html><html><head><title>T</title></head><body><p data-pagefind-body>A</p></body></html>"
    )

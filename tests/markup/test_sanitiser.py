"""Tests of refused addresses."""

from mlguide_site.markdown.sanitiser import refusal


def test_refusal() -> None:
    assert refusal("https://a.example") is None
    assert refusal("../b.md#c") is None
    assert refusal("mailto:a@b.example") is None
    assert refusal("java\nscript:alert(1)") == 'its scheme is "javascript"'
    assert refusal("//a.example") == "it names a host without a scheme"

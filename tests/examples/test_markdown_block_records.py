"""Examples of the functions in `mlguide_site.markdown.block_records`."""

from mlguide_site.markdown.block_records import Run, Style, fold


def test_fold() -> None:
    assert (fold([Run(" a  "), Run(" b"), Run("c ", Style(bold=True)), Run("  ")])[0].text) == "a b"

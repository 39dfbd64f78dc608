"""Examples of the functions in `mlguide_site.markdown.formulas`."""

from mlguide_site.markdown.formulas import plain_formulas


def test_plain_formulas() -> None:
    assert plain_formulas(r"It costs $5; $\frac{1}{n}$") == "It costs $5; 1/n"

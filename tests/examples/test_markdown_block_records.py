"""Examples of the functions in `mlguide_site.markdown.block_records`."""

from mlguide_site.markdown.block_records import Run, Style, fold


def test_fold() -> None:
    assert (fold([Run(" a  "), Run(" b"), Run("c ", Style(bold=True)), Run("  ")])[0].text) == "a b"


def test_runs_of_the_same_style_are_joined_at_once(monkeypatch) -> None:
    runs, made = [Run("word ") for _ in range(100)], []
    monkeypatch.setattr("mlguide_site.markdown.block_records.Run", lambda *given: made.append(given) or Run(*given))
    assert fold(runs)[0].text == ("word " * 100).rstrip() and len(made) == 2

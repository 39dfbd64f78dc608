"""Examples of the functions in `mlguide_site.importers.common.naming`."""

from mlguide_site.importers import FileDraft
from mlguide_site.importers.common.naming import has_marked_number, name_file


def test_name_file() -> None:
    assert (name_file(".vtt", b"", "MLA 12 - Docker", "mla", {})) == FileDraft(
        suffix=".vtt", data=b"", series="mla", number=12, season=None, title="Docker", name="MLA 12 - Docker"
    )


def test_has_marked_number() -> None:
    assert [has_marked_number(title) for title in ("Ep 3 Knots", "Knots (#3)", "3. Knots")] == [True, True, False]

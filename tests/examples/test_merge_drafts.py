"""Examples of the functions in `mlguide_site.merge.drafts`."""

from mlguide_site.merge.drafts import fit_body


def test_fit_body() -> None:
    assert (
        fit_body("See [there](b.md) and [here](https://a.example).", "T")[0]
        == "See \\[there](b.md) and [here](https://a.example)."
    )

"""Examples of the functions in `mlguide_site.recovery.markdown`."""

from mlguide_site.recovery.markdown import split_label


def test_split_label() -> None:
    assert (
        split_label("Warp: held."),
        split_label("It is a long way to say so little as this: no"),
        split_label("Reed"),
    ) == (("Warp:", "held."), ("", "It is a long way to say so little as this: no"), ("", "Reed"))

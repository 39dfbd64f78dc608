"""Examples of the functions in `mlguide_site.merge.sources`."""

from mlguide_site.merge.sources import pending_path


def test_pending_path() -> None:
    assert (
        pending_path("transcript-1", "https://a.example/talks/MLA%2012.vtt?token=1")
    ) == ".mlguide/pending/transcript-1/MLA 12.vtt"

"""Examples of the functions in `mlguide_site.publish.feeds`."""

from mlguide_site.publish.feeds import podcast_guid, public_licence


def test_public_licence() -> None:
    assert (public_licence("CC BY-SA 4.0"), public_licence("Ours")) == (
        ("cc-by-sa-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("", ""),
    )


def test_podcast_guid() -> None:
    assert podcast_guid("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"

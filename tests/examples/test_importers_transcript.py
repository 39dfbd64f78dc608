"""Examples of the functions in `mlguide_site.importers.transcript`."""

from mlguide_site.importers.transcript import read_stamped
from mlguide_site.model.transcript import Cue


def test_read_stamped() -> None:
    assert read_stamped("**Ann** [00:00:05]: Hello *you*.\n\n[00:09] Bob: Hi.")[0] == (
        Cue(start=5.0, end=9.0, speaker="Ann", text="Hello *you*."),
        Cue(start=9.0, end=9.0, speaker="Bob", text="Hi."),
    )

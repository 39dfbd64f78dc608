"""Examples of the functions in `mlguide_site.importers.transcript`."""

from mlguide_site.importers.transcript import Turn, read_stamped, read_turn
from mlguide_site.model.transcript import Cue


def test_read_stamped() -> None:
    assert read_stamped("**Ann** [00:00:05]: Hello *you*.\n\n[00:09] Bob: Hi.")[0] == (
        Cue(start=5.0, end=9.0, speaker="Ann", text="Hello *you*."),
        Cue(start=9.0, end=9.0, speaker="Bob", text="Hi."),
    )


def test_read_turn() -> None:
    assert (read_turn("**Ann Lee** (00:12)"), read_turn("Bob  1:02:03").seconds, read_turn("until noon (12:00)")) == (
        Turn(seconds=12.0, speaker="Ann Lee", rest=""),
        3723.0,
        None,
    )

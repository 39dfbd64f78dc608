"""Examples of the functions in `mlguide_site.content.transcript_formats`."""

from mlguide_site.content.transcript_formats import read_json, read_timed
from mlguide_site.model.transcript import Cue


def test_read_timed() -> None:
    transcript, _ = read_timed("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hi <b>there</b> &amp; <v Bob>you")
    assert transcript == (
        Cue(start=1.0, end=2.0, speaker="Ann", text="Hi there &"),
        Cue(start=1.0, end=2.0, speaker="Bob", text="you"),
    )


def test_read_json() -> None:
    assert read_json('{"segments": [{"speaker": "Ann", "startTime": 0.5, "endTime": 2, "body": "Hello"}]}')[0] == (
        Cue(start=0.5, end=2.0, speaker="Ann", text="Hello"),
    )

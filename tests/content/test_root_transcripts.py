"""Files of what was said when, beside the notes."""

import pytest

from mlguide_site.content.transcript_formats import MAX_FILE, read_root_transcripts

VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello from SRT.\n"
JSON = b'{"segments": [{"startTime": 1, "endTime": 2, "body": "Hello from JSON."}]}'
EPISODES = [("a", "a-001")]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["vtt", "srt", "json"], "Hello."),
        (["srt", "json"], "Hello from SRT."),
        (["json"], "Hello from JSON."),
    ],
)
def test_the_first_kind_that_is_there_is_the_transcript(names, text) -> None:
    data = {"vtt": VTT, "srt": SRT, "json": JSON}
    found = read_root_transcripts({f"episodes/a/a-001.{name}": data[name] for name in names}, EPISODES)
    assert " ".join(cue.text for cue in found.transcripts["a-001"].cues) == text
    assert found.problems == ()


def test_files_of_nobody_are_left_alone() -> None:
    found = read_root_transcripts(
        {"episodes/a/other.vtt": b"\xff", "episodes/a/a-001.chapters.json": b'{"chapters": []}'}, EPISODES
    )
    assert (dict(found.transcripts), dict(found.chapters), found.problems) == ({}, {}, ())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("vtt", b"WEBVTT\n\n\xff\n", "episodes/a/a-001.vtt:3:1: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("json", b"{", "episodes/a/a-001.json:1:1: this is neither a transcript nor chapters; "),
        ("json", b"[" * 100_000, "episodes/a/a-001.json:1:1: this is neither a transcript nor chapters; "),
        ("vtt", b"x" * (MAX_FILE + 1), "episodes/a/a-001.vtt:1:1: more than 16 MiB; "),
        (
            "srt",
            b"1\n00:00:99,000 --> 00:00:02,000\nA.\n",
            "episodes/a/a-001.srt:2:1: no time can be read; correct it",
        ),
        ("chapters.json", b'{"chapters": [{"title": "x"}]}', "a-001.chapters.json:1:1: chapter 1 has no time"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(name, data, said) -> None:
    found = read_root_transcripts({f"episodes/a/a-001.{name}": data}, EPISODES)
    assert said in "\n".join(map(str, found.problems))

"""Tests of transcripts and chapters beside notes."""

import pytest

from mlguide_site.content import transcript_formats
from mlguide_site.content.transcript_formats import MAX_FILE, published, read_root_transcripts

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
    assert " ".join(cue.text for cue in found.transcripts["a-001"]) == text
    assert found.problems == ()


def test_files_of_nobody_are_left_alone() -> None:
    found = read_root_transcripts({"episodes/a/other.vtt": b"\xff"}, EPISODES)
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
            "episodes/a/a-001.srt:2:1: no valid timestamp; correct the file",
        ),
        ("vtt", b"WEBVTT <script>\n\n00:01.000 --> 00:02.000\nA\n", "a-001.vtt:1:1: tags in the file header"),
        (
            "vtt",
            b"WEBVTT\n\n00:01.000 --> 00:02.000\nA\n\nNOTE\n<img src=x>\n",
            "a-001.vtt:6:1: tags in the file header",
        ),
        (
            "vtt",
            b"WEBVTT\n\n<<<<<<< HEAD\n00:01.000 --> 00:02.000\nA\n=======\n>>>>>>> b\n",
            "a-001.vtt:3:1: a merge conflict is not resolved; ",
        ),
        ("vtt", b"WEBVTT\n\n00:01.000 -> 00:02.000\nA\n", "a-001.vtt:3:1: an arrow is misspelled; write --> between"),
        ("srt", b"1\n00:00:01,000 => 00:00:02,000\nA\n", "a-001.srt:2:1: an arrow is misspelled; write --> between"),
        ("srt", b"", "a-001.srt:1:1: there is no cue or chapter in this file"),
        ("json", b'{"segments": []}', "a-001.json:1:1: there is no cue or chapter in this file"),
        ("chapters.json", b'{"chapters": []}', "a-001.chapters.json:1:1: there is no cue or chapter in this file"),
        ("chapters.json", b'{"chapters": [{"title": "x"}]}', "a-001.chapters.json:1:1: chapter 1 has no valid time"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(name, data, said) -> None:
    found = read_root_transcripts({f"episodes/a/a-001.{name}": data}, EPISODES)
    assert said in "\n".join(map(str, found.problems))


EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".vtt", f"WEBVTT {EVIL}\n\nNOTE {EVIL}\n\n00:01.000 --> 00:02.000\n<v Ann>Hello {EVIL}\n"),
        (".srt", f"{EVIL}\n\n1\n00:00:01,000 --> 00:00:02,000\nHello {EVIL}\n"),
        (
            ".json",
            f'{{"x": "{EVIL}", "segments": [{{"startTime": 1, "endTime": 2, "speaker": "A", "body": "Hi {EVIL}"}}]}}',
        ),
        (
            ".chapters.json",
            f'{{"x": "{EVIL}", "chapters": [{{"startTime": 1, "title": "{EVIL}", "url": "javascript:1"}}]}}',
        ),
    ],
)
def test_what_is_published_is_what_was_read_and_no_markup(suffix: str, data: str) -> None:
    path = f"episodes/a/a-001{suffix}"
    made = published(path, data.encode())
    assert made and b"<script" not in made and b"javascript:" not in made
    before, after = (read_root_transcripts({path: one}, EPISODES) for one in (data.encode(), made))
    assert before.transcripts == after.transcripts and before.chapters == after.chapters
    assert before.transcripts or before.chapters
    assert not after.problems
    assert published(path, made) == made


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"segments": []}', b'{"chapters": []}', b"WEBVTT\n\n"])
@pytest.mark.parametrize("suffix", [".vtt", ".srt", ".json", ".chapters.json"])
def test_what_cannot_be_read_is_not_published(suffix: str, data: bytes) -> None:
    assert published(f"episodes/a/a-001{suffix}", data) is None


def test_the_cues_of_all_transcripts_are_limited(monkeypatch) -> None:
    monkeypatch.setattr(transcript_formats, "MAX_ALL_CUES", 2)
    ids = [f"a-00{at}" for at in range(1, 5)]
    files = {f"episodes/a/{id}.vtt": VTT for id in ids}
    found = read_root_transcripts(files, [("a", id) for id in ids])
    assert [*found.transcripts] == ids[:2]
    [problem] = found.problems
    assert str(problem).startswith("episodes/a/a-003.vtt:1:1: more than 2 cues in all transcripts; ")

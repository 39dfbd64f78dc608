"""Tests of transcripts: large, malformed and hostile files."""

import json
import time
from collections.abc import Callable

import pytest

from mlguide_site.content.transcript_formats import (
    MAX_CUES,
    MAX_FILE,
    may_be_transcript,
    read_chapters,
    read_json,
    read_root_transcripts,
    read_timed,
    vtt_text,
)
from mlguide_site.errors import ContentError
from mlguide_site.importers import Context, FileDraft, Importer, KnownSeries, Source, transcript
from mlguide_site.importers.transcript import read_stamped, read_turn
from mlguide_site.model.transcript import Cue, format_time

NOTE = "\n\nNOTE <b"
READER = Importer("transcript", transcript.sniff, transcript.read)


def srt(count: int) -> str:
    return "".join(
        f"{n}\n{format_time(n)} --> {format_time(n + 1)}\nWords number {n}\n\n".replace(".", ",")
        for n in range(1, count)
    )


def seconds(work: Callable[[int], object], size: int) -> float:
    """Return the processor time in seconds that the work takes with this size."""
    start = time.process_time()
    work(size)
    return time.process_time() - start


def test_a_hundred_thousand_cues_are_read() -> None:
    items = list(READER.items(Source("long.srt", srt(100_001).encode()), Context()))
    assert [type(item) for item in items] == [FileDraft]
    assert len(read_timed(items[0].data.decode())[0]) == 100_000  # type: ignore[union-attr]


def test_too_many_cues_are_one_problem() -> None:
    found, notes = read_timed("WEBVTT\n\n" + "00:01.000 --> 00:02.000\nx\n\n" * (MAX_CUES + 1))
    assert found == ()
    assert "200,000" in notes[-1].message
    assert read_json(json.dumps({"segments": [{"startTime": 0, "body": "x"}] * (MAX_CUES + 1)}))[0] == ()  # type: ignore[index]


@pytest.mark.parametrize(
    "part",
    ["<v ", "<", "{\\", "00:01 --> ", "-->\n", "&", "&#", "<v a>", "[00:01] ", "[", "A  ", "**a ", "\n", "\t", NOTE],
)
def test_hostile_text_takes_linear_time(part: str) -> None:
    def work(count: int) -> None:
        for prefix in ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "", "[00:01] ", "<v"):
            text = prefix + part * count
            read_timed(text)
            read_stamped(text)
            transcript.sniff(Source("x", text.encode()))
            list(READER.items(Source("x", text.encode()), Context()))

    quarter = seconds(work, 7_500)
    assert seconds(work, 30_000) < 8 * quarter + 1


def test_the_problems_of_a_file_are_limited() -> None:
    data = ("WEBVTT\n\n00:01.000 --> 00:02.000\nx" + "\n\nNOTE <b" * 2000).encode()
    found = read_root_transcripts({"episodes/a/a-001.vtt": data}, [("a", "a-001")])
    assert len(found.problems) == 1000
    assert [problem.span.line for problem in found.problems[:2]] == [6, 8]


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\n2\n3\n00:00:03,000 --> 00:00:04,000\nb", ["2", "b"]),
        ("WEBVTT\r\rname\r00:01.000 --> 00:02.000\ra\rb\r", ["a b"]),
        ("00:00:01.000-->00:00:02.000\na\n\nb after a blank line", ["a b after a blank line"]),
        ("WEBVTT\n00:01.000 --> 00:02.000\nno blank line", ["no blank line"]),
        ("before all times\n\n00:01.000 --> 00:02.000\na", ["before all times", "a"]),
        ("WEBVTT\n\nNOTE a\n\n00:01.000 --> 00:02.000\nNOTE b", ["NOTE b"]),
    ],
)
def test_odd_files_keep_their_words(text: str, cues: list[str]) -> None:
    found, _ = read_timed(text.replace("\r", "\n"))
    assert [cue.text for cue in found] == cues


def test_rolling_captions_show_each_line_once() -> None:
    """Automatic captions repeat the last line above the new one, whose words have times."""
    lines = ["hello and welcome", "to the show", "the show"]
    timed = [line.replace(" ", "<00:00:00.480><c> ") + "</c>" for line in lines]
    shown = [["", timed[0]], [lines[0], " "], [lines[0], timed[1]], [lines[1], " "], [lines[1], timed[2]]]
    cues = [f"00:0{at}.000 --> 00:0{at + 1}.000\n" + "\n".join(both) for at, both in enumerate(shown)]
    found, notes = read_timed("WEBVTT\nKind: captions\n\n" + "\n\n".join(cues) + "\n")
    assert ([cue.text for cue in found], [cue.start for cue in found], notes) == (lines, [0, 2, 4], [])
    # after a pause, an equal line is said again
    again = f"WEBVTT\n\n{cues[0]}\n\n01:00.000 --> 01:01.000\n{timed[0]}\n"
    assert [cue.text for cue in read_timed(again)[0]] == [lines[0], lines[0]]


def test_rolling_captions_are_known_without_the_times_of_words() -> None:
    lines = ["hello and welcome", "to the show", "the show"]
    shown = [[lines[0]], [lines[0], " "], [*lines[:2]], [lines[1], " "], [*lines[1:]]]
    times = ["00,160 --> 00:00:02,070", "02,070 --> 00:00:02,080", "02,080 --> 00:00:04,549"]
    times += ["04,549 --> 00:00:04,559", "04,559 --> 00:00:06,000"]
    cues = [
        f"{at}\n00:00:{time}\n" + "\n".join(both) for at, (time, both) in enumerate(zip(times, shown, strict=True), 1)
    ]
    assert [cue.text for cue in read_timed("\n\n".join(cues))[0]] == lines
    # an equal line of another speaker is kept
    both = ["00:00.000 --> 00:01.000\n<v Ann><00:00:00.500><c>Yes.</c>", "00:01.200 --> 00:02.000\n<v Bob>Yes."]
    assert [(cue.speaker, cue.text) for cue in read_timed("WEBVTT\n\n" + "\n\n".join(both))[0]] == [
        ("Ann", "Yes."),
        ("Bob", "Yes."),
    ]


def test_a_brief_cue_does_not_make_captions_rolling() -> None:
    times = ["2,000 --> 00:00:02,600", "2,600 --> 00:00:03,200", "3,200 --> 00:00:03,210", "3,300 --> 00:00:04,000"]
    words = ["No.", "No.", "Hm", "Yes."]
    srt = "".join(f"{at}\n00:00:0{time}\n{said}\n\n" for at, (time, said) in enumerate(zip(times, words, strict=True)))
    assert [cue.text for cue in read_timed(srt)[0]] == words


def test_rolling_captions_of_many_lines_take_little_time() -> None:
    lines = "a\n" * 100_000
    times = "00:00:00.000 --> 00:00:01.000", "00:00:01.000 --> 00:00:02.000"
    start = time.process_time()
    found, _ = read_timed(f"WEBVTT\n\n{times[0]}\n<00:00:00.500><c>a</c>\n{lines}b\n\n{times[1]}\n{lines}c\n")
    assert len(found) == 2 and time.process_time() - start < 10


def test_overlapping_cues_stay_as_they_are() -> None:
    found, notes = read_timed("00:00:01,000 --> 00:00:09,000\na\n\n00:00:02,000 --> 00:00:03,000\nb")
    assert found == (Cue(1, 9, "", "a"), Cue(2, 3, "", "b"))
    assert notes == []


@pytest.mark.parametrize("value", [None, [], {}, {"chapters": 1}, {"segments": {}}, "x", 7])
def test_other_json_is_neither(value: object) -> None:
    assert read_json(json.dumps(value)) is None
    assert read_chapters(json.dumps(value)) is None


@pytest.mark.parametrize(
    ("name", "series", "number", "season", "title"),
    [
        ("mla-012.vtt", "mla", 12, None, ""),
        ("012.srt", "", 12, None, ""),
        ("MLA 12 - Docker for all.vtt", "mla", 12, None, "Docker for all"),
        ("MLG012_transcript.json", "guide", 12, None, ""),
        ("Machine Guide 7.en.vtt", "guide", 7, None, ""),
        ("https://a.example/files/MLA%20012.vtt?x=1.srt", "mla", 12, None, ""),
        ("s2e03.srt", "", 3, 2, ""),
        ("MLA S1 Ep 4 - Saws.srt", "mla", 4, 1, "Saws"),
        ("mla-s12-003.vtt", "mla", 3, 12, ""),
        ("Episode 12: Doors.md", "", 12, None, "Doors"),
        ("Python 3 in practice.vtt", "", None, None, "Python 3 in practice"),
        ("mla-012.chapters.json", "mla", 12, None, ""),
        ("two\\folders\\12.vtt", "", 12, None, ""),
        ("...", "", None, None, "..."),
    ],
)
def test_names_say_which_episode(name: str, series: str, number: int | None, season: int | None, title: str) -> None:
    known = {"mla": KnownSeries("mla", "Applied"), "guide": KnownSeries("guide", "Machine Guide", "MLG")}
    [draft] = transcript.read(Source(name, b"00:01.000 --> 00:02.000\nx"), Context(known))
    assert isinstance(draft, FileDraft)
    assert (draft.series, draft.number, draft.season, draft.title) == (series, number, season, title)


def test_a_written_transcript_is_read_back() -> None:
    whole = (
        Cue(0, 0.001, "A & <B>", "a --> b {\\an8} NOTE"),
        Cue(3600.5, 3601, "", "WEBVTT"),
        Cue(3600.5, 4000, "", "7"),
    )
    assert read_timed(vtt_text(whole)) == (whole, [])


def test_a_transcript_that_would_be_written_too_large_is_refused() -> None:
    cue = "1\n00:00:01,000 --> 00:00:09,000\n"
    source = Source("a-001.srt", (cue + "&" * (MAX_FILE // 5)).encode())
    with pytest.raises(ContentError) as refused:
        list(transcript.read(source, Context()))
    assert str(refused.value.problems[0]) == (
        "a-001.srt:1:1: the .vtt file of this source would be larger than 16 MiB; shorten the source"
    )
    [draft] = transcript.read(Source("a-001.srt", (cue + "&" * (MAX_FILE // 5 - 100)).encode()), Context())
    assert isinstance(draft, FileDraft) and MAX_FILE - 500 < len(draft.data) <= MAX_FILE


def test_whisper_json_is_known_by_what_stands_behind_its_text() -> None:
    segments = '"segments": [{"id": 0, "start": 1.5, "end": 2, "text": " Hello"}]'
    source = Source("a.json", f'{{"text": "{"word " * 100_000}", {segments}}}'.encode())
    assert transcript.sniff(source)
    [draft] = transcript.read(source, Context())
    assert isinstance(draft, FileDraft) and "00:00:01.500 --> 00:00:02.000\nHello" in draft.data.decode()


@pytest.mark.parametrize(
    ("line", "seconds", "speaker", "rest"),
    [
        ("Ann (00:12)", 12, "Ann", ""),
        ("Ann Lee (1:00:12):", 3612, "Ann Lee", ""),
        ("**Ann:** (00:12): Hello.", 12, "Ann", "Hello."),
        ("**Ann** 00:12", 12, "Ann", ""),
        ("Speaker 2  0:12", 12, "Speaker 2", ""),
        ("Ann\t0:12", 12, "Ann", ""),
        ("Ann (00:75)", None, "Ann", ""),
        ("[00:05] **Bob:** Hi", 5, "Bob", "Hi"),
        ("[00:05] Bob: Hi", 5, "Bob", "Hi"),
        ("- **Ann Lee** [1:00:05]: Hi", 3605, "Ann Lee", "Hi"),
        ("**Ann [00:05]:** Hi", 5, "Ann", "Hi"),
        ("[00:05] - Hi", 5, "", "Hi"),
    ],
)
def test_lines_that_say_who_speaks_from_when_on(line: str, seconds: int | None, speaker: str, rest: str) -> None:
    assert (turn := read_turn(line)) and turn[:3] == (seconds, speaker, rest)


def test_a_sentence_with_a_colon_is_no_speaker() -> None:
    text = "[00:05] The question is this: why?\n[00:08] Ann Lee: Hi\n[00:10] ann: one\n[00:12] ann: two\n"
    text += "[00:14] Eva de los Angeles: Hola\n"
    cues = (read_stamped(text) or ((), []))[0]
    found = [(cue.speaker, cue.text) for cue in cues]
    named = [("Ann Lee", "Hi"), ("ann", "one"), ("ann", "two"), ("Eva de los Angeles", "Hola")]
    assert found == [("", "The question is this: why?"), *named]


@pytest.mark.parametrize(
    "line", ["Gate 5:30", "until noon (12:00)", "Ann (00:12) said", "Ann (2012)", "(00:12)", "Ann", "A, b (00:12)", ""]
)
def test_lines_that_are_said_themselves(line: str) -> None:
    assert read_turn(line) is None


def test_vtt_text() -> None:
    assert vtt_text((Cue(0, 1.5, "Ann", "a < b"),)) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n<v Ann>a &lt; b\n"


def test_read_json() -> None:
    assert read_json('{"segments": [{"start": 0.5, "end": 2, "text": " Hello"}]}')[0] == (
        Cue(start=0.5, end=2.0, speaker="", text="Hello"),
    )


def test_may_be_transcript() -> None:
    assert may_be_transcript("episodes/a/a-001.vtt")
    assert not may_be_transcript("episodes/a/a-001/data.json")
    assert not may_be_transcript("episodes/a/a-001.mp3")


def test_names_before_a_colon_that_begin_several_cues_are_speakers() -> None:
    texts = ("Ada Curry: Hello.", "Ben: Hello, Ada.", "So: what is new?", "Ada Curry: Wool.", "Ben: Wool?")
    srt = "".join(f"{at}\n00:00:0{at},000 --> 00:00:0{at},900\n{text}\n\n" for at, text in enumerate(texts, 1))
    spoken = [(cue.speaker, cue.text) for cue in read_timed(srt)[0]]
    assert spoken == [
        ("Ada Curry", "Hello."),
        ("Ben", "Hello, Ada."),
        ("", "So: what is new?"),
        ("Ada Curry", "Wool."),
        ("Ben", "Wool?"),
    ]


def test_words_before_a_colon_that_begin_later_cues_are_no_speakers() -> None:
    texts = ("[music]", "Today: looms.", "Example: a reed.", "It divides the yarn.", "Example: a heddle.")
    srt = "".join(f"{at}\n00:00:0{at},000 --> 00:00:0{at},900\n{text}\n\n" for at, text in enumerate(texts, 1))
    assert [(cue.speaker, cue.text) for cue in read_timed(srt)[0]] == [("", text) for text in texts]


def speakers(*texts: str) -> list[str]:
    srt = "".join(f"{at}\n00:00:{at:02},000 --> 00:00:{at:02},900\n{text}\n\n" for at, text in enumerate(texts, 1))
    return [cue.speaker for cue in read_timed(srt)[0]]


@pytest.mark.parametrize("form", ["[{}]: {}", ">> {}: {}", ">>{}: {}"])
def test_names_in_the_form_of_captions(form: str) -> None:
    texts = [form.format(*one) for one in (("ANN", "Of knots."), ("BOB_1", "Ah."), ("ANN", "Why?"), ("BOB_1", "So."))]
    assert speakers(*texts, "[Music]") == ["ANN", "BOB_1", "ANN", "BOB_1", ""]
    # two speakers in one cue can't be told apart
    both = form.format("ANN", "Hi."), form.format("BOB_1", "Oh.")
    assert not any(speakers(*texts, "\n".join(both))[4:])
    assert speakers(*texts, ">> [LAUGHTER]")[:4] == ["ANN", "BOB_1", "ANN", "BOB_1"]


def test_a_line_with_two_angle_brackets_is_only_a_speaker_where_others_are_named_so() -> None:
    assert speakers("Ann: Of knots.", "Bob: Ah.", ">> in shells", "Ann: Why?", "Bob: So.")[:2] == ["Ann", "Bob"]
    assert not any(speakers(">> ANN: Of knots.", ">> BOB: Ah.", ">> Fine.", ">> ANN: Why?", ">> BOB: So."))


def test_words_of_a_sentence_in_several_cues_are_no_speakers() -> None:
    texts = (
        "Ann: What is the secret",
        "and the answer is: salt.",
        "Ann: Is it?",
        "Bob: It is a problem",
        "Problem: time.",
    )
    assert speakers(*texts) == ["Ann", "", "Ann", "", ""]


def test_a_dialogue_may_begin_without_a_name() -> None:
    assert speakers("Welcome.", "Ann: Of knots.", "Bob: Ah.", "Ann: Why?", "Bob: So.") == [
        "",
        "Ann",
        "Bob",
        "Ann",
        "Bob",
    ]
    lecture = ("Of trees.", *["Example: a tree.", "It grows.", "And grows.", "Proof: it is here.", "So.", "Well."] * 3)
    assert speakers(*lecture) == [""] * 19

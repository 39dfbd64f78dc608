"""Property tests of transcripts: written transcripts are read back unchanged, and no word is lost."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mlguide_site.content.transcript_formats import chapters_text, read_chapters, read_json, read_timed, vtt_text
from mlguide_site.errors import Problem
from mlguide_site.importers import Context, FileDraft, Importer, Source, transcript
from mlguide_site.importers.transcript import read_stamped
from mlguide_site.model.transcript import MAX_SECONDS, Chapter, Cue, one_line

TEXT = st.one_of(st.text(max_size=30), st.text("<>&;v/bNOTE-{}\\[]:01 \n", max_size=30)).map(one_line)
TIME = st.integers(0, MAX_SECONDS * 1000).map(lambda n: round(n / 1000, 3))
CUES = st.lists(
    st.tuples(TIME, TIME, TEXT, TEXT.filter(bool)).map(lambda c: Cue(min(c[:2]), max(c[:2]), c[2], c[3])), max_size=6
)
FEW = settings(max_examples=150, deadline=None)


@FEW
@given(CUES)
def test_what_is_written_is_read_back(cues: list[Cue]) -> None:
    whole = tuple(sorted(cues, key=lambda cue: cue.start))
    assert read_timed(vtt_text(whole)) == (whole, [])
    if cues:
        [draft] = transcript.read(Source("a-001.vtt", vtt_text(whole).encode()), Context())
        assert isinstance(draft, FileDraft)
        assert draft.data == vtt_text(whole).encode()


@FEW
@given(CUES)
def test_podcasting_segments_say_the_same(cues: list[Cue]) -> None:
    segments = [{"startTime": c.start, "endTime": c.end, "speaker": c.speaker, "body": c.text} for c in cues]
    found = read_json(json.dumps({"segments": segments}))
    assert found is not None
    assert found[0] == tuple(sorted(cues, key=lambda cue: cue.start))


CHAPTERS = st.lists(
    st.tuples(TIME, st.none() | TIME, TEXT.filter(bool), st.booleans()).map(
        lambda c: Chapter(c[0], c[1] if c[1] is None else max(c[0], c[1]), c[2], "https://a.example/", "", c[3])
    ),
    max_size=5,
)


@FEW
@given(CHAPTERS)
def test_chapters_are_read_back(chapters: list[Chapter]) -> None:
    ordered = tuple(sorted(chapters, key=lambda chapter: chapter.start))
    assert read_chapters(chapters_text(ordered)) == (ordered, [])


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["00:01.000 --> 00:02.000", "00:00:05,1 --> x", "7", "NOTE", "[00:01] Ann: yes", "**Bo** [1:00]", ""]
        ),
        st.text("ab <>&-:[]*{}#", max_size=10),
    ),
    max_size=8,
).map("\n".join)


@FEW
@given(st.one_of(LINES.map(str.encode), LINES.map(lambda t: f"WEBVTT\n\n{t}".encode()), st.binary(max_size=50)))
def test_no_text_makes_the_reader_raise(data: bytes) -> None:
    source = Source("x.vtt", data)
    transcript.sniff(source)
    for item in Importer("transcript", transcript.sniff, transcript.read).items(source, Context()):
        assert isinstance(item, (FileDraft, Problem))


@FEW
@given(st.lists(st.tuples(st.integers(0, 3599), st.text("abc", min_size=1, max_size=5)), min_size=1, max_size=6))
def test_no_word_between_stamps_is_lost(said: list[tuple[int, str]]) -> None:
    text = "\n\n".join(f"[{seconds // 60:02}:{seconds % 60:02}] {word}" for seconds, word in said)
    found, _ = read_stamped(text)
    assert sorted(cue.text for cue in found) == sorted(word for _, word in said)

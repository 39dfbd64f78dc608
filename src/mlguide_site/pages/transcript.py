"""The page of an episode's transcript. Readers can link to each paragraph, and play its audio."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlguide_site.model.slugs import transcript_path
from mlguide_site.model.transcript import Cue
from mlguide_site.pages import formatting
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, Subject, View

PARAGRAPH = 480  # after this number of characters, a paragraph ends with the current sentence
LONGEST = 900  # after this number of characters, a paragraph ends with the current cue
PAUSE = 4.0  # number of seconds of silence that start a new paragraph


class Passage(NamedTuple):
    """A paragraph. `speaker` is "" if the speaker hasn't changed. Each line is (anchor, text of the cues that start in
    the same second). The anchor is "" if an earlier paragraph uses it."""

    seconds: int
    clock: str
    speaker: str
    lines: tuple[tuple[str, str], ...]


def view(site: Site, subject: Subject) -> View:
    """Return the view of a transcript. `audio` is the address of the audio file, or ""."""
    id = subject.id
    file = site.catalog.episodes[id]
    card = site.cards[id]
    series = site.catalog.series.get(file.series)
    return site.view(
        "transcript",
        transcript_path(id, file.series),
        site.translate("transcript-of", file.meta.title),
        site.translate("about-transcript", card.name),
        (site.index_chip("episodes"), Chip(file.meta.title, card.url)),
        found_as="Transcript",
        card=card,
        home=card.url,
        audio=str(file.meta.audio.url) if file.meta.audio else "",
        series=series.title if series else "",
        passages=tuple(passages(site.catalog.transcripts[id])),
    )


def passages(cues: Sequence[Cue]) -> Iterator[Passage]:
    """Yield cues as paragraphs, with all words in order. A paragraph ends at a change of speaker, at a pause, or at a
    maximum length, preferably after a complete sentence."""
    speaker = ""
    used: set[int] = set()
    for run in _runs([cue for cue in cues if cue.text]):
        lines: dict[int, list[str]] = {}
        for cue in run:
            lines.setdefault(int(cue.start), []).append(cue.text)
        yield Passage(
            int(run[0].start),
            formatting.clock(run[0].start),
            run[0].speaker if run[0].speaker != speaker else "",
            tuple(("" if at in used else f"t-{at}", " ".join(texts)) for at, texts in lines.items()),
        )
        speaker = next((cue.speaker for cue in reversed(run) if cue.speaker), speaker)
        used.update(lines)  # `|=` would copy the whole set


def _runs(cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    run: list[Cue] = []
    size = 0
    for cue in cues:
        last = run[-1] if run else cue
        if run and (
            # a cue without a name may go on with the speaker
            cue.speaker not in ("", next((one.speaker for one in reversed(run) if one.speaker), ""))
            or cue.start - last.end > PAUSE
            or size > LONGEST
            or (size > PARAGRAPH and last.text.endswith((".", "?", "!", "…", "。")))
        ):
            yield run
            run, size = [], 0
        run.append(cue)
        size += len(cue.text) + 1
    if run:
        yield run

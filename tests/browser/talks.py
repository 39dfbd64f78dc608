"""A small site with audio, for tests of the player and of listening progress."""

import io
import re
import wave
from pathlib import Path

from conftest import run_command

SOUND = "https://sound.example/talk.wav"
OTHER_SOUND = "https://sound.example/shells.wav"
LENGTH = 900
PHRASE = "the walnut keeps its shell"
EPISODE = "episodes/talk/talk-001/"
OTHER_EPISODE = "episodes/talk/talk-003/"
"""An episode without a transcript. Its audio isn't available in the tests."""
AT = "document.querySelector('.mg-player audio').currentTime"
PLAYS = "() => { const a = document.querySelector('.mg-player audio'); return a && !a.paused && a.currentTime > %s }"
VTT = f"""WEBVTT

00:00:00.000 --> 00:00:06.000
<v Robin>Welcome to the first talk.

00:12:34.000 --> 00:12:40.000
<v Ann>And so {PHRASE} & its &lt;secret&gt;.

00:13:00.000 --> 00:13:05.000
<v Robin>Thank you, Ann.
"""
CHAPTERS = (
    """{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}, {"startTime": 754, "title": "Nuts"}]}"""
)
NOTES = """About nuts.

- 12:34 The shell
- (0:05) Before it

Lunch is at 12:30 pm, and the [kernel](https://k.example/#t=3) follows (14:00).
"""


def build(root: Path, url: str, seasons: bool = False) -> None:
    """Create the root in a new folder, and build it for the URL at which it is served. With `seasons`, it also has a
    second series, in which episode numbers restart in each season."""
    run_command("mlguide", "init", root, "--title", "Talks", cwd=root.parent)
    more = "hike:\n  title: The Long Hike\n  prefix: LH\n" if seasons else ""
    (root / "knowledge" / "series.yml").write_text(f"talk:\n  title: Talks\n{more}", "utf-8")
    (root / "knowledge" / "topics.yml").write_text("nuts:\n  name: Nut growing\nsound:\n  name: Recording\n", "utf-8")
    # an index without entries has no tab
    (root / "knowledge" / "glossary.yml").write_text("cupule:\n  term: Cupule\n  definition: A cup.\n", "utf-8")
    (root / "knowledge" / "people.yml").write_text("ostrya:\n  name: Ostrya Hop\n", "utf-8")
    folder = root / "episodes" / "talk"
    folder.mkdir(parents=True)
    first = f"title: Nuts & bolts\naudio: {{url: '{SOUND}', type: audio/wav}}\nduration: '00:15:00'\ntopics: [sound]"
    notes = {
        "talk-001": (first, NOTES),
        "talk-002": ("title: Without sound\ntopics: [nuts]", "See talk 1."),
        "talk-003": (
            "title: On shells\nrequires: [talk-002]\ntopics: [nuts, sound]\n"
            f"audio: {{url: '{OTHER_SOUND}', type: audio/wav}}",
            "More.",
        ),
    }
    for id, (fields, body) in notes.items():
        (folder / f"{id}.md").write_text(f"---\nid: {id}\n{fields}\n---\n\n{body}", "utf-8")
    for season, number in ((1, 1), (2, 1), (2, 3)) if seasons else ():
        path = root / "episodes" / "hike" / f"hike-s{season}-00{number}.md"
        path.parent.mkdir(exist_ok=True)
        fields = f"id: {path.stem}\ntitle: Walk {season * number}\nseason: {season}"
        bites = "soundbites: [{start: '0:24', duration: '0:30'}]\n" if number == 3 else ""
        path.write_text(f"---\n{fields}\n{bites}---\n\nA walk.", "utf-8")
    (folder / "talk-001.vtt").write_text(VTT, "utf-8")
    (folder / "talk-001.chapters.json").write_text(CHAPTERS, "utf-8")
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"(?m)^#? ?site_url:.*$", f"site_url: {url}", text), "utf-8")
    run_command("mlguide", "build", "--strict", cwd=root)


def sound() -> bytes:
    """Return 15 minutes of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(3000)
        file.writeframes(b"\x80" * 3000 * LENGTH)
    return out.getvalue()


def part_of(data: bytes, asked: str | None) -> dict[str, object]:
    """Return the response of a server that supports range requests. Players need range requests to seek."""
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked or "")
    headers = {"Content-Type": "audio/wav", "Accept-Ranges": "bytes"}
    if not found:
        return {"body": data, "headers": headers}
    first, last = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return {"status": 206, "body": data[first : last + 1], "headers": headers}

"""A small show with every field that feeds publish."""

from collections.abc import Mapping

from labels import Settings
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.publish.machine_files import site_files

ADDRESS = "https://kb.example/name/"
SETTINGS = Settings("Bridges & Tunnels", "How crossings are built.", ADDRESS, site_licence="CC BY-SA 4.0")
HOSTILE = "</script> ]]> <!-- &amp; **x** 'q\" 🌉"

SHOW: Mapping[str, str] = {
    "knowledge/series.yml": """
a:
  title: Bridges
  summary: One crossing at a time.
  prefix: BR
  author: Ada Span
  home: https://bridges.example/
  cover: cover.png
  licence: CC BY 4.0
  guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810
  funding: [{title: Keep it up, url: https://bridges.example/fund}, {title: Write, url: mailto:a@bridges.example}]
  order: 1
b: {title: Notes of a course, kind: course, unofficial: true, licence: CC BY 4.0, guid: x, order: 2}
c: {title: Empty, kind: log, order: 3}
""",
    "knowledge/people.yml": "mo: {name: Mo Cable, role: Engineer, links: [{title: Site, url: https://mo.example/}]}",
    "knowledge/topics.yml": "cables: {name: Cables, summary: What bridges hang from.}",
    "knowledge/tools.yml": "winch: {name: Winch, homepage: https://winch.example/, licence: MIT, category: Lifting}",
    "knowledge/glossary.yml": "span: {term: Span, abbreviations: [SPN], definition: The way between two piers.}",
    "knowledge/resources.yml": """
spans: {title: The Book of Spans, format: book, authors: [Ada Span], urls: [https://spans.example/], price: free}
""",
    "a-001": """date: 2025-03-03
duration: "00:31:05"
summary: Why a long span hangs.
guid: bridges-1
audio: {url: https://bridges.example/1.mp3, type: audio/mpeg, bytes: 29840000}
topics: [cables]
image: one.png
people: [{person: mo, role: Guest}, {person: mo, role: host}]
---

A Winch pulls. See episode 2 and the [plan](https://bridges.example/plan).
""",
    "a-002": """date: 2025-03-10T06:30:00+02:00
season: 2
season_title: Below
label: Two
language: de
licence: CC BY-NC 4.0
artwork: https://bridges.example/2.png
chapters: https://bridges.example/2.chapters.json
soundbites: [{start: "00:01:13", duration: "00:01:00", title: The dive}, {start: "00:05:00", duration: "00:00:30"}]
transcripts:
  - {url: https://bridges.example/2.vtt, language: en, rel: captions}
  - {url: https://bridges.example/2.unknown}
audio: {url: https://bridges.example/2.m4a, type: audio/mp4}
---

Below the Span.
""",
    "a-003": "date: 2025-03-10\nstatus: cancelled\n---\n\nNever held.\n",
    "a-trailer": "---\n\nComing soon.\n",
    "b-001": "date: 1999-12-31\n---\n\nFirst day.\n",
    "episodes/a/a-001.vtt": "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Mo Cable>It hangs.\n",
    "episodes/a/a-002.srt": "1\n00:00:00,000 --> 00:00:04,000\nIt dives.\n",
    "episodes/a/a-001.chapters.json": '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}]}',
    "episodes/a/cover.png": "png",
    "episodes/a/one.png": "png",
    "episodes/b/b-002.md": f"---\nid: b-002\ntitle: {HOSTILE!r}\nsummary: {HOSTILE!r}\n---\n\nText.\n".replace(
        "\\'", "''"
    ),
}


def published_files(linked: LinkedCatalog, settings: Settings) -> Mapping[str, bytes]:
    """Return all machine-readable files of the site, by path."""
    return {path: make() for path, make in site_files(linked, settings).items()}

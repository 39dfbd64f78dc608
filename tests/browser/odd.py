"""A small root of unusual content: hostile names, right-to-left text, very long words and empty entries."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from conftest import write_files
from mlguide_site.editing.scaffold import root_files

HOSTILE = "</title></script><!-- ]]> & \"q\" 'a' {{ b }} <p> `c` *d*"
ARABIC = "ملاحظات عن الجسور والأنفاق"
ENDLESS = "Donaudampfschifffahrtsgesellschaft" * 4
ENTRIES = {
    "topics": ("name", {"hostile": HOSTILE, "arabic": ARABIC, "endless": ENDLESS}),
    "tools": ("name", {"hostile": f"{HOSTILE} tool", "arabic": "مطرقة", "endless": f"{ENDLESS}-tool"}),
    "glossary": ("term", {"hostile": f"{HOSTILE} term", "arabic": "دعامة", "endless": f"{ENDLESS}-term"}),
    "people": ("name", {"hostile": f"{HOSTILE} person", "arabic": "سلمى", "endless": f"{ENDLESS} Smith"}),
}
SERIES = f"""
a:
  title: {json.dumps(ARABIC)}
  summary: {json.dumps(HOSTILE)}
  author: {json.dumps(HOSTILE)}
  home: https://show.example/?a=1&b=2
  unofficial: true
  licence: {json.dumps(HOSTILE)}
  subscribe: [{{title: {json.dumps(HOSTILE)}, url: https://apps.example/}}]
  funding: [{{title: {json.dumps(ARABIC)}, url: "mailto:a@show.example"}}]
  feed: https://show.example/feed.xml
b: {{title: {json.dumps(HOSTILE)}, kind: course}}
"""
RESOURCES = f"""
tree:
  title: {json.dumps(HOSTILE + " book")}
  format: [book, course]
  pick: ordered
  importance: essential
  urls: [{{url: "https://books.example/?a=1&b=2", title: {json.dumps(HOSTILE)}, price: free}}]
  children:
    branch:
      title: {json.dumps(ENDLESS + " branch")}
      pick: one
      children: {{leaf: {{title: كتاب الجسور, price: "$$"}}}}
single: {{title: Single, summary: {json.dumps(HOSTILE)}}}
"""
CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "</ol><b>"}, {"startTime": 9, "title": "x"}]}'
NOTES: Mapping[str, str] = MappingProxyType(
    {
        "a-001": f"""title: {json.dumps(HOSTILE)}
date: 2025-03-03
duration: "00:31:05"
summary: {json.dumps(HOSTILE)}
topics: [hostile, arabic, endless]
tools: [hostile, arabic, endless]
resources: [tree, leaf]
people: [{{person: hostile, role: {json.dumps(HOSTILE)}}}]
audio: {{url: "https://show.example/1.mp3?a=1&b=2", type: audio/mpeg, bytes: 29840000}}
links: [{{title: {json.dumps(HOSTILE)}, url: https://show.example/1}}]
language: ar
season: 1
soundbites: [{{start: "00:00:13", duration: "00:01:00", title: {json.dumps(HOSTILE)}}}]
---

## {HOSTILE}

<div><p>never closed <table><tr><td>cell <svg><circle r=1></svg><!-- open

| {HOSTILE.replace("|", "")} | b |
| --- | --- |
| {ENDLESS} | `<pre>` |

- [ ] one
    - two [link](https://a.example/?a=1&b=2 "{ARABIC}")

```html
</code></pre><input autocomplete="off">
```

!!! note "{ARABIC}"
    {ARABIC} مطرقة Single
""",
        "a-002": f"title: {ARABIC}\nrequires: [a-001]\nstatus: cancelled\n---\n\n{ARABIC}\n\n1. a\n1. b\n",
        "a-trailer": f"title: {ENDLESS}\ndate: 1999-12-31\ntruncated: true\n---\n\nSee a-001 and كتاب الجسور.\n",
        "a-004": f"title: {json.dumps('<' * 80)}\nrequires: [a-001]\n---\n",
    }
)
VTT = f"""WEBVTT

00:00.000 --> 00:04.000
<v {ARABIC}>&lt;/p&gt;&lt;b&gt; {HOSTILE}

00:05.000 --> 00:09.000
{ARABIC}
"""


def write_odd_root(folder: Path, language: str) -> None:
    """Write the root into a new folder, in the given language."""
    files = {path: data.decode("utf-8") for path, data in root_files(HOSTILE).items()}
    files["mkdocs.yml"] = files["mkdocs.yml"].replace("language: en", f"language: {language}")
    files |= {"knowledge/series.yml": SERIES, "knowledge/resources.yml": RESOURCES}
    for name, (field, titles) in ENTRIES.items():
        entries = (f"{slug}: {{{field}: {json.dumps(title)}}}\n" for slug, title in titles.items())
        files[f"knowledge/{name}.yml"] = "".join(entries)
    files |= {f"episodes/a/{id}.md": f"---\nid: {id}\n{note}" for id, note in NOTES.items()}
    files |= {"episodes/a/a-001.vtt": VTT, "episodes/a/a-001.chapters.json": CHAPTERS}
    write_files(folder, files)

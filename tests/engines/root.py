"""A small knowledge base with every kind of page, and with content that engines may interpret differently."""

from collections.abc import Mapping
from pathlib import Path

from mlguide_site.editing.scaffold import init_root

ADDRESS = "https://kb.example/name/"
NAMES = ("Kettle", "Ladle", "Sieve", "Whisk")

KNOWLEDGE: Mapping[str, str] = {
    "series": """
soup:
  title: "Soup & <Stock>"
  summary: One pot at a time.
  prefix: SP
  home: https://soup.example/
  author: Cora Ladle
  address: "https://soup.example/{number}"
  subscribe: [{title: By feed, url: https://soup.example/feed.xml}]
class: {title: Evening class, kind: course, summary: Six evenings.}
diary: {title: Kitchen diary, kind: log}
""",
    "people": "cora: {name: Cora Ladle, role: Cook, summary: Cooks., links: [{title: Site, url: https://cora.example/}]}",
    "topics": """
cooking: {name: Cooking, summary: Heat and time.}
broth: {name: Broth, parent: cooking, summary: What bones give., aliases: [bouillon], order: [soup-002, soup-001]}
""",
    "tools": """
kettle: {name: Kettle, homepage: https://kettle.example/, category: Pots, topics: [broth], summary: Boils water.}
sieve: {name: Sieve, category: Nets, former: [strainer], summary: Lets the clear part through.}
""",
    "resources": """
pots:
  title: The Book of Pots
  format: book
  pick: one
  urls: [https://pots.example/?a=1&b=2]
  topics: [broth]
  children:
    lids: {title: A Course on Lids, format: course, price: free, importance: essential}
""",
    "glossary": "simmer: {term: Simmer, abbreviations: [SMR], definition: 'Below the boil: $T < 100$.', see: []}",
}

EPISODES: Mapping[str, str] = {
    "soup/soup-001": """date: 2025-03-03
duration: "00:31:05"
summary: Bones & water, "slowly".
audio: {url: https://soup.example/1.mp3, type: audio/mpeg, bytes: 100}
people: [{person: cora, role: host}]
topics: [broth]
image: pot.png
---

A Kettle and a Sieve make broth; simmer it. See episode 2 and [its fire](soup-002.md#the-fire), or [the pot](pot.png),
or [elsewhere](https://soup.example/x?a=1&b=2 "A title").

## A section

| Pot | Litres |
| --- | ---: |
| small | 1 |
| big \\| wide | 10 |

1. First, `a | b` and *emphasis*, **strong**, a  hard break.
    - nested

      a paragraph of it

```python title="x"
def stock(bones: int) -> str:
    return "<b>" * bones
```

~~~
## no heading
~~~

> [!NOTE]
> A box of notes.

!!! warning "Hot"
    Mind the handle.

<details><summary>More</summary><p>Folded <a href="https://soup.example/away/">away</a>, 2 &lt; 3.</p></details>

Term "quoted" -- dashes... (c) :smile: [^1] ==mark== H~2~O x^2^ http://bare.example/ {#id .class} $x$

$$\\sum_{i=1}^n x_i < \\text{"*a*"}$$

[^1]: A footnote.

![A pot](pot.png)
""",
    "soup/soup-002": """date: 2025-03-10
topics: [cooking]
resources: [lids]
requires: [soup-001]
---

## The fire

Before all else: [one](soup-001.md#a-section), [手入れ](soup-004.md#手入れ), [old](../soup/soup-004.md#_1),
SP 7, and the Kettle again.

## The fire

The same heading again; ñ, 数据, שלום.
""",
    "soup/soup-004": """date: 2025-03-17
topics: [broth]
---

[Größe](#größe), [former](#groe), [уход](#уход-за-котлом), [former](#_1), [手入れ](#手入れ),
[encoded](#gr%C3%B6%C3%9Fe_1), [العناية](#العناية) and [손질](#손질), a Kettle.

## Größe

## Уход за котлом

A Sieve.

## 手入れ

## العناية

## 손질

## Größe
""",
    "soup/soup-003": "date: 2025-03-11\nstatus: cancelled\n---\n\nNever held.\n",
    "soup/soup-trailer": "---\n\nComing soon.\n",
    "class/class-001": "date: 2025-01-02\nplace: Kitchen\n---\n\nStock in class, with a Sieve.\n",
    "diary/diary-001": "---\n\n- [ ] Wash the Kettle\n- [x] Eat\n",
}
PAGES: Mapping[str, str] = {
    "about": "[Fire](../episodes/soup/soup-002.md#the-fire), [news](news/index.md), [nets](tools/sieve.md), a Kettle."
    " [Size](../episodes/soup/soup-004.md#größe_1), [care](news/first.md#уход), [former](news/first.md#_1).",
    "news/index": "[First](first.md), ![a pot](a%20pot.png), ![pots](<R&D %23%3f.png>)",
    "news/first": "[Back](index.md), [about](../about.md), [all](../tools/index.md), SP 2."
    "\n\n## A part\n\nText.\n\n## Уход\n\nText.",
}
NAV = """  - Home: index.md
  - About: about.md
  - News: [news/index.md, First: news/first.md]
"""
TRANSCRIPT = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Cora Ladle>Water first.\n\n00:12.500 --> 00:15.000\nThen bones.\n"
CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Start"}, {"startTime": 12, "title": "Bones"}]}'
# the smallest possible picture: one grey pixel
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)


def write(root: Path, site_url: str = "", directories: bool = True) -> Path:
    """Write the knowledge base into a new folder, with the settings of `mlguide init`. Returns the folder."""
    init_root(root, "Soup & Co", site_url, None)
    if not directories:
        settings = root / "mkdocs.yml"
        settings.write_text(f"{settings.read_text('utf-8')}\nuse_directory_urls: false\n", "utf-8")
    for name, text in KNOWLEDGE.items():
        (root / "knowledge" / f"{name}.yml").write_text(text, "utf-8")
    for name, text in EPISODES.items():
        path = root / "episodes" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        id = path.stem
        path.write_text(f"---\nid: {id}\ntitle: {id} & “more”\n{text}", "utf-8")
    for name, text in PAGES.items():
        path = root / "pages" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: Page “{path.stem}” & more\n---\n\n{text}\n", "utf-8")
    for picture in ("a pot.png", "R&D #?.png"):
        (root / "pages/news" / picture).write_bytes(PICTURE)
    settings = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(settings.replace("  - Home: index.md\n", NAV), "utf-8")
    folder = root / "episodes/soup"
    (folder / "soup-001.vtt").write_text(TRANSCRIPT, "utf-8")
    (folder / "soup-001.chapters.json").write_text(CHAPTERS, "utf-8")
    (folder / "pot.png").write_bytes(PICTURE)
    return root

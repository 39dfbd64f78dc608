"""Generates random YAML, JSON and XML: notes, knowledge files, settings, transcripts, chapters, outlines and feeds."""

import json
from collections.abc import Callable
from html import escape
from random import Random
from typing import Any

from benchmarks.fuzz.text import body, line, many, words

SCALARS: tuple[str, ...] = (
    "a", "mla", "show-001", "show-1", "", "null", "~", "no", "yes", "12:30", "010", "1e400", "0x1F", "2024-02-30",
    "2020-11-09",
    "2020-11-09 99:00", "00:31:00", "99:99:99", "-1", ".nan", "[]", "{}", "[a, b]", "[[[[]]]]", "{a: b}",
    "{person: x, role: y}",
    "'a", '"\\x41"', '"\\uD800"', "!!python/object:os.system x", "!x y", "&a b", "*a", "<<: *a",
    "|\n  text\n  more", ">-\n  folded",
    "https://a.example/x", "javascript:x", "draft", "cancelled", "book", "<b>",
    "[{url: 'https://a.example', title: t}]", "- a",
    "9" * 5000, "{" * 30, "[" * 2000, "? a", "%YAML 1.1", "\t", "@", "`", "é", "\u202e", "\x00", "a: b: c", "...",
    "---",
)  # fmt: skip
NOTE_KEYS = (
    "id title date duration summary topics tools resources people requires audio links guid season language image"
    " place source"
    " status truncated x-own template tag titel"
).split()
ENTRY_KEYS = (
    "title name term kind home prefix address references cover licence order promotion parent summary aliases"
    " homepage source"
    " category topics match urls authors format importance difficulty price episodes pick hide children abbreviations"
    " definition see role does links subscribe"
).split()
SLUGS = ("a", "b-c", "show", "A", "con", "../x", "", "a" * 65, "x.y", "*", "1", "null", "é", "show-001")
SETTINGS = (
    "site_name site_url docs_dir site_dir theme plugins nav markdown_extensions hooks extra extra_css not_in_nav"
    " validation"
    " watch dev_addr use_directory_urls strict repo_url edit_uri INHERIT unknown"
).split()
SETTING_VALUES = (
    "x", "material", "{name: material}", "{name: none}", "{name: material, custom_dir: nowhere}", "[mlguide]",
    "[search, none]",
    "- mlguide:\n      edit_url: 5", "[a: b]", "- Home: index.md\n  - [x]", "[hooks.py]", "!ENV [A, b]", "!ENV a",
    "!relative",
    "!!python/name:os.system", "{a: 1}", "5", "[]", "true", "https://a.example", "../..", "/", "build/pages",
    "[toc: {x: 1}]",
)  # fmt: skip

JINJA = (
    "{{ title }}", "{{ nonesuch }}", "{{ title|e|nonesuch }}", "{% if x %}", "{% endif %}", "{% for a in b %}",
    "{% endfor %}", "{% block a %}", "{% endblock %}", "{% include '_parts.md.jinja' %}", "{% extends '/etc/passwd' %}",
    "{% set a = 1 %}", "{% macro m(a=()) %}", "{% endmacro %}", "{#", "#}", "{% raw %}", "{{", "}}", "{%", "%}",
    "{{ (((((1 }}", "{{ 9**9**9 }}", "{{ ''.__class__ }}", "{% call m() %}", "{{ 'a' ~ }}", "{%- -%}",
)  # fmt: skip
LENGTHS = ("1", "x", "-1", "9" * 30)
DAYS = ("Feb 26, 2026", "2026", "")
DURATIONS = ("42 min", "1 hr 2 min", "x")


def yaml_lines(random: Random, keys: tuple[str, ...] | list[str], values: tuple[str, ...], indent: str = "") -> str:
    """Return lines with keys and values. Some lines are nested, duplicated or broken."""
    lines = []
    for _ in range(random.randrange(1, 9)):
        key = random.choice(keys) if random.random() < 0.95 else random.choice(SCALARS)
        if random.random() < 0.1 and len(indent) < 12:
            lines.append(f"{indent}{key}:\n{yaml_lines(random, keys, values, indent + '  ')}")
        elif random.random() < 0.1:
            lines.append(
                f"{indent}{key}:" + "".join(f"\n{indent}- {random.choice(values)}" for _ in range(many(random)))
            )
        else:
            lines.append(f"{indent}{key}: {random.choice(values)}")
    return "\n".join(lines)


def note(random: Random) -> str:
    """A note file."""
    fence = random.choice(["---", "---", "---", "--- ", "----", "+++", ""])
    own = "" if random.random() < 0.2 else "id: show-001\ntitle: One\n"
    return f"{fence}\n{own}{yaml_lines(random, NOTE_KEYS, SCALARS)}\n{fence}\n{body(random)}"


def knowledge(random: Random) -> str:
    """A knowledge file."""
    entries = []
    for _ in range(random.randrange(1, 6) * many(random)):
        slug = random.choice(SLUGS)
        entries.append(f"{slug}:\n  title: T\n  name: N\n{yaml_lines(random, ENTRY_KEYS, SCALARS, '  ')}")
    return "\n".join(entries)


def settings(random: Random) -> str:
    """A `mkdocs.yml`."""
    own = "" if random.random() < 0.2 else "site_name: S\n"
    return own + yaml_lines(random, SETTINGS, (*SETTING_VALUES, *SCALARS))


def template(random: Random) -> str:
    """A Jinja template."""
    return "\n".join(random.choice(JINJA) * many(random) + words(random, 2) for _ in range(random.randrange(1, 9)))


def json_value(random: Random, depth: int = 0) -> Any:
    """Return a JSON value, sometimes with unusual numbers and texts."""
    kinds: tuple[Callable[[], Any], ...] = (
        lambda: None,
        lambda: random.choice([True, False, 0, -1, 1.5, 10**400, 1e308, float("inf"), float("nan"), 3.0000001]),
        lambda: words(random),
        lambda: random.choice(["\ud800", "\x00", "https://a.example", "javascript:x", "00:01:02"]),
        lambda: [json_value(random, depth + 1) for _ in range(random.randrange(4))] if depth < 5 else [],
        lambda: {random.choice("abc"): json_value(random, depth + 1)} if depth < 5 else {},
    )
    return random.choice(kinds)()


def _entries(random: Random, name: str, keys: tuple[str, ...]) -> str:
    entries = []
    for at in range(random.randrange(7) * many(random)):
        entry: Any = {key: (at if "Time" in key else words(random)) for key in keys if random.random() < 0.8}
        if random.random() < 0.3:
            entry[random.choice(keys)] = json_value(random)
        entries.append(entry if random.random() < 0.95 else json_value(random))
    value = {"version": "1.0.0", name: entries if random.random() < 0.95 else json_value(random)}
    return json.dumps(value, ensure_ascii=random.random() < 0.5)


def segments(random: Random) -> str:
    """A Podcasting 2.0 transcript."""
    return _entries(random, "segments", ("startTime", "endTime", "speaker", "body"))


def chapters(random: Random) -> str:
    """JSON chapters."""
    return _entries(random, "chapters", ("startTime", "endTime", "title", "url", "img", "toc"))


def _outlines(random: Random, depth: int = 0) -> str:
    parts = []
    for _ in range(random.randrange(1, 4) if depth < 5 else 0):
        tags = random.choice(
            ["", "#format:book", "#pick", "#pick:all", "#topic:saws", "#price:$", "#show:1:2", "#hide", "#x:y", "#"]
        )
        link = random.choice(
            ["", '<a href="https://a.example/b">c</a>', "https://a.example/url?q=https%3A%2F%2Fb.example"]
        )
        text = escape(f"{words(random, 3)} {link} {tags}")
        rest = f' _note="{escape(words(random))}"' if random.random() < 0.3 else ""
        rest += f' url="{escape(words(random, 1))}"' if random.random() < 0.2 else ""
        deep = many(random)
        opened = f'<outline text="{text}"{rest}>'
        parts.append(opened * deep + _outlines(random, depth + 1) + "</outline>" * deep)
    return "\n".join(parts)


def outline(random: Random) -> str:
    """An OPML outline."""
    head = random.choice(
        ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="latin-1"?>', "<!DOCTYPE opml>", "\ufeff"]
    )
    own = random.choice(["", ' xmlns:m="urn:mlguide:opml" m:series="show"'])
    return f'{head}<opml version="2.0"{own}><head/><body>{_outlines(random)}</body></opml>'


def feed(random: Random) -> str:
    """An RSS feed."""
    items = []
    for at in range(random.randrange(1, 6)):
        html = "".join(
            random.choice(["<p>", "</p>", "<ul><li>", "<b>", "<a href='/x'>", "</a>", "<table><td>", "<!--"])
            * many(random)
            + words(random)
            for _ in range(4)
        )
        fields = [
            f"<title>{escape(words(random, 3)) or at}</title>",
            f"<guid>{escape(words(random, 1))}{at}</guid>",
            f"<description>{random.choice([escape(html), f'<![CDATA[{html}]]>'])}</description>",
            f"<link>{escape(words(random, 1))}</link>",
            f"<pubDate>{random.choice(['Mon, 02 Jan 2023 10:00:00 GMT', '2023', '', 'x', '-1'])}</pubDate>",
            f"<itunes:duration>{random.choice(['31:00', '99999999', '-1', 'x', '1:2:3:4'])}</itunes:duration>",
            f"<itunes:episode>{random.choice(['1', '0', '-3', '99999999999', 'x'])}</itunes:episode>",
            f'<enclosure url="{escape(words(random, 1))}" length="{random.choice(LENGTHS)}" type="audio/mpeg"/>',
        ]
        items.append(f"<item>{''.join(one for one in fields if random.random() < 0.8)}</item>")
    space = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    return (
        f"<rss version='2.0' {space}><channel><title>{escape(words(random, 2))}</title>{''.join(items)}</channel></rss>"
    )


def page(random: Random) -> str:
    """Return a directory page that was saved as text."""
    entries = []
    for _ in range(random.randrange(1, 6)):
        notes = f"{line(random)} {words(random, 12)}"
        entries.append(f"{words(random, 5)}\n\n{notes}\n\n{random.choice(DAYS)}{random.choice(DURATIONS)}")
    return f"Show\n\n{len(entries)} episodes\n\n" + "\n\n".join(entries) + "\n"

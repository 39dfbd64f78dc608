"""Hostile content of every kind, and a root of this content. All of its scripts set `pwned`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

ACT = "window.pwned=1"
CODED = "".join(f"&#{ord(char)};" for char in "javascript:")
SCRIPT = f"<script>{ACT}</script>"
IMAGE = f"<img src=x onerror={ACT}>"

# by family, so that failures show the kind of content
BODIES: Mapping[str, tuple[str, ...]] = {
    "script": (
        SCRIPT,
        f"text {SCRIPT} text",
        f"<SCRIPT SRC=data:text/javascript,{ACT}></SCRIPT>",
        f"<script/x>{ACT}</script>",
        f"<scr<script>ipt>{ACT}</scr</script>ipt>",
        f"<scr\x02ipt>{ACT}</script>",
        f"<script\n>{ACT}</script\n>",
        f"<script>{ACT}",
        f"<script>\n\n{ACT}\n\n</script>",
        f"<script type=module>{ACT}</script>",
        f"<div>\n\n{SCRIPT}\n\n</div>",
        f"- one\n- {SCRIPT}\n\n  {SCRIPT}",
        f"> {SCRIPT}\n>\n> > {SCRIPT}",
        f"# {SCRIPT}",
        f"{SCRIPT}\n===",
        f"| a | b |\n|---|---|\n| {SCRIPT} | {IMAGE} |",
        f'!!! note "{SCRIPT}"\n    {SCRIPT}\n\n    {IMAGE}',
        f'??? tip "{IMAGE}"\n    {IMAGE}',
        f"**{SCRIPT}** _{IMAGE}_ ~~{SCRIPT}~~",
        f"[{SCRIPT}](https://a.example/) ![{IMAGE}](cover.png)",
    ),
    "handler": (
        IMAGE,
        f"text {IMAGE} text",
        f"<kbd onclick={ACT}>k</kbd> <mark onmouseover={ACT}>m</mark>",
        f"<div onclick={ACT} onmouseenter={ACT}>d</div>",
        f"<details open ontoggle={ACT}><summary onclick={ACT}>s</summary>t</details>",
        f"<p\nonpointerenter\n=\n'{ACT}'>p</p>",
        f"<p/onclick={ACT}/class=x>p</p>",
        f'<p title="a" onclick="{ACT}">p</p>',
        f'<p title=">" onclick={ACT}>p</p>',
        f"<video autoplay onloadstart={ACT}><source onerror={ACT}></video>",
        f"<audio src=x onerror={ACT}></audio>",
        f"<body onload={ACT}> <body onpageshow={ACT}>",
        f"<input autofocus onfocus={ACT}> <select onfocus={ACT} autofocus>",
        f"<marquee onstart={ACT}>m</marquee>",
        f"<a href=x onfocus={ACT} autofocus tabindex=1>a</a>",
        f"<p style=animation-name:rotation onanimationstart={ACT}>p</p>",
        f"<img src=x ONERROR={ACT} onerror\x0c={ACT}>",
        f"<img src='x'onerror={ACT}>",
        f"<img src=x onerror={ACT} ",
        f'<img """><script>{ACT}</script>">',
    ),
    "mutation": (
        f"<noscript><p title=\"</noscript>{IMAGE}\"></noscript>",
        f"<svg></p><style><a id=\"</style>{IMAGE}\">",
        f"<math><mtext><table><mglyph><style><!--</style>{IMAGE}--></style></mglyph></table></mtext></math>",
        f"<form><math><mtext></form><form><mglyph><style></math>{IMAGE}",
        f"<math><mtext><table><mglyph><style><math><img title=\"</style>{IMAGE}\">",
        f"<svg><foreignObject><p><style><a title=\"</style>{IMAGE}\"></foreignObject></svg>",
        f"<select><template><style><!--</style><a rel=\"--></style></template></select>{IMAGE}\">",
        f"<table><caption><svg><title><style></title>{IMAGE}</style></table>",
        f"<textarea><p title=\"</textarea>{IMAGE}\">",
        f"<title><p title=\"</title>{IMAGE}\">",
        f"<xmp><p title=\"</xmp>{IMAGE}\">",
        f"<iframe><p title=\"</iframe>{IMAGE}\">",
        f"<noembed><p title=\"</noembed>{IMAGE}\">",
        f"<plaintext>{IMAGE}",
        f"<p><abbr title='`<p>{IMAGE}`'>a</abbr></p>",
        f"<details><summary><summary>s</summary>{IMAGE}</details>",
        f"<p id=\"`\" title=\"`{IMAGE}\">p</p>",
        f"<!--><p title='-->{IMAGE}'> --!>{IMAGE}",
        f"<!-- --!>{SCRIPT}-->",
        f"<![CDATA[<p title=\"]]>{IMAGE}\">]]>",
        f"<?php <p title=\"?>{IMAGE}\"> ?>",
        f"<!DOCTYPE x [<!ENTITY y '{IMAGE}'>]>&y;",
    ),
    "svg and math": (
        f"<svg onload={ACT}></svg>",
        f"<svg><script>{ACT}</script></svg>",
        f"<svg><script href=data:text/javascript,{ACT} /></svg>",
        f"<svg><a xlink:href='javascript:{ACT}'><text y=20>t</text></a></svg>",
        f"<svg><animate onbegin={ACT} attributeName=x dur=1s></svg>",
        f"<svg><set attributeName=href to=javascript:{ACT}></svg>",
        f"<svg><use href='data:image/svg+xml,<svg id=x onload={ACT}>#x'></svg>",
        f"<svg><image href=x onerror={ACT}></svg>",
        f"<svg><foreignObject>{IMAGE}</foreignObject></svg>",
        f"<math href='javascript:{ACT}'>m</math>",
        f"<math><maction actiontype=statusline xlink:href='javascript:{ACT}'>m</maction></math>",
        f"<math><mtext>{IMAGE}</mtext></math>",
        f"![a](data:image/svg+xml,<svg%20onload={ACT}>)",
    ),
    "embedding": (
        f"<iframe srcdoc='{SCRIPT}'></iframe>",
        f"<iframe src='javascript:parent.{ACT}'></iframe>",
        f"<object data='data:text/html,<script>parent.{ACT}</script>'></object>",
        f"<embed src='javascript:{ACT}'>",
        f"<base href='javascript:{ACT}//'>",
        f"<meta http-equiv=refresh content='0;url=javascript:{ACT}'>",
        f"<link rel=import href='data:text/html,{SCRIPT}'>",
        f"<link rel=stylesheet href='javascript:{ACT}'>",
        f"<style>@import 'javascript:{ACT}'; p {{ background: url(javascript:{ACT}) }}</style>",
        f"<p style=\"background:url('javascript:{ACT}')\">p</p>",
        f"<form action='javascript:{ACT}'><button>b</button></form>",
        f"<button formaction='javascript:{ACT}' form=x>b</button>",
        f"<isindex action='javascript:{ACT}'>",
        f"<template>{SCRIPT}</template>",
        f"<frameset onload={ACT}><frame src=x></frameset>",
        f"<portal src='javascript:{ACT}'></portal>",
        f"<a href='javascript:{ACT}'>a</a> <p><a href='{CODED}{ACT}'>b</a></p>",
        f"<div><a href='  java\nscript:{ACT}'>a</a></div>",
        f"<div><a href='&amp;#106;avascript:{ACT}'>a</a></div>",
        f"<div><a href='data:text/html,{SCRIPT}' target=_self>a</a></div>",
        f"<div><a href='x' ping='javascript:{ACT}'>a</a></div>",
        "<div><a href='//evil.example/'>a</a> <a href='\\\\evil.example'>b</a></div>",
    ),
    "address": (
        f"[a](javascript:{ACT})",
        f"[a](JaVaScRiPt:{ACT})",
        f"[a]({CODED}{ACT})",
        f"[a](javascript&colon;{ACT})",
        f"[a](<java\tscript:{ACT}>)",
        f"[a](<java&NewLine;script:{ACT}>)",
        f"[a](\x01javascript:{ACT})",
        f"[a](<&#1;javascript:{ACT}>)",
        f"[a](&amp;#106;avascript:{ACT})",
        f"[a](\u00a0javascript:{ACT})",
        f"[a](javascript\u200b:{ACT})",
        f"[a](%6Aavascript:{ACT})",
        f"[a](vbscript:{ACT})",
        "[a](data:text/html;base64,PHNjcmlwdD5wYXJlbnQucHduZWQ9MTwvc2NyaXB0Pg==)",
        f"[a](view-source:javascript:{ACT})",
        f"[a](feed:javascript:{ACT})",
        f"[a](blob:javascript:{ACT})",
        f"<javascript:{ACT}>",
        f"[a]\n\n[a]: javascript:{ACT}",
        f"[a][b]\n\n[b]: <javascript:{ACT}> 'title'",
        f"![a](javascript:{ACT})",
        f"[![a](cover.png)](javascript:{ACT})",
        "[a](//evil.example/) [b](/\\evil.example) [c](\\\\evil.example)",
        f"[a](https://a.example/'onmouseover='{ACT})",
        f'[a](https://a.example/"onmouseover="{ACT})',
        f"[a](https://a.example 'title\" onmouseover=\"{ACT}')",
        f'![a" onerror="{ACT}](cover.png)',
        f'![a](cover.png "t\\" onload=\\"{ACT}")',
        f"https://a.example/{SCRIPT} http://b.example/\"onclick={ACT}",
        f"[a](https://a.example/%22%20onclick=%22{ACT})",
    ),
    "attribute list": (
        f"[x](https://a.example){{: onmouseover={ACT} }}",
        f"text\n{{: onclick={ACT} }}",
        f"`c`{{ onclick={ACT} }}",
        f"# h {{: onclick={ACT} #__config }}",
        f"``` {{ .py onclick={ACT} }}\nc\n```",
        f"```py title='{SCRIPT}'\nc\n```",
        f"| a {{: onclick={ACT} }} |\n|---|\n| b |",
        f"- a\n{{: onclick={ACT} }}",
        f"![x](cover.png){{: onload={ACT} onerror={ACT} }}",
        f"**b**{{ onclick={ACT} }}",
        f"> q\n{{: onclick={ACT} }}",
        f"text {{: style='position:fixed' onclick='{ACT}' }}",
    ),
    "two parsers": (
        f"- a\n\n    ~~~\n    {SCRIPT}\n    ~~~",
        f"- a\n  ~~~\n  {SCRIPT}\n  ~~~",
        f"1. a\n\n   ```\n   {IMAGE}\n   ```",
        f"> ```\n{SCRIPT}\n> ```",
        f"> - ~~~\n>   {SCRIPT}\n>   ~~~",
        f"~~~ ~~~\n{SCRIPT}\n~~~",
        f"```\n~~~\n{SCRIPT}\n```",
        f"`` ` {SCRIPT} ` ``",
        f"`\\`{IMAGE}`",
        f"\\`{IMAGE}`",
        f"`<!--` {IMAGE} `-->`",
        f"`a\n\n{IMAGE}`",
        f"\t{SCRIPT}\n\n-\t\t{SCRIPT}",
        f"[a]: <x\n> {IMAGE}",
        f"[a]: https://a.example/ '\n{IMAGE}'\n\n[a]",
        f"*[x]: {IMAGE}\n\nx",
        f"a[^1]\n\n[^1]: text {IMAGE}",
        f"a\n: {IMAGE}",
        f'=== "{IMAGE}"\n    y',
        f"/// html | script\n{ACT}\n///",
        f"<div markdown=1>\n[x](javascript:{ACT})\n</div>",
        f"<p markdown='span'>[x](javascript:{ACT})</p>",
        f"&lt;img src=x onerror={ACT}&gt;",
        f"&amp;lt;script&amp;gt;{ACT}&amp;lt;/script&amp;gt;",
        f"\x02wzxhzdk:0\x03 {SCRIPT}",
        f"\x02klzzwxh:0001\x03 {IMAGE}",
        f"\x0260\x03script>{ACT}",
        f"a\u2028{SCRIPT}\u2029{IMAGE}",
        f"a\r\r{SCRIPT}\r\n{IMAGE}",
        f"\ufeff{SCRIPT}",
    ),
    "template": (
        "{{ ''.__class__.__mro__ }} {% raw %}{{ config }}{% endraw %} {# c #}",
        f"{{{{ '{IMAGE}' | safe }}}}",
        f"{{% set x = '{SCRIPT}' %}}{{{{ x }}}}",
        "```\n{% include '404.html' %}\n```",
        "[{{ config.site_name }}](https://a.example/{{ config.site_url }} '{{ page }}')",
        '--8<-- "mkdocs.yml"\n\n- --8<-- "mkdocs.yml"\n\n    --8<-- "mkdocs.yml"',
        f"$${IMAGE}$$ \\({IMAGE}\\) $`{IMAGE}`$",
        f"{{++{IMAGE}++}} {{>>{IMAGE}<<}} ++{IMAGE}++ :{IMAGE}:",
        f"[[javascript:{ACT}|{IMAGE}]] [=85% '{IMAGE}']",
        f"```mermaid\ngraph TD; A[\"{IMAGE}\"]; click A \"javascript:{ACT}\"\n```",
    ),
    "clobbering": (
        "<p id=__config>{}</p>",
        "# __config\n\n## __search\n\n## __palette",
        '<a id="__search" name="__drawer">a</a>',
        "<form id=__config><input name=textContent></form>",
        "<img name=currentScript> <img name=body> <form name=document$>",
        "<div class='md-overlay mg-find mg-player' data-md-component=search>overlay</div>",
        f"<a class=mg-timestamp data-t='1' href='javascript:{ACT}'>t</a>",
        "<h2 id=__palette_0>h</h2> <label for=__drawer>l</label>",
        f"<div data-pagefind-body data-pagefind-meta='title:{IMAGE}'>m</div>",
    ),
    "formulas": (
        f"$\\text{{{IMAGE}}}$",
        f"$$\\text{{{SCRIPT}}}$$",
        f"$\\href{{javascript:{ACT}}}{{x}}$",
        f"$\\class{{x}}{{y}}$ $\\style{{background:url(javascript:{ACT})}}{{x}}$",
        f"$x\" onclick={ACT} y$ $x' onclick={ACT}>$",
        f"$[a](javascript:{ACT})$ $\\color{{red\" onclick={ACT}}}{{x}}$",
        f"$\\begin{{matrix}}{IMAGE}&x\\end{{matrix}}$",
    ),
}  # fmt: skip

NAMES = (
    SCRIPT, IMAGE, f'"><img src=x onerror={ACT}>', f"' onmouseover={ACT} x='", f"</title>{SCRIPT}",
    f"</script>{SCRIPT}", f"--><svg onload={ACT}>", f"]]>{SCRIPT}", f"`{IMAGE}`", f"[x](javascript:{ACT})",
    f"{{{{ '{IMAGE}'|safe }}}}",
    f"&lt;img src=x onerror={ACT}&gt;", f"javascript:{ACT}", f"\\u003cimg src=x onerror={ACT}\\u003e",
    f"{{: onclick={ACT} }}", "__config",
)  # fmt: skip
"""Texts for one-line fields: titles, names, summaries and definitions."""

FILE_NAMES = (f'"onerror={ACT} x=.png', f"<img src=x onerror={ACT}>.png", "a'b.png", "[x](javascript:x).png")
DISGUISED = f"<!doctype html><html><body>{SCRIPT}{IMAGE}</body></html>".encode()
"""A web page with the file name of another format."""


def quoted(text: str) -> str:
    """Return a text as a quoted YAML string."""
    return json.dumps(text, ensure_ascii=True)


def bodies() -> Iterator[tuple[str, str]]:
    """Yield every body with its family and number."""
    for family, texts in BODIES.items():
        for number, text in enumerate(texts, 1):
            yield f"{family} {number}", text


def write(root: Path, path: str, text: str | bytes) -> None:
    """Write one file of a root."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


def write_root(root: Path) -> None:
    """Fill a new root with all hostile content except that of feeds."""
    write(root, "knowledge/series.yml", _entries("show", "title", [f"Evil {IMAGE}"], home="https://show.example/"))
    write(root, "knowledge/tools.yml", _entries("tool", "name", NAMES, "summary", category=f"Cat {IMAGE}"))
    write(root, "knowledge/topics.yml", _entries("topic", "name", NAMES, "summary"))
    write(root, "knowledge/resources.yml", _entries("resource", "title", NAMES, "summary"))
    write(root, "knowledge/glossary.yml", _entries("term", "term", NAMES, "definition"))
    write(root, "knowledge/people.yml", _entries("person", "name", NAMES, "role"))
    for number, (family, body) in enumerate(bodies(), 1):
        name = NAMES[number % len(NAMES)]
        lines = [
            f"id: show-{number:03}",
            f"title: {quoted(f'{family} {name}')}",
            f"summary: {quoted(name)}",
            f"place: {quoted(name)}",
            f"topics: [topic-{number % len(NAMES)}]",
            f"tools: [tool-{number % len(NAMES)}]",
            f"people: [{{person: person-{number % len(NAMES)}, role: {quoted(name)}}}]",
            f"links: [{{title: {quoted(name)}, url: {quoted(_link(number))}}}]",
            f"x-own: {quoted(name)}",
        ]
        if number % 10 == 1:
            lines.append(f"audio: {{url: {quoted(_link(number))}, type: audio/mpeg}}")
        named = f"\n\nTalk of {NAMES[number % 3]} and show {number % 7 + 1}.\n"
        write(root, f"episodes/show/show-{number:03}.md", f"---\n{chr(10).join(lines)}\n---\n\n{body}{named}")
        if number % 10 == 2:
            head = f"title: {quoted(f'{family} {name}')}\ndescription: {quoted(name)}\nx-own: {quoted(name)}"
            write(root, f"pages/evil/{number}.md", f"---\n{head}\n---\n\n{body}{named}")
    write(root, "episodes/show/cover.png", DISGUISED)
    write(root, "episodes/show/show-001/notes.txt", DISGUISED)
    for name in FILE_NAMES:
        write(root, f"episodes/show/show-001/{name}", DISGUISED)
    write(root, "episodes/show/show-001.vtt", transcript())
    chapters = [{"startTime": at, "title": text, "url": f"javascript:{ACT}"} for at, text in enumerate(NAMES)]
    write(root, "episodes/show/show-001.chapters.json", json.dumps({"version": "1.2.0", "chapters": chapters}))


def transcript() -> str:
    """Return a transcript with hostile text and speakers in every cue."""
    cues = [
        f"00:00:{at:02}.000 --> 00:00:{at + 1:02}.000\n<v {text.replace('>', '')}>{text} {escaped(IMAGE)}"
        for at, text in enumerate(NAMES)
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def feed() -> str:
    """Return a feed with hostile titles, HTML notes, text notes, links and enclosures."""
    items = []
    for number, (family, body) in enumerate(bodies(), 1):
        if number % 4:
            continue
        name = NAMES[number % len(NAMES)]
        kind = "content:encoded" if number % 8 else "description"
        items.append(
            f"<item><title>{escaped(f'{number}. {family} {name}')}</title><guid>evil-{number}</guid>"
            f"<pubDate>Mon, 03 Mar 2025 06:00:00 GMT</pubDate><link>javascript:{ACT}</link>"
            f"<{kind}>{escaped(f'<p>{body}</p>' if number % 3 else body)}</{kind}>"
            f'<enclosure url="javascript:{ACT}" type="audio/mpeg" length="9"/></item>'
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escaped(f'Fed {IMAGE}')}</title><link>javascript:{ACT}</link>{''.join(items)}</channel></rss>\n"
    )


def escaped(text: str) -> str:
    """Return a text escaped for XML, without characters that XML doesn't allow."""
    kept = "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _link(number: int) -> str:
    """Return a hostile URL that the URL policy allows."""
    return f"https://a.example/'onclick='{ACT}'/{number}" if number % 2 else f"https://b.example/;script-src*/{number}"


def _entries(stem: str, field: str, names: list[str] | tuple[str, ...], second: str = "", **more: str) -> str:
    out = []
    for at, name in enumerate(names):
        slug = stem if stem == "show" else f"{stem}-{at}"
        # names of entries must be unique
        out.append(f"{slug}:\n  {field}: {quoted(name if stem == 'tool' else f'{name} {stem}')}\n")
        if second:
            out.append(f"  {second}: {quoted(name)}\n")
        out += [f"  {key}: {quoted(value)}\n" for key, value in more.items()]
    return "".join(out)

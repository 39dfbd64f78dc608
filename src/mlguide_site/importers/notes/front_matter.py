"""Reads the front matter of a note (YAML, TOML or JSON) and converts it to the fields of an episode."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from os.path import splitext
from string import punctuation
from typing import Any
from urllib.parse import quote, urlsplit

from mlguide_site.content.yaml_read import read_yaml, refuse_invisible
from mlguide_site.errors import ContentError, Span, content_error, visible
from mlguide_site.importers.common.addresses import AUDIO_TYPES
from mlguide_site.importers.common.dates_and_durations import day_order, duration_field, read_date, read_length
from mlguide_site.importers.common.naming import Person, read_person, whole_number
from mlguide_site.importers.notes.inline import SITES, bare_text, links_in
from mlguide_site.importers.notes.source import NOTION_ID, Line
from mlguide_site.markdown.limits import MAX_FRONT_MATTER
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.records import OLD_ADDRESS
from mlguide_site.model.slugs import make_slug

MAX_LINES = 200
MAX_VALUES = 200
MAX_PROPERTIES = 50
_RULE, _TOML = re.compile(r"\s{0,3}-{3,}\s*$"), re.compile(r"\+{3}\s*$")
_JSON = re.compile(r'\{\s*(?:"|$)'), re.compile(r"(?:\{.*)?\}\s*$")
_SURROGATE = re.compile(r"\\u[dD](?=[89a-fA-F])")
_DEEP_KEY = re.compile(r"(?<![^\s.=])(?:[^\s.=]++[ \t]*+\.[ \t]*+){50}")
_PATH = re.compile(OLD_ADDRESS)
_SIZE = re.compile(r"[\d.,]+(?:\s?[KMG](?:i?B)?)?")  # of a file
_NOTION_PAGE = re.compile(
    r" \((?:https?://(?:[\w-]+\.)?notion\.(?:so|site)/[^()\s]*|https?://[^()\s]*[0-9a-f]{32}[^()\s]*"
    r"|(?:[^()]|\([^()]{0,200}\)){1,400}\.md)\)"
)
"""The address of a page in Notion, or of its file, after the title of the page."""
_SEPARATOR = re.compile(r"[,;]|\s&\s")
_DEGREE = (
    r"(?:ph\.?\s?d|(?-i:M\.?[AD]|m\.[ad])|m\.?sc|b\.?sc|mba|dr|prof|jr|sr|i{2,3}|esq|inc|llc|ltd|gmbh|corp"
    r"|(?-i:BCPS|BSN|CFA|CPA|[COM]BE|DDS|DO|DPT|DPhil|DVM|EdD|FACP|FRCS|FRS|J\.?D|[KQ]C|LCSW|LL\.?[BM]|LMFT|LPC|MPH|MSW|NP"
    r"|PMP|PharmD|PsyD|RDN?|RN))\.?"
)
_INITIALS = re.compile(r"(?!MA|MD)[A-Z]{2}")
_BETWEEN_PEOPLE = re.compile(rf"[,;](?!\s*{_DEGREE}\s*(?:[,;&]|$))|\s&\s", re.I)
"""Separates names, but not a name and a degree, as in `Ann Lee, PhD`."""
_AND = re.compile(r"(?P<left>[^,;&]{0,200}?),? and (?=[^\W\d_a-z][\w.'’-]{0,40},? [^\W\d_a-z])")
"""The word before a whole name, as in `Ann Lee and Bob Ray`."""
_OF = re.compile(r"\b(?:of|for)\b")
_SURNAME = r"(?:[^\W\d_A-Z][^\W\d_]* )*[^\s,()]+"
_SURNAME_FIRST = re.compile(rf"^({_SURNAME}), ([^,()]+)((?i:, {_DEGREE})*)( \([^()]+\))?$")
_SURNAMES_FIRST = re.compile(_SURNAME_FIRST.pattern.replace(_SURNAME, r"[^,()]+"))
"""Matches `Lee, Ann` and, if all names of a list have this order, `García Márquez, Gabriel`."""
_FORMS = {"YAML": (_RULE, _RULE), "TOML": (_TOML, _TOML), "JSON": _JSON}
_KEY = re.compile(r"([^\W\d_][\w .-]{0,40}):(?:\s+(.*)|$)")
_LINE = re.compile(rf"{_KEY.pattern}|\s*-\s|\s+\S|#|\]|\}}|\s*$")
_KEYS = {
    "title": "title", "aliases": "alias aliases redirect_from", "language": "lang language", "slug": "slug",
    "date": "date day published created publishdate pubdate date_published datepublished date_created datecreated"
            " created_at creation_date", "youtube": "youtube vimeo",
    "people": "author authors speaker speakers guest guests host hosts cohost cohosts presenter presenters",
    "summary": "description summary subtitle excerpt", "place": "place location", "licence": "licence license",
    "artwork": "image cover images thumbnail cover_image image_url episode_image itunes_image",
    "links": "url link source website canonical canonical_url canonicalurl permalink",
    "duration": "duration podcast_duration audio_duration episode_duration itunes_duration",
    "guid": "guid podcast_guid", "season": "season season_number", "chapters": "chapters chapters_url podcast_chapters",
    "number": "episode episode_number episodenumber podcast_episode itunes_episode number",
    "audio": "audio audio_url audio_file podcast_file podcast_url podcast_link podcast_mp3 podcast_audio mp3 mp3_url"
             " enclosure enclosure_url file media_url",
    "bytes": "podcast_bytes podcast_length length audio_length audio_bytes audio_size audio_file_size enclosure_length",
    "type": "audio_type podcast_type enclosure_type",
    "status": "status draft publish private visibility dg_publish",
}  # fmt: skip
"""Maps each field to its possible front matter keys, the most reliable first."""
_DATE_LINK = re.compile(r"\[\[(?:[^\[\]|]*/)?([^\[\]|/]+)(?:\|[^\[\]|]*)?\]\]")
"""A link to a daily note, such as `[[Daily/2024-03-08|Friday]]`."""
_DATE = re.compile(rf"[\"'\s]*(?:{_KEYS['date'].replace(' ', '|')})[\"'\s]*[:=]", re.I)
NAMES = {key: name for name, keys in _KEYS.items() for key in keys.split()}
_TAGS = ("tags", "tag", "categories", "category", "keywords")
_STATUSES = {
    "status draft": "draft", "status cancelled": "cancelled", "draft true": "draft", "draft false": "",
    "status published": "", "status public": "", "status done": "", "status final": "", "status ready": "",
    "publish true": "", "publish false": "draft", "published true": "", "published false": "draft",
    "dg_publish true": "", "dg_publish false": "draft", "private true": "draft", "private false": "",
    "visibility public": "", "visibility private": "draft", "status private": "draft", "status unpublished": "draft",
}  # fmt: skip
_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
"""Words for true and false in YAML 1.1, which most programs read."""


@dataclass(slots=True)
class Head:
    """Front matter: its lines, fields and tags. `values` contains fields of an episode, and the aliases of the note.
    `day` is the episode's date. If `day_first` is false, dates such as `3/4/2024` begin with the month; None means
    unknown. `is_unsure` is true if `day` depends on this. `unread` lists the keys whose values aren't all imported."""

    lines: Sequence[Line] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    chapters: list[str] = field(default_factory=list)
    day: date | None = None
    day_first: bool | None = None
    is_unsure: bool = False
    unread: list[str] = field(default_factory=list)


def head_order(texts: Iterable[str]) -> bool | None:
    """Check whether dates such as `3/4/2024` in front matter of these notes begin with the day; None means unknown."""
    return day_order(line for text in texts for line in text.split("\n", MAX_LINES)[:MAX_LINES] if _DATE.match(line))


def read_head(lines: Sequence[Line], name: str = "", is_jekyll: bool = False, day_first: bool | None = None) -> Head:
    """Read the front matter at the beginning of the note `name`, in one or more blocks. In Jekyll, spaces may separate
    tags. If `day_first` is false, dates such as `3/4/2024` begin with the month. Raises ContentError."""
    end, fields, tags, unread = 0, dict[str, Any](), dict[str, None](), dict[str, None]()
    while (block := _block(lines, end, name)) is not None:
        end, found = block[0], dict[str, Any]()
        # keys are equal if they differ only in case
        unread |= {key: None for key, value in _flat(block[1]) if found.setdefault(key, value) != value}
        for key in _TAGS:
            value = found.pop(key, None)
            if is_jekyll and key in {"tags", "categories"} and isinstance(value, str) and not re.search("[,;&]", value):
                value = value.split()
            tags |= dict.fromkeys(filter(None, (one.lstrip("#[]\"' ").rstrip("[]\"' ") for one in _items(value))))
        unread |= {key: None for key, value in found.items() if fields.get(key, value) != value}
        fields = found | fields
    head = Head(lines[:end], fields, tuple(tags), day_first=day_first)
    dates = (_DATE_LINK.sub(r"\1", text) for key in _KEYS["date"].split() for text in _texts(fields.get(key)))
    dated = next((text for text in dates if read_date(text, day_first)), "")
    head.day = read_date(dated, day_first)
    head.is_unsure = day_first is None and read_date(dated, day_first=False) != head.day
    for key, value in fields.items():
        if value and not _store(head, key, value):
            texts = _texts(value)
            is_plain = key not in unread and len(texts) == (len(value) if isinstance(value, list) else 1)
            unread |= {} if is_plain else {key: None}
            head.extra |= {f"x-{make_slug(key)}": texts if isinstance(value, list) else texts[0]} if is_plain else {}
    # a date that can't be read is kept as text
    unread |= {key: None for key in _KEYS["date"].split() if not head.day and f"x-{make_slug(key)}" in head.extra}
    head.unread += unread
    size, type = head.values.pop("bytes", None), head.values.pop("type", None)
    if url := head.values.get("audio"):
        type = type or AUDIO_TYPES.get(splitext(urlsplit(url).path)[1].lower())
        head.values["audio"] = {"url": url} | ({"type": type} if type else {}) | ({"bytes": size} if size else {})
    else:
        head.extra |= {f"x-audio-{name}": one for name, one in (("type", type), ("bytes", size)) if one}
    return head


def with_properties(lines: Sequence[Line], name: str) -> Sequence[Line]:
    """Return a page that Notion exported with its properties, lines such as `Guests: Ann Lee` below the title, as front
    matter. The names of such files end with an id. Other lines are returned as they are."""
    found: dict[str, Line] = {}
    texts = [line.text for line in lines[: MAX_PROPERTIES + 2]]
    if NOTION_ID.search(name) and re.match(r"#\s", "".join(texts[:1])) and texts[1:2] == [""]:
        for line in lines[2 : MAX_PROPERTIES + 2]:
            if not (pair := _KEY.match(line.text)):
                break
            # a relation is a title with the address of its page
            value = _NOTION_PAGE.sub("", pair[2] or "").removeprefix("@")
            found.setdefault(pair[1], Line(line.number, f"{pair[1]}: {json.dumps(value, ensure_ascii=False)}"))
    end = len(found) + 2
    # lines such as `Note: …`, and one sentence such as `Source: …`, are text
    is_text = not {re.sub("[ .-]", "_", key.casefold()) for key in found} & {*NAMES, *_TAGS}
    is_text |= len(found) == 1 and any(re.search(r".{80}|[.!?]\"$", line.text) for line in found.values())
    if not found or is_text or "".join(texts[end : end + 1]).strip():
        return lines
    rule = Line(lines[2].number, "---")
    return [rule, *found.values(), rule, lines[0], *lines[end:]]


def _flat(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield fields with lower-case keys, and the fields of mappings: `audio: {url: …}` and `audio url: …` become
    `audio_url`, and `rating: {taste: …}`, which isn't a field of an episode, becomes `rating.taste`."""
    for key, value in fields.items():
        for name, own in _flat(value) if isinstance(value, dict) else [("", value)]:
            whole = f"{key}.{name}".rstrip(".").casefold().removeprefix("params.")
            known = (re.sub("[. -]", mark, whole) for mark in ("_", ""))
            yield next((one for one in known if one in NAMES or one in _TAGS), whole), own


def _block(lines: Sequence[Line], at: int, name: str) -> tuple[int, dict[str, Any]] | None:
    """Return the end index and the fields of a front matter block, or None if there is no block at `at`. The first
    block of a note may be YAML, TOML or JSON; further blocks must be valid YAML."""
    start = next((index for index in range(at, len(lines)) if lines[index].text.strip()), len(lines))
    texts = [line.text for line in lines[start : start + MAX_LINES]]
    form = next((form for form, (opening, _) in _FORMS.items() if texts and opening.match(texts[0])), "")
    if not form or (at and form != "YAML"):
        return None
    outer = form != "JSON"  # unlike `---` and `+++`, the braces are part of the data
    end = next((index for index, text in enumerate(texts) if index >= outer and _FORMS[form][1].match(text)), 0)
    block = texts[outer : end + (not outer)]
    is_sure = form != "YAML" or (not at and _KEY.match("".join(texts[1:2])))
    # a title between rules isn't front matter; a comment before the first key may be one at the start of a note
    keys = [text.lstrip() for text in block if text.strip() and (at or not text.startswith("#"))]
    marks = (_KEY.match(text.lstrip("# ")) for text in block if text.strip())
    is_comment = (
        not (at or keys)
        and any(map(str.strip, block))
        and all(key and key[1].casefold() in (*NAMES, *_TAGS) for key in marks)
    )
    if not is_sure and not ((_KEY.match(keys[0]) if keys else is_comment) and all(map(_LINE.match, block))):
        return None
    number = lines[start].number
    if outer and not end:
        remedy = f"write {texts[0].strip()} on the line after it"
        raise content_error(name, "the front matter has no end", remedy, Span(number, 1))
    return start + end + 1, _fields(name, form, "\n".join(block), number + outer)


def _fields(name: str, form: str, text: str, line: int) -> Any:
    """Return the fields in front matter that begins at line `line`. Values in TOML and JSON are read as if they were
    written in YAML. Raises ContentError with positions in the original text."""
    if form == "YAML":
        return read_yaml(text, name, line, MAX_FRONT_MATTER).value
    try:
        if form == "TOML" and (len(text) > MAX_FRONT_MATTER or _DEEP_KEY.search(text)):
            raise ValueError("it is too long, or a key has too many parts")  # tomllib takes quadratic time
        values = tomllib.loads(text) if form == "TOML" else json.loads(text)
        as_yaml = json.dumps(values, default=str, ensure_ascii=False)
        as_yaml.encode()  # raises UnicodeEncodeError for half of a surrogate pair
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+),? column (\d+)", str(error)) or ("", "1", "1")
        if "(at end of document)" in str(error):
            found = ("", str(text.count("\n") + 1), str(len(text.rpartition("\n")[2]) + 1))
        place = Span(line + int(found[1]) - 1, int(found[2]))
        what = visible(re.split(r" \(at |: line ", str(error))[0])
        raise content_error(name, f"the front matter is not valid {form}: {what}", "correct it", place) from None
    refuse_invisible(text, name, line)
    if form == "JSON":
        # parse JSON as YAML too, because the `json` module accepts duplicate keys; YAML forbids surrogates
        read_yaml(_SURROGATE.sub(r"\\ue", text), name, line, MAX_FRONT_MATTER)
    try:
        return read_yaml(as_yaml, name, line, MAX_FRONT_MATTER).value
    except ContentError as error:
        raise ContentError(replace(one, span=Span(line, 1)) for one in error.problems) from None


def _store(head: Head, key: str, value: Any) -> bool:
    """Store a field in `head.values`. Return False if an episode has no such field, or if the value can't be used."""
    name, texts = NAMES.get(key, "x-"), list(filter(None, _texts(value)))
    text = texts[0] if texts else ""
    status = _STATUSES.get(f"{key} {_BOOLEANS.get(text.casefold(), text)}".casefold())
    if status == "":
        return True
    name = "status" if status else name
    items = value if isinstance(value, list) else []
    maps = [{str(name).casefold(): own for name, own in one.items()} for one in items if isinstance(one, dict)]
    stored: Any = text if len(texts) == 1 else ""
    match name:
        case "status":
            stored = status
        case "people":
            stored = _people(key.removesuffix("s"), value, maps)
        case "aliases" | "links" if old := [one for one in _items(value) if _is_path(key, one)]:
            addresses = (quote(f"/{one.lstrip('/')}", safe=punctuation) for one in old)
            usable = list(filter(_PATH.fullmatch, addresses))
            head.values["redirects"] = list(dict.fromkeys([*head.values.get("redirects", []), *usable]))
            rest = [one for one in _items(value) if one not in old]
            return len(usable) == len(old) and (not rest or _store(head, key, rest))
        case "aliases":
            stored = head.extra[f"x-{make_slug(key)}"] = _items(value)
        case "links":
            links = [
                links_in(one) or ([(urlsplit(one).netloc.removeprefix("www."), one)] if is_allowed_url(one) else [])
                for one in texts
            ]
            stored = [{"title": label, "url": url} for own in links for label, url in own] if all(links) else []
        case "youtube":
            site, address = SITES[key]
            url = f"{address}{text}" if re.fullmatch(r"[\w-]+", text) else text
            name, stored = "links", [{"title": site, "url": url}] if is_allowed_url(url) else []
        case "artwork" | "audio":
            text = re.sub("^//", "https://", text)
            stored = text if text.startswith("http") and is_allowed_url(text) else ""
        case "chapters" if items:
            named = [f"{_take(one, 'time start starttime')} {_take(one, 'title name')}" for one in maps]
            head.chapters, stored = [*texts, *named], ""
        case "duration":
            stored = duration_field(read_length(text))
        case "number" | "season":
            stored = whole_number(text, 4)
        case "bytes" if "length" in key and not _SIZE.fullmatch(text) and (length := read_length(text)) is not None:
            name, stored = "duration", duration_field(length)
        case "bytes":
            stored = whole_number(text, 12)
        case "type":
            stored = text if re.fullmatch(r"(?:audio|video)/[A-Za-z0-9.+-]+", text) else ""
        case "date":
            return read_date(_DATE_LINK.sub(r"\1", text), head.day_first) == head.day is not None
        case "" | "x-":
            return not name
    head.unread += dict.fromkeys(f"{key}: {part}" for one in maps for part in one)
    if isinstance(stored, list):
        head.values[name] = [*head.values.get(name, []), *stored][:MAX_VALUES]
    elif stored or stored == 0:
        # another key may have another value for the same field
        return head.values.setdefault(name, stored) == stored and len(texts) == 1
    return bool(stored) or name == "chapters"


def _people(role: str, value: Any, maps: Sequence[dict[str, Any]]) -> list[Person]:
    if isinstance(value, str):
        value = " ".join(value.split())
        # not in `Faculty of Arts and Social Sciences`
        value = _AND.sub(lambda found: found[0] if _OF.search(found["left"]) else f"{found['left']};", value)
        # as in `Lee, Ann; Ray, Bob`, but not `Ann Lee, PhD; Bob Ray` or `Ann Lee, Google; Bob Ray`
        names = [one.strip() for one in value.split(";")] if ";" in value else []
        swapped = [one for one in names if _BETWEEN_PEOPLE.search(one)]
        is_list = swapped == names and any(map(_SURNAME_FIRST.match, names))
        form = _SURNAMES_FIRST if is_list else _SURNAME_FIRST
        if all(map(form.match, swapped)):
            value = [form.sub(r"\2 \1\3\4", one) if one in swapped else one for one in names] or value
    people: list[str] = []
    for name in filter(None, map(bare_text, _items(value, _BETWEEN_PEOPLE))):
        first, _, degree = name.partition(", ")
        # YAML reads `[Ann Lee, PhD]` as two items; two letters may be the initials of another person
        if re.fullmatch(_DEGREE, name, re.I) and " " in "".join(people[-1:]) and not _INITIALS.fullmatch(name):
            people[-1] += f", {name}"
        elif " " not in first and _INITIALS.fullmatch(degree):
            people += [first, degree]
        else:
            people.append(name)
    found = list[Person]()
    for name in people:
        linked = re.fullmatch(r"([^()]+) \((https?://[^()\s]+)\)", name)
        is_link = linked is not None and is_allowed_url(linked[2])
        found.append(read_person(linked[1], role, "", linked[2]) if linked and is_link else Person(name, role))
    for one in maps:
        name, own, url = _take(one, "name title"), _take(one, "role"), _take(one, "url link website")
        found += [read_person(name, own or role, "", url if is_allowed_url(url) else "")] if name else []
    return found


def _is_path(key: str, text: str) -> bool:
    """Check whether the value of a key is a former address on the site, not a web address or a name."""
    is_alias = NAMES[key] == "aliases" and "/" in text and bool(_PATH.fullmatch(f"/{text}"))
    return text.startswith("/") or is_alias or (key == "permalink" and not is_allowed_url(text))


def _take(fields: dict[str, Any], names: str) -> str:
    """Remove the first non-empty field in `names` from `fields`, and return its text, or "" if there is none."""
    return next((bare_text(str(fields.pop(name))) for name in names.split() if fields.get(name)), "")


def _items(value: Any, separator: re.Pattern[str] = _SEPARATOR) -> list[str]:
    """Return the items of a list. A string is split at `,`, `;` and ` & `, or at another `separator`."""
    texts = _texts(value)
    if not isinstance(value, list):
        texts = [one.strip() for text in texts for one in separator.split(text)]
    return list(filter(None, texts))


def _texts(value: Any) -> list[str]:
    """Return the strings in a value and in its nested lists, because YAML reads `[[Name]]` as a list of lists."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [" ".join(value.split())] if isinstance(value, str) else []

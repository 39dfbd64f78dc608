"""Formats dates, durations, sizes, numbers and lists. Also generates the labels for the theme and the scripts."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from html import escape
from itertools import groupby
from typing import Literal
from urllib.parse import urlsplit

from mlguide_site.errors import is_printable
from mlguide_site.markdown.formulas import plain_formulas
from mlguide_site.markdown.sentences import sentence_ends
from mlguide_site.model.wording import Wording, direction, locale_of

Translate = Callable[..., str]
"""A function like `Wording.translate`: it returns the label of a key, with a value in place of each `{}`."""
_CLAUSE_END = re.compile(r"[,;:،؛] | [–—] |[、，；：]")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LAST_FORMULA = re.compile(r"([^$]+): \$([^$]+)\$\.?")
_NUMBER = re.compile(r"(?<=\w) (?=\d+\b)")
GIST = 96  # maximum length of a short summary
SHORT = 30  # a title of at most this length is on one line


def clamp(text: str, limit: int) -> str:
    """Shorten a string to at most `limit` characters, between words if possible."""
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", limit // 2, limit)
    return text[: cut if cut > 0 else limit - 1].rstrip(" ,;:.–-") + "…"


def teaser(text: str, limit: int) -> str:
    """Shorten a text to `limit` characters, after a sentence, or else after a clause, or else a word or formula."""
    if len(text) <= limit:
        return text
    ends = [sign + 1 for sign in sentence_ends(text)[0] if limit // 3 < sign < limit]
    whole = [text[:end] for end in ends if not text.count("$", 0, end) % 2]
    if whole:
        return whole[-1]
    plain = plain_formulas(text)
    clauses = [mark.start() for mark in _CLAUSE_END.finditer(plain, limit // 3, limit)]
    return f"{plain[: clauses[-1]]}…" if clauses and len(plain) > limit else clamp(plain, limit)


def after_sentence(text: str) -> tuple[str, str]:
    """Split a text after its first sentence, but not within a formula. The second part may be empty."""
    signs = (sign + 1 for sign in sentence_ends(text)[0] if not text.count("$", 0, sign) % 2)
    end = next(signs, len(text))
    return text[:end], text[end:].strip()


def split_formula(sentence: str) -> tuple[str, str]:
    """Split a sentence into its text and the formula after the colon that ends it, which becomes a block, or ""."""
    found = _LAST_FORMULA.fullmatch(sentence)
    return (f"{found[1]}:", f"$${found[2]}$$") if found else (sentence, "")


def unbroken(title: str, short: int = SHORT) -> str:
    """Put a no-break space before each number in a title of more than `short` characters, as in "Veo 3"."""
    return _NUMBER.sub("\u00a0", title) if len(title) > short else title


def gist(summary: str) -> str:
    """Return a summary up to the end of a sentence, or else up to a sign such as a colon, or else up to the first comma
    that leaves enough text. If this comma is in a list, return all of the summary, because a list without its last part
    reads like a mistake."""
    text, plain = teaser(summary, GIST), plain_formulas(summary)
    if not text.endswith("…"):
        return text
    if (end := max(plain.rfind(sign, GIST // 4, GIST) for sign in (":", ";", " – ", "：", "；"))) > 0:
        return plain[:end]
    if not (comma := _CLAUSE_END.search(plain, GIST // 4, GIST)):
        return clamp(plain, GIST)
    clause = plain[: comma.start()]
    return plain if _CLAUSE_END.search(clause) else clause


def plain_line(text: str) -> str:
    """Return a string as one line, without unprintable characters."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(filter(is_printable, line))


def day(value: date | None, language: str = "en", parts: Literal["dMy", "My", "dM", "M"] = "dMy") -> str:
    """Return a date, or only its month and year, its day and month or its month, in the site's language, or in ISO 8601
    if the language is unknown."""
    if value is None:
        return ""
    if language.partition("-")[0].lower() == "en":
        named = {"d": str(value.day), "M": _MONTHS[value.month - 1], "y": str(value.year)}
        return " ".join(named[part] for part in parts)
    # Babel is imported on demand, because most sites are English and don't need it
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415

    if not (locale := locale_of(language)):
        return value.isoformat()[0 if "y" in parts else 5 : 10 if "d" in parts else 7]
    if parts == "dMy":
        return format_date(value, "long", locale)
    return format_skeleton({"My": "yMMMM", "dM": "MMMMd", "M": "MMM"}[parts], value, locale=locale)


@cache
def language(tag: str, site: str = "en") -> str:
    """Return the name of a language in the site's language (Unicode CLDR), or the tag if the CLDR has no name. Return
    "" if the language is the site's language, even if the region differs."""
    first, own = (name.replace("_", "-").partition("-")[0].lower() for name in (tag, site))
    if first == own:
        return ""
    names = locale.languages if (locale := locale_of(site)) else {}
    return str(names.get(str(locale_of(tag))) or names.get(first) or tag)


def length(seconds: int | None, translate: Translate) -> str:
    """Format a duration as hours and minutes, or as seconds if the duration is under a minute."""
    if not seconds:
        return ""
    if seconds < 60:
        return translate("n-seconds", seconds)
    amounts = zip(("n-hours", "n-minutes"), divmod((seconds + 30) // 60, 60), strict=True)
    return " ".join(translate(label, amount) for label, amount in amounts if amount)


def total_length(seconds: Sequence[int], translate: Translate) -> str:
    """Format the sum of durations: "about 2 h" if one is unknown (0), or "" if too little is known."""
    total, unknown = sum(seconds), seconds.count(0)
    if unknown and (2 * unknown > len(seconds) or total < 3600):
        return ""
    return translate("about-length", translate("n-hours", round(total / 3600))) if unknown else length(total, translate)


def clock(seconds: float) -> str:
    """Format a position in an episode (in seconds) as hours, minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(count: int | None) -> str:
    """Return a number of bytes in MB or kB (decimal units)."""
    if not count:
        return ""
    return f"{round(count / 1e6)} MB" if count >= 1_000_000 else f"{max(1, round(count / 1e3))} kB"


def role(name: str, translate: Translate) -> str:
    """Return a role of a person in the site's language. A custom role isn't translated, even if it is a label's key."""
    return translate(name) if name in ("host", "guest", "co-host", "author") else name


def listing(names: Sequence[str], translate: Translate, limit: int = 3) -> str:
    """Join names in the site's language, as in "A, B and C". More than `limit` names become "A, B, C and 2 more"."""
    shown = list(names[:limit])
    if len(names) > limit:
        shown.append(translate("n-more", len(names) - limit))
    if len(shown) < 2:
        return "".join(shown)
    return translate("list-last", translate("list-separator").join(shown[:-1]), shown[-1])


def ranges(numbers: Iterable[int]) -> tuple[str, ...]:
    """Return ascending numbers as strings. Three or more consecutive numbers become a range, such as `3–5`."""
    parts: list[str] = []
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        found = [str(number) for _, number in run]
        parts += [f"{found[0]}–{found[-1]}"] if len(found) > 2 else found
    return tuple(parts)


def host(address: str) -> str:
    """Return the host of a web address. For a `mailto:` address, return the mail address."""
    try:
        name = urlsplit(address).hostname
    except ValueError:
        name = None
    return (name or address.removeprefix("mailto:")).removeprefix("www.")


WORDS_PARTIAL = "partials/words.html"
WORDS_SCRIPT = "assets/mlguide/words.js"
COUNTED = ("card", "episode", "person", "resource", "result", "term", "tool")  # nouns counted in scripts


def theme_words(wording: Wording) -> bytes:
    """Return the template with `labels`, which are escaped for HTML, and `direction` for the theme's templates."""
    labels = {key: escape(label) for key, label in {**wording.labels, **wording.script_labels}.items()}
    data = json.dumps(labels, ensure_ascii=False, sort_keys=True)[1:-1]
    # braces are escaped, so that labels can't contain template syntax
    data = data.replace("{", "\\u007b").replace("}", "\\u007d")
    return f'{{% set direction = "{direction(wording.language)}" %}}{{% set labels = {{{data}}} %}}\n'.encode()


def script_words(wording: Wording, script: bytes) -> bytes:
    """Return the script module `words.js` with the labels in the site's language. Other scripts import this module."""
    table = {
        "language": wording.language,
        "labels": wording.script_labels,
        "counts": {noun: wording.counts[noun] for noun in COUNTED if noun in wording.counts},
        "thousands": wording.thousands,
    }
    # JSON in ASCII without "<" can't contain `</script>` or a line separator
    data = json.dumps(table, ensure_ascii=True, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
    return script.replace(b"DATA\n", f"{data}\n".encode(), 1)


def after_link(text: str, slug: str) -> tuple[str, str]:
    """Split Markdown after the first paragraph with a link to the page of an entry. Otherwise, the second part is
    empty."""
    link = rf"/{slug}(?:/index)?\.md\)"
    found = re.search(rf"(?:\A|\n\n)(?:\[|[*_]*[^\W\d])(?:.+\n)*?.*{link}.*(?:\n.+)*", text) if slug else None
    return (text[: found.end()], text[found.end() :]) if found else (text, "")

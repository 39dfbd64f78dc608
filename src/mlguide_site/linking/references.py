"""Finds references to episodes in texts and addresses.

Suppose that a series has the id mlg, the prefix MLG, the title "Machine Learning Guide" and the address
https://ocdevel.com/mlg/{number}. References to its episodes then have these forms:
- `MLG 9`, `MLG009`, `MLG-9`, `mlg/9`, `MLG #9`, `MLG episode 9`, `Machine Learning Guide episode 9`;
- `episode 9 of MLG`, `episode 9 of the Machine Learning Guide`;
- `mlg-009`, `mlg-s2-003`, `mlg-trailer` (ids, with or without `.md`; an id without a number must exist);
- `ocdevel.com/mlg/9`, `/mlg/9` and `mlg/9`, with or without scheme, `www.`, final slash and fragment;
- the forms in `references` of the series' entry, with a number in place of `{number}`;
- `MLG S2E3`, and in the series' own notes `S2E3` and `season 2 episode 3`, if numbers restart each season;
- `episode 9` in the series' own notes, if the series is a podcast and the only series of the root;
- a range (`18-20`, `18 to 20`) or list (`18, 19 and 20`, `18/19`) instead of a number, except in ids and addresses.

A prefix that looks like a word ("Day", "Lecture") is recognised only in the series' own notes, and only if capitalised.
For a prefix of one or two letters, the case must match."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from mlguide_site.linking.folding import lower
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.digests import digest
from mlguide_site.model.records import Series, SeriesKind
from mlguide_site.model.slugs import parse_id, series_of

MAX_RANGE = 25
MAX_LIST = 40
MAX_FORMS = 10  # maximum number of forms with the same trigger (see `_Form`)
MAX_SHARED = 20  # maximum number of series with the same form
MAX_NESTED = 4  # maximum number of triggers to test at each word, longest first
MAX_TRIGGER = 64  # maximum length of a trigger
MAX_MATCHES = 100_000  # maximum number of matches in a text
MAX_FOUND = 10_000  # maximum number of references in a text
_SPACE = r"[ \xa0\n]"
_WORD = r"(?:episodes?|eps?\.?|nos?\.?|numbers?)"
_EPISODE = (
    "ep eps episode episodes épisode épisodes episodio episódio puntata folge folgen aflevering avsnitt afsnit jakso "
    "odcinek выпуск эпизод випуск епізод επεισόδιο الحلقة"
).split()
"""The words before the number of an episode, in several languages."""
_OF = "of|from|von|vom|aus|des?|du|di|del|della|van|av|af|из|з|του|من"
_NUMBER = r"(?P<number>\d{1,5})"
_BEFORE_NUMBER = rf"(?:[-–_/#]|(?:['’]s)?,?{_SPACE}(?:#|{_WORD}{_SPACE}?#?)|{_SPACE}|)"
_SEASON = rf"s(?:eason{_SPACE})?(?P<season>\d{{1,3}}),?{_SPACE}?e(?:pisode{_SPACE})?{_NUMBER}"
_ADDRESS_END = r"(?:/(?![\w/]))?(?:[?#](?:[\w\-./?#=&%+~:]{0,200}[\w/=])?)?(?![\w/=%-])(?!\.\w)"
_FIELD = re.compile(r"\{number(?::(0\d+))?\}")
_FIELD_MARK = "\x00"
_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")
_WORDLIKE = re.compile(r"[A-Z][a-z]+")
_BEGINS = r"(?<![\w/.@#&\\=~])(?<!(?<!\d)-)"
"""Matches a position where a reference may begin: outside words, addresses and paths."""
_ENDS = r"(?![\w%°]|[.:]\d|,\d{3}(?!\d)|-[^\W\d])"
"""Matches the end of a number that isn't part of a version, time, percentage, amount or compound word."""
_FRACTION = re.compile(r"/\d")
_QUANTITY = (
    rf"(?:{_SPACE}|-)(?:percent|times|seconds?|min\w*|hours?|days?|weeks?|months?|years?|others?|more|people|books?|"
    r"videos?|articles?|papers?|links?|pages?|chapters?|parts?|steps?|tools?|ways?|things?|million|billion|thousand|"
    r"dollars?|euros?|points?|jan\w*|feb\w*|march|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\b"
)
_NEXT = re.compile(
    rf"(?:(?P<range>[-–—‑]|{_SPACE}(?:to|through){_SPACE})|{_SPACE}?[,;]{_SPACE}?(?:(?:and|or|&){_SPACE})?"
    rf"|{_SPACE}(?:and|or|&|\+){_SPACE}|/)(?P<shown>#?{_NUMBER})(?(range)(?!-\d)){_ENDS}(?!{_QUANTITY})",
    re.IGNORECASE,
)
"""Matches the next number of a range or list, unless the number is a quantity ("and 3 books")."""


class FoundReference(NamedTuple):
    """A reference in a text. `series` are the series that the episode may be in. `season` is -1 if the reference has no
    season. `number` is -1 if the reference has an `id` instead. `own` is true if the reference is valid only in the
    series' own notes. `further` is true if the reference isn't the first of its range or list. `inside` is the
    number of episodes inside the range that the reference ends, such as 1 for `18-20`."""

    series: tuple[str, ...]
    season: int
    number: int
    id: str
    start: int
    end: int
    own: bool = False
    further: bool = False
    inside: int = 0


@dataclass(frozen=True)
class _Form:
    """A form in which texts refer to an episode. A search tries the form's pattern only at the text `trigger`. `own` is
    true if the form is valid only in the series' own notes. `address` is true for a web address, a path or a file name.
    `id` is the episode's id if the form has no number. `before` is a pattern for the text before the trigger."""

    series: tuple[str, ...]
    trigger: str
    spelled: str
    own: bool = False
    address: bool = False
    id: str = ""
    before: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(_BEGINS + self.before + self.spelled + _ENDS, re.IGNORECASE)

    def match(self, text: str, at: int) -> re.Match[str] | None:
        lead = re.search(rf"(?:{self.before})\Z", text[max(0, at - MAX_TRIGGER) : at], re.I) if self.before else None
        return self.pattern.match(text, at - len(lead[0]) if lead else at)

    def read(self, match: re.Match[str]) -> list[FoundReference]:
        """Return the references in a match, and in the range or list that follows. Return [] for a fraction ("3/4")."""
        number, season = (int(match.groupdict().get(name) or -1) for name in ("number", "season"))
        found = [FoundReference(self.series, season, number, self.id, match.start(), match.end(), self.own)]
        if self.spelled.endswith(_NUMBER):
            found += _further(found[0], match.string)
        return [] if _FRACTION.match(match.string, found[-1].end) else found


@dataclass(frozen=True)
class ReferenceTable:
    """The forms of references, such as `MLG 12`, to the episodes of all series."""

    forms: tuple[_Form, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> "ReferenceTable":
        slugs: dict[str, set[str]] = defaultdict(set)
        seasonal = set()
        for id, file in catalog.episodes.items():
            former = [(name, one) for one in file.meta.former for name in series_of(one, catalog.series)]
            for name, one in ((file.series, id), *former):
                key = parse_id(name, one)
                if key is not None and key.number is None:
                    slugs[name].add(one)
                elif one == id and key is not None and key.season is not None:
                    seasonal.add(name)
        forms: list[_Form] = []
        for id, series in catalog.series.items():
            is_only_podcast = len(catalog.series) == 1 and series.kind is SeriesKind.PODCAST
            forms += _forms_of(id, series, id in seasonal, is_only_podcast, sorted(slugs[id]))
        series_of_form: dict[_Form, list[str]] = defaultdict(list)
        for form in forms:
            series_of_form[replace(form, series=())] += form.series
        return cls(tuple(replace(form, series=tuple(own[:MAX_SHARED])) for form, own in series_of_form.items()))

    @cached_property
    def fingerprint(self) -> str:
        return digest(repr(self.forms))

    @cached_property
    def by_trigger(self) -> Mapping[str, Sequence[_Form]]:
        table: dict[str, list[_Form]] = defaultdict(list)
        for form in self.forms:
            if len(table[form.trigger]) < MAX_FORMS:
                table[form.trigger].append(form)
        return table

    @cached_property
    def extents(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """Maps the first word of each trigger to (length of the trigger, offset of the word in the trigger)."""
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for trigger in self.by_trigger:
            if word := _WORD_OR_NUMBER.search(trigger):
                found[word[0]].add((len(trigger), word.start()))
        return {word: sorted(extents, reverse=True) for word, extents in found.items()}

    def places(self, low: str) -> Iterator[tuple[int, _Form]]:
        """Yield (position, form) for each occurrence of a trigger in a lower-case text, and for each of its forms."""
        for word in _WORD_OR_NUMBER.finditer(low):
            starts = ((word.start() - lead, length) for length, lead in self.extents.get(word[0], ()))
            triggers = ((at, low[at : at + length]) for at, length in starts if at >= 0)
            for at, trigger in islice((one for one in triggers if one[1] in self.by_trigger), MAX_NESTED):
                yield from ((at, form) for form in self.by_trigger[trigger])

    def find(self, text: str) -> list[FoundReference]:
        """Return all references in a text, in order. If references overlap, return only the leftmost. If they start at
        the same position, return the longest. Return a reference that several series share once."""
        matches = ((form, match) for at, form in self.places(_lowered(text)) if (match := form.match(text, at)))
        result: list[FoundReference] = []
        until = 0
        found = sorted(islice(matches, MAX_MATCHES), key=lambda one: one[1].start())
        for start, group in groupby(found, key=lambda one: one[1].start()):
            read = [those for form, match in group if start >= until and (those := form.read(match))]
            if read:
                until = max(those[-1].end for those in read)
                # a form that is valid in all notes takes precedence over a form for the series' own notes
                same = sorted((those for those in read if those[-1].end == until), key=lambda those: those[0].own)
                series = _shared([those[0] for those in same]).series
                result += [one._replace(series=series) for one in same[0]]
            if len(result) >= MAX_FOUND:
                break
        return result[:MAX_FOUND]

    def of_address(self, address: str) -> FoundReference | None:
        """Return the reference in a link's address, or None. The address can be an episode's official address, with or
        without scheme and host, or the path of a note file (`../mla/mla-012.md#notes`)."""
        place = address.partition("#")[0].partition("?")[0]
        name = "" if "://" in address else unquote(place).rstrip("/").rpartition("/")[2]
        found: list[FoundReference] = []
        for form in dict.fromkeys(form for _, form in self.places(_lowered(f"{address} {name}"))):
            texts = (address, place, name) if form.address else ()
            found += next((form.read(match) for text in texts if (match := form.pattern.fullmatch(text))), ())
        return _shared(found) if found else None


def _shared(found: Sequence[FoundReference]) -> FoundReference:
    """Return the first reference. Add the series of the other references that have the same season, number and id."""
    first = found[0]
    same = [one for one in found if (one.own, *one[1:4]) == (first.own, *first[1:4])]
    return first._replace(series=tuple(dict.fromkeys(name for one in same for name in one.series)))


def _forms_of(id: str, series: Series, seasonal: bool, alone: bool, slugs: Sequence[str]) -> Iterator[_Form]:
    """Yield all forms of references to a series' episodes. `seasonal` is true if the numbers restart each season.
    `alone` is true if the series is a podcast and the only series. `slugs` are the ids without a number."""
    names = {series.title: _spelled(series.title)}
    titled = rf"{names[series.title]}(?:['’]s)?,?(?:{_SPACE}|(?=#))(?:#|{_WORD}{_SPACE}?#?){_SPACE}?{_NUMBER}"
    if trigger := _trigger(series.title):
        yield _Form((id,), trigger, titled)
    if trigger := _trigger(series.prefix or ""):
        prefix = series.prefix or ""
        wordlike = _WORDLIKE.fullmatch(prefix) is not None
        names[prefix] = _spelled(prefix)
        name = names[prefix] if len(prefix) > 2 and not wordlike else f"(?-i:{names[prefix]})"
        yield _Form((id,), trigger, f"{name}{_BEFORE_NUMBER}{_NUMBER}", own=wordlike)
        if seasonal:
            yield _Form((id,), trigger, rf"{name}(?:,?{_SPACE}|-){_SEASON}", own=wordlike)
            yield _Form((id,), f"{trigger}s"[:MAX_TRIGGER], name + _SEASON, own=wordlike)
    for text, name in names.items():
        of = rf"episode{_SPACE}#?{_NUMBER}{_SPACE}(?:of|from|in){_SPACE}(?:the{_SPACE})?"
        yield _Form((id,), _lowered(text)[:MAX_TRIGGER], rf"{name}(?!\w)", before=of)
    numbered = rf"(?-i:{re.escape(id)}-(?:s(?P<season>\d{{1,4}})-)?(?P<number>\d{{3,5}}))(?:\.md)?"
    yield _Form((id,), f"{id}-"[:MAX_TRIGGER], numbered, address=True)
    for slug in slugs:
        yield _Form((id,), slug, rf"(?-i:{re.escape(slug)})(?:\.md)?", address=True, id=slug)
    for pattern in series.references:
        head, field, tail = pattern.partition("{number}")
        if field and "{number}" not in tail and (trigger := _trigger(head)):
            wordlike = _WORDLIKE.fullmatch(head.strip()) is not None
            name = f"(?-i:{_spelled(head)})" if wordlike else _spelled(head)
            yield _Form((id,), trigger, f"{name}{_NUMBER}{_spelled(tail)}", own=wordlike)
    if series.address:
        yield from _addresses(id, series.address)
    if seasonal:
        yield from (_Form((id,), trigger, _SEASON, own=True) for trigger in ("s", "season"))
    if alone:
        # "episode 9 of X" is an episode of another show
        bare = rf"(?:{'|'.join(_EPISODE)})\.?{_SPACE}?#?(?!\d+{_SPACE}(?:{_OF}){_SPACE}){_NUMBER}"
        yield from (_Form((id,), trigger, bare, own=True) for trigger in _EPISODE)


def _addresses(id: str, address: str) -> Iterator[_Form]:
    """Yield the forms for the official addresses of a series' episodes, with and without the host."""
    parts = urlsplit(_FIELD.sub(_FIELD_MARK, address))
    if _FIELD_MARK in parts.netloc or not parts.netloc:
        return
    path = urlunsplit(("", "", *parts[2:])).strip("/")
    number = r"0{0,4}(?P<number>\d{1,5})"
    if path.endswith(f"/{_FIELD_MARK}"):
        # the number may follow the series' id, as in `/mlg/mlg-9`
        number = f"(?:{re.escape(id)}[-_]?)?{number}"
    spelled = re.escape(path).replace(_FIELD_MARK, number) + _ADDRESS_END
    host, folder = parts.netloc.rpartition("@")[2].lower().removeprefix("www."), path.partition(_FIELD_MARK)[0]
    whole, before = rf"{re.escape(host)}/{spelled}", r"(?:https?://)?(?:www\.)?"
    yield _Form((id,), _lowered(f"{host}/{folder}")[:MAX_TRIGGER], whole, address=True, before=before)
    if "/" in folder:
        yield _Form((id,), _lowered(folder)[:MAX_TRIGGER], spelled, address=True, before="/?")


def address_of(series: Series, number: int) -> str:
    """Return the official address of an episode, or "" if the series has no `address`."""
    return _FIELD.sub(lambda field: str(number).zfill(min(int((field[1] or "0")[:4]), 20)), series.address or "")


def _trigger(text: str) -> str:
    """Return the trigger for a form that begins with `text`, or "" if the first word of `text` contains no letter."""
    words = lower(text).split()
    return " ".join(words)[:MAX_TRIGGER] if words and any(map(str.isalpha, words[0])) else ""


def _lowered(text: str) -> str:
    return lower(text).replace("\xa0", " ").replace("\n", " ")


def _spelled(text: str) -> str:
    """Return a pattern that matches a text. Spaces in the text also match no-break spaces and line breaks."""
    return _SPACE.join(re.escape(part) for part in re.split(r"\s+", text.lstrip()))


def _further(first: FoundReference, text: str) -> list[FoundReference]:
    """Return the other references of a range or list. Stop at a number that isn't higher than the previous number."""
    result: list[FoundReference] = []
    last, end, count = first.number, first.end, 0
    while count < MAX_LIST and (found := _NEXT.match(text, end)):
        number = int(found["number"])
        if number <= last or (found["range"] and number - last > MAX_RANGE):
            break
        inside = number - last - 1 if found["range"] else 0
        start, last, end, count = found.start("shown"), number, found.end(), count + inside + 1
        result.append(first._replace(number=number, start=start, end=end, further=True, inside=inside))
    return result

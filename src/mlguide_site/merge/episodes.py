"""Reads a root, and merges drafts into the root's episodes."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from os.path import basename, dirname, realpath, relpath, splitext
from pathlib import Path
from typing import Any

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.knowledge import PATHS
from mlguide_site.content.root import read_root
from mlguide_site.errors import ContentError, Problem, Severity, Span, collected, counted, nearest, shortened, visible
from mlguide_site.importers import Draft, NoteLink, warning
from mlguide_site.importers.common.naming import MIN_GUID
from mlguide_site.linking.linked_catalog import TIME
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.parser import LABEL, TITLE
from mlguide_site.merge.drafts import LISTING, Read, break_long, fit_body
from mlguide_site.merge.keys import ABSENT, draft_keys, folder_keys, plain_lines
from mlguide_site.merge.match_episodes import Known, assign, is_other_episode, known_episode
from mlguide_site.merge.records import (
    FOLDER,
    Base,
    FieldBase,
    Records,
    dump_record,
    key_hash,
    line_hash,
    note_name,
    read_records,
    value_hash,
)
from mlguide_site.merge.report import Matched, PendingText
from mlguide_site.merge.sources import Loaded, load_pending, pending_path
from mlguide_site.merge.three_way import OWN_NOTES, Conflict, merge_draft, read_note
from mlguide_site.model.digests import short_digest
from mlguide_site.model.slugs import make_slug, parse_id, relative_path

MAX_ANCHOR = 240  # bytes
MAX_SUGGESTIONS = 200  # maximum number of broken links for which a similar heading is searched
_USE = re.compile(
    r"(?P<escape>(?<!\\)(?:\\\\){0,999}\\)?"  # a backslash that escapes the link, and pairs of backslashes before it
    rf"\[(?P<text>{LABEL})\]\((?P<address>note:\d{{1,9}}-\d{{1,5}})(?P<title> (?:{TITLE}))?\)"
    r"|(?<=\]\()(?P<rest>note:\d{1,9}-\d{1,5})"  # code that begins in the label may hide the end of the label
)
_COUNT = re.compile(r"-\d+(?=\.\w+$)")  # the number in the name of one of several files
_ASSET = re.compile(r"asset:([A-Za-z0-9._-]{1,200})")


@dataclass(frozen=True, slots=True)
class RootState:
    """The data of a root before an import."""

    root: Path
    files: Mapping[str, bytes]  # all text files, by path
    knowledge: Mapping[str, str]  # the texts of the knowledge files, by path
    notes: Mapping[str, str]  # the text of each note, by id
    places: Mapping[str, str]  # the series of each note, by id
    fronts: Mapping[str, Mapping[str, Any]]  # the front matter of each note, by id
    records: Records
    pending: Mapping[str, Loaded]


def note_path(series: str, id: str) -> str:
    """Return the path of an episode's note, relative to the root."""
    return f"episodes/{series}/{id}.md"


def read_state(root: Path) -> RootState:
    """Read the data that an import needs from a root. Raises ContentError for unreadable files."""
    found = read_root(root)
    notes: dict[str, str] = {}
    places: dict[str, str] = {}
    fronts: dict[str, Mapping[str, Any]] = {}
    # an unreadable note must not look like a deleted note
    problems = [one for one in found.problems if one.path.endswith((".md", ".yml")) and one.path not in found.texts]
    for path, data in found.texts.items():
        folder, _, name = path.removeprefix("episodes/").rpartition("/")
        if not path.startswith("episodes/") or not folder or "/" in folder:
            continue
        id = name.removesuffix(".md")
        if id in places:
            message = f"the note {note_path(places[id], id)} has the same id"
            problems.append(Problem(path, Span(), message, "rename or remove one of the two files"))
        with collected(problems):
            # keep a byte-order mark, so that it is written back unchanged
            notes[id] = "\ufeff" * data.startswith(b"\xef\xbb\xbf") + decode(data, path)
            fronts[id] = read_note(notes[id], path)[0]
        places[id] = folder
    records = read_records(root)
    if problems:
        raise ContentError(problems)
    knowledge = {path: decode(found.texts[path], path) for path in PATHS.values() if path in found.texts}
    return RootState(root, found.texts, knowledge, notes, places, fronts, records, load_pending(root))


class Episodes:
    """The episodes of a root during an import, and the results for the report. `choices` maps ids to the version
    (`KEEP` or `TAKE`) that resolves an episode's conflicts. If `guide` isn't None, it resolves links between notes."""

    def __init__(self, state: RootState, choices: Mapping[str, str], guide: "Guide | None" = None) -> None:
        self.state, self.choices, self.guide = state, choices, guide
        self.writes: dict[str, bytes | None] = {}  # the new bytes by path, or None to remove a file
        self.before: dict[str, bytes | None] = {}  # the old bytes of changed files beside notes
        self.matched, self.held = list[Matched](), list[PendingText]()  # matched and pending texts and files
        self.assigned: list[tuple[Draft, str, str]] = []
        self.problems, self.conflicts = set[Problem](), set[Conflict]()
        self.notes, self.places = dict(state.notes), dict(state.places)
        self.bases, self.fronts = dict(state.records.bases), dict(state.fronts)
        self.written = dict(state.records.files)  # the hashes of files that imports wrote beside notes
        self.names = {(dirname(path), own): basename(path) for path, own in self.written.items()}
        self.kept: dict[str, set[str]] = defaultdict(set)
        self.gone, self.seen = set[str](), set[str]()
        self.promotion: Counter[tuple[str, str]] = Counter()
        self._known: dict[str, Known] = {}
        self._follow_renamed()

    def _follow_renamed(self) -> None:
        """Find the import record of each note that a person renamed or moved. The record is that of a missing note with
        the same guid. A guid shorter than `MIN_GUID` identifies a note only within a series."""
        guids = {id: str(self.fronts[id].get("guid") or "") for id in self.fronts.keys() - self.bases.keys()}
        by_key: dict[str, list[str]] = defaultdict(list)
        for id, guid in guids.items():
            if guid:
                by_key[key_hash("guid", guid)].append(id)
        for old in sorted(self.bases.keys() - self.notes.keys()):
            new, *others = [id for key in self.bases[old].keys for id in by_key[key] if id not in self.bases] or [""]
            if new and not others and (self.places[new] == self.bases[old].series or len(guids[new]) >= MIN_GUID):
                self.bases[new] = replace(self.bases.pop(old), series=self.places[new])

    def path(self, id: str) -> str:
        return note_path(self.places[id], id)

    def body(self, id: str) -> str:
        return read_note(self.notes[id], self.path(id))[1]

    def known_one(self, id: str) -> Known:
        if id not in self._known:
            base, front = self.bases.get(id, Base()), self.fronts.get(id, {})
            lines = frozenset[str]()
            # a record without a body is of a planned session, whose text a person may have written in the root
            if base.body.format in OWN_NOTES if base.body else base.place:
                body = self.body(id) if id in self.notes else ""
                lines = plain_lines(body, {*base.body.lines} if base.body else None)
            self._known[id] = known_episode(id, self.places.get(id, base.series), front, base.keys, lines, base.place)
        return self._known[id]

    def assign(self, reads: Iterable[Read]) -> None:
        """Find the episode of each draft, and merge the draft into the episode."""
        for read in (read for read in reads if read.drafts):
            listed = listing_keys(read)
            places = {file: self._place_of(file) for file in {one.file for one in read.drafts}}
            drafts = (replace(one, place=places[one.file]) for one in read.drafts)
            renumbered = list[str]()
            # the episodes of the root, and imported episodes that a person deleted
            ids = (*sorted(self.fronts), *sorted(self.bases.keys() - self.notes.keys()))
            for draft, id in assign(drafts, list(map(self.known_one, ids)), listed):
                self.seen.add(id)
                if id in self.notes and draft.number is not None:
                    self._warn_of_number(draft, id)
                self.promotion.update((draft.series, pattern) for pattern in set(draft.left_out))
                if id not in self.notes and id in self.bases:
                    self.gone.add(id)
                    continue
                self.places.setdefault(id, draft.series)
                self.assigned.append((draft, id, read.name))
                if self.guide is not None:
                    draft, problems = resolve_links(draft, id, read.name, self.guide)
                    self.problems.update(problems)
                told = self._new_number(draft, id) if read.format == LISTING else frozenset()
                renumbered += [f"{id} (now {draft.number})"] if told else []
                self.merge(draft, id, read.format, listed | told)
            if renumbered:
                message = f"the feed has other numbers than the ids of {counted(len(renumbered), 'episode')}: "
                remedy = (
                    "the ids are kept; to follow the feed, run mlguide rename OLD NEW for each of them, beginning with"
                    " one whose new id isn't used"
                )
                self.problems.add(warning(read.name, 1, message + shortened(renumbered), remedy, Severity.HINT))

    def _new_number(self, draft: Draft, id: str) -> frozenset[str]:
        """Return a key for an episode's record if a feed's number differs from that in the episode's id, and no earlier
        import has said so; otherwise, an empty set."""
        key, told = parse_id(draft.series, id), key_hash("told number", str(draft.number))
        is_other = key and None not in (key.number, draft.number) and key.number != draft.number
        return frozenset({told} if is_other and id in self.bases and told not in self.bases[id].keys else ())

    def _place_of(self, file: str) -> str:
        return relpath(realpath(file), realpath(self.state.root)) if file else ""

    def _warn_of_number(self, draft: Draft, id: str) -> None:
        """Add a warning if only its number connects a draft with a person's own note."""
        known = self.known_one(id)
        if not known.imported and is_other_episode(draft, known):
            message = f'the source has "{visible(draft.title)}" as episode {draft.number}, with another title and date'
            remedy = (
                "if this is another episode, undo the import, run mlguide rename to give your note an id without a"
                " number, and import again; otherwise, copy the source's text that you need into the note"
            )
            self.problems.add(warning(self.path(id), 1, message, remedy))

    def merge(self, draft: Draft, id: str, format: str, keys: frozenset[str] = frozenset()) -> None:
        """Merge a draft into an episode, or create it. Add `keys` to the episode's record (see `listing_keys`)."""
        self.seen.add(id)
        draft = self._place_assets(draft, id)
        text, base = self.notes.get(id, ""), self.bases.get(id)
        before = base.fields.get("title") if base else None
        if draft.whole_title and self._keeps_whole_title(draft, id, before):
            # the next import looks for the shorter title
            keys |= frozenset(draft_keys(draft).values())
            draft = replace(draft, fields={**draft.fields, "title": draft.whole_title})
        merged = merge_draft(draft, id, self.path(id), text, base, format, self.choices.get(id, ""))
        self.notes[id] = merged.text
        self.bases[id] = replace(merged.base, keys=(merged.base.keys | keys) - ({ABSENT} if draft.file else set()))
        self.fronts[id] = read_note(merged.text, self.path(id))[0]
        self._known.pop(id, None)
        if merged.kept:
            self.kept[id].update(merged.kept)
        self.conflicts.update(merged.conflicts)
        for message, remedy in merged.unused:
            self.problems.add(warning(self.path(id), 1, message, remedy))

    def _keeps_whole_title(self, draft: Draft, id: str, before: FieldBase | None) -> bool:
        """Return whether an episode needs its folder or its number in its title: a new note of a folder, a new note
        whose id doesn't have the number, and a note that has had the folder, or any digits as in `1-2: T`, in its title
        since then. `before` is the title in the episode's record."""
        if before and before.hash == value_hash(draft.whole_title):
            return True
        if not draft.is_numbered:
            return before.hash != value_hash(draft.title) if before else not self.notes.get(id)
        key = parse_id(self.places[id], id)
        if key is not None and key.number == draft.number:
            return False
        if before is None:
            return not self.notes.get(id)
        is_changed = before.hash != value_hash(draft.title)
        return is_changed and any(map(str.isdigit, str(self.fronts.get(id, {}).get("title") or "")))

    def _place_assets(self, draft: Draft, id: str) -> Draft:
        """Plan to write a draft's assets beside its note, under unused names. Return the draft with these names. A file
        that an import has written keeps its name, even if the source now has another file of that name, because another
        picture was inserted."""
        folder, names = f"episodes/{self.places[id]}/{id}", dict[str, str]()
        hashes = {path: short_digest(data) for path, data in draft.assets.items()}
        for path, own in hashes.items():
            old = path if self.written.get(f"{folder}/{path}") == own else self.names.get((folder, own))
            if old and (old == path or old not in hashes or _COUNT.sub("", old) == _COUNT.sub("", path)):
                names[path] = old
        for path in [path for path in hashes if path not in names]:
            own, (stem, suffix), name = hashes[path], splitext(path), path
            if name in names.values():
                free = (f"{_COUNT.sub('', path)[: -len(suffix)]}-{count}{suffix}" for count in itertools.count(2))
                used = {*names.values()}
                name = next(one for one in free if one not in used and f"{folder}/{one}" not in self.written)
            if f"{folder}/{name}" not in self.written and self.hash(f"{folder}/{name}") not in (None, own):
                name = f"{stem}-{own}{suffix}"
            names[path] = name
        for path, data in draft.assets.items():
            self.follow(f"{folder}/{names[path]}", data)
        body = _ASSET.sub(lambda use: f"{id}/{names[use[1]]}" if use[1] in names else use[0], draft.body)
        return replace(draft, body=body)

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file after the import, or None if the file won't exist."""
        place = self.state.root / path
        is_file = place.is_file() and not place.is_symlink()
        return self.writes[path] if path in self.writes else read_bytes(place) if is_file else None

    def hash(self, path: str) -> str | None:
        """Return a file's hash after the import, or None if the file won't exist."""
        data = self.read(path)
        return None if data is None else short_digest(data)

    def follow(self, path: str, data: bytes) -> bool:
        """Plan to write a file beside a note. Return False, and plan nothing, if a person edited the file."""
        own, old = short_digest(data), self.read(path)
        now = None if old is None else short_digest(old)
        known = (own, self.written.get(path))
        # Git may have changed the line ends
        if now not in known and (old is None or short_digest(old.replace(b"\r\n", b"\n")) not in known):
            return False
        if now != own:
            self.before.setdefault(path, old)
            self.writes[path] = data
        self.written[path] = own
        return True

    def hold(self, one: Loaded, left: Sequence[tuple[int, str, str]]) -> None:
        """Keep a copy of a source while it has unmatched texts. `left` lists these texts as (line, kind, words)."""
        before = self.state.pending.get(one.key)
        path = before.source.name if before else pending_path(one.key, one.source.name)
        self.held += [PendingText(path, *text) for text in left]
        if bool(left) != bool(before):
            self.writes[path] = one.source.data if left else None

    def write(self) -> None:
        """Queue the changed notes and import records for writing."""
        for id, text in self.notes.items():
            if self.state.notes.get(id) != text:
                self.writes[self.path(id)] = text.encode()
            if id in self.bases and self.bases[id] != self.state.records.bases.get(id):
                self.writes[f"{FOLDER}/{id}.json"] = dump_record(self.bases[id])
        for id in self.state.records.bases.keys() - self.bases.keys():
            self.writes[f"{FOLDER}/{id}.json"] = None

    def absences(self, reads: Iterable[Read]) -> set[str]:
        """Return the episodes that disappeared from a feed, and add a warning for each such feed. Of notes that
        disappeared from a file or folder, only say so, once."""
        absent = set[str]()
        left = [id for id in sorted(self.state.notes) if id in self.bases and id not in self.seen]
        for read in reads:
            keys = listing_keys(read)
            if ids := [id for id in left if self.bases[id].keys & keys]:
                message = f"{counted(len(ids), 'episode')} disappeared from the feed: {shortened(ids)}"
                remedy = "nothing is deleted; remove the files of episodes that you don't want to keep"
                self.problems.add(warning(read.name, 1, message, remedy))
                absent.update(ids)
            drafts = [draft for draft, _, name in self.assigned if name == read.name and draft.file]
            files = {own["source"]: own for own in map(draft_keys, drafts)}
            is_folder, folder = not read.loaded.source.data, f"./{self._place_of(read.name)}"
            places = {*files}
            if is_folder:
                # records of earlier versions only have the innermost folder
                places = {own["folder"] for own in files.values()}
                places |= {next(folder_keys(series, folder)) for series in {draft.series for draft in drafts}}
            gone = {id: self.bases[id] for id in left if not places.isdisjoint(self.bases[id].place)}
            if ids := [id for id, base in gone.items() if ABSENT not in base.keys]:
                message = f"the notes of {counted(len(ids), 'episode')} are not here any more: {shortened(ids)}"
                remedy = "nothing is deleted; if a new episode has the same notes, remove the file of one of the two"
                self.problems.add(warning(read.name, 1, message, remedy, Severity.HINT))
            for id, base in gone.items():
                self.bases[id] = replace(base, keys=base.keys | {ABSENT})
                for own in (files[place] for place in base.place if is_folder and place in files):
                    # another episode has the file now
                    self.bases[id] = replace(base, keys=base.keys.difference(own.values()) | {ABSENT}, place=(ABSENT,))
        return absent


def listing_keys(read: Read) -> frozenset[str]:
    """Return the hashes by which import records identify a feed, or an empty set if the source isn't a feed."""
    if read.format != LISTING:
        return frozenset()
    own = (one.fields.get("guid") or one.fields.get("feed") or one.fields.get("title") for one in read.series)
    return frozenset(key_hash("listed", str(name)) for name in own)


class Guide:
    """Finds the targets of links between notes, after every draft has an episode. `names` maps hashes of note names to
    ids. `files` maps each source file to the ids of its episodes, in order."""

    def __init__(self, episodes: "Episodes") -> None:
        self.episodes = episodes
        self.names = defaultdict[str, set[str]](set)
        for id in episodes.notes:
            for key in {key_hash("name", note_name(self.title(id))), *episodes.bases.get(id, Base()).keys}:
                self.names[key].add(id)
        for id, front in episodes.fronts.items():
            for former in front.get("former") or ():
                self.names.setdefault(key_hash("name", note_name(str(former))), {id})
        files = defaultdict[str, set[tuple[int, str]]](set)
        for draft, id, source in episodes.assigned:
            files[draft.file or source].add((draft.line, id))
            for slug in filter(None, (make_slug(name, "") for name in draft.names)):
                self.names[key_hash("name", slug)].add(id)
        self.files = {file: tuple(dict.fromkeys(id for _, id in sorted(own))) for file, own in files.items()}
        self.siblings = {id: own for own in self.files.values() for id in own}
        self.document = cache(lambda one: parse(self.episodes.body(one), self.title(one)))
        self.formers = cache(lambda one: {x.anchor: x.former for x in self.document(one).sections if x.former})
        self.anchors, self.places = cache(self._anchors), cache(self._places)
        self.suggestions = MAX_SUGGESTIONS

    def title(self, id: str) -> str:
        return str(self.episodes.fronts[id].get("title") or "")

    def named(self, name: str) -> set[str]:
        return self.names.get(key_hash("name", note_name(name)), set()) if note_name(name) else set()

    def by_name(self, name: str, own: str) -> set[str]:
        """Return the ids of the episodes with this name. If only one is in the series of `own`, return only its id."""
        places = self.episodes.places
        for one in dict.fromkeys((name, name.rpartition("/")[2])):
            if note_name(one) in places:
                return {note_name(one)}
            if found := self.named(one):
                near = {id for id in found if places[id] == places[own]}
                return near if len(near) == 1 else found
        return set()

    def _anchors(self, id: str) -> dict[str, str]:
        """Map the anchors of an episode and the slugs of its headings to anchors. Of equal slugs, use the first."""
        document = self.document(id)
        anchors = {name: own for name, own in document.anchors.items() if len(own.encode()) <= MAX_ANCHOR}
        own = [one for one in document.sections if one.anchor in anchors]
        return anchors | {make_slug(one.heading, ""): one.anchor for one in reversed(own)}

    def former(self, address: str, own: str) -> str:
        """Return the address that an earlier version wrote instead of the result of `target`."""
        path, mark, anchor = address.partition("#")
        return path + mark + (anchor and self.formers(basename(path).removesuffix(".md") or own).get(anchor, anchor))

    def _places(self, ids: tuple[str, ...]) -> dict[str, tuple[int, str]]:
        """Map slugs of titles and headings, and anchors, to the index of the first episode with them, and to the
        anchor. For titles, the anchor is ""."""
        places: dict[str, tuple[int, str]] = {}
        for at, id in enumerate(ids):
            for name, anchor in {**self.anchors(id), make_slug(self.title(id), ""): ""}.items():
                places.setdefault(name, (at, anchor))
        return places

    def target(self, lead: NoteLink, own: str) -> tuple[str, str]:
        """Return a link's address relative to the note of `own`, or "", and a message if the target isn't found."""
        name = visible(lead.name)[:120]
        # a link to a paragraph (`#^id`) of another note becomes a link to the whole note
        wanted = make_slug(lead.heading, "") if lead.heading and not lead.heading.startswith("^") else ""
        ids = self.files.get(lead.file, ()) if lead.file else ()
        if not ids and lead.name:
            found = self.by_name(lead.name, own)
            if len(found) > 1:
                return "", f'several episodes have the name "{name}"'
            # a heading may be in another episode of the same file
            ids = tuple(dict.fromkeys([*found, *(other for id in found for other in self.siblings.get(id, ()))]))

        def path(id: str) -> str:
            return "" if id == own else relative_path(self.episodes.path(own), self.episodes.path(id))

        places, named = (
            (self.places(ids), self.named(lead.heading) | self.named(wanted)) if wanted else ({}, set[str]())
        )
        found_at = [(at, "") for at, id in enumerate(ids) if id in named] if named else []
        # GitHub's anchor of the second heading with a name ends in `-1`
        found_at += [places[one] for one in (wanted, lead.heading, re.sub(r"-(\d+)$", r"_\1", wanted)) if one in places]
        if found_at:
            at, anchor = min(found_at, key=lambda one: one[0])
            return path(ids[at]) + f"#{anchor}" * bool(anchor), ""
        fault = f'has no heading "{visible(lead.heading)[:120]}"'
        if wanted and self.suggestions:
            self.suggestions -= 1
            near = nearest(wanted, [*places])
            fault += f' (did you mean "{near}"?)' * bool(near)
        if not lead.name:
            return "", f"the note {fault}"
        if not ids:
            return "", f'there is no note or episode "{name}"'
        if ids[0] != own and TIME.fullmatch(lead.heading):
            return f"{path(ids[0])}#{lead.heading}", ""
        # if another note has no such heading, link to the note
        return path(ids[0]), f'the note "{name}" {fault}' if wanted or (lead.heading and ids[0] == own) else ""


def resolve_links(draft: Draft, id: str, source: str, guide: Guide) -> tuple[Draft, list[Problem]]:
    """Resolve a draft's links to other notes, and change broken links to text. Return the draft, and a warning for each
    broken link. `id` is the id of the draft's episode, and `source` is the source's name for the warnings."""
    addresses: dict[str, str] = {}
    problems: list[Problem] = []
    for lead in draft.note_links:
        addresses[lead.address], fault = guide.target(lead, id)
        if fault:
            remedy = "correct the name, or give the full path; until then, the link is kept as text"
            if addresses[lead.address]:
                remedy = "correct the heading; until then, the link leads to the whole note"
            problems.append(warning(draft.file or source, lead.line, fault, remedy))
    if not addresses:
        return draft, []

    def resolved(addresses: Mapping[str, str]) -> list[str]:
        def link(use: re.Match[str]) -> str:
            if use["rest"]:
                return addresses.get(use["rest"], use["rest"])
            address = "" if use["escape"] else addresses.get(use["address"], use["address"])
            title = use["title"] or ""
            return f"[{use['text']}]({address}{title})" if address else (use["escape"] or "")[:-1] + use["text"] + title

        return _USE.sub(link, draft.body).split("\n")

    base = guide.episodes.state.records.bases.get(id)
    former = {lead: guide.former(address, id) for lead, address in addresses.items()}
    # a line that an earlier version wrote stays the same, because a changed line may conflict with a person's edit
    known = {*base.body.lines} if base and base.body else set[str]()
    pairs = zip(resolved(addresses), resolved(former), strict=True)
    body = break_long("\n".join(old if line_hash(old) in known else new for new, old in pairs))
    # escape again, because removing a broken link may create another one
    own = (*(f"asset:{path}" for path in draft.assets), *filter(None, (*addresses.values(), *former.values())))
    body, _ = fit_body(body, str(draft.fields.get("title", "")), own)
    return replace(draft, body=body, note_links=()), problems


def merge_all(reads: Sequence[Read], state: RootState, choices: Mapping[str, str]) -> Episodes:
    """Merge all drafts into episodes. `choices` is the same as in `Episodes`."""
    episodes = Episodes(state, choices)
    episodes.assign(reads)
    if any(draft.note_links for read in reads for draft in read.drafts):
        # merge again, because the targets of links between notes are known only after the first merge
        episodes = Episodes(state, choices, Guide(episodes))
        episodes.assign(reads)
    return episodes

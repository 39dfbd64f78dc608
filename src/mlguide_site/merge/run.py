"""Runs an import: reads the sources and the root, plans all changes, and writes notes, transcripts and chapters."""

import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from os.path import dirname, realpath
from pathlib import Path
from types import MappingProxyType
from unicodedata import normalize

from mlguide_site.content.files import change_files, exclusive
from mlguide_site.content.knowledge import MAX_SERIES, PATHS, read_knowledge
from mlguide_site.content.root import excess
from mlguide_site.content.transcript_formats import CHAPTERS
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, UsageError, content_error, refuse_errors, suggestion
from mlguide_site.importers import Context, EntryDraft, FileDraft, KnownSeries, Source, warning
from mlguide_site.importers.common.addresses import is_web_address
from mlguide_site.merge.drafts import LISTING, Read, known_series, read_sources, use_known_names
from mlguide_site.merge.entries import SERIES, SERIES_FILE, add_entries, join_drafts, resolve_slugs, title_mark
from mlguide_site.merge.episodes import Episodes, RootState, merge_all, read_state
from mlguide_site.merge.keys import draft_keys, plain_title
from mlguide_site.merge.match_episodes import Known
from mlguide_site.merge.match_texts import match_pending
from mlguide_site.merge.records import ENTRIES_PATH, FILES_PATH, dump_record
from mlguide_site.merge.report import ImportReport, Matched, Promotion, Write, is_beside_note
from mlguide_site.merge.sources import FORMATS, OWN, Loaded, load_pending, load_sources, pending_key
from mlguide_site.merge.three_way import OWN_NOTES, RANKS
from mlguide_site.merge.uncertain_structure import training_examples, uncertain_places
from mlguide_site.model.digests import short_digest
from mlguide_site.model.slugs import gaps, id_suggestion, is_slug, parse_id
from mlguide_site.progress import stage

_WORD = re.compile(r"[^\W\d_]{3,}")
# words in names of transcripts that don't belong to a title
_VERSIONS = frozenset(
    "audio auto captions clean copy draft edit edited english final full generated mixdown mp3 new otter raw recording"
    " riverside subtitles text transcription video wav whisper zoom".split()
)
_UNITS = frozenset("lecture lesson session week day talk".split())
NONE: Mapping[str, str] = MappingProxyType({})
OTHER_SHOW = f'if it is the same show, import it with --series {{slug}}; if not, correct "feed" in {SERIES_FILE}'


def place_files(reads: Iterable[Read], chosen: str, episodes: Episodes) -> None:
    """For each source, plan to write its files into the folders of the matching episodes' notes. A source without a
    matching episode stays pending. `chosen` is the episode id from `--episode`, or "". The files of a source without
    episodes are written beside the note of this episode. A draft's files are written beside its note.

    A file that a person wrote or changed isn't overwritten, and a file that a person deleted isn't written again. If
    its content equals the source's file, the import record is updated. The first source of a path is used."""
    first: dict[str, str] = {}
    index = defaultdict[object, list[Known]](list)
    for one in map(episodes.known_one, sorted(episodes.fronts)):
        for key in (one.id, (one.series, one.number), ("", one.number), ("title", plain_title(one.title))):
            index[key].append(one)

    def by_name(name: str) -> dict[Known, None]:
        return dict.fromkeys([*index[_id_of(name)], *index["title", plain_title(name)]] if name else ())

    placed = defaultdict[str, list[tuple[FileDraft, Known | None]]](list)
    for owner, id, name in episodes.assigned:
        placed[name] += [(file, index[id][0]) for file in owner.files]
    for read in reads:
        left, is_pending = [], read.loaded.is_pending
        is_chosen = chosen and not read.drafts and not is_pending
        for draft in read.files:
            # use the index, because a folder may have thousands of files
            # a title may begin with a number, as in `12 Angry Men`
            wholes = [(name, by_name(name)) for name in (draft.full_name, draft.name)]
            name, whole = next((one for one in wholes if one[1]), ("", {}))
            named = replace(draft, number=None, title=name) if whole else draft
            likely = [*whole] if whole or draft.number is None else index[draft.series, draft.number]
            episode = next(iter(index[chosen]), None) if is_chosen else find_episode(named, likely)
            placed[read.name].append((draft, episode))
        for draft, episode in placed.pop(read.name, ()):
            kind, fault = "chapters" if draft.suffix == CHAPTERS else "transcript", None
            if episode:
                path, own = f"episodes/{episode.series}/{episode.id}{draft.suffix}", short_digest(draft.data)
                before = episodes.hash(path)
                if first.setdefault(path, own) != own:
                    message = f"another source of this import also provides {path} and is used instead"
                    remedy = f"import only one of the two sources, or remove {read.name} if it is pending"
                    fault = warning(read.name, 1, message, remedy)
                elif not episodes.follow(path, draft.data):
                    message = "this file was written by hand and is kept"
                    remedy = "to use the source's file, delete this file and import again"
                    if episodes.hash(path) is None:
                        message = "this file was deleted by hand and is not written again"
                        remedy = f"remove the file's line in {FILES_PATH} to import the file again"
                    fault = warning(path, 1, message, remedy, Severity.HINT)
                elif draft.full_name != draft.name and before not in (None, own):
                    message = f"{read.name} replaces the file of an earlier import"
                    remedy = "if you need the earlier file, for example in another language, import it again"
                    episodes.problems.add(warning(path, 1, message, remedy, Severity.HINT))
                episodes.problems |= {fault} if fault else set()
            if episode is None or (is_pending and fault):
                left.append((1, kind, draft.name))
            elif is_pending:
                episodes.matched.append(Matched(episode.id, read.name, 1, kind, "name"))
        if read.files and read.loaded.key:
            episodes.hold(read.loaded, left)


def find_episode(draft: FileDraft, episodes: Sequence[Known]) -> Known | None:
    """Return the only episode that has the series and number of a file, or else None. If the file has no number, or if
    several episodes have the number, its title must equal the episode's id or title. Otherwise, if the name of a file
    without a series begins with a number or a word such as `lecture`, the episode's id or title must have a word of the
    file's title, or, after such a word, be one of a person's own notes. Words such as `final` don't count."""

    def plain(text: str) -> str:
        return normalize("NFC", text.casefold())

    first = re.split(r"[\W\d_]", plain(draft.name), maxsplit=1)[0]
    words = {*_WORD.findall(plain(draft.title))} - _VERSIONS
    found = [one for one in episodes if not draft.series or one.series == draft.series]
    if draft.number is not None:
        found = [one for one in found if one.number == draft.number]
        if draft.season is None:
            # a file name without a season refers to an id without a season
            found = [one for one in found if (key := parse_id(one.series, one.id)) and key.season is None]
        else:
            found = [one for one in found if one.season == draft.season] or [one for one in found if one.season is None]
    if draft.number is None or len(found) > 1:
        # if several series have this number, the title decides
        slug, title = _id_of(draft.title), plain_title(draft.title)
        same = [one for one in found if one.id == slug]
        found = same or [one for one in found if title and plain_title(one.title) == title]
    elif not draft.series and (first in _UNITS or (words and not first)):
        # the number may be a part of the title of an episode that isn't here yet, as in `12 Angry Men`, or count the
        # lectures of a course, not the episodes of a podcast
        found = [
            one
            for one in found
            if (first and not one.is_listed) or any(word in plain(f"{one.title} {one.id}") for word in words)
        ]
    return found[0] if len(found) == 1 else None


def _id_of(title: str) -> str:
    return re.sub(r"[\s_]+", "-", title.casefold())


def run_import(
    root: Path,
    sources: Sequence[str | Source],
    *,
    format: str | None = None,
    series: str | None = None,
    episode: str | None = None,
    dry_run: bool = False,
    follows: bool | None = None,
    skip_bad: bool = False,
    choices: Mapping[str, str] = NONE,
    is_sync: bool = False,
    other_show: str = OTHER_SHOW,
) -> ImportReport:
    """Import sources (paths, http and https addresses, or loaded sources) into a root, and return the report. With
    `dry_run`, nothing is written. Pending sources are also imported.

    All transcripts and chapters in the sources belong to `episode`, if it is set. `follows` is the same as in
    `load_sources`. With `skip_bad`, invalid sources are reported and skipped. `choices` maps ids of episodes to the
    version that resolves their conflicts (`KEEP` or `TAKE`). With `is_sync`, `series` isn't the choice of a person.
    `other_show` is the remedy for a feed that may belong to another show now.

    Raises ContentError for an invalid source or file, UsageError for an invalid argument, and ResourceError if the disk
    or network fails. A failed import writes nothing. The next command undoes an interrupted import."""
    if format is not None and format not in FORMATS:
        raise UsageError(f'unknown format "{format}"; {suggestion(format, list(FORMATS))}')
    if series is not None and not is_slug(series):
        raise UsageError(f'"{series}" can\'t be the id of a series; use lower-case letters, digits and hyphens')
    if episode is not None and not is_slug(episode):
        raise UsageError(f'"{episode}" can\'t be the id of an episode; give an id such as "mla-012"')
    if not all(sources) or not (sources or load_pending(root)):
        raise UsageError("no source given, and nothing is pending; give a file or an address")
    for path in (one for one in sources if isinstance(one, str) and not is_web_address(one)):
        own = (realpath(root / folder) for folder in OWN)
        if any(Path(realpath(path)).is_relative_to(folder) for folder in own):
            remedy = "edit it here; import files of other folders"
            raise content_error(path, "this already belongs to the knowledge base", remedy)
    loaded, bad = load_sources(sources, FORMATS[format] if format else None, follows, skip_bad)
    with contextlib.nullcontext() if dry_run else exclusive(root):
        state = read_state(root)
        learns = any(one.importer.learns for one in loaded)
        context = Context(
            series=MappingProxyType(_known_series(state)),
            topics=frozenset(read_yaml(state.knowledge.get(PATHS["topic"], ""), PATHS["topic"]).value),
            examples=training_examples(state.notes, state.records.bases) if learns else (),
        )
        with stage("reading"):
            reads, unread = read_sources(_jobs(loaded, series or "", state.pending, episode is not None), context)
        others = {
            read.name: problem
            for read in reads
            if is_sync or not read.loaded.series
            for problem in _other_shows(read, state, context.series, other_show)
        }
        bad += [*unread, *others.values()]
        reads = [read for read in reads if read.name not in others]
        if bad and not skip_bad:
            raise ContentError(bad)
        with stage("merging"):
            report = make_plan(reads, state, episode or "", dry_run, choices)
        refuse_errors(excess(root, {write.path: write.after for write in report.writes}))
        report = replace(report, problems=tuple(sorted({*report.problems, *bad})))
        if not dry_run:
            # pass the old contents, because another program may change a file while the import runs
            known = {one.path: one.before for one in report.writes if not one.path.startswith(".mlguide/")}
            change_files(root, {write.path: write.after for write in report.writes}, known=known)
    return report


def _jobs(sources: Sequence[Loaded], series: str, pending: Mapping[str, Loaded], is_chosen: bool) -> list[Loaded]:
    """Return the most trusted sources first. A pending copy replaces its source unless `--episode` is set."""
    found = {}
    for at, one in enumerate(sources):
        key = pending_key(one.importer.name, series, one.source)
        found[key or str(at)] = one._replace(series=series, key=key)
    jobs = {**pending, **found} if is_chosen else {**found, **pending}
    return sorted(
        jobs.values(), key=lambda job: (RANKS[job.importer.name], job.source.data, sorted(job.source.files.items()))
    )


def _known_series(state: RootState) -> dict[str, KnownSeries]:
    own = {SERIES_FILE: state.files[SERIES_FILE]} if SERIES_FILE in state.files else {}
    refuse_errors(read_knowledge(own)[0].problems)
    values = read_yaml(state.knowledge.get(SERIES_FILE, ""), SERIES_FILE).value
    guids = defaultdict[str, set[str]](set)
    for id, front in state.fronts.items():
        guids[state.places[id]].add(str(front.get("guid") or ""))
    return {id: known_series(id, fields or {}, guids[id]) for id, fields in values.items()}


def _other_shows(read: Read, state: RootState, known: Mapping[str, KnownSeries], remedy: str) -> Iterator[Problem]:
    """Yield an error if a feed has a new title and none of the episodes that were imported from it: another show may
    have its address now."""
    rows = [(one.slug, str(one.fields.get("title") or "")) for one in read.series]
    for slug, title in rows if read.format == LISTING else ():
        written = state.records.entries.get(SERIES, {}).get(slug, ())
        is_same = slug in known and title == known[slug].title
        if "feed" not in written or is_same or title_mark(title) in written:
            continue
        before = {key for base in state.records.bases.values() if base.series == slug for key in base.keys}
        keys = (key for draft in read.drafts for key in draft_keys(draft).values())
        if before and before.isdisjoint(keys):
            message = f'this feed has the new title "{title}", and none of the episodes that "{slug}" has from it'
            yield warning(read.name, 1, message, remedy.format(slug=slug), Severity.ERROR)


def make_plan(
    reads: Sequence[Read], state: RootState, chosen: str = "", dry_run: bool = False, choices: Mapping[str, str] = NONE
) -> ImportReport:
    """Return a report with all planned writes. `reads` begins with the most trusted source. `chosen` is the `episode`
    of `run_import`, or "". Raises ContentError if a file can't be changed, and UsageError for unknown episodes."""
    reads = [use_known_names(read, state.knowledge) for read in reads]
    drafts = join_drafts(draft for read in reads for draft in read.series)
    series = [EntryDraft(SERIES, id, fields) for id, fields in drafts.items()]
    others, records = [(read.name, read.entries) for read in reads], state.records.entries
    entries = add_entries(state.knowledge, [(SERIES_FILE, series), *others], state.records.entries)
    named = [
        replace(read, drafts=[resolve_slugs(draft, slugs) for draft in read.drafts if not draft.unmatched])
        for read, slugs in zip(reads, entries.slugs[1:], strict=True)
    ]
    episodes = merge_all(named, state, choices)
    present = read_yaml(entries.texts.get(SERIES_FILE, state.knowledge.get(SERIES_FILE, "")), SERIES_FILE).value
    if removed := {episodes.places[id] for _, id, _ in episodes.assigned} - present.keys():
        # a series that a person removed has an episode again
        kept = {slug: own for slug, own in state.records.entries.get(SERIES, {}).items() if slug not in removed}
        records = {**state.records.entries, SERIES: kept}
        entries = add_entries(state.knowledge, [(SERIES_FILE, series), *others], records)
    new = {one.slug: read for read in reads for one in read.series if f"{SERIES} {one.slug}" in entries.new}
    if unused := {id for id, read in new.items() if read.drafts} - {*episodes.places.values()}:
        remedy = "no action is needed: the empty series is not added"
        for id in unused:
            message = f'the episodes of "{id}" are already in another series'
            episodes.problems.add(warning(new[id].name, 1, message, remedy, Severity.HINT))
        series = [draft for draft in series if draft.slug not in unused]
        entries = add_entries(state.knowledge, [(SERIES_FILE, series), *others], records)
    episodes.problems.update(_separate_files(new))
    if len(read_yaml(entries.texts.get(SERIES_FILE, ""), SERIES_FILE).value) > MAX_SERIES:
        remedy = "remove series that you don't need, or choose a series for all episodes with --series"
        raise content_error(SERIES_FILE, f"this import would result in more than {MAX_SERIES} series", remedy)
    match_pending(reads, episodes)
    for id in [*choices, chosen] if any(read.all_files for read in reads) else choices:
        if id and id not in episodes.fronts:
            ids = sorted(episodes.fronts)
            # a renamed episode has its former id in its front matter
            renamed = [one for one in ids if id in (episodes.fronts[one].get("former") or ())]
            remedy = suggestion(id, ids, "write the id of an existing episode")
            remedy = f'its id is now "{renamed[0]}"' if renamed else id_suggestion(id, ids, remedy)
            raise UsageError(f'there is no episode "{id}"; {remedy}')
    place_files(reads, chosen, episodes)
    writes = episodes.writes
    writes |= {path: text.encode() for path, text in entries.texts.items()}
    absent = episodes.absences(reads)
    episodes.write()
    before = {ENTRIES_PATH: state.records.entries, FILES_PATH: state.records.files}
    after = {ENTRIES_PATH: entries.written, FILES_PATH: episodes.written}
    writes |= {path: dump_record(own) if own else None for path, own in after.items() if own != before[path]}
    found = {**state.files, **episodes.before}
    problems = {*entries.problems, *episodes.problems, *(problem for read in reads for problem in read.problems)}
    notes, old, bases = episodes.notes, state.notes, episodes.bases
    ids = sorted(episodes.seen & notes.keys())
    uncertain = {id: len(uncertain_places(episodes.body(id), bases[id].body)) for id in ids if id in bases}
    return ImportReport(
        formats={read.name: read.format for read in reads if not read.loaded.is_pending},
        signs={read.name: read.loaded.importer.signs for read in reads if read.loaded.is_detected},
        contents={read.name: read.contents for read in reads if not read.loaded.is_pending},
        new=tuple(id for id in ids if id not in old),
        changed=tuple(id for id in ids if id in old and notes[id] != old[id]),
        unchanged=tuple(id for id in ids if notes[id] == old.get(id)),
        kept={id: tuple(sorted(names)) for id, names in sorted(episodes.kept.items())},
        gone=tuple(sorted(episodes.gone)),
        absent=tuple(sorted(absent)),
        new_series=tuple(name for name in drafts if f"{SERIES} {name}" in entries.new),
        cut=tuple(id for id in ids if episodes.fronts[id].get("truncated") == "true"),
        missing=_missing(episodes),
        promotion=tuple(Promotion(*key, count) for key, count in sorted(episodes.promotion.items())),
        conflicts=tuple(sorted(episodes.conflicts)),
        problems=tuple(sorted(problems)),
        new_entries=tuple(name for name in entries.new if not name.startswith(f"{SERIES} ")),
        changed_entries=tuple(name for name in entries.changed if not name.startswith(f"{SERIES} ")),
        assets=tuple(path for path in sorted(writes) if is_beside_note(path)),
        uncertain={id: count for id, count in uncertain.items() if count},
        matched=tuple(episodes.matched),
        pending=tuple(episodes.held),
        writes=tuple(Write(path, found.get(path), data) for path, data in sorted(writes.items())),
        dry_run=dry_run,
    )


def _separate_files(new: Mapping[str, Read]) -> Iterator[Problem]:
    """Yield a hint for each folder with several files that became a series of one episode each."""
    alone = [read for read in new.values() if read.format in OWN_NOTES and len(read.drafts) == 1]
    remedy = "if they belong together, undo this import, and import the folder, or choose the series with --series"
    for folder, count in Counter(dirname(read.name) for read in alone).items():
        if count > 1:
            name = next(read.name for read in alone if dirname(read.name) == folder)
            message = f"{count} files of this folder became {count} series"
            yield warning(name, 1, message, remedy, Severity.HINT)


def _missing(episodes: Episodes) -> dict[str, tuple[int, ...]]:
    """Return the missing episode numbers of each imported series. Ids with a season are ignored."""
    numbers: dict[str, set[int]] = {episodes.places[id]: set() for id in episodes.seen & episodes.places.keys()}
    for id, series in episodes.places.items():
        if series in numbers and (key := parse_id(series, id)) and key.number is not None and key.season is None:
            numbers[series].add(key.number)
    return {series: found for series, own in sorted(numbers.items()) if (found := gaps(own))}

"""Matches transcripts and chapters with episodes, and plans the files to write beside notes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from mlguide_site.content.transcript_formats import CHAPTERS
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import FileDraft
from mlguide_site.merge.drafts import Read
from mlguide_site.merge.episodes import Episodes
from mlguide_site.merge.match_episodes import Known, plain_title
from mlguide_site.merge.pending import Matched
from mlguide_site.merge.records import FILES_PATH
from mlguide_site.model.digests import short_digest
from mlguide_site.model.slugs import parse_id


def place_files(reads: Iterable[Read], chosen: str, episodes: Episodes) -> None:
    """Plan to write the files of each source beside their episodes' notes, or keep the source pending. `chosen` is the
    id from `--episode`, or "". Sources that contain episodes ignore `chosen`. The files of a draft follow the draft.

    A file that a person wrote, changed or removed is left alone, unless it equals the source's file. If two sources
    have different files for one path, the first source is used.
    """
    first: dict[str, str] = {}
    known = [episodes.known_one(id) for id in sorted(episodes.fronts)]
    index = defaultdict[object, list[Known]](list)
    for one in known:
        for key in (one.id, (one.series, one.number)):
            index[key].append(one)
    placed = defaultdict[str, list[tuple[FileDraft, Known | None]]](list)
    for owner, id, name in episodes.assigned:
        placed[name] += [(file, index[id][0]) for file in owner.files]
    for read in reads:
        left, is_pending = [], read.loaded.is_pending
        is_chosen = chosen and not read.drafts and not is_pending
        for draft in read.files:
            # use the index, because a folder may have thousands of files
            is_numbered = draft.series and draft.number is not None
            likely = index[draft.series, draft.number] if is_numbered else index.get(draft.title) or known
            episode = next(iter(index[chosen]), None) if is_chosen else find_episode(draft, likely)
            placed[read.name].append((draft, episode))
        for draft, episode in placed.pop(read.name, ()):
            kind, fault = "chapters" if draft.suffix == CHAPTERS else "transcript", None
            if episode:
                path, own = f"episodes/{episode.series}/{episode.id}{draft.suffix}", short_digest(draft.data)
                if first.setdefault(path, own) != own:
                    message = f"another source of this import also provides {path} and is used instead"
                    remedy = f"import only one of the two sources, or remove {read.name} if it is pending"
                    fault = Problem(read.name, Span(), message, remedy, Severity.WARNING)
                elif not episodes.follow(path, draft.data):
                    message = "this file was written by hand and is kept"
                    remedy = "remove the file to import it again"
                    if episodes.hash(path) is None:
                        message = "this file was deleted by hand and is not written again"
                        remedy = f"remove the file's line in {FILES_PATH} to import the file again"
                    fault = Problem(path, Span(), message, remedy, Severity.HINT)
                episodes.problems |= {fault} if fault else set()
            if episode is None or (is_pending and fault):
                left.append((1, kind, draft.name))
            elif is_pending:
                episodes.matched.append(Matched(episode.id, read.name, 1, kind, "name"))
        if read.files and read.loaded.key:
            episodes.hold(read.loaded, left)


def find_episode(draft: FileDraft, episodes: Sequence[Known]) -> Known | None:
    """Find a file's episode by series and number, or by id or title. Return None if there are none or several."""
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
        slug, title = re.sub(r"[\s_]+", "-", draft.title.casefold()), plain_title(draft.title)
        same = [one for one in found if one.id == slug]
        found = same or [one for one in found if title and plain_title(one.title) == title]
    return found[0] if len(found) == 1 else None

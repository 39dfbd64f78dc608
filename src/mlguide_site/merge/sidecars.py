"""Files beside notes, such as transcripts and chapters: which episode each is of, and what is to be written."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import FileDraft
from mlguide_site.merge.drafts import Read
from mlguide_site.merge.episodes import Files
from mlguide_site.merge.match_episodes import Known, plain_title
from mlguide_site.merge.pending import Matched, Queue
from mlguide_site.merge.records import FILES_PATH, digest
from mlguide_site.model.slugs import parse_id

KINDS = {".vtt": "transcript", ".chapters.json": "chapters"}
"""What files beside notes are, by suffix."""


class Sidecars:
    """The files beside notes while an import adds to them. `written` has by path the hash of each that an import
    wrote."""

    def __init__(self, files: Files, written: Mapping[str, str]) -> None:
        self.files, self.written = files, dict(written)
        self.problems: list[Problem] = []
        self._done: dict[str, str] = {}

    def place(self, source: str, draft: FileDraft, episode: Known) -> bool:
        """Write a file beside its episode's note, unless another source of the import or a person has."""
        path = f"episodes/{episode.series}/{episode.id}{draft.suffix}"
        own = digest(draft.data)
        if self._done.setdefault(path, own) != own:
            message = f"{path} has another source in this import, which counts"
            remedy = f"import one of the two; remove {source} if it is pending"
            self.problems.append(Problem(source, Span(), message, remedy, Severity.WARNING))
            return False
        if self.files.follow(path, draft.data, self.written.get(path)):
            self.written[path] = own
            return True
        message, remedy = "this file was written by hand and stays", "remove it to have the source's"
        if self.files.hash(path) is None:
            message = "this file was deleted by hand; it isn't written again"
            remedy = f"remove its line in {FILES_PATH} to have the source's"
        self.problems.append(Problem(path, Span(), message, remedy, Severity.HINT))
        return False


def place_files(
    reads: Iterable[Read], chosen: str, episodes: Sequence[Known], sidecars: Sidecars, queue: Queue
) -> None:
    """Put the files of each source beside the notes of their episodes, or keep the source in the queue. `chosen` is the
    id of the episode that a person gave, "" for none; what comes with episodes of its own belongs to these.

    A file that an import wrote and nobody changed follows its source, and one whose bytes are the source's counts as
    written by an import; one that a person wrote, changed or removed stays so. Of two sources for one file the first
    counts; if the other is pending, it stays pending.
    """
    index = defaultdict[object, list[Known]](list)
    for known in episodes:
        for key in (known.id, (known.series, known.number)):
            index[key].append(known)
    for read in reads:
        left, is_pending = [], read.loaded.is_pending
        for draft in read.files:
            kind = KINDS[draft.suffix]
            # a feed may have a file for each of thousands of episodes
            is_numbered = draft.series and draft.number is not None
            likely = index[draft.series, draft.number] if is_numbered else index.get(draft.title) or episodes
            is_chosen = chosen and not read.drafts and not is_pending
            episode = next(iter(index[chosen]), None) if is_chosen else find_episode(draft, likely)
            is_placed = episode is not None and sidecars.place(read.name, draft, episode)
            if episode is None or (is_pending and not is_placed):
                left.append((1, kind, draft.name))
            elif is_pending:
                queue.matched.append(Matched(episode.id, read.name, 1, kind, "name"))
        if read.files and read.loaded.key:
            queue.update(read.loaded, left)


def find_episode(draft: FileDraft, episodes: Sequence[Known]) -> Known | None:
    """The episode that a file's name means: by series and number, else by id, else by title; None where there is none,
    or more than one."""
    found = [one for one in episodes if not draft.series or one.series == draft.series]
    if draft.number is not None:
        found = _of_season([one for one in found if one.number == draft.number], draft.season)
    if draft.number is None or len(found) > 1:
        # several series may have that number: the title tells which
        slug, title = re.sub(r"[\s_]+", "-", draft.title.casefold()), plain_title(draft.title)
        same = [one for one in found if one.id == slug]
        found = same or [one for one in found if title and plain_title(one.title) == title]
    return found[0] if len(found) == 1 else None


def _of_season(episodes: Sequence[Known], season: int | None) -> list[Known]:
    """Those of a season among episodes of one number. A file without a season means an id without; a file with one
    means an episode of that season, else one whose season is unknown."""
    if season is None:
        return [one for one in episodes if (key := parse_id(one.series, one.id)) and key.season is None]
    return [one for one in episodes if one.season == season] or [one for one in episodes if one.season is None]

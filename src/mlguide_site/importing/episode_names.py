"""The names by which notes that link by name lead to the episodes of a root. Pure."""

from collections.abc import Iterable, Mapping

from mlguide_site.errors import ContentError
from mlguide_site.importers import Source
from mlguide_site.importing.merge import read_note


def episode_names(notes: Mapping[str, str], places: Mapping[str, str], sources: Iterable[Source]) -> dict[str, str]:
    """The address of each note, as another note writes it, by its title and its id in small letters; a title that two
    share is neither's. Nothing where no source links by name, for every note is read for it.
    """
    if not any(b"[[" in data for source in sources for data in (source.data, *source.files.values())):
        return {}
    titles: dict[str, set[str]] = {}
    for id, text in notes.items():
        try:
            front = read_note(text, id)[0]
        except ContentError:
            # told where it is merged
            continue
        titles.setdefault(" ".join(str(front.get("title") or "").split()).casefold(), set()).add(id)
    found = {title: min(ids) for title, ids in titles.items() if title and len(ids) == 1}
    return {name: f"../{places[id]}/{id}.md" for name, id in (found | {id: id for id in notes}).items()}

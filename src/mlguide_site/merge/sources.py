"""Sources from disk and network, with the hosts that the audio of feeds redirects to."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from mlguide_site.content.hosts import host_source, sound_sources
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import SeriesDraft, Source
from mlguide_site.importers.common.addresses import is_web_address, public_address, without_secrets
from mlguide_site.importers.feed import enclosures
from mlguide_site.importers.fetch import Followed, fetch, follow
from mlguide_site.merge.folders import read_path
from mlguide_site.merge.series import MEDIA

MAX_ASKED = 5
"""Audio addresses of one feed whose redirects are followed."""
MAX_SECONDS = 20.0
"""For all of them; one that is under way may take `ADDRESS_SECONDS` more."""
ADDRESS_SECONDS = 10.0
MAX_MEDIA = 20


class Media(NamedTuple):
    """The hosts that audio redirects to, as sources of a security policy, and problems."""

    hosts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Loaded(NamedTuple):
    """Sources with their problems, and the hosts that the audio of sources redirects to, by their names."""

    sources: tuple[tuple[Source, tuple[Problem, ...]], ...]
    media: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def load_sources(names: Sequence[str], progress: Callable[[str], None], follows: bool | None = None) -> Loaded:
    """The sources at paths and addresses. With `follows` the redirects of the audio of feeds are followed; None: of
    those that are downloaded.

    Raises ContentError where there is nothing, ResourceError where disk or network refuse.
    """
    sources: list[tuple[Source, tuple[Problem, ...]]] = []
    media: dict[str, tuple[str, ...]] = {}
    for name in names:
        is_web = is_web_address(name)
        shown = without_secrets(name) if is_web else name
        progress(f"reading {shown}")
        source, problems = _download(name, shown) if is_web else read_path(name)
        found = Media()
        if (is_web if follows is None else follows) and (addresses := enclosures(source)):
            progress(f"{source.name}: following the redirects of its audio")
            found = find_media(source.name, addresses, lambda address: follow(address, seconds=ADDRESS_SECONDS))
        media[source.name] = found.hosts
        sources.append((source, (*problems, *found.problems)))
    return Loaded(tuple(sources), media)


def _download(address: str, shown: str) -> tuple[Source, list[Problem]]:
    fetched = fetch(address)
    # an address with a key in it belongs to the subscriber alone and must not be published
    return Source(shown, fetched.data, public_address(fetched.url)), []


def examples(addresses: Iterable[str]) -> list[str]:
    """One address for each combination of hosts in them, the most frequent first.

    >>> examples(["https://a.example/1", "https://b.example/c.example/2", "https://b.example/c.example/3"])
    ['https://b.example/c.example/2', 'https://a.example/1']
    """
    first: dict[tuple[str, ...], str] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for address in addresses:
        if hosts := tuple(dict.fromkeys(sound_sources(address))):
            first.setdefault(hosts, address)
            counts[hosts] += 1
    return [first[hosts] for hosts in sorted(counts, key=lambda hosts: (-counts[hosts], hosts))]


def find_media(
    name: str,
    addresses: Sequence[str],
    follow: Callable[[str], Followed],
    clock: Callable[[], float] = time.monotonic,
) -> Media:
    """The hosts that the audio of the feed `name` redirects to, without those in the addresses themselves."""
    known = {host for address in addresses for host in sound_sources(address)}
    found: set[str] = set()
    problems: list[Problem] = []
    end = clock() + MAX_SECONDS
    for address in examples(addresses)[:MAX_ASKED]:
        if clock() > end:
            break
        steps, fault = follow(address)
        found.update(filter(None, map(host_source, steps)))
        if fault:
            message = f"the audio at {urlsplit(address).hostname or ''} can't be reached: {fault.partition('; ')[0]}"
            remedy = "play an episode on the site; add hosts that its player lacks to knowledge/series.yml"
            problems.append(Problem(name, Span(), message, remedy, Severity.HINT))
    return Media(tuple(sorted(found - known))[:MAX_MEDIA], tuple(problems))


def with_media(drafts: Iterable[SeriesDraft], hosts: Sequence[str]) -> tuple[SeriesDraft, ...]:
    """Series with the hosts that their audio redirects to."""
    return tuple(replace(draft, fields={**draft.fields, MEDIA: list(hosts)}) if hosts else draft for draft in drafts)

"""Where the hosts of a feed's sound send browsers on to, so that the site's policy can name those hosts too.

A few addresses stand for all: one for each way in which hosts stand in them. What is learnt is kept as `media` of the
feed's series; a host that can't be asked is told of, and nothing else fails for it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from mlguide_site.content.hosts import host_source, sound_sources
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import SeriesDraft
from mlguide_site.importers.fetch import Followed

MAX_ASKED = 5
"""Addresses of one feed that are asked."""
MAX_SECONDS = 20.0
"""For all of them; one that is under way may take as long again."""
MAX_MEDIA = 20
MEDIA = "media"


class SentOn(NamedTuple):
    """The hosts, as sources of a policy, sorted, and what is to be said."""

    hosts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def examples(addresses: Iterable[str]) -> list[str]:
    """One address for each way in which hosts stand in them, the commonest first.

    >>> examples(["https://a.example/1", "https://b.example/c.example/2", "https://b.example/c.example/3"])
    ['https://b.example/c.example/2', 'https://a.example/1']
    """
    ways: dict[tuple[str, ...], str] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for address in addresses:
        if way := tuple(dict.fromkeys(sound_sources(address))):
            ways.setdefault(way, address)
            counts[way] += 1
    return [ways[way] for way in sorted(counts, key=lambda way: (-counts[way], way))]


def find_sent_on(
    name: str,
    addresses: Iterable[str],
    follow: Callable[[str], Followed],
    clock: Callable[[], float] = time.monotonic,
) -> SentOn:
    """Ask where the sound of the feed `name` is sent on to; hosts that stand in the addresses themselves aside."""
    known: set[str] = set()
    found: set[str] = set()
    problems: list[Problem] = []
    end = clock() + MAX_SECONDS
    told = list(addresses)
    for address in told:
        known.update(sound_sources(address))
    for address in examples(told)[:MAX_ASKED]:
        if clock() > end:
            break
        steps, fault = follow(address)
        found.update(filter(None, map(host_source, steps)))
        if fault:
            host = urlsplit(address).hostname or ""
            # what is to be done is another thing here
            message = f"the sound at {host} could not be asked for: {fault.partition('; ')[0]}"
            remedy = "listen to an episode on the site; name hosts that its player lacks in knowledge/series.yml"
            problems.append(Problem(name, Span(), message, remedy, Severity.HINT))
    return SentOn(tuple(sorted(found - known))[:MAX_MEDIA], tuple(problems))


def with_media(drafts: Iterable[SeriesDraft], hosts: Iterable[str]) -> tuple[SeriesDraft, ...]:
    """Series with the hosts that their sound is sent on to."""
    media = list(hosts)
    return tuple(replace(draft, fields={**draft.fields, MEDIA: media}) if media else draft for draft in drafts)


def unknown_media(series: str, kept: object, hosts: Iterable[str], path: str, span: Span) -> list[Problem]:
    """A hint where the entry of a series names hosts for its sound, but not all that are needed now."""
    have = {str(host).rstrip("/") for host in kept} if isinstance(kept, list) else set()
    if not have or not (lacking := sorted(set(hosts) - have)):
        return []
    message = f'the sound of "{series}" is also sent on to {", ".join(lacking)}'
    return [Problem(path, span, message, "add it to media, or its player may be silent", Severity.HINT)]

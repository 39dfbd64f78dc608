"""The key entries of a topic, which its page lists and its graph shows first."""

from collections import Counter

from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import page_path, sort_key
from mlguide_site.pages.pagination import above, walk
from mlguide_site.pages.site import Site

KEY_ENTRIES = 6  # maximum number of tools, resources and terms on a topic's page
COUNTED_EPISODES = 2_000  # number of a topic's latest episodes in which the mentions of other entries are counted
OFTEN = 2  # minimum number of the topic's episodes that mention a key entry, unless the entry lists the topic


def key_entries(site: Site, slug: str, kind: Kind) -> list[str]:
    """Return a topic's key entries in this order: its key terms, essential entries, entries in its guide, entries that
    list the topic, and entries that its episodes often mention and that list no topic, a subtopic or a parent of it."""
    topics, ids = site.catalog.topics, site.named_by.get((Kind.TOPIC, slug), ())
    counts = Counter(name for id in ids[-COUNTED_EPISODES:] for name in site.beside(id, kind))
    own, entries = site.members.get((kind, slug), {}).keys(), site.catalog.entries(kind)
    guide = site.linked.pages.get(page_path("topic", slug))
    guided = {one.slug for one in guide.mentions if one.kind is kind} if guide else set[str]()
    terms = topics[slug].terms if kind is Kind.TERM else ()
    chosen = {name: at for at, name in enumerate(terms)}
    first = {name for name in own if getattr(entries[name], "importance", None) == "essential"}
    branch = [site.members.get((kind, one), {}) for one in above(topics, slug)]
    under = {slug, *(node.slug for node in walk(site.below[Kind.TOPIC], slug))}
    listed = {name: getattr(entries.get(name), "topics", ()) for name, count in counts.items() if count >= OFTEN}
    often = {
        name for name, of in listed.items() if not (of and under.isdisjoint(of)) or any(name in one for one in branch)
    }
    found = {*chosen} | own | guided | often
    cards = site.entry_cards
    best = sorted(
        (name for name in found if (kind, name) in cards),
        key=lambda name: (
            chosen.get(name, len(chosen)),
            name not in first,
            name not in guided,
            name not in own,
            -counts[name],
            sort_key(cards[kind, name].title),
            name,
        ),
    )
    return best[:KEY_ENTRIES]

"""The pages of knowledge entries: topics, tools, resources, terms and people."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice, starmap
from operator import attrgetter, itemgetter
from typing import Any
from urllib.parse import quote, unquote

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.folding import folded_words, phrases
from mlguide_site.linking.names import MAX_ALIKE
from mlguide_site.markdown.formulas import plain_formulas
from mlguide_site.model.catalog import title_of
from mlguide_site.model.records import Entry, Importance, Kind, Question, Term, Tool
from mlguide_site.model.slugs import KIND_FOLDERS, page_path
from mlguide_site.pages.backlinks import first_mentions, mention_fields, mentioning, more_mentions, shows
from mlguide_site.pages.books import book_path
from mlguide_site.pages.episode_lists import SEARCHED_TEXT, dated_mentions, first_named, named_years, names_of, primer
from mlguide_site.pages.graph import is_drawn, topic_graph
from mlguide_site.pages.key_entries import KEY_ENTRIES, key_entries
from mlguide_site.pages.pagination import BEFORE, Node, above, walk, with_above
from mlguide_site.pages.review import card_ids
from mlguide_site.pages.site import MAX_BESIDE, SHARED, Site
from mlguide_site.pages.view import Chip, EntryCard, EpisodeCard, Figure, MentionItem, Quote, Subject, View

CHILDREN = 60  # maximum number of included resources on a resource's page
ALIKE = 6  # maximum number of other tools of the same category on a tool's page; other entries have the same limit
SEE = 12  # maximum number of related terms, if the term itself doesn't name more
BACKGROUND = 3  # maximum number of episodes about related terms on the page of a term that no episode mentions
TOGETHER = 6  # maximum number of tools that are often mentioned with a tool
SEARCHED_EPISODES = 32  # number of a tool's latest episodes searched for these tools, or of a person's for topics
SUBJECTS = 3  # maximum number of topics on a person's page
QUESTIONS = 7  # maximum number of questions on a topic's page
ASKED = 6  # number of a topic's first steps whose questions are on the topic's page
TRACED = 300  # maximum number of cards of a topic whose page shows how many of them are new or due
RELATED = 5  # maximum number of related topics on a topic's page
FEW_RELATED = 3  # a topic with fewer related topics also lists those that share a single episode
PER_EPISODE = 2  # number of an episode's questions that come before other questions of the same episode
_ARTICLE = r"(?:an?|the|d[aei][rsemn]|eine?|une?|l[aeo]s?|el|il) "
_BEGINNING = re.compile(rf"(?:^|[.!?…] )(?:{_ARTICLE})?$", re.I)
"""Matches the text before a name with which a sentence begins, perhaps after an article."""
_SENTENCE = re.compile(r": \w+ \w+| \w+ \w+.*[.!?…。！？]\W*$", re.S)
Signs = tuple[bool, bool, bool, bool, int]
"""Whether the title, the summary, a heading and the beginning of a sentence have a name, and the number of mentions."""
TREATED = 3  # number of mentions from which an episode is about a tool


def topic_view(site: Site, subject: Subject) -> View:
    """Return the view of a topic. `order` is the learning path, in which each step after the first has links to
    its prerequisites outside of the path. `before` contains those of the first step. If the path begins with the first
    notes of a series, `early` contains the numbers of the episodes before them. `drawn` is the term of the `figure`.
    Tools count the topic's episodes that mention them."""
    slug = subject.id
    topic, resources, path = site.catalog.topics[slug], site.catalog.resources, page_path("topic", slug)
    ids = site.named_by.get((Kind.TOPIC, slug), ())
    order = site.topic_paths[slug]
    series = site.catalog.episodes[order[0]].series if order else ""
    is_first = series in site.on_path and order[0] == site.catalog.listed[series][0]
    needed = [[need for need in site.requires[id] if need not in order][:BEFORE] for id in order]
    needs = [(), *map(site.episode_chips, needed[1:])]
    others = mentioning(site, Kind.TOPIC, slug)
    first = first_mentions(site, others)
    key = {kind: key_entries(site, slug, kind) for kind in (Kind.TOOL, Kind.RESOURCE, Kind.TERM)}
    best = sorted(key[Kind.RESOURCE], key=lambda one: [*Importance, None].index(resources[one].importance))
    named = [site.entry_cards[kind, one] for kind in (Kind.TOOL, Kind.TERM) for one in key[kind]]
    counted, own = site.settings.wording.count(len(ids), "episode"), {*ids}
    used = {one: own.intersection(site.named_by.get((Kind.TOOL, one), ())) for one in key[Kind.TOOL]}
    drawn = next((one for one in key[Kind.TERM] if (Kind.TERM, one) in _figures(site)), "")
    graphs = {"graph-of-topic": is_drawn(site, slug) and site.url(topic_graph(slug)), "whole-graph": site.graph_url}
    parents = [site.chips[Kind.TOPIC, parent] for parent in above(site.catalog.topics, slug)]
    questions = [*((None, one) for one in topic.questions), *_questions(site, slug, order[:ASKED], named)]
    cards = card_ids(site).get(f"topic.{slug}", ())
    return site.view(
        "topic",
        path,
        topic.name,
        topic.summary or site.translate("about-topic", counted, site.settings.site_name, topic.name),
        (site.index_chip("topics"), *parents),
        found_as="Topic",
        entry=topic,
        called=_called(topic),
        guide=topic.guide and site.notes(path),
        children=site.entry_cards_of(Kind.TOPIC, site.below[Kind.TOPIC].get(slug, ())),
        order=tuple(zip(site.cards_of(order), needs, strict=False)),
        before=site.cards_of(needed[0] if needed else ()),
        early=primer(site, series)["early"] if is_first else "",
        start_series=site.catalog.series.get(series),
        others=site.cards_of(first),
        hours=site.length(ids),
        episodes_total=len(ids),
        episodes_more=more_mentions(site, path, others),
        shows=shows(site, Kind.TOPIC, slug, ids),
        tools=[site.entry_cards[Kind.TOOL, one]._replace(episodes=len(found)) for one, found in used.items()],
        resources=tuple((site.entry_cards[Kind.RESOURCE, one], resources[one]) for one in best),
        terms=site.entry_cards_of(Kind.TERM, key[Kind.TERM]),
        terms_total=next((size for one, _, size in site.filters.of_entries[Kind.TERM] if one == slug), 0),
        terms_url=f"{site.url('glossary/index.md')}?topic={slug}",
        questions=questions[:QUESTIONS],
        review=site.review_url(f"topic.{slug}"),
        review_total=site.scopes.get(f"topic.{slug}"),
        review_ids=cards if len(cards) <= TRACED else (),
        book=book_path(site, slug),
        figure=_figures(site).get((Kind.TERM, drawn)),
        drawn=drawn,
        related=_related_topics(site, slug, ids),
        graphs=tuple(item for item in graphs.items() if item[1]),
        source=site.entry_source("topic", slug),
    )


def _related_topics(site: Site, slug: str, ids: Iterable[str]) -> list[EntryCard]:
    """Return the topics of most of a topic's episodes, without its subtopics and the topics that include it, each with
    the number of shared episodes. Of equal numbers, topics of fewer other episodes come first."""
    topics, named = site.catalog.topics, site.named_by
    kin = {slug, *above(topics, slug), *(node.slug for node in walk(site.below[Kind.TOPIC], slug))}
    beside = {one for id in ids for one in site.beside(id, Kind.TOPIC) if one in topics} - kin
    shared = {one: len({*ids}.intersection(named[Kind.TOPIC, one])) for one in beside}
    best = sorted(beside, key=lambda one: (-shared[one], len(named[Kind.TOPIC, one]), one))[:RELATED]
    listed = (one for at, one in enumerate(best) if at < FEW_RELATED or shared[one] >= SHARED)
    return [site.entry_cards[Kind.TOPIC, one]._replace(episodes=shared[one]) for one in listed]


def tool_view(site: Site, subject: Subject) -> View:
    """Return the view of a tool. For the category "Other", which says nothing, `alike` contains tools of the same
    episodes, with the numbers of these episodes."""
    slug, index, ids = subject.id, site.indexes[Kind.TOOL], site.named_by.get((Kind.TOOL, subject.id), ())
    name = index.groups[slug]
    category, is_other = Chip(name, index.jumps[name].url), name == site.translate("other")
    own = site.chips_of(Kind.TOPIC, site.catalog.tools[slug].topics)
    topics = () if own else _main_topics(site, ids)
    together = often_with(site, slug)
    near = [one for one in _near(site, Kind.TOOL, (Kind.TOOL, slug)) if is_other or index.groups[one] == name]
    others = dict.fromkeys([*near, *(() if is_other else index.members[name])])
    alike = [one for one in others if one != slug and one not in together][:ALIKE]
    cards = {one: site.entry_cards[Kind.TOOL, one] for one in alike}
    for one in alike if is_other else ():
        cards[one] = cards[one]._replace(episodes=len({*ids}.intersection(site.named_by[Kind.TOOL, one])))
    rank, resources = [*Importance, None].index, site.catalog.resources
    works = sorted(_works_on(site).get(slug, ()), key=lambda one: rank(resources[one].importance))
    return entry_view(
        site,
        Kind.TOOL,
        slug,
        () if is_other else (category,),
        category=category,
        years=named_years(site, dated_mentions(site, Kind.TOOL, slug)),
        episode_topics=site.chips_of(Kind.TOPIC, topics),
        together=[site.chips[Kind.TOOL, one] for one in together],
        alike=tuple(cards.values()),
        works=[site.chips[Kind.RESOURCE, one] for one in works[:KEY_ENTRIES]],
    )


@lru_cache(maxsize=1)
def _works_on(site: Site) -> Mapping[str, Sequence[str]]:
    """Map each tool to the resources whose titles name it."""
    found: dict[str, list[str]] = {}
    for slug, resource in site.catalog.resources.items():
        for kind, tool in _names_in(site, resource.title):
            if kind is Kind.TOOL:
                found.setdefault(tool, []).append(slug)
    return found


def often_with(site: Site, slug: str) -> list[str]:
    """Return the tools that at least two, and at least a third, of a tool's latest episodes also mention, most frequent
    first. Rare tools are preferred to common tools."""
    latest = site.named_by.get((Kind.TOOL, slug), ())[-SEARCHED_EPISODES:]
    counts = Counter(other for id in latest for other in site.beside(id, Kind.TOOL) if other != slug)
    found = []
    for other, count in counts.items():
        if count > 1 and count * 3 >= len(latest) and (Kind.TOOL, other) not in site.common:
            rare = len(site.shown) // len(site.named_by[Kind.TOOL, other])
            found.append((-count * max(1, rare.bit_length()), other))
    return sorted((other for _, other in sorted(found)[:TOGETHER]), key=lambda other: -counts[other])


def resource_view(site: Site, subject: Subject) -> View:
    """Return the view of a resource. `children_more` counts the descendants that the page doesn't show. `alike` lists
    other parts of its parent, or, without a parent, the most important resources of its first topic and of the topics
    that include it. `use` is the first episode on the learning path that recommends the resource, or None."""
    slug, resources, index = subject.id, site.catalog.resources, site.indexes[Kind.RESOURCE]
    parents, topic = above(resources, slug), next(iter(resources[slug].topics), "")
    use = min(site.stages.keys() & resources[slug].episodes, key=site.place.__getitem__, default="")
    below = walk(site.below[Kind.RESOURCE], slug)
    crumbs = [site.chips[Kind.RESOURCE, parent] for parent in parents[-3:]]
    beside = [one for up in parents[-1:] for one in site.below[Kind.RESOURCE][up][: ALIKE + 1] if one != slug]
    if not parents:
        own, topics = {slug, *(node.slug for node in below)}, (topic, *with_above(site.catalog.topics, [topic]))
        members = (site.members.get((Kind.RESOURCE, one), ()) for one in topics)
        beside = [*dict.fromkeys(islice((one for slugs in members for one in slugs if one not in own), 2 * ALIKE))]
        if (group := index.groups.get(slug)) and len(index.jumps) > 1:
            name = site.translate(group.lower())
            crumbs = [Chip(name[:1].upper() + name[1:], index.jumps[group].url)]
    named = {key: None for one in phrases(resources[slug].title) if (key := by_name(site).get(one))}
    return entry_view(
        site,
        Kind.RESOURCE,
        slug,
        crumbs,
        people=site.chips_of(Kind.PERSON, sorted(site.authors[slug])),
        use=site.cards.get(use),
        needs=site.cards_of(site.requires.get(use, ())[:BEFORE]),
        terms=site.chips_of(Kind.TERM, sorted(one for kind, one in named if kind is Kind.TERM)),
        children=site.tree_items(Kind.RESOURCE, below[:CHILDREN]),
        children_more=max(0, len(below) - CHILDREN),
        group=site.chips.get((Kind.RESOURCE, parents[-1]) if parents else (Kind.TOPIC, topic)),
        alike=site.tree_items(Kind.RESOURCE, [Node(one, 0) for one in beside[:ALIKE]]),
    )


@lru_cache(maxsize=1)
def by_name(site: Site) -> Mapping[str, EntryKey]:
    """Map the folded names of terms and tools to the entries."""
    entries = [(kind, *item) for kind in (Kind.TERM, Kind.TOOL) for item in site.catalog.entries(kind).items()]
    names = [(kind, slug, name) for kind, slug, one in entries for name in (*one.aliases, title_of(one))]
    return {" ".join(folded_words(name)): (kind, slug) for kind, slug, name in names}


def _names_in(site: Site, text: str) -> list[EntryKey]:
    """Return the terms and tools that a short text names, unless only as a part of another name."""
    names = by_name(site)
    found = {one: key for one in sorted(phrases(text)) if (key := names.get(one) or names.get(one.removesuffix("s")))}
    return [found[one] for one in _whole(found, found)]


def _whole(names: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the names that aren't parts of other names."""
    return [one for one in names if not any(f" {one} " in f" {other} " for other in others if other != one)]


@lru_cache(maxsize=1)
def _naming(site: Site) -> Mapping[str, Sequence[str]]:
    """Map each term to the terms that name it as related."""
    found: dict[str, list[str]] = {}
    for slug, term in site.catalog.terms.items():
        for other in term.see:
            found.setdefault(other, []).append(slug)
    return found


@lru_cache(maxsize=1)
def _figures(site: Site) -> Mapping[EntryKey, Figure]:
    """Map terms and tools to the first figure whose caption names them, unless only as a part of another name."""
    found: dict[EntryKey, Figure] = {}
    for id in sorted(site.shown, key=site.rank.__getitem__):
        episode, card = site.linked.episodes[id], site.cards[id]
        for link in filter(attrgetter("caption"), episode.document.links):
            file = posixpath.normpath(posixpath.join(episode.file.folder, unquote(link.href)))
            if file in site.catalog.assets:
                [*_, anchor] = (one.anchor for one in episode.document.sections if one.line <= link.line)
                section = Chip(card.full_name, f"{card.url}#{anchor}" if anchor else card.url)
                figure = Figure(quote(file), link.text, link.caption, section)
                found = dict.fromkeys(_names_in(site, link.caption), figure) | found
    return found


def term_view(site: Site, subject: Subject) -> View:
    """Return the view of a term. `see` contains the related terms, and others that name the term as related. `alike`
    contains other terms of the narrowest topic, or of that of the term's episodes, nearest first. `background` links to
    episodes that mention related terms, if none mentions the term. `around` contains the terms before and after it."""
    terms = site.catalog.terms
    see = _related(site, subject.id)
    listed = {subject.id, *see}
    own = [*filter(site.catalog.topics.__contains__, terms[subject.id].topics)]  # drafts of topics have no page
    topics = own or _main_topics(site, site.named_by.get((Kind.TERM, subject.id), ()))
    topic = max(topics, key=lambda slug: len(above(site.catalog.topics, slug)), default="")
    members = site.members.get((Kind.TERM, topic), {})
    near = [one for one in _near(site, Kind.TERM, (Kind.TERM, subject.id), see) if one in members]
    alike = (one for one in dict.fromkeys([*near, *islice(members, ALIKE + 1 + len(see))]) if one not in listed)
    is_named = site.named_by.get((Kind.TERM, subject.id))
    named = [ids for one in see if (ids := site.named_by.get((Kind.TERM, one))) and not is_named]
    first = site.cards_of(dict.fromkeys(min(ids, key=site.place.__getitem__) for ids in named[:BACKGROUND]))
    return entry_view(
        site,
        Kind.TERM,
        subject.id,
        (),
        group=site.chips.get((Kind.TOPIC, topic)),
        review=site.review_url(f"topic.{topic}") if own and terms[subject.id].definition else "",
        figure=_figures(site).get((Kind.TERM, subject.id)),
        around=_around(site)[subject.id],
        episode_topics=site.chips_of(Kind.TOPIC, () if own else topics),
        background=[Chip(card.full_name, card.url) for card in first],
        first_background=next(iter(first), None),
        see=site.entry_cards_of(Kind.TERM, see),
        alike=site.entry_cards_of(Kind.TERM, islice(alike, ALIKE)),
    )


@lru_cache(maxsize=1)
def _around(site: Site) -> Mapping[str, Sequence[Chip | None]]:
    """Map each term to the terms before and after it in the glossary, if there are any."""
    order = [*site.indexes[Kind.TERM].groups]
    chips = [None, *(site.chips[Kind.TERM, slug] for slug in order), None]
    return {slug: (chips[at], chips[at + 2]) for at, slug in enumerate(order)}


def _main_topics(site: Site, ids: Sequence[str], most: int = 1) -> list[str]:
    """Return the most frequent of the first `most` topics of the latest of some episodes."""
    named = (topic for id in ids[-SEARCHED_EPISODES:] for topic in site.catalog.episodes[id].meta.topics[:most])
    return [slug for slug, _ in Counter(filter(site.catalog.topics.__contains__, named)).most_common(SUBJECTS)]


def _related(site: Site, slug: str) -> list[str]:
    """Return the terms that a term names as related, and others that name it as related."""
    own = site.catalog.terms[slug].see
    found = dict.fromkeys([*own, *_naming(site).get(slug, ())[: max(0, SEE - len(own))]])
    return [other for other in found if other != slug and other in site.catalog.terms]


def _near(site: Site, kind: Kind, entry: EntryKey, see: Sequence[str] = ()) -> list[str]:
    """Return terms or tools by how near they are to an entry: they share many of its latest episodes but few have them,
    or they are related to the first of its related terms `see`."""
    latest = site.named_by.get(entry, ())[-SEARCHED_EPISODES:]
    shared = Counter(other for id in latest for other in site.beside(id, kind))
    weights = Counter({other: n * n / len(site.named_by[kind, other]) for other, n in shared.items()})
    weights.update(other for one in see[:SEE] for other in _related(site, one))
    return sorted(weights, key=lambda other: (-weights[other], other))


def person_view(site: Site, subject: Subject) -> View:
    """Return the view of a person, with the resources that the person wrote or teaches. `part` contains the first
    episode in which the person takes part, if there is one. `subjects` contains the most frequent topics of the
    resources, or else of the latest of these episodes; or else the main topics of the episodes that mention the person.
    `together` contains people whom at least a third of the latest episodes mention too, without those of one episode
    if others have more, and `alike` others of the group in the index, with their first work. `terms` contains the terms
    in the summary, `terms_beside` those of the episodes in which the person takes part, and `tools` the tools there."""
    works, roles, index = site.works.get(subject.id, {}), site.catalog.roles, site.indexes[Kind.PERSON]
    named = site.named_by.get((Kind.PERSON, subject.id), ())
    part = [id for id in named if subject.id in roles[id]]
    latest = (part or [*named])[-SEARCHED_EPISODES:]
    counts = Counter(topic for slug in works for topic in site.catalog.resources[slug].topics)
    subjects = [one for one, _ in counts.most_common(SUBJECTS)] or _main_topics(site, latest, MAX_BESIDE if part else 1)
    beside, group = Counter(one for id in latest for one in site.beside(id, Kind.PERSON)), index.groups[subject.id]
    often = {one: n for one, n in beside.most_common(ALIKE + 1) if n * 3 >= len(latest) and one != subject.id}
    together = [one for one, n in often.items() if n > 1] or [*often]
    alike = [one for one in index.members[group] if one != subject.id and one not in together]
    near = _near(site, Kind.TERM, (Kind.PERSON, subject.id))
    keys = filter(None, map(by_name(site).get, phrases(site.catalog.people[subject.id].summary)))
    return entry_view(
        site,
        Kind.PERSON,
        subject.id,
        (Chip(group, index.jumps[group].url),),
        group=group,
        works=site.tree_items(Kind.RESOURCE, starmap(Node, islice(works.items(), CHILDREN))),
        part=site.cards_of(part[:1]),
        subjects=site.chips_of(Kind.TOPIC, subjects),
        terms=site.chips_of(Kind.TERM, (slug for kind, slug in keys if kind is Kind.TERM)),
        tools=site.chips_of(Kind.TOOL, _near(site, Kind.TOOL, (Kind.PERSON, subject.id))[:ALIKE] if part else ()),
        together=site.chips_of(Kind.PERSON, together[:ALIKE]),
        terms_beside=site.entry_cards_of(Kind.TERM, near[:ALIKE] if part else ()),
        alike=[_with_work(site, one) for one in alike[:ALIKE]],
    )


def _with_work(site: Site, slug: str) -> EntryCard:
    """Return a person's card with the title of the first work, or else with the roles, instead of the summary."""
    card = site.entry_cards[Kind.PERSON, slug]
    titles = (site.catalog.resources[one].title.partition(": ")[0] for one in site.works.get(slug, ()))
    roles = ", ".join(card.names)
    return card._replace(summary=next(titles, "") or roles[:1].upper() + roles[1:])


def summary(entry: Entry) -> str:
    """Return the summary of an entry, or the definition of a term, with formulas as text."""
    return plain_formulas(entry.definition) if isinstance(entry, Term) else entry.summary


def _called(entry: Entry) -> list[str]:
    """Return the aliases of an entry, but not words of its title or other forms and spellings of earlier names."""
    title, found = folded_words(title_of(entry)), list[str]()
    earlier = [title]
    for name in entry.aliases:
        words = folded_words(name)
        is_part = all(any(_alike(other, word) for other in title) for word in words)
        if not is_part and not any(
            "".join(words) == "".join(other)
            or (len(words) == len(other) and all(_alike(*pair) for pair in zip(other, words, strict=True)))
            for other in earlier
        ):
            found.append(name)
        earlier.append(words)
    return found


def _alike(one: str, other: str) -> bool:
    """Return whether two words may be forms of one word, such as `rolled` and `rolling`."""
    length = max(4, max(len(one), len(other)) - 6)
    return other in {one, f"{one}s"} or one[:length] == other[:length]


def entry_view(site: Site, kind: Kind, slug: str, crumbs: Iterable[Chip] = (), **values: Any) -> View:
    """Return the view of an entry. `values` contains the template data that only this kind of entry needs."""
    entry, path = site.catalog.entries(kind)[slug], page_path(kind.value, slug)
    title, ids = title_of(entry), site.named_by.get((kind, slug), ())
    first = first_named(site, ids)
    counted = site.settings.wording.count(len(ids), "episode")
    fields = mention_fields(site, path, kind, slug)
    items = zip(first_mentions(site, mentioning(site, kind, slug)), fields["mentions"], strict=True)
    names = names_of(entry)
    signs = {id: _signs(site, names, id, item) for id, item in items}
    start = _start(site, entry, names, signs) if len(ids) > 1 or (ids and kind is Kind.TOOL) else None
    # an episode in which a person takes part is more than a mention
    others = [id for id in signs if kind is not Kind.PERSON or slug not in site.catalog.roles[id]]
    asides = [site.cards[id] for id in others if not any(signs[id][:-1]) and signs[id][-1] < TREATED]
    return site.view(
        kind.value,
        path,
        title,
        summary(entry) or site.translate("about-entry", title, counted, site.settings.site_name),
        (site.index_chip(KIND_FOLDERS[kind.value]), *crumbs),
        found_as=kind.value.title(),
        entry=entry,
        called=_called(entry),
        topics=site.chips_of(Kind.TOPIC, getattr(entry, "topics", ())),
        first=site.cards[first] if first in dated_mentions(site, kind, slug) else None,
        source=site.entry_source(kind.value, slug),
        start=start,
        asides=[card for card in asides if card != start],
        **fields,
        shows=shows(site, kind, slug, ids),
        **values,
    )


def _signs(site: Site, names: frozenset[str], id: str, item: MentionItem) -> Signs:
    """Return the signs that an episode is about the entry with these names."""
    card, quotes, more, *_ = item
    texts = (card.title, site.catalog.episodes[id].meta.summary, *(quote.heading for quote in quotes))
    is_titled, is_named, *headings = (_has_name(site, names, text[:SEARCHED_TEXT]) for text in texts)
    is_led = any(_leads(quote) and " ".join(folded_words(quote.name)) in names for quote in quotes)
    return is_titled, is_named, any(headings), is_led, len(quotes) + more


def _start(site: Site, entry: Entry, names: frozenset[str], signs: Mapping[str, Signs]) -> EpisodeCard | None:
    """Return the episode with which readers start. It is the first on the learning path whose title is the entry's
    name, or else contains it. If there is none, it counts whether the summary or a heading has the name, a sentence
    begins with it, and the entry's topics are those of the episode, then the number of mentions. An episode that
    mentions a tool only once or twice, without any of these signs, isn't about it. Unless the title or such a
    sentence decides, a prerequisite that mentions the entry comes before the episode."""
    topics = getattr(entry, "topics", ())
    steps = {id for slug in topics for id in site.topic_paths.get(slug, ())}  # drafts of topics have no steps

    def rank(id: str) -> tuple[Any, ...]:
        is_titled, is_named, is_headed, is_led, passages = signs[id]
        meta = site.catalog.episodes[id].meta
        is_whole = " ".join(folded_words(meta.title[:SEARCHED_TEXT])) in names
        is_taught = id in steps and not {*topics}.isdisjoint(meta.topics[:1])
        points = 3 * (is_named + is_headed + is_led) + 2 * is_taught + (id in steps) + min(passages, TREATED)
        weight = (0, 0) if is_titled else (-points, -passages)
        is_open = not (is_titled or is_headed or is_led or is_taught)
        is_aside = isinstance(entry, Tool) and not any(signs[id][:-1]) and passages < TREATED
        return is_aside, not is_whole, not is_titled, *weight, site.place[id], is_open, id

    is_aside, *_, is_open, best = min(map(rank, signs))
    if is_aside:
        return None
    before = {*site.requires[best]}.intersection(signs) if is_open else ()
    return site.cards[max(before, key=site.place.__getitem__, default=best)]


def _has_name(site: Site, names: frozenset[str], text: str) -> bool:
    """Return whether a text contains one of the names, but not only as a part of the name of a term or tool."""
    found = phrases(text)
    own = names & found
    return bool(own and _whole(own, found.intersection(by_name(site)) - names))


def _leads(quote: Quote) -> bool:
    """Return whether a sentence begins with the name, as definitions do."""
    return bool(quote.name and _BEGINNING.search(quote.before) and _SENTENCE.match(quote.after))


def _questions(
    site: Site, slug: str, ids: Iterable[str], entries: Iterable[EntryCard]
) -> list[tuple[EpisodeCard, Question]]:
    """Return questions of those of `ids` that list a topic: first, two from each episode that mention the topic or one
    of the `entries`, or whose episode lists the topic first; then more of them; then other questions."""
    topic, files = site.catalog.topics[slug], [site.catalog.episodes[id] for id in ids]
    titles = (topic.name, *topic.aliases[:MAX_ALIKE], *(card.title for card in entries))
    names = {" ".join(folded_words(title)) for title in titles} - {""}
    names |= {f"{name}s" for name in names}
    found = []
    for file in files:
        if slug in file.meta.topics:
            rank = 1 + (file.meta.topics[0] != slug)
            asked = [
                (rank if names.isdisjoint(phrases(one.question[:SEARCHED_TEXT])) else 0, one)
                for one in file.meta.questions[:QUESTIONS]
            ]
            asked.sort(key=itemgetter(0))
            for at, (place, one) in enumerate(asked):
                found.append(((place > 1, at >= PER_EPISODE, place, at), site.cards[file.id], one))
    return [(card, one) for _, card, one in sorted(found, key=itemgetter(0))]

"""Property tests of links in arbitrary notes."""

import sys
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from mlguide_site.linking.mentions import scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.resolve import insertions, link
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Episode, EpisodeFile, Person, Resource, Series, Term, Tool, Topic

SERIES = {
    "ab": Series(title="Ab Show", prefix="AB", address="https://ab.example/{number}"),
    "c": Series(title="C Show"),
}
TOOLS = {
    "copper": Tool(name="Copper"),
    "copper-wire": Tool(name="Copper Wire", aliases=("wire",)),
    "go": Tool(name="Go"),
    "cpp": Tool(name="C++"),
}
TOPICS = {"wire": Topic(name="Wire"), "wiring": Topic(name="wiring copper")}
TERMS = {"copper": Term(term="copper"), "wires": Term(term="Wires"), "e": Term(term="étude")}
RESOURCES = {
    "ab": Resource(title="AB"),
    "book": Resource(title="Copper Wire: Its Uses in Nine Trades", episodes=("ab-001",)),
}
PEOPLE = {"wire": Person(name="Wire Copper")}
NUMBERS = (1, 2, 5, 12)

words = st.sampled_from(
    "Copper copper wire Wire wires wiring Go go C++ AB étude e\u0301tude 2 5 12 99 AB2 ab-005 AB\xa05-12".split(" ")
    + "and , . - / ( ) ’s ** * ` # [ ] (https://ab.example/5) https://ab.example/2 <b> | >".split(" ")
    + ["\n", "\n\n", "\n##\xa0", "用", "ab.example/12"]
)
bodies = st.lists(words, max_size=60).map(" ".join)
slugs = st.sets(st.sampled_from(["copper", "go"]))


@st.composite
def roots(draw):
    files = {}
    for number in NUMBERS:
        id = f"ab-{number:03}"
        meta = Episode(id=id, title=f"T {number}", tools=tuple(sorted(draw(slugs))))
        files[id] = EpisodeFile(f"episodes/ab/{id}.md", "ab", number, meta, draw(bodies), 6)
    return files


def linked(files, order=lambda table: table):
    catalog = Catalog(SERIES, files, order(TOPICS), order(TOOLS), order(RESOURCES), order(TERMS), order(PEOPLE), {})
    names, references = NameTable.of(catalog), ReferenceTable.of(catalog)
    documents = {id: parse(file.body, file.meta.title) for id, file in files.items()}
    return link(catalog, documents, {id: scan(document, names, references) for id, document in documents.items()})


@settings(max_examples=150, deadline=None)
@given(roots())
def test_every_link_has_its_backlink_and_every_backlink_its_mention(files):
    result = linked(files)
    for id, episode in result.episodes.items():
        named = defaultdict(set)
        for mention in episode.mentions:
            section = episode.document.sections[mention.section]
            named[mention.kind, mention.slug].add((section.heading, section.anchor))
        for key, places in named.items():
            mine = [context[:2] for context in result.contexts[key][id]]
            assert len(mine) == len(set(mine)) == len(places)
            assert set(mine) == places
            assert id in result.episodes_of[key]
            assert key[1] in episode.entries[key[0]]
        for reference in episode.references:
            assert reference.target != id
            if reference.target:
                section = episode.document.sections[reference.use.section]
                back = result.episodes[reference.target].referenced_by[id]
                assert (section.heading, section.anchor) in {context[:2] for context in back}
    for key, naming in result.contexts.items():
        for id, contexts in naming.items():
            assert key in {(mention.kind, mention.slug) for mention in result.episodes[id].mentions}
            for heading, _, sentence, start, end in contexts:
                # a name in a heading is quoted with the sentence after the heading
                assert 0 <= start < end <= len(sentence) or (heading and sentence and start == end == 0)


@settings(max_examples=150, deadline=None)
@given(roots())
def test_links_stand_on_their_names_and_never_overlap(files):
    result = linked(files)
    for id, episode in result.episodes.items():
        segments = episode.document.segments
        for mention in episode.mentions:
            assert 0 <= mention.start < mention.end <= len(segments[mention.segment].text)
        for index, inserted in insertions(episode, f"episodes/ab/{id}.md", result).items():
            end = 0
            for one in inserted:
                assert end <= one.start < one.end <= len(segments[index].text)
                assert segments[index].text[one.start : one.end].strip() == segments[index].text[one.start : one.end]
                end = one.end
        linked_in = [(m.kind, m.slug) for m in episode.mentions if m.linked]
        assert len(linked_in) == len(set(linked_in))


@settings(max_examples=60, deadline=None)
@given(roots(), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(files, chance):
    def shuffled(table):
        items = list(table.items())
        chance.shuffle(items)
        return dict(items)

    one, other = linked(files), linked(files, shuffled)
    assert one.episodes == other.episodes
    assert list(one.contexts.items()) == list(other.contexts.items())
    assert list(one.episodes_of.items()) == list(other.episodes_of.items())
    assert one.problems == other.problems


@settings(max_examples=100, deadline=None)
@given(bodies)
def test_related_episodes_share_what_they_say(body):
    files = {
        (id := f"ab-{n:03}"): EpisodeFile(f"episodes/ab/{id}.md", "ab", n, Episode(id=id, title="T"), body, 5)
        for n in NUMBERS
    }
    result = linked(files)
    for episode in result.episodes.values():
        for item in result.related[episode.file.id]:
            other = result.episodes[item.id]
            for kind, slug in item.because:
                assert slug in episode.entries[kind]
                assert slug in other.entries[kind]


@settings(max_examples=80, deadline=None)
@given(st.lists(words, min_size=1, max_size=12).map(" ".join))
def test_work_grows_with_the_length_of_the_text(unit):
    """Check that the work grows linearly. It is counted in calls, which don't depend on the machine's load."""
    catalog = Catalog(SERIES, {}, TOPICS, TOOLS, RESOURCES, TERMS, PEOPLE, {})
    names, references = NameTable.of(catalog), ReferenceTable.of(catalog)
    names.find(unit)
    references.find(unit)
    once, twice, fourfold = (
        calls(lambda size=size: (names.find(unit * size), references.find(unit * size))) for size in (60, 120, 240)
    )
    assert fourfold - twice <= 2.2 * (twice - once) + 200


def calls(work):
    count = 0

    def seen(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count

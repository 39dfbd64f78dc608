"""Tests of cached notes: a change of knowledge entries only rescans the notes that it may affect."""

from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.build.note_cache import Tables, read_notes
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Episode, EpisodeFile, MatchRule, Question, Series, Tool, Topic

NAMES = ("Loom", "loom", "Heddle Press", "press", "heddle-press", "Node.js", "C++", "Größe", "织机", "warp", "Warps")
BODIES = (
    "The Loom, a **heddle** press and warps.",
    "Het He*dd*le Press; [node.js](https://a.example).\n\n## Größe\n\nGROSSE and groesse, 用织机做。",
    "A press release.\n\nA loom in lower case, C++ and C.",
    "`Loom` in code, a heddle rod.\n\nPress and node js.",
    "Nothing.",
)
FILES = [
    EpisodeFile(f"episodes/a/a-{n:03}.md", "a", n, Episode(id=f"a-{n:03}", title="T"), body, 5)
    for n, body in enumerate(BODIES)
]
tools = st.builds(
    Tool,
    name=st.sampled_from(NAMES),
    aliases=st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(tuple),
    summary=st.sampled_from(["", "For warps and looms."]),
    homepage=st.sampled_from([None, "https://a.example/"]),
    topics=st.sampled_from([(), ("t",)]),
    match=st.sampled_from([(), (MatchRule(case=True),), (MatchRule(near=("warps",)),)]),
)
entries = st.dictionaries(st.sampled_from(["a", "b", "c"]), tools, max_size=3)


def tables(found):
    empty = {name: {} for name in ("series", "episodes", "resources", "terms", "people", "places")}
    catalog = Catalog(tools=found, topics={"t": Topic(name="Weaving")}, **empty)
    return Tables(NameTable.of(catalog), ReferenceTable.of(catalog))


def read(found, kept, files=FILES):
    """Read the notes with these tools. `kept` has the cached rows of the previous call."""
    notes = read_notes(files, tables(found), lambda space: kept.get(space, {}), 1)
    for space, rows in notes.rows.items():
        known = kept.get(space, {})
        # a row with the same key keeps its value, as in the cache
        kept[space] = {name: known[name] if known.get(name, ("",))[0] == row[0] else row for name, row in rows.items()}
    return notes


@given(st.lists(entries, min_size=2, max_size=4))
def test_notes_from_the_cache_are_those_that_a_first_build_reads(changes):
    kept = {}
    for found in changes:
        cached, fresh = read(found, kept), read(found, {})
        assert (cached.scans, cached.outward, cached.documents) == (fresh.scans, fresh.outward, fresh.documents)


def test_only_notes_in_which_a_former_or_new_name_stands_are_scanned_again():
    kept = {}
    before = {"a": Tool(name="Loom"), "b": Tool(name="C++")}
    assert len(read(before, kept).edited) == len(FILES)
    assert read(before, kept).edited == frozenset()
    # a two-word alias; each word is in more notes than the alias
    after = {**before, "b": Tool(name="C++", aliases=("Heddle Press",))}
    assert read(after, kept).edited == {"a-000", "a-001", "a-002"}
    # the entry that is now missing
    assert read({"b": after["b"]}, kept).edited == {"a-000", "a-002", "a-003"}


def test_another_section_that_fits_a_question_affects_other_pages():
    """The cards for review lead to the section that fits a question best."""
    asked = {word: (Question(question=f"What do {word} chew?", answer="Grass"),) for word in ("zebras", "heddles")}
    kept = {}

    def outward(word, cats, horses):
        meta = Episode(id="a-001", title="T", questions=asked[word])
        body = f"Opening.\n\n## Cats\n\n{cats}\n\n## Horses\n\n{horses}"
        found, fresh = (
            read({}, rows, [EpisodeFile("episodes/a/a-001.md", "a", 1, meta, body, 5)]).outward for rows in (kept, {})
        )
        assert found == fresh
        return found

    before = outward("zebras", "Here are zebras.", "Nothing.")
    assert outward("zebras", "There, zebras are.", "Nothing more.") == before
    assert outward("zebras", "Nothing.", "Here are zebras.") != before
    # an edit of the questions alone may change the section too
    assert outward("heddles", "Nothing.", "Here are zebras.") != outward("zebras", "Nothing.", "Here are zebras.")


def test_another_order_of_first_mentions_affects_other_pages():
    """The cards for review follow this order, also the cards of entries in the title."""

    meta = Episode(id="a-001", title="The loom", summary="Weaving.")

    def outward(*paragraphs):
        file = EpisodeFile("episodes/a/a-001.md", "a", 1, meta, "\n\n".join(paragraphs), 5)
        return read({"a": Tool(name="Loom"), "b": Tool(name="Heddle")}, {}, [file]).outward

    large, small = "A large loom fills a whole room of the house.", "A small heddle fits into every pocket of a coat."
    assert outward(large, small) != outward(small, large)
    assert outward(large, small) == outward(large, "Yes.", small)


def test_a_captioned_picture_in_another_section_affects_other_pages():
    """The page of a term shows the picture with a link to its section."""
    picture = ["![A heddle](heddle.png)", "*The heddle.*"]
    first, second = ["## Weaving", "A heddle is small."], ["## Parts", "A heddle has an eye."]

    def outward(*paragraphs):
        body, meta = "\n\n".join(paragraphs), Episode(id="a-001", title="T")
        return read({"b": Tool(name="Heddle")}, {}, [EpisodeFile("episodes/a/a-001.md", "a", 1, meta, body, 5)]).outward

    before = outward(*first, *picture, *second)
    assert outward(*first, "Yes.", *picture, *second) == before
    assert outward(*first, *second, *picture) != before


def test_a_row_does_not_repeat_headings_and_sentences():
    """A text of references or names after a long heading would else have a row of many times its size."""
    numbers = "\n\n".join(f"MLG {at}-{at + 25}, {at + 26}-{at + 51}" for at in range(1, 5000, 52))
    body = f"## {'h' * 480}\n\n{numbers}\n\nThe {' and the '.join(f'zq{at}v' for at in range(200))}"
    series = {"mlg": Series(title="Guide", prefix="MLG")}
    catalog = Catalog(series, {}, {}, {f"t{at}": Tool(name=f"Zq{at}v") for at in range(200)}, {}, {}, {}, {})
    given = Tables(NameTable.of(catalog), ReferenceTable.of(catalog))
    file = EpisodeFile("episodes/mlg/mlg-001.md", "mlg", 1, Episode(id="mlg-001", title="T"), body, 5)
    notes = read_notes([file], given, lambda _: {}, 1)
    assert len(notes.scans["mlg-001"].references) == 97 * 4 and len(notes.scans["mlg-001"].contexts) == 200
    assert {one.context.heading for one in notes.scans["mlg-001"].references} == {"h" * 480}
    assert len(notes.rows["notes"]["mlg-001"][1]) < 40 * len(body)

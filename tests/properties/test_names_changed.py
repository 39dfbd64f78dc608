"""What of a table of names a text hangs on: a text that holds no key in which two tables differ names the same by both,
and a table of the keys that it holds finds the same in it."""

from hypothesis import event, given, settings
from hypothesis import strategies as st

from mlguide_site.linking.names import Changes, NameTable, as_searched, narrowed, table_keys
from mlguide_site.linking.names.folding import plain
from mlguide_site.linking.names.patterns import Named
from mlguide_site.model import Kind, MatchRule

NAMES = (
    "Go",
    "Spark",
    "Lambda",
    "Torch",
    "C++",
    "C",
    "scikit-learn",
    "Loom",
    "Loom Studio",
    "warp",
    "Excel",
    "学习",
    "R",
)
SAID = ("A language for programs.", "Weaves cloth on a frame.", "A table of numbers.", "Runs jobs on many machines.")
RULES = ((), (MatchRule(case=True),), (MatchRule(near=["loom"]),), (MatchRule(topics=["cloth"]),))


@st.composite
def entries(draw: st.DrawFn) -> tuple[Named, ...]:
    """Some entries, of which no two share kind and slug."""
    found = {}
    for slug in draw(st.lists(st.sampled_from("abcde"), unique=True, min_size=1, max_size=4)):
        kind = draw(st.sampled_from([Kind.TOOL, Kind.TERM]))
        names = tuple(draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=2)))
        topics = draw(st.sampled_from([(), ("cloth",)]))
        groups = tuple(f"topic {topic}" for topic in topics)
        found[kind, slug] = Named(
            kind, slug, names, draw(st.sampled_from(RULES)), draw(st.sampled_from(SAID)), topics, groups
        )
    return tuple(found.values())


@st.composite
def tables(draw: st.DrawFn) -> tuple[NameTable, NameTable]:
    """A table, and one that an edit has made of it."""
    before = list(draw(entries()))
    after = list(before)
    if draw(st.booleans()):
        after += [entry for entry in draw(entries()) if entry[:2] not in {other[:2] for other in before}]
    at = draw(st.integers(0, len(before) - 1))
    edit = draw(st.sampled_from(["alias", "said", "rules", "topics", "groups", "gone", "none"]))
    if edit == "alias":
        after[at] = after[at]._replace(names=(*after[at].names, draw(st.sampled_from(NAMES))))
    elif edit == "said":
        after[at] = after[at]._replace(said=draw(st.sampled_from(SAID)))
    elif edit == "rules":
        after[at] = after[at]._replace(rules=draw(st.sampled_from(RULES)))
    elif edit == "topics":
        after[at] = after[at]._replace(topics=("cloth", "frames"))
    elif edit == "groups":
        after[at] = after[at]._replace(groups=("category Looms",))
    elif edit == "gone":
        del after[at]
    return NameTable(tuple(before)), NameTable(tuple(after))


@st.composite
def cases(draw: st.DrawFn) -> tuple[NameTable, NameTable, str]:
    """Two tables, and a text that mostly holds their names."""
    before, after = draw(tables())
    names = [name for entry in (*before.named, *after.named) for name in entry.names]
    said = ["we used", "the", "on a frame", "to weave", ". ", "\x00", "a language", "numbers", *NAMES]
    words = st.one_of(st.sampled_from(names), st.sampled_from(names).map(str.lower), st.sampled_from(said))
    return before, after, " ".join(draw(st.lists(words, min_size=1, max_size=14)))


def told(table: NameTable, text: str, topics: frozenset[str]) -> object:
    """What a table finds in a text, and on what it judges that."""
    matched = table.match(plain(text), topics)
    return matched, table.weigh(matched, topics, ()), table.find(text, topics)


@given(cases(), st.sampled_from([frozenset(), frozenset({"cloth"})]))
@settings(max_examples=300)
def test_the_same_is_found_where_nothing_changed(
    case: tuple[NameTable, NameTable, str], topics: frozenset[str]
) -> None:
    before, after, text = case
    touched = Changes(before.digests, after.digests).touch(as_searched(text))
    event(f"touched: {touched}")
    if not touched:
        assert told(before, text, topics) == told(after, text, topics)


@given(cases(), st.sampled_from([frozenset(), frozenset({"cloth"})]))
@settings(max_examples=300)
def test_a_table_narrowed_to_a_text_finds_the_same_in_it(
    case: tuple[NameTable, NameTable, str], topics: frozenset[str]
) -> None:
    table, _, text = case
    narrow = narrowed(table, table_keys(table), as_searched(text))
    event(f"smaller: {len(narrow.digests) < len(table.digests)}")
    assert told(narrow, text, topics) == told(table, text, topics)


@given(entries())
def test_a_table_differs_from_itself_in_nothing(named: tuple[Named, ...]) -> None:
    assert Changes(NameTable(named).digests, NameTable(tuple(reversed(named))).digests).keys == []


def test_an_alias_touches_the_texts_that_hold_it() -> None:
    one = Named(Kind.TOOL, "loom", ("Loom",), (), "Weaves.")
    other = Named(Kind.TOOL, "press", ("Press Studio",), (), "Prints.")
    changes = Changes(
        NameTable((one, other)).digests, NameTable((one._replace(names=("Loom", "Weft Mill")), other)).digests
    )
    said = ("Woven with the Weft-Mill.", "The weft mills of old.", "A Loom and Press Studio.", "Nothing.")
    assert [changes.touch(as_searched(text)) for text in said] == [True, True, False, False]

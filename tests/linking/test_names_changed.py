"""What of a table of names a text hangs on: a text that holds no key in which two tables differ names the same by both,
and a table of the keys that it holds finds the same in it."""

from hypothesis import event, given, settings
from hypothesis import strategies as st

from mlguide_site.linking.context import About, Around
from mlguide_site.linking.names import Changes, Named, NameTable, as_searched
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
STEMS = (frozenset(), frozenset({"frame", "weave"}), frozenset({"numbe"}))
RULES = ((), (MatchRule(case=True),), (MatchRule(near=["loom"]),), (MatchRule(topics=["cloth"]),))


@st.composite
def entries(draw: st.DrawFn) -> tuple[Named, ...]:
    """Some entries, of which no two share kind and slug."""
    found = {}
    for slug in draw(st.lists(st.sampled_from("abcde"), unique=True, min_size=1, max_size=4)):
        kind = draw(st.sampled_from([Kind.TOOL, Kind.TERM]))
        names = tuple(draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=2)))
        groups = draw(st.sampled_from([frozenset(), frozenset({"topic cloth"})]))
        about = About(groups, draw(st.sampled_from(STEMS)))
        found[kind, slug] = Named(kind, slug, names, draw(st.sampled_from(RULES)), draw(st.booleans()), about)
    return tuple(found.values())


@st.composite
def tables(draw: st.DrawFn) -> tuple[NameTable, NameTable]:
    """A table, and one that an edit has made of it."""
    before = list(draw(entries()))
    after = list(before)
    if draw(st.booleans()):
        after += [entry for entry in draw(entries()) if entry[:2] not in {other[:2] for other in before}]
    at = draw(st.integers(0, len(before) - 1))
    edit = draw(st.sampled_from(["alias", "stems", "rules", "groups", "proper", "gone", "none"]))
    about = after[at].about
    if edit == "alias":
        after[at] = after[at]._replace(names=(*after[at].names, draw(st.sampled_from(NAMES))))
    elif edit == "stems":
        after[at] = after[at]._replace(about=about._replace(stems=draw(st.sampled_from(STEMS))))
    elif edit == "rules":
        after[at] = after[at]._replace(rules=draw(st.sampled_from(RULES)))
    elif edit == "groups":
        after[at] = after[at]._replace(about=about._replace(groups=frozenset({"category Looms"})))
    elif edit == "proper":
        after[at] = after[at]._replace(proper=not after[at].proper)
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


AROUND = st.sampled_from([Around(), Around(frozenset({"topic:cloth", "tool:a"}))])


@given(cases(), AROUND)
@settings(max_examples=300)
def test_the_same_is_found_where_nothing_changed(case: tuple[NameTable, NameTable, str], around: Around) -> None:
    before, after, text = case
    touched = Changes(before.digests, after.digests).touch(as_searched(text))
    event(f"touched: {touched}")
    if not touched:
        assert before.find(text, around) == after.find(text, around)


@given(cases(), AROUND)
@settings(max_examples=300)
def test_a_table_narrowed_to_a_text_finds_the_same_in_it(
    case: tuple[NameTable, NameTable, str], around: Around
) -> None:
    table, _, text = case
    narrow = table.narrowed(table.first_words, as_searched(text))
    event(f"smaller: {len(narrow.named) < len(table.named)}")
    assert narrow.find(text, around) == table.find(text, around)


@given(entries())
def test_a_table_differs_from_itself_in_nothing(named: tuple[Named, ...]) -> None:
    assert Changes(NameTable(named).digests, NameTable(tuple(reversed(named))).digests).keys == []


def test_an_alias_touches_the_texts_that_hold_it() -> None:
    one = Named(Kind.TOOL, "loom", ("Loom",))
    other = Named(Kind.TOOL, "press", ("Press Studio",))
    changes = Changes(
        NameTable((one, other)).digests, NameTable((one._replace(names=("Loom", "Weft Mill")), other)).digests
    )
    said = ("Woven with the Weft-Mill.", "The weft mills of old.", "A Loom and Press Studio.", "Nothing.")
    assert [changes.touch(as_searched(text)) for text in said] == [True, True, False, False]

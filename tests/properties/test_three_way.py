"""Property tests of merges: trailing whitespace that a person wrote is kept, and a second merge changes nothing."""

from collections import Counter, defaultdict

from hypothesis import example, given
from hypothesis import strategies as st

from mlguide_site.importers import Draft
from mlguide_site.merge.records import body_lines, line_hashes
from mlguide_site.merge.three_way import _merge_lines, merge_draft, three_way

LINES = st.lists(st.tuples(st.sampled_from(["", "a", "b", "- c"]), st.sampled_from(["", "", "  "])), max_size=9)
BODIES = LINES.map(lambda lines: "\n".join(text + end for text, end in lines))
PATH = "episodes/show/show-001.md"


def draft(body: str) -> Draft:
    return Draft("show", 1, None, "T", {"title": "T"}, body)


def by_text(body: str) -> dict[str, Counter[str]]:
    """Count the lines of a body, grouped by their text without trailing whitespace."""
    found = defaultdict[str, Counter[str]](Counter)
    for line in body_lines(body):
        found[line.rstrip()][line] += 1
    return found


@given(BODIES, BODIES, BODIES)
def test_whitespace_at_the_ends_of_lines_stays(base: str, ours: str, theirs: str) -> None:
    # several merges, which are possible after a conflict, may remove a line and add an equal line
    merged, _, _ = _merge_lines(line_hashes(base), ours, theirs)
    after = by_text(merged)
    for text, lines in by_text(ours).items():
        # lines that the source added or removed have no whitespace from a person
        assert lines <= after[text] or after[text] <= lines


@given(BODIES, BODIES, BODIES)
def test_the_same_merge_again_changes_nothing(base: str, ours: str, theirs: str) -> None:
    merged, known, conflicts = three_way(line_hashes(base), ours, theirs)
    again, known_again, conflicts_again = three_way(known, merged, theirs)
    # empty lines at the start and end of a body are removed
    assert (body_lines(again), known_again) == (body_lines(merged), known)
    assert [place for place, *_ in conflicts_again] == [place for place, *_ in conflicts]


@given(BODIES, BODIES, BODIES, st.booleans())
@example("a\n\nb", "a\n  \nb", "b", False)
def test_the_same_import_again_changes_nothing(base: str, ours: str, theirs: str, take: bool) -> None:
    first = merge_draft(draft(base), "show-001", PATH, "", None, "feed")
    edited = f"{first.text.rpartition('---')[0]}---\n\n{ours}\n"
    once = merge_draft(draft(theirs), "show-001", PATH, edited, first.base, "feed", "source" if take else "")
    again = merge_draft(draft(theirs), "show-001", PATH, once.text, once.base, "feed")
    assert (again.text, again.base, len(again.conflicts)) == (once.text, once.base, len(once.conflicts))

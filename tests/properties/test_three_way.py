"""Property tests of merges: trailing whitespace that a person wrote is kept, and a second merge changes nothing."""

from collections import Counter, defaultdict

from hypothesis import example, given
from hypothesis import strategies as st

from mlguide_site.importers import Draft
from mlguide_site.merge.merge_lines import _merge_lines, three_way
from mlguide_site.merge.records import body_lines, line_hashes
from mlguide_site.merge.three_way import merge_draft

LINES = st.lists(st.tuples(st.sampled_from(["", "a", "b", "- c"]), st.sampled_from(["", "", "  "])), max_size=9)
BODIES = LINES.map(lambda lines: "\n".join(text + end for text, end in lines))
BLOCKS = [*(f"Text {at}.\nMore {at}." for at in range(6)), *(f"```\nx = {at}\n\ny\n```" for at in range(3))]
BLOCKS += [f'!!! note "N {at}"\n\n    One {at}.\n\n    Two.' for at in range(3)]
TEXTS = st.lists(st.sampled_from(BLOCKS), unique=True, max_size=8)
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


@given(TEXTS, TEXTS, TEXTS)
def test_no_block_is_lost_or_cut_and_none_is_twice(base: list[str], ours: list[str], theirs: list[str]) -> None:
    known, mine, other = ("\n\n".join(blocks) for blocks in (base, ours, theirs))
    merged, _, conflicts = three_way(line_hashes(known), mine, other)
    shown = "\n".join(line for conflict in conflicts for line in conflict[2])
    for block in BLOCKS:
        copies = merged.count(block)
        assert copies <= 1
        # every line of a block has its number, but for the blank lines and the ends
        assert copies or not any(line in merged for line in block.split("\n") if line[-2:-1].isdigit())
        if block in ours and (block in theirs or block not in base):
            assert copies == 1
        if block in theirs and block not in base:
            assert copies == 1 or all(line in shown for line in block.split("\n"))

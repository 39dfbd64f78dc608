"""Examples of the functions in `mlguide_site.merge.three_way`."""

from mlguide_site.merge.merge_lines import three_way
from mlguide_site.merge.records import line_hashes
from mlguide_site.merge.three_way import is_bare


def test_three_way() -> None:
    base = line_hashes("one\n\ntwo\n\nthree")
    assert (three_way(base, "one!\n\ntwo\n\nthree", "one\n\ntwo\n\nthree\n\nfour")[0]) == "one!\n\ntwo\n\nthree\n\nfour"
    merged, _, conflicts = three_way(base, "one\n\n2\n\nthree", "one\n\nzwei\n\nthree\n\nfour")
    assert (merged, conflicts) == ("one\n\n2\n\nthree\n\nfour", [(2, ("2",), ("zwei",))])


def test_is_bare() -> None:
    assert (is_bare("\n## Notes\n"), is_bare("## Notes\n\nMine")) == (True, False)

"""Property tests of fixes and renames in any YAML style."""

from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.checks.fixes import fix_texts
from mlguide_site.content.load import load
from mlguide_site.content.root import RootFiles
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.editing.renaming import plan_rename
from mlguide_site.merge.records import Records

NONE = Records({}, {}, {})
SLUGS = ("alpha", "beta-two", "gamma", "no", "d4")
SERIES = b"a: {title: Alpha}\n"
TOPICS = "".join(f"'{slug}': {{name: Topic {slug}}}\n" for slug in SLUGS)


@st.composite
def listed(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Generate a field `topics` in one of the possible YAML styles, and its values."""
    values = draw(st.lists(st.sampled_from(SLUGS), max_size=6))
    quote = draw(st.sampled_from(["", "'", '"']))
    items = [
        value if value != "no" and not quote else f"{quote or chr(39)}{value}{quote or chr(39)}" for value in values
    ]
    if draw(st.booleans()) or not values:
        gap = draw(st.sampled_from([", ", ",", " , "]))
        comment = draw(st.sampled_from(["", "  # of ours", "  "]))
        return f"topics: [{gap.join(items)}]{comment}\n", values
    indent = draw(st.sampled_from(["", "  ", "    "]))
    comments = draw(st.lists(st.sampled_from(["", "  # why", "\n# between"]), min_size=len(items), max_size=len(items)))
    lines = [f"{indent}- {item}{comment}\n" for item, comment in zip(items, comments, strict=True)]
    return "topics:\n" + "".join(lines), values


def note(field: str, ends: str) -> bytes:
    text = f"---\nid: a-001\n{field}title: One  # mine\nx-own: [1, 1]\n---\n\nText.  \n"
    return text.replace("\n", ends).encode()


def files(field: str, ends: str) -> dict[str, bytes]:
    return {
        "knowledge/series.yml": SERIES,
        "knowledge/topics.yml": TOPICS.encode(),
        "episodes/a/a-001.md": note(field, ends),
    }


def values_of(data: bytes) -> list[str]:
    front = data.decode().replace("\r\n", "\n").split("---\n")[1]
    return list(read_yaml(front, "x").value.get("topics") or [])


@given(listed(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(SLUGS), st.sampled_from(["on", "new-one", "0x1"]))
def test_a_fix_changes_former_slugs_and_nothing_else(field, ends, old, new):
    topics = TOPICS.replace(f"'{old}': {{", f"'{new}': {{former: ['{old}'], ")
    before = {**files(field[0], ends), "knowledge/topics.yml": topics.encode()}
    after = {**before, **fix_texts(before)[0]}["episodes/a/a-001.md"]
    assert values_of(after) == [new if value == old else value for value in field[1]]
    # comments, and everything outside the list, are kept
    assert after.count(b"#") == before["episodes/a/a-001.md"].count(b"#")
    assert f"title: One  # mine{ends}x-own: [1, 1]{ends}---{ends}{ends}Text.  {ends}".encode() in after
    assert fix_texts({**before, "episodes/a/a-001.md": after}) == ({}, ())


@given(listed(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(SLUGS), st.sampled_from(["on", "new-one", "0x1"]))
def test_a_rename_changes_the_name_and_nothing_else(field, ends, old, new):
    before = files(field[0], ends)
    plan = plan_rename(RootFiles(before, frozenset(), ()), NONE, "topic", old, new)
    after = {**before, **plan.writes}
    assert load(after, drafts=True).problems == ()
    assert values_of(after["episodes/a/a-001.md"]) == [new if value == old else value for value in field[1]]
    assert load(after).catalog.topics[new].former == (old,)
    back = plan_rename(RootFiles(after, frozenset(), ()), NONE, "topic", new, old)
    again = {**after, **back.writes}
    assert values_of(again["episodes/a/a-001.md"]) == field[1]
    assert again["episodes/a/a-001.md"].count(b"\n") == before["episodes/a/a-001.md"].count(b"\n")
    assert load(again).catalog.topics[old].former == (new,)

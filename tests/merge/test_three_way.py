"""Tests of three-way merges of the previous import, the file and the source."""

import time
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, replace
from datetime import date
from random import Random
from typing import Any

import pytest

from mlguide_site.errors import ContentError
from mlguide_site.importers import Draft
from mlguide_site.merge.merge_lines import STEPS, three_way
from mlguide_site.merge.records import Base, line_hashes, value_hash
from mlguide_site.merge.three_way import FILL, Merged, merge_draft, read_note
from mlguide_site.recovery import Recovery

PATH = "episodes/show/show-001.md"
UNUSED = (
    (
        "the notes in the format feed aren't used, because the episode has other notes",
        "copy what you need into the note, or import them with --series as episodes of another series",
    ),
)
LONG = " ".join(f"word{number}" for number in range(80))


def draft(body: str = "", truncated: bool = False, recovery: Recovery | None = None, **fields: Any) -> Draft:
    fields = {"title": "One", **fields} | ({"truncated": True} if truncated else {})
    return Draft("show", 1, None, "", fields, body, guid="g1", recovery=recovery)


def made(given: Draft, format: str = "feed") -> Merged:
    return merge_draft(given, "show-001", PATH, "", None, format)


def merged(before: Merged, given: Draft, text: str | None = None, format: str = "feed") -> Merged:
    """Merge a draft into a file that an import wrote and that a person may have changed since."""
    return merge_draft(given, "show-001", PATH, before.text if text is None else text, before.base, format)


def front(found: Merged) -> Mapping[str, Any]:
    return read_note(found.text, PATH)[0]


def body(found: Merged) -> str:
    return read_note(found.text, PATH)[1].strip("\n")


def test_a_new_note_has_its_fields_in_order_and_a_record_of_them() -> None:
    found = made(draft("Notes.", truncated=True, summary="S", date=date(2024, 5, 2), **{"x-own": "kept"}))
    assert found.text == (
        "---\nid: show-001\ntitle: One\ndate: 2024-05-02\nsummary: S\ntruncated: true\nx-own: kept\n---\n\nNotes.\n"
    )
    assert set(found.base.fields) == {"title", "date", "summary", "truncated", "x-own"} and found.base.series == "show"
    assert found.base.fields["title"] == ("feed", value_hash("One"))
    assert found.base.body is not None and found.base.body.format == "feed" and found.base.body.truncated
    assert found.base.body.lines == line_hashes("Notes.") and len(found.base.keys) > 0
    bare = made(draft())
    assert bare.base.body is None


@pytest.mark.parametrize("own", ["obsidian", "hackmd", "hugo"])
def test_own_notes_are_used_before_a_feed_with_other_text_and_this_is_said_once(own: str) -> None:
    notes, text = "Keels need oil twice a year.", " ".join(["Our guest tells how masts are made."] * 20)
    mine = replace(draft(notes), guid="", file="keels.md")
    found = merged(made(mine, own), draft(text), format="feed")
    assert (body(found), found.unused) == (notes, UNUSED)
    assert merged(found, draft(text), format="feed").unused == ()
    found = merged(made(draft(text)), mine, format=own)
    assert (body(found), found.unused) == (notes, UNUSED)
    assert merged(found, draft(text), format="feed").unused == ()
    # what the feed adds is also said
    longer = draft(f"{text} And sails.")
    assert merged(found, longer, format="feed").unused == UNUSED
    assert merged(merged(found, longer, format="feed"), longer, format="feed").unused == ()
    for short in (
        "织机很大，我觉得很贵。",
        "Great!",
        "Is it worth to build the loom at home, and how is the warp wound?",
    ):
        other = f"The loom is big, and the warp is wound at home to build it. {text} 织机是木头做的。"
        assert body(merged(made(replace(mine, body=short), own), draft(other), format="feed")) == short
    # notes that repeat the feed's text are used if they add something
    added = replace(mine, body=f"{text} {notes}")
    assert body(merged(made(draft(text)), added, format=own)) == added.body
    assert body(merged(made(added, own), draft(text), format="feed")) == added.body
    word = replace(mine, body="Masts.")
    assert body(merged(made(draft(text)), word, format=own)) == text
    # what a person edits in the root doesn't hide what the feed adds
    first = made(draft("Masts are high.\n\nThe links follow.\n\nA list of links."))
    edited = first.text.replace("Masts are high", "Masts are very high")
    several = replace(mine, body="Masts are high.\n\nThe links follow.\n\nWell said.")
    assert merged(first, several, edited, format=own).unused == UNUSED
    copy = replace(mine, body=text.split(".")[0])
    assert body(merged(made(copy, own), draft(text), format="feed")) == text
    assert merged(made(draft(text)), copy, format=own).unused == ()


@pytest.mark.parametrize(
    "remark", ["Rating: 5/5", "Again!", "很好听", "★★★★☆", "⭐⭐", "€", "<https://guild.example/x>"]
)
def test_no_remark_of_a_persons_own_is_too_short(remark: str) -> None:
    text = "Our guest tells how masts are made, and why."
    mine = replace(draft(f"{text} {remark}"), guid="", file="keels.md")
    for found in (merged(made(mine, "log"), draft(text)), merged(made(draft(text)), mine, format="log")):
        assert (body(found), found.unused) == (mine.body, ())
    # what the feed adds is said, even if most of its text is used
    for found in (
        merged(made(mine, "log"), draft(f"{text}\n\nA link.")),
        merged(made(draft(f"{text}\n\nA link.")), mine, format="log"),
    ):
        assert (body(found), found.unused) == (mine.body, UNUSED)


def test_a_truncated_copy_has_no_words_of_its_own() -> None:
    text = "Our guest tells how [masts](https://masts.example) are made, and why they last."
    for copy in ("Our guest tells how masts are made, and why th…", "Our guest tells how masts are made, and…"):
        assert merged(made(draft(text)), draft(copy, truncated=True), format="directory").unused == ()
        assert merged(made(draft(copy, truncated=True), "directory"), draft(text)).unused == ()
    assert (
        "format directory aren't used"
        in merged(made(draft(text)), draft("Of other things…", truncated=True), format="directory").unused[0][0]
    )


def test_own_notes_may_change_their_format() -> None:
    first = replace(draft("I read about looms.", date=date(2024, 3, 4)), guid="", file="log.md")
    later = replace(first, body="I read about [looms](#looms).\n\nAnd reeds.", fields={"title": "Two"})
    for old, new in (("log", "obsidian"), ("obsidian", "log")):
        found = merged(made(first, old), later, format=new)
        assert (body(found), front(found)["title"], found.unused) == (later.body, "Two", ())
        # a conflict ends if a later import has the same text
        edited = found.text.replace("And reeds.", "And felt.")
        disputed = merged(found, replace(later, body="And warps."), edited, format=new)
        assert disputed.conflicts and disputed.base.conflicts
        assert not merged(
            disputed, replace(later, body=later.body.replace("reeds", "felt")), edited, old
        ).base.conflicts


def test_the_same_again_changes_nothing() -> None:
    first = made(draft("Notes.", summary="S"))
    again = merged(first, draft("Notes.", summary="S"))
    assert (again.text, again.base, again.kept, again.conflicts) == (first.text, first.base, (), ())


@pytest.mark.parametrize("body", ["New notes.", "Notes.\n\nAnd more."])
def test_what_the_source_changed_follows_it(body: str) -> None:
    first = made(draft("Notes.", summary="S"))
    found = merged(first, draft(body, summary="T"))
    assert found.kept == () and found.conflicts == ()
    assert front(found)["summary"] == "T" and f"\n{body}\n" in found.text
    assert found.base.fields["summary"].hash == value_hash("T")
    assert found.base.body is not None and found.base.body.lines == line_hashes(body)


def test_what_a_person_changed_stays() -> None:
    first = made(draft("Notes.", summary="S"))
    text = first.text.replace("summary: S", "summary: mine").replace("Notes.", "My notes.")
    found = merged(first, draft("Notes.", summary="T"), text)
    assert found.text == text and found.kept == ("summary", "body")
    assert found.base.fields["summary"] == first.base.fields["summary"] and found.base.body == first.base.body


def test_what_a_person_took_out_stays_out() -> None:
    first = made(draft("Notes.", summary="S"))
    text = first.text.replace("summary: S\n", "")
    found = merged(first, draft("Notes.", summary="T"), text)
    assert found.text == text and found.kept == ("summary",)


def test_what_a_person_put_in_stays_where_the_source_begins_to_say_it() -> None:
    first = made(draft("Notes."))
    text = first.text.replace("title: One", "title: One\nsummary: mine")
    found = merged(first, draft("Notes.", summary="T"), text)
    assert found.text == text and found.kept == ("summary",) and "summary" not in found.base.fields


def test_a_field_that_is_new_in_the_source_is_filled_in() -> None:
    found = merged(made(draft("Notes.")), draft("Notes.", summary="T"))
    assert front(found)["summary"] == "T"


def test_a_field_that_the_source_takes_back_goes() -> None:
    first = made(draft("Notes.", summary="S"))
    found = merged(first, draft("Notes.", summary=None))
    assert "summary" not in front(found) and "summary" not in found.base.fields
    assert merged(found, draft("Notes.", summary=None)).text == found.text
    assert "summary" in front(merged(first, draft("Notes.")))


@pytest.mark.parametrize(("format", "wins"), [("directory", False), ("feed", True)])
def test_a_less_trusted_source_does_not_outdo_a_field(format: str, wins: bool) -> None:
    first = made(draft(summary="S"), "feed")
    found = merged(first, draft(summary="T"), format=format)
    assert (front(found)["summary"] == "T") is wins and found.kept == ()
    other = made(draft(summary="S"), "directory")
    assert front(merged(other, draft(summary="T"), format="feed"))["summary"] == "T"


def test_of_two_sources_that_say_the_same_the_more_trusted_is_remembered() -> None:
    later = merged(made(draft(summary="S"), "directory"), draft(summary="S"), format="feed")
    assert later.base.fields["summary"].format == "feed"
    earlier = merged(made(draft(summary="S"), "feed"), draft(summary="S"), format="directory")
    assert earlier.base.fields["summary"].format == "feed"
    unknown = merged(made(draft(summary="S"), "gone"), draft(summary="S"), format="directory")
    assert unknown.base.fields["summary"].format == "directory"
    assert front(merged(made(draft(summary="S"), "gone"), draft(summary="T"), format="player"))["summary"] == "T"


def test_what_person_and_source_both_say_now_belongs_to_the_source() -> None:
    first = made(draft("Notes.", summary="S"))
    text = first.text.replace("summary: S", "summary: T").replace("Notes.", "Better.")
    found = merged(first, draft("Better.", summary="T"), text)
    assert found.text == text and found.kept == ()
    assert found.base.fields["summary"].hash == value_hash("T")
    assert found.base.body is not None and found.base.body.lines == line_hashes("Better.")


def test_a_note_of_a_person_alone_is_only_filled_in() -> None:
    text = "---\nid: show-001\ntitle: Mine\n---\n"
    found = merge_draft(draft("Notes.", summary="S"), "show-001", PATH, text, None, "feed")
    assert front(found) == {"id": "show-001", "title": "Mine", "summary": "S"} and body(found) == "Notes."
    assert found.kept == ("title",)
    assert found.base.series == "show"
    full = f"{text}\nMy words.\n"
    kept = merge_draft(draft("Notes."), "show-001", PATH, full, None, "feed")
    assert kept.text == full and kept.kept == ("title", "body") and kept.base.body is None
    same = merge_draft(draft("My words."), "show-001", PATH, full, None, "feed")
    assert same.text == full and same.base.body is not None and same.kept == ("title",)


def test_notes_of_a_source_that_a_person_wrote_notes_for_are_named_once_and_can_be_taken() -> None:
    full, source = "---\nid: show-001\n---\n\nMy words.\n", draft("Words of the feed. Guest: Ann.")
    first = merge_draft(source, "show-001", PATH, full, None, "feed")
    assert (first.unused, body(first)) == (UNUSED, "My words.")
    assert [merged(first, one).unused for one in (source, draft("Others."), draft("My words!"))] == [(), UNUSED, ()]
    assert merge_draft(source, "show-001", PATH, full, None, "feed", choice="file").unused == ()
    taken = merge_draft(source, "show-001", PATH, first.text, first.base, "feed", choice="source")
    assert (taken.unused, taken.kept, body(taken)) == ((), (), "Words of the feed. Guest: Ann.")
    assert body(merged(taken, draft("Newer."))) == "Newer."


def test_whose_a_text_is_that_several_say() -> None:
    first = made(draft("Some words.", summary="S"))
    text = first.text.replace("summary: S", "summary: T").replace("Some words.", "Other words.")
    # the person wrote it before the less trusted source did
    found = merged(first, draft("Other words.", summary="T"), text, "directory")
    assert found.base.fields["summary"] == ("directory", value_hash("T"))
    assert found.base.body is not None and found.base.body.format == "directory"
    for before, after, whose in (("directory", "feed", "feed"), ("feed", "directory", "feed")):
        again = merged(made(draft("Notes."), before), draft("Notes."), format=after)
        assert again.base.body is not None and again.base.body.format == whose


def test_whether_notes_are_cut_stays_where_they_are_not_taken() -> None:
    cut = made(draft("one\n\ntwo", truncated=True, recovery=Recovery("hash", "model-1")))
    mine = cut.text.replace("two", "zwei")
    for found in (
        merged(cut, draft("")),
        merged(cut, draft("one\n\ntwo"), mine),
        merged(cut, draft("one\n\ndeux"), mine),
        merged(cut, draft("one\n\n# two", recovery=Recovery("hash", "model-2")), mine),
    ):
        assert front(found)["truncated"] == "true"
    empty, full = "---\nid: show-001\ntitle: One\n---\n", "---\nid: show-001\ntitle: One\n---\n\nMine.\n"
    for text, said in ((empty, {"truncated": "true"}), (full, {})):
        outcome = merge_draft(draft("Cut …", truncated=True), "show-001", PATH, text, None, "feed")
        assert {name: value for name, value in front(outcome).items() if name == "truncated"} == said
    whole = merged(made(draft("Cut …", truncated=True)), draft("Whole notes."), format="directory")
    assert "truncated" not in front(whole) and body(whole) == "Whole notes."
    joined = merged(cut, draft("one, and more\n\ntwo"), cut.text.replace("two", "two\n\nmine"))
    assert "truncated" not in front(joined) and body(joined) == "one, and more\n\ntwo\n\nmine"


def test_what_is_known_of_a_structure_goes_with_the_notes() -> None:
    old, new, other = Recovery("hash", "model-1"), Recovery("hash", "model-2"), Recovery("other", "model-2")
    first = made(draft("# one\n\ntwo\n\nthree", recovery=old))
    same = merged(first, draft("### one\n\ntwo\n\nthree", recovery=new))
    assert (same.text, same.base, same.kept) == (first.text, first.base, ())
    mine = first.text.replace("three", "drei")
    both = merged(first, draft("### one\n\ntwo\n\nthree", recovery=other), mine)
    assert body(both) == "### one\n\ntwo\n\ndrei"
    assert both.base.body is not None and both.base.body.recovery == other
    assert first.base.body is not None
    settled = replace(first.base, body=replace(first.base.body, settled=frozenset(["a"])))
    found = merge_draft(draft("# one\n\n2"), "show-001", PATH, first.text, settled, "feed")
    assert found.base.body is not None and found.base.body.settled == {"a"}


def test_a_result_is_a_value() -> None:
    found = made(draft())
    assert not hasattr(found, "__dict__")
    with pytest.raises(FrozenInstanceError):
        found.text = ""  # type: ignore[misc]


def test_ids_are_never_merged() -> None:
    found = merged(made(draft()), draft(id="show-009"))
    assert front(found)["id"] == "show-001" and found.kept == ()


def test_changes_in_different_lines_are_merged() -> None:
    first = made(draft("one\n\ntwo\n\nthree"))
    text = first.text.replace("one", "one, said I")
    found = merged(first, draft("one\n\ntwo\n\nthree, said they\n\nfour"), text)
    assert body(found) == "one, said I\n\ntwo\n\nthree, said they\n\nfour"
    assert found.kept == ("body",) and found.conflicts == ()
    assert found.base.body is not None
    assert found.base.body.lines == line_hashes("one\n\ntwo\n\nthree, said they\n\nfour")
    assert merged(found, draft("one\n\ntwo\n\nthree, said they\n\nfour")).text == found.text


def test_changes_in_the_same_lines_are_a_conflict_with_its_place() -> None:
    first = made(draft("one\n\ntwo\n\nthree"))
    text = first.text.replace("two", "zwei")
    found = merged(first, draft("one\n\ndeux\n\nthree"), text)
    assert found.text == text and found.kept == ("body",) and found.base.body == first.base.body
    (conflict,) = found.conflicts
    assert conflict == ("show-001", PATH, 8, ("zwei",), ("deux",))
    assert text.split("\n")[conflict.line - 1] == "zwei"


def test_other_changes_of_the_source_come_in_beside_a_conflict() -> None:
    first = made(draft("one\n\ntwo\n\nthree", title="Then"))
    text = first.text.replace("two", "zwei").replace("Then", "Mine")
    source = draft("zero\n\none\n\ndeux\n\nthree, said they\n\nfour", title="Now", duration="00:01:00")
    found = merged(first, source, text)
    assert body(found) == "zero\n\none\n\nzwei\n\nthree, said they\n\nfour"
    lines = found.text.split("\n")
    assert [(lines[one.line - 1], one.file, one.source) for one in found.conflicts] == [
        ("title: Mine", ("title: Mine",), ("title: Now",)),
        ("zwei", ("zwei",), ("deux",)),
    ]
    again = merged(found, source)
    assert (again.text, again.conflicts) == (found.text, found.conflicts)
    settled = merged(found, source, found.text.replace("zwei", "deux").replace("Mine", "Now"))
    assert settled.conflicts == () and settled.kept == ()


def test_the_source_replaces_edits_in_conflicts_if_it_is_asked_for() -> None:
    first = made(draft("one\n\ntwo\n\nthree", title="Then", image="https://a.example/old.png"))
    text = (
        first.text.replace("two", "zwei").replace("three", "drei").replace("Then", "Mine").replace("old.png", "own.png")
    )
    source = draft("one\n\ndeux\n\nthree", title="Now", image="https://a.example/old.png")
    found = merge_draft(source, "show-001", PATH, text, first.base, "feed", choice="source")
    assert body(found) == "one\n\ndeux\n\ndrei" and found.conflicts == ()
    assert (front(found)["title"], front(found)["image"]) == ("Now", "https://a.example/own.png")
    assert merged(found, source).text == found.text


def test_a_less_trusted_format_has_no_conflict_with_an_edited_field() -> None:
    first = made(draft("one", title="Then"))
    found = merged(first, draft("one", title="Now"), first.text.replace("Then", "Mine"), format="player")
    assert found.conflicts == () and front(found)["title"] == "Mine"


def test_what_both_changed_in_the_same_way_is_no_conflict() -> None:
    first = made(draft("one\n\ntwo\n\nthree"))
    text = first.text.replace("two", "2").replace("one", "1")
    found = merged(first, draft("one\n\n2\n\nthree"), text)
    assert found.text == text and found.conflicts == () and found.base.body is not None
    assert found.base.body.lines == line_hashes("one\n\n2\n\nthree")


def test_notes_that_the_source_has_no_more_stay() -> None:
    first = made(draft("Notes."))
    for nothing in ("", " \n \n"):
        found = merged(first, draft(nothing))
        assert body(found) == "Notes." and found.base.body == first.base.body and found.kept == ()


@pytest.mark.parametrize(
    ("old", "new", "wins"),
    [
        (("feed", "Short.", True), ("directory", "Whole notes.", False), True),
        (("feed", "Short.", False), ("directory", "Whole notes, cut.", True), False),
        (("feed", "Short.", False), ("directory", LONG, False), True),
        (("feed", LONG, False), ("directory", "Short.", False), False),
        (("directory", LONG, False), ("feed", "Short.", False), False),
        (("feed", "Some words.", False), ("directory", "Other words.", False), False),
        (("directory", "Some words.", False), ("feed", "Other words.", False), True),
        (("gone", "Some words.", False), ("directory", "Other words.", False), True),
        (("feed", LONG, False), ("feed", "Short.", False), True),
        ((FILL, LONG, False), ("player", "Short.", True), True),
        (("player", "Short.", True), (FILL, LONG, False), False),
    ],
    ids=lambda value: "-".join(map(str, value))[:20] if isinstance(value, tuple) else str(value),
)
def test_whose_notes_are_taken(old: tuple[str, str, bool], new: tuple[str, str, bool], wins: bool) -> None:
    first = made(draft(old[1], truncated=old[2]), old[0])
    found = merged(first, draft(new[1], truncated=new[2]), format=new[0])
    assert body(found) == (new[1] if wins else old[1])
    assert found.kept == () and found.base.body is not None and found.base.body.format == (new if wins else old)[0]


def test_how_much_longer_notes_must_be() -> None:
    words = [f"w{number}" for number in range(200)]
    for count, wins in ((170, False), (171, True)):
        # the limit is 1.5 times 100 words, plus 20 words
        first = made(draft(" ".join(words[:100])), "feed")
        found = merged(first, draft(" ".join(words[:count])), format="directory")
        assert (body(found) != body(first)) is wins


def test_whether_notes_are_cut_goes_with_the_notes() -> None:
    first = made(draft("Cut …", truncated=True), "player")
    outcome = merged(first, draft("Cut …", truncated=True), format="player")
    assert "truncated" not in front(outcome) or front(outcome)["truncated"] == "true"
    cut = merged(first, draft("Cut again …", truncated=True), format="player")
    assert front(cut)["truncated"] == "true"
    whole = merged(cut, draft("Whole notes.", truncated=False), format="directory")
    assert "truncated" not in front(whole) and whole.base.body is not None and not whole.base.body.truncated
    less = merged(whole, draft("Cut …", truncated=True), format="player")
    assert "truncated" not in front(less) and body(less) == "Whole notes."


def test_a_structure_that_a_person_gave_stays_where_the_source_says_the_same_words() -> None:
    old, new = Recovery("hash", "model-1"), Recovery("hash", "model-2")
    first = made(draft("# one\n\ntwo", recovery=old), "directory")
    text = first.text.replace("# one", "## one")
    found = merged(first, draft("### one\n\ntwo", recovery=new), text, "directory")
    assert found.text == text and found.conflicts == () and found.kept == ("body",)
    assert found.base.body == first.base.body
    again = merged(first, draft("### one\n\ntwo", recovery=old), first.text, "directory")
    assert again.text == first.text


def test_line_ends_and_everything_else_in_a_file_stay() -> None:
    first = made(draft("Notes.", summary="S"))
    text = "\ufeff" + first.text.replace("title: One", "title: One  # my title\nx-own: {a: 1}").replace("\n", "\r\n")
    found = merged(first, draft("New.\n\nMore.", summary="T"), text)
    meant = text.replace("summary: S", "summary: T").replace("Notes.", "New.\r\n\r\nMore.")
    assert found.text == meant
    bare = merge_draft(draft("Notes."), "show-001", PATH, "---\n---\nOld.\n", made(draft("Old.")).base, "feed")
    assert "id" not in front(bare) and body(bare) == "Notes."


def test_a_file_that_cannot_be_changed_without_harm_is_refused() -> None:
    first = made(draft("Notes.", summary="S"))
    with pytest.raises(ContentError):
        merged(first, draft("Notes.", summary="T"), first.text.replace("---\n\n", "", 1))
    flow = "---\n{id: show-001, title: One, summary: S}\n---\n\nNotes.\n"
    with pytest.raises(ContentError) as refused:
        merged(first, draft("Notes.", summary="T"), flow)
    assert [(found.message, found.remedy) for found in refused.value.problems] == [
        ("the file can't be changed safely", 'write each field of the front matter as "key: value", then import again')
    ]


def test_a_file_with_line_ends_of_old_keeps_its_front_matter() -> None:
    first = made(draft("Notes.", summary="S"))
    found = merged(first, draft("New.", summary="T"), first.text.replace("\n", "\r"))
    assert front(found)["summary"] == "T"
    assert front(found)["title"] == front(first)["title"]
    assert body(found) == "New."


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        ("a\nb\nc", "a\nb\nc", "a\nB\nc", "a\nB\nc"),
        ("a\nb\nc", "a\nB\nc", "a\nb\nc", "a\nB\nc"),
        ("a\nb\nc", "a\nB\nc", "a\nB\nc", "a\nB\nc"),
        ("a\nb\nc\nd\ne", "A\nb\nc\nd\ne", "a\nb\nc\nd\nE", "A\nb\nc\nd\nE"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("", "a", "", "a"),
        ("", "", "b", "b"),
        ("a  \nb", "a\nb", "a\nb\nc", "a\nb\nc"),
        ("a\nb\na", "a  \nmine\nb\na", "a\nb\na\nc", "a  \nmine\nb\na\nc"),
        ("a\nb\nc", "a  \nb\nc", "b\nc\na\na", "b\nc\na  \na"),
    ],
)
def test_lines_merge_three_ways(base: str, ours: str, theirs: str, result: str) -> None:
    assert three_way(line_hashes(base), ours, theirs) == (result, line_hashes(theirs), [])


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "places"),
    [
        ("a\nb\nc", "a\nX\nc", "a\nY\nc", [(1, ("X",), ("Y",))]),
        ("a\nb\nc\nd\ne", "X\nb\nc\nd\nX", "Y\nb\nc\nd\nY", [(0, ("X",), ("Y",)), (4, ("X",), ("Y",))]),
        ("", "X", "Y", [(0, ("X",), ("Y",))]),
        ("a\nb", "a", "a\nY", [(1, (), ("Y",))]),
    ],
)
def test_conflicts_have_their_places(base: str, ours: str, theirs: str, places: object) -> None:
    assert three_way(line_hashes(base), ours, theirs)[2] == places


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("\nz\nx\nx\n- a", "\nz\nx\n- a", "\nx\nx\nt"),
        ("z\nz\n\nx", "z\n\nz\nx", "z\n\n\nx\nt"),
        ("a\n\nb\n\nc\n", "a\n\n\nb\n\nc\n", "a\nc\n\nb\n\n"),
        ("a\n\nb\n", "a\n\n\no\nb\n", "a\n\n\nb\nt"),
        ("# L\n\nT\n\nT\n", "# L\n\n\n\nT\n\nT", "\nt\n\nT\n"),
    ],
)
def test_merging_equal_lines_beside_a_conflict_again_changes_nothing(base: str, ours: str, theirs: str) -> None:
    merged, known, conflicts = three_way(line_hashes(base), ours, theirs)
    assert three_way(known, merged, theirs) == (merged, known, conflicts)


def test_an_edit_that_a_later_merge_frees_of_its_conflict_is_not_replaced() -> None:
    base, ours, theirs = line_hashes("a\nb\n\nz"), "b\n\nmine\nz", "b\n\n\nz\nnew"
    merged = ("b\n\nmine\nz\nnew", line_hashes(theirs), [])
    assert three_way(base, ours, theirs) == three_way(base, ours, theirs, choice="source") == merged


def test_a_body_whose_edits_were_replaced_is_not_said_to_be_kept() -> None:
    first, newer = made(draft("One.\n\nTwo.")), draft("1.\n\nTwo.")
    edited = first.text.replace("One.", "Mine.")
    assert merged(first, newer, edited).kept == ("body",)
    assert merge_draft(newer, "show-001", PATH, edited, first.base, "feed", choice="source").kept == ()


def test_the_record_of_another_series_stays() -> None:
    first = made(draft("Notes."))
    base = Base("elsewhere", first.base.fields, first.base.body)
    found = merge_draft(draft("Notes."), "show-001", PATH, first.text, base, "feed")
    assert found.base.series == "elsewhere" and found.base.keys == first.base.keys


@pytest.mark.parametrize(
    "field", ["topics: # mine\n  - leeks\n", "topics:\n  - leeks # mine\n", "topics: [\n  # mine\n  leeks]\n"]
)
def test_comments_between_the_lines_of_a_field_make_a_conflict(field: str) -> None:
    first = made(draft("Notes.", topics=["leeks"]))
    text = first.text.replace("topics: [leeks]\n", field)
    assert merged(first, draft("Notes.", topics=["leeks"]), text).text == text
    found = merged(first, draft("Notes.", topics=["leeks", "soil"]), text)
    assert found.text == text and [one.file for one in found.conflicts] == [("topics: ['leeks']",)]
    again = merge_draft(draft("Notes.", topics=["leeks", "soil"]), "show-001", PATH, found.text, found.base, "feed")
    assert again.conflicts == found.conflicts
    taken = merge_draft(draft("Notes.", topics=["leeks", "soil"]), "show-001", PATH, text, first.base, "feed", "source")
    assert "# mine\ntopics: [leeks, soil]\n" in taken.text and taken.conflicts == ()


def test_a_comment_after_a_value_stays_with_the_new_value() -> None:
    first = made(draft("Notes.", summary="S"))
    found = merged(first, draft("Notes.", summary="T"), first.text.replace("summary: S", "summary: S # mine"))
    assert "\nsummary: T # mine\n" in found.text and found.conflicts == ()


@pytest.mark.parametrize("steps", [STEPS, 0])
def test_changes_at_both_ends_of_a_body_are_merged_or_told(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """If a comparison takes too long, only the equal lines at both ends count, so more changes become conflicts."""
    monkeypatch.setattr("mlguide_site.merge.merge_lines.STEPS", steps)
    base = "\n".join("abcde")
    assert three_way(line_hashes(base), base, "a\nb\nc\nD\ne") == ("a\nb\nc\nD\ne", line_hashes("a\nb\nc\nD\ne"), [])
    assert three_way(line_hashes(base), "a\nB\nc\nd\ne", "a\nb\nc\nD\ne")[0] == "a\nB\nc\nD\ne"
    text, _, conflicts = three_way(line_hashes(base), "A\nb\nc\nd\nE", "a\nb\nC\nd\ne")
    assert text == ("A\nb\nC\nd\nE" if steps else "A\nb\nc\nd\nE") and len(conflicts) == (not steps)


def bodies(kind: str) -> tuple[str, str]:
    """Return two bodies of 30,000 lines whose equal lines are hard to find."""
    if kind == "changed":
        return tuple("\n".join(f"{word if at % 2 else 'same'} {at}" for at in range(10_000)) for word in ("old", "new"))
    if kind == "exchanged":
        return "\n".join(map(str, range(10_000))), "\n".join(str(at ^ 1) for at in range(10_000))
    words = Random(1).choices([f"word {at}" for at in range(100)], k=20_000)
    return "\n".join(words[:10_000]), "\n".join(words[10_000:])


@pytest.mark.parametrize("kind", ["repeated", "changed", "exchanged"])
def test_bodies_whose_equal_lines_are_hard_to_find_are_merged_in_seconds(kind: str) -> None:
    base, other = bodies(kind)
    before = time.process_time()
    assert three_way(line_hashes(base), base, other)[0] == other
    assert time.process_time() - before < 10


def test_lines_that_the_source_moves_to_the_place_of_an_edit_are_kept() -> None:
    base = "Looms.\n\nLinks: a.\n\nReeds.\n\nYarn."
    ours, theirs = f"{base}\n\nMy own notes.", "Looms.\n\nReeds.\n\nYarn.\n\nLinks: a."
    merged, known, conflicts = three_way(line_hashes(base), ours, theirs)
    assert merged == "Looms.\n\nReeds.\n\nYarn.\n\nMy own notes.\n\nLinks: a."
    assert conflicts == [] and three_way(known, merged, theirs) == (merged, known, conflicts)
    # a line that a person deleted stays deleted
    cut = ours.replace("Links: a.\n\n", "")
    assert "Links" not in three_way(line_hashes(base), cut, theirs)[0]


def test_a_block_of_code_is_never_cut() -> None:
    code = "```py\nimport csv\nrows = open('yarn.csv')\n\nfor row in rows:\n    print(row)\n```"
    base, theirs = f"Load.\n\n{code}\n\nRest.", "Load.\n\nChoose File.\n\nSee the table.\n\nRest."
    ours = base.replace("yarn", "yarns")
    merged, known, conflicts = three_way(line_hashes(base), ours, theirs)
    assert merged == ours and len(conflicts) == 1
    assert three_way(known, merged, theirs) == (merged, known, conflicts)
    assert three_way(line_hashes(base), ours, theirs, "source")[:2] == (theirs, line_hashes(theirs))
    # the other way round
    base, theirs = "A.\n\nLoad modul.\n\nThen print.\n\nRest.", f"A.\n\n{code}\n\nRest."
    ours = base.replace("modul", "module")
    merged, known, conflicts = three_way(line_hashes(base), ours, theirs)
    assert merged == ours and len(conflicts) == 1
    assert three_way(line_hashes(base), ours, theirs, "source")[0] == theirs


def test_lines_that_the_source_moves_away_from_an_edit_are_not_twice() -> None:
    table = "| A |\n| --- |\n| yarn |"
    base, theirs = f"Looms.\n\n{table}\n\nReeds.\n\nEnd.", f"Reeds.\n\n{table}\n\nLooms.\n\nEnd."
    merged, known, _ = three_way(line_hashes(base), base.replace("Looms.", "My looms."), theirs)
    assert merged.count("yarn") == merged.count("Reeds.") == 1 and "My looms." in merged
    assert three_way(known, merged, theirs)[0] == merged
    # both moved it: the place in the file counts
    ours, theirs = f"Looms.\n\nReeds.\n\n{table}\n\nEnd.", f"{table}\n\nLooms.\n\nReeds.\n\nEnd."
    assert three_way(line_hashes(base), ours, theirs)[0] == ours


@pytest.mark.parametrize("block", ['!!! note "Modul"\n\n    Wind.\n\n    Cut.', "[^a]: Modul.\n\n    Wind."])
def test_admonitions_and_footnotes_are_never_cut(block: str) -> None:
    base, theirs = f"A.\n\n{block}\n\nRest.", "A.\n\nChoose File.\n\nSee the table.\n\nRest."
    ours = base.replace("Modul", "Module")
    merged, _, conflicts = three_way(line_hashes(base), ours, theirs)
    assert merged == ours and len(conflicts) == 1
    # the source's changes come in where the file has no edit
    assert three_way(line_hashes(base), base.replace("Rest", "My rest"), theirs)[0] == theirs.replace("Rest", "My rest")


TABLES = [f"| Swedish | English |\n| --- | --- |\n| {one} |\n| {other} |" for one, other in ("ab", "cd")]


def test_tables_with_the_same_header_are_not_confused() -> None:
    base, ours = f"Words.\n\n{TABLES[0]}\n\n{TABLES[1]}\n\nEnd.", f"Words.\n\n{TABLES[1]}\n\nEnd."
    theirs = f"Words.\n\n{TABLES[1]}\n\n{TABLES[0]}\n\nEnd."
    assert three_way(line_hashes(base), ours, theirs)[0] == ours


def test_a_table_keeps_its_header_but_takes_new_rows() -> None:
    base = f"Words.\n\n{TABLES[0]}\n\nEnd."
    ours = base.replace("| b |", "| b (pet) |")
    merged, _, conflicts = three_way(line_hashes(base), ours, base.replace("Swedish | English", "English | Swedish"))
    assert merged == ours and len(conflicts) == 1
    base, ours = (text.replace("\n\nEnd", "\n| x |\n\nEnd") for text in (base, ours))
    merged, _, conflicts = three_way(line_hashes(base), ours, base.replace("| x |", "| x |\n| new |"))
    assert merged == ours.replace("| x |", "| x |\n| new |") and not conflicts


@pytest.mark.parametrize("marks", [("<!--", "-->"), ("<details>", "</details>")])
def test_what_a_person_hid_stays_hidden_and_hides_nothing_else(marks: tuple[str, str]) -> None:
    parts = {name: f"## {name}\n\nText of {name}." for name in ("Sponsors", "Reading", "Credits")}
    base = "\n\n".join(parts.values())
    hidden = "\n\n".join((marks[0], parts["Sponsors"], marks[1]))
    ours = base.replace(parts["Sponsors"], hidden)
    for order in (("Reading", "Sponsors", "Credits"), ("Reading", "Credits", "Sponsors"), ("Reading", "Credits")):
        merged, _, conflicts = three_way(line_hashes(base), ours, "\n\n".join(map(parts.__getitem__, order)))
        assert hidden in merged and merged.count("Text of Sponsors.") == 1 and conflicts
        assert all(merged.count(parts[name]) == 1 for name in ("Reading", "Credits"))


def test_a_paragraph_that_a_person_deleted_stays_deleted_if_the_source_moves_it() -> None:
    end = "\n\nTell a friend."
    ours = "Intro.\n\n## Reading\n\nAna."
    theirs = f"{end.strip()}\n\n{ours}"
    merged, known, conflicts = three_way(line_hashes(ours + end), ours, theirs)
    assert merged == ours and not conflicts
    assert three_way(known, merged, theirs) == (merged, known, [])

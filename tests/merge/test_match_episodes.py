"""Tests of matching drafts to episodes."""

import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mlguide_site.importers import Draft
from mlguide_site.merge.keys import days_between, draft_keys, plain_lines, plain_title, subject
from mlguide_site.merge.match_episodes import Known, assign, is_other_episode, known_episode, new_id
from mlguide_site.merge.records import line_hashes
from mlguide_site.merge.three_way import merge_draft


def draft(title: str = "Keels", number: int | None = None, season: int | None = None, **more: Any) -> Draft:
    fields = {"title": title, "date": more.pop("day", date(2024, 5, 2))}
    return Draft("ships", number, season, more.pop("slug", "keels"), fields, more.pop("body", "Text."), **more)


def known(id: str, **front: Any) -> Known:
    return known_episode(id, "ships", front, frozenset(["import"]))


def test_a_note_made_by_hand_is_found_by_its_title_whatever_its_day() -> None:
    note = known_episode("ships-007", "ships", {"title": "Keels", "date": "2023-01-01"}, frozenset())
    assert assign([draft()], [note])[0][1] == "ships-007"
    assert assign([draft(number=9)], [note])[0][1] == "ships-009"


def test_the_title_and_date_of_another_note_count_more_than_the_number_of_a_planned_one() -> None:
    planned = known_episode("ships-001", "ships", {"title": "Masts", "date": "2024-06-01"}, frozenset())
    [(_, id)] = assign([draft(number=1, guid="g")], [planned, known("ships-keels", title="Keels", date="2024-05-02")])
    assert id == "ships-keels"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ({"title": "A tour of my booth", "date": "2023-01-01"}, True),
        ({"title": "A tour of my booth", "date": "2023-01-01", "guid": "g"}, False),
        ({"title": "A tour of my booth", "date": "2024-05-03"}, False),
        ({"title": "My notes on keels", "date": "2023-01-01"}, False),
        ({"title": "A tour of my booth"}, False),
    ],
)
def test_a_note_with_another_title_and_date_may_be_another_episode(front: dict[str, str], expected: bool) -> None:
    note = known_episode("ships-007", "ships", front, frozenset())
    assert is_other_episode(draft(number=7, guid="g"), note) is expected
    assert assign([draft(number=7, guid="g")], [note])[0][1] == "ships-007"


@pytest.mark.parametrize(
    ("given", "there", "id"),
    [
        (draft(guid="g"), known("ships-007", guid="g"), "ships-007"),
        (draft(address="https://s.example/7"), known("ships-007", links=[{"url": "https://s.example/7"}]), "ships-007"),
        (draft(enclosure="https://c.example/7"), known("ships-007", audio={"url": "https://c.example/7"}), "ships-007"),
        (draft(number=7), known("ships-007", title="Masts"), "ships-007"),
        (draft(number=7, season=2), known("ships-s2-007", title="Masts"), "ships-s2-007"),
        (draft(number=7), known("ships-007"), "ships-007"),
        (draft(number=7, guid="g"), known("ships-007"), "ships-keels"),
        (draft(number=7, season=2), known("ships-007", season="2"), "ships-007"),
        (draft(number=7, season=2), known("ships-007", season="1"), "ships-s2-007"),
        (draft("Keels!"), known("ships-007", title="keels", date="2024-05-01 22:00:00"), "ships-007"),
        (draft(), known("ships-007", title="Keels", date="2024-05-04"), "ships-keels"),
        (draft(), known("ships-007", title="Keels"), "ships-keels"),
        (draft(guid="other", number=7), known("ships-007", guid="g"), "ships-007"),
    ],
)
def test_levels(given: Draft, there: Known, id: str) -> None:
    assert [id for _, id in assign([given], [there])] == [id]


def test_an_imported_episode_keeps_its_notes_when_the_numbers_of_a_feed_restart() -> None:
    front = {"title": "On bees", "date": "2020-01-05", "guid": "old", "audio": {"url": "https://c.example/1"}}
    assert assign([draft("Zebras", 7, guid="new")], [known("ships-007", **front)])[0][1] == "ships-keels"
    assert assign([draft("Zebras", 7, 2, guid="new")], [known("ships-007", **front)])[0][1] == "ships-s2-007"
    # a word that titles share says little, and the name of the show nothing
    names = ("Ants", "Wasps", "Flies", "Moths", "The life of bees")
    many = [known(f"ships-{n:03}", **front | {"title": f"{name} | Deep Dive"}) for n, name in enumerate(names, 3)]
    for title in ("The return of zebras", "Zebras | Deep Dive"):
        assert assign([draft(title, 7, guid="new")], many)[0][1] == "ships-keels"
    assert assign([draft("Bees | Deep Dive", 7, guid="new")], many)[0][1] == "ships-007"
    # a directory page has no guid, and may have other titles
    assert assign([draft("Zebras", 7)], [known("ships-007", **front)])[0][1] == "ships-007"


def test_vowel_signs_distinguish_titles() -> None:
    assert len({plain_title(title) for title in ("मीना", "माना", "मनी")}) == 3


def test_notes_of_a_folder_with_one_title_are_told_apart_by_their_files() -> None:
    weeks = [draft("Summary", day=None, body=f"Week {n}.", file=f"Week {n}/Summary.md") for n in (1, 2, 3)]
    first = assign(weeks, [])
    notes = [known_episode(id, "ships", {"title": "Summary"}, frozenset(draft_keys(one).values())) for one, id in first]
    edited = [replace(one, body=f"{one.body} More.") for one in weeks]
    assert {one.file: id for one, id in assign(edited, notes)} == {one.file: id for one, id in first}


def test_a_shared_audio_address_or_a_link_makes_no_episode_another_one() -> None:
    front = {"title": "On bees", "date": "2024-05-01", "guid": "old", "audio": {"url": "https://c.example/latest"}}
    front["links"] = [{"title": "Next", "url": "https://s.example/8"}]
    for more in ({"enclosure": "https://c.example/latest"}, {"address": "https://s.example/8"}):
        given = draft("Zebras", guid="new", day=date(2024, 5, 8), **more)
        assert assign([given], [known("ships-007", **front)])[0][1] == "ships-keels"
        assert assign([replace(given, guid="")], [known("ships-007", **front)])[0][1] == "ships-007"


def test_date_and_title_decide_before_a_number_that_is_a_position() -> None:
    notes = [known("ships-001", title="B", date="2024-05-08"), known("ships-002", title="A", date="2024-05-01")]
    days = {"C": date(2024, 5, 15), "B": date(2024, 5, 8), "A": date(2024, 5, 1)}
    drafts = [draft(title, at, day=day, file="days.md") for at, (title, day) in enumerate(days.items(), 1)]
    notes = [
        replace(one, keys=one.keys | {draft_keys(two)["titled"]}) for one, two in zip(notes, drafts[1:], strict=True)
    ]
    assert {one.title: id for one, id in assign(drafts, notes)} == {
        "A": "ships-002",
        "B": "ships-001",
        "C": "ships-keels",
    }


def test_a_chapter_inserted_in_front_moves_no_notes() -> None:
    def chapters(*titles: str) -> list[Draft]:
        return [draft(one, at, day=None, slug=one.lower(), file=f"0{at} {one}.md") for at, one in enumerate(titles, 1)]

    first = assign(chapters("Intro", "Warp", "Weft"), [])
    notes = [known_episode(id, "ships", {"title": one.title}, frozenset(draft_keys(one).values())) for one, id in first]
    found = {one.title: id for one, id in assign(chapters("Preface", "Intro", "Warp", "Weft"), notes)}
    assert found == {"Intro": "ships-001", "Warp": "ships-002", "Weft": "ships-003", "Preface": "ships-preface"}
    renamed = {one.title: id for one, id in assign(chapters("Start", "Warp", "Weft"), notes)}
    assert renamed == {"Start": "ships-001", "Warp": "ships-002", "Weft": "ships-003"}


@pytest.mark.parametrize("form", ["{day} {title}", "Lecture {number} ({day}): {title}", "Lecture {number}: {title}"])
def test_a_session_that_is_inserted_cancelled_or_corrected_moves_no_notes(form: str) -> None:
    def sessions(*given: tuple[str, date]) -> list[Draft]:
        titles = [form.format(number=at, title=title, day=day) for at, (title, day) in enumerate(given, 1)]
        days = [day if "{day}" in form else None for _, day in given]
        return [
            draft(title, at, day=day, slug=title, file="days.md")
            for at, (title, day) in enumerate(zip(titles, days, strict=True), 1)
        ]

    def ids(*given: tuple[str, date]) -> list[str]:
        found = {one.number: id for one, id in assign(sessions(*given), notes)}
        return [found[at] for at in range(1, len(given) + 1)]

    week = [date(2024, 3, day) for day in (4, 11, 18, 25)]
    knots, sails, masts = (("Knots", week[0]), ("Sails", week[1]), ("Masts", week[2]))
    notes = [
        known_episode(
            id,
            "ships",
            {"title": one.title, "date": one.fields.get("date"), "number": one.number},
            frozenset(draft_keys(one).values()),
        )
        for one, id in assign(sessions(knots, sails, masts), [])
    ]
    assert ids(knots, ("Guest", week[1]), ("Sails", week[2]), ("Masts", week[3]))[0::2] == ["ships-001", "ships-002"]
    assert ids(knots, ("Guest", week[1]), ("Sails", week[2]), ("Masts", week[3]))[3] == "ships-003"
    assert ids(knots, ("Masts", week[1])) == ["ships-001", "ships-003"]
    assert ids(knots, ("Sails and oars", date(2024, 3, 12)), masts) == ["ships-001", "ships-002", "ships-003"]


def test_the_same_number_and_audio_file_outweigh_title_guid_and_date() -> None:
    front = {"title": "On bees", "date": "2024-05-01", "guid": "old", "audio": {"url": "https://c.example/7"}}
    given = draft("Zebras", 7, guid="new", day=date(2024, 5, 8), enclosure="https://c.example/7")
    assert assign([given], [known("ships-007", **front)])[0][1] == "ships-007"


def test_a_session_keeps_its_note_if_its_title_changes_and_another_takes_its_position() -> None:
    planned = draft("TBD", 1, day=date(2024, 3, 12), file="days.md")
    notes = [replace(known("ships-001", title="TBD", date="2024-03-12"), keys=frozenset(draft_keys(planned).values()))]
    drafts = [replace(planned, fields={**planned.fields, "title": "Sails"}, number=2)]
    drafts += [draft("Masts", 1, slug="masts", day=date(2024, 3, 19), file="days.md")]
    assert {one.title: id for one, id in assign(drafts, notes)} == {"Sails": "ships-001", "Masts": "ships-masts"}


def imported(*drafts: Draft) -> list[Known]:
    """Return the episodes that an import of these notes creates."""
    found = []
    for one, id in assign(drafts, []):
        keys = draft_keys(one)
        place = (keys.pop("source"), keys.pop("folder"))
        found.append(known_episode(id, "ships", one.fields, frozenset(keys.values()), plain_lines(one.body), place))
    return found


def titles(drafts: list[Draft], notes: list[Known]) -> dict[str, str]:
    return {one.title: id for one, id in assign(drafts, notes)}


@pytest.mark.parametrize("file", ["autumn.md", "spring.md"])
def test_notes_of_another_term_never_replace_those_at_their_position(file: str) -> None:
    autumn = [draft("Keels", 1, body="Keels are heavy.", file="autumn.md")]
    spring = [draft("Flags", 1, slug="flags", day=date(2025, 3, 1), body="Flags are light.", file=file)]
    assert titles(spring, imported(*autumn)) == {"Flags": "ships-flags"}
    assert titles(autumn + spring, imported(*autumn)) == {"Keels": "ships-001", "Flags": "ships-flags"}
    # without dates, only the text can tell
    undated = [replace(one, fields={"title": one.title}) for one in autumn + spring]
    long = [replace(one, body="\n".join(f"{one.body} Part {part}." for part in range(4))) for one in undated]
    assert titles(long[1:], imported(long[0])) == {"Flags": "ships-flags"}
    planned = "ships-001" if file == "autumn.md" else "ships-flags"
    assert titles(undated[1:], imported(undated[0])) == {"Flags": planned}, "a planned session gets its text later"


def test_notes_of_one_name_in_other_folders_are_other_notes() -> None:
    for day, later in ((date(2024, 3, 1), date(2024, 4, 1)), (None, None)):
        first = draft("Summary", day=day, body="Keels are heavy.", file="week1/Summary.md")
        other = draft("Summary", day=later, body="Flags are light.", file="week2/Summary.md")
        assert titles([other], imported(first)) == {"Summary": "ships-keels-2"}
        # the same text a month later may be a copy that will be rewritten
        expected = "ships-keels-2" if day else "ships-keels"
        assert titles([replace(other, body=first.body)], imported(first)) == {"Summary": expected}


def test_new_notes_may_take_the_position_of_deleted_ones() -> None:
    first = draft("Keels", 1, body="Keels are heavy.", file="log.md")
    keys = frozenset(draft_keys(first).values())
    deleted = known_episode("ships-001", "ships", {}, keys, line_hashes(first.body))
    assert titles([replace(first, body="Keels are light.")], [deleted]) == {"Keels": "ships-001"}
    flags = draft("Flags", 1, slug="flags", day=date(2024, 5, 20), body="Flags are light.", file="log.md")
    assert titles([flags], [deleted]) == {"Flags": "ships-flags"}
    assert titles([draft("Flags", 1, slug="flags", guid="new")], [deleted]) == {"Flags": "ships-flags"}


def test_a_later_round_of_a_log_makes_new_notes() -> None:
    first = draft("Day 1", 1, slug="day-1", body="Keels are heavy.", file="log.md")
    later = replace(first, fields={"title": "Day 1", "date": date(2025, 5, 1)}, body="Flags are light.")
    moved = replace(first, fields={"title": "Day 1", "date": date(2024, 5, 20)}, body="Flags are light.")
    assert titles([later], imported(first)) == {"Day 1": "ships-day-1"}
    assert titles([moved], imported(first)) == {"Day 1": "ships-001"}
    assert titles([replace(later, body=first.body)], imported(first)) == {"Day 1": "ships-001"}


@pytest.mark.parametrize("form", ["0{at} {title}", "{title} {at}", "Lecture {at} {title}", "#{at} {title}"])
def test_notes_are_recognised_by_their_text_if_their_titles_change(form: str) -> None:
    def notes(*names: str) -> list[Draft]:
        return [
            draft(form.format(at=at, title=name), at, day=None, body=f"What {name} are for.", file=f"{at} {name}.md")
            for at, name in enumerate(names, 1)
        ]

    known = imported(*notes("keels", "masts", "sails"))
    found = {one.body: id for one, id in assign(notes("keels", "flags", "masts", "sails"), known)}
    ids = ["ships-001", "ships-keels", "ships-002", "ships-003"]
    assert [found[f"What {name} are for."] for name in ("keels", "flags", "masts", "sails")] == ids
    renamed = replace(notes("keels")[0], fields={"title": "On the bottom of a ship"}, number=None, file="other.md")
    assert titles([renamed, *notes("keels", "masts", "sails")[1:]], known)[renamed.title] == "ships-001"
    # the file of a single note may be a copy
    assert titles([renamed], known) == {renamed.title: "ships-keels"}


def test_notes_named_by_numbers_keep_their_episodes_when_a_note_is_inserted() -> None:
    def notes(*names: str) -> list[Draft]:
        return [
            draft(f"{at:02}", day=None, slug=f"{at:02}", body=f"On {name}.\n\nSee {name}.", file=f"n/{at:02}.md")
            for at, name in enumerate(names, 1)
        ]

    known = imported(*notes("keels", "masts", "sails"))
    found = {one.body.split()[1]: id for one, id in assign(notes("flags", "keels", "sails", "masts"), known)}
    ids = ["ships-title-01", "ships-title-02", "ships-title-03", "ships-title-01-2"]
    assert [found[f"{name}."] for name in ("keels", "masts", "sails", "flags")] == ids
    # a copy from before an edit is another note
    first, *others = notes("keels", "masts", "sails")
    copy = replace(first, fields={"title": "01 old"}, slug="old", file="n/01 old.md")
    kept = "\n\n".join(f"Part {part} of a ship." for part in range(4))
    first, copy = (replace(one, body=kept + one.body) for one in (first, copy))
    edited = replace(first, body=first.body.replace("See", "Look at"))
    assert titles([edited, copy, *others], imported(first, *others))["01"] == "ships-title-01"


@pytest.mark.parametrize("place", [2, 3, 4])
def test_notes_keep_their_episodes_when_a_note_is_inserted_anywhere_and_another_changes(place: int) -> None:
    def lectures(*texts: str) -> list[Draft]:
        return [
            draft(f"Lecture {at}", at, day=None, body=text, file=f"n/Lecture {at}.md")
            for at, text in enumerate(texts, 1)
        ]

    before = [
        "\n\n".join(f"Part {part} is on {name}." for part in range(6)) for name in "keels masts sails ropes".split()
    ]
    after = [*before[: place - 1], "A guest told of knots.", *before[place - 1 :]]
    after[-1] = after[-1].replace("Part 2 is", "Part 2 was")
    found = dict(zip(after, (id for _, id in assign(lectures(*after), imported(*lectures(*before)))), strict=True))
    assert [found[text] for text in after if "guest" not in text] == [f"ships-00{at}" for at in range(1, 5)]


def test_a_new_copy_of_a_template_is_another_note() -> None:
    def days(*texts: str) -> list[Draft]:
        names = [f"2024-05-0{at}" for at in range(1, 9)]
        return [
            draft(name, day=None, slug=name, body=f"## Goals\n\n{text}", file=f"n/{name}.md")
            for name, text in zip(names, texts, strict=False)
        ]

    known = imported(*days("Win.", "Rest.", "Write three sentences."))
    later = days("Win.", "Rest.", "Ropes.", "Write three sentences.")
    assert titles(later, known)["2024-05-03"] == "ships-2024-05-03"


TEMPLATE = "## What we planned\n\n- read the next chapter\n- finish the exercises\n\n## What we learned\n\n"


@pytest.mark.parametrize("form", ["Week {at}", "Of {word}"])
@pytest.mark.parametrize("file", ["{at}.md", "this-week.md"])
def test_notes_of_one_template_never_replace_each_other(form: str, file: str) -> None:
    def week(at: int, word: str, day: date | None) -> Draft:
        title, body = form.format(at=at, word=word), TEMPLATE + word
        return draft(title, at, day=day, slug=word, body=body, file=file.format(at=at))

    for days in ((date(2024, 5, 2), date(2024, 5, 9)), (None, None)):
        first, second = week(1, "oaks", days[0]), week(2, "elms", days[1])
        assert titles([second], imported(first)) == {second.title: "ships-002"}


def test_a_copy_in_another_series_or_of_another_year_is_another_note() -> None:
    first = draft("Keels", 1, body="Keels are heavy.\n\nThey last.", file="autumn.md")
    copy = replace(first, series="boats", fields={"title": "Keels", "date": date(2024, 5, 4)})
    assert assign([copy], imported(first))[0][1] == "boats-001"
    later = replace(first, fields={"title": "Keels again", "date": date(2026, 5, 2)}, file="spring.md", number=7)
    assert titles([later], imported(first)) == {"Keels again": "ships-007"}


@pytest.mark.parametrize("body", ["Slides will be added later.", TEMPLATE])
def test_planned_sessions_are_recognised_by_records_without_their_file_and_after_a_move(body: str) -> None:
    def sessions(first: date | None) -> list[Draft]:
        return [
            draft(name, at, day=first and first.replace(day=7 * at), slug=name, body=body, file="plan.md")
            for at, name in enumerate(("Keels", "Masts", "Sails"), 1)
        ]

    for before, after in ((date(2024, 5, 1), date(2024, 6, 1)), (None, None)):
        old = [replace(one, place=()) for one in imported(*sessions(before))]
        assert sorted(id for _, id in assign(sessions(after), old)) == ["ships-001", "ships-002", "ships-003"]


def test_notes_with_a_common_heading_in_another_folder_are_other_notes() -> None:
    def week(at: int) -> list[Draft]:
        return [
            draft(name, day=None, slug=name, body=f"## Notes\n\n{name} {at}", file=f"week{at}/{name}.md")
            for name in ("Lab", "Summary")
        ]

    first, other = week(1), week(8)
    assert not {*titles(other, imported(*first)).values()} & {one.id for one in imported(*first)}
    copy = replace(first[0], fields={"title": "Lab 2"}, slug="lab-2", file="week2/Lab 2.md")
    assert titles([copy, other[1]], imported(*first))["Lab 2"] not in {one.id for one in imported(*first)}
    same = [replace(one, file=f"./{one.file}", body="## Notes\n\nOther") for one in first]
    assert {*titles(same, imported(*first)).values()} == {one.id for one in imported(*first)}


def test_notes_of_another_year_never_replace_notes_of_an_episode_of_a_feed() -> None:
    first = draft("Keels", day=date(2023, 5, 2), body="Keels are heavy.", file="2023/Keels.md")
    listed = replace(imported(first)[0], is_listed=True)
    later = draft("Keels", body="Keels are light.", file="2024/Keels.md")
    assert titles([later], [listed]) == {"Keels": "ships-keels-2"}


def test_a_new_file_with_the_heading_of_an_archived_one_is_other_notes() -> None:
    def notes(day: int) -> Draft:
        return draft("Today", day=None, slug="today", body=f"On day {day}.\n\nIt took {day} hours.", file=f"j/{day}.md")

    there = imported(notes(1), notes(2))
    assert {*titles([notes(3)], there).values()}.isdisjoint(one.id for one in there)
    assert {id for _, id in assign([notes(2), notes(3)], there)} == {"ships-today-2", "ships-today-3"}


def test_sessions_of_one_title_are_recognised_by_their_text_when_their_dates_or_numbers_move() -> None:
    def exercises(*days: int) -> list[Draft]:
        bodies = dict(zip(days, ("Keels.", "Masts.", "Sails."), strict=True))
        return [
            draft("Lab", at, day=date(2024, 3, day), slug="lab", body=f"- {day:02d} Mar 2024\n\n{body}", file="c.md")
            for at, (day, body) in enumerate(bodies.items(), 1)
        ]

    found = assign(exercises(8, 15, 22), imported(*exercises(1, 8, 15)))
    assert [id for _, id in found] == ["ships-001", "ships-002", "ships-003"]
    first, dropped, last = exercises(1, 8, 15)
    assert [id for _, id in assign([first, replace(last, number=2)], imported(first, dropped, last))] == [
        "ships-001",
        "ships-003",
    ]


def test_a_planned_session_with_text_from_the_root_takes_no_other_notes() -> None:
    first = draft("Lab", body="", file="week1/Lab.md")
    written = [replace(one, lines=plain_lines("Keels are heavy.")) for one in imported(first)]
    assert titles([draft("Lab", body="Flags are light.", file="week2/Lab.md")], written) == {"Lab": "ships-keels-2"}
    assert titles([replace(first, body="Keels are heavy, indeed.")], written) == {"Lab": "ships-keels"}


@pytest.mark.parametrize("day", [date(2024, 3, 1), None])
def test_moved_notes_with_links_and_headings_are_recognised(day: date | None) -> None:
    body = "# Parts\n\nSee [Masts]({}).\n\n![A keel]({})"
    first = draft("Keels", day=day, body=body.format("ships-masts.md", "ships-keels/keel.png"), file="v/Keels.md")
    moved = replace(first, body="#" + body.format("note:3-1", "asset:keel.png"), file="vault 2/Keels.md")
    assert titles([moved], imported(first)) == {"Keels": "ships-keels"}


FILLED = TEMPLATE + "Keels are heavy."
MARCH = [date(2024, 3, day) for day in (1, 2, 8)]


@pytest.mark.parametrize(
    ("days", "body", "later"),
    [
        ((None, None), FILLED, TEMPLATE + "Flags are light."),
        ((None, None), FILLED, TEMPLATE),
        ((None, None), "Keels are heavy.", ""),
        ((MARCH[0], MARCH[0]), "Keels are heavy.", "Flags are light."),
        ((MARCH[0], MARCH[1]), "Keels are heavy.", "Flags are light."),
        ((MARCH[0], MARCH[2]), FILLED, TEMPLATE + "Flags are light."),
        ((MARCH[0], MARCH[2]), "Keels are heavy.", ""),
    ],
)
def test_no_line_of_an_episode_is_lost_to_notes_in_another_file(
    days: tuple[date | None, date | None], body: str, later: str
) -> None:
    first = draft("Lab", day=days[0], body=body, file="week1/Lab.md")
    other = draft("Lab", day=days[1], body=later, file="week2/Lab.md")
    for is_listed in (False, True):
        there = [replace(one, is_listed=is_listed) for one in imported(first)]
        assert titles([other], there) == {"Lab": "ships-keels-2"}
        # notes of another day in another file may be a copy that will be rewritten
        expected = "ships-keels-2" if days[1] == MARCH[2] else "ships-keels"
        assert titles([replace(other, body=f"{body}\n\nMore.")], there) == {"Lab": expected}


def test_the_file_of_an_episode_is_the_last_one() -> None:
    first = draft("Lab", day=None, body=TEMPLATE, file="week1/Lab.md")
    moved = replace(first, body=FILLED, file="week2/Lab.md")
    found = merge_draft(
        moved, "ships-keels", "n.md", "", merge_draft(first, "ships-keels", "n.md", "", None, "log").base, "log"
    )
    there = known_episode("ships-keels", "ships", first.fields, found.base.keys, line_hashes(FILLED), found.base.place)
    assert titles([moved], [there]) == {"Lab": "ships-keels"}
    assert titles([replace(moved, body="Flags are light.")], [there]) == {"Lab": "ships-keels"}
    short = replace(first, body="Flags are light.")
    other = draft("Talk", day=None, slug="talk", body="Masts are high.", file="week1/Talk.md")
    for week in ([short], [short, other]):
        assert titles(week, [there])["Lab"] == "ships-keels-2"


def test_notes_of_the_next_year_in_the_same_file_are_other_notes() -> None:
    first = draft("Lab", 1, body="Read chapter 2 of the course book.\n\nKeels are heavy.", file="course.md")
    later = draft("Lab", 1, day=date(2025, 5, 2), body=first.body.replace("Keels", "Flags"), file="course.md")
    assert titles([later], imported(first)) == {"Lab": "ships-keels"}
    # a session that moved has most of its lines
    long = "\n\n".join(f"Part {part} of a ship." for part in range(6))
    first, later = (replace(one, body=f"{long}\n\n{one.body}") for one in (first, later))
    moved = replace(later, fields={"title": "Lab", "date": date(2024, 5, 20)})
    assert titles([moved], imported(first)) == {"Lab": "ships-001"}
    week = replace(moved, body="\n\n".join(f"Mast {part} is high." for part in range(6)) + first.body[-60:])
    assert titles([week], imported(first)) == {"Lab": "ships-keels"}


def test_notes_are_recognised_by_their_date_in_the_source_if_the_episode_has_another_date() -> None:
    first = draft("Keels", body="\n\n".join("abcd"), file="Keels.md")
    edited = [replace(one, date="2024-05-20") for one in imported(first)]
    assert titles([replace(first, body="\n\n".join("efgh"))], edited) == {"Keels": "ships-keels"}


def test_the_position_of_notes_is_no_number_of_an_episode_with_another_title() -> None:
    listed = [
        known(f"ships-00{at}", title=f"{at}: {title}", date=f"2023-01-0{at}", guid=title)
        for at, title in enumerate(("Keels", "Masts", "Floor timbers"), 1)
    ]
    mine = [
        draft(title, at, day=None, slug=title.lower(), body=f"On {title}.", file="mine.md")
        for at, title in enumerate(("Masts", "Sails", "The timbers", "Episode 4"), 1)
    ]
    listed.append(known("ships-004", title="Sails", date="2023-01-04", guid="Sails"))
    found = {"Masts": "ships-masts", "Sails": "ships-sails", "The timbers": "ships-003"}
    found["Episode 4"] = "ships-episode-4"  # "Sails" is the title of other notes
    assert titles(mine, listed) == found
    near = [replace(one, fields={"title": one.title, "date": date(2023, 1, 1)}) for one in mine[:1]]
    assert titles(near, listed) == {"Masts": "ships-001"}
    feed = [draft("Keels", 1, guid="k"), draft("Timbers of a floor", 3, guid="t", slug="timbers")]
    assert titles(feed, imported(*mine)) == {"Keels": "ships-keels", "Timbers of a floor": "ships-003"}


@pytest.mark.parametrize(("one", "other"), [("2024 in review", "2025 in review"), ("12,000 steps", "14,000 steps")])
def test_numbers_within_a_title_belong_to_its_subject(one: str, other: str) -> None:
    assert subject(one) != subject(other)


def test_what_two_drafts_share_decides_nothing() -> None:
    found = assign(
        [draft("Keels", guid="same"), draft("Masts", slug="masts", guid="same")], [known("ships-007", guid="same")]
    )
    assert [id for _, id in found] == ["ships-keels", "ships-masts"]


def test_a_stronger_sign_comes_first_for_all_drafts() -> None:
    there = [known("ships-001", guid="a"), known("ships-002", guid="b")]
    swapped = [draft("One", number=2, guid="a"), draft("Two", number=1, guid="b")]
    assert {draft.title: id for draft, id in assign(swapped, there)} == {"One": "ships-001", "Two": "ships-002"}


def test_two_drafts_never_become_one_episode() -> None:
    drafts = [draft("Old", number=9, slug="old", guid="a"), draft("New", number=3, slug="new", day=date(2024, 6, 1))]
    found = assign(drafts, [known("ships-003", guid="a")])
    assert {draft.title: id for draft, id in found} == {"Old": "ships-003", "New": "ships-new"}


def test_a_number_told_twice_is_given_to_the_older() -> None:
    found = assign([draft("New", number=3, slug="new", day=date(2024, 6, 1)), draft("Old", number=3, slug="old")], [])
    assert {draft.title: id for draft, id in found} == {"Old": "ships-003", "New": "ships-new"}


def test_a_season_that_goes_on_counting_is_not_marked() -> None:
    found = assign([draft(str(n), number=n, season=1 + n // 3, slug=f"n{n}") for n in range(1, 6)], [])
    assert sorted(id for _, id in found) == [f"ships-{n:03}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("slug", "id"),
    [
        ("trailer", "ships-trailer"),
        ("1984", "ships-title-1984"),
        ("7", "ships-title-7"),
        ("s2-003", "ships-title-s2-003"),
        ("s2-3", "ships-title-s2-3"),
        ("", "ships-keels"),
    ],
)
def test_slugs(slug: str, id: str) -> None:
    assert new_id(draft(slug=slug), set()) == id


def test_ids_stay_within_their_length() -> None:
    used: set[str] = set()
    for _ in range(12):
        id = new_id(draft(slug="-".join(["long"] * 12)), used)
        assert len(id) <= 64
        assert id not in used
        used.add(id)


def test_many_episodes_of_one_title_get_ids_in_time() -> None:
    count = 3000
    there = [known(f"ships-keels{'' if at == 1 else f'-{at}'}", title="Keels", guid=f"a{at}") for at in range(1, count)]
    drafts = [draft(day=None, body=f"Text {at}.", guid=f"long-guid-{at}") for at in range(count)]
    start = time.process_time()
    ids = [id for _, id in assign(drafts, there)]
    assert time.process_time() - start < 10
    assert sorted(ids) == sorted(f"ships-keels-{at}" for at in range(count, 2 * count))


def bare(title: str = "Keels", body: str = "Text.") -> Draft:
    return draft(title, day=None, body=body, slug="")


@pytest.mark.parametrize(
    ("there", "id"),
    [
        (known("ships-keels", title="Keels"), "ships-keels"),
        (known("ships-keels", title="Keels", date="2024-05-04"), "ships-keels"),
        (known("ships-keels", title="Renamed by hand"), "ships-keels"),
        (known("ships-other", title="Keels"), "ships-other"),
        (known("ships-other", title="Other"), "ships-keels"),
        (known("ships-007", title="Keels"), "ships-keels"),
        (known_episode("boats-keels", "boats", {"title": "Keels"}, ()), "ships-keels"),
    ],
)
def test_what_has_a_title_alone_is_known_by_it(there: Known, id: str) -> None:
    assert [id for _, id in assign([bare()], [there])] == [id]


def test_notes_of_one_title_are_told_apart_by_their_words() -> None:
    drafts = [bare(body="One."), bare(body="Two."), bare(body="Two.")]
    first = {draft.body: id for draft, id in assign(drafts, [])}
    assert sorted(first.values()) == ["ships-keels", "ships-keels-2"]
    there = [
        known_episode(id, "ships", {"title": "Keels"}, draft_keys(bare(body=body)).values())
        for body, id in first.items()
    ]
    assert {draft.body: id for draft, id in assign(drafts[::-1], there)} == first
    # one of them has changed: the other one still matches
    changed = {draft.body: id for draft, id in assign([bare(body="Two."), bare(body="New.")], there)}
    assert changed == {"Two.": first["Two."], "New.": first["One."]}


def test_two_undated_notes_of_one_number_stay_apart() -> None:
    drafts = [draft("Keels", 1, day=None, body="One."), draft("Masts", 1, day=None, body="Two.")]
    first = {draft.title: id for draft, id in assign(drafts, [])}
    assert first == {"Keels": "ships-001", "Masts": "ships-keels"}
    there = [known_episode(first[one.title], "ships", {"title": one.title}, draft_keys(one).values()) for one in drafts]
    assert {draft.title: id for draft, id in assign(drafts, there)} == first
    changed = [draft("Keels", 1, day=None, body="New."), draft("Masts", 1, day=None, body="Newer.")]
    assert {draft.title: id for draft, id in assign(changed, there)} == first


def test_undated_items_that_share_an_enclosure_are_known_again_by_title() -> None:
    drafts = [draft(title, day=None, enclosure="https://c.example/1") for title in ("Keels", "Masts", "Masts!")]
    first = {draft.title: id for draft, id in assign(drafts, [])}
    assert len(set(first.values())) == 3
    there = [known_episode(first[one.title], "ships", {"title": one.title}, draft_keys(one).values()) for one in drafts]
    assert {draft.title: id for draft, id in assign(drafts[::-1], there)} == first
    other = draft("Keels", day=None, enclosure="https://c.example/2")
    assert [id for _, id in assign([other], there)] == ["ships-keels-4"]


@pytest.mark.parametrize(
    "titles",
    [("::: Keels", "Keels"), ("Keels", "::: Keels"), ("!" + "a " * 60, "a " * 60), ("a " * 60, "!" + "a " * 60)],
)
def test_two_of_one_day_and_title_keep_their_ids(titles: tuple[str, str]) -> None:
    drafts = [draft(title, body=body, slug="") for title, body in zip(titles, ("One.", "Two."), strict=True)]
    first = {draft.body: id for draft, id in assign(drafts, [])}
    assert len(set(first.values())) == 2
    there = [
        known_episode(first[one.body], "ships", {"title": one.title, "date": "2024-05-02"}, draft_keys(one).values())
        for one in drafts
    ]
    assert {draft.body: id for draft, id in assign(drafts, there)} == first


@pytest.mark.parametrize(
    ("bodies", "left"),
    [
        (("One about oak.", "Two about elm."), {"One about oak.", "Two about elm."}),
        (("One about oak.", "One about oak."), {"One about oak."}),
        (("One about...", "One about oak."), {"One about oak."}),
        (("One about oak. And elm.", "One about oak."), {"One about oak. And elm."}),
        (("", "One about oak."), {"One about oak."}),
    ],
)
def test_notes_of_one_day_and_title_are_said_once_or_are_two(bodies: tuple[str, str], left: set[str]) -> None:
    drafts = [draft(body=body) for body in bodies]
    first = {draft.body: id for draft, id in assign(drafts, [])}
    assert set(first) == left
    there = [
        known_episode(id, "ships", {"title": "Keels", "date": "2024-05-02"}, draft_keys(draft(body=body)).values())
        for body, id in first.items()
    ]
    assert {draft.body: id for draft, id in assign(drafts[::-1], there)} == first


def test_what_has_a_guid_is_said_once() -> None:
    assert [id for _, id in assign([draft(body="One.", guid="g"), draft(body="Two.", guid="g")], [])] == ["ships-keels"]


def test_plain_title() -> None:
    assert plain_title("S1: Doors & hinges!") == "s1doorshinges"


def test_days_between() -> None:
    assert days_between("2024-05-02T10:00:00Z", "2024-05-01") == 1
    assert days_between("soon", "2024-05-01") is None


@pytest.mark.parametrize("shared", [{"number": 7}, {"enclosure": "https://c.example/7"}])
def test_parts_with_the_same_number_or_enclosure_are_kept(shared: dict[str, Any]) -> None:
    parts = [draft(body=body, **shared) for body in ("Morning: oak.", "Evening: tar.", "Evening…")]
    found = assign(parts, [])
    assert sorted(one.body for one, _ in found) == ["Evening: tar.", "Morning: oak."]
    assert len({id for _, id in found}) == 2
    again = [known_episode(id, "ships", one.fields, frozenset(draft_keys(one).values())) for one, id in found]
    assert assign(parts[::-1], again) == found


def test_drafts_with_one_title_are_compared_only_with_notes_that_share_a_key() -> None:
    class Counted(frozenset[str]):
        read = 0

        def __iter__(self) -> Any:
            Counted.read += 1
            return super().__iter__()

    notes = [replace(known(f"ships-keels-{n}", title="Keels"), keys=Counted([f"key-{n}"])) for n in range(100)]
    assert len(assign([draft(guid=f"a-new-guid-{n}") for n in range(100)], notes)) == 100
    assert 0 < Counted.read < 1000

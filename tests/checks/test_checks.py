"""Tests of checks of the whole catalog."""

import time
from itertools import product

import pytest

from mlguide_site.checks.catalog import MAX_SUGGESTED, MAX_TOPIC_DEPTH, check_catalog
from mlguide_site.checks.episodes import check_copies
from mlguide_site.content.load import load

SERIES = b"a: {title: Alpha}\n"


def problems(extra: dict[str, str], **fields: str) -> list[str]:
    given = {"knowledge/series.yml": SERIES} | {path: text.encode() for path, text in extra.items()}
    for name, lines in fields.items():
        id = name.replace("_", "-")
        given[f"episodes/a/{id}.md"] = f"---\nid: {id}\ntitle: T\n{lines}\n---\n\nText.\n".encode()
    loaded = load(given)
    assert loaded.problems == ()
    return [str(problem) for problem in check_catalog(loaded.catalog)]


def test_a_near_miss_is_suggested():
    found = problems({"knowledge/topics.yml": "mlops: {name: MLOps}"}, a_001="topics: [mlop]")
    assert found == ['episodes/a/a-001.md:4:10: unknown topic "mlop"; did you mean "mlops"?']


def test_only_so_many_names_are_compared_with_all_known_ones():
    known = "".join(f"loom-{at:03}: {{name: N{at}}}\n" for at in range(MAX_SUGGESTED + 20))
    unknown = ", ".join(f"loon-{at:03}" for at in range(MAX_SUGGESTED + 20))
    found = problems({"knowledge/topics.yml": known}, a_001=f"topics: [{unknown}]")
    assert len(found) == MAX_SUGGESTED + 20
    assert sum("did you mean" in problem for problem in found) == MAX_SUGGESTED


def test_unknown_names_are_told_in_time():
    slugs = ["k" + "".join(letters) for letters in product("abcdefghijklmnopqrstuvwxyz", repeat=3)][:16_000]
    known, unknown = slugs[:6000], slugs[6000:]
    start = time.process_time()
    knowledge = {"knowledge/tools.yml": "".join(f"{slug}: {{name: {slug} n}}\n" for slug in known)}
    notes = {f"a_{at:03}": f"tools: [{','.join(unknown[at * 1000 :][:1000])}]" for at in range(10)}
    assert len(problems(knowledge, **notes)) == 10_000
    assert time.process_time() - start < 15


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("tools: [x]", '4:9: unknown tool "x"; add it to knowledge/tools.yml, or remove it here'),
        ("resources: [x]", '4:13: unknown resource "x"; add it to knowledge/resources.yml, or remove it here'),
        ("requires: [a-009]", '4:12: unknown episode "a-009"; add it to episodes/, or remove it here'),
        ("requires: [a-01]", '4:12: unknown episode "a-01"; did you mean "a-001"?'),
        ("people: [{person: x}]", '4:19: unknown person "x"; add it to knowledge/people.yml, or remove it here'),
        ("image: x.png", '4:8: the image "x.png" does not exist; put it beside the notes in episodes/a/'),
    ],
)
def test_unknown_slugs(field, expected):
    assert problems({}, a_001=field) == [f"episodes/a/a-001.md:{expected}"]


def test_entries_are_checked_too():
    knowledge = {
        "knowledge/topics.yml": "a: {name: A, parent: z}\nb: {name: B, order: [a-404]}",
        "knowledge/glossary.yml": "t: {term: T, see: [u]}",
        "knowledge/resources.yml": "r: {title: R, episodes: [a-009, z-001]}",
    }
    or_remove = ", or remove it here"
    assert problems(knowledge) == [
        f'knowledge/glossary.yml:1:20: unknown term "u"; add it to knowledge/glossary.yml{or_remove}',
        f'knowledge/resources.yml:1:26: hint: unknown episode "a-009"; add it to episodes/{or_remove}',
        f'knowledge/resources.yml:1:33: unknown episode "z-001"; add it to episodes/{or_remove}',
        f'knowledge/topics.yml:1:22: unknown topic "z"; add it to knowledge/topics.yml{or_remove}',
        f'knowledge/topics.yml:2:22: unknown episode "a-404"; add it to episodes/{or_remove}',
    ]


def test_cycles_are_printed_once():
    found = problems({}, a_001="requires: [a-003]", a_002="requires: [a-001]", a_003="requires: [a-002]")
    assert found == [
        "episodes/a/a-001.md:4:12: the prerequisites of episodes form a cycle: a-001 → a-003 → a-002 → a-001; "
        'remove one id from "requires"'
    ]
    topics = {"knowledge/topics.yml": "x: {name: X, parent: y}\ny: {name: Y, parent: x}\nz: {name: Z, parent: x}"}
    assert problems(topics) == [
        'knowledge/topics.yml:1:22: the parents of topics form a cycle: x → y → x; remove one "parent" field'
    ]


def test_one_that_names_itself_is_a_cycle():
    [found] = problems({}, a_001="requires: [a-002, a-001]", a_002="")
    assert found.startswith("episodes/a/a-001.md:4:19: the prerequisites of episodes form a cycle: a-001 → a-001; ")
    [found] = problems({"knowledge/topics.yml": "x: {name: X, parent: x}"})
    assert found.startswith("knowledge/topics.yml:1:22: the parents of topics form a cycle: x → x; ")


def test_numbers_of_ids_have_three_digits():
    advice = 'the number of the id "a-7" needs three digits; '
    assert problems({}, a_7="", a_trailer="") == [f"episodes/a/a-7.md:2:5: {advice}run: mlguide rename a-7 a-007"]
    [found] = problems({}, a_s2_7="")
    assert found.endswith("run: mlguide rename a-s2-7 a-s2-007")


def test_authors_are_names_not_slugs():
    resources = "book: {title: Book, authors: [ada-loom, ben-weft, ada, Cleo Warp, dye]}\n"
    people = "ada-loom: {name: Ada Loom}\ndye: {name: dye}\nben-weft: {name: Ben Weft, status: draft}\n"
    assert problems({"knowledge/resources.yml": resources, "knowledge/people.yml": people}) == [
        'knowledge/resources.yml:1:1: the author "ada-loom" is the slug of a person; write the name "Ada Loom"',
        'knowledge/resources.yml:1:1: the author "ben-weft" is the slug of a person; write the person\'s name',
    ]


def test_an_old_address_of_two_episodes_leads_to_the_first():
    found = problems({}, a_001="redirects: [/12/, /13/]", a_002="redirects: [/14/, /12]")
    advice = 'the old address "/12" already leads to a-001; remove it from one of the episodes'
    assert found == [f"episodes/a/a-002.md:4:19: hint: {advice}"]


def chain(length: int) -> str:
    return "".join(f"t{at}: {{name: N{at}, parent: t{at + 1}}}\n" for at in range(length)) + f"t{length}: {{name: N}}\n"


def test_a_note_with_the_audio_or_the_title_and_date_of_an_earlier_one_may_be_a_copy():
    given, audio = {"knowledge/series.yml": SERIES}, "audio: {url: https://a.example/1.mp3}"
    notes = {
        "a-001": f"title: T\n{audio}\nguid: f",
        "a-002": f"title: U\n{audio}",
        "a-003": f"title: V\n{audio}\nguid: g",
        "a-004": "title: The Loom\ndate: 2026-01-02",
        "a-005": "title: The loom\ndate: 2026-01-02",
        "a-006": "title: The loom\ndate: 2026-01-03",
    }
    for id, more in notes.items():
        given[f"episodes/a/{id}.md"] = f"---\nid: {id}\n{more}\n---\n\nText.\n".encode()
    assert [str(one) for one in check_copies(load(given).catalog)] == [
        'episodes/a/a-002.md:4:8: hint: the audio is also that of "a-001"; correct it, unless this episode is a repeat',
        'episodes/a/a-005.md:3:8: hint: the title and date are also those of "a-004"; if it is the same episode, keep'
        " one of the two notes",
    ]


def test_topics_may_stand_under_twenty_others():
    assert problems({"knowledge/topics.yml": chain(MAX_TOPIC_DEPTH)}) == []
    assert problems({"knowledge/topics.yml": chain(MAX_TOPIC_DEPTH + 1)}) == [
        'knowledge/topics.yml:1:1: the topic "t0" has more than 20 topics above it; '
        "move it, or a topic above it, to a higher level"
    ]


def test_a_long_chain_of_topics_is_told_at_once():
    [found] = problems({"knowledge/topics.yml": chain(5_000)})
    assert '"t4979" has more than 20 topics above it' in found

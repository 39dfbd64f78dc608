"""Tests of prefixes, series and numbers in titles."""

import pytest

from mlguide_site.importers import Context, KnownSeries
from mlguide_site.importers.common.naming import (
    Numbered,
    acronym,
    file_stem,
    known_series,
    name_titles,
    read_glued,
    read_number,
    read_numbers,
    read_prefix,
    series_prefixes,
    series_slug,
)
from mlguide_site.importers.directory import is_numbered


@pytest.mark.parametrize(
    ("title", "prefix", "number", "rest"),
    [
        ("MLA 030 AI Jobs", "MLA", 30, "AI Jobs"),
        ("MLA030: AI Jobs", "MLA", 30, "AI Jobs"),
        ("MLA-30 – AI Jobs", "MLA", 30, "AI Jobs"),
        ("TWiT #1001 Keys", "TWiT", 1001, "Keys"),
        ("ABC 7", "ABC", 7, ""),
        ("SE 012 | 3D doors", "SE", 12, "3D doors"),
    ],
)
def test_prefixes(title: str, prefix: str, number: int, rest: str) -> None:
    found = read_prefix(title)
    assert found is not None
    assert (found.prefix, found.number, found.title) == (prefix, number, rest)


@pytest.mark.parametrize(
    "title",
    [
        "Episode 12 Doors",
        "EP 12 Doors",
        "Ep. 12",
        "Top 10 doors",
        "Part 2",
        "GPT4o tips",
        "B2B",
        "ABC 12 & 13 Doors",
        "ABC 14-15 Doors",
        "ABC 12 & ABC 13: Doors",
        "ABC 16/17: Doors",
        "12 Doors",
        "Doors",
        "",
        "A 1",
    ],
)
def test_what_is_no_prefix(title: str) -> None:
    assert read_prefix(title) is None


@pytest.mark.parametrize(
    ("titles", "known", "prefixes"),
    [
        (["ABC 001 One"], [], {"ABC"}),
        (["ABC 1 One"], [], set()),
        (["ABC 1 One"], ["abc"], {"ABC"}),
        (["ABC 1 One", "ABC 2 Two", "Three"], [], {"ABC"}),
        (["ABC 1 One", "ABC 1 again", "Three"], [], set()),
        (["ABC 1 One", "Two", "Three"], [], set()),
        ([f"A{letter} 01 One" for letter in "BCDEFGHIJKLMNOPQRSTU"], [], {f"A{it}" for it in "BCDEFGHIJKLMNOPQRSTU"}),
        (
            [f"A{letter} 01 One" for letter in "BCDEFGHIJKLMNOPQRSTUV"],
            ["ab"],
            {f"A{it}" for it in "BCDEFGHIJKLMNOPQRSTUV"},
        ),
        ([f"A{letter} 01 One" for letter in "BCDEFGHIJKLMNOPQRSTUV"], [], set()),
    ],
)
def test_series_in_titles(titles: list[str], known: list[str], prefixes: set[str]) -> None:
    assert series_prefixes(titles, known) == prefixes


@pytest.mark.parametrize(
    ("title", "season", "number", "rest"),
    [
        ("Episode 12: Keys", None, 12, "Keys"),
        ("Ep 12 - Keys", None, 12, "Keys"),
        ("Ep. #12 | Keys", None, 12, "Keys"),
        ("#12 Keys", None, 12, "Keys"),
        ("12. Keys", None, 12, "Keys"),
        ("EPS 2024 results", None, None, "EPS 2024 results"),
        ("12 - Keys", None, 12, "Keys"),
        ("012 Keys", None, 12, "Keys"),
        ("Keys (#12)", None, 12, "Keys"),
        ("Keys | Episode 12", None, 12, "Keys"),
        ("S2E3: Keys", 2, 3, "Keys"),
        ("S02 Ep 03 Keys", 2, 3, "Keys"),
        ("Lesson 4: Keys", None, 4, "Keys"),
        ("Lesson 1 of 4: Keys", None, 1, "Keys"),
        ("Lesson 3/4: Keys", None, 3, "Keys"),
        ("Day 1 of 30 – Keys", None, 1, "Keys"),
        ("Folge 1 von 4: Schlüssel", None, 1, "Schlüssel"),
        ("S1E2 of 10: Keys", 1, 2, "Keys"),
        ("1/4: Keys", None, 1, "Keys"),
        ("3/4 Keys", None, 3, "Keys"),
        ("24/7 Keys", None, None, "24/7 Keys"),
        ("9/11 in keys", None, None, "9/11 in keys"),
        ("Keys (Episode 1 of 5)", None, None, "Keys (Episode 1 of 5)"),
        ("E1: Keys", None, 1, "Keys"),
        ("E3 2019", None, None, "E3 2019"),
        ("Nº 1: Keys", None, 1, "Keys"),
        ("N° 1 – Keys", None, 1, "Keys"),
        ("12. B\u00f6l\u00fcm: Keys", None, 12, "Keys"),
        ("12. r\u00e9sz: Keys", None, 12, "Keys"),
        ("12. B\u00f6l\u00fcm", None, 12, "12. B\u00f6l\u00fcm"),
        ("12. Keys", None, 12, "Keys"),
        ("Cap\u00edtulo 12: Keys", None, 12, "Keys"),
        ("Episodio 12 - Cap\u00edtulo 3", None, 12, "Cap\u00edtulo 3"),
        ("Cap\u00edtulo n\u00ba 12: Lana", None, 12, "Lana"),
        ("#12 - Cap\u00edtulo 3", None, 12, "Cap\u00edtulo 3"),
        ("KEYS - CAP\u00cdTULO 1", None, None, "KEYS - CAP\u00cdTULO 1"),
        ("Keys - T\u1eadp 1", None, None, "Keys - T\u1eadp 1"),
        ("Puntata 12: Keys", None, 12, "Keys"),
        ("\u30a8\u30d4\u30bd\u30fc\u30c912\uff1aKeys", None, 12, "Keys"),
        ("\u0627\u0644\u062d\u0644\u0642\u0629 \u0661\u0662: Keys \u0663", None, 12, "Keys \u0663"),
        ("Session 1: Keys", None, 1, "Keys"),
        ("Chapter 1: Keys", None, 1, "Keys"),
        ("Module 1: Keys", None, 1, "Keys"),
        ("Lesson 1 how to use keys", None, 1, "how to use keys"),
        ("Class 1 lasers", None, None, "Class 1 lasers"),
        ("Week 12 in Review", None, None, "Week 12 in Review"),
        *(
            (title, None, number, title)
            for title, number in {
                "Episode 3 and 20 questions: AMA": 3,
                "Ep 200 and 20 years later": 200,
                "Episode 5-minute habits": 5,
                "Episode 4-40 keys": 4,
                "Day 1 of 30 days of keys": 1,
                "Episode 12 or 13: Keys": 12,
            }.items()
        ),
        ("Épisode 12 : Clés", None, 12, "Clés"),
        ("Épisode n°12 : Clés", None, 12, "Clés"),
        ("E\u0301pisode 12 : Clés", None, 12, "Clés"),
        ("Clés (Épisode 12)", None, 12, "Clés"),
        ("Schlüssel (Folge 12)", None, 12, "Schlüssel"),
        ("Выпуск №12. Ключи", None, 12, "Ключи"),
        ("We are No. 1", None, None, "We are No. 1"),
        ("épisode 12 - Clés", None, 12, "Clés"),
        ("Episódio 12: Chaves", None, 12, "Chaves"),
        ("Выпуск 12. Ключи", None, 12, "Ключи"),
        ("Bölüm 12: Anahtarlar", None, 12, "Anahtarlar"),
        ("第12回 鍵", None, 12, "鍵"),
        ("第12期：钥匙", None, 12, "钥匙"),
        ("12화 열쇠", None, 12, "열쇠"),
        ("第12回「鍵」", None, 12, "「鍵」"),
        ("【第12回】鍵", None, 12, "鍵"),
        ("［第12話］ 鍵", None, 12, "鍵"),
        ("【#12】鍵", None, 12, "鍵"),
        ("【鍵】第12回", None, None, "【鍵】第12回"),
        ("Vol.12 鍵", None, 12, "鍵"),
        ("Sendung 12 - Kiele", None, 12, "Kiele"),
        ("Sendung 3 - 5 Mai", None, None, "Sendung 3 - 5 Mai"),
        ("Keys Vol. 2", None, None, "Keys Vol. 2"),
        ("Ausgabe 12: Keys", None, 12, "Keys"),
        ("Ausgabe 2024: Keys", None, None, "Ausgabe 2024: Keys"),
        ("Vol. 2 No. 3: Keys", None, None, "Vol. 2 No. 3: Keys"),
        ("【第12回 鍵】お茶", None, None, "【第12回 鍵】お茶"),
        ("12. epizód: Keys", None, 12, "Keys"),
        ("12. выпуск: Keys", None, 12, "Keys"),
        ("12回の鍵", None, None, "12回の鍵"),
        ("Keys (S1E4)", 1, 4, "Keys"),
        ("Keys and locks | S02 Ep. 14", 2, 14, "Keys and locks"),
        ("Keys - Season 2, Episode 3", 2, 3, "Keys"),
        ("Keys2e4", None, None, "Keys2e4"),
        ("第3回目の展示会", None, None, "第3回目の展示会"),
        ("3회 연속 우승", None, None, "3회 연속 우승"),
        ("2024 in keys", None, None, "2024 in keys"),
        ("3.5 inches", None, None, "3.5 inches"),
        ("Keys, part 2", None, None, "Keys, part 2"),
        ("Episode twelve", None, None, "Episode twelve"),
        ("Episodes 12", None, None, "Episodes 12"),
        ("🎙️ #12 | Keys", None, 12, "Keys"),
        ("🗝️🚪 S2 E3 Keys", 2, 3, "Keys"),
        ("🎉 Keys (#12)", None, 12, "🎉 Keys"),
        ("🎄 24 days", None, None, "🎄 24 days"),
    ],
)
def test_numbers(title: str, season: int | None, number: int | None, rest: str) -> None:
    assert read_number(title) == Numbered(season, number, rest)


@pytest.mark.parametrize(
    ("titles", "numbers"),
    [
        (["S1 Ep 66MLA 030 Jobs", "S1 Ep 65MLA 029 Claw"], [66, 65]),
        (["Ep 1013D", "Ep 1002D", "Ep 99One"], [101, 100, 99]),
        (["Ep 11", "Ep 2", "Ep 3"], [11, 2, 3]),
        (["S1 Ep 1One"], [1]),
        (["E2E testing", "Keys", "E2 visa"], [None, None, None]),
        (["Episode 4 of ours", "Keys", "Locks"], [None, None, None]),
        (["Eponymous", "Every 2 years"], [None, None]),
    ],
)
def test_glued_numbers(titles: list[str], numbers: list[int | None]) -> None:
    assert [found.number for found in read_glued(titles)] == numbers


def test_a_given_series_takes_the_one_prefix_but_not_two() -> None:
    context = Context(given="mine")
    one = name_titles([Numbered(None, None, "ABC 001 One"), Numbered(None, None, "ABC 002 Two")], "Show", context)
    assert one.series == ("mine",)
    two = name_titles([Numbered(None, None, "ABC 001 One"), Numbered(None, None, "ABX 002 Two")], "Show", context)
    assert two.series == ("abc", "abx")


def test_known_prefixes_count_if_several_titles_have_one() -> None:
    context = Context({id: KnownSeries(id, id.upper(), prefix=id.upper()) for id in ("abc", "abx")})
    titles = ["ABC 001 One", "ABC 002 Two", "ABX 001 One", "ABX 002 Two", "AI 2027"]
    titles += [f"Keys {one}" for one in "abcdef"]
    names = name_titles([Numbered(None, None, title) for title in titles], "Show", context)
    assert [(one.series, one.number) for one in names.entries[:4]] == [("abc", 1), ("abc", 2), ("abx", 1), ("abx", 2)]


def test_another_show_with_titles_like_a_known_prefix_is_a_series_of_its_own() -> None:
    context = Context({"ai-talk": KnownSeries("ai-talk", "AI Talk", prefix="AI")})
    titles = ["AI 101: basics", "AI 102: trees", "Phones", "Laptops", "Chips", "Welcome", "Wool"]
    names = name_titles([Numbered(None, None, title) for title in titles], "Tech News", context)
    assert {one.series for one in names.entries} == {"tech-news"}
    names = name_titles([Numbered(None, None, title) for title in (*titles, "AI 103: nets")], "Tech News", context)
    assert [one.series for one in names.entries] == ["ai-talk"] * 2 + ["tech-news"] * 5 + ["ai-talk"]


@pytest.mark.parametrize(
    ("known", "feed"),
    [
        (KnownSeries("mine", "the show"), ""),
        (KnownSeries("mine", "Other", feed="https://f.example"), "https://f.example"),
        (KnownSeries("mine", "Other", guids=frozenset(f"long-guid-{number:03}" for number in range(4, 20))), ""),
    ],
)
def test_a_known_show_keeps_its_series(known: KnownSeries, feed: str) -> None:
    context, guids = Context({"mine": known}), [f"long-guid-{number:03}" for number in range(9)]
    recognised = known_series("The Show", context, {feed}, "", guids)
    names = name_titles([Numbered(None, 3, "Keys")], "The Show", context, recognised)
    assert [(entry.series, entry.number) for entry in names.entries] == [("mine", 3)]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Open Doors", "open-doors"),
        ("Open Doors - a show", "open-doors"),
        ("Open Doors: a show", "open-doors"),
        (": : :", "show"),
        ("Donaudampfschifffahrtsgesellschaft", "donaudampfschifffahrtsge"),
        ("数学の話", "shu-xue-nohua"),
        ("CON", "con-1"),
        ("", "show"),
    ],
)
def test_series_slugs(title: str, slug: str) -> None:
    assert series_slug(title) == slug


@pytest.mark.parametrize(
    "title",
    [
        "#118.5 – Announcement",
        "Ep. 12.5: Doors",
        "12:30 in Berlin",
        "9–5 jobs",
        "1, 2, 3 go",
        "Episode 1-2: Doors",
        "#12 & 13 Doors",
        "#12-#13 Doors",
        "S1E2-3 Doors",
        "S1E1 – S1E2: Doors",
        "S2E3/4 Doors",
        "S2E3, S2E4 Doors",
        "S2E3 + S2E4 Doors",
        "#2 + #3 Doors",
        "Ep 12 y 13 Doors",
        "Episode 10-11 Doors",
        "MLG 12 & 13 Doors",
        "MLG 14-15 Doors",
        "MLG 16/17: Doors",
        "MLG 19 and 20 Doors",
        "#12 through 13: Doors",
        "Episode 12 (and 13): Doors",
        "Episode 12 and 13 Doors",
        "S1 E1 & E2: Doors",
        "S01E01-E02 Doors",
        "S1E1 & S1E2: Doors",
        "Выпуск №12-13. Двери",
        "012 & 013: Doors",
        "Folge 4 & 5: Doors",
        "Episode 4 und 5: Doors",
        "#4 & #5: Doors",
        "Episode 6–7",
        "S1E2 & 3: Doors",
        "S1 E4-5: Doors",
        "S1E6/7: Doors",
        "Выпуск 2 и 3: Двери",
        "Выпуск 5 – 6: Двери",
        "Épisode 2 à 4 : Portes",
        "Episode 2 & Episode 3: Doors",
        "Doors #2 & #3",
        "Doors (#5 / #6)",
        "Doors (#7, #8)",
        "Doors, Episode 7 and Episode 8",
        "Episode 10-12 Doors",
        "Episode 12 to 15: Doors",
        "Avsnitt 12 och 13: Dörrar",
        "Lesson 1-2 of 4: Doors",
    ],
)
def test_a_number_that_is_cut_or_one_of_several_is_none(title: str) -> None:
    assert read_number(title) == Numbered(None, None, title)


def test_rare_notations_and_phrases_are_titles() -> None:
    words = ["9/11 Remembered", "Session 5 & Friends"]
    found = read_numbers([*words, *(f"#{at}: Alpha {at}" for at in range(1, 10))])
    assert [one.title for one in found[:3]] == [*words, "Alpha 1"] and found[0].number is None
    assert read_number("Ep. 12 / 2024 review")[1:3] == (12, "Ep. 12 / 2024 review")
    assert read_number("Chapter 11 and bankruptcy").title == "Chapter 11 and bankruptcy"


def test_a_bare_year_is_no_number() -> None:
    year = "2024: A Year in Doors"
    assert [found.number for found in read_numbers(["7: Keys", year, "8: Locks"])] == [7, None, 8]
    assert read_numbers([year])[0].title == year
    assert read_number("#1 – 1:1 meetings") == Numbered(None, 1, "1:1 meetings")
    assert read_number("Episode 2017: News").number == 2017
    assert read_number("Episode 5 - 10 tips") == Numbered(None, 5, "10 tips")
    assert read_number("Episode 5 - 2025: News") == Numbered(None, 5, "2025: News")
    assert read_number("Door #2 or what (#7)") == Numbered(None, 7, "Door #2 or what")
    assert read_number("Doors, Episode 7") == Numbered(None, 7, "Doors")


def test_a_number_that_feed_and_title_both_tell_leaves_the_title() -> None:
    titles = ["Episode 2 | Pricing", "Churn", "Trailer", "Soon", "2024: A Year in Doors"]
    counted = [Numbered(None, number, title) for number, title in zip([2, 3, None, None, 4], titles, strict=True)]
    named = name_titles(counted, "Show", Context()).entries
    assert [(one.number, one.title) for one in named] == [
        (2, "Pricing"),
        (3, "Churn"),
        (None, "Trailer"),
        (None, "Soon"),
        (4, "2024: A Year in Doors"),
    ]


def test_the_name_of_the_show_before_a_number_is_removed() -> None:
    titles = ["Loom Talk 1: Warp", "Loom talk #2 Weft", "Loom Talk Ep. 3 - Shed", "Loom Talk special", "4: Reed"]
    named = name_titles([Numbered(None, None, title) for title in titles], "Loom Talk", Context()).entries
    expected = [(1, "Warp"), (2, "Weft"), (3, "Shed"), (None, "Loom Talk special"), (4, "Reed")]
    assert [(one.number, one.title) for one in named] == expected
    counted = [Numbered(None, 5, "Loom Talk 5: Heddle"), Numbered(None, 6, "Loom Talk 7: Dye")]
    named = name_titles(counted, "Loom Talk", Context()).entries
    assert [(one.number, one.title) for one in named] == [(5, "Heddle"), (6, "Loom Talk 7: Dye")]


def test_an_acronym_has_the_initials_of_capitalised_words() -> None:
    assert (acronym("Machine Learning Guide"), acronym("The Art of Doors")) == ("MLG", "TAD")


@pytest.mark.parametrize(("line", "expected"), [("S1 Ep 66Keys", True), ("ABC 001 Keys", True), ("Keys", False)])
def test_numbered_lines(line: str, expected: bool) -> None:
    assert is_numbered(line) is expected


def test_a_file_name_names_an_episode() -> None:
    assert file_stem("talks/MLA_12 - Docker.en.vtt") == "MLA 12 - Docker"


def test_a_product_with_a_number_is_no_series() -> None:
    titles = ["GTA 6 trailer", "GTA 5 Online", "GTA 6 map leaks", "GTA 6 delayed", "Red Dead news", "GTA 5 mods"]
    assert series_prefixes(titles) == frozenset()
    assert series_prefixes([*titles, "GTA 7"], ["gta"]) == {"GTA"}
    assert series_prefixes(["MLG 001 Trees", "MLG 001 Trees again", "MLG 002 Maps", "MLG 002 again"]) == {"MLG"}
    assert series_prefixes(["WW2: Dunkirk", "WW1: The Somme", "WW2: D-Day", "WW1: Verdun"]) == frozenset()

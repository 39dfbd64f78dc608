"""Tests of references to episodes in texts and URLs."""

from collections import defaultdict

import pytest

from mlguide_site.linking.references import MAX_FOUND, FoundReference, ReferenceTable, _further, _lowered, address_of
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Episode, EpisodeFile, Series

SERIES = {
    "mlg": Series(title="Machine Learning Guide", prefix="MLG", address="https://ocdevel.com/mlg/{number}"),
    "mla": Series(title="Machine Learning Applied", prefix="MLA", address="https://ocdevel.com/mlg/mla-{number}"),
    "crs": Series(title="A Course", prefix="Day", kind="course", references=("Lesson No. {number}", "{number}")),
    "show": Series(title="The Show", prefix="TS", address="https://show.example/?ep={number:03}"),
}


def catalog(series, ids=()):
    files = {}
    for id in ids:
        name = id.partition("-")[0]
        files[id] = EpisodeFile(f"episodes/{name}/{id}.md", name, None, Episode(id=id, title="T"), "", 5)
    return Catalog(series, files, {}, {}, {}, {}, {}, {})


TABLE = ReferenceTable.of(catalog(SERIES, ["show-s2-003", "show-trailer", "mlg-001"]))


def found(text, table=TABLE):
    """Return each reference as `series number`, with its text, after the episodes inside its range, without text."""
    return [
        (f"{'|'.join(one.series)} {one.id or number}", text[one.start : one.end] if number == one.number else None)
        for one in table.find(text)
        for number in range(one.number - one.inside, one.number + 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "MLG 9", "MLG009", "MLG-9", "MLG9", "mlg/9", "mlg 9", "MLG #9", "MLG#9", "MLG\xa09", "MLG ep. 9",
        "MLG episode 9", "MLG, episode 9", "MLG's episode 9", "MLG no. 9", "Machine Learning Guide episode 9",
        "Machine Learning Guide #9",
        "machine learning guide, episode 9", "episode 9 of MLG", "Episode 9 of the Machine Learning Guide",
        "episode #9 from MLG", "ocdevel.com/mlg/9", "https://ocdevel.com/mlg/9", "http://www.ocdevel.com/mlg/9/",
        "OCDevel.com/mlg/9", "/mlg/9", "/mlg/mlg9", "/mlg/mlg-9", "/mlg/009", "ocdevel.com/mlg/mlg9", "mlg-009",
        "mlg-009.md", "ocdevel.com/mlg/9#notes", "ocdevel.com/mlg/9?a=b&c=d",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "see {}.", "({}), then", "“{}”", "Notes: {}\n", "a {}: b", "{}!"])
def test_forms(text, around):
    assert found(around.format(text)) == [("mlg 9", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/mlg/mla-1", "mla 1"),
        ("mlg/mla-1", "mla 1"),
        ("ocdevel.com/mlg/mla-12", "mla 12"),
        ("mla/12", "mla 12"),
        ("MLA 030", "mla 30"),
        ("show.example/?ep=007", "show 7"),
        ("show-s2-003", "show 3"),
        ("show-trailer", "show show-trailer"),
        ("TS S2E3", "show 3"),
        ("TS season 2 episode 3", "show 3"),
        ("TS s02e03", "show 3"),
        ("Lesson No. 5", "crs 5"),
    ],
)
def test_forms_of_other_series(text, expected):
    assert found(f"see {text}.") == [(expected, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MLG 18-20", [("mlg 18", "MLG 18"), ("mlg 19", None), ("mlg 20", "20")]),
        ("MLG 18–20", [("mlg 18", "MLG 18"), ("mlg 19", None), ("mlg 20", "20")]),
        ("MLG 18 to 20", [("mlg 18", "MLG 18"), ("mlg 19", None), ("mlg 20", "20")]),
        ("MLG 18, 19 and 20", [("mlg 18", "MLG 18"), ("mlg 19", "19"), ("mlg 20", "20")]),
        ("MLG 18, 19, & 20.", [("mlg 18", "MLG 18"), ("mlg 19", "19"), ("mlg 20", "20")]),
        ("MLG 18/19", [("mlg 18", "MLG 18"), ("mlg 19", "19")]),
        ("MLG episodes 18 and 20", [("mlg 18", "MLG episodes 18"), ("mlg 20", "20")]),
        ("MLG 12, MLA 10", [("mlg 12", "MLG 12"), ("mla 10", "MLA 10")]),
        ("MLG 12 and MLA 10-11", [("mlg 12", "MLG 12"), ("mla 10", "MLA 10"), ("mla 11", "11")]),
        ("MLG 9, 12 minutes long", [("mlg 9", "MLG 9")]),
        ("MLG 9 and 3 books", [("mlg 9", "MLG 9")]),
        ("MLG 9 and 12 books", [("mlg 9", "MLG 9")]),
        ("MLG 9, 12 March", [("mlg 9", "MLG 9")]),
        ("MLG 1-100", [("mlg 1", "MLG 1")]),
        ("MLG 9 and 10% more", [("mlg 9", "MLG 9")]),
        ("MLG 9 – 12 ways to learn", [("mlg 9", "MLG 9")]),
        ("MLG 2-11-24", [("mlg 2", "MLG 2")]),
        ("MLG 24/7", []),
        ("S2E3–5", [("show 3", "S2E3"), ("show 4", None), ("show 5", "5")]),
    ],
)
def test_ranges_and_lists(text, expected):
    assert found(f"see {text}") == expected


def test_a_range_is_two_references():
    assert [one.inside for one in TABLE.find("MLG 1-25. " * 1000)] == [0, 23] * 1000


def test_a_text_has_a_limited_number_of_references():
    assert len(TABLE.find(f"MLG 1, {', '.join(map(str, range(2, 41)))}. " * 300)) == MAX_FOUND


@pytest.mark.parametrize(
    "text",
    [
        "Week 8", "M1/2", "MLG", "MLG v2", "MLG 2.5", "MLG 9:30", "MLA 8th edition",
        "MLG 9-part", "MLG 9%", "MLG 9,000", "MLG 10/10", "xMLG 9", "html9", "mlg_9x", "MLG 123456", "episode 9",
        "episode 9 of Serial", "https://evil.example/mlg/9", "evil.example/mlg/9", "notocdevel.com/mlg/9",
        "ocdevel.com/mlg/resources", "ocdevel.com/mlg/9-part", "ocdevel.com/mlg/9.html", "/mlg/9/comments", "a/mlg/9",
        "S2E3x", "day 6", "mlg-9x", "show-trailers", "Machine Learning Guide 9", "5", "#5", "The Guide episode 9",
    ],
)  # fmt: skip
def test_traps(text):
    assert [one for one in TABLE.find(f"see {text} there") if not one.own] == []


@pytest.mark.parametrize("sep", [" ", "\xa0", "\n", " İ "])
def test_a_form_is_found_where_its_pattern_matches(sep):
    texts = [
        "MLG 9",
        "mLg-10",
        "Machine Learning Guide episode 9",
        "Lesson No. 5",
        "Day 6",
        "TS S2E3",
        "S2E3",
        "xMLG 9",
    ]
    text = sep.join([*texts, "episode 7 of The Show", "MLG MLG 8, 9", "show-trailer", "Machine Learning Guide"])
    text = text.replace(" ", sep[:1])
    actual = defaultdict(list)
    for at, form in TABLE.places(_lowered(text)):
        actual[form.pattern] += [one.span() for one in [form.match(text, at)] if one]
    for pattern in {form.pattern for form in TABLE.forms}:
        assert actual[pattern] == [one.span() for one in pattern.finditer(text)]
    assert len(found(text)) > 4


@pytest.mark.parametrize("text", ["Day 6", "S2E3", "season 2, episode 3"])
def test_forms_that_count_in_their_own_series_only(text):
    [one] = TABLE.find(f"see {text} there")
    assert one.own


def test_a_root_of_one_podcast_knows_what_an_episode_is():
    table = ReferenceTable.of(catalog({"pod": Series(title="Pod")}))
    assert found("In episode 9, Ep. 12 and episodes 3-4; episode 12 of Others.", table) == [
        ("pod 9", "episode 9"),
        ("pod 12", "Ep. 12"),
        ("pod 3", "episodes 3"),
        ("pod 4", "4"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Folge 12",
        "l’épisode 12",
        "El episodio 12",
        "O episódio 12",
        "Aflevering 12",
        "الحلقة 12",
        "в выпуске и выпуск 12",
    ],
)
def test_in_other_languages_too(text):
    table = ReferenceTable.of(catalog({"pod": Series(title="Pod")}))
    assert [name for name, _ in found(f"{text}.", table)] == ["pod 12"]
    assert found(f"{text} von Others.", table) == []


def test_what_two_series_write_alike_names_both():
    both = {"a": Series(title="A", prefix="ABC"), "b": Series(title="B", prefix="ABC")}
    assert found("ABC 3", ReferenceTable.of(catalog(both))) == [("a|b 3", "ABC 3")]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://ocdevel.com/mlg/9", "mlg 9"),
        ("https://www.ocdevel.com/mlg/mla-12/", "mla 12"),
        ("https://ocdevel.com/mlg/9?utm=x#top", "mlg 9"),
        ("/mlg/24", "mlg 24"),
        ("mlg/24", "mlg 24"),
        ("mla-012.md", "mla 12"),
        ("../mla/mla-012.md#notes", "mla 12"),
        ("show-trailer.md", "show show-trailer"),
        ("https://show.example/?ep=7", "show 7"),
        ("https://evil.example/mlg/9", None),
        ("https://evil.example/?u=https://ocdevel.com/mlg/9", None),
        ("https://evil.example/mla-012.md", None),
        ("mailto:mlg-009@ocdevel.com", None),
        ("#mlg-009", None),
        ("", None),
        ("image.png", None),
    ],
)
def test_addresses(address, expected):
    one = TABLE.of_address(address)
    assert (one and f"{'|'.join(one.series)} {one.id or one.number}") == expected


def test_the_fingerprint_does_not_change_with_numbered_episodes():
    one = ReferenceTable.of(catalog(SERIES, ["mlg-001"]))
    assert one.fingerprint == ReferenceTable.of(catalog(SERIES, ["mlg-001", "mlg-002"])).fingerprint
    assert one.fingerprint != ReferenceTable.of(catalog(SERIES, ["mlg-trailer"])).fingerprint
    assert one.fingerprint != ReferenceTable.of(catalog(SERIES, ["mlg-s1-001"])).fingerprint
    changed = SERIES | {"mlg": SERIES["mlg"].model_copy(update={"prefix": "ML"})}
    assert one.fingerprint != ReferenceTable.of(catalog(changed, ["mlg-001"])).fingerprint


def test_a_root_without_series_has_no_references():
    assert ReferenceTable.of(catalog({})).find("MLG 9") == []


def test_further() -> None:
    first = FoundReference(("mlg",), -1, 18, "", 0, 6)
    assert [one.number for one in _further(first, "MLG 18-20, 22 and 30 minutes")] == [20, 22]


def test_address_of() -> None:
    assert address_of(Series(title="A", address="https://a.example/{number:03}"), 9) == "https://a.example/009"

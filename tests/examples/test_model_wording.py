"""Examples of the functions in `mlguide_site.model.wording`."""

from mlguide_site.model.wording import Wording, plural_rule


def test_plural_rule() -> None:
    assert ([plural_rule("ar")(number) for number in (0, 1, 2, 3, 11, 100, 103)]) == [
        "zero",
        "one",
        "two",
        "few",
        "many",
        "other",
        "few",
    ]
    assert (plural_rule("fr-CA")(0), plural_rule("de")(0), plural_rule("de")(1), plural_rule("pl")(2)) == (
        "one",
        "other",
        "one",
        "few",
    )


def test_translate() -> None:
    german = Wording("de", {"n-of-n": "{} von {}"})
    assert ([german.translate(key, *values) for key, *values in (["n-of-n", 1, 2], ["narrator"])]) == [
        "1 von 2",
        "narrator",
    ]


def test_number() -> None:
    assert (Wording().number(1200), Wording(thousands=".").number(1234567)) == ("1,200", "1.234.567")


def test_count() -> None:
    german = Wording("de", counts={"episode": {"one": "{} Folge", "other": "{} Folgen"}}, thousands=".")
    assert (german.count(1, "episode"), german.count(1200, "episode"), german.count(2, "person", "people")) == (
        "1 Folge",
        "1.200 Folgen",
        "2 people",
    )

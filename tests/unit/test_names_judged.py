"""Names that mean other things as well: what stands around them decides."""

import pytest

from mlguide_site.linking.names import Line, NameTable
from mlguide_site.linking.names.context import take_apart
from mlguide_site.linking.names.evidence import features
from mlguide_site.linking.names.folding import BREAK
from mlguide_site.linking.names.scores import NOTHING, Sums, Weights, first_sums, parts, second_sum, weights
from mlguide_site.linking.names.sites import CUES, Around, Site, Subject
from mlguide_site.linking.names.subjects import cues, listed, profile, rarity
from mlguide_site.linking.names.whole import in_whole_text
from mlguide_site.model import Kind, MatchRule, Term, Tool, Topic
from mlguide_site.model.catalog import Catalog

TOOLS = {
    "python": Tool(name="Python", category="Programming tools", summary="A language for data, science and scripts."),
    "pandas": Tool(name="Pandas", summary="Tables in Python: load, clean, group and join data."),
    "docker": Tool(name="Docker", summary="Packs a program with all it needs into a container."),
    "amazon-s3": Tool(name="Amazon S3", aliases=("S3",), summary="Object storage."),
}
TERMS = {"recall": Term(term="Recall", definition="The share of what should be found that is found.")}


def table(tools=TOOLS, terms=TERMS, known=None):
    of = Catalog({}, {}, {"data": Topic(name="Data handling")}, tools, {}, terms, {}, {})
    return NameTable(NameTable.of(of).named, known)


TABLE = table()


def found(text, of=TABLE, lines=()):
    return [text[place.start : place.end] for place in of.find(text, frozenset(), lines)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We wrote the scripts in Python and load the CSV files with pandas.", ["Python", "pandas"]),
        ("The keeper fed a rat to the python in the reptile house of the zoo.", []),
        ("The pandas at the zoo eat bamboo all day, and the keepers love them.", []),
        ("Precision and recall of the classifier fell on the test set.", ["recall"]),
        ("The car maker announced a recall of brakes; the supplier of the parts was fined.", []),
        ("Upload the training data to an S3 bucket on AWS.", ["S3"]),
        ("He drove an Audi S3 with flat tyres to the garage.", []),
    ],
)
def test_what_stands_around_decides(text, expected):
    assert found(text) == expected


def test_rules_of_the_entry_win():
    ruled = {"python": Tool(name="Python", match=(MatchRule(not_near=("scripts",)),))}
    assert found("We wrote the scripts in Python and the tests too.", table(ruled)) == []


def test_small_edits_far_away_change_nothing():
    text = "We wrote the scripts in Python."
    far = BREAK.join(["A walk in the park."] * 40)
    assert found(f"{text}{BREAK}{far}") == found(f"{text}{BREAK}{far} and a dog") == ["Python"]


def test_judging_depends_on_the_text_alone():
    text = f"Python{BREAK}the snake{BREAK}Python{BREAK}scripts and libraries"
    lines = (Line(3, "Words"), Line(3, "Words"), Line(4, "Words"), Line(4, "Words"))
    assert found(text, lines=lines) == found(text, table(), lines)


def test_who_learnt_nothing_goes_by_spelling_and_rules():
    assert found("A Python in the zoo", table(known=NOTHING)) == ["Python"]


def test_what_was_learnt_decides():
    known = Weights({"": {"": 1.0, "<the": -3.0}}, ("sum",), ([0, 0.0, -1.0, 1.0],), 0.0, frozenset({"tool:python"}))
    assert found("the Python, a Python", table(known=known)) == ["Python"]


def always(value, *met):
    """Weights that give every doubtful name the same verdict."""
    return Weights({}, (), (), value, frozenset(met))


@pytest.mark.parametrize("written", ["normalisation", "normalization", "Normalization", "Normalisation"])
def test_what_is_known_of_a_name_holds_for_all_names_that_are_spelt_so(written):
    terms = {"normalisation": Term(term="Normalisation", aliases=("Normalization",), definition="To one scale.")}
    text = f"about {written} of ties"
    assert found(text, table({}, terms, always(-1.0, "term:normalisation"))) == []
    assert found(text, table({}, terms, always(1.0, "term:normalisation"))) == [written]
    assert found(text, table({}, terms, always(-1.0))) == [written]


def test_a_name_met_by_one_spelling_is_known_by_its_own():
    terms = {"normalisation": Term(term="Normalisation", aliases=("Normalization",), definition="To one scale.")}
    both = always(-1.0, "term:normalisation", "term:normalization")
    names = [
        [form.name for *_, form in table({}, terms, both).match(text, frozenset()).doubted]
        for text in ("normalisation", "normalization")
    ]
    assert names == [["normalisation"], ["normalization"]]


def test_abbreviations_in_small_letters_are_judged():
    tools = {"amazon-sqs": Tool(name="Amazon SQS", aliases=("SQS",)), "add": Tool(name="ADD")}
    text = "sqs between, and add a retry; Sqs"
    assert found(text, table(tools, {}, always(1.0))) == ["sqs"]
    assert found(text, table(tools, {}, always(-1.0))) == found(text, table(tools, {}, NOTHING)) == []
    assert found("SQS between", table(tools, {}, always(-1.0))) == ["SQS"]


def subject(**changed):
    plain = Subject("tool:python", "tool", "Aa", "Python", (), {}, frozenset(), {})
    return plain._replace(**changed)


def site(text, first, last):
    return Site(take_apart(text, 0, len(text)), first, last, {}, Around({}, {}, {}), frozenset())


def test_features_say_what_stands_around():
    its = features(subject(cues={"script": "L", "in_zoo": "U"}), site("a Python script", 1, 2))
    assert {"how =", "<a", "<c art", ">script", "L>", "L0"} <= its.keys()
    assert "U0" not in its


def test_the_whole_text_speaks_for_a_name():
    subjects = [subject(), subject(name="tool:docker", groups=("category Other",)), subject()]
    first, second, third = in_whole_text(f"Python, Docker{BREAK}Python training", [0, 8, 15], subjects, [3, -1, -3], 2)
    assert first["text same mean"] < 0 < third["text same mean"]
    assert first["text same >"] == first["text same least"] == -third["text same <"]
    assert (first["text before"], third["text before"]) == (0.0, 1.0)
    assert first["text gap >"] == third["text gap <"] < first["text gap <"] == second["text gap <"]
    assert second["text other"] == second["text kind"] == 0.0 > first["text other"]
    assert second["text group"] == 0.0
    for name in ("text sure", "text names", "text trade"):
        assert first[name] == third[name] > 0


def test_names_of_one_group_speak_for_each_other():
    one, other = subject(groups=("topic a",)), subject(name="tool:docker", groups=("topic a", "topic b"))
    found = in_whole_text("Python Docker", [0, 7], [one, other], [2.0, -2.0], 0)
    assert found[0]["text group"] < 0 < found[1]["text group"]


def test_a_text_without_doubtful_names_says_nothing():
    assert in_whole_text("Plain words", [], [], [], 3) == []


def test_phrases_count_that_the_name_is_part_of():
    its = features(subject(cues={"monty_python": "V", "see_python_run": "W"}), site("Monty Python", 1, 2))
    assert its["V="] == 1.0
    assert features(subject(cues={"see_python_run": "W"}), site("See Pythons run", 1, 2))["W="] == 1.0


def test_words_that_settle_a_meaning_count_apart_from_those_that_hint_at_it():
    given = {"interpreter": "M", "script": "N", "zoo": "V", "snake": "W"}
    near = site("a Python interpreter, a script, no snake", 1, 2)
    its = features(subject(cues=given), near)
    assert its["M0"] > its["N0"] > its["W0"] > 0.0
    assert its["M:V0"] > 0.9 > its["N:W0"] > 0.0
    assert "V0" not in its and "L0" not in its


def test_the_words_of_the_whole_text_tell_the_meanings_of_a_name_apart():
    given = subject(cues={"script": "L", "zoo": "U", "monty_python": "V"})
    text = f"Python scripts{BREAK}the script of a zoo, a script"
    (its,) = in_whole_text(text, [0], [given], [0.0], 0)
    assert its["text L"] > its["text U"] > its["text V"] == 0.0
    assert 0.0 < its["text L:U"] < 1.0


def test_the_parts_add_up_to_the_first_sums():
    known = Weights({"": {"": 0.5, "<a": 0.25}, "tool:python": {"<a": -1.0}}, (), (), 0.0, frozenset())
    its = {"": 1.0, "<a": 1.0, "other": 2.0}
    sums = first_sums(known, subject(), its)
    assert sums == Sums(0.75, 0.0, -1.0, 0.0)
    assert sums.total == sum(amount for amount, *_ in parts(known, subject(), its)) == -0.25
    assert sums.features() == {"sum": -0.25, "sum general": 0.75, "sum shape": 0.0, "sum name": -1.0, "sum groups": 0.0}


def test_trees_ask_for_one_feature_after_another():
    known = Weights({}, ("a", "b"), ([0, 0.5, [1, 1.5, 1.0, 2.0], 4.0], 0.25), 0.5, frozenset())
    assert [second_sum(known, its) for its in ({}, {"b": 2.0}, {"a": 1.0})] == [1.75, 2.75, 4.75]


def test_words_that_every_description_has_tell_nothing():
    telling = rarity([frozenset({"data", "table"}), frozenset({"data"})])
    assert profile("data in a table", ("Pandas",), telling) == {"table": 1.0}


def test_the_lists_of_words_are_well_formed():
    kinds = {kind.value for kind in Kind}
    assert all(name.partition(" ")[0] in kinds for name in listed())
    for name in listed():
        assert cues(name)
        assert set("".join(cues(name).values())) <= {letter for pair in CUES for letter in pair}
    assert {name.partition(":")[0] for name in weights().met} <= kinds

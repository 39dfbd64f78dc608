"""Tests of names in a text: spellings, case, word boundaries, ambiguity and rules."""

import sys

import pytest

from mlguide_site.checks.catalog import shared_names
from mlguide_site.content.load import load
from mlguide_site.errors import Span
from mlguide_site.linking.disambiguation import Around
from mlguide_site.linking.folding import BREAK, cased, lower, plain
from mlguide_site.linking.names import Named, NameTable
from mlguide_site.linking.spelling import spellings
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Kind, MatchRule, Person, Resource, Term, Tool, Topic

TOOLS = {
    "go": Tool(name="Go"),
    "docker": Tool(name="Docker"),
    "docker-compose": Tool(name="Docker Compose"),
    "cpp": Tool(name="C++"),
    "c": Tool(name="C"),
    "csharp": Tool(name="C#"),
    "dotnet": Tool(name=".NET"),
    "node": Tool(name="Node.js"),
    "r": Tool(name="R"),
    "sql": Tool(name="SQL"),
    "s3": Tool(name="S3"),
    "scikit-learn": Tool(name="scikit-learn", aliases=("sklearn",)),
    "pytorch": Tool(name="PyTorch"),
    "claude": Tool(name="Claude"),
    "claude-code": Tool(name="Claude Code"),
    "fastapi": Tool(name="FastAPI"),
    "spark": Tool(name="Spark"),
    "excel": Tool(name="Excel"),
    "cursor": Tool(name="Cursor"),
    "wandb": Tool(name="Weights & Biases"),
    "transformers": Tool(name="Transformers"),
    "notebook": Tool(name="Jupyter Notebook"),
    "python": Tool(name="Python"),
    "hugging-face": Tool(name="Hugging Face"),
    "gpt4": Tool(name="GPT-4"),
    "pip": Tool(name="pip"),
    "react": Tool(name="ReAct"),
}
PRODUCTS = {slug: tool.model_copy(update={"homepage": f"https://{slug}.example"}) for slug, tool in TOOLS.items()}
TOPICS = {"deep-learning": Topic(name="Deep Learning"), "descent": Topic(name="gradient descent")}
TERMS = {
    "lstm": Term(term="Long Short-Term Memory", abbreviations=("LSTM",)),
    "transformer": Term(term="Transformer"),
    "knn": Term(term="K-Nearest Neighbours (KNN)"),
    "bias": Term(term="Bias"),
    "gan": Term(term="GAN"),
    "supervised": Term(term="Supervised Learning"),
    "bayes": Term(term="Naïve Bayes"),
    "matrix": Term(term="Matrix"),
    "embeddings": Term(term="Embeddings"),
    "tokenisation": Term(term="Tokenisation"),
    "attention": Term(term="Attention"),
}
RESOURCES = {
    "master": Resource(title="The Master Algorithm"),
    "moment": Resource(title="Is It the Moment?"),
    "patterns": Resource(title="Machine Learning Design Patterns"),
    "hands-on": Resource(title="Hands-On Machine Learning with Scikit-Learn and TensorFlow"),
    "bandit": Resource(title="Bandit Algorithms for Websites: Developing, Deploying, and Debugging"),
}
PEOPLE = {"poincare": Person(name="Henri Poincaré"), "zhu": Person(name="朱松")}


def catalog(tools=None, topics=None, terms=None, resources=None, people=None, places=None):
    parts = (topics, tools, resources, terms, people)
    return Catalog({}, {}, *(part or {} for part in parts), places or {})


TABLE = NameTable.of(catalog(PRODUCTS, TOPICS, TERMS, RESOURCES, PEOPLE))


def found(text, table=TABLE, topics=()):
    """Return each place and its entries, as `text=slug` or `text=slug+slug`."""
    return [
        f"{text[place.start : place.end]}={'+'.join(slug for _, slug in place.entries)}"
        for place in table.find(text, Around(frozenset((Kind.TOPIC, topic) for topic in topics)))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # spellings
        (
            "scikit-learn, Scikit Learn, scikitlearn, sklearn",
            ["scikit-learn", "Scikit Learn", "scikitlearn", "sklearn"],
        ),
        ("Scikit‑Learn and scikit\xa0learn", ["Scikit‑Learn", "scikit\xa0learn"]),
        ("FastAPI, fastapi", ["FastAPI", "fastapi"]),
        ("ClaudeCode or Claude-Code", ["ClaudeCode", "Claude-Code"]),
        ("Node.js, NodeJS, node js, Node-JS", ["Node.js", "NodeJS", "node js", "Node-JS"]),
        ("GPT-4, GPT4, GPT 4, gpt-4", ["GPT-4", "GPT4", "GPT 4", "gpt-4"]),
        ("Weights & Biases, Weights and Biases", ["Weights & Biases", "Weights and Biases"]),
        ("PyTorch's, PyTorch’s, LSTMs, LSTMs', a GAN's", ["PyTorch", "PyTorch", "LSTMs", "LSTMs", "GAN"]),
        ("matrices, a matrix; Matrix", ["matrices", "matrix", "Matrix"]),
        ("an embedding, embeddings", ["embedding", "embeddings"]),
        ("Jupyter Notebooks", ["Jupyter Notebooks"]),
        ("k-nearest neighbors, K nearest neighbours, KNN", ["k-nearest neighbors", "K nearest neighbours", "KNN"]),
        ("K-Nearest Neighbours (KNN)", ["K-Nearest Neighbours (KNN)"]),
        ("tokenization", ["tokenization"]),
        ("naive Bayes, naïve bayes, nai\u0308ve Bayes", ["naive Bayes", "naïve bayes", "nai\u0308ve Bayes"]),
        ("Henri Poincare", ["Henri Poincare"]),
        ("Bandit Algorithms for Websites", ["Bandit Algorithms for Websites"]),
        # the longest name wins
        ("Claude Code and Claude", ["Claude Code", "Claude"]),
        ("Docker Compose, Docker composed", ["Docker Compose", "Docker"]),
        ("use Claude coder", ["Claude"]),
        # case
        ("deep learning, Deep-Learning, DEEP LEARNING", ["deep learning", "Deep-Learning", "DEEP LEARNING"]),
        ("Gradient Descent, gradient descents", ["Gradient Descent", "gradient descents"]),
        ("in SPARK or Spark", ["Spark"]),
        # a name without another meaning also counts as the first word, in all capitals and before another name
        ("Docker in practice. Docker can run. DOCKER BASICS", ["Docker", "Docker", "DOCKER"]),
        ("Docker Hub; Python Tutor", ["Docker", "Python"]),
        ("docker and pytorch, in ML with Keras", ["pytorch"]),
        ("Pip, pip, PIP", ["Pip", "pip", "PIP"]),
        ("a bias; Bias", ["bias", "Bias"]),
        ("the master algorithm, the Master Algorithm", ["the Master Algorithm"]),
        ("Is it the Moment? Is It the Moment. But is it the moment", ["Is it the Moment?", "Is It the Moment"]),
        ("we read machine learning design patterns", ["machine learning design patterns"]),
        ("ReAct, REACT", ["ReAct", "REACT"]),
        # word boundaries
        ("C++, C# and .NET, in C", ["C++", "C#", ".NET", "C"]),
        ("GAN-integrated, C++17", ["GAN"]),
        ("a Docker-based", ["Docker"]),
        ("der Docker-Container, Docker'da, Docker'ın", ["Docker"] * 3),
        ("AWS/Docker/Python", ["Docker", "Python"]),
        ("(Docker), “Docker”, 'Docker', Docker…", ["Docker"] * 4),
        ("L’aide d'Docker, qu’Docker et dell'Docker", ["Docker"] * 3),
        ("Docker: fast. Docker", ["Docker", "Docker"]),
        ("用Docker做, 朱松说", ["Docker", "朱松"]),
        ("R, in R. The, R/Python", ["R", "R", "R", "Python"]),
    ],
)
def test_names_that_count(text, expected):
    assert [text[place.start : place.end] for place in TABLE.find(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "go home, let's go",
        "it may spark excel cursors; a cursor",
        "react to it",
        "Go-to place, Go-getter",
        "Docker'n'roll, Go-A-Go",
        "MySQL, NoSQL, PL_SQL, SQLite",
        "sql",
        "weights and biases".replace("biases", "penalties"),
        "the weights & penalties",
        "hugging a face; hugging face",
        "semi-supervised learning",
        "self-attention",
        "R-squared, R², R&D, R-CNN, by R. Fisher, R = 0.8",
        "C-section",
        "ASP.NET",
        "docker.com, docs.docker.com, me@docker.com, docker()",
        "https://github.com/docker/compose/x?docker=docker&x",
        "www.docker/docker github.com/python/cpython",
        "/usr/local/docker, ./docker/run, ~/docker/x, C:\\docker\\bin",
        "--docker -docker",
        "gan, gans, lstmx",
        "Pythonic, Dockerfile, undocker",
        "gradient, descent",
        "gradient/descent, gradient (descent)",
        "O'Docker",
        "Docker_image",
        "WE GO HOME. EXCEL AT LIFE",
        "Spark your interest. Excel at it! Go home. Cursor down",
        "_deep_learning_",
    ],
)
def test_traps(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spark runs anywhere.", ["Spark=spark"]),
        ("Spark: a fast engine", ["Spark=spark"]),
        ("Excel", ["Excel=excel"]),
        ("Excel macro use", []),
        ("In Excel", ["Excel=excel"]),
    ],
)
def test_an_ordinary_word_that_begins_a_sentence_must_show_that_it_is_a_name(text, expected):
    assert found(text) == expected


def test_the_name_goes_before_the_variant_of_another():
    assert found("transformers, the Transformers, a Transformer") == [
        "transformers=transformer",
        "Transformers=transformers",
        "Transformer=transformer",
    ]


def test_entries_of_several_kinds_share_a_name_in_the_order_of_kinds():
    table = NameTable.of(
        catalog(
            {"b": Tool(name="Quorvex X"), "a": Tool(name="quorvex-x")},
            {"t": Topic(name="Quorvex X")},
            {"g": Term(term="Quorvex-X")},
            {"r": Resource(title="Quorvex X")},
            {"p": Person(name="Quorvex X")},
        )
    )
    [place] = table.find("the Quorvex X")
    assert place.entries == (
        (Kind.TOOL, "a"),
        (Kind.TOOL, "b"),
        (Kind.TOPIC, "t"),
        (Kind.TERM, "g"),
        (Kind.RESOURCE, "r"),
        (Kind.PERSON, "p"),
    )


def ruled(*rules, name="Lambda", aliases=()):
    return NameTable.of(catalog({"x": Tool(name=name, aliases=aliases, match=rules)}))


@pytest.mark.parametrize(
    ("rule", "text", "counts"),
    [
        ({"near": ("AWS", "cloud functions")}, "Lambda on AWS", True),
        ({"near": ("AWS", "cloud functions")}, "Lambda and other cloud functions", True),
        ({"near": ("AWS",)}, "Lambda as in LAWS", False),
        ({"near": ("server",)}, "Lambda on servers", True),
        ({"near": ("AWS",)}, f"Lambda{BREAK}AWS", False),
        ({"not_near": ("calculus",)}, "Lambda in the Calculus", False),
        ({"not_near": ("calculus",)}, "Lambda runs", True),
        ({"before": ("python",)}, "a Python Lambda", False),
        ({"before": ("python",)}, "a Python 'Lambda'", False),
        ({"before": ("python",)}, "in Python. A Lambda", True),
        ({"before": ("we don't really",)}, "We don't really Lambda", False),
        ({"after": ("d'un l'a n'est d'ou",)}, "Lambda d'un l'a n'est d'ou", False),
        ({"near": ("Node.js 3.5 and up",)}, "Lambda in Node.js 3.5 and up", True),
        ({"after": ("calculus", "layer norm")}, "the Lambda calculus", False),
        ({"after": ("calculus", "layer norm")}, "the Lambda layer norm", False),
        ({"after": ("calculus",)}, "the Lambda calculuses", True),
        ({"topics": ("cloud",)}, "Lambda", True),
        ({"topics": ("maths",)}, "Lambda", False),
        ({"case": True}, "a LAMBDA", False),
        ({"case": True}, "a Lambda", True),
    ],
)
def test_rules(rule, text, counts):
    assert bool(found(text, ruled(MatchRule(**rule)), topics=["cloud"])) is counts


def test_of_several_rules_for_a_name_one_must_hold():
    table = ruled(MatchRule(near=("AWS",)), MatchRule(topics=("cloud",)))
    assert found("Lambda", table, ["cloud"]) == found("Lambda on AWS", table)[:1] == ["Lambda=x"]
    assert found("Lambda", table) == []


def test_rules_for_one_name_leave_the_others_alone():
    table = ruled(MatchRule(names=("Lambda",), near=("AWS",)), aliases=("Amazon Lambda",))
    assert found("a Lambda, an Amazon Lambda, Lambdas", table) == ["Amazon Lambda=x"]


def test_a_shared_name_goes_to_the_entry_whose_rules_hold():
    table = NameTable.of(
        catalog({"aws": Tool(name="Quorvex", match=(MatchRule(near=("AWS",)),))}, terms={"fn": Term(term="Quorvex")})
    )
    assert found("a Quorvex", table) == ["Quorvex=fn"]
    assert found("a Quorvex on AWS", table) == ["Quorvex=aws"]


def test_a_lower_case_alias_lifts_the_rule_of_capitals():
    table = NameTable.of(catalog({"go": Tool(name="Go", aliases=("golang", "go"))}))
    assert found("go, Golang", table) == ["go=go", "Golang=go"]


def test_names_do_not_run_over_the_end_of_a_block():
    assert found(f"gradient{BREAK}descent{BREAK}Docker") == ["Docker=docker"]


def test_an_empty_table_finds_nothing():
    assert NameTable.of(catalog()).find("Docker") == []


def test_names_without_letters_are_never_found():
    assert found("*** +++", NameTable.of(catalog({"x": Tool(name="***"), "y": Tool(name="+++")}))) == []


def fingerprints(content):
    return [(entry.slug, entry.fingerprint) for entry in NameTable.of(content).named]


def test_the_fingerprint_depends_on_what_decides():
    one = catalog({"a": Tool(name="A tool"), "b": Tool(name="B tool")})
    other = catalog({"b": Tool(name="B tool", status="draft"), "a": Tool(name="A tool", licence="MIT")})
    assert fingerprints(one) == fingerprints(other)
    for changed in (
        {"a": Tool(name="A tool"), "b": Tool(name="B tools")},
        {"a": Tool(name="A tool"), "c": Tool(name="B tool")},
        {"a": Tool(name="A tool"), "b": Tool(name="B tool", match=(MatchRule(case=True),))},
        {"a": Tool(name="A tool"), "b": Tool(name="B tool", summary="Something else.")},
        {"a": Tool(name="A tool"), "b": Tool(name="B tool", homepage="https://b.example")},
    ):
        assert fingerprints(catalog(changed)) != fingerprints(one)


def test_folding_keeps_the_length_of_every_character():
    every = "".join(map(chr, (code for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)))
    assert len(lower(cased(plain(every)))) == len(every)


def test_spellings_of_a_kind_that_has_no_plural():
    assert [s.text for s in spellings("Andrew Ng", Kind.PERSON)] == ["Andrew Ng"]
    assert "Wilsons" not in [s.text for s in spellings("Wilson", Kind.TOOL)]
    assert [s.text for s in spellings("ALB", Kind.TOOL)] == ["ALB", "ALBs"]


def collisions(**tables):
    places = {
        (kind.rstrip("s") if kind != "people" else "person", slug): (f"knowledge/{kind}.yml", Span(line, 1))
        for kind, entries in tables.items()
        for line, slug in enumerate(entries, 1)
    }
    return [str(problem) for problem in sorted(shared_names(catalog(**tables, places=places)).values())]


def test_a_name_that_two_entries_of_a_kind_share_is_reported_at_the_later():
    assert collisions(tools={"b": Tool(name="Falcon"), "a": Tool(name="Eagle", aliases=("falcon",))}) == [
        'knowledge/tools.yml:2:1: two entries have the name "falcon": tool "a" and tool "Falcon" '
        '(knowledge/tools.yml:1, written "Falcon"); change one name, or remove one alias'
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Falcon", "Falcon"),
        ("word-embedding", "Word Embeddings"),
        ("data set", "dataset"),
        ("normalisation", "Normalization"),
    ],
)
def test_spellings_that_collide_are_reported(one, other):
    assert len(collisions(terms={"a": Term(term=one), "b": Term(term=other)})) == 1


def test_names_that_differ_in_signs_or_in_kind_do_not_collide():
    assert collisions(tools={"a": Tool(name="C++"), "b": Tool(name="C#"), "c": Tool(name="C")}) == []
    assert collisions(tools={"a": Tool(name="Falcon")}, resources={"a": Resource(title="Falcon")}) == []


def test_names_with_digits_are_found_as_formulas() -> None:
    files = {"knowledge/glossary.yml": "a: {term: CO2}\nb: {term: H₂O}\nc: {term: R}\nd: {term: CO}".encode()}
    found = NameTable.of(load(files).catalog).find("CO₂, H2O, H₂O, CO₂-free, R₂, R², CO³, x₁")
    assert [slug for one in found for _, slug in one.entries] == ["a", "b", "b", "a"]


def test_titles_of_parts_of_works_are_no_names_without_aliases_or_rules() -> None:
    titles = ("Week 1", "Summary", "Chapter IV", "Lecture Notes", "Go 4 Gold", "Chapter of Looms")
    entries = [Resource(title=title, parent="mooc", aliases=["W1"] * (title == "Week 1")) for title in titles]
    found = {one.title: Named.of(Kind.RESOURCE, "r", one).names for one in entries}
    assert [found[title] for title in titles] == [("W1",), (), (), (), ("Go 4 Gold",), ("Chapter of Looms",)]
    for other in Resource(title="Week 1", parent="mooc", match=[{"near": ["MOOC"]}]), Resource(title="Week 1"):
        assert Named.of(Kind.RESOURCE, "r", other).names == ("Week 1",)
    # resources of their own need a number
    assert Named.of(Kind.RESOURCE, "r", Resource(title="Lecture Notes")).names == ()

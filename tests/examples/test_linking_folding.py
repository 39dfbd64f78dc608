"""Examples of the functions in `mlguide_site.linking.folding`."""

from mlguide_site.linking.folding import cased, plain, words


def test_plain() -> None:
    assert (plain("Poincaré’s\xa0naïve “k‑means” – a\u2009start…")) == 'Poincare\'s naive "k-means" | a start|'


def test_cased() -> None:
    assert (cased("Node.js, C++ and scikit-learn")) == "Node js  C   and scikit learn"


def test_words() -> None:
    assert ([word[0] for word in words("node js 用docker做")]) == ["node", "js", "用", "docker", "做"]

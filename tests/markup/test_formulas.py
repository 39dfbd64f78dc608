"""Tests of formulas: amounts of money stay text, and a definition's formulas are converted on pages and in exports."""

import re

import pytest

from labels import Settings
from markup.reading import has_formulas
from mlguide_site.checks.all_checks import Checked, run_checks
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.formulas import formula_size, plain_formulas, read_formula, split_formulas
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.pages.entity import summary
from mlguide_site.publish.anki import apkg, deck_of
from mlguide_site.publish.markdown_copies import html_to_markdown, markdown_copy
from publish.test_anki import SITE, notes

MONEY = (
    "It costs $5 and $10.",
    "It costs $20 to $200, $5-$10, US$5–US$10, A$5, 5$ or 6$, and $29.3 billion.",
    "A plan at $5/month ($60/year).",
    "Set $HOME/$USER, ${a}/${b}, $(a)/$(b), $ 7 $, $, $$ and $$$.",
    r"So \$x\$ and \$5 or 6$.",
)
TEXTS = {
    r"$\hat{y} = \frac{1}{1 + e^{-z}}$": "ŷ = 1/(1 + e^(−z))",
    r"$w \leftarrow w - \eta \nabla_w L(w)$": "w ← w−η∇_w L(w)",
    r"$\sum_{i=1}^n x_i$": "∑_(i = 1)^n x_i",
    r"$$\max_a Q(s, a)$$": "max_a Q(s,a)",
    r"$\sqrt{x}$ or $\sqrt[3]{f'(x)}$": "√(x) or (f′(x))^1/3",
    r"$P(A_i \mid B)$": "P(A_i ∣ B)",
    r"costs $5, and $\foo$": r"costs $5, and \foo",
    r"$x \in \mathbb R^n$, $\bm{w}$, $\boldsymbol \theta_1$, $\mathcal{L}$, $\mathscr D$": "x ∈ ℝ^n, 𝐰, 𝛉_1, ℒ, 𝒟",
    r"$\mathbf{xy} + \mathbf 1$, $\mathfrak g$, $\boldsymbol\hat\theta$": "𝐱𝐲 + 𝟏, 𝔤, 𝛉̂",
    r"$\mathbf{Recall = \frac{a}{b}}$, $\textbf{of all} = \boldsymbol{\text{high}}$": "Recall = 𝐚/𝐛, of all = high",
    r"$\operatorname*{arg\,max}_a Q$, $\underset{a}{\arg\min} Q$": "argmax_a Q, argmin_a Q",
    r"$\bigl\{ z \bigr\} \label{eq:1} \notag$": "{z}",
    r"$$f = \begin{cases} 1 \\ 0 \end{cases} \nonumber$$": "f = { 1 0",
    r"$$\begin{align} a &= b \nonumber\\ &= c \end{align}$$": "a = b = c (1)",
}
DEFINED = r"""
norm: {term: Norm, definition: 'The length $\|x\| < 1$ of "x", at most $5.'}
odd: {term: Odd, definition: 'An $\unknown{<b>}$.'}
"""


def test_text_within_a_formula_contains_formulas_and_dollar_signs() -> None:
    [(before, found), _] = split_formulas(r"$$f = \begin{cases} 1 & \text{if $x > 0$ or $y$} \\ 0\end{cases}$$")
    assert found and (before, found.is_supported, found.text) == ("", True, "f = { 1 if x > 0 or y 0")
    [(before, found), _] = split_formulas(r"$\text{price \$5}$")
    assert found and (before, found.is_supported) == ("", False)
    assert [text for text, _ in split_formulas(r"costs $5 or \text{x} $6")] == [r"costs $5 or \text{x} $6"]


@pytest.mark.parametrize("text", MONEY)
def test_an_amount_of_money_is_text(text: str) -> None:
    document = parse(text)
    assert not has_formulas(document)
    assert document.findings == []
    assert [block.text for block in document.blocks] == [text.replace("\\", "")]


@pytest.mark.parametrize(("source", "text"), TEXTS.items())
def test_a_formula_is_readable_as_text(source: str, text: str) -> None:
    assert plain_formulas(source) == text


@pytest.mark.parametrize("name", ["align*", "aligned", "gather", "gather*", "gathered", "dcases"])
def test_environments_with_several_lines_are_converted(name: str) -> None:
    formula = read_formula(rf"$$\begin{{{name}}} a &= b \\ c &= d \end{{{name}}}$$")
    assert formula.is_supported and formula.html.count("<mtr>") == 2


def test_bars_around_a_value_open_and_close_and_a_single_bar_does_neither() -> None:
    form = re.compile(r'form="(prefix|postfix)">(?:&#124;|‖)')
    assert form.findall(read_formula(r"$\sum_i |w_i| + \|x\|^2$").html) == ["prefix", "postfix"] * 2
    assert form.findall(read_formula("$P(a|b) + P(c|d)$").html) == []
    assert form.findall(read_formula("$|P(a|b) - f(|x|)|$").html) == ["prefix", "prefix", "postfix", "postfix"]
    assert form.findall(read_formula(r"$P(A|B)$").html) == []


def test_a_formula_stays_tex_in_the_markdown_copy() -> None:
    body = "$x_1 < [a](b)$ is *so* for [$y$](https://a.example/).\n\n$$\\frac{a}{b}$$\n"
    copy = markdown_copy("a.md", to_markdown(parse(body)), Settings("S"))
    assert copy == "$x_1 \\lt  [a] (b)$ is *so* for [$y$](https://a.example/).\n\n$$\\frac{a}{b}$$\n"


def test_a_name_in_a_formula_is_no_link_and_no_text_of_the_search() -> None:
    document = parse(r"The $\text{Kettle}$ is $$\text{Kettle}$$ here.")
    assert [segment.text for segment in document.segments] == ["The ", " is ", " here."]
    assert to_markdown(document).count("data-pagefind-ignore><math") == 2


def test_a_definition_has_its_formula_wherever_it_is_shown(linked) -> None:
    found = linked({"knowledge/glossary.yml": DEFINED})
    terms = found.catalog.terms
    assert summary(terms["norm"]) == 'The length ‖x‖ < 1 of "x", at most $5.'
    cards = notes(apkg(deck_of(found.catalog, SITE)))
    assert r"The length \(\|x\| &lt; 1\) of &quot;x&quot;, at most $5." in cards["Norm"]
    assert r"An \unknown&#123;&lt;b&gt;}." in cards["Odd"]
    formula = read_formula(r"$\|x\| < 1$").html
    assert html_to_markdown(f"<p>It is {formula}.</p>", str) == r"It is $\|x\| \lt 1$."


def test_an_unsupported_formula_of_a_definition_is_reported(linked) -> None:
    problems = run_checks(Checked(linked({"knowledge/glossary.yml": DEFINED})), in_builds=True)
    (found,) = [problem for problem in problems if "formula" in problem.message]
    assert (found.path, found.span.line, found.severity.value) == ("knowledge/glossary.yml", 3, "warning")
    assert r"\unknown{<b>}" in found.message


def test_an_unsupported_formula_of_an_answer_is_reported(linked) -> None:
    topics = (
        "nets:\n  name: Nets\n  questions: [{question: 'Why $\\nowhere$?', answer: 'See $\\sin x$ and $\\nothing$.'}]\n"
    )
    asked = "questions:\n- {question: Why?, answer: 'It is $\\sin x$.'}\n- {question: H?, answer: '$\\none$'}\n---"
    files = {"knowledge/series.yml": "a: {title: A}\n", "knowledge/topics.yml": topics, "a-001": asked}
    problems = run_checks(Checked(linked(files)), in_builds=True)
    found = [str(problem).split(" is shown")[0] for problem in problems if "formula" in problem.message]
    assert sorted(found) == [
        'episodes/a/a-001.md:6:3: the formula "\\none"',
        'knowledge/topics.yml:1:1: the formula "\\nothing"',
        'knowledge/topics.yml:1:1: the formula "\\nowhere"',
    ]


@pytest.mark.parametrize(
    "definition",
    [r"\def\a{xx}", r"\newcommand{\a}{xx}", r"\newenvironment{a}{x}{x}", r"\DeclareMathOperator{\a}{xx}"],
)
def test_a_formula_that_defines_a_macro_is_shown_as_code(definition: str) -> None:
    """Macros can double in size with each definition, so a short formula could need hours."""
    found = read_formula(f"${definition} x$")
    assert not found.is_supported and found.html.startswith("<code>")


def test_the_formulas_of_a_file_have_a_limit(linked) -> None:
    term = "norm: {term: Norm, definition: 'It is " + " ".join(["$" + "x" * 900 + "$"] * 10) + ".'}"
    assert formula_size(term) == 9_020
    large = "\n".join(term.replace("norm", f"norm-{at}") for at in range(60))
    with pytest.raises(AssertionError, match="of terms and questions have more than 500,000 characters"):
        linked({"knowledge/glossary.yml": large})

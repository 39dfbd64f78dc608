"""Tests of the theme's trimmed script: unused code is removed, everything else is unchanged, and no sitemap is
requested."""

import pytest

from mlguide_site.build.use_trimmed_theme import trimmed_theme
from trim_theme.scripts import lean_script

OPTION = "function o(e){return a.features.includes(e)}"


def test_the_installed_script_is_less_than_four_fifths_and_whole() -> None:
    ((path, part),) = [item for item in trimmed_theme().items() if item[0].endswith(".js")]
    text = (part.make() or b"").decode()
    assert path.startswith("assets/javascripts/bundle.")
    assert 60_000 < len(text) < 90_000
    assert "__md_pages" in text
    for unused in ("sitemap.xml", "search_index", "mermaid.initialize", "api.github.com", "versions.json", "consent"):
        assert unused not in text, unused
    for used in (
        "navigation.instant",
        "toc.follow",
        "__palette",
        "clipboard.copied",
        "window.document$",
        "md-nav__link",
    ):
        assert used in text, used
    assert lean_script(text) == text


def program(*statements: str) -> str:
    return f"(()=>{{{OPTION}{''.join(statements)}}})();"


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ('o("used");o("not")&&x();y()', 'o("used");!1;y()'),
        ('z=o("not")?[1,2]:{a:3};', "z={a:3};"),
        ('z=o("not")?a?1:2:b?3:4;', "z=b?3:4;"),
        ('if(a||o("not")&&b)c()', "if(a||!1)c()"),
        ('f(...g("consent").map(e=>h(e,{a:1})),...g("dialog").map(e=>i(e)))', 'f(...g("dialog").map(e=>i(e)))'),
        ('f(...g("dialog"),...g("search").map(e=>h(e)))', 'f(...g("dialog"),)'),
        ('if(a&&b("md-code__content")){c({})}d()', "d()"),
        ('if(b("md-code__content")){c()}else{d()}', 'if(b("md-code__content")){c()}else{d()}'),
        ('var q;((q=a.v)==null?void 0:q.p)==="mike"&&b();c()', "var q;c()"),
        ('function l(){M("link[rel=alternate]")}l({});c()', "c()"),
        ("function p(){q()}function q(){p()}r()", "r()"),
        ('function p(){return/}[/"]/.test(a)/2}p()', 'function p(){return/}[/"]/.test(a)/2}p()'),
        (
            "function p(){return`}${q(`{${r}`)}`}function q(){}p()",
            "function p(){return`}${q(`{${r}`)}`}function q(){}p()",
        ),
        ("function p(){}a.p()", "a.p()"),
    ],
)
def test_what_leads_nowhere_goes_and_all_else_stays(script, left) -> None:
    assert lean_script(program(script + ";o()"), frozenset({"used"})) == program(left + ";o()")


@pytest.mark.parametrize(
    "script", ["", "`", "a`${b", '"', "/", "((", "function", "(()=>{function", "}))", "...a(", 'if("mike"']
)
def test_what_is_no_program_is_left_as_it_is(script) -> None:
    assert lean_script(script) == script

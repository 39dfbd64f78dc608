"""Tests of the start of the theme's script: only code that makes the browser restyle pages is removed."""

import pytest

from mlguide_site.build.use_trimmed_theme import trimmed_theme
from trim_theme.start import quiet_start

FUNCTION = 'function q(e){for(let t of M("[href], [src]",e))t.href=t.href}'
HELD = 'function q(e){for(let t of M(e===document?"[href]:not(link), [src]":"[href], [src]",e))t.href=t.href}'
SHOWING = FUNCTION[:-1].replace("t.href=t.href", "{t.href=t.href}") + "return $(e)}"
SHOWN = HELD[:-1].replace("t.href=t.href", "{t.href=t.href}") + "return e===document||!e.head?$(e):__md_dressed(e)}"
LEAVING = 'a.subscribe(()=>{history.replaceState(c,""),history.pushState(null,"",a)})'
LEFT = 'a.subscribe(()=>{q(document.head),history.replaceState(c,""),history.pushState(null,"",a)})'
COLOUR = 'let e=1,r=x("meta",{name:"theme-color"});'
FOCUS = (
    'document.documentElement.classList.add("js-focus-visible"),'
    'document.documentElement.setAttribute("data-js-focus-visible","")'
)


def test_all_of_it_is_found_in_the_installed_script() -> None:
    [part] = [part for path, part in trimmed_theme().items() if path.endswith(".js")]
    text = (part.make() or b"").decode()
    assert "js-focus-visible" not in text.replace('"data-js-focus-visible",""', "")
    assert text.count(',{name:"theme-color"});let ') == text.count('{name:"color-scheme"});let ') == 1
    assert text.count('document.readyState==="complete"&&document.body.setAttribute("data-md-color-switching",""') == 1
    assert text.count('===document?"[href]:not(link), [src]":') == 1
    assert text.count("(document.head),history.replaceState(") == 1
    assert text.count(":__md_dressed(") == 1
    assert quiet_start(text) == text


@pytest.mark.parametrize(
    ("script", "left"),
    [
        (COLOUR + "document.head.appendChild(r);r.content=a", COLOUR + "r.content=a"),
        (COLOUR + "document.head.appendChild(e);", COLOUR + "document.head.appendChild(e);"),
        ('x("meta",{name:"robots"});document.head.appendChild(r);',) * 2,
        (f"a&&({FOCUS})", "a&&(0)"),
        (
            'document.body.setAttribute("data-md-color-switching",""),b()',
            'document.readyState==="complete"&&document.body.setAttribute("data-md-color-switching",""),b()',
        ),
        (FUNCTION + LEAVING, HELD + LEFT),
        (SHOWING + LEAVING, SHOWN + LEFT),
        # replacing only one of them would break URLs
        (FUNCTION, FUNCTION),
        (LEAVING, LEAVING),
        ("", ""),
    ],
)
def test_what_styles_a_page_again_goes(script, left) -> None:
    assert quiet_start(script) == left
    assert quiet_start(left) == left

"""Changes the start of the theme's script, so that a browser doesn't compute the style of the whole page twice. The
page looks the same.

The code is found by the theme's own names, as in `scripts.py`. If a release uses other names, its code isn't changed.
"""

import re

_FOCUS = (
    'document.documentElement.classList.add("js-focus-visible"),'
    'document.documentElement.setAttribute("data-js-focus-visible","")'
)
"""A class of the whole page that no style uses."""
_COLOURS = re.compile(
    r'([\s,]([\w$]+)=[\w$]+\("meta",\{name:"(?:theme-color|color-scheme)"\}\);)document\.head\.appendChild\(\2\);'
)
"""Theme colours that our pages set themselves, before the script."""
_SWITCHING = re.compile(r'(?<!&&)document\.body\.setAttribute\("data-md-color-switching",""\)')
"""The event for a change of colours, which isn't needed at the start."""
_ABSOLUTE = re.compile(r'(function ([\w$]+)\(([\w$]+)\)\{for\(let [\w$]+ of [\w$]+\()("\[href\], \[src\]",\3\))')
_SHOWN = re.compile(r"(.*?\})return ([\w$]+)\(([\w$]+)\)\}", re.DOTALL)
_FUNCTION = 400
_LEAVING = re.compile(r'\{(history\.replaceState\([\w$]+,""\),history\.pushState\()')
"""The function that makes addresses absolute, its result (the page to show) and the characters at its end; and the code
that changes the page's own address.

A style sheet whose address is set is loaded again, so the addresses in the head aren't changed until they would be
wrong.
"""


def quiet_start(script: str) -> str:
    """Return the theme's script with a start that doesn't style the page again.

    >>> quiet_start('let r=x("meta",{name:"theme-color"});document.head.appendChild(r);')
    'let r=x("meta",{name:"theme-color"});'
    """
    script = _COLOURS.sub(r"\1", script.replace(_FOCUS, "0"))
    script = _SWITCHING.sub(r'document.readyState==="complete"&&\g<0>', script)
    return _dressed(script) if _LEAVING.search(script) else script


def _dressed(script: str) -> str:
    """Return the script that makes addresses absolute in time, and shows a page after its style sheets have loaded."""
    found = _ABSOLUTE.search(script)
    if found is None:
        return script
    head, page, rest = script[: found.end()], found[3], script[found.end() :]
    if (shown := _SHOWN.match(rest, 0, _FUNCTION)) and shown[3] == page:
        result = f"return {page}===document||!{page}.head?{shown[2]}({page}):__md_dressed({page})}}"
        rest = shown[1] + result + rest[shown.end() :]
    head = _ABSOLUTE.sub(r'\1\3===document?"[href]:not(link), [src]":\4', head)
    return _LEAVING.sub(rf"{{{found[2]}(document.head),\1", head + rest)

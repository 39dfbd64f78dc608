"""The start of the theme's script without what makes a browser style a whole page again, to no other look.

What is changed is found by what the theme's authors wrote, as in `scripts.py`. What a release says otherwise stays.
"""

import re

_FOCUS = (
    'document.documentElement.classList.add("js-focus-visible"),'
    'document.documentElement.setAttribute("data-js-focus-visible","")'
)
"""A class of the whole page that no style asks for."""
_COLOURS = re.compile(
    r'([\s,]([\w$]+)=[\w$]+\("meta",\{name:"(?:theme-color|color-scheme)"\}\);)document\.head\.appendChild\(\2\);'
)
"""Colours that our pages name themselves: the first to do so is heard."""
_SWITCHING = re.compile(r'(?<!&&)document\.body\.setAttribute\("data-md-color-switching",""\)')
"""The mark of a change of colours, which the start is none."""
_ABSOLUTE = re.compile(r'(function ([\w$]+)\(([\w$]+)\)\{for\(let [\w$]+ of [\w$]+\()("\[href\], \[src\]",\3\))')
_SHOWN = re.compile(r"(.*?\})return ([\w$]+)\(([\w$]+)\)\}", re.DOTALL)
_FUNCTION = 400
_LEAVING = re.compile(r'\{(history\.replaceState\([\w$]+,""\),history\.pushState\()')
"""The function that makes addresses absolute, what it gives (the page to be shown) and the characters in which it ends;
and where the page's own address changes. A style sheet that is given its address loads anew, so those of the head wait
until they would lead elsewhere."""


def quiet_start(script: str) -> str:
    """The theme's script, starting so that a page needn't be styled again.

    >>> quiet_start('let r=x("meta",{name:"theme-color"});document.head.appendChild(r);')
    'let r=x("meta",{name:"theme-color"});'
    """
    script = _COLOURS.sub(r"\1", script.replace(_FOCUS, "0"))
    script = _SWITCHING.sub(r'document.readyState==="complete"&&\g<0>', script)
    return _dressed(script) if _LEAVING.search(script) else script


def _dressed(script: str) -> str:
    """The script whose addresses are made absolute in time, and that shows a page once it has its style sheets."""
    found = _ABSOLUTE.search(script)
    if found is None:
        return script
    head, page, rest = script[: found.end()], found[3], script[found.end() :]
    if (shown := _SHOWN.match(rest, 0, _FUNCTION)) and shown[3] == page:
        result = f"return {page}===document||!{page}.head?{shown[2]}({page}):__md_dressed({page})}}"
        rest = shown[1] + result + rest[shown.end() :]
    head = _ABSOLUTE.sub(r'\1\3===document?"[href]:not(link), [src]":\4', head)
    return _LEAVING.sub(rf"{{{found[2]}(document.head),\1", head + rest)

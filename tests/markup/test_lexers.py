"""Tests of the lexers of Pygments that highlight code: none changes the code, or calls lexers of all languages."""

import inspect
import random
import re
import sys

from pygments.lexers import get_lexer_by_name

from mlguide_site.markdown.engine_markdown import COLOURED

PARTS = [*" \n\n\t.,;:=@#$%&|!?()[]{}<>/*+-_~^`'\"\\a1"]
PARTS += [*'\\" << <<a\n """ \'\'\' ${ $( #{ {{ {% <!-- /* */ // --'.split(" ")]
PARTS += ["<a>", "</a>", "<script>", "</script>", "<style>", "<?", ">>> ", "$ ", "... ", "def ", "if ", "end ", "é"]


LEXERS = {lexer.name: lexer for lexer in map(get_lexer_by_name, sorted(COLOURED))}


def test_tokens_are_the_code() -> None:
    chance = random.Random(1)
    units = [*PARTS, *("".join(chance.choices(PARTS, k=4)) for _ in range(10))]
    for name, lexer in LEXERS.items():
        for code in ["".join(chance.choices(PARTS, k=200)), *(unit * (40 // len(unit)) for unit in units)]:
            text = code + "\n"  # as in all fenced code: without it, some lexers leave out the last line
            assert "".join(value for _, _, value in lexer.get_tokens_unprocessed(text)) == text, name


def test_no_lexer_calls_lexers_of_all_languages() -> None:
    todo, seen = list(map(type, LEXERS.values())), set[type]()
    while todo:
        one = todo.pop()
        if one not in seen and one.__module__.startswith("pygments.lexers."):
            seen.add(one)
            code, names = inspect.getsource(one), vars(sys.modules[one.__module__])
            assert not re.findall(r"\b(?:get|guess|find|load)_\w*lexer\w*", code), one
            used = (names.get(name) for name in re.findall(r"\w+Lexer\w*", code))
            todo += [*one.__bases__, *(value for value in used if isinstance(value, type))]

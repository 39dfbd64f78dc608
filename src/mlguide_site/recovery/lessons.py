"""What a root's own structured notes teach: blocks as plain words, headings, and the words that begin blocks."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from mlguide_site.markdown.escape import unescape
from mlguide_site.recovery.markdown import BODY, HEADING, ITEM, LABEL, PARAGRAPH
from mlguide_site.recovery.words import bare, read_tokens

Blocks = list[tuple[int, str]]
"""Kinds (`HEADING`, `LABEL`, `BODY`, `ITEM`, `PARAGRAPH`) and plain text; a body follows its label."""

MAX_LABEL_WORDS = 8
_HEADING = re.compile(r" {0,3}#{1,6} +(?P<text>.*?)(?: +#+)? *")
_ITEM = re.compile(r" *(?:[-*+]|\d{1,9}[.)]) +(?P<text>\S.*)")
_BOLD_LABEL = re.compile(r"(?P<mark>\*\*|__)(?P<label>[^*_]{1,120}?)(?P<inner>:?)(?P=mark)(?P<outer>:?) ?(?P<text>.*)")
_LINK = re.compile(r"!?\[(?P<text>[^\[\]]{0,300})\]\([^()\s]{0,2000}(?: \"[^\"]{0,300}\")?\)")
_MARKS = re.compile(r"(?<!\\)(?:\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    r"""Inline Markdown as plain words.

    >>> plain("A **bold** [link](https://example.org/), `code` and 2 \\* 3 &amp; more")
    'A bold link, code and 2 * 3 & more'
    """
    text = _LINK.sub(lambda found: found["text"], text)
    return " ".join(unescape(_ESCAPE.sub(r"\1", _MARKS.sub("", text))).split())


def read_blocks(body: str) -> Blocks:
    r"""The blocks of a Markdown body.

    >>> read_blocks("Intro.\n\n## Parts\n\n- **Hinge:** Turns.\n- Whole")
    [(2, 'Intro.'), (0, 'Parts'), (1, 'Hinge:'), (4, 'Turns.'), (3, 'Whole')]
    """
    blocks: Blocks = []
    going_on = False
    for line in body.split("\n"):
        if not line.strip():
            going_on = False
            continue
        if line.lstrip().startswith("|"):
            cells = " ".join(cell for cell in plain(line).split("|") if cell.strip(" :-"))
            line = cells or " "
            if not cells:
                continue
        if heading := _HEADING.fullmatch(line):
            blocks.append((HEADING, plain(heading["text"])))
            going_on = False
        elif item := _ITEM.fullmatch(line):
            blocks.extend(_item(item["text"]))
            going_on = True
        elif going_on and blocks:
            kind, text = blocks[-1]
            blocks[-1] = (kind, f"{text} {plain(line)}") if kind != LABEL else blocks[-1]
            if kind == LABEL:
                blocks.append((BODY, plain(line)))
        else:
            blocks.append((PARAGRAPH, plain(line)))
            going_on = True
    return [(kind, text) for kind, text in blocks if text]


def _item(text: str) -> Blocks:
    bold = _BOLD_LABEL.fullmatch(text)
    if bold and (bold["inner"] or bold["outer"]):
        label, rest = bold["label"], bold["text"]
    else:
        label, _, rest = text.partition(": ")
        if not rest and text.endswith(":"):
            label = text[:-1]
        elif not rest or len(label.split()) > MAX_LABEL_WORDS or label.endswith((".", ",")):
            return [(ITEM, plain(text))]
    return [(LABEL, plain(label).rstrip(":") + ":"), (BODY, plain(rest))]


class Known:
    """The headings of structured notes, how often their words are one, and the words with which blocks begin."""

    NOTHING: ClassVar = (-1.0,) * 4

    def __init__(self, bodies: Sequence[str]) -> None:
        notes = [read_blocks(body) for body in bodies]
        self.tokens = [read_tokens(" ".join(text for _, text in note)) for note in notes]
        blocks = [(kind, [bare(word) for word in text.split()]) for note in notes for kind, text in note]
        self.headings = Counter(tuple(keys) for kind, keys in blocks if kind == HEADING)
        self.first = {
            kind: Counter(keys[0] for one, keys in blocks if one == kind) for kind in (HEADING, LABEL, ITEM, PARAGRAPH)
        }
        self.last = Counter(keys[-1] for keys in self.headings.elements())
        self.longest = max(map(len, self.headings), default=0)
        self.anywhere: Counter[tuple[str, ...]] = Counter()
        for tokens in self.tokens:
            keys = [bare(token.text) for token in tokens]
            for at in range(len(keys)):
                runs = (tuple(keys[at : at + size]) for size in range(1, min(self.longest, len(keys) - at) + 1))
                self.anywhere.update(run for run in runs if run in self.headings)

    def begins(self, before: str, word: str) -> tuple[float, ...]:
        """How often blocks begin with a word, and headings end with the one before it."""
        items = self.first[ITEM][word] + self.first[LABEL][word]
        return (self.first[HEADING][word], items, self.first[PARAGRAPH][word], self.last[before])

    def title(self, keys: tuple[str, ...]) -> tuple[float, ...]:
        """How often words are a heading, and what part of their uses that is."""
        count = self.headings[keys]
        return (count, count / (self.anywhere[keys] or 1), self.first[HEADING][keys[0]], self.last[keys[-1]])

    def sure(self, keys: tuple[str, ...]) -> float:
        """How probable it is that words which two notes have as a heading are one here."""
        count = self.headings[keys]
        return count / (self.anywhere[keys] + 1) if count > 1 else 0.0

"""The grammatical class of a word, as far as a short list and its ending tell."""

CLASSES = {
    word: name
    for name, words in {
        "art": "a an",
        "the": "the",
        "this": "this that these those such",
        "own": "my your his her its our their whose",
        "any": """any some no every each another all both either neither many few several most more other own same
            first last next new old""",
        "is": "is are was were isn't wasn't aren't be been being becomes became",
        "has": "has have had having hasn't",
        "do": "do does did doesn't don't didn't",
        "may": "can could will would should may might must cannot can't won't",
        "in": "in on at inside within onto into",
        "of": "of",
        "to": "to",
        "with": "with without via using",
        "by": "by",
        "for": "for",
        "from": "from",
        "as": "as like",
        "than": "than versus vs",
        "and": "and or nor plus",
        "but": "but while although though because since if when where",
        "who": "who which what how why whom",
        "me": "i you he she we they it me him them us nobody everybody somebody",
        "not": "not never",
        "use": """use uses used using learn learned write wrote written run runs ran install installed try tried know
            call called prefer choose chose chosen switch switched import imports pick picked move moved""",
    }.items()
    for word in words.split()
}
"""Words that say little about what a text is about, and their classes."""

_ENDINGS = ("ing", "ed", "ly", "ss", "us", "s", "er", "ion")


def word_class(word: str) -> str:
    """The class of a word or sign in lower case.

    >>> [word_class(word) for word in ("the", "3.5", ",", "renders", "loss", "python")]
    ['the', '9', ',', '-s', '-ss', 'w']
    """
    if found := CLASSES.get(word):
        return found
    if not word[0].isalnum():
        return word
    if word[0].isdigit():
        return "9"
    return next((f"-{ending}" for ending in _ENDINGS if word.endswith(ending)), "w")


def look(written: str) -> str:
    """How a word or sign looks: `a` small, `Aa` with a capital, `A` in capitals, `9` a number, or the sign itself.

    >>> [look(word) for word in ("we", "Java", "API", "R", "7B", "(")]
    ['a', 'Aa', 'A', 'Aa', '9', '(']
    """
    if not written[0].isalpha():
        return "9" if written[0].isdigit() else written
    if written[0].islower():
        return "a"
    return "A" if len(written) > 1 and written.isupper() else "Aa"

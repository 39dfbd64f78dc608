"""Computes the keys of names. Keys ignore capitals, hyphens and plural endings."""


def name_key(name: str) -> str:
    """Return the key of a name: lower-case letters, digits, `+` and `#`, without a plural ending.

    >>> name_key("Scikit-Learn") == name_key("scikit learns"), name_key("LSTMs"), name_key("C++"), name_key("AWS")
    (True, 'lstm', 'c++', 'aws')
    """
    text = "".join(char for char in name.casefold() if char.isalnum() or char in "+#")
    if len(text) > 2 and name.endswith("s") and name[-2].isupper():
        return text[:-1]
    is_plural = len(text) > 3 and text.endswith("s") and not text.endswith(("ss", "us", "is", "ics", "as", "os"))
    return text[:-1] if is_plural and not name.isupper() else text

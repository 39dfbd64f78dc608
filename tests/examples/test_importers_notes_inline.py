"""Examples of the functions in `mlguide_site.importers.notes.inline`."""

from mlguide_site.importers.notes.inline import bare_text, normalise_marks, read_wiki


def test_normalise_marks() -> None:
    assert (normalise_marks("==one == and ==two"), normalise_marks("if a == b")) == (
        "<mark>one</mark> and <mark>two</mark>",
        "if a == b",
    )
    assert (normalise_marks("**Better data **is and ** so**"), normalise_marks("2 ** 3 ** 4")) == (
        "**Better data** is and  **so**",
        "2 ** 3 ** 4",
    )


def test_bare_text_keeps_code() -> None:
    assert bare_text("`Vec<T>` and `__init__` of *all* \\<b>") == "Vec<T> and __init__ of all <b>"
    assert bare_text("**[`A<T>`](https://a.example/)**, [[b|`B<T>`]] \x009\x00") == "A<T>, B<T> 9"


def test_bare_text() -> None:
    assert (
        bare_text("**The** [link](https://a.example/) and `code` ==lit== [[Saws|saw]]") == "The link and code lit saw"
    )


def test_read_wiki() -> None:
    assert read_wiki("Saws|the saws") == ("Saws", "the saws")
    assert (read_wiki("Planes#Irons"), read_wiki("#Here")) == (("Planes#Irons", "Planes > Irons"), ("#Here", "Here"))

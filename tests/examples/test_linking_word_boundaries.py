"""Examples of the functions in `mlguide_site.linking.names`."""

from mlguide_site.linking.names import ends_word, in_address, is_mere_letter, starts_word


def test_starts_word() -> None:
    assert ([starts_word(text, text.index("Docker")) for text in ("a Docker", "O'Docker", "x/Docker", "a.Docker")]) == [
        True,
        False,
        True,
        False,
    ]


def test_ends_word() -> None:
    assert (
        [ends_word(text, 0, 6, True) for text in ("Python's", "Python-like", "Pythonic", "Python()", "Python")]
    ) == [True, True, False, False, True]


def test_in_address() -> None:
    assert (
        in_address("see github.com/docker/compose", 15),
        in_address("AWS/GCP", 4),
        in_address("Node.js/Deno", 8),
    ) == (True, False, False)


def test_is_mere_letter() -> None:
    assert (
        [
            is_mere_letter(text, text.index("R"), text.index("R") + 1)
            for text in ("by R. Fisher", "R = 0.8", "written in R. The", "in R")
        ]
    ) == [True, True, False, False]

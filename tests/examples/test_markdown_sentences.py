"""Examples of the functions in `mlguide_site.markdown.sentences`."""

from mlguide_site.markdown.sentences import sentence_at


def test_sentence_at() -> None:
    assert (sentence_at("We met Dr. Lee, e.g. in Node.js 3.5. He likes  Docker. End.", 47, 53)) == (
        "He likes Docker.",
        9,
        15,
    )
    assert (sentence_at("one two three four five", 8, 13, 15)) == ("…two three…", 5, 10)

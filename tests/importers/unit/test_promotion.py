"""Tests of promotion: which text counts as promotion, and what its patterns match."""

import time

import pytest

from mlguide_site.importers.common.promotion import find_matches, find_promotion, without, word_key

NOTES = [
    "Anchors hold where rock is near and the bed is firm.",
    "Barges carry stone down the river in a dry summer.",
    "Cables are spun in place from a thousand thin wires.",
    "Decks swing in wind unless somebody has stiffened them.",
    "Every pier stands on a mattress of willow and stone.",
    "Ferries ran until the last rivet of the span was in.",
    "Gauges tell the keeper when a lock may be opened.",
    "Hinges let an arch breathe when the sun comes out.",
]
AD = "Buy a pair of boots from Mudlark and Sons today."
FLAT = "Wear Mudlark boots - stay dry while you wade and listen"


def every(text: str, notes: list[str] = NOTES) -> list[list[str]]:
    return [[text.format(note=note, n=n)] for n, note in enumerate(notes, 1)]


@pytest.mark.parametrize(
    ("text", "flat", "patterns"),
    [
        ("{note} " + AD, False, (AD,)),
        (AD + " {note}", False, (AD,)),
        ("{note} " + AD + " {note}", True, (AD,)),
        ("Notes at s.example/{n} " + FLAT + " {note}", True, (FLAT,)),
        ("Links Notes at s.example/{n} " + FLAT + " Tools and Boats: {note}", True, (FLAT,)),
        ("{note} You can find all the notes at s.example/{n}", True, ()),
        ("{note} In this episode of the show we talk about {note}", False, ()),
        ("{note} Today I have the pleasure of talking with {note}", True, ()),
        ("{note} Links mentioned in this episode:", False, ()),
        ("{note} Use code MUD{n} to get boots from Mudlark.", False, ()),
        ("{note} You will find all of the notes at s.example/{n} as ever.", False, ()),
        ("{note} Thank you all.", False, ()),
        ("{note} Thank you all, friends.", False, ()),
        ("{note} Join us at https://mud.example/x", False, ("Join us at https://mud.example/x",)),
        ("{note} Notes are at https://mud.example/x", False, ()),
        ("{note} Join our club now", False, ()),
        ("{note} Join us now, friends.", False, ("Join us now, friends.",)),
        ("{note} All of it is at mudlark.example/x for you.", False, ("All of it is at mudlark.example/x for you.",)),
        ("{note} We built all of it with Node.js.", False, ()),
        ("{note} The server of the mill is written in ASP.NET.", False, ()),
        ("{note} Keep all of your settings in config.yml.", False, ()),
        (AD, False, ()),
        ("{note} Buy a pair * of boots from Mudlark and Sons today.", False, ()),
    ],
)
def test_the_rule(text: str, flat: bool, patterns: tuple[str, ...]) -> None:
    assert find_promotion(every(text), flat) == patterns


@pytest.mark.parametrize(
    ("footer", "uses", "is_removed"),
    [
        ("Hosted on Loom Host. See loomhost.example/privacy for more", 8, True),
        ("Hosted on Loom Host. See loomhost.example/privacy for more", 4, True),
        ("Hosted on Loom Host. See loomhost.example/privacy for more", 3, False),
        ("Hosted by Ida Wren. See wren.example/books for more", 8, False),
        ("Music by Jo Weaver. See weaver.example/songs", 8, False),
        ("See wren.example. Hosted on Loom Host.", 8, False),
        ("Loom Talk is made by Ann Reed, Bo Heddle and Cy Shed. See reed.example/us", 8, False),
        ("Narrator: Ann Reed. More at reed.example/us", 8, False),
        ("Mit Émile de Vries und Bo Heddle. Mehr auf reed.example/us", 8, False),
        ("Brought to you by Loom House Media. See loomhouse.example/ads", 8, True),
        ("Presentado por Ana. Más en reed.example/us", 8, False),
        ("This is not medical advice. Read our policy at reed.example/us", 8, False),
        ("Hosted on Loom Host. See the page on privacy", 8, False),
        ("One. Two. Three. See wren.example", 8, False),
        ("Bridges stand. " + "See it " * 20 + "at wren.example", 8, False),
    ],
)
def test_the_footer_of_a_host_is_promotion_as_a_whole(footer: str, uses: int, is_removed: bool) -> None:
    entries = [[note, footer] if n < uses else [note] for n, note in enumerate(NOTES)]
    assert (footer in find_promotion(entries, people=("Ida Wren",))) is is_removed
    assert footer not in find_promotion([[*reversed(entry), note] for entry, note in zip(entries, NOTES, strict=True)])


def test_notes_that_are_only_a_footer_are_kept_but_sentences_are_removed() -> None:
    footer = "Hosted on Loom Host. See loomhost.example/privacy for more"
    assert find_promotion([[footer]] * 8) == ()
    sentence = "See all of our news at loomhost.example."
    found = find_promotion([[note, f"Hosted on Loom Host. {sentence}"] for note in NOTES])
    assert found == (f"Hosted on Loom Host. {sentence}", sentence)
    notes = ["", "", *NOTES[2:]]
    assert find_promotion([[*filter(None, [note]), f"Hosted on Loom Host. {sentence}"] for note in notes]) == (
        sentence,
    )


def test_what_stands_in_few_notes_is_no_promotion() -> None:
    assert find_promotion([*every("{note} " + AD, NOTES[:2]), *every("{note}", NOTES[2:])]) == ()
    assert find_promotion([*every("{note} " + AD, NOTES[:3]), *every("{note}", NOTES[3:])]) == (AD,)


def test_notes_made_of_few_sentences_are_kept() -> None:
    texts = [[" ".join(NOTES[(n * 3 + k * k) % 8] for k in range(1, 5))] for n in range(24)]
    assert find_promotion(texts) == ()


@pytest.mark.parametrize("text", ["Try ", "Try Buy "])
def test_repeated_calls_take_linear_time(text: str) -> None:
    start = time.process_time()
    assert find_promotion([[text * (28_000 // len(text.split()))]] * 5, flat=True) == ()
    assert time.process_time() - start < 5


def test_order_makes_no_difference() -> None:
    texts = every("{note} " + AD)
    assert find_promotion(texts[::-1]) == find_promotion(texts)


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        ("Buy boots", "now buy boots, today", ["buy boots,"]),
        ("Buy * boots", "Buy boots. Buy big black boots!", ["Buy boots.", "Buy big black boots!"]),
        ("Buy * boots", "Buy a hat. Wear boots.", []),
        ("Buy *", "Buy a hat now. Wear it.", ["Buy a hat now."]),
        ("Buy *", "Buy a hat", ["Buy a hat"]),
        ("Buy * boots * day", "Buy my boots on a day", ["Buy my boots on a day"]),
        ("* boots", "big boots", ["boots"]),
        ("*", "anything", []),
        ("Don't wait - go", "Don’t wait — go!", ["Don’t wait — go!"]),
        ("a.b", "axb a.b", ["a.b"]),
        ("Buy boots *", "Buy boots! Now. Buy boots now " + "and " * 20, ["Buy boots!", "Buy boots"]),
        ("a * b", "a " * 50_000, []),
        ("Buy * boots", "Buy " + "a " * 20 + "boots", ["Buy " + "a " * 20 + "boots"]),
        ("Buy * boots", "Buy " + "a " * 21 + "boots", []),
        ("Buy * big. Boots * now", "Buy a big. Boots. Now", ["Buy a big. Boots. Now"]),
        ("Buy " + "* " * 200 + "x", "Buy " * 400, []),
    ],
)
def test_patterns(pattern: str, text: str, matched: list[str]) -> None:
    assert [text[found.start : found.end] for found in find_matches(text, [pattern])] == matched


def test_a_pattern_needs_words() -> None:
    assert [match.end for match in find_matches("buy my boots!", ["buy * boots"])] == [13]
    assert not find_matches("buy my boots!", ["*"])


@pytest.mark.parametrize(
    ("text", "is_removed"),
    [("Buy a chair today.", True), ("Read more at chairs.example/now.", True), ("We sat on chairs.", False)],
)
def test_advertisements_have_an_address_or_a_call(text: str, is_removed: bool) -> None:
    entries = [[f"{text} {topic}"] for topic in ("Knots.", "Saws.", "Glue.")]
    assert bool(find_promotion(entries)) is is_removed


@pytest.mark.parametrize(("word", "key"), [("Learn!", "learn"), ("—", "-"), ("…", "…")])
def test_words_are_normalised(word: str, key: str) -> None:
    assert word_key(word) == key


def test_promotion_is_removed_from_a_text() -> None:
    assert without("One. Buy now! Two.", ["Buy now"]) == ("One. Two.", ("Buy now",))


def test_patterns_with_a_common_beginning_take_linear_time() -> None:
    start = time.process_time()
    assert find_matches("try " * 20_000, [f"{'try ' * 57}z{n}" for n in range(100)]) == []
    assert time.process_time() - start < 2

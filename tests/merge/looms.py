"""A small show of eight episodes, in the form of a feed and of a player's page."""

from collections.abc import Mapping, Sequence
from html import escape

PROMOTION = "Get the pattern book to weave along at home this winter!"
SETTING_UP = (
    "A floor loom stands on its own feet and is trodden, which leaves both hands for the shuttle. Before the first"
    " thread goes on it has to be level, oiled and square, and we show how to tell with a string and a bent nail."
)
NOTES: Mapping[int, tuple[str, str]] = {
    1: (
        "What Weaving Is",
        "Two sets of threads cross at right angles, and that is all there is to cloth. We unpick a tea towel under a"
        " magnifier to see which thread passes above, and count how often per inch. Guests from the village guild bring"
        " their own scraps and argue about the word selvedge.",
    ),
    2: (
        "Fibres",
        "Flax rots before it shines, wool felts when it is angry, cotton grows short in dry years. Every fibre is"
        " drawn, twisted and wound; how much twist decides whether yarn is soft or strong. A bench test with kitchen"
        " scales and sand breaks nine yarns, and the winner surprises nobody who ever darned a sock.",
    ),
    3: (
        "Spindles Before Wheels",
        "For eight thousand years somebody span while walking. A stick and a whorl of clay are enough, and museums have"
        " drawers full of whorls which nobody asked about. We turn one on the lathe from pear wood, balance it with a"
        " drill, and spin forty metres during a train ride to the coast.",
    ),
    4: (
        "Colour From the Garden",
        "Weld gives yellow, madder gives red, woad gives blue after a night of stinking. Alum holds the colour to the"
        " fibre, iron saddens it. The chemist of the local brewery measures how fast each fades behind window glass and"
        " what moonlight has to do with it, which is nothing.",
    ),
    5: (
        "Setting Up a Loom, Part 1",
        f"Part 1 of setting up a floor loom. {SETTING_UP} Then come the beams: how to wind the warp with even tension,"
        " with paper between the turns, and why two people quarrel less than one.",
    ),
    6: (
        "Setting Up a Loom, Part 2",
        f"Part 2 of setting up a floor loom. {SETTING_UP} Then come the treadles: which lamm they pull, how to tie them"
        " with snitch knots, and what an unbalanced shed sounds like.",
    ),
    7: (
        "Patterns on Paper",
        "A draft is read from the right like nothing else in Europe. Threading stands above, the tie-up in its corner,"
        " treadling runs down the side; what they make fills the middle. Our listener from Bergen sent a draft from"
        " 1790 that no loom we know can weave, and we find the mistake.",
    ),
    8: (
        "Selling What You Weave",
        "A scarf takes eleven hours and nobody pays for eleven hours. We add up yarn, rent, mistakes and the fair's fee"
        " for a stall, and three weavers tell what they charge and what they never make again. Photographs by daylight"
        " sell better than adjectives.",
    ),
}


def item(number: int, with_notes: bool) -> str:
    title, notes = NOTES[number]
    body = escape(f"<p>{escape(notes, quote=False)}</p><p>{PROMOTION}</p>", quote=False) if with_notes else ""
    return (
        f"<item><title>{title}</title><guid>loom-{number}</guid><itunes:episode>{number}</itunes:episode>"
        f"<pubDate>{number:02} Feb 2024 08:00:00 GMT</pubDate><description>{body}</description></item>"
    )


def feed(numbers: Sequence[int] = tuple(NOTES), bare: int = 0) -> str:
    """Return the feed of some episodes. The episode `bare` has no notes."""
    items = "".join(item(number, number != bare) for number in numbers)
    head = '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
    return f"{head}<title>The Loom Room</title>{items}</channel></rss>"


def teaser(number: int, length: int = 160) -> str:
    """Return the text that a player shows of an episode: its truncated notes, with links that lost their link text."""
    words = f"to weave along at home this winter! Notes at {NOTES[number][1]}"
    return words[:length].rpartition(" ")[0] + "..."


def page(texts: Sequence[str], icon: str = "info_outline") -> str:
    return f"\n{icon}".join(f"The Loom Room\n{text}" for text in texts)

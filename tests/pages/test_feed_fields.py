"""Tests of fields from feeds, besides the notes, on the pages of episodes and series."""

import re

from mlguide_site.linking.folding import phrases
from mlguide_site.pages import site
from pages.builder import make, note, render

SERIES = {
    "kite": {
        "title": "Kite Days",
        "licence": "cc-by-4.0",
        "feed": "https://kite.example/feed",
        "funding": [{"title": "Give us a <line>", "url": "https://kite.example/give"}],
    }
}
FIELDS = {
    "audio": {"url": "https://kite.example/1.mp3"},
    "alternates": [
        {"url": "https://kite.example/1.mp4", "type": "video/mp4", "bytes": 90_000_000},
        {"url": "https://kite.example/1.ogg", "type": "audio/ogg"},
    ],
    "season_title": "The long <string>",
    "label": "Ch. B",
    "licence": "all rights reserved",
    "chapters": "https://kite.example/1.json",
    "transcripts": [
        {"url": "https://kite.example/1.vtt", "type": "text/vtt", "language": "en"},
        {"url": "https://kite.example/1.txt"},
    ],
    "soundbites": [
        {"start": "00:01:13", "duration": "00:01:00", "title": "The <knack>"},
        {"start": "01:00:00", "duration": "00:00:42"},
    ],
}


def test_questions_are_folded_behind_their_text() -> None:
    asked = [{"question": "Why a <tail>?", "answer": "So that it stays & flies $1/2$ more."}]
    base = make({"series": SERIES}, [note("kite-001", "Of knots.", questions=asked), note("kite-002", "Of tails.")])
    pages = render(base)
    page = pages["episodes/kite/kite-001.md"]
    assert "## Check your understanding" in page
    assert "<summary>Why a &lt;tail&gt;?</summary><p>So that it stays &amp; flies <span" in page
    assert '<math alttext="1/2">' in page
    assert "Check your understanding" not in pages["episodes/kite/kite-002.md"]


def test_a_topic_asks_of_each_of_its_episodes_in_turn() -> None:
    asked = {
        f"kite-00{n}": [{"question": f"What {n}{letter}?", "answer": f"That {letter}."} for letter in letters]
        for n, letters in ((1, "ab"), (2, "c"), (3, "d"))
    }
    notes = [
        note(id, "Of knots.", questions=questions, topics=["knots"] if id != "kite-003" else [])
        for id, questions in asked.items()
    ]
    base = make({"series": SERIES, "topics": {"knots": {"name": "Knots"}}}, notes)
    found = base.views["topics/knots.md"].questions
    assert [(card.url[-9:-1], item.question) for card, item in found] == [
        ("kite-001", "What 1a?"),
        ("kite-002", "What 2c?"),
        ("kite-001", "What 1b?"),
    ]
    assert "<summary>What 2c?</summary><p>That c. <a href=" in render(base)["topics/knots.md"]


def test_a_topic_prefers_questions_that_mention_it_and_two_of_each_episode() -> None:
    def asked(*texts: str) -> dict[str, object]:
        return {"questions": [{"question": text, "answer": "So."} for text in texts]}

    notes = [
        note(
            "kite-001", "Of knots.", topics=["wind", "knots"], **asked("Why fly?", "Why tie a bowline?", "Why knotty?")
        ),
        note("kite-002", "Of knots.", topics=["knots"], **asked("A?", f"B{200 * '.'} knots?", "C?", "Why KNOTS?")),
    ]
    topics = {slug: {"name": slug.title()} for slug in ("knots", "wind")}
    terms = {"bowline": {"term": "Bowline", "definition": "A loop.", "topics": ["knots"]}}
    base = make({"series": SERIES, "topics": topics, "glossary": terms}, notes)
    found = [item.question for _, item in base.views["topics/knots.md"].questions]
    assert found == ["Why tie a bowline?", "Why KNOTS?", "A?", f"B{200 * '.'} knots?", "C?", "Why fly?", "Why knotty?"]


def test_a_topic_has_few_questions_of_its_first_steps_only() -> None:
    asked = [[{"question": f"{n}{letter}?", "answer": "So."} for letter in "ab"] for n in range(1, 9)]
    notes = [note(f"kite-{n:03}", topics=["knots"], questions=two[: 1 + n // 6]) for n, two in enumerate(asked, 1)]
    base = make({"series": SERIES, "topics": {"knots": {"name": "Knots"}}}, notes)
    found = [item.question for _, item in base.views["topics/knots.md"].questions]
    assert found == ["1a?", "2a?", "3a?", "4a?", "5a?", "6a?", "6b?"]
    notes[0] = note("kite-001", topics=["knots"], questions=[*asked[0], {"question": "1c?", "answer": "So."}])
    base = make({"series": SERIES, "topics": {"knots": {"name": "Knots"}}}, notes)
    assert len(base.views["topics/knots.md"].questions) == 7


def test_questions_are_searched_for_names_as_whole_words_of_any_script() -> None:
    texts = ("Why été?", "Why a TÉ C++?", "機械学習とは何ですか？")
    topics = {"wind": {"name": "Wind"}, "te": {"name": "té", "aliases": ["c++", "機械学習"]}}
    asked = [{"question": text, "answer": "So."} for text in texts]
    base = make({"series": SERIES, "topics": topics}, [note("kite-001", topics=["wind", "te"], questions=asked)])
    assert [item.question for _, item in base.views["topics/te.md"].questions] == [*texts[1:], texts[0]]


def test_the_phrases_of_a_question_are_computed_once_for_all_topics() -> None:
    topics = {f"t{at}": {"name": f"Topic {at}"} for at in range(9)}
    notes = [note("kite-001", topics=[*topics], questions=[{"question": "Why so far?", "answer": "So."}])]
    phrases.cache_clear()
    assert len(make({"series": SERIES, "topics": topics}, notes).views) > 9
    assert phrases.cache_info().misses == 1


def test_the_authors_of_an_episode_are_limited(monkeypatch) -> None:
    people = {f"p{at}": {"name": f"Ann B{at}"} for at in range(4)}
    book = {"title": "The Book of Knots", "authors": [one["name"] for one in people.values()]}
    monkeypatch.setattr(site, "MAX_NAMED", 3)
    base = make(
        {"series": SERIES, "people": people, "resources": {"book": book}}, [note("kite-001", resources=["book"])]
    )
    assert base.site.recommended_authors == {"kite-001": ("p0", "p1")}


def test_pages_show_what_the_feed_told() -> None:
    base = make({"series": SERIES}, [note("kite-001", "Of knots.", **FIELDS), note("kite-002", "Of tails.")])
    view = base.views["episodes/kite/kite-001.md"]
    assert [(way.title, way.url) for way in view.links] == [
        ("Video (MP4, 90 MB)", "https://kite.example/1.mp4"),
        ("Audio file (Ogg)", "https://kite.example/1.ogg"),
        ("Transcript (en, vtt)", "https://kite.example/1.vtt"),
        ("Transcript", "https://kite.example/1.txt"),
        ("Chapters", "https://kite.example/1.json"),
    ]
    assert [(clock, title) for _, clock, title, _ in view.soundbites] == [("1:13", "The <knack>"), ("1:00:00", "42 s")]
    pages = render(base)
    page = pages["episodes/kite/kite-001.md"]
    for shown in (
        'href="https://kite.example/1.mp3#t=73" data-t="73"',
        "The &lt;knack&gt;",
        "<dd>The long &lt;string&gt;</dd>",
        "<dd>Ch. B</dd>",
        "Licence of the notes: all rights reserved",
    ):
        assert shown in page
    other = pages["episodes/kite/kite-002.md"]
    assert "Licence of the notes: cc-by-4.0" in other and "Start with" not in other and "Called" not in other
    assert '<a href="https://kite.example/give">Give us a &lt;line&gt;</a>' in pages["episodes/kite/index.md"]


def test_authors_of_recommended_books_are_not_people_of_the_episode() -> None:
    people = {"ann-reed": {"name": "Ann Reed", "aliases": ["A. Reed"]}, "bo-line": {"name": "Bo Line"}}
    book = {"title": "The Book of Knots", "authors": ["a. reed", "Bo Line"]}
    text = "We read The Book of Knots by A. Reed and Bo Line."
    guest = note("kite-002", text, people=[{"person": "bo-line", "role": "guest"}])
    base = make({"series": SERIES, "people": people, "resources": {"knots": book}}, [note("kite-001", text), guest])
    chips = {id: dict(base.views[f"episodes/kite/{id}.md"].chips) for id in ("kite-001", "kite-002")}
    assert [chip.title for chip in chips["kite-001"]["author"]] == ["Ann Reed", "Bo Line"]
    assert "person" not in chips["kite-001"]
    assert [chip.title for chip in chips["kite-002"]["person"]] == ["Bo Line"]
    assert [item.role for item in base.views["people/bo-line.md"].mentions] == ["", "guest"]
    pages = render(base)
    assert "<dt>Authors</dt>" in pages["episodes/kite/kite-001.md"]
    assert '<dd>a. reed, <a href="../../people/bo-line/">Bo Line</a></dd>' in pages["resources/knots.md"]


def titles(lines) -> list[list[str]]:
    return [[name for name, *_ in line] for line in lines]


def test_people_are_grouped_by_what_they_did_and_show_their_works() -> None:
    people = {slug: {"name": slug.title()} for slug in ("ann", "bo", "cy", "di", "eve", "flo")}
    resources = {
        "shelf": {"title": "Shelf", "authors": ["Cy"]},
        "other": {"title": "Other"},
        "knots": {"title": "Knots", "authors": ["Cy", "Ann"], "parent": "shelf"},
        "bends": {"title": "Bends: A Guide", "authors": ["Cy"], "parent": "other", "format": "book"},
    }
    parts = [
        {"person": "ann", "role": "co-host"},
        {"person": "bo", "role": "speaker"},
        {"person": "eve", "role": "author"},
        {"person": "flo", "role": "post-production: editor"},
    ]
    notes = [note("kite-001", people=parts, topics=["loops"]), note("kite-002", people=[{"person": "ann"}])]
    loops = {"loops": {"name": "Loops"}}
    views = make({"series": SERIES, "topics": loops, "people": people, "resources": resources}, notes).views
    groups = views["people/index.md"].groups
    assert [(group.title, [card.title for card in group.cards]) for group in groups] == [
        ("Hosts", ["Ann"]),
        ("Guests", ["Bo"]),
        ("Authors and teachers", ["Eve", "Cy"]),
        ("Also mentioned", ["Flo", "Di"]),
    ]
    links = {url: titles(lines) for url, lines in views["people/index.md"].links.items()}
    assert links["people/ann/"] == [["Knots"], ["Episode 1", "and 1 more"]]
    assert (links["people/bo/"], links["people/di/"]) == ([[], ["Episode 1"]], [[], []])
    assert links["people/cy/"] == [["Bends", "and 1 more"], []]
    assert views["people/index.md"].links["people/cy/"][0][1].url == "people/cy/#s.works"
    works = views["people/cy.md"].works
    assert [(item.card.title, item.depth) for item in works] == [("Bends: A Guide", 0), ("Shelf", 0), ("Knots", 1)]
    assert [item.card.title for item in views["people/ann.md"].works] == ["Knots"]
    assert views["people/bo.md"].works == ()
    # the topics of a person's works, which here have none, or else of the person's episodes
    assert [chip.title for chip in views["people/ann.md"].subjects] == ["Loops"]
    assert views["people/cy.md"].subjects == ()


def test_a_resource_leads_to_others_of_its_group() -> None:
    resources = {"shelf": {"title": "Shelf"}} | {f"r{n}": {"title": f"R {n}", "parent": "shelf"} for n in range(20)}
    base = make({"series": SERIES, "resources": resources}, [note("kite-001", "Of knots.")])
    found = {
        slug: [item.card.title for item in base.views[f"resources/{slug}.md"].alike] for slug in ("shelf", "r0", "r9")
    }
    first = [f"R {n}" for n in (0, 1, 10, 11, 12, 13, 14)]
    assert found == {"shelf": [], "r0": first[1:], "r9": first[:6]}
    assert "More resources" in render(base)["resources/r9.md"]


def test_a_resource_without_a_group_leads_to_the_most_important_ones_on_its_topic() -> None:
    resources = {slug: {"title": slug.title(), "topics": ["knots"]} for slug in ("a", "b", "c")}
    resources["b"]["importance"] = "essential"
    base = make({"series": SERIES, "resources": resources, "topics": {"knots": {"name": "Knots"}}}, [note("kite-001")])
    assert [item.card.title for item in base.views["resources/c.md"].alike] == ["B", "A"]
    assert "More on Knots" in render(base)["resources/c.md"]


def test_an_episode_leads_to_the_next_one_with_its_main_topic_unless_the_series_does() -> None:
    order = {"a": [], "b": ["a", "b"], "c": ["b", "a"], "d": ["a", "b"], "e": ["b"]}
    notes = [note(f"kite-00{at}", "Of knots.", topics=topics) for at, topics in enumerate(order.values(), 1)]
    topics = {"a": {"name": "Air", "order": ["kite-004", "kite-003", "kite-002"]}, "b": {"name": "Bows"}}
    base = make({"series": SERIES, "topics": topics}, notes)
    views = [base.views[f"episodes/kite/kite-00{at}.md"] for at in range(1, 6)]
    found = [view.next_in_topic and (view.next_in_topic[0].url[-9:-1], view.next_in_topic[1]) for view in views]
    # the main topic of the third episode, which follows the fourth one in "Air", is "Bows"
    assert found == [None, None, ("kite-005", "Bows"), ("kite-002", "Air"), None]
    pages = render(base)
    assert "Next in Air</span>Episode 2: About kite-002<" in pages["episodes/kite/kite-004.md"]
    assert "Previous</span>Episode 1: About kite-001<" in pages["episodes/kite/kite-002.md"]
    assert "Next in Kite Days</span>Episode 3: About kite-003<" in pages["episodes/kite/kite-002.md"]


def test_the_key_terms_of_a_topic_begin_with_the_terms_of_its_guide() -> None:
    terms = {slug: {"term": slug.title(), "topics": ["a"]} for slug in "bow line reel tail knot loop".split()}
    terms |= {slug: {"term": slug.title()} for slug in ("wind", "spar")}
    topics = {"a": {"name": "Air", "guide": "First the spar, then the wind."}}
    notes = [note("kite-001", "A bow, a line, a reel, a tail, a knot and a loop.", topics=["a"])]
    base = make({"series": SERIES, "topics": topics, "glossary": terms}, notes)
    titles = [card.title for card in base.views["topics/a.md"].terms]
    assert titles == ["Spar", "Wind", "Bow", "Knot", "Line", "Loop"]


def test_a_total_length_says_that_lengths_are_unknown() -> None:
    lengths = ("00:01:00", "00:02:00", None, "01:05:00")
    notes = [note(f"kite-00{at}", "A reel.", duration=length) for at, length in enumerate(lengths, 1)]
    base = make({"series": SERIES}, notes)
    found = [base.site.length([f"kite-00{at}" for at in ids]) for ids in ((1, 2), (1, 2, 3), (1, 3, 3), (), (1, 3, 4))]
    assert found == ["3 min", "", "", "", "about 1 h"]


def test_a_resource_tells_with_which_episode_to_use_it() -> None:
    notes = [note(f"kite-00{at}", requires=[f"kite-00{at - 1}"] if at > 1 else []) for at in (1, 2, 3)]
    resources = {"knots": {"title": "Knots", "episodes": ["kite-003", "kite-002"]}, "bends": {"title": "Bends"}}
    base = make({"series": SERIES, "resources": resources}, notes)
    knots, bends = (base.views[f"resources/{slug}.md"] for slug in ("knots", "bends"))
    assert (knots.use.label, [card.label for card in knots.needs]) == ("Episode 2", ["Episode 1"])
    assert (bends.use, bends.needs) == (None, ())
    page = render(base)["resources/knots.md"]
    assert '<dt>Use it with</dt><dd><a href="../../episodes/kite/kite-002/">Episode 2: About kite-002</a></dd>' in page
    assert '<dt>Prerequisite</dt><dd><a href="../../episodes/kite/kite-001/">Episode 1: About kite-001</a></dd>' in page
    assert ">Mentioned in " in page


def test_entries_lead_to_terms_and_episodes() -> None:
    terms = {
        "bowline": {"term": "Bowline", "definition": "Unlike a reef, a reef-free Reef knot: $x$.", "see": ["reef"]}
    }
    terms["reef"] = {"term": "Reef knot", "definition": "Two reef knots."}
    data = {"resources": {"code": {"title": "Code for a bowline"}}, "glossary": terms, "series": SERIES}
    data["people"] = {
        "ann": {"name": "Ann Ode", "role": "sailor", "links": [{"title": "Home", "url": "https://a.example"}]}
    }
    notes = [note("kite-001", "Ann Ode spoke."), note("kite-002", people=[{"person": "ann", "role": "guest"}])]
    pages = render(make(data, notes))
    side = pages["resources/code.md"].partition("<h2>Terms</h2>")[2]
    assert '<li><a href="../../glossary/bowline/">Bowline</a></li>' in side
    # a definition links the related terms that it names, but not parts of their names
    assert re.findall(
        "<a [^>]*>([^<]*)</a>", pages["glossary/bowline.md"].split("mg-definition")[1].split("</p>")[0]
    ) == ["Reef knot"]
    assert '<p class="mg-meta">Sailor</p>' in pages["people/ann.md"]
    assert re.findall('class="mg-action" href="([^"]*)"', pages["people/ann.md"]) == ["../../episodes/kite/kite-002/"]


def test_an_episode_that_only_lists_a_resource_has_its_summary() -> None:
    resources = {slug: {"title": slug.title(), "episodes": ["kite-001"]} for slug in ("knots", "bends")}
    pages = render(make({"series": SERIES, "resources": resources}, [note("kite-001", "We read Bends.")]))
    assert ">Mentioned in " in pages["resources/bends.md"]
    assert "Use it with" in pages["resources/knots.md"] and ">Mentioned in " in pages["resources/knots.md"]
    assert "We read Bends." in pages["resources/knots.md"]


def test_the_main_button_of_a_person_leads_to_a_work_or_else_to_an_episode() -> None:
    def buttons(importance: str, *bodies: str, guest: int = 0) -> list[str]:
        works = {"a": {"title": "A", "authors": ["Ann"]}, "b": {"title": "B: The Rest", "authors": ["Ann"]}}
        works["b"]["importance"] = importance
        works = works if importance else {}
        people = {guest: [{"person": "ann", "role": "guest"}]}
        notes = [note(f"kite-{at:03}", body, people=people.get(at, [])) for at, body in enumerate(bodies, 1)]
        page = render(make({"series": SERIES, "people": {"ann": {"name": "Ann"}}, "resources": works}, notes))[
            "people/ann.md"
        ]
        buttons = re.findall(r'mg-action" href="../../(.*?)">(?:Start with “|Read first: )(.*?)(?:”| \(.*?\))?<', page)
        # the only episode is on the page, without a button
        assert bool(buttons) == bool(works or len(bodies) > 1)
        # the mark in the list of episodes agrees with the button
        marked = re.findall(r'href="../../(episodes/[^"]*)">[^<]*</a><p[^>]*>(?:(?!</p>).)*>Start here<', page)
        assert marked == [url for url, _ in buttons if url.startswith("episodes/")]
        return buttons

    first, last = ("episodes/kite/kite-001/", "About kite-001"), ("episodes/kite/kite-003/", "About kite-003")
    assert buttons("essential", "Ann.", "Ann.", guest=2) == [("resources/b/", "B")]
    assert buttons("valuable", "Ann.", "And Ann.") == [("resources/b/", "B")]
    assert buttons("supplementary", "Ann.", "And Ann.") == [("resources/b/", "B")]
    assert buttons("valuable", "Ann, Ann.", "Ann.", "No.", guest=3) == [("resources/b/", "B")]
    assert buttons("", "Ann, Ann.", "Ann.", "No.", guest=3) == [last]
    assert buttons("", "Ann, Ann.", "Ann.") == [first]
    assert buttons("", "Ann.") == buttons("", "Ann.", guest=1) == []


def test_quotes_about_a_guest_dont_repeat_the_role() -> None:
    people = {"ann": {"name": "Ann Kay", "role": "sailmaker at Loft Nine"}}
    text = "Ann Kay works as a sailmaker at Loft Nine.\n\n## Knots\n\nAnn Kay ties every knot with two hands."
    guest, other = note("kite-001", text, people=[{"person": "ann", "role": "guest"}]), note("kite-002", text)
    items = make({"series": SERIES, "people": people}, [guest, other]).views["people/ann.md"].mentions
    assert [[quote.text[:13] for quote in item.quotes] for item in items] == [
        ["Ann Kay ties "],
        ["Ann Kay works", "Ann Kay ties "],
    ]


def test_a_person_who_is_only_mentioned_leads_to_main_topics_and_others() -> None:
    names = ("Ann Kay", "Bo Lin", "Cy Moor")
    people = {name.split()[0].lower(): {"name": name, "aliases": [name.split()[1]]} for name in names}
    topics = {slug: {"name": slug.title()} for slug in ("silk", "tails")}
    notes = [
        note("kite-001", "Ann Kay and Bo Lin.", topics=["tails", "silk"]),
        note("kite-002", "Ann Kay.", topics=["silk"], people=[{"person": "cy", "role": "guest"}]),
    ]
    base = make({"series": SERIES, "people": people, "topics": topics}, notes)
    found = {slug: base.views[f"people/{slug}.md"] for slug in people}
    assert {slug: [card.title for card in view.together] for slug, view in found.items()} == {
        "ann": ["Bo Lin", "Cy Moor"],
        "bo": ["Ann Kay"],
        "cy": ["Ann Kay"],
    }
    assert not any(view.alike for view in found.values())
    assert [chip.title for chip in found["bo"].subjects] == ["Tails"]
    page = render(base)["people/bo.md"]
    assert "In episodes on" in page and "In the same episodes" in page and "Also called" not in page


def test_the_page_of_a_person_links_terms_and_names_others_who_share_most_episodes() -> None:
    people = {slug: {"name": f"{slug.title()} Lin"} for slug in ("ann", "bo", "cy")}
    people["ann"]["summary"] = "Invented the Bow Kite."
    terms = {"bow": {"term": "bow kite", "definition": "A kite."}}
    notes = [note("kite-001", "Ann Lin, Bo Lin, Cy Lin."), note("kite-002", "Ann Lin and Bo Lin.")]
    base = make({"series": SERIES, "people": people, "glossary": terms}, notes)
    assert [chip.title for chip in base.views["people/ann.md"].together] == ["Bo Lin"]
    page = render(base)["people/ann.md"]
    assert '<p class="mg-lead mg-definition">Invented the <a href="../../glossary/bow/">Bow Kite</a>.</p>' in page
    assert '<li><a href="../../people/bo/">Bo Lin</a></li>' in page
    assert '<dt><a href="../../glossary/bow/">bow kite</a></dt>' not in page  # no episode mentions it


def test_the_index_of_people_links_to_a_person_with_more_episodes() -> None:
    notes = [note(f"kite-00{at}", title="Knot", people=[{"person": "ann"}]) for at in range(1, 6)]
    base = make({"series": SERIES, "people": {"ann": {"name": "Ann"}}}, notes)
    links = base.views["people/index.md"].links
    assert titles(links["people/ann/"][1:]) == [["Episode 1", "and 4 more"]]
    assert links["people/ann/"][1][-1] == ("and 4 more", "people/ann/", 0, "")
    # the only episode has its title
    one = make({"series": SERIES, "people": {"ann": {"name": "Ann"}}}, notes[:1]).views["people/index.md"]
    assert one.links["people/ann/"][1] == (("Episode 1", "episodes/kite/kite-001/", 1, "Knot"),)
    # a row with links has no number of episodes
    assert "mg-count" not in render(base)["people/index.md"]


def test_a_person_has_the_oldest_episode_first_and_parts_in_their_order() -> None:
    dates = ("2022-01-01", "2021-01-01", None)
    notes = [note(f"kite-00{at}", "We read Knots of Kites.", date=date) for at, date in enumerate(dates, 1)]
    part = {"title": "Knots of Kites", "authors": ["Cy"]}
    shelf = {"title": "Shelf", "authors": ["Cy"], "pick": "ordered", "children": {"knots": part}}
    people = {"cy": {"name": "Cy", "aliases": ["CY", "Cyrus"]}}
    base = make({"series": SERIES, "people": people, "resources": {"shelf": shelf}}, notes)
    mentions = base.views["people/cy.md"].mentions
    assert [item.card.label for item in mentions] == ["Episode 2", "Episode 1", "Episode 3"]
    assert [item.role for item in mentions] == ["", "", ""]  # the quotes name the work
    page = render(base)["people/cy.md"]
    assert "Shelf" in page and "mg-rows--ordered" not in page  # works don't list their parts
    assert '<dd data-pagefind-weight="10">Cyrus</dd>' in page


def test_a_term_leads_to_other_terms_of_its_first_topic() -> None:
    terms = {slug: {"term": slug.title(), "topics": ["a"]} for slug in ("bow", "line", "reel", "tail")}
    terms["line"] |= {"see": ["tail"]}
    base = make({"series": SERIES, "topics": {"a": {"name": "Air"}}, "glossary": terms}, [note("kite-001", "A reel.")])
    view = base.views["glossary/line.md"]
    assert ([card.title for card in view.alike], [card.title for card in view.see]) == (["Reel", "Bow"], ["Tail"])
    assert "More on Air" in render(base)["glossary/line.md"]


def test_a_role_that_is_the_key_of_a_label_is_shown_as_it_is():
    people = {"bo": {"name": "Bo"}}
    lead = note("kite-001", people=[{"person": "bo", "role": "path-lead"}, {"person": "bo", "role": "search"}])
    pages = render(make({"series": {"kite": {"title": "Kite"}}, "people": people}, [lead]))
    assert "(path-lead and search)" in pages["episodes/kite/kite-001.md"]
    assert "<span>Path-lead and search</span>" in pages["people/bo.md"]


def test_a_video_is_not_called_an_audio_file():
    for kind, label in ("video/mp4", "Video"), ("audio/mpeg", "Audio file"):
        audio = {"url": "https://s.example/a.mp4", "type": kind}
        text = render(make({"series": SERIES}, [note("kite-001", audio=audio)]))["episodes/kite/kite-001.md"]
        assert f'<a href="https://s.example/a.mp4">{label}</a>' in text

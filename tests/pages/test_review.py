"""Tests of the pages for review: the cards and their order, the scopes, links from other pages, and stable ids."""

import re
from time import process_time

import genanki

from mlguide_site.content.site_settings import Origin
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.pages import pagination
from mlguide_site.pages.facets import DECK
from mlguide_site.pages.review import MOST_SCOPES, data, section_of, words_of_sections
from mlguide_site.publish.anki import apkg, deck_of
from pages.builder import make, note, render
from publish.test_anki import notes

TERMS = {
    "bridle": {
        "term": "Bridle",
        "definition": "The lines at the <kite>.",
        "abbreviations": ["BR"],
        "topics": ["knots"],
    },
    "ahull": {"term": "Ahull", "definition": "Without a sail."},
    "spar": {"term": "Spar"},
    "aloft": {"term": "Aloft", "definition": "In the air."},
}
TOPICS = {
    "rope": {
        "name": "Rope",
        "questions": [{"question": "Which rope?", "answer": "A long one of $x^2$ m."}],
        "terms": ["spar"],
    },
    "knots": {"name": "Knots", "parent": "rope"},
    "wind": {"name": "Wind"},
}
KNOWLEDGE = {"series": {"kite": {"title": "Kite", "prefix": "KI"}}, "topics": TOPICS, "glossary": TERMS}


def asked(*questions: str) -> list[dict[str, str]]:
    return [{"question": question, "answer": f"So {question[:-1]} & more."} for question in questions]


def kites(**settings: object):
    later = note("kite-001", "The bridle is aloft.", questions=asked("Why?", "How?", "Why?"), requires=["kite-002"])
    first = note("kite-002", "All aloft.", questions=asked("When?"), topics=["knots"])
    draft = note("kite-003", "More.", questions=asked("Who?"), status="draft")
    return make(KNOWLEDGE, [later, first, draft], **settings)


def test_cards_follow_the_learning_path_and_terms_their_first_mention() -> None:
    cards = kites().site.flashcards
    assert [(card.episode, card.front) for card in cards] == [
        ("kite-002", "When?"),
        ("kite-002", "Aloft"),
        ("kite-001", "Why?"),
        ("kite-001", "How?"),
        ("kite-001", "Bridle"),
        ("", "Which rope?"),
        ("", "Ahull"),
    ]


def test_terms_of_an_episode_follow_the_order_of_its_text() -> None:
    cards = make(KNOWLEDGE, [note("kite-001", "The bridle is aloft.")]).site.flashcards
    assert [card.front for card in cards if card.is_term] == ["Bridle", "Aloft", "Ahull"]


def test_a_scope_of_a_topic_has_its_own_cards() -> None:
    base = kites()
    assert base.site.scopes == {
        "glossary": 3,
        "topic.knots": 2,
        "topic.rope": 1,
        "episode.kite-001": 2,
        "episode.kite-002": 1,
    }
    assert base.views["review/index.md"].scopes == (
        ("topic.rope", "Rope", 1),
        ("topic.knots", "Knots", 2),
        ("episode.kite-001", "KI 001: About kite-001", 2),
        ("episode.kite-002", "KI 002: About kite-002", 1),
    )


def test_pages_link_to_their_cards() -> None:
    pages = render(kites())
    links = re.compile(r'<a href="../../review/\?of=topic.(.*?)" .*?>(Review this topic .*?)</a>')
    assert links.findall(pages["topics/rope.md"]) == [("rope", "Review this topic (1 card)")]
    assert links.findall(pages["topics/knots.md"]) == [("knots", "Review this topic (2 cards)")]
    assert "review/?of" not in pages["topics/wind.md"]
    assert '<a href="../../../review/?of=episode.kite-001&amp;start">' in pages["episodes/kite/kite-001.md"]
    assert 'mg-due" href="./review/">' in pages["index.md"]


def test_the_list_names_each_episode_and_escapes_texts() -> None:
    page = render(kites())["review/index.md"]
    assert page.index("KI 002: About kite-002") < page.index("<summary>When?</summary><p>So When &amp; more.</p>")
    assert page.index("More terms") < page.index("<summary>Ahull</summary>")
    assert "The lines at the &lt;kite&gt;." in page


def test_ids_are_the_guids_of_the_anki_deck() -> None:
    for address in ("https://kite.example/kb/", ""):
        base = kites(site_name="Ferns: a show", site_url=address)
        shown = {front: id for id, front, *_ in data(base.site)["cards"]}
        deck = notes(apkg(deck_of(base.linked.catalog, Origin("Ferns: a show", address))))
        assert shown == {front: row[0] for front, row in deck.items()}
        assert shown["Ahull"] == genanki.guid_for(address or "Ferns: a show", "ahull")
        assert len(set(shown.values())) == 7


def test_ids_stay_when_texts_of_answers_change() -> None:
    before = {front: id for id, front, *_ in data(kites().site)["cards"]}
    more = [
        note("kite-001", questions=[{"question": "Why?", "answer": "Another."}]),
        note("kite-009", questions=asked("Why?")),
    ]
    cards = data(make(KNOWLEDGE, more).site)["cards"]
    assert [id for id, front, back, *_ in cards if back[0] == "Another."] == [before["Why?"]]
    assert len({id for id, *_ in cards}) == len(cards) == 6


def test_questions_without_terms_have_a_deck() -> None:
    base = make({"series": {"kite": {"title": "Kites"}}}, [note("kite-001", questions=asked("Why?"))])
    assert base.views["review/index.md"].deck == DECK
    assert base.views["glossary/index.md"].deck == DECK


def test_texts_and_formulas_take_turns() -> None:
    terms = {
        "mean": {"term": "Mean", "definition": "The <b>: $\\frac{a}{2}$, or $b$"},
        "one": {"term": "One", "definition": "1"},
    }
    backs = [back for _, _, back, *_ in data(make({"glossary": terms}).site)["cards"]]
    assert [parts[::2] for parts in backs] == [["The <b>: ", ", or ", ""], ["1"]]
    assert ["<math" in part for part in backs[0][1::2]] == [True, True, False]
    assert backs[1][1] == ""


def test_a_long_list_is_split_and_offers_a_limited_number_of_scopes() -> None:
    many = [note(f"kite-{n:03}", questions=asked(f"What is {n}?")) for n in range(1, MOST_SCOPES + 50)]
    base = make({"series": KNOWLEDGE["series"]}, many)
    pages = {path: view for path, view in base.views.items() if path.startswith("review/")}
    assert list(pages) == ["review/index.md", *(f"review/page/{number}.md" for number in (2, 3, 4, 5))]
    assert [len(view.scopes) for view in pages.values()] == [MOST_SCOPES, 0, 0, 0, 0]
    found = [card for view in pages.values() for *_, cards in view.groups for card in cards]
    assert found == list(base.site.flashcards)
    assert 'class="mg-review"' not in render(base)["review/page/2.md"]


def test_without_cards_the_page_says_so_and_nothing_links_to_it() -> None:
    base = make({"series": KNOWLEDGE["series"]}, [note("kite-001", "Text.")])
    pages = render(base)
    assert "There are no questions or terms yet." in pages["review/index.md"]
    assert "mg-due" not in pages["index.md"]
    assert data(base.site) == {"names": {}, "hues": {}, "topics": [], "cards": []}


def test_questions_lead_to_the_section_that_answers_them() -> None:
    parts = (
        "A kite has a tail.",
        "## Wind",
        "Wind lifts the kite.",
        "## Line",
        "It hangs on hemp.",
        "### Reel",
        "It turns.",
    )
    text = "\n\n".join(parts)
    questions = [
        {"question": "What lifts a kite?", "answer": "Wind."},
        {"question": "Of what is its line?", "answer": "Of hemp."},
        {"question": "What turns?", "answer": "A reel."},
        {"question": "What is behind?", "answer": "A tail."},
    ]
    cards = data(make({"series": {"kite": {"title": "Kites"}}}, [note("kite-001", text, questions=questions)]).site)[
        "cards"
    ]
    assert [card[3].removeprefix("episodes/kite/kite-001/") for card in cards] == ["#wind", "#line", "#reel", ""]
    cards = data(make({"series": {"kite": {"title": "Kites"}}}, [note("kite-001", "", questions=questions)]).site)[
        "cards"
    ]
    assert {card[3] for card in cards} == {"episodes/kite/kite-001/"}


def test_many_questions_about_long_notes_are_fast() -> None:
    questions = [{"question": f"Of what is line {number}?", "answer": "Of hemp."} for number in range(400)]
    text = "\n\n".join(f"## Line {number}\n\n{'It hangs on hemp. ' * 1000}" for number in range(25))
    site = make({"series": {"kite": {"title": "Kites"}}}, [note("kite-001", text, questions=questions)]).site
    start = process_time()
    assert len(data(site)["cards"]) == 400
    assert process_time() - start < 2


def test_many_questions_about_a_note_with_many_sections_are_fast() -> None:
    questions = [{"question": f"Q{number}?", "answer": "A."} for number in range(1000)]
    text = "".join(f"# h{number}\n" for number in range(5000))
    site = make({"series": {"kite": {"title": "Kites"}}}, [note("kite-001", text, questions=questions)]).site
    assert len(site.flashcards) == 1000
    start = process_time()
    data(site)
    assert process_time() - start < 0.2


def test_a_topic_has_questions_and_key_terms_of_its_own() -> None:
    base = kites()
    pages = render(base)
    assert "<summary>Which rope?</summary><p>A long one of <span data-pagefind-ignore><math" in pages["topics/rope.md"]
    assert [card.title for card in base.views["topics/rope.md"].terms] == ["Spar"]
    assert '<a href="../topics/rope/">Rope</a>' in pages["review/index.md"]
    found = data(base.site)
    asked_topic = next(card for card in found["cards"] if card[1] == "Which rope?")
    assert asked_topic[3:] == ("topics/rope/", 0, "topic.rope", found["topics"].index(("rope",)))
    assert found["names"]["topic.rope"] == "Rope"
    # only episodes have a colour
    assert found["hues"].keys() == found["names"].keys() - {"topic.rope"} != set()


def test_the_page_says_how_addresses_of_topics_end() -> None:
    for directories, suffix in ((True, "/"), (False, ".html")):
        page = render(make(KNOWLEDGE, [note("kite-001", "A spar.")], directories=directories))["review/index.md"]
        assert f'data-suffix="{suffix}"' in page


def test_the_data_mark_key_terms_and_a_topic_has_the_ids_of_its_cards() -> None:
    topics = {**TOPICS, "knots": {"name": "Knots", "terms": ["bridle"]}}
    base = make({**KNOWLEDGE, "topics": topics}, [note("kite-001", "The bridle is aloft.", topics=["knots"])])
    cards = data(base.site)["cards"]
    assert {card[1]: card[4] for card in cards} == {"Bridle": 2, "Ahull": 1, "Aloft": 1, "Which rope?": 0}
    own = next(card[0] for card in cards if card[1] == "Bridle")
    assert base.views["topics/knots.md"].review_ids == [own]
    page = re.sub(r"&[a-z#0-9]+;", "", render(base)["topics/knots.md"])
    assert 'data-due="{} due" data-new="{} new">Review these terms' in page


def test_only_episodes_among_the_steps_of_a_topic_add_questions_to_its_review() -> None:
    """An episode beyond the steps that the topic's page shows adds no questions."""
    notes_of = [note(f"kite-{at:03}", "Up.", questions=asked(f"Q{at}?"), topics=["knots"]) for at in range(1, 200)]
    site = make(KNOWLEDGE, notes_of).site
    assert site.scopes["topic.knots"] == len(site.topic_paths["knots"]) + 1 < 199


def test_words_in_many_sections_say_nothing_about_the_section_of_a_card() -> None:
    """The time for each card grows with the number of sections that contain a word."""
    body = "".join(f"## Part {at}\n\nCommon{' and rare' * (at == 25)}.\n\n" for at in range(1, 31))
    sections = parse(body).sections
    places = words_of_sections(body, sections)
    assert section_of("Common?", "No.", places, sections) == ""
    assert section_of("Common or rare?", "No.", places, sections) == "#part-25"


def test_few_prerequisites_are_followed_for_the_steps_of_a_topic(monkeypatch) -> None:
    chain = [note(f"kite-{at:03}", requires=[f"kite-{at - 1:03}"]) for at in range(2, 9)]
    notes_of = [note("kite-001"), *chain, note("kite-009", requires=["kite-008"])]
    knowledge = KNOWLEDGE | {"topics": TOPICS | {"knots": {"name": "Knots", "order": ["kite-009", "kite-001"]}}}
    assert make(knowledge, notes_of).site.topic_paths["knots"] == ("kite-001", "kite-009")
    monkeypatch.setattr(pagination, "FOLLOWED", 5)
    assert make(knowledge, notes_of).site.topic_paths["knots"] == ("kite-009", "kite-001")


def test_a_card_has_a_limited_number_of_topics() -> None:
    topics = {f"t{at:02}": {"name": f"Topic {at}"} for at in range(30)}
    talk = note("kite-001", topics=[*topics], questions=asked("Why?"))
    [card] = make({"series": {"kite": {"title": "Kite"}}, "topics": topics}, [talk]).site.flashcards
    assert card.topics == tuple(f"t{at:02}" for at in range(20))


def test_questions_may_have_formulas() -> None:
    questions = [{"question": "What is $x^2$?", "answer": "A square."}]
    base = make({"series": {"kite": {"title": "Kites"}}}, [note("kite-001", "Of $x$.", questions=questions)])
    front = data(base.site)["cards"][0][1]
    assert front[0] == "What is " and "<math" in front[1] and front[2] == "?"
    for path in ("episodes/kite/kite-001.md", "review/index.md"):
        assert "<summary>What is <span data-pagefind-ignore><math" in render(base)[path]
    sample = render(base)["review/index.md"].partition('<figure class="mg-sample">')[2].partition("<details")[0]
    assert "<math" in sample

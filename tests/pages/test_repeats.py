"""Tests of what a page repeats of other pages: it doesn't grow with the length of their titles and lists."""

from mlguide_site.model.records import Kind
from mlguide_site.pages import graph, review
from mlguide_site.pages.pagination import BEFORE
from mlguide_site.pages.view import Subject
from mlguide_site.publish.linked_data import inert
from mlguide_site.publish.machine_files import _episodes
from pages.builder import make, note, render

LONG = "x" * 480
SERIES = {"a": {"title": "A"}}


def test_pages_repeat_the_start_of_long_titles_names_and_lists() -> None:
    address = f"https://{'a' * 60}.{'b' * 60}.example/{LONG * 3}"
    knowledge = {
        "series": SERIES,
        "topics": {f"c{at}": {"name": f"C{at} {LONG}", "parent": f"c{at - 1}" if at else None} for at in range(20)},
        "resources": {
            **{f"e{at}": {"title": f"E{at} {LONG}", "topics": ["c0"], "urls": [address]} for at in range(6)},
            "r": {"title": "R", "topics": ["c0"], "episodes": ["a-z"]},
        },
        "glossary": {
            f"t{at}": {
                "term": f"T{at} {LONG}",
                "abbreviations": [f"{one}{at}{LONG}" for one in "abc"],
                "topics": ["c0"],
            }
            for at in range(7)
        },
    }
    needs = [f"a-n{at}" for at in range(100)]
    notes = [*(note(id, title=f"{id} {LONG}") for id in needs), note("a-z", title="Z", requires=needs)]
    base = make(knowledge, notes)
    text = render(base)
    assert len(text["resources/r.md"]) < 15_000
    assert len(text["glossary/t0.md"]) < 20_000
    assert len(text["topics/c19.md"]) < 15_000
    # a page itself has all of its own words
    assert f"E0 {LONG}" in text["resources/e0.md"] and address in text["resources/e0.md"]
    assert f"T0 {LONG}" in text["glossary/t0.md"] and f"a-n5 {LONG}" in text["episodes/a/a-n5.md"]
    assert all(f"episodes/a/{id}/" in text["episodes/a/a-z.md"] for id in needs)
    sections = [part for path, view in base.views.items() if path.startswith("path/") for part in view.sections]
    [shown] = [step[1] for part in sections for step in part["steps"] if step[1]]
    assert len(shown) == BEFORE


def test_steps_of_a_topic_have_no_prerequisites() -> None:
    notes = [note("a-001"), note("a-002", requires=["a-001"], topics=["t"])]
    base = make({"series": SERIES, "topics": {"t": {"name": "T", "order": ["a-001", "a-002"]}}}, notes)
    assert [needs for _, needs in base.views["topics/t.md"].order] == [(), ()]


def test_only_the_first_page_for_review_looks_for_the_names_of_topics(monkeypatch) -> None:
    asked = [{"question": f"Q{at}?", "answer": "A."} for at in range(300)]
    site = make({"series": SERIES, "topics": {"t": {"name": "T"}}}, [note("a-001", questions=asked)]).site
    views = [review.view(site, Subject("review", page=at)).values for at in range(1, len(review.pages(site)) + 1)]
    assert len(views) > 2 and views[0]["scopes"] and not any(one["scopes"] for one in views[1:])
    monkeypatch.setattr(review, "walk", None)
    monkeypatch.setattr(review, "paged", None)
    assert review.view(site, Subject("review", page=2)).values == views[1]


def test_cards_for_review_share_their_topics() -> None:
    topics = {f"t{at}-{'x' * 60}": {"name": f"T{at}"} for at in range(20)}
    asked = [{"question": f"Q{at}?", "answer": "A."} for at in range(200)]
    found = review.data(
        make({"series": SERIES, "topics": topics}, [note("a-001", questions=asked, topics=[*topics])]).site
    )
    assert {tuple(sorted(topics)), ()} >= {tuple(sorted(found["topics"][card[6]])) for card in found["cards"]}
    assert len(inert(found)) < 200 * len(found["cards"])


def test_filters_keep_no_topics_for_each_entry() -> None:
    topics = {f"c{at}": {"name": f"C{at}", "parent": f"c{at - 1}" if at else None} for at in range(20)}
    tools = {f"x{at}": {"name": f"X{at}", "topics": ["c19"]} for at in range(50)}
    terms = {f"y{at}": {"term": f"Y{at}", "topics": ["c19"]} for at in range(50)}
    base = make({"series": SERIES, "topics": topics, "tools": tools, "glossary": terms}, [note("a-001", topics=["c3"])])
    assert len(base.site.filters.of_entries[Kind.TERM]) == 20
    kept = [one for one in vars(base.site.filters).values() if isinstance(one, dict)]
    assert sum(len(one) for table in kept for one in table.values() if not isinstance(one, str)) < 20 * 21


def test_the_graph_of_a_topic_counts_the_tools_of_its_first_episodes(monkeypatch) -> None:
    tools = {f"x{at}": {"name": f"X{at}"} for at in range(100)}
    notes = [note(f"a-{at:03}", topics=["t"], tools=[f"x{at}"]) for at in range(100)]
    site = make({"series": SERIES, "topics": {"t": {"name": "T"}}, "tools": tools}, notes).site
    graph.view(site, Subject("graph", "t"))
    asked = []
    beside = type(site).beside
    monkeypatch.setattr("mlguide_site.pages.key_entries.COUNTED_EPISODES", 10)
    monkeypatch.setattr(type(site), "beside", lambda *given: asked.append(given[1]) or beside(*given))
    graph.view(site, Subject("graph", "t"))
    assert {*asked} == {*(f"a-{at:03}" for at in (*range(25), *range(90, 100)))}


def test_the_list_of_episodes_has_only_the_topics_that_its_filter_offers(monkeypatch) -> None:
    monkeypatch.setattr("mlguide_site.pages.facets.MOST_TOPICS", 2)
    topics = {f"t{at}": {"name": f"T{at}"} for at in range(9)}
    site = make({"series": SERIES, "topics": topics}, [note("a-001", topics=[*topics])]).site
    assert [row[6] for row in _episodes(site)] == [["t0", "t1"]]

"""Tests of the filters for resources: values, counts, topics and episodes."""

import pytest

from labels import ENGLISH
from mlguide_site.content.resources import packaged_templates
from mlguide_site.model.records import Kind
from mlguide_site.pages import facets
from mlguide_site.pages.facets import MOST_TOPICS
from mlguide_site.pages.render import Renderer
from pages.builder import ferns, make, note, render
from pages.parsed import Page

TOPICS = {
    "soil": {"name": "Soil"},
    "compost": {"name": "Compost", "parent": "soil"},
    "worms": {"name": "Worms", "parent": "compost"},
    "light": {"name": "Light"},
}


def filters(resources: dict[str, dict[str, object]]) -> dict[str, list[tuple[str, str, int]]]:
    """Return the filters of a root with these resources."""
    base = make({"topics": TOPICS, "resources": resources})
    return {name: list(options) for name, options in base.site.filters.of_resources.items()}


def test_values_stand_in_their_own_order_with_counts():
    found = filters(
        {
            "a": {"title": "A", "format": ["video", "book"], "importance": "valuable", "price": "$$"},
            "b": {"title": "B", "format": "book", "importance": "essential", "difficulty": "easy", "price": "free"},
            "c": {"title": "C", "urls": [{"url": "https://c.example/", "price": "$"}], "difficulty": "hard"},
        }
    )
    assert found == {
        "format": [("book", "book", 2), ("video", "video", 1)],
        "importance": [("essential", "essential", 1), ("valuable", "valuable", 1)],
        "difficulty": [("easy", "easy", 1), ("hard", "hard", 1)],
        "price": [("free", "free", 1), ("$", "$", 1), ("$$", "$$", 1)],
    }


@pytest.mark.parametrize(
    "resources",
    [
        {},
        {"a": {"title": "A"}},
        {"a": {"title": "A", "format": "book"}, "b": {"title": "B", "format": "book"}},
        {"a": {"title": "A", "format": "book", "price": "free", "difficulty": "easy"}, "b": {"title": "B"}},
    ],
)
def test_a_filter_of_less_than_two_values_is_left_out(resources):
    assert filters(resources) == {}


def test_a_topic_has_what_stands_below_it():
    found = filters(
        {
            "a": {"title": "A", "topics": ["worms", "compost"]},
            "b": {"title": "B", "topics": ["light"]},
            "c": {"title": "C", "topics": ["soil"]},
        }
    )
    assert found["subject"] == [
        ("compost", "Compost", 1),
        ("light", "Light", 1),
        ("soil", "Soil", 2),
        ("worms", "Worms", 1),
    ]


def test_only_so_many_topics_are_offered_those_with_most_resources():
    topics = {f"t{n:03}": {"name": f"Topic {n:03}"} for n in range(MOST_TOPICS + 50)}
    resources = {f"r{n:03}": {"title": f"R {n}", "topics": [f"t{n:03}"]} for n in range(MOST_TOPICS + 50)}
    resources |= {f"s{n}": {"title": f"S {n}", "topics": [f"t{n + 100}"]} for n in range(100)}
    base = make({"topics": topics, "resources": resources})
    subject = base.site.filters.of_resources["subject"]
    slugs = [value for value, _, _ in subject]
    assert len(slugs) == MOST_TOPICS
    assert slugs == sorted(slugs)
    assert {f"t{n}" for n in range(100, 200)} <= set(slugs)


def test_episodes_are_those_of_text_and_entry_but_for_cancelled_ones():
    base = make(
        {
            "series": {"s": {"title": "S"}},
            "resources": {
                "moss": {"title": "The Moss Atlas", "episodes": ["s-004", "s-003"]},
                "none": {"title": "Nowhere named"},
            },
        },
        [
            note("s-001", "See The Moss Atlas."),
            note("s-002", resources=["moss"]),
            note("s-003", status="cancelled"),
            note("s-004"),
        ],
    )
    assert base.site.named_by == {(Kind.RESOURCE, "moss"): ("s-001", "s-002", "s-004")}
    assert not any(base.site.filters.topics_of(one) for one in base.site.catalog.resources.values())


def test_the_pages_of_an_index_share_the_work_for_their_filters(monkeypatch):
    made = []
    options = facets.topic_options
    monkeypatch.setattr(facets, "topic_options", lambda *values: made.append(values) or options(*values))
    resources = {f"r{n:03}": {"title": f"R {n}", "topics": ["soil"]} for n in range(400)}
    glossary = {f"g{n:03}": {"term": f"G {n}", "topics": ["soil"]} for n in range(400)}
    views = make({"topics": TOPICS, "resources": resources, "glossary": glossary}).pages
    assert sum(view.kind in ("resources", "glossary") for view in views.values()) > 10
    assert len(made) == len(["resources", "glossary", "tools", "episodes"])


def fields(text: str) -> list[str]:
    return [str(attributes["name"]) for tag, attributes in Page(text).tags if tag in {"input", "select"}]


def test_the_page_offers_what_parts_the_resources():
    assert fields(render(ferns(8))["resources/index.md"]) == ["find", "format", "sort", "as", "as"]
    bare = render(make({"resources": {"a": {"title": "A"}}, "glossary": {"b": {"term": "B"}}}))
    assert fields(bare["resources/index.md"]) == []
    assert fields(bare["glossary/index.md"]) == []
    two = render(make({"glossary": {"b": {"term": "B"}, "c": {"term": "C"}}}))["glossary/index.md"]
    assert fields(two) == ["find"]
    # no deck of terms without definitions, but still a table
    assert "glossary.csv" in two
    assert "glossary.apkg" not in two


def test_very_many_resources_hardly_weigh_on_a_page():
    resources = {
        f"r{n:04}": {
            "title": f"Book {n} on a subject of its own",
            "format": ["book", "video"][n % 2],
            "topics": [f"t{n % 300:03}"],
            "episodes": [f"s-{n % 500 + 1:03}"],
            "summary": "What it is that it says, told in two or three lines, as entries mostly are." * 2,
            "urls": [f"https://books.example/{n}"],
        }
        for n in range(2000)
    }
    topics = {f"t{n:03}": {"name": f"A topic with number {n}"} for n in range(300)}
    episodes = [note(f"s-{n:03}") for n in range(1, 501)]
    views = make({"series": {"s": {"title": "S"}}, "topics": topics, "resources": resources}, episodes)
    pages = [view for path, view in views.pages.items() if view.kind == "resources"]
    assert len(pages) == 50

    assert len(Renderer([packaged_templates()], ENGLISH).render(pages[0]).encode()) < 80_000

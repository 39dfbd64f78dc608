"""Tests of the content of each kind of page."""

import re
import time
from dataclasses import replace
from functools import lru_cache

import feedparser
import pytest

from labels import ENGLISH, Settings
from mlguide_site.checks.episodes import check_stages
from mlguide_site.model.records import Kind
from mlguide_site.pages import episode_lists
from mlguide_site.pages.entity import topic_view
from mlguide_site.pages.formatting import after_link, gist, teaser
from mlguide_site.pages.home import start_here
from mlguide_site.pages.path import main_topics
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Subject
from mlguide_site.publish.feeds import channels, rss
from pages.builder import ferns, make, note, render


@pytest.fixture(scope="module")
def garden():
    return ferns()


@pytest.fixture(scope="module")
def pages(garden):
    return render(garden)


def test_facts_of_an_episode(garden):
    view = garden.views["episodes/talk/talk-001.md"]
    assert (view.meta.place, view.language, view.meta.truncated) == ("Greenhouse", "French", True)
    assert [(person.title, role) for person, role in view.people] == [("Robin Green", "chair and host")]
    assert [need.label for need in view.requires] == ["FH 001"]
    assert view.audio == "MP3, 12 MB"
    assert (view.official, [way.title for way in view.links]) == ("", ["Slides"])


@pytest.mark.parametrize(
    ("links", "official", "others"),
    [
        ([], "https://ferns.example/007", []),
        ([("Notes", "http://ferns.example/007/")], "http://ferns.example/007/", []),
        (
            [("Slides", "https://s.example/"), ("Page", "https://www.ferns.example/seven")],
            "https://www.ferns.example/seven",
            ["https://s.example/"],
        ),
    ],
    ids=["by address", "among the links", "by host"],
)
def test_official_page(links, official, others):
    series = {"title": "F", "home": "https://ferns.example/", "address": "https://ferns.example/{number:03}"}
    given = [{"title": title, "url": url} for title, url in links]
    view = make({"series": {"fern": series}}, [note("fern-007", links=given)]).views["episodes/fern/fern-007.md"]
    assert view.official == official
    assert [way.url for way in view.links] == others


def test_a_draft_has_no_official_page_but_one_of_its_links():
    series = {"title": "F", "address": "https://ferns.example/{number:03}"}
    own = {"title": "Early", "url": "https://ferns.example/002"}
    episodes = [note("fern-001", status="draft"), note("fern-002", status="draft", links=[own])]
    views = make({"series": {"fern": series}}, episodes, preview=True).views
    assert views["episodes/fern/fern-001.md"].official == ""
    assert views["episodes/fern/fern-002.md"].official == "https://ferns.example/002"


@pytest.mark.parametrize(
    ("language", "site", "shown"),
    [("en-gb", "en", ""), ("de", "en", "German"), ("en-gb", "de", "Englisch (GB)"), ("qxx", "en", "qxx")],
)
def test_another_language_than_the_site_s_is_named(language, site, shown):
    base = make({"series": {"s": {"title": "S"}}}, [note("s-001", language=language)], language=site)
    assert base.views["episodes/s/s-001.md"].language == shown


def test_cancelled_episodes_are_not_related():
    notes = [
        note(f"s-{n:03}", topics=["a"], status=status) for n, status in enumerate(["published"] * 2 + ["cancelled"], 1)
    ]
    views = make({"series": {"s": {"title": "S"}}, "topics": {"a": {"name": "A"}, "b": {"name": "B"}}}, notes).views
    assert [card.label for card, *_ in views["episodes/s/s-001.md"].related] == ["Episode 2"]


def test_usual_roles_of_people_are_translated():
    people = {"ann": {"name": "Ann", "role": "guest"}, "bo": {"name": "Bo", "role": "sailor"}}
    base = make({"people": people}, wording=replace(ENGLISH, labels=ENGLISH.labels | {"guest": "gast"}))
    assert [card.names for group in base.views["people/index.md"].groups for card in group.cards] == [
        ("gast",),
        ("sailor",),
    ]
    assert '<p class="mg-meta">Gast</p>' in render(base)["people/ann.md"]


def test_cancelled_episode_stands_in_no_list(garden, pages):
    assert "talk-002" not in {id for ids in (garden.site.latest, start_here(garden.site)) for id in ids}
    assert garden.views["episodes/talk/talk-001.md"].next.url == "episodes/talk/talk-003/"
    gone = garden.views["episodes/talk/talk-002.md"]
    assert (gone.previous, gone.next, gone.card.state) == (None, None, "cancelled")
    assert "was cancelled" in pages["episodes/talk/talk-002.md"]
    assert [card.label for card in garden.views["episodes/talk/index.md"].cancelled] == ["Lecture 2"]


def test_backlinks_quote_and_lead_to_the_section(garden):
    mention = garden.views["tools/trowel.md"].mentions[0]
    assert [(quote.heading, quote.url) for quote in mention.quotes] == [
        ("", "episodes/fern/fern-001/"),
        ("Tools", "episodes/fern/fern-001/#tools"),
    ]
    assert (mention.quotes[1].before, mention.quotes[1].name) == ("The ", "Trowel")


def test_episode_is_mentioned_where_others_name_it(garden):
    mentions = garden.views["episodes/fern/fern-001.md"].mentions
    assert [item.card.label for item in mentions] == ["FH 002", "FH 003", "FH 005", "FH 006", "FH 007", "FH 008"]
    assert mentions[0].quotes[0].name == "FH 1"


def test_chips_are_by_kind_and_title(garden):
    groups = garden.views["episodes/fern/fern-002.md"].chips
    assert [kind for kind, _ in groups] == ["topic", "tool", "resource", "term", "person"]
    assert [chip.title for chip in groups[1][1]] == ["Rake", "Trowel"]


def test_many_chips_are_folded():
    tools = {f"t{n:02}": {"name": f"Tool number {n:02}"} for n in range(20)}
    base = make({"series": {"s": {"title": "S"}}, "tools": tools}, [note("s-001", tools=list(tools))])
    page = render(base)["episodes/s/s-001.md"]
    shown, _, folded = page.partition("<summary>6 more</summary>")
    assert (shown.count('data-pagefind-filter="tool"'), folded.count('data-pagefind-filter="tool"')) == (14, 6)


def test_related_episodes_say_why(garden):
    related = garden.views["episodes/fern/fern-002.md"].related
    assert 0 < len(related) <= 6
    assert {because for _, because, _ in related} == {"", "Light"}
    # they refer to one another
    assert [card.label for card, because, _ in related if not because] == ["FH 001"]


def test_who_takes_part_in_both_is_a_reason_of_its_own_and_whoever_is_always_there_is_none():
    people = {slug: {"name": f"{slug.title()} Green"} for slug in ("host", "guest", "sage")}
    base = make(
        {"series": {"s": {"title": "S"}}, "people": people, "tools": {"rake": {"name": "Rake"}}},
        [
            note(
                f"s-{n:03}",
                "What Sage Green says of the rake." if n in (1, 3) else "",
                people=[{"person": slug} for slug in ("host", "guest") if slug == "host" or n in (1, 3)],
            )
            for n in range(1, 8)
        ],
    )
    ((_, because, people),) = base.views["episodes/s/s-001.md"].related
    assert (because, people) == ("Sage Green and Rake", "Guest Green")
    text = render(base)["episodes/s/s-001.md"]
    assert "In both: Sage Green and Rake · Both feature Guest Green" in text
    assert base.views["episodes/s/s-007.md"].related == ()


def test_a_topics_own_order_comes_first_then_what_front_matter_says(garden):
    view = garden.views["topics/compost.md"]
    assert [card.label for card, _ in view.order] == ["FH 003", "FH 001", "FH 005", "FH 007"]
    assert view.others == ()
    assert [chip.title for chip in view.crumbs] == ["Topics", "Soil"]
    assert "Trowel" in {card.title for card in view.tools}


def test_tools_that_name_a_topic_come_first(garden):
    assert list(garden.site.members[Kind.TOOL, "soil"]) == ["trowel"]
    assert garden.views["topics/soil.md"].tools[0].title == "Trowel"


def test_the_tools_of_a_topic_belong_to_it_or_to_its_subtopics_or_to_no_topic():
    knowledge = {
        "series": {"s": {"title": "S"}},
        "topics": {
            "plants": {"name": "Plants"},
            "moss": {"name": "Moss", "parent": "plants"},
            "water": {"name": "Water"},
        },
        "tools": {
            "hose": {"name": "Hose", "topics": ["water"]},
            "rake": {"name": "Rake", "topics": ["moss"]},
            "spade": {"name": "Spade"},
        },
    }
    notes = [note(f"s-{n:03}", "Hose, rake and spade.", topics=["plants"]) for n in (1, 2)]
    assert [card.title for card in make(knowledge, notes).views["topics/plants.md"].tools] == ["Rake", "Spade"]


def test_episodes_at_any_time_have_no_place_in_a_topic_s_order_unless_it_lists_them():
    topics = {"moss": {"name": "Moss"}, "soil": {"name": "Soil", "order": ["s-001"]}}
    about = [["soil"], ["moss", "soil"], ["moss"], ["moss", "soil"], ["soil"], []]
    needs = {3: ["s-002"], 5: ["s-004"], 6: ["s-004"]}  # on the path, s-001 is on its own
    notes = [note(f"s-{n:03}", topics=about[n - 1], requires=needs.get(n, [])) for n in range(1, 7)]
    found = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes).site.topic_paths
    assert found == {"moss": ("s-004", "s-002", "s-003"), "soil": ("s-001", "s-004", "s-002", "s-005")}
    notes[0] = note("s-001", topics=["moss"])
    base = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes)
    assert [card.title for card in base.views["topics/moss.md"].others] == ["About s-001"]


def test_a_topic_lists_more_episodes_than_those_of_its_order():
    topics = {"moss": {"name": "Moss", "order": [f"s-{n:03}" for n in range(1, 11)]}}
    notes = [note(f"s-{n:03}", "Moss grows.") for n in range(1, 13)]
    view = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes).views["topics/moss.md"]
    assert [len(view.order), [card.title for card in view.others]] == [10, ["About s-011", "About s-012"]]


def test_categories_that_differ_in_case_are_one(garden):
    groups = garden.views["tools/index.md"].groups
    assert [(group.title, [card.title for card in group.cards]) for group in groups] == [
        ("hand tools", ["Rake", "Trowel"]),
        ("Other", ["Hose"]),
    ]
    assert [card.title for card in garden.views["tools/rake.md"].alike] == ["Trowel"]


def test_the_category_of_tools_without_a_category_is_translated():
    tools = {"a": {"name": "A"}, "b": {"name": "B", "category": "overig"}, "c": {"name": "C", "category": "Zagen"}}
    views = make({"tools": tools}, wording=replace(ENGLISH, labels=ENGLISH.labels | {"other": "Overig"})).views
    groups = [(group.title, [card.title for card in group.cards]) for group in views["tools/index.md"].groups]
    assert groups == [("Zagen", ["C"]), ("Overig", ["A", "B"])]
    assert views["tools/a.md"].category.title == "Overig"


def test_other_tools_of_the_same_episodes_have_the_numbers_of_these_episodes():
    named = [["a", "b"], ["a"], ["b"], ["b"]]
    notes = [note(f"s-{n:03}", tools=tools) for n, tools in enumerate(named, 1)]
    views = make({"series": {"s": {"title": "S"}}, "tools": {"a": {"name": "A"}, "b": {"name": "B"}}}, notes).views
    assert [(card.title, card.episodes) for card in views["tools/a.md"].alike] == [("B", 1)]


def test_resources_say_how_to_pick(garden, pages):
    view = garden.views["resources/index.md"]
    (essential, no_head), (shelf, head), (rest, nothing) = view.groups
    assert ([item.card.title for item in essential.cards], no_head) == (["Spores at Home"], None)
    assert (head.card.title, head.entry.pick, nothing) == ("A shelf of books", "ordered", None)
    assert [item.card.title for item in shelf.cards] == ["On Mosses", "Spores at Home"]
    assert [item.card.title for item in rest.cards] == ["The Open Herbarium"]
    assert "In this order" in pages["resources/index.md"]
    assert garden.views["resources/mosses.md"].crumbs[-1].title == "A shelf of books"
    assert garden.views["resources/herbarium.md"].mentions_total == 1


def test_terms_and_people(garden):
    # each of two related terms leads to the other
    for slug, other in (("frond", "Rhizome"), ("rhizome", "Frond")):
        assert [card.title for card in garden.views[f"glossary/{slug}.md"].see] == [other]
    assert garden.views["glossary/rhizome.md"].entry.abbreviations == ("RZ",)
    roles = {item.card.label: item.role for item in garden.views["people/robin.md"].mentions}
    assert roles["Garden Talks · Lecture 1"] == "chair and host" and roles["FH 001"] == ""


def test_series_page_is_honest(pages):
    page = pages["episodes/fern/index.md"]
    assert "<p>Without notes: 4</p>" in page
    assert "These notes are unofficial. The series is by Fern Society." in page
    assert 'href="https://ferns.example/feed">RSS feed</a>' in page


def test_unofficial_notes_say_so(pages):
    page = pages["episodes/fern/fern-001.md"]
    assert "These notes are unofficial. The episode is by Fern Society." in page
    assert "Licence of the notes: CC BY 4.0" in page
    assert "unofficial" not in pages["episodes/talk/talk-001.md"]


def test_a_page_says_where_it_is_edited():
    where = render(ferns(edit_url="https://host.example/edit/{path}"))
    assert (
        'href="https://host.example/edit/episodes/fern/fern-001.md">Edit this page'
        in where["episodes/fern/fern-001.md"]
    )
    assert 'href="https://host.example/edit/knowledge/tools.yml">Edit this page' in where["tools/trowel.md"]
    assert "knowledge/tools.yml" not in render(ferns())["tools/trowel.md"]


def test_a_log_is_not_to_be_started_with():
    series = {"s": {"title": "Days", "kind": "log"}, "t": {"title": "Talks"}}
    base = make({"series": series}, [note("s-001"), note("t-001")])
    assert start_here(base.site) == ["t-001"]
    assert "Start with" not in render(make({"series": {"s": series["s"]}}, [note("s-134")]))["index.md"]


def test_a_fragment_with_a_name_is_shown_as_its_row_or_heading():
    table = "## Tools\n\n| a | b |\n| --- | --- |\n| Rake | iron or wood |\n\n"
    notes = [
        note("s-001", table + "## Use\n\nTake a rake with you.\n\n"),
        note("s-002", "Rake."),
        note("s-003", table),
        note("s-004", "## Rake\n\nIt gathers leaves in autumn. More.\n\n"),
        note("s-005", "## List\n\n- rake\n- spade\n\n"),
    ]
    knowledge = {"series": {"s": {"title": "S"}}, "tools": {"rake": {"name": "rake"}}}
    text = render(make(knowledge, notes))["tools/rake.md"]

    def where(number, anchor, title):
        return f'<p class="mg-where"><a href="../../episodes/s/s-{number}/#{anchor}">{title}</a></p>'

    assert re.findall(r"<blockquote>(.*)</blockquote>", text) == [
        f"{where('004', 'rake', '<mark>Rake</mark>')}<p>It gathers leaves in autumn. More.</p>"
    ]
    # episodes that don't explain the tool are in short rows below
    brief = text.partition(">Mentioned briefly ")[2]
    rows = re.findall(r'<p class="mg-summary">(.*?)</p>', brief.partition("</ul>")[0])
    assert [re.sub("</?mark>|</?span[^>]*>", "", row) for row in rows] == [
        'Take a rake with you. <a href="../../episodes/s/s-001/#use">Use</a>',
        'Rake · iron or wood <a href="../../episodes/s/s-001/#tools">Tools</a>',
        "Rake.",
        'Rake · iron or wood <a href="../../episodes/s/s-003/#tools">Tools</a>',
        "rake",
        ' <a href="../../episodes/s/s-005/#list">List</a>',
    ]


def test_quotes_with_the_name_come_first():
    body = "## Rake\n\nIt gathers leaves in autumn.\n\n## Use\n\nTake a rake with you.\n\n"
    base = make({"series": {"s": {"title": "S"}}, "tools": {"rake": {"name": "rake"}}}, [note("s-001", body)])
    (item,) = base.views["tools/rake.md"].mentions
    assert [(quote.heading, quote.name) for quote in item.quotes] == [("Use", "rake"), ("Rake", "")]


def test_the_number_of_other_mentions_leads_to_the_first_of_them():
    body = "".join(f"## Part {n}\n\nTake a rake with you, and water for day {n}.\n\n" for n in range(1, 5))
    base = make({"series": {"s": {"title": "S"}}, "tools": {"rake": {"name": "rake"}}}, [note("s-001", body)])
    assert 'href="../../episodes/s/s-001/#part-3">2 more in this episode' in render(base)["tools/rake.md"]


def test_groups_of_resources_do_not_count():
    parts = {name: {"title": name.title(), "format": "book"} for name in ("fern", "moss")}
    resources = {"books": {"title": "Books", "format": "book", "pick": "any", "children": parts}}
    resources["course"] = {"title": "Course", "urls": ["https://c.example"], "children": {"week": {"title": "Week"}}}
    base = make({"series": {"s": {"title": "S"}}, "resources": resources})
    assert base.views["resources/index.md"].total == 4
    assert base.site.filters.groups == {"books"}
    assert 'Includes <span class="mg-count">2 · Choose any</span>' in render(base)["resources/books.md"]


def test_essential_resources_begin_with_easy_ones():
    levels = {"a": "hard", "b": "easy", "c": ""}
    parts = {
        slug: {"title": slug, "importance": "essential"} | ({"difficulty": level} if level else {})
        for slug, level in levels.items()
    }
    parts["d"] = {"title": "d", "importance": "valuable"}
    base = make({"resources": {"shelf": {"title": "Shelf", "children": parts}}, "series": {"s": {"title": "S"}}}, [])
    (essential, _), *_ = base.views["resources/index.md"].groups
    assert [item.card.title for item in essential.cards] == ["b", "a", "c"]


def test_a_group_with_an_essential_member_does_not_follow_this_member():
    resources = {"a": {"title": "A", "children": {"one": {"title": "One", "importance": "valuable"}}}}
    resources["b"] = {"title": "B", "children": {"two": {"title": "Two", "importance": "essential"}}}
    groups = make({"series": {"s": {"title": "S"}}, "resources": resources}).views["resources/index.md"].groups
    assert [section.title for section, _ in groups] == ["Essential", "A", "B"]


def test_a_tool_has_one_button_if_its_home_page_is_its_source_code():
    tools = {"rake": {"name": "rake", "homepage": "https://r.example/", "source": "https://r.example"}}
    tools["spade"] = {"name": "spade", "homepage": "https://s.example/", "source": "https://s.example/code"}
    pages = render(make({"series": {"s": {"title": "S"}}, "tools": tools}))
    assert "Home page" not in pages["tools/rake.md"] and "Source code" in pages["tools/rake.md"]
    assert "Home page" in pages["tools/spade.md"] and "Source code" in pages["tools/spade.md"]


def test_instead_of_quotes_that_say_little_there_are_headings_and_the_summary():
    body = "But take a rake with you.\n\n## Use\n\nIt is a rake.\n\n## List\n\n- your own wooden rake"
    notes = [note("s-001", body, summary="On tools."), note("s-002", body + "\n\n## Hay\n\nA rake gathers hay.")]
    notes.append(note("s-003", "But take a rake with you.", summary="On work."))
    page = render(make({"series": {"s": {"title": "S"}}, "tools": {"rake": {"name": "rake"}}}, notes))["tools/rake.md"]
    texts = [re.sub(r"<[^>]*>", "|", item) for item in page.split("<li ")[1:]]
    words = ("On tools.", "Use|", "List|", "with you", "It is", "your own")
    assert [[word for word in words if word in text] for text in texts] == [[], ["On tools.", "Use|", "List|"], []]
    # readers start with the second episode, which has a sentence to quote
    assert "gathers hay." in texts[0].replace("|", "") and "On work." in texts[2] and "more in" not in texts[2]


def test_references_in_quotes_are_links():
    knowledge = {
        "series": {"s": {"title": "S", "prefix": "S", "references": ["S {number}"]}},
        "tools": {"rake": {"name": "rake"}},
    }
    page = render(make(knowledge, [note("s-001", "A rake (see S 2) works."), note("s-002", "No.")]))["tools/rake.md"]
    assert '(see <a href="../../episodes/s/s-002/">S 2</a>)' in page


def test_a_group_quotes_only_sentences_about_several_of_its_parts():
    parts = {name.lower(): {"title": f"The {name} Book"} for name in ("Fern", "Moss")}
    knowledge = {"series": {"s": {"title": "S"}}, "resources": {"books": {"title": "Books", "children": parts}}}
    both = note("s-001", "## Read\n\nRead The Fern Book, or read The Moss Book.")
    one = note("s-002", "## More\n\nRead The Moss Book every day.", summary="Said.")
    page = render(make(knowledge, [both, one]))["resources/books.md"].split("s.mentions")[-1]
    assert "Read The Fern Book, or read <mark>The Moss Book</mark>." in page
    assert ">More</a>" in page and "every day" not in page and "Said." in page


def test_quotes_show_formulas():
    knowledge = {"series": {"s": {"title": "S"}}, "tools": {"rake": {"name": "rake"}}}
    base = make(knowledge, [note("s-001", "A rake has $n^2$ teeth.")])
    assert re.search(
        r"A <mark>rake</mark> has <span[^>]*><math.*<msup>.*</math></span> teeth.</p>", render(base)["tools/rake.md"]
    )
    assert base.site.cards["s-001"].summary == "A rake has n^2 teeth."


def test_series_choose_where_to_start():
    notes = [note(f"s-{n:03}") for n in (3, 4, 6)] + [note("t-001")]
    series = {"s": {"title": "S", "home": "https://s.example/"}, "t": {"title": "T", "start": ["t-001", "s-004"]}}
    base = make({"series": series}, notes)
    assert start_here(base.site) == ["t-001", "s-004"]
    del series["t"]["start"]
    home = render(make({"series": series}, notes))["index.md"]
    assert 'S · Without notes: 1, 2, 5 <a href="https://s.example/">Official site</a>' in home


def test_what_no_episode_names_is_marked_and_groups_of_what_they_name_are_not():
    resources = {
        "books": {"title": "Books", "children": {"fern-book": {"title": "The fern book"}}},
        "films": {"title": "Films", "children": {"fern-film": {"title": "A film of ferns"}}},
    }
    topics = {"plants": {"name": "Plants"}, "moss": {"name": "Moss", "parent": "plants"}}
    knowledge = {
        "series": {"s": {"title": "S"}},
        "resources": resources,
        "topics": topics,
        "glossary": {"frond": {"term": "frond"}, "spore": {"term": "spore"}},
    }
    texts = render(make(knowledge, [note("s-001", "The fern book has fronds.", topics=["moss"])]))
    marked = {path for path, text in texts.items() if "Added by the editors" in text}
    assert marked == {"glossary/index.md", "glossary/spore.md", "resources/films.md", "resources/fern-film.md"}
    unnamed = {path for path, text in texts.items() if "No episode mentions it yet" in text}
    assert unnamed == {"glossary/spore.md", "resources/films.md", "resources/fern-film.md"}
    assert not [path for path, text in texts.items() if "No episode covers this topic yet" in text]
    assert texts["glossary/index.md"].count("Added by the editors") == 1


def test_a_mention_without_a_sentence_has_the_summary_and_badges_what_they_rate():
    knowledge = {"series": {"s": {"title": "S"}}, "resources": {"book": {"title": "Ferns", "difficulty": "hard"}}}
    notes = [note("s-001", "Ferns grow.", summary="Where.", resources=["book"])]
    notes.append(note("s-002", summary="Of green leaves.", resources=["book"]))
    page = render(make(knowledge, notes))["resources/book.md"]
    assert page.count("</mark> grow.") + page.count("Of green leaves.") == 2 and "Listed" not in page
    assert "<dt data-pagefind-ignore>Difficulty</dt><dd>hard difficulty</dd>" in page


def test_a_resource_that_an_episode_only_lists_has_no_quotes_of_its_subject():
    resources = {
        "kit": {"title": "Kit", "children": {"guide": {"title": "A guide to green moss", "episodes": ["s-001"]}}}
    }
    terms = {"green-moss": {"term": "green moss", "definition": "Soft."}}
    knowledge = {"series": {"s": {"title": "S"}}, "resources": resources, "glossary": terms}
    texts = render(make(knowledge, [note("s-001", "At last, green moss grows.", summary="Where it grows.")]))
    for slug in ("kit", "guide"):
        text = texts[f"resources/{slug}.md"]
        assert "Where it grows." in text and "<blockquote>" not in text


def test_image_only_where_the_file_is():
    shown = make(
        {"series": {"s": {"title": "S", "cover": "c.png"}}},
        [note("s-001", image="a b.png"), note("s-002", image="a.png")],
        assets=["episodes/s/a b.png", "episodes/s/s-002/a.png"],
    ).views
    assert shown["episodes/s/s-001.md"].image == "episodes/s/a%20b.png"
    assert shown["episodes/s/s-002.md"].image == "episodes/s/s-002/a.png"
    assert shown["episodes/s/index.md"].card.image == ""


def test_description_falls_back_to_the_notes():
    views = make({"series": {"s": {"title": "S"}}}, [note("s-001", "## A\n\n" + "word " * 60), note("s-002")]).views
    assert views["episodes/s/s-001.md"].description.startswith("word word")
    assert len(views["episodes/s/s-001.md"].description) <= 160
    assert views["episodes/s/s-002.md"].description == "Episode 2 · About s-002 · S"


def parts_of(view):
    return [(part["title"], part["start"], [step[0].label for step in part["steps"]]) for part in view.sections]


def test_the_path_has_stages_with_prerequisites_first():
    ten = {"duration": "00:10:00"}
    notes = [
        note("fern-001", requires=["talk-001"], **ten),
        note("fern-002", requires=["fern-003"], **ten),
        note("fern-003", **ten),
        note("talk-001", **ten),
        *(note(f"fern-{number:03}", requires=[f"fern-{number - 1:03}"], **ten) for number in range(5, 9)),
        note("fern-004", requires=["fern-002"], **ten),
    ]
    series = {"fern": {"title": "Ferns", "prefix": "FH"}, "talk": {"title": "Talks", "position": 1}}
    view = make({"series": series}, notes).views["path/index.md"]
    assert parts_of(view) == [
        ("Stage 1", 1, ["FH 003", "Talks · Episode 1"]),
        ("Stage 2", 3, ["FH 002", "FH 001"]),
        ("Stage 3", 5, ["FH 004", "FH 005"]),
        ("Stage 4", 7, ["FH 006", "FH 007"]),
        ("Stage 5", 9, ["FH 008"]),
    ]
    assert [chip.title for chip in view.sections[1]["steps"][0][1]] == ["FH 003"]
    assert (view.total, view.hours, view.sections[2]["lengths"], view.goals) == (9, "1 h 30 min", ["20 min"], {})


def test_an_episode_without_any_relation_comes_last_on_the_path():
    needs = {3: ["s-002"], 5: ["s-004"], 6: ["s-004"]}
    notes = [note(f"s-{n:03}", requires=needs.get(n, [])) for n in range(1, 7)]
    base = make({"series": {"s": {"title": "S", "prefix": "S"}}}, notes)
    assert parts_of(base.views["path/index.md"]) == [
        ("Stage 1", 1, ["S 004", "S 002"]),
        ("Stage 2", 3, ["S 005", "S 006", "S 003"]),
        ("Any time", 0, ["S 001"]),
    ]
    assert start_here(base.site) == ["s-004", "s-002", "s-005", "s-006"]
    # the numbers on the home page are those of the path
    assert '<ol class="mg-list mg-steps">' in render(base)["index.md"]
    base = make({"series": {"s": {"title": "S", "prefix": "S", "start": ["s-002", "s-003"]}}}, notes)
    assert '<ol class="mg-list">' in render(base)["index.md"].partition("s.start")[2].partition("</section>")[0]
    # if most episodes have no relations, they keep their order
    notes = [note(f"s-{n:03}", requires=["s-005"] if n in {6, 7} else []) for n in range(1, 9)]
    base = make({"series": {"s": {"title": "S", "prefix": "S"}}}, notes)
    assert parts_of(base.views["path/index.md"]) == [
        ("Stage 1", 1, ["S 001", "S 002", "S 003", "S 004", "S 005", "S 008"]),
        ("Stage 2", 7, ["S 006", "S 007"]),
    ]


def test_a_stage_is_named_by_the_topics_of_most_of_its_episodes():
    def name_of(*listed: str) -> str:
        notes = [note(f"s-{n:03}", topics=[*topics], requires=["s-099"]) for n, topics in enumerate(listed, 1)]
        knowledge = {"series": {"s": {"title": "S"}}, "topics": {one: {"name": one.upper()} for one in "abcdefgh"}}
        page = render(make(knowledge, [*notes, note("s-099")]))["path/index.md"]
        return re.search('id="s.2">Stage 2<span class="mg-about-stage">(.*?)</span>', page)[1]

    assert name_of("ba", "a", "ac") == ": A"
    # later topics are those of the episodes that the first doesn't describe
    assert name_of("a", "a", "a", "ab", "ab", "c", "c") == ": A\u00a0· C"
    # unless they are those of far fewer
    assert name_of("a", "a", "a", "ab", "ab", "c") == ": A"
    assert name_of(*"ddaabbccee") == ": D\u00a0· A"
    # a topic of one episode beside one of several would mislead
    assert name_of("a", "a", "b") == name_of("a", "a", "b", "c", "d") == ": A"
    assert name_of("a", "b", "c") == ": A\u00a0· B"
    # a stage begins with what its name says
    assert name_of("b", "a", "a") == ": B\u00a0· A"
    # topics of single episodes don't describe a stage
    assert name_of(*"abcdefg") == ""


def test_an_episode_names_its_stage():
    listed, needs = ("s-001", "s-002", "s-003", "s-004"), {"s-003": ["s-001"], "s-004": ["s-001"]}

    def names_of(**stages: str) -> tuple[list[list[tuple[str, ...]]], list[str]]:
        names = {id.replace("_", "-"): {"stage": name} for id, name in stages.items()}
        notes = [note(id, requires=needs.get(id, []), topics=["a"], **names.get(id, {})) for id in listed]
        base = make({"series": {"s": {"title": "S"}}, "topics": {"a": {"name": "A", "goals": ["career"]}}}, notes)
        told = [problem.message for problem in check_stages(base.linked)]
        return [part["topics"] for part in base.views["path/index.md"].sections], told

    # the name holds for all goals
    assert names_of(s_003="Second steps")[0][1] == [("Second steps",), ("Second steps",)]
    assert names_of()[1] == names_of(s_001="First steps", s_004="Second steps")[1] == []
    named, told = names_of(s_002="Alone", s_003="Second", s_004="Other")
    assert named[1][0] == ("Second",)
    assert told == [
        "the episode is in no stage of the learning path",
        'an earlier episode names the same stage "Second"',
    ]


def test_a_path_of_several_pages_lists_all_stages_with_the_sizes_and_lengths_of_their_episodes():
    chain = [note(f"s-{n:03}", duration="30:00", requires=[f"s-{n - 1:03}"] if n > 1 else []) for n in range(1, 91)]
    knowledge = {"series": {"s": {"title": "S"}}, "topics": {"a": {"name": "A", "goals": ["career"]}}}
    base = make(knowledge, [*chain, note("s-091", duration="30:00", requires=["s-090"], topics=["a"])])
    first, second = base.views["path/index.md"], base.views["path/page/2.md"]
    sizes = [stage["sizes"][0] for stage in first.stages]
    assert sum(sizes) == 91 and [stage["sizes"] for stage in second.stages] == [
        stage["sizes"] for stage in first.stages
    ]
    # a stage that fits on a page is on one page, and the list of stages leads to it
    assert [len(part["steps"]) for part in (*first.sections, *second.sections)] == sizes
    assert first.stages[-1]["url"] == "path/page/2/" and first.stages[0]["url"] == "path/"
    assert second.sections[0]["start"] == 1 + sum(len(part["steps"]) for part in first.sections)
    page = render(base)["path/page/2.md"]
    assert f'path/#s.1" data-sizes="{sizes[0]}|{sizes[0]}">Stage 1 ' in page
    assert f'aria-labelledby="s.{len(sizes)}" data-lengths' in page


def test_notes_without_numbers_are_in_the_order_of_the_numbers_in_their_names():
    notes = [note(f"lab-week-{n}", date="2026-01-01" if n % 2 else None) for n in (10, 2, 9, 1, 11)]
    base = make({"series": {"lab": {"title": "Lab"}}}, notes)
    assert [id.removeprefix("lab-week-") for id in base.site.path] == ["1", "9", "11", "2", "10"]


def test_a_resource_without_groups_beside_it_has_no_link_to_a_group():
    book, other = {"title": "A"}, {"title": "B", "importance": "essential"}
    for found, resources in (["Resources"], {"a": book}), (["Resources", "More resources"], {"a": book, "b": other}):
        base = make({"series": {"s": {"title": "S"}}, "resources": resources}, [])
        assert [chip.title for chip in base.views["resources/a.md"].crumbs] == found


def test_a_stage_of_several_pages_shows_the_size_of_all_of_its_episodes():
    notes = [note(f"s-{n:03}", duration="30:00", requires=["s-001"] if n == 2 else []) for n in range(1, 91)]
    pages = render(make({"series": {"s": {"title": "S"}}}, notes))
    rest = '<span class="mg-size">89 episodes</span><span class="mg-hours"> · 44 h 30 min</span>'
    for path, count in ("path/index.md", 60), ("path/page/2.md", 30):
        assert 'data-size="89"' in pages[path] and rest in pages[path]
        assert pages[path].count("<li class=") == count


def test_a_stage_is_named_by_a_broad_topic_of_its_episodes_unless_most_of_the_path_is_about_it():
    def names_of(others: int) -> tuple[str, ...]:
        tags = {2: "b", 3: "c", 4: "d"}
        notes = [note(f"s-00{n}", topics=[*tags.get(n, "")], requires=["s-001"] if n > 1 else []) for n in range(1, 5)]
        notes += [note(f"s-1{n:02}", requires=["s-001"]) for n in range(others)]
        topics = {"a": {"name": "A"}} | {one: {"name": one.upper(), "parent": "a"} for one in "bcd"}
        base = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes)
        return main_topics(base.site, ["s-002", "s-003", "s-004"], set())

    assert names_of(8) == ("A",)
    assert names_of(0) == ("B", "C")


def test_a_stage_is_named_by_topics_that_no_earlier_stage_has_in_its_name_if_possible():
    def names_of(second: str, third: str) -> list[str]:
        tags = {1: "a", 2: second, 3: third}
        notes = [note(f"s-{n:03}", topics=[*tags[n]], requires=[f"s-{n - 1:03}"] if n > 1 else []) for n in tags]
        knowledge = {"series": {"s": {"title": "S"}}, "topics": {one: {"name": one.upper()} for one in "abc"}}
        return ["".join(part["topics"][0]) for part in make(knowledge, notes).views["path/index.md"].sections]

    assert names_of("ab", "abc") == ["A", "B", "C"]
    assert names_of("a", "ab") == ["A", "A", "B"]


def test_summaries_on_the_path_end_with_a_sentence_or_before_a_colon_if_possible():
    long = "and it grows " * 20
    summaries = [f"Moss grows on the northern walls of houses. It {long}", f"Where moss grows in towns: {long}", long]
    notes = [note(f"s-00{n}", summary=text) for n, text in enumerate(summaries, 1)]
    page = render(make({"series": {"s": {"title": "S"}}}, notes))["path/index.md"]
    shown = re.findall('mg-summary">(.*?)</p>', page)
    assert shown[:2] == ["Moss grows on the northern walls of houses.", "Where moss grows in towns"]
    assert shown[2].endswith("…") and len(shown[2]) <= 96
    assert gist(f"Where 1,000 mosses grow in the towns of the north, and what {long}") == (
        "Where 1,000 mosses grow in the towns of the north"
    )


def test_a_year_of_a_series_says_what_it_is_mostly_about():
    notes = [note(f"s-00{n}", date=f"{2020 + n // 4}-01-0{n}", topics=["a", *"b" * (n > 1)]) for n in range(1, 6)]
    knowledge = {"series": {"s": {"title": "S"}}, "topics": {one: {"name": one.upper()} for one in "ab"}}
    base = make(knowledge, notes)
    view = base.views["episodes/s/index.md"]
    # a few episodes need no summary
    assert {year: [chip.title for chip in found] for year, found in view.topics.items()} == {
        "y.2020": ["A", "B"],
        "y.2021": [],
    }
    page = render(base)["episodes/s/index.md"]
    assert page.count("Mostly about") == 1
    # the years show the order
    assert "Oldest episode first." not in page
    assert "Oldest episode first." in render(make(knowledge, notes[:3]))["episodes/s/index.md"]


def test_the_list_of_a_series_names_the_prerequisites_in_other_series():
    notes = [note("s-001"), note("s-002", requires=["s-001", "t-001"]), note("t-001")]
    base = make({"series": {"s": {"title": "S"}, "t": {"title": "T", "prefix": "TT"}}}, notes)
    page = render(base)["episodes/s/index.md"]
    assert re.findall(r'mg-needs"><span>(.*?)</span>', page) == [
        'Prerequisite <a href="../../episodes/t/t-001/">TT 001</a>'
    ]
    assert "mg-needs" not in render(base)["episodes/t/index.md"]


def test_a_path_without_prerequisites_has_no_stages():
    notes = [note("fern-001"), note("talk-001"), note("fern-002")]
    series = {"fern": {"title": "Ferns", "prefix": "FH"}, "talk": {"title": "Talks"}}
    view = make({"series": series}, notes).views["path/index.md"]
    assert parts_of(view) == [("Episodes", 1, ["FH 001", "FH 002", "Talks · Episode 1"])]


def test_the_home_page_begins_with_where_to_start_and_goals():
    notes = [note("s-001", topics=["jobs"]), note("s-002"), note("t-001")]
    series = {"s": {"title": "S", "home": "https://s.example/"}, "t": {"title": "T"}}
    topics = {"jobs": {"name": "Jobs", "goals": ["career"]}}
    home = render(make({"series": series, "topics": topics}, notes))["index.md"]
    assert re.findall('id="s.([a-z]+)"', home) == ["start", "goals", "topics", "shows"]
    assert re.findall(r'"./path/([^"]*)">([^<]*)</a>', home) == [
        ("", "The whole learning path"),
        ("?goal=career", "Career"),
    ]
    assert "New to the subject" not in home
    # official sites are one line, unless a series can be subscribed to or supported
    assert '<span>Official sites</span> <a class="mg-out" href="https://s.example/">S</a>' in home
    series["t"]["feed"] = "https://t.example/feed.xml"
    assert "Subscribe and support</h2>" in render(make({"series": series}, notes))["index.md"]


def test_the_title_of_a_resource_ends_at_its_subtitle():
    knowledge = {"resources": {"book": {"title": "Ferns: A *Guide*"}, "plain": {"title": "Moss"}}}
    pages = render(make(knowledge, []))
    small = '<span class="mg-visually-hidden">:</span> <small>A \\*Guide\\*</small>'
    assert f"\n# Ferns{small}\n" in pages["resources/book.md"]
    assert "\n# Moss\n" in pages["resources/plain.md"]


def shown(page: str) -> str:
    """Return a page without the tags around the codes of episodes on buttons."""
    return re.sub(r'<span class="mg-code">(.*?)</span>', r"\1", page)


def test_a_tool_leads_to_an_episode_about_it_or_else_to_a_section():
    tool = {"name": "Sickle", "homepage": "https://sickle.example/"}
    knowledge = {"series": {"s": {"title": "S", "prefix": "S"}}, "tools": {"sickle": tool}}
    aside = note("s-001", "Cut.\n\n## Grass\n\nTake the Sickle.", title="Mowing")
    section = note("s-002", "## The Sickle\n\nSharp.", title="Reaping")
    often = note("s-003", "## A\n\nSickle.\n\n## B\n\nSickle.\n\n## C\n\nSickle.", title="Harvest")
    titled = note("s-004", "It cuts.", title="Sickle")
    starts = {
        name: re.findall(
            r'mg-action" href="../../episodes/s/(.*?)">(.*?)<', shown(render(make(knowledge, notes))["tools/sickle.md"])
        )
        for name, notes in {
            "aside": [aside],
            "asides": [aside, note("s-005", "We own the Sickle.", title="Raking")],
            "section": [aside, section],
            "often": [aside, often],
            "titled": [aside, section, often, titled],
        }.items()
    }
    assert starts == {
        "aside": [("s-001/", "Read “Mowing”")],  # the only episode doesn't come first
        "asides": [],  # passing mentions are no place to start
        "section": [("s-002/", "Read first: Reaping (S\xa0002)")],
        "often": [("s-003/", "Read first: Harvest (S\xa0003)")],
        "titled": [("s-004/", "Read first: Sickle (S\xa0004)")],
    }


def test_a_term_of_one_episode_shows_its_section_and_a_button():
    terms = {
        "loam": {"term": "Loam"},
        "silt": {"term": "Silt", "links": [{"title": "Silt", "url": "https://s.example/"}]},
    }
    series = {"s": {"title": "S", "prefix": "S"}, "t": {"title": "T"}}
    # a long title would need several lines
    long = "The soft earth of all the fields there are, from the river to the hills"
    titles = {"Soil": "Read “Soil”", long: "Read S\xa0001"}
    for title, label in titles.items():
        notes = [note("s-001", "Earth.\n\n## Fields\n\nLoam is soft earth.", title=title)]
        pages = render(make({"series": series, "glossary": terms}, notes))
        assert '<a href="../../episodes/s/s-001/#fields">Fields</a>' in pages["glossary/loam.md"]
        assert f'class="mg-action" href="../../episodes/s/s-001/">{label}</a>' in pages["glossary/loam.md"]
        assert "mg-action" not in pages["glossary/silt.md"]


def test_more_terms_on_a_topic_are_the_nearest_ones():
    names = ("loam", "silt", "peat", "clay", "sand", "marl", "dust", "mud", "ash")
    terms = {name: {"term": name.title(), "topics": ["soil"]} for name in names}
    terms["ash"]["see"], terms["dust"]["see"] = ["dust"], ["marl"]
    # clay and sand are in most episodes, but silt and peat are nearer to loam
    bodies = ["Loam, silt and clay.", "Loam, peat, sand and clay.", *["Clay and sand."] * 3]
    notes = [note(f"s-00{at}", body) for at, body in enumerate(bodies, 1)]
    knowledge = {"series": {"s": {"title": "S"}}, "topics": {"soil": {"name": "Soil"}}, "glossary": terms}
    views = make(knowledge, notes).views
    alike = {name: [card.title for card in views[f"glossary/{name}.md"].alike] for name in ("loam", "ash", "mud")}
    assert alike == {
        "loam": ["Peat", "Silt", "Clay", "Sand", "Ash", "Dust"],
        "ash": ["Marl", "Clay", "Sand", "Loam", "Peat", "Silt"],
        "mud": ["Clay", "Sand", "Loam", "Peat", "Silt", "Ash"],
    }


def test_a_term_that_no_episode_mentions_leads_to_episodes_on_related_terms():
    terms = {
        "loam": {"term": "Loam", "see": ["silt"]},
        "silt": {"term": "Silt"},
        "marl": {"term": "Marl", "see": ["loam"]},
    }
    notes = [note("s-001", "Sand."), note("s-002", "Silt."), note("s-003", "Silt.")]
    views = make({"series": {"s": {"title": "S"}}, "glossary": terms}, notes).views
    assert [chip.url for chip in views["glossary/loam.md"].background] == ["episodes/s/s-002/"]
    assert views["glossary/silt.md"].background == views["glossary/marl.md"].background == []


def test_the_button_to_the_background_of_a_term_has_the_whole_title():
    terms = {"loam": {"term": "Loam", "see": ["silt"]}, "silt": {"term": "Silt"}}
    for id, label in (("s-002", "Rivers: Their Mud (Episode\u00a02)"), ("s-rivers", "Rivers: Their Mud")):
        notes = [note(id, "Silt.", title="Rivers: Their Mud")]
        page = render(make({"series": {"s": {"title": "S"}}, "glossary": terms}, notes))["glossary/loam.md"]
        assert re.findall('mg-action"[^>]*>(.*?)</a>', shown(page)) == [f"Background: {label}"]


def test_the_button_to_a_resource_promises_only_its_page():
    resource = {"title": "Ferns: A Guide", "authors": ["Ann"], "format": "course", "urls": ["https://ferns.example/"]}
    without = {"title": "Fronds", "format": "course"}
    resources = {"all": {"title": "All", "pick": "any", "children": {"a": without, "ferns": resource}}}
    resources["none"] = {"title": "None", "pick": "any", "children": {"b": {"title": "Soil"}}}
    pages = render(make({"people": {"ann": {"name": "Ann"}}, "resources": resources}, []))
    for page in ("people/ann.md", "resources/all.md"):
        assert re.findall('mg-action" href="../../resources/ferns/">(.*?)<', pages[page]) == ["Start with “Ferns”"]
    search = '<a href="https://duckduckgo.com/?q=None">Search the web</a>'
    assert search in pages["resources/none.md"]


def test_a_resource_has_advice_and_facts_in_rows():
    resource = {
        "title": "Ferns",
        "price": "$$",
        "engagement": "active",
        "format": "course",
        "advice": "Read chapter 2.",
    }
    page = render(make({"resources": {"ferns": resource}}, []))["resources/ferns.md"]
    assert "How to use it</h2>\n<p>Read chapter 2.</p>" in page
    assert "$$ of $$$" in page and re.search("course<span[^>]*>, with exercises", page)


def test_readers_start_where_a_term_is_the_title_or_is_explained():
    knowledge = {"series": {"s": {"title": "S"}}, "glossary": {"loam": {"term": "Loam"}}}
    aside = note("s-001", "Some like loam. Dangers: loam and frost.", title="Soil")
    also = note("s-002", "It grows in loam.", title="Loams, clay and sand")
    explained = note("s-003", "Much is said. A loam has sand and clay in it.", title="Ground")
    whole = note("s-004", "It grows in loam.", title="Loams")
    starts = [
        re.findall(r"Read first: (.*?) \(", shown(render(make(knowledge, notes))["glossary/loam.md"]))
        for notes in ([aside, explained], [aside, explained, also], [aside, explained, also, whole])
    ]
    assert starts == [["Ground"], ["Loams, clay and sand"], ["Loams"]]


def test_an_episodes_own_topics_come_first():
    topics = {slug: {"name": slug.title()} for slug in ("ferns", "herbs", "moss", "trees")}
    notes = [note("s-001", "On ferns and herbs.", topics=["trees", "moss"])]
    page = render(make({"series": {"s": {"title": "S"}}, "topics": topics}, notes))["episodes/s/s-001.md"]
    names = re.findall(r'data-pagefind-filter="topic">(\w+)<', page.partition("In this episode")[2])
    assert names == ["Trees", "Moss", "Ferns", "Herbs"]


def test_the_home_page_names_what_to_read_if_the_first_episodes_have_no_notes():
    series = {"s": {"title": "S", "home": "https://s.example/"}, "t": {"title": "T", "home": "https://s.example/"}}
    topics = {"ferns": {"name": "Ferns", "guide": "Ferns have no flowers."}}
    notes = [note("s-003", topics=["ferns"]), note("s-005"), note("t-001")]
    home = render(make({"series": series, "topics": topics}, notes))["index.md"]
    read, hear = '<a href="./topics/ferns/">Ferns</a>', '<a href="https://s.example/">episodes 1, 2</a>'
    assert f">New to the subject? First read {read}, or hear {hear}. Then continue below.</p>" in home
    # the first button is the one for beginners
    assert re.findall('class="mg-action([^"]*)" href="([^"]*)"', home)[:2] == [
        ("", "./topics/ferns/"),
        (" mg-action--quiet", "./topics/"),
    ]
    pages = render(make({"series": series, "topics": topics}, notes))
    # on the path, it is the step before the first one
    assert "New to the subject? First read " in pages["path/index.md"].partition("<ol")[0].partition("<h2")[2]
    assert "New to the subject? First read " in pages["episodes/s/index.md"].partition("<h2")[0]
    assert "New to the subject" not in pages["episodes/t/index.md"]
    # series with the same official site have one link
    assert '<span>Official sites</span> <a class="mg-out" href="https://s.example/">S</a> </p>' in home
    del series["s"]["home"]
    home = render(make({"series": series, "topics": topics}, notes))["index.md"]
    assert f">New to the subject? First read {read}. Then continue below.</p>" in home
    assert "Without notes: 1, 2, 4" in home
    # a single missing episode needs no bridge
    notes[0] = note("s-002", topics=["ferns"])
    assert "New to the subject" not in render(make({"series": series, "topics": topics}, notes))["index.md"]
    notes[0] = note("s-001", topics=["ferns"])
    assert "New to the subject" not in render(make({"series": series, "topics": topics}, notes))["index.md"]


def test_a_title_that_repeats_the_number_begins_with_the_series_outside_of_it():
    series = {"s": {"title": "Garden School", "prefix": "Day"}, "t": {"title": "Talks"}}
    titles = {1: "Day 1", 2: "2", 3: "Day 2", 4: "Tag 004", 5: "Five years, 5 ferns", 6: "Day 6: Roots", 7: "7. Tag"}
    notes = [note(f"s-{n:03}", title=title, date="2020-01-01") for n, title in titles.items()]
    notes += [note("t-001", title="Lecture 1", requires=["s-001"])]
    base = make({"series": series}, notes)
    assert [base.site.cards[file.id].title for file in base.site.catalog.episodes.values()] == [
        "Garden School: Day 1",
        "Garden School: 2",
        "Day 2",
        "Garden School: Tag 004",
        "Five years, 5 ferns",
        "Day 6: Roots",
        "Garden School: 7. Tag",
        "Talks: Lecture 1",
    ]
    view = base.views["episodes/s/index.md"]
    assert [card.title for year in view.years for card in year.cards] == list(titles.values())
    del series["t"]
    assert make({"series": series}, notes[:-1]).site.cards["s-001"].title == "Day 1"


def test_the_home_page_shows_courses_and_not_their_parts_or_groups():
    part = {"title": "Week 1", "urls": ["https://c.example/1"], "importance": "essential"}
    course = {"title": "Course", "urls": ["https://c.example/"], "importance": "valuable", "children": {"week": part}}
    book = {"title": "Book", "importance": "essential"}
    home = make({"resources": {"group": {"title": "Group", "children": {"course": course, "book": book}}}}).views[
        "index.md"
    ]
    assert [chip.title for chip in home.chips["resource"]] == ["Book", "Course"]


def test_an_episode_leads_to_the_goals_of_its_topics_and_of_what_requires_it():
    topics = {
        "plants": {"name": "Plants", "goals": ["researcher"]},
        "soil": {"name": "Soil", "parent": "plants"},
        "jobs": {"name": "Jobs", "goals": ["career", "practitioner"]},
    }
    notes = [
        note("fern-001", duration="00:10:00"),
        note("fern-002", topics=["soil"], requires=["fern-001"], duration="00:20:00"),
        note("fern-003", topics=["jobs"]),
        note("fern-004"),
    ]
    view = make({"series": {"fern": {"title": "Ferns"}}, "topics": topics}, notes).views["path/index.md"]
    assert [(step[0].label, step[2]) for part in view.sections for step in part["steps"]] == [
        ("Episode 1", "researcher"),
        ("Episode 2", "researcher"),
        ("Episode 3", "career practitioner"),
        ("Episode 4", ""),
    ]
    assert [(goal, card.episodes, card.names, card.summary) for goal, card in view.goals.items()] == [
        ("practitioner", 1, (), "Apply what you learn at work: Jobs"),
        ("researcher", 2, ("30 min",), "Understand the methods and their theory: Plants"),
        ("career", 1, (), "Find a job in the field: Jobs"),
    ]
    assert [part["topics"] for part in view.sections] == [
        [(), (), (), ()],
        [("Soil",), (), ("Soil",), ()],
        [(), (), (), ()],
    ]


def test_an_episode_outside_of_the_stages_leads_only_to_the_goals_of_its_first_topic():
    topics = {one: {"name": one, "goals": [one]} for one in ("researcher", "career")}
    notes = [
        note(f"s-{n:03}", topics=["career", "researcher"], requires=["s-001"] if n in {2, 3} else [])
        for n in (1, 2, 3, 4)
    ]
    site = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes).site
    assert site.stages["s-004"] > max(site.stages[id] for id in ("s-001", "s-002", "s-003"))
    assert [sorted(site.goals[f"s-{n:03}"]) for n in (1, 4)] == [["career", "researcher"], ["career"]]


def test_a_topic_without_an_order_is_ordered_by_what_its_episodes_require():
    notes = [
        note("fern-001", topics=["soil"], requires=["fern-003"]),
        note("fern-002", topics=["soil"], requires=["fern-004", "fern-005"]),
        note("fern-003", topics=["soil"]),
        note("fern-004"),
        note("fern-005", requires=["fern-003"]),
    ]
    knowledge = {"series": {"fern": {"title": "Ferns", "prefix": "FH"}}, "topics": {"soil": {"name": "Soil"}}}
    view = make(knowledge, notes).views["topics/soil.md"]
    assert [card.label for card, _ in view.order] == ["FH 003", "FH 001", "FH 002"]
    # the first step requires nothing, and other steps have their own prerequisites
    assert not view.before
    assert [[chip.title for chip in needs] for _, needs in view.order] == [[], [], ["FH 004", "FH 005"]]
    # only the first of very many are shown
    many = [note(f"fern-{at:03}") for at in range(10, 60)]
    notes[2] = note("fern-003", topics=["soil"], requires=[f"fern-{at:03}" for at in range(10, 60)])
    before = make(knowledge, [*notes, *many]).views["topics/soil.md"].before
    assert [card.label for card in before] == [f"FH {at:03}" for at in range(10, 30)]
    notes[2] = note("fern-003", topics=["soil"])
    # a prerequisite that only mentions the topic isn't a step
    notes = [*notes[:3], note("fern-004", "Of soil."), note("fern-005", "Of soil.")]
    knowledge["topics"]["soil"]["order"] = ["fern-002", "fern-001"]
    view = make(knowledge, notes).views["topics/soil.md"]
    assert [(card.label, needs) for card, needs in view.order] == [("FH 002", ()), ("FH 003", ()), ("FH 001", ())]
    found = [[card.label for card in cards] for cards in (view.before, view.others)]
    assert found == [["FH 004", "FH 005"], ["FH 004", "FH 005"]]


@pytest.mark.parametrize(("order", "says"), [((4, 5), "S · Without notes: 1–3"), ((5, 4), "")])
def test_an_order_that_begins_with_the_first_notes_of_a_series_says_what_comes_before_them(order, says):
    topics = {"soil": {"name": "Soil", "order": [f"s-{n:03}" for n in order]}}
    notes = [note(f"s-{n:03}", topics=["soil"], requires=["s-004"] if n == 7 else []) for n in (4, 5, 7)]
    text = render(make({"series": {"s": {"title": "S"}}, "topics": topics}, notes))["topics/soil.md"]
    assert "".join(re.findall('<p class="mg-note">(S .*?)</p>', text)) == says


@pytest.mark.parametrize(("steps", "others", "folds"), [(3, 5, ["5 episodes"]), (3, 4, []), (2, 5, [])])
def test_more_episodes_of_a_topic_are_folded_if_there_are_enough_steps_before_them(steps, others, folds):
    numbers = range(1, 1 + steps + others)
    notes = [note(f"s-{n:03}", "Of soil.", topics=["soil"] if n <= steps else []) for n in numbers]
    text = render(make({"series": {"s": {"title": "S"}}, "topics": {"soil": {"name": "Soil"}}}, notes))[
        "topics/soil.md"
    ]
    more = text.partition("More episodes")[2].partition("</section>")[0]
    assert re.findall("<details [^>]*><summary>(.*?)</summary>", more) == folds
    assert more.count('<a class="mg-title"') == others
    # a label above hidden checkboxes would be misleading
    assert ("mg-tick" in more) == (not folds)


def test_a_tool_begins_with_the_episode_that_is_about_it():
    tools = {name: {"name": name} for name in ("rake", "hose", "spade", "axe")}
    often = "A rake, a spade.\n\n## Spades\n\nThe spade.\n\n## More\n\nA spade and a hose."
    named = note("fern-003", "A rake, a spade.\n\n## Rakes\n\nThe rake.", title="The Rake")
    notes = [note("fern-001", "A rake, a hose, an axe."), note("fern-002", often), named, note("fern-004", "A brake.")]
    views = make({"series": {"fern": {"title": "Ferns"}}, "tools": tools}, notes).views
    start = {name: view.title if (view := views[f"tools/{name}.md"].start) else None for name in tools}
    # no episode is about the hose, which two of them name once
    assert start == {"rake": "The Rake", "spade": "About fern-002", "hose": None, "axe": None}


def test_a_term_begins_where_its_topic_is_taught_or_a_summary_names_it():
    words = ("moss", "reed", "fern", "nettle")
    terms = {name: {"term": name, "definition": "A plant.", "topics": ["soil"]} for name in words}
    knowledge = {
        "series": {"s": {"title": "Plants"}},
        "topics": {"soil": {"name": "Soil"}, "rain": {"name": "Rain"}},
        "glossary": terms,
    }
    notes = [
        note("s-001", "A moss, a reed, a fern, a nettle.", summary="Said."),
        note("s-002", "A moss, a fern, a nettle.", summary="Of nettles.", topics=["rain", "soil"], requires=["s-001"]),
        note("s-003", "A moss, a reed, a nettle.", summary="Said.", topics=["soil"], requires=["s-002"]),
        note("s-004", "## Against moss\n\nRake it in autumn, before the leaves.", summary="Said.", requires=["s-003"]),
        note("s-005", "The end.", title="All reeds", requires=["s-004"]),
    ]
    base = make(knowledge, notes)
    start = {name: base.views[f"glossary/{name}.md"].start.title for name in words}
    # the third episode is mainly about the topic of moss; a title names the reed; the second episode is a step of the
    # fern's topic, but requires the first; a summary names the nettle, but the first episode comes before that one
    assert start == {"moss": "About s-003", "reed": "All reeds", "fern": "About s-001", "nettle": "About s-001"}
    page = render(base)["glossary/moss.md"]
    assert '<a href="../../review/?of=topic.soil">Review: Soil</a>' in page
    assert page.count(">Start here</span>") == 1 and page.index("About s-003</a>") < page.index(">Start here</span>")
    assert "<mark>Against moss</mark></a></p><p>Rake it" in page


def test_more_terms_are_of_the_narrowest_topic():
    topics = {"plants": {"name": "Plants"}, "moss": {"name": "Moss", "parent": "plants"}}
    terms = {name: {"term": name.title(), "topics": ["plants"]} for name in ("axe", "bud")}
    terms["cup"] = {"term": "Cup", "topics": ["moss"]}
    terms["dew"] = {"term": "Dew", "topics": ["plants", "moss"]}
    view = make({"topics": topics, "glossary": terms}).views["glossary/dew.md"]
    assert ([card.title for card in view.alike], view.group.title) == (["Cup"], "Moss")


def first_tools(found):
    """Return the names of episodes with the tools that they are the first to mention."""
    return [(card.name, [chip.title for chip in chips]) for card, chips in found]


def test_timelines_tell_when_a_tool_was_named_first_and_how_often():
    notes = [
        note("fern-001", "A rake.", date="2021-05-01"),
        note("fern-002", "A rake and a hose.", date="2019-03-01"),
        note("fern-003", "A rake and a hose.", date="2021-01-01"),
        note("fern-004", "A rake."),
    ]
    knowledge = {
        "series": {"fern": {"title": "Ferns", "prefix": "FH"}},
        "tools": {"rake": {"name": "rake"}, "hose": {"name": "hose"}},
    }
    base = make(knowledge, notes)
    views = base.views
    rake = views["tools/rake.md"]
    assert rake.first.label == "FH 002"
    assert rake.years == (("2019", 1, "45"), ("2021", 2, "90"))
    assert [chip.title for chip in rake.together] == ["hose"]
    show = views["timeline/index.md"]
    # 2020 has no column
    text = render(base)["timeline/index.md"]
    assert re.findall(r"<i>20</i>(\d\d)</span>(<svg)?", text) == [("19", "<svg"), ("20", ""), ("21", "<svg")]
    episode = 'FH 002</span> <a class="mg-title" href="../episodes/fern/fern-002/">About fern-002</a></li>'
    start = r'<time datetime="2019-03">Mar</time>\s*<ul>\s*<li class="mg-hue1"><span class="mg-label">'
    assert re.search(rf"{start}{episode}\s*</ul></li>", text)
    # a few new tools have no fold
    found = '<a href="../tools/rake/">rake</a>, <a href="../tools/hose/">hose</a>'
    assert f"<h3>New tools</h3>\n<div>\n<p>{found}</p>\n</div>" in text
    # the episodes and tools of a year can be folded, and the latest year is open
    folds = re.findall(r'<details class="mg-fold mg-years__fold"( open)?><summary>(.*?)</summary>', text)
    assert [words.partition("<span")[0] for _, words in folds] == ["1 episode, 2 tools", "2 episodes"]
    assert [is_open for is_open, _ in folds] == ["", " open"] and ">About fern-002</span>" in folds[0][1]
    assert '<span id="s.years">Episodes with notes, by year</span> <span>Latest: <a href="#y.2021">2021</a>' in text
    undated = text.partition('<h2>Undated</h2><div><p class="mg-meta mg-years__sum">1 episode</p>')[2]
    assert 'href="../episodes/fern/fern-004/"' in undated
    assert [(year["year"], year["total"], first_tools(year["tools"])) for year in show.years] == [
        ("2019", 1, [("FH 002", ["rake", "hose"])]),
        ("2021", 2, []),
    ]
    assert [jump.url for jump, *_ in show.years[0]["series"]] == ["episodes/fern/#y.2019"]


def test_newer_notes_say_so_and_prove_no_date(monkeypatch):
    notes = [
        note("fern-001", "A rake, a hoe and a saw.", date="2020-05-01", notes_as_of="2025-05-09"),
        note("fern-002", "A rake.", date="2019-05-01"),
        note("fern-003", "A rake and a saw.", date="2022-05-01"),
        note("fern-004", "A sickle.", title="How a Sickle cuts", date="2021-05-01", notes_as_of="2025-05-09"),
        note("fern-005", "A sickle.", date="2022-05-02"),
    ]
    tools = {name: {"name": name} for name in ("rake", "saw", "hoe", "sickle")}
    base = make({"series": {"fern": {"title": "Ferns"}}, "tools": tools}, notes)
    rake, saw, show = (base.views[path] for path in ("tools/rake.md", "tools/saw.md", "timeline/index.md"))
    assert (rake.first.title, saw.first) == ("About fern-002", None)
    assert [year for year, *_ in rake.years] == ["2019", "2022"]
    # the title of an episode proves that the episode itself named the tool
    assert base.views["tools/sickle.md"].first.title == "How a Sickle cuts"
    assert [year for year, *_ in base.views["tools/sickle.md"].years] == ["2021", "2022"]
    # tools that only newer notes prove are new in no year
    found = [first_tools(year["tools"]) for year in show.years]
    assert found == [[("Episode 2", ["rake"])], [], [("Episode 4", ["sickle"])], [("Episode 3", ["saw"])]]
    texts = render(base)
    text, _, later = texts["timeline/index.md"].partition('<p class="mg-note" id="s.newer" data-pagefind-ignore>')
    assert re.sub("<[^>]*>", "", later).startswith("* The notes of Episode 1, Episode 4 were written later. ")
    marked = re.findall(r'(Episode \d)<a class="mg-newer" href="#s.newer" aria-label="(.*?)" title="\2">\*</a>', text)
    assert marked == [("Episode 1", "Notes as of May 2025"), ("Episode 4", "Notes as of May 2025")]
    monkeypatch.setattr(episode_lists, "NAMED_NEWER", 1)
    view = episode_lists.timeline_view(base.site, Subject("timeline"))
    assert (view.values["newer"], view.values["newer_total"]) == ((), 2)
    own = texts["episodes/fern/fern-001.md"]
    assert '<dt>Notes as of</dt><dd><time datetime="2025-05-09">May 2025</time></dd>' in own
    assert "Notes as of" not in texts["episodes/fern/fern-002.md"]
    assert texts["tools/rake.md"].count("Notes as of May 2025") == 1


def test_an_episode_without_a_summary_is_told_by_how_it_begins():
    body = f"## Part\n\nWhy *looms* creak, {'and creak ' * 40}\n\nMore."
    base = make({"series": {"s": {"title": "S"}}}, [note("s-001", body), note("s-002", "Said.", summary="In short.")])
    summary = base.site.cards["s-001"].summary
    assert summary.startswith("Why looms creak, and creak")
    assert summary.endswith("…")
    assert 200 < len(summary) <= 220
    assert base.site.cards["s-002"].summary == "In short."
    texts = render(base)
    assert summary in texts["episodes/s/index.md"]
    # the path and the home page have shorter summaries
    for path in ("path/index.md", "index.md"):
        assert summary not in texts[path] and "In short." in texts[path]
    assert "Said." not in texts["episodes/s/index.md"]
    assert base.views["episodes/s/s-001.md"].description.startswith("Why looms creak")
    (channel, *_) = channels(Site(base.linked, Settings("S", site_url="https://s.example/"), str))
    assert {entry.summary for entry in feedparser.parse(rss(channel)).entries} == {summary, "In short."}


def test_the_tools_of_all_years_are_found_once_for_all_pages_of_the_timeline(monkeypatch):
    asked, topics = [], episode_lists._by_year.__wrapped__
    monkeypatch.setattr(episode_lists, "_by_year", lru_cache(lambda site: asked.append(site) or topics(site)))
    notes = [note(f"s-{year}", date=f"{year}-01-01", tools=["rake"]) for year in range(1950, 2000)]
    base = make({"series": {"s": {"title": "S"}}, "tools": {"rake": {"name": "Rake"}}}, notes)
    assert len([path for path in base.views if path.startswith("timeline/")]) == 3
    assert len(asked) == 1


def test_the_timeline_lists_the_episodes_of_a_year_by_date():
    notes = [note(f"s-{n:03}", "", date=f"2021-01-{20 - n:02}") for n in range(1, 13)]
    notes[0] = note("s-001", date="2021-01-19", duration="00:30:00")
    [year] = make({"series": {"s": {"title": "S"}}}, notes).views["timeline/index.md"].years
    [(month, cards)] = year["months"]
    assert (month, [card.url for card in cards]) == ("Jan", [f"episodes/s/s-{n:03}/" for n in range(12, 0, -1)])
    # the length of one episode says nothing about the year
    assert year["length"] == ""
    notes.append(note("s-013", date="2022-01-19", duration="02:30:00"))
    text = render(make({"series": {"s": {"title": "S"}}}, notes))["timeline/index.md"]
    assert re.findall("<span>([^<]*)</span> <span class", text) == ["12 episodes", "2 h 30 min"]


def test_years_say_which_topics_are_new():
    topics = {slug: {"name": slug.title()} for slug in ("ant", "bee", "cow", "dog", "elk")}
    days = [("2021-01-01", ["ant"]), *((f"2022-{n:02}-01", ["ant", "bee", "cow"][n % 3 :]) for n in range(1, 8))]
    days[-1][1].extend(["elk", "dog"])
    notes = [note(f"s-{n:03}", "", date=day, topics=named) for n, (day, named) in enumerate(days)]
    base = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes)
    first, second = base.views["timeline/index.md"].years
    # in the first year, all topics are new; the headline already has the main topics
    assert [[chip.title for chip in year["new_topics"]] for year in (first, second)] == [[], ["Elk", "Dog"]]
    text = render(base)["timeline/index.md"]
    new = '<h3>New topics</h3>\n<p><a href="../topics/elk/">Elk</a>, <a href="../topics/dog/">Dog</a></p>'
    assert text.count("New topics") == 1 and new in text


def test_the_headline_of_a_year_leaves_out_minor_topics():
    topics = {slug: {"name": slug.title()} for slug in ("ant", "bee", "cow")}
    named = [["ant", "bee"], ["ant", "bee"], ["ant", "cow"], ["ant", "bee"]]
    notes = [note(f"s-{n:03}", "", date="2021-01-01", topics=tags) for n, tags in enumerate(named)]
    base = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes)
    about = render(base)["timeline/index.md"].partition('<p class="mg-years__about">')[2].partition("</p>")[0]
    assert re.sub("<[^>]*>", "", about) == "Ant, Bee"


def test_columns_of_years_name_the_topic_of_most_episodes():
    topics = {slug: {"name": slug.title()} for slug in ("ant", "bee")}
    named = {"2019": ["ant", "ant", "bee"], "2021": ["bee"], **{str(year): ["bee"] for year in range(2022, 2030)}}

    def labels(years):
        days = [(f"{year}-01-0{n}", slug) for year in years for n, slug in enumerate(named[year], 1)]
        notes = [note(f"s-{n:03}", "", date=day, topics=[slug]) for n, (day, slug) in enumerate(days, 1)]
        text = render(make({"series": {"s": {"title": "S"}}, "topics": topics}, notes))["timeline/index.md"]
        return re.findall("</b> <small>(.*?)</small></a>", text.partition('<ol class="mg-years">')[0])

    # a single episode says little about 2021, and many columns have no space for names
    assert labels(["2019", "2021"]) == ["Ant"]
    named["2021"] *= 2
    assert labels(["2019", "2021"]) == ["Ant", "Bee"]
    assert labels(named) == ["Ant", "Bee"]
    named["2030"] = ["bee"]
    assert labels(named) == []


@pytest.mark.parametrize(("most", "numbers"), [(9, ["1", "1"]), (10, [])])
def test_parts_of_columns_have_numbers_if_they_are_high_enough(most, numbers):
    notes = [note(f"s-{n:03}", "", date="2021-01-01") for n in range(1, most + 1)]
    notes += [note("s-050", "", date="2022-01-01"), note("t-001", "", date="2022-01-01")]
    base = make({"series": {"s": {"title": "S"}, "t": {"title": "T"}}}, notes)
    assert re.findall("<text [^>]*>(.*?)</text>", render(base)["timeline/index.md"]) == numbers


def test_a_topic_shows_topics_with_shared_episodes_and_counts_its_own_episodes_of_tools():
    named = ["ant", "bee", "cow", "dog", "elk", "fly"]
    topics = {slug: {"name": slug.title()} for slug in named} | {"egg": {"name": "Egg", "parent": "ant"}}
    tags = [
        ["ant", "bee", "egg"],
        ["ant", "bee", "cow", "dog"],
        ["ant", "egg"],
        ["dog", "elk"],
        ["cow", "fly"],
        ["cow"],
    ]
    tools = {"rake": {"name": "Rake", "topics": ["ant", "fly"]}, "saw": {"name": "Saw", "topics": ["ant"]}}
    notes = [
        note(f"s-{n:03}", "", topics=one, tools=["rake"] if n in {2, 3, 4} else []) for n, one in enumerate(tags, 1)
    ]
    base = make({"series": {"s": {"title": "S"}}, "topics": topics, "tools": tools}, notes)
    # no subtopics; of equal numbers, topics of fewer other episodes come first
    related = {
        slug: [(card.title, card.episodes) for card in base.views[f"topics/{slug}.md"].related] for slug in topics
    }
    assert related["ant"] == [("Bee", 2), ("Dog", 1), ("Cow", 1)]
    assert related["egg"] == [("Bee", 1)]
    text = render(base)["topics/ant.md"]
    assert '<li><a href="../../topics/bee/">Bee <span class="mg-count">2 shared episodes</span></a></li>' in text
    assert re.findall(r"(Rake|Saw)</a>(?: <span class=\"mg-count\">(.*?)</span>)?</dt>", text) == [
        ("Rake", "2 of 3 episodes"),
        ("Saw", ""),
    ]
    # of several numbers, those of a single episode are only listed if there are few others
    topics = {slug: {"name": slug.title()} for slug in named}
    notes = [note(f"t-{n:03}", "", topics=[*named[:4], *named[4 : 4 + n]]) for n in range(1, 3)]
    [*cards] = make({"series": {"t": {"title": "T"}}, "topics": topics}, notes).views["topics/ant.md"].related
    assert [card.title for card in cards] == ["Bee", "Cow", "Dog", "Elk"]


def test_a_figure_of_a_guide_follows_the_paragraph_that_names_its_term():
    text = "First.\n\n- [a list](../glossary/soil.md)\n\nSome\nand [soil](../glossary/soil.md).\nMore.\n\nLast.\n"
    first, rest = after_link(text, "soil")
    assert (first.endswith("More."), rest) == (True, "\n\nLast.\n")
    assert after_link(text.replace("soil.md", "soil/index.md"), "soil")[1] == rest
    for slug in ("", "loam"):
        assert after_link(text, slug) == (text, "")


def test_the_timeline_says_which_numbers_have_no_notes():
    days = {"s-003": "2021-01-01", "s-005": "2022-01-01", "t-001": "2022-01-02", "u-002": None, "v-003": "2022-01-03"}
    series = {name: {"title": name.upper(), "home": f"https://{name}.example/"} for name in "stu"}
    series["v"] = {"title": "Vines", "prefix": "VV"}
    base = make({"series": series}, [note(id, "", date=day) for id, day in days.items()])
    # the chart shows no episode of series U, and series T is complete
    text = render(base)["timeline/index.md"]
    [said] = re.findall('<p class="mg-note" [^>]*>(.*?)</p>', text)
    assert said == (
        'No notes for <a href="https://s.example/" title="Official site">S:</a> 1, 2, 4, VV 1, 2. '
        "Tools may have come up there earlier."
    )
    # a single series has no legend
    base = make({"series": series}, [note(id, "", date=day) for id, day in days.items() if id[0] == "s"])
    text = render(base)["timeline/index.md"]
    assert "mg-legend" not in text and '">S:</a> 1, 2, 4. Tools' in text


def test_the_new_tools_of_a_year_are_grouped_by_episode(monkeypatch):
    monkeypatch.setattr(episode_lists, "FIRST_TOOLS", 4)
    named = {"01": ["hoe", "rake"], "02": ["fork", "saw"], "03": ["saw", "rake", "axe"]}
    notes = [note(f"s-0{month}", "", date=f"2021-{month}-01", tools=tools) for month, tools in named.items()]
    tools = {name: {"name": name} for name in ("axe", "fork", "hoe", "rake", "saw")}
    knowledge = {"series": {"s": {"title": "S"}}, "tools": tools}
    [year] = make(knowledge, notes).views["timeline/index.md"].years
    # episodes are in order, each with its most frequent tools first
    assert first_tools(year["tools"]) == [("Episode 1", ["rake", "hoe"]), ("Episode 2", ["saw", "fork"])]
    assert [chip.title for chip in year["main_tools"]] == ["rake", "saw", "hoe", "fork"]
    assert (year["new_tools"], year["tools_more"]) == (5, 1)
    # of many tools, only those of most episodes are outside of the fold, which has all
    monkeypatch.setattr(episode_lists, "FEW_TOOLS", 3)
    monkeypatch.setattr(episode_lists, "MAIN_TOOLS", 3)
    base = make(knowledge, notes)
    [year] = base.views["timeline/index.md"].years
    assert [chip.title for chip in year["main_tools"]] == ["rake", "saw", "hoe"]
    text = render(base)["timeline/index.md"].partition("New tools")[2]
    # in it, tools are beside the episode that first mentioned them, in the colour of the series
    assert re.search('<li class="mg-hue1"><span><a class="mg-label" href="../episodes/s/', text)
    outside, _, fold = text.partition('<summary><span data-less="Show fewer">and 2 more</span></summary>')
    assert [page.count('href="../tools/') for page in (outside, fold.partition("</details>")[0])] == [3, 5]
    assert '<a href="../tools/">and 1 other tool</a>' in fold.partition("</details>")[0]


def test_columns_of_years_are_as_high_as_they_say_and_more_tools_lead_to_all(monkeypatch):
    monkeypatch.setattr(episode_lists, "FIRST_TOOLS", 60)
    counts = {"2021": 58, "2022": 4, "2023": 35}
    notes = [
        note(f"s-{int(year)}{n:02}", "", date=f"{year}-01-01", tools=[f"t{k}" for k in range(64)])
        for year, count in counts.items()
        for n in range(count)
    ]
    base = make({"series": {"s": {"title": "S"}}, "tools": {f"t{n}": {"name": f"Tool {n}"} for n in range(64)}}, notes)
    years = base.views["timeline/index.md"].years
    assert [float(year["bars"][0][0]) for year in years] == [round(184 * count / 58, 1) for count in counts.values()]
    text = render(base)["timeline/index.md"]
    assert '<svg class="mg-hue1" width="100%" height="12.7" aria-hidden="true"></svg> <b>4</b></a>' in text
    assert text.count('<a href="../tools/t') == 60 + episode_lists.MAIN_TOOLS
    assert re.search('<a href="../tools/">and 4 other tools</a>', text)
    # each year links to its series; a year with many episodes lists only the series
    shows = ["../episodes/s/#y.2021", "../episodes/s/page/2/#y.2022", "../episodes/s/page/2/#y.2023"]
    assert re.findall(r'<a href="([^"]*)">S</a> \(\d+\)', text) == shows
    lists = re.findall('<ul class="mg-years__episodes">(.*?)</ul>', text, re.DOTALL)
    assert [one.count("mg-title") for one in lists] == [4]
    assert '<a href="../tools/">and 4 other tools</a>' in text


@pytest.mark.parametrize(
    ("repository", "edit"),
    [
        ("https://github.com/ann/ferns", "https://github.com/ann/ferns/edit/main/{path}"),
        ("https://gitlab.com/ann/group/ferns/-", "https://gitlab.com/ann/group/ferns/-/edit/main/{path}"),
        ("", "https://host.example/edit/{path}"),
        ("", "https://host.example/ferns?path={path}"),
    ],
)
def test_readers_can_report_a_mistake(repository: str, edit: str) -> None:
    page = render(ferns(edit_url=edit))["tools/trowel.md"]
    query = "template=correction.yml&amp;title=Mistake%20in%20knowledge/tools.yml"
    assert (f'<a href="{repository}/issues/new?{query}' in page) is bool(repository)
    assert ("Report a mistake" in page) is bool(repository)


def test_summaries_in_lists_end_with_a_sentence_and_never_in_a_formula():
    text = "The share of hits. With 9 of 10 right, it is $0.9$. Misleading for rare classes."
    assert teaser(text, 60) == "The share of hits. With 9 of 10 right, it is $0.9$."
    assert teaser(text, 200) == text
    text = r"It costs $\frac{1}{n}$ of all the other ones and much, much more than that"
    assert teaser(text, 40) == "It costs 1/n of all the other ones and…"


def test_the_guide_of_a_topic_is_sanitised_markdown_with_links():
    guide = "Ferns need soil: see FH 001 and [this](../episodes/fern/fern-001.md).\n\n<b onclick=x>Peat</b> {{ 7 }}\n"
    topics = {"soil": {"name": "Soil", "guide": guide}, "peat": {"name": "Peat"}}
    knowledge = {"series": {"fern": {"title": "Ferns", "prefix": "FH"}}, "topics": topics}
    base = make(knowledge, [note("fern-001", topics=["peat"])])
    first, second = base.views["topics/soil.md"].guide.strip().split("\n\n")
    page = "../episodes/fern/fern-001.md"
    assert first == f"Ferns need soil: see [FH 001]({page}) and [this]({page})."
    assert second == "<b>[Peat](peat.md)</b> &#123;&#123; 7 }}"
    assert base.views["topics/peat.md"].guide == ""
    # a guide doesn't count as a mention
    assert base.views["topics/peat.md"].episodes_total == 1


def test_the_key_entries_of_many_topics_need_linear_time() -> None:
    """Check that the time of a topic's page doesn't grow with the topics that the entries of its episodes list."""

    def seconds(count: int) -> float:
        topics = {f"t{at}": {"name": f"T {at}"} | ({"parent": f"t{at - 1}"} if at % 20 else {}) for at in range(400)}
        tools = {f"u{at}": {"name": f"U {at}", "topics": list(topics)[:count]} for at in range(100)}
        notes = [note(f"s-00{at}", topics=list(topics), tools=list(tools)) for at in range(1, 4)]
        site = make({"series": {"s": {"title": "S"}}, "topics": topics, "tools": tools}, notes).site
        topic_view(site, Subject("topic", "t0"))
        start = time.process_time()
        for at in range(1, 21):
            topic_view(site, Subject("topic", f"t{at}"))
        return time.process_time() - start

    assert seconds(30) < 5 * seconds(2) + 0.2


def test_repeated_and_many_values_of_an_entry_are_shown_once_and_in_part() -> None:
    """A long list of an entry would be repeated on the pages of all entries of its topic."""
    term = {"term": "Warp", "topics": ["a"] * 30, "abbreviations": ["W", "Wp", "Wa", "War"]}
    book = {"title": "Looms", "format": ["book"] * 500 + ["video"]}
    knowledge = {"topics": {"a": {"name": "A"}}, "glossary": {"warp": term}, "resources": {"looms": book}}
    built = make({"series": {"fern": {"title": "F"}}, **knowledge}, [note("fern-001")])
    assert [chip.title for chip in built.views["glossary/warp.md"].topics] == ["A"]
    assert built.site.entry_cards[Kind.TERM, "warp"].names == ("W", "Wp", "Wa")
    assert built.views["resources/looms.md"].entry.formats == ("book", "video")


def test_pages_leave_out_other_forms_of_the_names_of_a_term() -> None:
    aliases = ["roll back", "rolled back", "rolls back", "VM", "VMs", "undoing a release", "undoing releases"]
    term = {"term": "Rollback", "aliases": aliases, "definition": "A step back."}
    view = make(
        {"series": {"fern": {"title": "Ferns"}}, "glossary": {"rollback": term}}, [note("fern-001", "A rollback.")]
    ).views["glossary/rollback.md"]
    assert view.called == ["VM", "undoing a release", "undoing releases"]


def test_a_term_shows_the_first_figure_whose_caption_names_it():
    picture = "![Two beds, {0}](s-001/{0}.svg)\n\n{1}\n\n"
    body = "A fern.\n\n## Beds\n\n" + picture.format("a", "*Ferns and tree moss:\ntwo beds.*")
    body += picture.format("b", "*Soil, and a fern.*") + picture.format("c", "Loam without a caption.")
    terms = {name: {"term": name.title(), "definition": "."} for name in ("fern", "moss", "tree moss", "soil", "loam")}
    knowledge = {
        "series": {"s": {"title": "S"}},
        "glossary": {key.replace(" ", "-"): one for key, one in terms.items()},
    }
    knowledge["topics"] = {"bed": {"name": "Bed", "guide": "Text.", "terms": ["soil", "tree-moss"]}}
    assets = {f"episodes/s/s-001/{name}.svg" for name in "ac"}
    views = make(knowledge, [note("s-001", body), note("s-002", "![M](m.svg)\n\n*Moss*")], assets=assets).views
    shown = {name: views[f"glossary/{name.replace(' ', '-')}.md"].figure for name in terms}
    assert {name: figure and figure.src for name, figure in shown.items()} == {
        "fern": "episodes/s/s-001/a.svg",
        "tree moss": "episodes/s/s-001/a.svg",
        **dict.fromkeys(["moss", "soil", "loam"]),
    }
    assert views["topics/bed.md"].figure == shown["tree moss"]
    alt, caption, section = shown["fern"][1:]
    assert (alt, caption) == ("Two beds, a", "Ferns and tree moss: two beds.")
    assert section.url == "episodes/s/s-001/#beds"


def test_a_title_with_a_longer_name_is_not_about_the_shorter_one():
    notes = [
        note("s-001", "Docker Compose starts many containers. It uses Docker.", title="Docker Compose in practice"),
        note("s-002", "## Docker\n\nDocker is a program. Docker builds images.", title="Containers"),
    ]
    tools = {"docker": {"name": "Docker"}, "docker-compose": {"name": "Docker Compose"}}
    base = make({"series": {"s": {"title": "S"}}, "tools": tools}, notes)
    assert base.views["tools/docker.md"].start.url == "episodes/s/s-002/"
    # the summary isn't repeated
    assert render(base)["tools/docker-compose.md"].count("starts many containers") == 1


def test_a_tool_lists_the_resources_whose_titles_name_it():
    titles = ["RL Course", "The R Book", "How We Got Here", "Looms for All"]
    tools = {name: {"name": name.title()} for name in ("r", "go", "loom")}
    resources = {f"a{at}": {"title": title} for at, title in enumerate(titles)}
    views = make({"tools": tools, "resources": resources}, []).views
    works = {name: [card.title for card in views[f"tools/{name}.md"].works] for name in tools}
    assert works == {"r": ["The R Book"], "go": [], "loom": ["Looms for All"]}


def test_a_term_begins_with_headings_of_its_own_name_or_abbreviation():
    terms = {
        "loom": {"term": "Loom", "definition": "."},
        "jacquard": {"term": "Jacquard weaving", "abbreviations": ["JW"], "definition": "."},
        "warp": {"term": "Warp", "definition": "."},
    }
    knowledge = {"series": {"s": {"title": "S"}}, "glossary": terms, "tools": {"shop": {"name": "Loom Shop"}}}
    notes = [
        # a heading with the name of a tool, an item of a list, and a name after a preposition
        note(
            "s-001", "A warp.\n\n## The Loom Shop\n\nIt sells a loom.\n\n## More\n\n- Warp for beginners, by Ann\n- JW"
        ),
        note(
            "s-002", "Jacquard weaving is old. For warp and weft the price rose.\n\n## Choosing a loom\n\nA loom lasts."
        ),
        note("s-003", "Warp threads stay still. A loom.\n\n## The JW head\n\nJW lifts threads."),
    ]
    views = make(knowledge, notes).views
    starts = {slug: views[f"glossary/{slug}.md"].start.title for slug in terms}
    assert starts == {"loom": "About s-002", "jacquard": "About s-003", "warp": "About s-003"}


def test_the_timeline_shows_names_of_series_above_titles() -> None:
    series = {"a": {"title": "Show", "prefix": "AB"}, "long": {"title": "Conversations on weaving"}}
    base = make({"series": series}, [note("a-001", date="2024-01-02"), note("long-001", date="2024-01-03")])
    text = render(base)["timeline/index.md"]
    assert '<span class="mg-label">AB 001</span>' in text
    assert '<span class="mg-label mg-label--long">Conversations on weaving · Episode 1</span>' in text


def test_a_goal_leads_to_the_first_page_of_the_path_with_its_episodes():
    notes = [note(f"s-{n:03}", topics=["b" if n > 70 else "a"]) for n in range(1, 91)]
    topics = {"a": {"name": "A", "goals": ["practitioner"]}, "b": {"name": "B", "goals": ["researcher"]}}
    base = make({"series": {"s": {"title": "S"}}, "topics": topics}, notes)
    urls = [card.url for card in base.views["index.md"].goals]
    assert urls == ["path/?goal=practitioner", "path/page/2/?goal=researcher"]
    assert (
        'value="researcher" data-size="20" data-page="../path/page/2/?goal=researcher"' in render(base)["path/index.md"]
    )

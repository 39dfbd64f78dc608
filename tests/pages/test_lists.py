"""Tests of long lists: they are split into pages without losing or repeating anything, and other parts don't grow."""

import gc
import re
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels import ENGLISH
from mlguide_site.content.resources import packaged_templates
from mlguide_site.model.records import Term
from mlguide_site.pages.episode_lists import _bar
from mlguide_site.pages.page_kinds import INDEX_PAGES
from mlguide_site.pages.pagination import ENTRIES_PER_PAGE, FIRST_MENTIONS, nested, pager
from mlguide_site.pages.render import Renderer
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EntryCard, TreeItem
from pages.builder import ferns, make, note, render
from pages.parsed import Page

TREE = Renderer([packaged_templates()], ENGLISH).environment.from_string(
    '{% import "_parts.md.jinja" as parts %}{{ parts.tree("", items) }}'
)

ENTRY = Term(term="Fern")


@pytest.fixture(scope="module")
def long():
    return ferns(140)


def test_the_pages_of_a_preview_keep_no_former_state_of_the_site():
    sites = [weakref.ref(ferns(n).linked) for n in (8, 9, 10)]
    gc.collect()
    assert [one() for one in sites[:2]] == [None, None]


def test_mentions_of_a_tool_stand_once_each(long):
    first = long.views["tools/trowel.md"]
    further = [long.views[f"tools/trowel/mentions-{number}.md"] for number in (2, 3, 4)]
    assert len(first.mentions) == FIRST_MENTIONS
    assert [len(view.items) for view in further] == [50, 50, 139 - FIRST_MENTIONS - 100]
    urls = [item.card.url for view in further for item in view.items] + [item.card.url for item in first.mentions]
    assert len(urls) == len(set(urls)) == first.mentions_total == 139
    assert "tools/trowel/mentions-5.md" not in long.views


def test_a_few_more_mentions_need_no_page():
    most, knowledge = FIRST_MENTIONS * 3 // 2, {"series": {"s": {"title": "S"}}, "tools": {"rake": {"name": "Rake"}}}
    for count, shown in ((most, most), (most + 1, FIRST_MENTIONS)):
        base = make(knowledge, [note(f"s-{n:03}", "A rake.") for n in range(1, count + 1)])
        assert len(base.views["tools/rake.md"].mentions) == shown
        assert ("tools/rake/mentions-2.md" in base.views) == (shown < count)
        more = f'<a href="../../tools/rake/mentions-2/">{count - shown} more</a>'
        assert (more in render(base)["tools/rake.md"]) == (shown < count)


def test_more_mentions_of_a_topic_are_not_its_steps():
    notes = [note(f"s-{n:03}", "Of soil.", topics=["soil"] if n < 5 else []) for n in range(1, 22)]
    base = make({"series": {"s": {"title": "S"}}, "topics": {"soil": {"name": "Soil"}}}, notes)
    view, more = base.views["topics/soil.md"], base.views["topics/soil/mentions-2.md"]
    shown = [*[card.url for card, _ in view.order], *[card.url for card in view.others]]
    assert (len(view.order), len(view.others), len(more.items), more.total) == (4, 10, 7, 21)
    assert not {*shown} & {item.card.url for item in more.items}
    assert '<a href="../../topics/soil/mentions-2/">7 more</a>' in render(base)["topics/soil.md"]


def test_backlinks_of_an_episode_go_on(long):
    first = long.views["episodes/fern/fern-001.md"]
    assert first.mentions_total == 138
    assert first.mentions_more == "episodes/fern/fern-001/mentions-2/"
    assert long.views["episodes/fern/fern-001/mentions-2.md"].total == 138


def test_series_is_paged_by_year(long):
    first, second, third = (long.views[f"episodes/fern/{name}"] for name in ("index.md", "page/2.md", "page/3.md"))
    assert [sum(len(year.cards) for year in view.years) for view in (first, second, third)] == [50, 48, 41]
    assert (first.pager.next, second.pager.previous) == ("episodes/fern/page/2/", "episodes/fern/")
    assert third.pager.next == ""
    assert first.missing == ("4",)
    years = [jump.title for jump in first.jumps]
    assert years == sorted(years) and sum(jump.size for jump in first.jumps) == 139


def test_numbers_before_the_first_are_missing_too():
    views = make({"series": {"s": {"title": "Show"}}}, [note("s-012"), note("s-014")]).views
    assert views["episodes/s/index.md"].missing == ("1–11", "13")


def test_tools_index_is_paged_by_category():
    tools = {f"t{n:03}": {"name": f"Tool {n:03}", "category": "A" if n < 74 else "B"} for n in range(128)}
    base = make({"tools": tools})
    views = base.views
    first, second = views["tools/index.md"], views["tools/page/2.md"]
    assert ">Next: A</a>" in render(base)["tools/index.md"]
    assert [(group.title, len(group.cards)) for group in first.groups] == [("A", 64)]
    assert [(group.title, len(group.cards)) for group in second.groups] == [("A", 10), ("B", 54)]
    assert [(jump.title, jump.url, jump.size) for jump in first.jumps] == [
        ("A", "tools/#c.a", 74),
        ("B", "tools/page/2/#c.b", 54),
    ]
    assert views["tools/t100.md"].category.url == "tools/page/2/#c.b"


def test_many_categories_and_groups_are_folded():
    sizes = {f"C{n:02}": 2 if n % 2 else 1 for n in range(50)}
    tools = {
        f"{name.lower()}-{at}": {"name": f"{name} {at}", "category": name}
        for name, size in sizes.items()
        for at in range(size)
    }
    text = render(make({"tools": tools}))["tools/index.md"]
    shown, _, folded = text.partition("<summary>Categories (50)</summary>")
    for part, names in ((shown, ()), (folded, range(50))):
        assert re.findall(r'#c\.c\d\d">(\w+) ', part) == [f"C{n:02}" for n in names]
    resources = {f"g{n}": {"title": f"G {n}", "children": {f"r{n}": {"title": f"R {n}"}}} for n in range(44)}
    view = make({"resources": resources}).views["resources/index.md"]
    assert len(view.jumps) == 40
    resources.popitem()
    text = render(make({"resources": dict([*resources.items()][:40])}))["resources/index.md"]
    shown, _, folded = text.partition("<summary>Groups (40)</summary>")
    assert [len(re.findall(r'href="[^"]*#r\.g', part)) for part in (shown, folded)] == [0, 40]
    letters = {f"t{n}": {"term": f"{chr(0x4E00 + n)}"} for n in range(50)}
    shown, _, folded = render(make({"glossary": letters}))["glossary/index.md"].partition(">10 more</span></summary>")
    # the button of the opened list says something else
    assert shown.endswith('<summary><span data-less="Show fewer"')


def test_the_index_of_topics_has_the_colours_of_the_graph(monkeypatch):
    topics = {"a": {"name": "A"}, "b": {"name": "B", "parent": "a"}, "c": {"name": "C"}}
    base = make({"topics": topics, "series": {"s": {"title": "S"}}}, [note("s-001", topics=["b", "c"])])
    # the graph of a small site has no colours
    assert base.views["topics/index.md"].hues == {}
    monkeypatch.setattr(Site, "is_small", False)
    base = make({"topics": topics, "series": {"s": {"title": "S"}}}, [note("s-001", topics=["b", "c"])])
    assert base.views["topics/index.md"].hues == {"topics/a/": 1}
    assert render(base)["topics/index.md"].count("mg-branch mg-hue1") == 1


def test_topics_and_tools_of_a_category_are_sorted_by_number_of_episodes():
    names = {"ant": {"name": "Ant"}, "bee": {"name": "Bee"}}
    tools = {slug: {"name": f"{slug} tool", "category": "A"} for slug in names}
    notes = [note("s-001", "The bee tool.", topics=["bee"])]
    views = make({"topics": names, "tools": tools, "series": {"s": {"title": "Show"}}}, notes).views
    assert [item.card.title for item in views["topics/index.md"].groups[0][0].cards] == ["Bee", "Ant"]
    assert [card.title for card in views["tools/index.md"].groups[0].cards] == ["bee tool", "ant tool"]


def test_a_topic_counts_the_episodes_of_its_subtopics():
    topics = {"bee": {"name": "Bee"}, "wasp": {"name": "Wasp", "parent": "bee"}}
    topics["hornet"] = {"name": "Hornet", "parent": "wasp"}
    tags = [["bee", "hornet"], ["hornet"], ["hornet"], ["wasp", "hornet"]]
    notes = [note(f"s-00{at}", topics=slugs) for at, slugs in enumerate(tags, 1)]
    text = render(make({"topics": topics, "series": {"s": {"title": "Show"}}}, notes))["topics/index.md"]
    counts = ["1 episode · 4 with subtopics", "1 episode", "4"]
    assert re.findall(r'<span class="mg-count">(.*?)</span>', text) == counts


def test_important_resources_come_first():
    levels = {"a": None, "b": "supplementary", "c": "essential", "v": "valuable", "w": "valuable"}
    resources = {slug: {"title": slug, **({"importance": level} if level else {})} for slug, level in levels.items()}
    for name, level in (("g", None), ("x", "valuable"), ("d", "essential")):
        parts = {f"{name}1": {"title": f"{name} 1"}, f"{name}2": {"title": f"{name} 2"}}
        if level:
            parts[f"{name}2"]["importance"] = level
        resources[name] = {"title": name, "children": parts}
    # easy ones lead
    resources["e"] = {"title": "e", "importance": "essential", "difficulty": "easy"}
    base = make({"resources": resources, "series": {"s": {"title": "S"}}}, [note("s-001", resources=["w"])])
    view = base.views["resources/index.md"]
    shown = {section.title: [item.card.title for item in section.cards] for section, _ in view.groups}
    assert shown == {
        "Essential": ["e", "c", "d 2"],
        "Valuable": ["w", "v"],
        "x": ["x 1", "x 2"],
        "d": ["d 1", "d 2"],
        "g": ["g 1", "g 2"],
        "More resources": ["b", "a"],
    }
    assert list(shown) == [jump.title for jump in view.jumps]
    text = render(base)["resources/index.md"]
    headings = re.findall(r'<h2 id="([^"]*)">(?:<a [^>]*>)?([^<]+?)(?: <span|<)', text)
    assert [title for _, title in headings] == list(shown)
    assert [jump.url for jump in view.jumps] == [f"resources/#{anchor}" for anchor, _ in headings]
    badges = re.findall(r'mg-rank mg-badge--\w+"><span>(\w+)', text)
    rated = ["essential", "essential", "essential", "valuable", "valuable", "valuable", "essential", "supplementary"]
    assert badges == rated
    # wide windows explain the marks
    assert re.findall(r'mg-mark--\w+">(\w+)', text) == ["essential", "valuable"]
    assert (
        "Begin with these" in text.partition('<h2 id="r.valuable"')[0]
        and "Begin with these" not in text.partition('<h2 id="r.valuable"')[2]
    )
    # an essential resource of a group is also in the first section, so that its number is that of the badges
    assert view.jumps[0].size == 3
    # a group to choose from, too, begins with the best
    for pick, order in (("any", ["d 2", "d 1"]), ("all", ["d 1", "d 2"])):
        resources["d"]["pick"] = pick
        view = make({"resources": resources}).views["resources/d.md"]
        assert [item.card.title for item in view.children] == order
    # a group with more valuable resources is before them
    resources["x"]["children"] |= {f"x{at}": {"title": f"x {at}", "importance": "valuable"} for at in (3, 4)}
    view = make({"resources": resources}).views["resources/index.md"]
    assert [jump.title for jump in view.jumps][:3] == ["Essential", "x", "More valuable resources"]


def test_each_page_of_the_glossary_has_downloads_and_leads_to_mentions():
    terms = {f"w{at}": {"term": f"Word{at:03}", "definition": "A word."} for at in range(ENTRIES_PER_PAGE + 1)}
    notes = [note(f"s-00{at}", f"Word000 and Word{at:03}.") for at in (1, 2)]
    pages = render(make({"series": {"s": {"title": "S"}}, "glossary": terms}, notes))
    assert 'href="../../../glossary.csv"' in pages["glossary/page/2.md"]
    counted = '<span class="mg-count"><a href="../{}">{}</a></span>'
    assert counted.format("glossary/w0/#s.mentions", "2 episodes") in pages["glossary/index.md"]
    assert '<a class="mg-label mg-hue1" href="../episodes/s/s-001/">Episode 1</a>' in pages["glossary/index.md"]
    assert ' id="s.mentions"' in pages["glossary/w0.md"]


def test_the_legend_explains_only_prices_that_there_are():
    for price, is_explained in ("$$", True), ("free", False):
        resources = {
            "a": {"title": "A", "price": price},
            "b": {"title": "B", "importance": "valuable", "price": "free"},
        }
        resources["c"] = {"title": "C", "importance": "essential"}
        page = render(make({"resources": resources}))["resources/index.md"]
        assert ("Prices: " in page) == is_explained


def test_an_empty_list_of_formats_is_no_format():
    resources = {"a": {"title": "A", "format": [], "urls": ["https://a.example/"]}}
    assert "Open a.example</a>" in render(make({"resources": resources}))["resources/a.md"]


def test_series_with_the_same_prefix_have_different_marks():
    series = {name: {"title": "My show", "prefix": prefix} for name, prefix in (("one", "D"), ("two", "D"), ("x", "E"))}
    cards = make({"series": series}).views["episodes/index.md"].series
    assert [card.mark for card in cards] == ["ONE", "TWO", "E"]


def test_a_label_that_equals_the_title_is_left_out():
    base = make({"series": {"s": {"title": "Log", "prefix": "Day"}}}, [note("s-134", title="Day 134"), note("s-135")])
    view = base.views["episodes/s/index.md"]
    assert [card.label for card in view.years[0].cards] == ["", "Day 135"]
    assert [base.site.cards[id].label for id in ("s-134", "s-135")] == ["", "Day 135"]


def test_numbers_after_a_word_have_no_zeros():
    for prefix, name, full_name in (("Day", "Day 7", "Day 7: Camp"), ("MLG", "MLG 007", "MLG 007: Camp: Day 7")):
        series = {"s": {"title": "Camp", "prefix": prefix}, "t": {"title": "Other"}}
        card = make({"series": series}, [note("s-007", title="Day 7")]).site.cards["s-007"]
        assert (card.name, card.full_name) == (name, full_name)


@pytest.mark.parametrize("shape", ["wide", "deep", "one"])
def test_a_large_branch_goes_on_with_its_head(shape):
    above = {"wide": lambda n: None if n % 10 == 0 else n - n % 10, "deep": lambda n: n - 1, "one": lambda n: 0}[shape]
    topics = {"t0": {"name": "Topic 0"}}
    for n in range(1, 250):
        topics[f"t{n}"] = {"name": f"Topic {n}"} | ({} if above(n) is None else {"parent": f"t{above(n)}"})
    pages = [view for path, view in make({"topics": topics}).views.items() if view.kind == "topics"]
    assert len(pages) > 1
    assert all(sum(len(section.cards) for section, _ in page.groups) <= 64 for page in pages)
    names = {head.card.title for page in pages for _, head in page.groups if head}
    assert not names & {item.card.title for page in pages for section, head in page.groups for item in section.cards}
    shown = [item.card.title for page in pages for section, _ in page.groups for item in section.cards]
    assert len(shown) == len(set(shown)) and names | set(shown) == {f"Topic {n}" for n in range(250)}


def test_every_index_of_a_folder_can_be_linked_to(long):
    folders = {path for path in long.views if path.count("/") == 1 and path.endswith("/index.md")}
    assert folders == INDEX_PAGES, "a kind of page with the page <name>/index.md needs is_index in its row"


def test_pages_hardly_grow_with_the_number_of_episodes():
    # in both sites, the last year has as many episodes as every other year
    base = ferns(243)
    few, many = render(ferns(63)), render(base)
    for path, text in few.items():
        # lists with several pages are skipped: each of their pages is filled
        pager = getattr(base.views[path], "pager", None)
        if not pager or len(pager.steps) < 2:
            assert len(many[path]) <= 1.2 * len(text) + 60, path


@given(st.lists(st.integers(0, 30), max_size=40))
def test_nested_lists_are_closed(depths):
    items = nested(TreeItem(EntryCard("", str(at), "", 0), ENTRY, depth) for at, depth in enumerate(depths))
    html = TREE.render(items=items)
    assert html.count("<li>") == html.count("</li>") == len(depths)
    assert html.count("<ul") == html.count("</ul>")
    assert not Page(f"---\n---\n{html}").wrong


@pytest.mark.parametrize("count", [2, 3, 7, 40])
def test_every_page_can_be_stepped_to(count):
    for number in range(1, count + 1):
        steps = pager(number, count, str).steps
        shown = [page for page, _ in steps if page]
        assert shown == sorted(set(shown)) and {1, number, count} <= set(shown)
        assert [url for page, url in steps if page == number] == [""]


def test_a_year_that_comes_again_stands_there_once():
    dates = ["2020-01-01", "2021-01-01", "2020-06-01", None]
    notes = [note(f"s-{n:03}", **({"date": date} if date else {})) for n, date in enumerate(dates, 1)]
    view = make({"series": {"s": {"title": "S"}}}, notes).views["episodes/s/index.md"]
    assert [(year.title, year.anchor, [card.url[-4:-1] for card in year.cards]) for year in view.years] == [
        ("2020", "y.2020", ["001", "003"]),
        ("2021", "y.2021", ["002"]),
        ("", "y.undated", ["004"]),
    ]
    assert [(jump.title, jump.size) for jump in view.jumps] == [("2020", 2), ("2021", 1)]


def test_all_episodes_of_a_site_with_few_are_listed_by_year(long):
    dates = ["2020-01-01", "2021-01-01", "2020-06-01", None, "2019-01-01", "2019-01-02"]
    notes = [note(f"s-{n:03}", **({"date": date} if date else {})) for n, date in enumerate(dates, 1)]
    base = make({"series": {"s": {"title": "S"}}}, notes)
    years = base.views["episodes/index.md"].every
    assert [(year.title, [card.url[-4:-1] for card in year.cards]) for year in years] == [
        ("2021", ["002"]),
        ("2020", ["003", "001"]),
        ("2019", ["006", "005"]),
        ("", ["004"]),
    ]
    assert '<h3 id="y.undated">Undated</h3>' in render(base)["episodes/index.md"]
    assert not base.views["episodes/index.md"].latest
    assert long.views["episodes/index.md"].every == ()
    assert len(long.views["episodes/index.md"].latest) == 5


def test_an_empty_root_leads_nowhere_that_has_nothing():
    base = make({})
    text = render(base)["index.md"]
    assert "There are no episodes yet" in text
    assert "<a " not in text
    # the box has a margin above
    assert '<div class="mg-section">\n<div class="mg-empty">' in text
    assert base.views["search/index.md"].indexes == ()


def test_the_examples_of_a_search_begin_with_a_question_on_a_term():
    terms = {slug: {"term": slug.title(), "definition": "Soft."} for slug in ("moss", "fern")}
    asked = ["Why?", "Why does moss like $x$?", "Why does moss grow?", "How does moss grow in towns?", "Who has ferns?"]
    questions = [{"question": text, "answer": "So."} for text in asked]
    notes = [note("s-001", "A fern.", questions=questions), note("s-002", "A fern, with moss.")]
    knowledge = {"series": {"s": {"title": "S"}}, "glossary": terms, "tools": {"rake": {"name": "Rake"}}}
    found = make(knowledge, notes).views["search/index.md"].examples
    assert [chip.title for chip in found] == ["Why does moss grow?", "Moss", "Rake"]
    knowledge["glossary"] = {"fern": terms["fern"], "moss": terms["moss"]}
    found = make(knowledge, [note("s-001", "A fern.")]).views["search/index.md"].examples
    assert [chip.title for chip in found] == ["Fern", "Rake"]


def test_the_first_page_counts_as_people_do():
    people = {"ann": {"name": "Ann Reed"}, "bob": {"name": "Bob Reed"}}
    one = make(
        {"series": {"s": {"title": "S"}}, "people": people, "tools": {"rake": {"name": "Rake"}}}, [note("s-001")]
    )
    dated = make({"series": {"s": {"title": "S"}}}, [note(f"s-{n:03}", date="2024-01-01") for n in (1, 2)])
    text = render(one)["index.md"]
    assert ">2 people</a>" in text
    assert "All 1 " not in text
    assert "All 2 episodes" in render(dated)["index.md"]
    searches = [(chip.title, chip.url) for chip in one.views["search/index.md"].examples]
    assert searches == [("Rake", "?q=Rake"), ("Ann Reed", "?q=Ann%20Reed")]
    assert [chip.title for chip in dated.views["search/index.md"].examples] == ["Episode 2"]
    # without dates there is no timeline
    assert ">Timeline<" not in text
    assert ">Timeline<" in render(dated)["index.md"]
    assert [chip.title for chip in one.views["search/index.md"].indexes] == [
        "Episodes",
        "Learning path",
        "Tools",
        "People",
    ]


def test_pages_of_kinds_without_entries_speak_to_readers():
    texts = render(make({"series": {"s": {"title": "S"}}}, [note("s-001")]))
    for path in ("topics", "tools", "resources", "glossary", "people", "timeline"):
        (said,) = re.findall(r'<div class="mg-empty">\n<p>(.*?)</p>', texts[f"{path}/index.md"])
        assert said.endswith("yet.")
        assert not re.search("mlguide|front matter|<code>", said)


def test_the_page_of_a_person_lists_episodes_and_that_of_a_term_its_neighbours():
    texts = render(ferns(4))
    for page in ("people/robin.md", "glossary/frond.md"):
        assert re.search(r'<h2 id="s.mentions">Mentioned in ', texts[page])
    # topics are below the definition, and related terms beside the text
    head, side = texts["glossary/frond.md"].split('<div class="mg-side">')
    assert "<dt>In episodes on</dt>" in head.partition("mg-definition")[2]
    assert ">Rhizome</a>" in side.partition("<h2>See also</h2>")[2].partition("</div>")[0]


def test_bar() -> None:
    assert _bar(1, 1000) == "1"
    assert _bar(4, 58) == "6.2"
    assert _bar(5, 58) == "7.8"
    assert _bar(5, 5) == "90"


def test_an_index_with_very_many_groups_and_a_series_of_very_many_years_link_to_some_of_them() -> None:
    tools = {f"t{at}": {"name": f"T {at}", "category": f"C {at}"} for at in range(150)}
    notes = [note(f"s-{at:03}", date=f"{at + 1000}-01-01") for at in range(1, 151)]
    base = make({"series": {"s": {"title": "S"}}, "tools": tools}, notes)
    assert len(base.views["tools/index.md"].jumps) == 100
    assert [jump.title for jump in base.views["episodes/s/index.md"].jumps][-1] in ("1051", "1150")
    assert len(base.views["episodes/s/index.md"].jumps) == 100


def test_long_titles_are_not_broken_before_a_number():
    notes = [note("s-001", title="Videos by Veo 3 and others, and what 40 cost"), note("s-002", title="Part 2")]
    text = render(make({"series": {"s": {"title": "Show"}}}, notes))["episodes/s/index.md"]
    assert ">Videos by Veo\u00a03 and others, and what\u00a040 cost<" in text and ">Part 2<" in text


def test_rows_count_episodes_or_name_the_only_one():
    knowledge = {
        "series": {"s": {"title": "S", "prefix": "SH"}},
        "tools": {"rake": {"name": "Rake"}, "hose": {"name": "Hose"}},
        "glossary": {"loam": {"term": "Loam", "definition": "Soil."}},
        "resources": {"book": {"title": "Spades", "format": "book"}},
    }
    notes = [note("s-001", "Loam.", tools=["rake", "hose"], resources=["book"]), note("s-002", tools=["hose"])]
    text = render(make(knowledge, notes))
    code = '<a class="mg-label mg-hue1" href="../episodes/s/s-001/">SH 001</a>'
    assert f'<p class="mg-count">{code}</p>' in text["tools/index.md"]
    assert '<p class="mg-count">2 episodes</p>' in text["tools/index.md"]
    assert f'<span class="mg-count">{code}</span>' in text["glossary/index.md"]
    assert f'<span class="mg-count">{code}</span>' in text["resources/index.md"]


def test_a_trailer_is_marked_and_readers_of_news_do_not_start_with_it() -> None:
    notes = [note("s-001", title="Reeds", date="2024-01-01"), note("s-extra", type="bonus", date="2024-02-01")]
    base = make({"series": {"s": {"title": "S", "order": "newest", "path": False}}}, notes)
    home = base.views["index.md"]
    assert home.first.title == "Reeds"
    assert '<span class="mg-state">bonus</span>' in render(base)["episodes/s/index.md"]

"""Tests of the limits of feeds: content beyond a limit is reported clearly, and content within the limits takes
seconds."""

import gc
import time
from collections.abc import Callable
from html import escape

import pytest
from lxml import etree

from mlguide_site.errors import Problem, Severity
from mlguide_site.importers import Context, Draft, Importer, Source
from mlguide_site.importers.feed import drafts as feed
from mlguide_site.importers.feed.descriptions import MAX_NOTES, MAX_PIECES
from mlguide_site.importers.feed.entries import MAX_EACH, _cut
from mlguide_site.markdown.limits import MAX_BODY_BYTES
from mlguide_site.merge.drafts import check_draft

HEAD = "<rss version='2.0' xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel><title>T</title>"
TAIL = "</channel></rss>"
GOOD = "<item><title>Good</title><description>Good notes.</description></item>"


def item(notes: str, title: str = "Long") -> str:
    return f"<item><title>{title}</title><description>{escape(notes)}</description></item>"


def people_of(episode: int) -> str:
    """Return an item with 100 people."""
    people = "".join(f"<podcast:person>Ann {episode} {n}</podcast:person>" for n in range(100))
    return f"<item><title>Talk {episode}</title>{people}</item>"


def read(text: str | bytes) -> tuple[list[Draft], list[Problem]]:
    data = text if isinstance(text, bytes) else f"{HEAD}{text}{TAIL}".encode()
    items = list(Importer("feed", feed.sniff, feed.read).items(Source("f.xml", data), Context()))
    problems = [one for one in items if isinstance(one, Problem) and "no valid date" not in one.message]
    return [one for one in items if isinstance(one, Draft)], problems


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (lambda: GOOD * (feed.MAX_ITEMS + 1), "more than 10,000 episodes"),
        (lambda: GOOD + "<a/>" * 1_000_001, "more than 1,000,000 elements"),
        (lambda: f"<item {' '.join(f'a{n}={chr(39)}1{chr(39)}' for n in range(500_001))}/>", "500,000 attributes"),
        (lambda: "".join(item(f"{n} " + "<b>x</b>" * 9_900) for n in range(16)), "300,000 tags"),
        (lambda: "".join(item(f"{n} " + "word " * 200_000) for n in range(17)), "16,777,216 characters"),
        (lambda: "".join(people_of(n) for n in range(51)), "5,000 people"),
    ],
    ids="items elements attributes tags characters people".split(),
)
def test_a_feed_beyond_a_limit_is_one_error(text: Callable[[], str], says: str) -> None:
    drafts, problems = read(text())
    assert drafts == [] and [problem.severity for problem in problems] == [Severity.ERROR]
    assert says in problems[0].message and problems[0].remedy == "split the feed"


def test_elements_with_too_many_names_are_left_out() -> None:
    element = etree.fromstring("<item>" + "".join(f"<a{at}/>" for at in range(3 * MAX_EACH)) + "</item>")
    _cut(element)
    assert len(element) == MAX_EACH


def test_a_feed_with_many_namespaces_is_refused() -> None:
    for count, is_read in ((30, True), (300, False)):
        spaces = " ".join(f"xmlns:n{at}='https://a.example/{at}'" for at in range(count))
        drafts, problems = read(f"<rss {spaces}><channel><title>T</title>{GOOD}{TAIL}".encode())
        assert (len(drafts), not problems) == (is_read, is_read)
        assert is_read or "namespaces have more than 2,000 characters" in problems[0].message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b" " * (64 * 2**20 + 1), "larger than 64 MiB"),
        (b"<rss>" + b"<a>" * 300, "Excessive depth"),
        (b"<rss>" + b"<a>" * 300 + b"</a>" * 300 + b"</rss>", "Excessive depth"),
    ],
)
def test_a_source_beyond_a_limit_is_one_error(data: bytes, says: str) -> None:
    drafts, problems = read(data)
    assert drafts == [] and len(problems) == 1 and says in problems[0].message


@pytest.mark.parametrize(
    ("notes", "says"),
    [
        ("x" * (MAX_NOTES + 1), "larger than 1 MiB"),
        ("<i>x</i>" * (MAX_PIECES // 2 + 1), "more than 40,000 tags, lines"),
        ("a\n" * (MAX_PIECES + 2), "more than 40,000 tags, lines"),
        ("word " * (MAX_BODY_BYTES // 5 + 1), "larger than 960 KiB"),
        ("x" * 20_001, "the line is longer than 20,000 characters"),
        ("[" * 101, "nested deeper than 100 levels"),
        ("*x* " * 50_001, "too many Markdown syntax characters"),
        ("https://a.example/x " * 20_001, "40,000 tags, lines and addresses"),
        ("[x] " * 20_001, "too many Markdown syntax characters"),
        ("<pre>x</pre>" * 2_001, "code blocks and raw HTML blocks"),
        ("<ul>" + "<li>x" * 17_000, "too many paragraphs, list items"),
    ],
)
def test_an_item_beyond_a_limit_is_left_out_and_told(notes: str, says: str) -> None:
    drafts, problems = read(item(notes) + GOOD)
    assert [draft.title for draft in drafts] == ["Good"]
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    assert says in problems[0].message and "Long" in problems[0].message


def test_lists_that_no_front_matter_holds_are_left_out_and_told() -> None:
    url = f"https://a.example/{'x' * 1900}"
    many = f"<podcast:transcript url='{url}' type='text/vtt'/>" * 50
    drafts, problems = read(f"<item><title>A</title><description>Notes.</description>{many}</item>")
    assert "transcripts" not in drafts[0].fields
    assert [problem.message for problem in problems] == ['"A" has too many transcripts; the whole list is left out']


def test_items_with_too_many_categories_are_reported_once() -> None:
    def crowded(name: str, count: int) -> str:
        categories = "".join(f"<category>{number}</category>" for number in range(count))
        return f"<item><title>{name}</title><guid>{name}</guid><description>Notes.</description>{categories}</item>"

    drafts, problems = read(crowded("A", MAX_EACH) + crowded("B", MAX_EACH + 1) + crowded("C", MAX_EACH + 2))
    assert [len(draft.fields["tags"]) for draft in drafts] == [MAX_EACH] * 3
    message = "more than 1,000 categories in 2 items; the first are kept"
    assert [problem.message for problem in problems] == [message]


WITHIN = {
    "line breaks": "a<br>" * 19_000,
    "lines": "<p>" + "a\n" * 60_000 + "</p>",
    "links": "<a href='https://a.example/x'>word</a> " * 9_000,
    "bold": "<b>word</b> " * 19_000,
    "bold and slanted": "<i>a <b>b</i> c</b> " * 9_000,
    "items": "<ul>" + "<li>x</li>" * 9_000 + "</ul>",
    "paragraphs": "<p>word" * 19_000,
    "attributes": f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>word</p>",
    "one attribute": f"<p title='{'x' * 900_000}'>word</p>",
    "words": "word " * 190_000,
    "marks": "*word* [x] " * 11_000,
    "nesting": "<div>" * 15_000 + "word" + "</div>" * 15_000,
    "lists in lists": "<ul><li>" * 15_000 + "word",
    "quotes in quotes": "<blockquote>x" * 15_000,
    "styles left open": "".join(f"<font color=c{n}><b>" for n in range(100)) + "<p>word</p>" * 9_000,
    "cells": "<table>" + "<tr><td>x<td>y" * 9_000 + "</table>",
    "wide table": "<table><tr>" + "<td>x" * 9_000 + "</table>",
    "ragged table": "<table>" + "<tr><td>x" * 5_000 + "<tr>" + "<td>y" * 5_000 + "</table>",
}


@pytest.mark.parametrize("name", WITHIN)
def test_notes_within_the_limits_take_linear_time_and_pass_check(name: str) -> None:
    notes = WITHIN[name]
    # the garbage collector would take longer with each object of earlier tests
    gc.freeze()
    times = [time.process_time()]
    for text in (notes[: len(notes) // 4], notes):
        drafts, problems = read(item(text))
        times.append(time.process_time())
    gc.unfreeze()
    assert times[2] - times[1] < 8 * (times[1] - times[0]) + 1
    assert [problem.message for problem in problems] == []
    [draft] = drafts
    assert [str(found) for found in check_draft(draft, "f.xml")[1]] == []


def test_time_grows_with_the_number_of_items() -> None:
    talk = "<p>Some words on <b>planes</b> number {0}, and <a href='https://a.example/{0}'>more</a>.</p>" * 3
    times = [time.process_time()]
    for count in (500, 2_000):
        text = "".join(item(talk.format(number), f"Title {number}") for number in range(count))
        assert len(read(text)[0]) == count
        times.append(time.process_time())
    assert times[2] - times[1] < 8 * (times[1] - times[0]) + 1


@pytest.mark.parametrize(
    "part",
    [
        "<podcast:person>Ada {0}</podcast:person>",
        "<category>c{0}</category>",
        "<author>a{0}@x.example (Ada)</author>",
        "<description>word {0}</description>",
        "<podcast:value><podcast:valueRecipient name='{0}'/></podcast:value>",
    ],
)
def test_many_elements_of_an_item_take_time_in_proportion(part: str) -> None:
    times = [time.process_time()]
    for count in (10_000, 40_000):
        read(f"<item><title>A</title>{''.join(map(part.format, range(count)))}</item>")
        times.append(time.process_time())
    assert times[2] - times[1] < 8 * (times[1] - times[0]) + 1


@pytest.mark.parametrize("opening", ["<!--", "<![CDATA[", "<?a "])
def test_sections_that_never_end_take_time_in_proportion(opening: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        drafts, problems = read(f"{GOOD}<item><title>a & b</title>{opening * count}{TAIL}")
        assert len(drafts) <= 1 and problems
        return time.process_time() - start

    seconds(1)
    assert seconds(100_000) < 3

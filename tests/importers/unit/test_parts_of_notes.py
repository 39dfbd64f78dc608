"""Tests of the episodes that notes are divided into."""

from time import process_time

import pytest

from mlguide_site.importers import Context, Draft, Source
from mlguide_site.importers.notes.dialects import DIALECTS
from mlguide_site.importers.notes.inline import find_tags
from mlguide_site.importers.notes.reader import read
from mlguide_site.importers.notes.source import Line, join_formulas


def parts(name: str, text: str) -> list[Draft]:
    """Return the episodes of a file that the first matching dialect reads."""
    source = Source(name, text.encode())
    dialect = next(one for one in DIALECTS if one.sniff(source))
    return [item for item in read(dialect, source, Context()) if isinstance(item, Draft)]


def shown(one: Draft) -> str:
    """Return the season, the number, the date and the title of an episode, without those that it hasn't."""
    found = (one.season and f"S{one.season}", one.number, one.fields.get("date"), one.fields["title"])
    return " ".join(str(part) for part in found if part is not None)


def sessions(*headings: str) -> str:
    """Return notes of HackMD with these headings, each with text."""
    return "# Weaving\n\n:::info\nHello\n:::\n\n" + "".join(f"## {one}\n\nA\n\n" for one in headings)


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("private: true", "draft"),
        ("private: false", None),
        ("visibility: private", "draft"),
        ("dg-publish: false", "draft"),
        ("dg-publish: true", None),
        ("publish: true\nprivate: yes", "draft"),
        ("status: private", "draft"),
        ("status: published", None),
    ],
)
def test_private_notes_are_drafts(field: str, status: str | None) -> None:
    assert parts("vault/Looms.md", f"---\n{field}\n---\nSee [[Wool]].\n")[0].fields.get("status") == status


@pytest.mark.parametrize(
    ("site", "name", "head", "status"),
    [
        ("hugo", "content/looms.md", "date: 2001-02-03", None),
        ("hugo", "content/looms.md", "date: 2090-02-03", "draft"),
        ("hugo", "content/looms.md", "date: 2001-02-03\npublishDate: 2090-02-03", "draft"),
        ("hugo", "content/looms.md", "date: 2090-02-03\npublishDate: 2001-02-03", None),
        ("jekyll", "_posts/2090-02-03-looms.md", "layout: post", "draft"),
        ("jekyll", "_posts/2001-02-03-looms.md", "layout: post", None),
    ],
)
def test_posts_before_their_date_are_drafts(site: str, name: str, head: str, status: str | None) -> None:
    posts = next(one for one in DIALECTS if one.name == site)
    source = Source(name, f"---\ntitle: Looms\n{head}\n---\nText.\n".encode())
    drafts = [item for item in read(posts, source, Context()) if isinstance(item, Draft)]
    assert drafts[0].fields.get("status") == status


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Lee, Ann; Ray, Bob", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, PhD; Bob Ray", ["Ann Lee, PhD", "Bob Ray"]),
        ("Ann, KC", ["Ann", "KC"]),
        ("Ann Lee, MD, MPH, Bob Ray, LL.M.", ["Ann Lee, MD, MPH", "Bob Ray, LL.M."]),
        ("Ann Lee, RN and Bob Ray", ["Ann Lee, RN", "Bob Ray"]),
        ("Ann Lee and Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, Cy Fox, and Bob Ray", ["Ann Lee", "Bob Ray", "Cy Fox"]),
        ("Ann Lee and Bob Ray and Cy Fox", ["Ann Lee", "Bob Ray", "Cy Fox"]),
        ("Vincent van Loom and Ann Lee", ["Ann Lee", "Vincent van Loom"]),
        ("Ann Lee (Reed) and Bob Ray (Wool)", ["Ann Lee (Reed)", "Bob Ray (Wool)"]),
        ("Ann Lee, PhD and Bob Ray", ["Ann Lee, PhD", "Bob Ray"]),
        ("Garc\u00eda Loom, Ana; Lee, Ann", ["Ana Garc\u00eda Loom", "Ann Lee"]),
        ("de la Loom, Ana Mar\u00eda; Ray, Bob, Jr.", ["Ana Mar\u00eda de la Loom", "Bob Ray, Jr."]),
        ("Reed, Inc.; Warp, LLC", ["Reed, Inc.", "Warp, LLC"]),
        ("Lee, Ann, PhD, MBA; Ray, Bob; Warp, Cy, III", ["Ann Lee, PhD, MBA", "Bob Ray", "Cy Warp, III"]),
        ("Barnes&Noble", ["Barnes&Noble"]),
        ("Ann Lee, m.a.", ["Ann Lee, m.a."]),
        ("Ann Lee, MA; Bob Ray, M.D.", ["Ann Lee, MA", "Bob Ray, M.D."]),
        ("Ann Lee; Wei Ma; Ma", ["Ann Lee", "Ma", "Wei Ma"]),
        ("R&D Team; Ann Lee & Bob Ray", ["Ann Lee", "Bob Ray", "R&D Team"]),
        ("Lee, Ann; Ray, Bob (Reed)", ["Ann Lee", "Bob Ray (Reed)"]),
        ("Ann Lee, Loom; Bob Ray, Reed", ["Ann Lee", "Bob Ray", "Loom", "Reed"]),
        ("Wool and Wire", ["Wool and Wire"]),
        ("Faculty of Arts and Social Sciences", ["Faculty of Arts and Social Sciences"]),
        ("van den Berg, Jan; Ray, Bob", ["Bob Ray", "Jan van den Berg"]),
        ("Ann Lee, Loom Works; Bob Ray", ["Ann Lee", "Bob Ray", "Loom Works"]),
    ],
)
def test_names_of_several_authors(authors: str, expected: list[str]) -> None:
    source = Source("vault/Looms.md", f'---\nauthors: "{authors}"\n---\nSee [[Wool]].\n'.encode())
    dialect = next(one for one in DIALECTS if one.sniff(source))
    found = [one.fields["name"] for one in read(dialect, source, Context()) if getattr(one, "kind", "") == "person"]
    assert found == expected


@pytest.mark.parametrize("unit", ["Episode", "Ep."])
def test_headings_may_count_episodes(unit: str) -> None:
    text = f"# Talks\n\n## {unit} 1: Warp\n\nA\n\n## {unit} 2: Weft\n\nB\n\n## {unit} 3\n\nC\n"
    assert [one.number for one in parts("talks.md", text)] == [1, 2, 3]


def test_few_other_headings_may_be_beside_episodes() -> None:
    text = "# Talks\n\n" + "".join(f"## Episode {at}\n\nA\n\n" for at in range(1, 6)) + "## Links\n\nB\n"
    assert [one.number for one in parts("talks.md", text)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("# Talks\n\n## Episode 1: Wool\n\nA\n", "1 Wool"),
        ("# Talks\n\n## Episode 1: Wool\n\nA\n\n## Episode 2: Warp\n\nB\n\n## Links\n\nC\n", "1 Wool|2 Warp"),
        ("---\ndate: 2024-02-03\n---\n# Talks\n\n## Ep 1: Wool\n\nA\n\n## Ep 2: Warp\n\nB\n", "1 Wool|2 Warp"),
        ("# Episode 4: Talks\n\nA\n\n## Links\n\nB\n", "4 Talks"),
    ],
)
def test_each_heading_of_an_episode_begins_one(text: str, titles: str) -> None:
    found = [f"{one.number} {one.fields['title']}" for one in parts("talks.md", text)]
    assert "|".join(found) == titles


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("So \\(x_1 + 2\\) is", "So $x_1 + 2$ is"),
        ("\\(not a link\\)", "\\(not a link\\)"),
        ("Write `\\(x_1\\)`", "Write `\\(x_1\\)`"),
        ("> \\[\n> a = b\n> \\]", "> $$a = b$$"),
        (r"so \(x_1\) and \(n\)", "so $x_1$ and $n$"),
        (r"so \\(x_1 \\) and \\(X\\), \( a = b \)", "so $x_1$ and $X$, $a = b$"),
        (r"C:\\Program Files \\(x86\\), \\(a\\|b\\)", r"C:\\Program Files \\(x86\\), \\(a\\|b\\)"),
        (r"see \(page 2\) of my_wool.md, \(or x=1\)", r"see \(page 2\) of my_wool.md, $or x=1$"),
        (r"\(optional\) at watch?v=abc \(b\)", r"\(optional\) at watch?v=abc \(b\)"),
    ],
)
def test_formulas_in_backslashes_are_written_with_dollars(line: str, expected: str) -> None:
    lines = [Line(at, text) for at, text in enumerate(line.split("\n"))]
    assert [one.text for one in join_formulas(lines)] == [expected]


def test_a_bracket_without_its_pair_in_the_paragraph_stays() -> None:
    texts = [r"\[", r"a \]", "", "Wool.", "", r"\[", "b", r"\]", "", "Reed.", "", r"\[ c", r"\]"]
    found = [one.text for one in join_formulas([*map(Line, range(len(texts)), texts)])]
    assert found == [*texts[:5], "$$b$$", *texts[8:]]


def test_tags_contain_the_marks_of_their_letters() -> None:
    tags = ["\u0939\u093f\u0928\u094d\u0926\u0940", "gro\u0308\u00dfe"]
    assert find_tags(f"#{tags[0]}\u0964 Of wool (#{tags[1]}).") == tags
    # tags with spaces, as in Bear, but only in a line of tags
    assert find_tags("#my looms# #wool #fff") == ["my looms", "wool", "fff"] and find_tags("#a in C# and #wool") == [
        "a",
        "wool",
    ]
    assert find_tags("#\u1797\u17b6\u179f\u17b6\u17d4") == ["\u1797\u17b6\u179f\u17b6"]  # before a Khmer full stop


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        # a number before a date is not the start of a span
        (
            ["01 - 5 Feb 2024", "02 - 7 Feb 2024", "12 - 14 March 2024 - Reed"],
            ["1 2024-02-05 01 - 5 Feb 2024", "2 2024-02-07 02 - 7 Feb 2024", "12 2024-03-14 12 - 14 March 2024 - Reed"],
        ),
        (
            ["Week 1: 5 - 9 Feb 2024", "Week 2 (12 - 16 Feb 2024)", "26-28 Feb 2024"],
            [
                "1 2024-02-05 Week 1: 5 - 9 Feb 2024",
                "2 2024-02-12 Week 2 (12 - 16 Feb 2024)",
                "3 2024-02-26 26-28 Feb 2024",
            ],
        ),
        # a day is not a number
        (
            ["Auftakt", "5. Februar 2024: Kette", "12. Februar 2024: Schuss"],
            ["1 Auftakt", "2 2024-02-05 5. Februar 2024: Kette", "3 2024-02-12 12. Februar 2024: Schuss"],
        ),
        # a long break is not a reason to reverse the order
        (
            ["Warp (5 Feb)", "Weft (12 Feb)", "Retreat (20 Sep)", "Reed (27 Sep 2024)"],
            [
                "1 2024-02-05 Warp (5 Feb)",
                "2 2024-02-12 Weft (12 Feb)",
                "3 2024-09-20 Retreat (20 Sep)",
                "4 2024-09-27 Reed (27 Sep 2024)",
            ],
        ),
        (
            ["Warp (5 Feb 2024)", "Final exam\nExam: 12 March 2024, room 3", "Weft (19 Feb 2024)"],
            ["1 2024-02-05 Warp (5 Feb 2024)", "2 2024-03-12 Final exam", "3 2024-02-19 Weft (19 Feb 2024)"],
        ),
        (
            ["Part 1\n2024-02-05", "Part 2 of the exercise", "Part 2\n2024-02-12"],
            ["1 2024-02-05 Part 1", "2 2024-02-12 Part 2"],
        ),
    ],
)
def test_sessions(headings: list[str], expected: list[str]) -> None:
    assert [*map(shown, parts("loom.md", sessions(*headings)))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what is hidden or crossed out is not a title
        ("# Course\n\n## Week 1\nA\n\n## %% Week 2: private %%\nB\n\n## Week 3\nC", ["1 Week 1", "3 Week 3"]),
        ("# Course\n\n## Week 1\nA\n\n## ~~Week 2~~\nB\n\n## Week 3\nC", ["1 Week 1", "3 Week 3"]),
        ("# Course\n\n## 📅 Week 1\nA\n\n## 📅 Week 2: Weft\nB", ["1 Week 1", "2 Weft"]),
        # a date with one lecture is not an episode
        (
            "# Course\n\n## 5 Feb 2024\n\n### Lecture 1: Warp\nA\n\n## 7 Feb 2024\n\n### Lecture 2: Weft\nB",
            ["1 Warp", "2 Weft"],
        ),
    ],
)
def test_units_of_a_vault(text: str, expected: list[str]) -> None:
    assert [*map(shown, parts("course.md", text))] == expected


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        # a number that occurs again by mistake does not begin a season
        (
            ["### Day 1: 2024-01-01", "### Day 2: 2024-01-02", "### Day 3: 2024-01-03", "### Day 2: 2024-01-04"],
            ["1 2024-01-01 Day 1", "2 2024-01-02 Day 2", "3 2024-01-03 Day 3"],
        ),
        (
            ["## January", "### Day 30", "### Day 31", "## February", "### Day 31", "### Day 32"],
            ["30 Day 30", "31 Day 31", "32 Day 32"],
        ),
        (
            ["## Spring", "### Day 1", "### Day 2", "## Autumn", "### Day 1", "### Day 2"],
            ["S1 1 Day 1", "S1 2 Day 2", "S2 1 Day 1", "S2 2 Day 2"],
        ),
    ],
)
def test_seasons_of_a_log(headings: list[str], expected: list[str]) -> None:
    text = "# 100 Days\n\n" + "".join(f"{one}\nA\n\n" for one in headings)
    assert [*map(shown, parts("100-days.md", text))] == expected


@pytest.mark.parametrize("form", ["=== {} ===", "-- {}", "[{}]", "({})", "@{}", "📅 {}", "~ {}", "**{}**"])
def test_dates_of_a_log_may_be_within_signs(form: str) -> None:
    text = "\n\n".join(f"{form.format(day)}\nA" for day in ("2024-03-12", "13 March 2024"))
    assert [str(one.fields["date"]) for one in parts("log.txt", text)] == ["2024-03-12", "2024-03-13"]


def test_items_and_cells_that_are_dates_do_not_begin_days() -> None:
    assert len(parts("log.txt", "2024-03-12\nA\n\n- 2024-03-01\n\n| 2024-03-02 |\n\n2024-03-13\nB")) == 2


def test_underlines_of_a_log_are_not_text() -> None:
    days = parts("log.txt", "100 Days\n========\n\nDay 1: A vector<int>.\n\nDay 2: Loops.\n\nWith <div>.")
    assert [*map(shown, days)] == ["1 A vector<int>", "2 Loops"]
    assert days[1].body == "With &lt;div>."
    banners = parts("log.txt", "".join(f"==========\nDay {day}\n==========\n<b> {day}\n\n" for day in (1, 2)))
    assert [(one.number, one.body) for one in banners] == [(1, "&lt;b> 1"), (2, "&lt;b> 2")]


def test_closed_comments_of_a_log_stay_hidden_above_an_open_one() -> None:
    one, other = parts("log.txt", "Day 1\nSaws.\n<!-- ask Ann -->\n\nDay 2\nA comment begins with <!-- in HTML.")
    assert one.body == "Saws.\n\n<!-- ask Ann -->"
    assert other.body == "A comment begins with &lt;!-- in HTML."


def test_a_post_keeps_a_title_that_is_also_its_first_heading() -> None:
    heading = '---\nlayout: post\ntitle: "Part 1"\n---\n'
    post = {"_posts/2024-03-13-two-parts.md": f"{heading}# Part 1\n\nA\n\n# Part 2\n\nB".encode()}
    jekyll = next(one for one in DIALECTS if one.name == "jekyll")
    items = list(read(jekyll, Source("blog", b"", files=post), Context()))
    assert [one.fields["title"] for one in items if isinstance(one, Draft)] == ["Part 1"]


@pytest.mark.parametrize("heading", ["1 - 12 Jan 2024", "3 - 5 Feb 2024"])
def test_headings_that_may_be_spans_or_numbered_days_are_kept(heading: str) -> None:
    assert [heading in one.body for one in parts("fairs.md", f"## {heading}\n\nOf wool.\n")] == [True]


def test_spaces_after_the_start_of_a_formula_take_linear_time() -> None:
    start = process_time()
    join_formulas([Line(1, "x " + ("\\\\(" + " " * 490) * 200)])
    assert process_time() - start < 1

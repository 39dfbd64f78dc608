"""Examples of the functions in `mlguide_site.pages.pagination`."""

from mlguide_site.pages.pagination import by_category, by_letter, index_page, mention_page, paged, pager, walk


def test_paged() -> None:
    assert (
        repr((paged(range(63), 50, 12), paged(range(0), 50)))
        == "([range(0, 12), range(12, 62), range(62, 63)], [range(0, 0)])"
    )


def test_index_page() -> None:
    assert (index_page("tools/index.md", 1), index_page("tools/index.md", 2)) == ("tools/index.md", "tools/page/2.md")


def test_mention_page() -> None:
    assert (mention_page("tools/docker.md", 1), mention_page("tools/docker.md", 2)) == (
        "tools/docker.md",
        "tools/docker/mentions-2.md",
    )


def test_pager() -> None:
    assert ([number for number, _ in pager(6, 20, str).steps]) == [1, 0, 5, 6, 7, 0, 20]


def test_walk() -> None:
    assert (
        repr(walk({"": ["a", "b"], "a": ["c"], "c": ["a"]}, ""))
        == "[Node(slug='a', depth=0), Node(slug='c', depth=1), Node(slug='b', depth=0)]"
    )


def test_by_category() -> None:
    tools = {"c": "Web", "b": "Other", "a": "web", "d": "App", "e": "Zip"}
    assert list(by_category(tools).items()) == [("d", "App"), ("c", "Web"), ("a", "Web"), ("e", "Zip"), ("b", "Other")]


def test_by_letter() -> None:
    assert (by_letter({"a": "Éclair", "b": "eagle", "c": "2D"})) == {"c": "#", "b": "E", "a": "E"}

"""Examples of the functions in `mlguide_site.model.slugs`."""

from mlguide_site.model.slugs import (
    episode_id,
    file_in_own_folder,
    gaps,
    id_suggestion,
    is_plain_name,
    is_slug,
    make_slug,
    page_path,
    page_url,
    parse_id,
    relative_path,
    series_of,
)


def test_is_slug() -> None:
    assert (is_slug("mla-012"), is_slug("../x"), is_slug("con"), is_slug("-a")) == (True, False, False, False)


def test_id_suggestion() -> None:
    assert (id_suggestion("show-7", ["show-007", "show-017", "show-bonus"], "add it")) == 'did you mean "show-007"?'
    assert (id_suggestion("show-070", ["show-007", "show-071"], "add it")) == "add it"


def test_make_slug() -> None:
    assert (make_slug("Größe & C++"), make_slug("***")) == ("grosse-c", "entry")


def test_episode_id() -> None:
    assert (
        episode_id("mla", 12),
        episode_id("show", 3, 2),
        episode_id("show", slug="trailer"),
        episode_id("mlg", 1234),
    ) == ("mla-012", "show-s2-003", "show-trailer", "mlg-1234")


def test_parse_id() -> None:
    assert (
        repr((parse_id("mla", "mla-012"), parse_id("a", "a-s2-003"), parse_id("mla", "mlg-001")))
        == "(EpisodeKey(season=None, number=12), EpisodeKey(season=2, number=3), None)"
    )


def test_series_of() -> None:
    assert (list(series_of("deep-dives-001", {"deep", "deep-dives", "dives"}))) == ["deep-dives", "deep"]


def test_gaps() -> None:
    assert (gaps({3, 5, 6, 9}), gaps(set()), gaps({1, 99_999_999})) == ((4, 7, 8), (), ())


def test_page_path() -> None:
    assert (page_path("tool", "docker"), page_path("episode", "mla-012", "mla")) == (
        "tools/docker.md",
        "episodes/mla/mla-012.md",
    )


def test_page_url() -> None:
    assert (
        page_url("tools/docker.md"),
        page_url("index.md"),
        page_url("tools/index.md"),
        page_url("a/b.md", False),
    ) == ("tools/docker/", "", "tools/", "a/b.html")


def test_relative_path() -> None:
    assert (relative_path("tools/docker.md", "episodes/mla/mla-012.md")) == "../episodes/mla/mla-012.md"
    assert (
        relative_path("tools/docker.md", "episodes/mla/mla-012.md", own_folders=True)
    ) == "../../episodes/mla/mla-012/index.md"


def test_file_in_own_folder() -> None:
    assert file_in_own_folder("tools/docker.md#use") == "tools/docker/index.md#use"
    assert (file_in_own_folder("tools/index.md"), file_in_own_folder("a/b.png")) == ("tools/index.md", "a/b.png")


def test_is_plain_name() -> None:
    assert all(map(is_plain_name, ("Ann O’Neil", "José", "GPT-4o", "U.S.A.", "R&D", "Node.js")))
    assert not any(map(is_plain_name, ("C++", "C#", ".NET", "李明", "Øre", "★", "", "-")))

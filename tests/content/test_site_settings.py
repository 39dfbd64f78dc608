"""Tests of errors in `mkdocs.yml`: they are reported with a place and a remedy, and no code of the settings is run."""

from pathlib import Path

import pytest

from mlguide_site.content.site_settings import MAX_DEPTH, MAX_SETTINGS_BYTES, settings_problems, site_fault
from mlguide_site.editing.scaffold import root_files

GOOD = "site_name: S\nplugins: [mlguide]\n"


def said(root: Path, text: str) -> list[str]:
    if ":" in text and "docs_dir" not in text and len(text) < 1000:
        text = f"{text.rstrip()}\ndocs_dir: build/pages\n"
    (root / "mkdocs.yml").write_text(text, "utf-8")
    return [str(problem) for problem in settings_problems(root)]


def test_a_new_root_is_sound(tmp_path: Path) -> None:
    assert said(tmp_path, root_files("Show", "https://s.example/")["mkdocs.yml"].decode()) == []


def test_no_settings_no_problem(tmp_path: Path) -> None:
    assert settings_problems(tmp_path) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "theme: {name: material, features: 5}",
            '3:35: "theme.features" is invalid: Expected a list of items, but a number was given; write "- "',
        ),
        ("extra_css: [5, a.css]", '3:12: "extra_css" must be text, not a number; '),
        ("extra: !!python/object/apply:os.system [ls]", "3:8: this tag would run code while the settings are read;"),
        ("extra: {a: 1, a: 2}", '3:15: the setting "a" is used twice, first on line 3; keep one of the two'),
        (
            "docs_dir: docs",
            '3:11: "docs_dir" is not the folder of generated pages; '
            "write docs_dir: build/pages; pages that you write belong in pages/",
        ),
        ("site_dir: pages", '3:11: the build would replace the folder "pages"; write site_dir: site'),
        ("site_nmae: x", '3:1: unknown setting "site_nmae"; did you mean "site_name"?'),
        ("site_dir: /x", '3:11: the site\'s folder "/x" is not in the root; write site_dir: site'),
        ("site_dir: episodes", '3:11: the build would replace the folder "episodes"; write site_dir: site'),
        ("extra: a: b", '3:8: not valid YAML: this value needs quotes; write extra: "a: b"'),
        ("site_name: T", '3:1: the setting "site_name" is used twice, first on line 1; keep one of the two'),
        ("theme: {name: material, language: }", '3:25: the theme has no language ""; '),
        ("theme: {name: material, language: xx}", '3:35: the theme has no language "xx"; '),
        ("theme: {name: material, language: DE-at}", '3:35: the theme has no language "DE-at"; did you mean "de"?'),
        (
            "extra_css: " + "[" * 3_000,
            f"3:{12 + MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels; use fewer levels",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(line: str, expected: str, tmp_path: Path) -> None:
    [found] = said(tmp_path, f"{GOOD}{line}\n")
    assert found.startswith(f"mkdocs.yml:{expected}")


@pytest.mark.parametrize("folder", ["build/pages", "./build/pages/", "build/theme/../pages"])
def test_the_folder_of_pages_may_be_spelled_in_any_way(folder: str, tmp_path: Path) -> None:
    assert said(tmp_path, f"{GOOD}docs_dir: {folder}\n") == []


def test_a_language_that_overrides_bring_is_known(tmp_path: Path) -> None:
    place = tmp_path / "templates/theme/partials/languages/xx.html"
    place.parent.mkdir(parents=True)
    place.write_text("", "utf-8")
    assert said(tmp_path, f"{GOOD}theme: {{name: material, language: xx}}\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["not a mapping"]),
        ("5", ["not a mapping"]),
        ("plugins: [mlguide]", ['"site_name" is missing']),
        ("site_name: S", ['"plugins" is missing; add a line "plugins: [mlguide]"']),
        ("site_name: S\nplugins: [search]", ['the plugin "mlguide" is missing']),
        ("site_name: S\nplugins:\n  mlguide: {}\n  search: {}", []),
    ],
)
def test_what_is_missing_is_told(text: str, expected: list[str], tmp_path: Path) -> None:
    found = said(tmp_path, text)
    assert len(found) == len(expected)
    assert all(part in one for part, one in zip(expected, found, strict=True))


def test_size_is_limited(tmp_path: Path) -> None:
    good = f"{GOOD}docs_dir: build/pages\n"
    fill = MAX_SETTINGS_BYTES - len(good) - 1
    assert said(tmp_path, f"{good}#{'x' * fill}") == []
    assert said(tmp_path, f"{good}#{'x' * (fill + 1)}") == ["mkdocs.yml:1:1: larger than 256 KiB; shorten the file"]


def test_the_site_may_stand_in_a_folder_of_its_own_alone(tmp_path: Path) -> None:
    assert site_fault(tmp_path, tmp_path / "site") is None
    assert site_fault(tmp_path, tmp_path / "public" / "notes") is None
    (tmp_path / "README.md").touch()
    for name in (".", "..", "knowledge", "episodes/show", "build", "../other", "README.md", "README.md/site"):
        assert site_fault(tmp_path, tmp_path / name) is not None


def test_a_name_longer_than_any_file_has_is_told(tmp_path: Path) -> None:
    assert any(problem.startswith("mkdocs.yml:3:") for problem in said(tmp_path, f"{GOOD}site_dir: {'a' * 5000}\n"))


@pytest.mark.parametrize(
    "line", [f"theme: {{custom_dir: {'x' * 300}}}", 'docs_dir: "a\\0b"', 'site_dir: "a\\0b"', f"INHERIT: {'x' * 300}"]
)
def test_folders_with_impossible_names_are_reported(line: str, tmp_path: Path) -> None:
    found = said(tmp_path, f"{GOOD}{line}")
    assert line.startswith("INHERIT") or any("the name of a folder is too long or invalid" in one for one in found)


@pytest.mark.parametrize("listed", ["/", ".", "..", "episodes, ../kb"])
def test_a_watched_folder_that_contains_the_root_is_reported(listed: str, tmp_path: Path) -> None:
    root = tmp_path / "kb"
    root.mkdir()
    message = '"watch" contains the root or a folder above it; list only folders with source files'
    assert said(root, f"{GOOD}watch: [{listed}]") == [f"mkdocs.yml:3:8: {message}"]
    assert said(root, f"{GOOD}watch: [episodes, ../other]") == []


@pytest.mark.parametrize(
    "url", [r"http://a\x00b/", "https://a.example/?b=c", "https://a.example/#b", "https://me:key@a.example/"]
)
def test_an_address_that_is_not_the_base_of_pages_is_reported(url: str, tmp_path: Path) -> None:
    remedy = "write https:// and a host, and no space, user, file, query (?) or fragment (#)"
    expected = [f'mkdocs.yml:3:11: "{url}" is not the address of a site; {remedy}']
    assert said(tmp_path, f'{GOOD}site_url: "{url}"') == expected
    assert said(tmp_path, f"{GOOD}site_url: https://a.example/@b/") == []


def test_settings_that_inherit_from_themselves_are_reported_at_once(tmp_path: Path) -> None:
    missing = ['mkdocs.yml:1:1: "INHERIT" names a file that is missing or can\'t be read; correct its path']
    assert said(tmp_path, f"INHERIT: ../no.yml\n{GOOD}") == missing
    expected = ['mkdocs.yml:1:1: "INHERIT" includes more than 20 files; remove it']
    assert said(tmp_path, f"INHERIT: mkdocs.yml\n{GOOD}") == expected
    (tmp_path / "b.yml").write_text("INHERIT: './c.yml'\n")
    (tmp_path / "c.yml").write_text("INHERIT: b.yml # again\n")
    assert said(tmp_path, f"INHERIT: b.yml\n{GOOD}") == expected
    (tmp_path / "c.yml").write_text("copyright: me\n")
    assert said(tmp_path, f"INHERIT: b.yml\n{GOOD}") == []


def test_settings_that_inherit_an_endless_or_large_file_are_reported(tmp_path: Path) -> None:
    expected = ['mkdocs.yml:1:1: "INHERIT" includes a file that is larger than 256 KiB, or not regular; remove it']
    assert said(tmp_path, f"INHERIT: /dev/zero\n{GOOD}") == expected
    (tmp_path / "b.yml").write_text("# " + "x" * MAX_SETTINGS_BYTES)
    assert said(tmp_path, f"INHERIT: b.yml\n{GOOD}") == expected

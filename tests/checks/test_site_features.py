"""Tests of checks of the site's feature settings, and of entries that no episode mentions."""

from pathlib import Path

import pytest

from mlguide_site.editing.scaffold import init_root
from mlguide_site.pipeline import inspect


def test_pages_that_the_navigation_lacks_are_reported_where_mkdocs_would_warn(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    init_root(root, "T", "", None)
    (root / "pages/blog").mkdir(parents=True)
    for path in ("about.md", "blog/first.md"):
        (root / "pages" / path).write_text("---\ntitle: Page\n---\n\nText.\n", "utf-8")
    (found,) = inspect(root)
    assert (found.path, found.message) == ("mkdocs.yml", "nav doesn't list these pages: about.md, blog/first.md")
    settings = (root / "mkdocs.yml").read_text("utf-8")
    listed = settings.replace("\nnav:\n", "\nnav:\n  - More: [{About: about.md}]\n")
    (root / "mkdocs.yml").write_text(listed.replace("not_in_nav: |\n", "not_in_nav: |\n  /blog/\n"), "utf-8")
    assert not inspect(root)
    (root / "mkdocs.yml").write_text(settings.replace("omitted_files: warn, ", ""), "utf-8")
    assert not inspect(root)


def test_an_unreadable_note_is_no_reason_to_call_an_entry_unmentioned(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    init_root(root, "T", "", None)
    (root / "knowledge/series.yml").write_text("dun: {title: Dun}\n", "utf-8")
    (root / "knowledge/tools.yml").write_text("dibber: {name: Dibber}\n", "utf-8")
    note = root / "episodes/dun/dun-001.md"
    note.parent.mkdir()
    note.write_text("---\nid: dun-001\ntitle: Beans\n---\n\nWater them.\n", "utf-8")
    assert [one.message for one in inspect(root)] == ['no episode mentions the tool "dibber"']
    note.rename(tmp_path / "note.md")
    assert not inspect(root)  # in a root without episodes, that goes without saying
    note.write_text("---\nid: dun-001\ntitle: [Beans\n---\n\nUse the dibber.\n", "utf-8")
    assert [one.path for one in inspect(root)] == ["episodes/dun/dun-001.md"]


def settings_root(root: Path, plugins: str) -> str:
    """A new root, with the given lines in place of the plugins of its settings; the text before these lines."""
    init_root(root, "T", "", None)
    before = (root / "mkdocs.yml").read_text("utf-8").partition("plugins:\n")[0]
    (root / "mkdocs.yml").write_text(f"{before}{plugins}\n", "utf-8")
    return before


@pytest.mark.parametrize(
    ("plugins", "told"),
    [
        ("plugins:", '0:1: the plugin "mlguide" is missing; add an item "- mlguide"'),
        ("plugins: [{mlguide: {redirects: [a]}}]", '0:33: "redirects" must be a mapping, not a list; write lines'),
        ("plugins: [{mlguide: {foo: 1}}]", '0:22: unknown setting "foo"; remove the setting'),
        ("plugins: [{mlguide: {domain: http://x y}}]", '0:30: domain: "http://x y" is not a host name; write only'),
        ("plugins: [{mlguide: {media: ['*']}}]", '0:29: media: "*" is not a host; write an address'),
        (
            "plugins: [mlguide]\nextra_javascript: [assets/mlguide/grap.js]",
            '1:20: there is no file "assets/mlguide/grap.js"; did you mean "graph.js"?',
        ),
        ("plugins: [mlguide]\nexclude_docs: /tools/", "1:15: exclude_docs leaves out generated pages that other"),
        ("plugins: [mlguide]\ndraft_docs: /tools/", "1:13: draft_docs leaves out generated pages that other pages"),
        ("plugins: [mlguide]\nrepo_url: https://github.com/a/b", "1:11: hint: the content security policy blocks the"),
    ],
)
def test_what_builds_refuse_or_leave_out_is_told_at_the_setting(tmp_path: Path, plugins: str, told: str) -> None:
    before = settings_root(tmp_path / "kb", plugins)
    (found,) = inspect(tmp_path / "kb")
    line, _, rest = told.partition(":")
    assert str(found).startswith(f"mkdocs.yml:{before.count(chr(10)) + 1 + int(line)}:{rest}")


def test_inherited_settings_are_checked_too(tmp_path: Path) -> None:
    before = settings_root(tmp_path / "kb", "")
    (tmp_path / "kb/mkdocs.yml").write_text(f"INHERIT: ../base.yml\n{before}", "utf-8")
    (tmp_path / "base.yml").write_text("plugins: [{mlguide: {redirects: {old: nowhere}}}]\n", "utf-8")
    (found,) = inspect(tmp_path / "kb")
    assert str(found).startswith('mkdocs.yml:1:1: redirects: "nowhere" is not on this site')


def test_a_cookie_consent_that_the_policy_blocks_is_told(tmp_path: Path) -> None:
    before = settings_root(tmp_path / "kb", "plugins: [mlguide]")
    text = before.replace("extra: {generator: false}", "extra: {consent: {title: C, description: D}}")
    (tmp_path / "kb/mkdocs.yml").write_text(f"{text}plugins: [mlguide]\n", "utf-8")
    assert [one.message for one in inspect(tmp_path / "kb")] == [
        "the content security policy blocks the cookie consent"
    ]


def test_a_link_into_an_unreadable_knowledge_file_is_no_second_mistake(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    init_root(root, "T", "", None)
    (root / "pages/index-of-tools.md").write_text("---\ntitle: Us\n---\n\n[D](tools/dibber.md)\n", "utf-8")
    settings = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(
        settings.replace("not_in_nav: |\n", "not_in_nav: |\n  /index-of-tools.md\n"), "utf-8"
    )
    (root / "knowledge/tools.yml").write_text("dibber: {name: Dibber\n", "utf-8")
    assert [one.path for one in inspect(root)] == ["knowledge/tools.yml"]
    (root / "knowledge/tools.yml").write_text("", "utf-8")
    assert [one.path for one in inspect(root)] == ["pages/index-of-tools.md"]

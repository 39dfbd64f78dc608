"""The plugin's settings: pages that stand beside the navigation needn't be named by a root."""

import pytest
from mkdocs.config import load_config

from mlguide_site.editing.scaffold import root_files


@pytest.mark.parametrize("named", ["", 'not_in_nav: "/notes/"\n'])
def test_a_root_need_not_name_pages_beside_the_navigation(tmp_path, named) -> None:
    for path, data in root_files("T").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    settings = tmp_path / "mkdocs.yml"
    before, _, rest = settings.read_text("utf-8").partition("not_in_nav: |\n")
    own = rest.splitlines(keepends=True)
    patterns = [line.strip() for line in own[: next(at for at, line in enumerate(own) if line[:1] != " ")]]
    settings.write_text(before + named + "".join(own[len(patterns) :]), "utf-8")
    config = load_config(str(settings))
    config = config.plugins["mlguide"].on_config(config)
    assert config.not_in_nav is not None
    assert config.not_in_nav.match_file("notes/a.md") == bool(named)
    assert not config.not_in_nav.match_file("index.md")
    for pattern in patterns:
        page = pattern.replace("**", "a").replace("*", "b").removeprefix("/")
        assert config.not_in_nav.match_file(page if page.endswith(".md") else f"{page}c.md"), pattern

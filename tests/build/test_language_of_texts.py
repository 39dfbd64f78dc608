"""Tests of the language of texts: an episode in another language than the site's is marked in the built page."""

import re
import subprocess
import sys
from pathlib import Path

NOTE = "---\nid: s-00{0}\ntitle: A walk\nsummary: We walk.\nlanguage: {1}\n---\n\n## Start\n\nWe start *here*.\n"


def test_the_text_of_an_episode_in_another_language_has_its_language(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mlguide_site", "-C", str(tmp_path)]
    subprocess.run([*command, "init", "kb", "--title", "Wald"], check=True, capture_output=True)
    root = tmp_path / "kb"
    settings = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(re.sub(r"language: .*", "language: ar", settings, count=1), "utf-8")
    (root / "knowledge/series.yml").write_text("s: {title: S}\n", "utf-8")
    for number, language in ((1, "en"), (2, "ar")):
        path = root / f"episodes/s/s-00{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(NOTE.format(number, language), "utf-8")
    subprocess.run([*command[:-1], str(root), "build"], check=True, capture_output=True)
    foreign, own = ((root / f"site/episodes/s/s-00{number}/index.html").read_text("utf-8") for number in (1, 2))
    assert re.search(r'<div lang="en" dir="ltr">\s*<h1 id="a-walk">', foreign)
    assert re.search(
        r'<div lang="en" dir="ltr">\s*<h2 id="start">.*?We start <em>here</em>\.</p>\s*</div>', foreign, re.S
    )
    assert '<p class="mg-lead" lang="en" dir="ltr">' in foreign
    assert "<!--[" not in foreign and "]-->" not in foreign
    assert 'lang="en"' not in own
    assert "<!--" not in (root / "site/episodes/s/s-001/index.md").read_text("utf-8")

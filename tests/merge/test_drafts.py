"""Tests of checked drafts."""

from pathlib import Path

from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import shortened
from mlguide_site.merge.run import run_import

ITEM = "<item><title>%s</title><guid>%s</guid><pubDate>Tue, 02 Mar %s 06:00:00 GMT</pubDate></item>"


def test_shortened() -> None:
    assert shortened(["a", "b"]) == "a, b"
    assert shortened([str(n) for n in range(40)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 30 more"


def test_dates_in_the_future_are_reported_once_for_a_feed(tmp_path: Path) -> None:
    init_root(tmp_path / "kb", "T", "", None)
    items = "".join(ITEM % (title, title, year) for title, year in (("Reeds", 2021), ("Yarn", 2199), ("Wool", 2200)))
    (tmp_path / "feed.xml").write_text(f"<rss version='2.0'><channel><title>Loom</title>{items}</channel></rss>")
    report = run_import(tmp_path / "kb", [str(tmp_path / "feed.xml")])
    (found,) = [str(one) for one in report.problems if "future" in str(one)]
    assert '"Yarn" (2199-03-02), "Wool" (2200-03-02)' in found and "Reeds" not in found

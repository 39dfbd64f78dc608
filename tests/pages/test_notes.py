"""Tests of the links in notes."""

import time

from mlguide_site.pages.notes import destination
from pages.builder import make, note


def test_links_to_headings_need_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "\n\n".join(f"# h{at}\n\n[a](#h{count - 1})" for at in range(count))
        base = make({"series": {"s": {"title": "S"}}}, [note("s-001", text)])
        episode, start = base.linked.episodes["s-001"], time.process_time()
        assert {destination(use.href, episode, base.linked) for use in episode.document.links} == {f"#h{count - 1}"}
        return time.process_time() - start

    assert seconds(4000) < 10 * seconds(1000) + 0.1

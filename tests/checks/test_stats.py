"""Tests of statistics and of gaps in numbers."""

from mlguide_site.checks.stats import as_text, count


def test_a_small_root(linked):
    root = linked(
        {
            "knowledge/series.yml": "a: {title: Alpha, prefix: AL}\nb: {title: Beta}",
            "knowledge/tools.yml": "docker: {name: Docker}\nunused: {name: Kubernetes}",
            "knowledge/resources.yml": "group: {title: Group, children: {book: {title: A Book About It}}}",
            "knowledge/topics.yml": "ops: {name: Operations}",
            "a-001": "duration: '00:30:00'\ntopics: [ops]\n---\nDocker and docker compose.",
            "a-004": "duration: '01:00:00'\ntruncated: true\n---\nAL 1 again.",
            "a-005": "status: cancelled\n---\n",
        }
    )
    stats = count(root)
    alpha, beta = stats["series"]
    assert (alpha["episodes"], alpha["seconds"], alpha["cancelled"], alpha["truncated"]) == (3, 5400, 1, 1)
    assert alpha["missing"] == [2, 3]
    assert beta["episodes"] == 0
    kinds = {kind["kind"]: kind for kind in stats["kinds"]}
    assert (kinds["tool"]["mentions"], kinds["topic"]["mentions"]) == (1, 1)
    assert kinds["tool"]["unmentioned"] == ["unused"]
    assert kinds["resource"]["unmentioned"] == ["book"]
    assert stats["references"] == 1
    assert stats["orphans"] == ["a-005"]
    text = "\n".join(as_text(stats))
    assert "a (Alpha)" in text
    assert "002, 003" in text
    assert "topic     1        1         0" in text and "once for each entry that its notes or its front matter" in text

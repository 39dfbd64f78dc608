"""Examples of the functions in `mlguide_site.publish.markdown_copies`."""

from mlguide_site.publish.markdown_copies import markdown_path


def test_markdown_path() -> None:
    assert (markdown_path("tools/docker.md"), markdown_path("index.md")) == ("tools/docker/index.md", "index.md")
    assert markdown_path("tools/docker.md", False) == "tools/docker.md"

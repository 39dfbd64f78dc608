"""Examples of the functions in `mlguide_site.content.front_matter`."""

from mlguide_site.content.front_matter import FrontMatter, split_front_matter


def test_split_front_matter() -> None:
    assert (split_front_matter("---\nid: a-001\n---\n\nBody\n", "a.md")) == FrontMatter(
        yaml="id: a-001", yaml_line=2, body="Body\n", body_line=5
    )

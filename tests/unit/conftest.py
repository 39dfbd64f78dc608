"""What unit tests share: a small root made from a mapping."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.pipeline import examine


@pytest.fixture
def linked(tmp_path: Path) -> Callable[[Mapping[str, str]], LinkedCatalog]:
    """A linked catalog from texts by path; a key that is an id (`a-001`) stands for that note: its front matter but
    for id and title, a line `---`, and its body."""

    def make(texts: Mapping[str, str]) -> LinkedCatalog:
        for name, text in texts.items():
            path = name
            if "/" not in name:
                path = f"episodes/{name.split('-')[0]}/{name}.md"
                text = f"---\nid: {name}\ntitle: Title of {name}\n{text}\n"
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        examined = examine(tmp_path)
        errors = [str(problem) for problem in examined.problems if problem.severity == "error"]
        assert not errors, errors
        return examined.linked

    return make

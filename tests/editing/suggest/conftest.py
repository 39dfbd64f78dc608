"""Fixtures of suggestion tests. A root with a few notes and empty knowledge files is a mapping from path to text."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mlguide_site.editing.suggest.proposals import Proposal, propose
from mlguide_site.pipeline import examine

Write = Callable[[Mapping[str, str]], Path]
Suggest = Callable[..., tuple[Proposal, ...]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a root. An id (`a-001`) as a key stands for the note with that id; its text is the body."""

    def make(texts: Mapping[str, str]) -> Path:
        for name, text in {
            "mkdocs.yml": (
                "site_name: T\ndocs_dir: build/pages\ntheme: {name: material, font: false}\nplugins: [mlguide]\n"
            ),
            "knowledge/series.yml": "a: {title: Alpha}\n",
            **texts,
        }.items():
            path = name
            if "/" not in name and "." not in name:
                path, text = f"episodes/a/{name}.md", f"---\nid: {name}\ntitle: Notes\n---\n\n{text}\n"
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        return tmp_path

    return make


@pytest.fixture
def suggest(write: Write) -> Suggest:
    """Return the proposals for a root of such texts, or for bodies that are passed one by one."""

    def run(*bodies: str, **texts: str) -> tuple[Proposal, ...]:
        notes = {f"a-{number:03}": body for number, body in enumerate(bodies, 1)}
        named = {f"knowledge/{name}.yml": text for name, text in texts.items()}
        return propose(examine(write({**notes, **named}), drafts=True, texts=True).linked)

    return run

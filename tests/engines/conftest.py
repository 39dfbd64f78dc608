"""Fixtures of engine tests: the small knowledge base, built once by each engine with each kind of URL."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.root import ADDRESS, write
from mlguide_site import pipeline
from mlguide_site.build.engines import load_engine
from mlguide_site.build.pages import Job

Builds = Callable[[str, bool], Path]

FOREIGN = [
    'episodes/soup/soup-001.md:37:3: "[!NOTE]" is shown as text',
    'episodes/soup/soup-001.md:45:45: "==mark==" is shown as text',
]


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """`builds(engine, directories)` returns the site. With directory URLs, the site also has a configured URL."""
    made: dict[tuple[str, bool], Path] = {}

    def build(engine: str, directories: bool) -> Path:
        if engine != "mkdocs" and importlib.util.find_spec(engine) is None:
            pytest.skip(f"{engine} is not installed")
        if (engine, directories) not in made:
            root = write(tmp_path_factory.mktemp(engine) / "kb", ADDRESS if directories else "", directories)
            said: list[str] = []
            made[engine, directories] = load_engine(engine)(root, pipeline.build, Job(said.append))
            # markup of other programs, which all engines show as text
            assert [line.partition(";")[0] for line in said] == FOREIGN
        return made[engine, directories]

    return build

"""Tests of the first build of a preview, whatever earlier previews have left."""

from pathlib import Path

import pytest

from mlguide_site.build.preview.run import Log, run
from mlguide_site.errors import ResourceError
from mlguide_site.search import pagefind as search


class Site:
    """A site without pages to build. `finish` fails the given number of times."""

    def __init__(self, site: Path, failures: int) -> None:
        self.root = self.site = site
        self.config = None
        self.failures, self.finished = failures, 0

    def build(self) -> list[str]:
        return []

    def render_early(self, paths: object) -> list[str]:
        return []

    def finish(self) -> None:
        self.finished += 1
        if self.finished <= self.failures:
            raise ResourceError("feed.xml: No space left; free some space and run the command again")


@pytest.mark.parametrize("failures", [0, 1])
def test_pages_that_stand_already_get_what_belongs_to_them(tmp_path, monkeypatch, failures) -> None:
    indexed, said = [], []
    monkeypatch.setattr(search, "index", lambda site, _: indexed.append(site))
    maker = Site(tmp_path, failures)

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("Serving on"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(maker, ("127.0.0.1", 0), "/", Log(say), False)
    assert maker.finished == 1
    assert ("feed.xml: No space left; free some space and run the command again" in said) == bool(failures)
    assert not (failures and indexed)


@pytest.mark.parametrize("host", ["a\0b", "\u202e", "a" * 300])
def test_what_is_no_address_is_told(tmp_path: Path, host: str) -> None:
    with pytest.raises(ResourceError, match="mlguide serve --address"):
        run(Site(tmp_path, 0), (host, 80), "/", Log(str), browse=False)

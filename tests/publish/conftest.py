"""Fixtures of publishing tests: a small linked show."""

from collections.abc import Callable, Mapping

import pytest

from mlguide_site.linking.linked_catalog import LinkedCatalog
from publish.show import SHOW


@pytest.fixture
def show(linked: Callable[[Mapping[str, str]], LinkedCatalog]) -> LinkedCatalog:
    """The linked catalog of the show."""
    return linked(SHOW)

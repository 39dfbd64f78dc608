"""What tests of publishing share: a small show, linked."""

from collections.abc import Callable, Mapping

import pytest

from mlguide_site.linking.linked_catalog import LinkedCatalog
from publish.show import SHOW


@pytest.fixture
def show(linked: Callable[[Mapping[str, str]], LinkedCatalog]) -> LinkedCatalog:
    """The show, linked."""
    return linked(SHOW)

"""The settings of a site with English labels."""

from functools import partial

import mlguide_site.config
from conftest import CHECKOUT
from mlguide_site.content.resources import read_wording

ENGLISH = read_wording(CHECKOUT, "en")
Settings = partial(mlguide_site.config.Settings, wording=ENGLISH)

"""Structure of flattened notes, recovered by a model that scores whole segments."""

from mlguide_site.recovery.adaptation import adapt
from mlguide_site.recovery.markdown import Escaping
from mlguide_site.recovery.model import Model
from mlguide_site.recovery.recovery import Place, Recovered, Unsure, find_places, recover

__all__ = [
    "Escaping",
    "Model",
    "Place",
    "Recovered",
    "Unsure",
    "adapt",
    "find_places",
    "recover",
]

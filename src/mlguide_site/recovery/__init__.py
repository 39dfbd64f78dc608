"""Structure of flattened notes, recovered by a model that scores whole segments. The model needs numpy, which comes
with the extra `recovery`; reading markers that survived, and kinds of segments, don't."""

from importlib.util import find_spec


def is_installed() -> bool:
    """Whether the library that the model needs is there."""
    return find_spec("numpy") is not None

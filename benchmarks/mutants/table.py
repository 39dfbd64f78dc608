"""The modules to mutate, and the tests that must detect the changes, the fastest tests first."""

from collections.abc import Mapping

SANITISER = (
    "tests/markup/test_policy_tables.py",
    "tests/markup/test_policy.py",
    "tests/markup/test_tags.py",
    "tests/markup/test_addresses.py",
    "tests/markup/test_escape.py",
    "tests/markup/test_hostile.py",
    "tests/markup/test_golden.py",
    "tests/markup/test_parse.py",
    "tests/markup/test_serialize.py",
    "tests/threats/test_bodies.py",
)
MERGE = (
    "src/mlguide_site/merge/three_way.py",
    "tests/merge/test_three_way.py",
    "tests/merge/test_run_import.py",
)
TARGETS: Mapping[str, tuple[str, ...]] = {
    "mlguide_site.markdown.sanitiser": ("src/mlguide_site/markdown/sanitiser.py", *SANITISER),
    "mlguide_site.markdown.sanitise_inline": ("src/mlguide_site/markdown/sanitise_inline.py", *SANITISER),
    "mlguide_site.markdown.engine_escape": ("src/mlguide_site/markdown/engine_escape.py", *SANITISER),
    "mlguide_site.merge.three_way": MERGE,
}

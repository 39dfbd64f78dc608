"""Lists the licences of all packages that `requirements.lock` pins, from the metadata of the installed packages, and
the licences of the npm packages of which this repository contains parts.

Run as `python -m benchmarks.licences`. It writes `benchmarks/LICENCES.md`. The exit status is 1 if a licence isn't in
`ALLOWED` and the package isn't in `REVIEWED`.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE.parent / "requirements.lock"
VENDOR = HERE.parent / "tests" / "browser" / "vendor" / "package.json"
RESULTS = HERE / "LICENCES.md"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==(\S+)", re.M)
ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 MIT-CMU MPL-2.0 OFL-1.1 PSF-2.0 Zlib".split()
)
REVIEWED = {
    "frozendict": "LGPL-3.0-only: development only, used as it is",
    "merge3": "GPL-2.0-or-later: a dependency that users install themselves; whoever passes on both together passes on "
    "the whole under the GPL",
    "python-dateutil": "Apache-2.0 or BSD-3-Clause, as its licence file says",
    "text-unidecode": "Artistic License or GPL-2.0-or-later: used under the Artistic License",
}
"""Packages with other licences, and the reason why they may be used."""
BUNDLED = {"@fontsource/stix-two-math": "OFL-1.1", "axe-core": "MPL-2.0", "ts-fsrs": "MIT", "workbox-precaching": "MIT"}
"""The licences of the packages in `VENDOR`."""
_NAMES = {
    "apache": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "bsd license": "BSD",
    "bsd 3-clause license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mit licence": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
"""Maps licence names in older metadata, in lower case, to SPDX identifiers."""


def pinned(lock: str) -> list[tuple[str, str]]:
    """Return the names and versions in a lock file.

    >>> pinned("a-b==1.0 \\\\\\n    --hash=sha256:00\\n    # via c\\n")
    [('a-b', '1.0')]
    """
    return _PINNED.findall(lock)


def vendored() -> list[tuple[str, str]]:
    """Return the names and versions of the npm packages in `VENDOR`."""
    return list(json.loads(VENDOR.read_text("utf-8"))["dependencies"].items())


def licence(name: str) -> str:
    """Return the licence of an installed package, as an SPDX expression if possible, or "" if the package isn't
    installed."""
    try:
        data = metadata(name)
    except PackageNotFoundError:
        return ""
    classified = [one.rpartition(" :: ")[2] for one in data.get_all("Classifier") or () if one.startswith("License ::")]
    text = (data.get_all("License-Expression") or data.get_all("License") or [""])[0].strip()
    if not text or "\n" in text or len(text) > 60 or text == "UNKNOWN":
        text = classified[0] if classified else text.partition("\n")[0][:60]
    return str(_NAMES.get(text.casefold(), text))


def is_allowed(name: str, text: str) -> bool:
    """Return whether a package may be used: whether all parts of its licence, or one of the alternatives, are allowed.

    >>> is_allowed("a", "Apache-2.0 OR GPL-3.0"), is_allowed("a", "MIT AND GPL-3.0"), is_allowed("a", "")
    (True, False, False)
    """
    choices = [re.split(r" AND ", choice) for choice in re.split(r" OR ", text.strip("()"))]
    return name in REVIEWED or any(ALLOWED.issuperset(parts) for parts in choices)


def main() -> int:
    """Write the list. Return 1 if a licence isn't allowed."""
    found = [(name, version, licence(name)) for name, version in pinned(LOCK.read_text("utf-8"))]
    found += [(name, version, BUNDLED.get(name, "unknown")) for name, version in vendored()]
    rows = [f"| {name} | {REVIEWED.get(name) or text or 'not installed here'} |" for name, _, text in found]
    head = "# Licences of dependencies\n\nWritten by `python -m benchmarks.licences`, from the packages' metadata.\n"
    RESULTS.write_text("\n".join([head, "| package | licence |", "| --- | --- |", *rows, ""]), "utf-8")
    refused = [f"{name} {version}: {text}" for name, version, text in found if text and not is_allowed(name, text)]
    print("\n".join(refused) or f"{len(found)} packages, all licences allowed")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())

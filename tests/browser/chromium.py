"""Finds a Chromium for the tests; run as a script, installs one where it can and says what it does.

Chromium's headless shell is taken first: the same browser without windows, which goes through the tests in two thirds
of the time. Exit status 1 only in continuous integration (`CI=true`), where a missing browser is a failure and never a
skip.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
APT_GET = "apt-get"
PATIENCE = 300
"""Seconds until a package that doesn't come is given up."""


def executable() -> str | None:
    """The path of an installed Chromium or a relative of it; `CHROMIUM` in the environment wins."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if Path(place).exists()), None)


def launch_arguments() -> dict[str, object]:
    """What Playwright needs to start it: no sandbox where we are root, for Chromium refuses one there."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": executable(), "args": [*FLAGS, *(["--no-sandbox"] if root else [])]}


def in_ci() -> bool:
    """Whether this runs in continuous integration."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def can_install() -> bool:
    """Whether Debian's or Ubuntu's packages can be installed, as root."""
    return shutil.which(APT_GET) is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def install() -> None:
    """Install the headless shell, or the browser where neither can be found then."""
    _apt_get("update", "-qq")
    _install(SHELL)
    if executable() is None:
        _install("chromium")


def _install(package: str) -> None:
    print(f"Installing Chromium for the browser tests (apt-get install {package})", flush=True)
    _apt_get("install", "-y", "-qq", "--no-install-recommends", package)


def _apt_get(*words: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run([APT_GET, *words], env=quiet, stdout=subprocess.DEVNULL, timeout=PATIENCE, check=False)


def main() -> int:
    """Make a browser ready; 0 where the tests may start."""
    is_slow = in_ci() and "CHROMIUM" not in os.environ and shutil.which(SHELL) is None
    if can_install() and (is_slow or executable() is None):
        install()
    if found := executable():
        print(f"Browser tests use {Path(found).name}")
        return 0
    if in_ci():
        print("No Chromium was found and none could be installed; CI does not go on without", file=sys.stderr)
        return 1
    print("No Chromium was found: the browser tests are skipped. Install chromium, or set CHROMIUM to its path")
    return 0


if __name__ == "__main__":
    sys.exit(main())

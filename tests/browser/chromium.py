"""Finds Chromium for the browser tests. As a script, it installs Chromium where possible and reports the result.

Chromium's headless shell is preferred: it is the same browser without windows, and runs the tests in two thirds of the
time. The exit status is 1 only in continuous integration (`CI=true`): there, a missing browser is a failure, not a
reason to skip tests.
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
"""The maximum number of seconds for the installation of a package."""


def executable() -> str | None:
    """Return the path of an installed Chromium or related browser. The environment variable `CHROMIUM` takes
    precedence."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if Path(place).exists()), None)


def launch_arguments() -> dict[str, object]:
    """Return Playwright's launch options. The sandbox is disabled for the root user, because Chromium refuses to start
    otherwise."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": executable(), "args": [*FLAGS, *(["--no-sandbox"] if root else [])]}


def in_ci() -> bool:
    """Return whether the tests run in continuous integration."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def can_install() -> bool:
    """Return whether packages of Debian or Ubuntu can be installed. This needs `apt-get` and the root user."""
    return shutil.which(APT_GET) is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def install() -> None:
    """Install the headless shell. If no browser is found afterwards, install Chromium itself."""
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
    """Make a browser available. Returns 0 if the tests may start."""
    is_slow = in_ci() and "CHROMIUM" not in os.environ and shutil.which(SHELL) is None
    if can_install() and (is_slow or executable() is None):
        install()
    if found := executable():
        print(f"Browser tests use {Path(found).name}")
        return 0
    if in_ci():
        print("No Chromium was found and none could be installed; CI needs a browser", file=sys.stderr)
        return 1
    print("No Chromium was found: the browser tests are skipped. Install chromium, or set CHROMIUM to its path")
    return 0


if __name__ == "__main__":
    sys.exit(main())

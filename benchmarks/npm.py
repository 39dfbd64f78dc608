"""Installs tools from npm, each in a pinned version, into a folder that git ignores."""

import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent / "out" / "node"


def node_package(name: str, version: str) -> Path | None:
    """Return the folder of an installed package, or None if Node.js or npm is missing or the installation fails."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    home = FOLDER / f"{name}-{version}"
    package = home / "node_modules" / name
    if not (package / "package.json").is_file():
        print(f"Installing {name} {version} from npm", flush=True)
        home.mkdir(parents=True, exist_ok=True)
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(home)]
        command = [npm, "install", *options, f"{name}@{version}"]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            return None
    return package


def node_tool(name: str, version: str) -> Path | None:
    """Return the program that has the same name as its package, or None if it can't be installed."""
    package = node_package(name, version)
    program = package.parent / ".bin" / name if package else None
    return program if program and program.exists() else None

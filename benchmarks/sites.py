"""Builds sites of generated corpora for measurements in a browser."""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.corpus import write_root

FOLDER = Path(__file__).parent / "out" / "sites"


def built_site(episodes: int, seed: int = 1) -> Path:
    """Return the folder of a newly built site of a corpus."""
    root = FOLDER / str(episodes)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    write_root(root, episodes, seed)
    print(f"Building a site of {episodes} episodes", flush=True)
    program = Path(sys.executable).with_name("mlguide")
    subprocess.run([program, "build"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    return root / "site"

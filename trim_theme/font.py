"""Writes the glyphs of the font STIX Two Math that formulas need into `templates/assets/`, and the font's licence.

`make font` runs this script with pinned versions of fonttools and brotli, so the file is the same on every computer.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.npm import node_package

PACKAGE, VERSION = "@fontsource/stix-two-math", "5.3.0"
FONT = "files/stix-two-math-latin-400-normal.woff2"
ASSETS = Path(__file__).parents[1] / "templates" / "assets"
RANGES = ((0x20, 0x7E), (0xA0, 0xA0), (0x1D400, 0x1D467), (0x1D6FC, 0x1D71B))
"""ASCII, bold and italic Latin letters, and italic Greek letters. Browsers show a variable as an italic letter."""
SIGNS = (
    "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλμνξπρστυφχψωϕϵℎℏℓℒ𝒟𝒩𝒪ℕℤℚℝℂ𝔼ℙ¬±∓·×÷…⋯⋮⋱′‖∣∥−∑∏∫∮∂∇∞√∈∉∀∃∅∪∩⊂⊆⧵"
    "≈≠≤≥≪≫∼∝≡≅←→↔⇒⇔⟺↦⌊⌋⌈⌉⟨⟩∘•∗⋆⊙⊕⊗⊤⊥∧∨¯ˆ˜˙―⏞⏟≜"
)
TABLES = "--drop-tables+=GPOS,GSUB,GDEF"
OPTIONS = ("--flavor=woff2", "--no-hinting", "--layout-features=", TABLES, "--no-recalc-timestamp")


def main() -> int:
    """Write the font and its licence. Return 1 if npm or fonttools is missing or fails."""
    package = node_package(PACKAGE, VERSION)
    if package is None:
        print(f"{PACKAGE} {VERSION} could not be installed; install Node.js and npm", file=sys.stderr)
        return 1
    wanted = ",".join(f"{first:X}-{last:X}" for first, last in (*RANGES, *((ord(sign), ord(sign)) for sign in SIGNS)))
    output = f"--output-file={ASSETS / 'mathematics.woff2'}"
    command = [sys.executable, "-m", "fontTools.subset", str(package / FONT), f"--unicodes={wanted}", *OPTIONS, output]
    shutil.copyfile(package / "LICENSE", ASSETS / "mathematics-licence.txt")
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

"""Writes the glyphs of the font STIX Two Math that formulas need, and the font's licence, into `templates/assets/`.
Large root signs become as wide as the small one, because Chromium leaves space for the widest sign after each root.

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
    failed = subprocess.run(command, check=False).returncode
    return failed or narrow_roots(ASSETS / "mathematics.woff2")


def narrow_roots(path: Path) -> int:
    """Make all root signs of a font as wide as the smallest one. Return 0."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (only the environment of `make font` contains it)

    font = TTFont(path, recalcTimestamp=False)
    widths, glyphs, variants = font["hmtx"], font["glyf"], font["MATH"].table.MathVariants
    root = font.getBestCmap()[ord("√")]
    signs = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(root)]
    larger = {one.VariantGlyph for one in signs.MathGlyphVariantRecord} - {root}
    for name in sorted(larger | {part.glyph for part in signs.GlyphAssembly.PartRecords}):
        glyphs[name].coordinates.scale((widths[root][0] / widths[name][0], 1))
        glyphs[name].coordinates.toInt()
        glyphs[name].recalcBounds(glyphs)
        widths[name] = widths[root][0], glyphs[name].xMin
    font.save(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Writes the glyphs of the font STIX Two Math that formulas need, and the font's licence, into `templates/assets/`.
The rare ones, with the code points of `RARE`, are a file of their own, which few pages load. Large root signs become as
wide as the small one, because Chromium leaves space for the widest sign after each root.

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
RARE = "391-3A9,2100-210D,2112-214F,21A6-2200,2203-2205,2227-222A,2261,226A-22A5,2300-27FF,1D400-1D433,1D49C-1D56B"
"""Ranges of code points, as in the style sheet's `unicode-range`."""
TABLES = "--drop-tables+=GPOS,GSUB,GDEF"
OPTIONS = ("--flavor=woff2", "--no-hinting", "--layout-features=", TABLES, "--no-recalc-timestamp")


def main() -> int:
    """Write the font and its licence. Return 1 if npm or fonttools is missing or fails."""
    package = node_package(PACKAGE, VERSION)
    if package is None:
        print(f"{PACKAGE} {VERSION} could not be installed; install Node.js and npm", file=sys.stderr)
        return 1
    codes = [code for first, last in RANGES for code in range(first, last + 1)] + [*map(ord, SIGNS)]
    ranges = [[int(end, 16) for end in one.split("-")] for one in RARE.split(",")]
    rare = [code for code in codes if any(one[0] <= code <= one[-1] for one in ranges)]
    shutil.copyfile(package / "LICENSE", ASSETS / "mathematics-licence.txt")
    for name, wanted in {"mathematics": sorted({*codes} - {*rare}), "mathematics-rare": rare}.items():
        path = ASSETS / f"{name}.woff2"
        glyphs = f"--unicodes={','.join(f'{code:X}' for code in wanted)}"
        command = [sys.executable, "-m", "fontTools.subset", str(package / FONT), glyphs, *OPTIONS]
        if failed := subprocess.run([*command, f"--output-file={path}"], check=False).returncode:
            return failed
        trim_mathematics(path)
    return 0


def trim_mathematics(path: Path) -> None:
    """Make all root signs of a font as wide as the smallest one, and drop kerning, which browsers don't use."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (only the environment of `make font` contains it)

    font = TTFont(path, recalcTimestamp=False)
    widths, glyphs, mathematics = font["hmtx"], font["glyf"], font["MATH"].table
    mathematics.MathGlyphInfo.MathKernInfo = None
    if root := font.getBestCmap().get(ord("√")):
        variants = mathematics.MathVariants
        signs = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(root)]
        larger = {one.VariantGlyph for one in signs.MathGlyphVariantRecord} - {root}
        for name in sorted(larger | {part.glyph for part in signs.GlyphAssembly.PartRecords}):
            glyphs[name].coordinates.scale((widths[root][0] / widths[name][0], 1))
            glyphs[name].coordinates.toInt()
            glyphs[name].recalcBounds(glyphs)
            widths[name] = widths[root][0], glyphs[name].xMin
    font.save(path)


if __name__ == "__main__":
    sys.exit(main())

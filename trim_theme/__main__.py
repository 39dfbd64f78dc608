"""Writes the trimmed files of the installed mkdocs-material to `templates/trimmed`, with their origin and licence."""

import json
import shutil
import sys
from importlib.metadata import distribution

from mlguide_site.build.use_trimmed_theme import SOURCE, TRIMMED, file_digest
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.site_settings import theme_folder
from trim_theme.scripts import lean_script
from trim_theme.styles import lean

FILES = (("assets/stylesheets/main.*.min.css", lean), ("assets/javascripts/bundle.*.min.js", lean_script))
"""The paths of the theme's style sheet and script, and the function that trims each."""


def main() -> int:
    """Replace the trimmed files. Return 1 if the theme isn't installed."""
    theme, folder = theme_folder(), packaged_templates() / TRIMMED
    if theme is None:
        print("mkdocs-material is not installed", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    originals = {}
    for pattern, trim in FILES:
        for original in sorted(theme.glob(pattern)):
            path = original.relative_to(theme).as_posix()
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(trim(original.read_text("utf-8")), "utf-8")
            originals[path] = file_digest(original)
    material = distribution("mkdocs-material")
    source = {"package": "mkdocs-material", "version": material.version, "originals": originals}
    (folder / SOURCE).write_text(json.dumps(source, indent=1) + "\n", "utf-8")
    licence = next(file for file in material.files or () if file.name == "LICENSE")
    shutil.copyfile(str(material.locate_file(licence)), folder / "LICENSE")
    return 0


if __name__ == "__main__":
    sys.exit(main())

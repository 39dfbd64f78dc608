"""Runs the command line with `python -m mlguide_site`."""

from mlguide_site.cli.program import program

program()

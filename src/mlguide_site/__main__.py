"""`python -m mlguide_site`: the command line."""

from mlguide_site.cli.program import program

program()

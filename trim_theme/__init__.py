"""Trims the style sheet and the script of mkdocs-material. Run `make theme` after a new release is installed."""

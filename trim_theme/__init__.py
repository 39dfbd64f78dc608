"""Trims the style sheet and the script of mkdocs-material; run as `make theme` after a new release was installed."""

"""Checks of a root, and fixes of problems."""

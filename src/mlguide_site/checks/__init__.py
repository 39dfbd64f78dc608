"""Checks of a root, and fixes of what they find."""

"""Finds names in notes that have no knowledge entry, and drafts entries for them."""

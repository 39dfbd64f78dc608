"""Finds topics and names without a knowledge entry, and drafts entries for them."""

"""Finds names in notes that have no knowledge entry, and drafts entries for them.

The steps are `capitalised_runs`, `candidates`, `proposals` and `drafts`. The running time is linear in the length of
the notes.
"""

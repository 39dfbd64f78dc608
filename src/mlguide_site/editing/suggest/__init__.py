"""Finds names that have no knowledge entry, and drafts entries for these names.

`capitalised_runs` splits prose into words, and finds runs of capitalised words. `linking.tags` compares spellings of a
name. `candidates` collects the evidence for possible names, and `proposals` weighs and ranks the names. `drafts` writes
entries. The running time is linear in the total length of the notes.
"""

"""Suggestions: names in the texts without a knowledge entry, and drafts of entries for them.

`capitalised_runs` cuts texts into words and runs of capitals, `same_name` groups spellings of one name, `candidates`
collects the evidence for possible names, `proposals` weighs and ranks them, `drafts` writes entries. Time is linear in
the length of the texts.
"""

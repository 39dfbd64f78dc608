"""Suggestions: names that the texts use and no knowledge entry covers, and drafts of entries for them.

`capitalised_runs` cuts texts into words and runs of capitals, `same_name` tells spellings of one name, `candidates`
gathers what is known of possible names, `proposals` weighs and ranks them, `drafts` writes entries. Time is linear in
the length of the texts.
"""

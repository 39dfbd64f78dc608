"""Merges drafts from the importers into the files of a root, without losing edits that people made."""

"""Merges drafts from the importers into the files of a root, and keeps edits."""

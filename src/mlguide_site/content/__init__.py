"""Reads, validates, edits and writes the files of a root."""

"""Defines the values that packages share: records of files (`records`), the catalog, transcripts, ids and UI
strings."""

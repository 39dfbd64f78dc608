"""Defines the values that packages share: records, the catalog, transcripts, ids and UI strings."""

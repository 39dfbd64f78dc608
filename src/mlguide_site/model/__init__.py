"""The values that all rooms share: records of files (`records`), the catalog, transcripts, ids, and UI strings."""

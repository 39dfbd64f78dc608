"""The values that all packages share: records of files (`records`), the catalog, transcripts, ids, and UI strings."""

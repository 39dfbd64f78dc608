"""The values that all rooms share: records of files (`schema`), the catalog, transcripts, ids, and UI strings."""

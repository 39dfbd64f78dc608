"""A root on disk and its records: read, validated, edited and written."""

"""Code shared by the importers of several formats: records, and parsers of fields, titles and promotion."""

"""What the importers of several formats share: records, and the parsers of fields, titles and promotion."""

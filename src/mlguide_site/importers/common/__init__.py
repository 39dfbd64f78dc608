"""Code that several importers share, such as parsers of dates and titles, and a filter for promotion."""

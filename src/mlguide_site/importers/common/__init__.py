"""Code that several importers share, such as parsers of dates, titles and promotion."""

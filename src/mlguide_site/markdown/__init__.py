"""The Markdown parser, sanitiser and serialiser. All contributed text on a page has passed through this package."""

"""The Markdown parser, sanitiser and serialiser. All contributed text passes through this package."""

"""Markdown parser, sanitiser and serialiser. All contributed text passes through them on the way to a page."""

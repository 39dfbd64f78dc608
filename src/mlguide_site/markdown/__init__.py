"""Markdown in, syntax tree out, and back: the only way contributed text reaches a page."""

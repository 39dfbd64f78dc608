"""Generates files for other programs, such as feeds and Markdown copies."""

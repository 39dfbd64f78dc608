"""Finds mentions and references in notes, and resolves them to links, backlinks and related episodes."""

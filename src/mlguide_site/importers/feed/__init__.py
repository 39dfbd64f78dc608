"""Importer for RSS and Atom feeds with podcast elements (iTunes, Podcasting 2.0)."""

"""Feeds: RSS and Atom with the elements of podcasts (iTunes, Podcasting 2.0)."""

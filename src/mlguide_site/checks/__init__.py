"""Checks of a knowledge base, and fixes of problems."""

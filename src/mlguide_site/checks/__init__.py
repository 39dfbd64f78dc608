"""Checks of a knowledge base, and automatic fixes for problems."""

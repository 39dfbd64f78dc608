"""Measures how many of the names that `mlguide suggest` proposes are real."""

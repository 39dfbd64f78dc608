"""Measures how well the structure of flattened notes is recovered."""

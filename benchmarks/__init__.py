"""Benchmarks that compare our builds with a plain engine. They are not part of the package."""

"""Measurements of the build against a bare engine; nothing here is part of the package."""

"""Fetching a source over http or https, within stated limits. What was fetched is a value; nothing is kept here."""

from mlguide_site.fetch.http import MAX_BYTES, Fetched, Marks, fetch, is_web_address, without_password

__all__ = ["MAX_BYTES", "Fetched", "Marks", "fetch", "is_web_address", "without_password"]

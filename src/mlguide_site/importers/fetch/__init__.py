"""Fetching a source over http or https, within stated limits. What was fetched is a value; nothing is kept here."""

from mlguide_site.importers.fetch.addresses import (
    has_secrets,
    identity,
    public_address,
    without_password,
    without_secrets,
)
from mlguide_site.importers.fetch.http import MAX_BYTES, Fetched, Followed, Marks, fetch, follow, is_web_address

__all__ = [
    "MAX_BYTES",
    "Fetched",
    "Followed",
    "Marks",
    "fetch",
    "follow",
    "has_secrets",
    "identity",
    "is_web_address",
    "public_address",
    "without_password",
    "without_secrets",
]

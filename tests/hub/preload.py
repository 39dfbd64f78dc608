"""Lets the workers of the tests fetch feeds from this machine, where the test server is. Dask loads this file."""

from mlguide_site.merge import fetch

fetch.is_public = lambda _address: True

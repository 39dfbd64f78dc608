"""Lets the workers of the tests fetch feeds from this machine, where the test server is. Dask loads this file."""

from mlguide_site.merge import fetch


def dask_setup(_worker: object) -> None:
    """Allow all addresses. Dask calls this function in each worker."""
    fetch.is_public = lambda _address: True

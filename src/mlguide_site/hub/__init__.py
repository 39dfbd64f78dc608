"""Hubs: networks of shows. Each show is built as its own site, and the site of the hub joins what shows mention."""

HUB, SHOWS = "_hub", "shows"  # the folders of results in the store; no show can have the slug `_hub`
INSTALL = 'run this in the repository folder: python3 -m pip install ".[hub]"'  # the remedy if the extra is missing

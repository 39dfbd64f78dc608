"""Hubs: networks of shows. Each show has its own site. The hub's site joins entries that several shows mention."""

HUB, SHOWS = "_hub", "shows"  # the folders of results in the store; no show can have the slug `_hub`
INSTALL = 'run this in the repository folder: python3 -m pip install ".[hub]"'  # the remedy if the extra is missing

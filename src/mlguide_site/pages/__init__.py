"""The views of all pages, and how templates render them."""

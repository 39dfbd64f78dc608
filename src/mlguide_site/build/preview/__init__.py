"""The preview of a site: rebuilt on every edit, served, and updated in the browser."""

"""The preview of a site: built again on every edit, served, and loaded again by the browser where the reader was."""

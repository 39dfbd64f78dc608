"""The preview of a site, which is rebuilt after each edit, served, and updated in the browser."""

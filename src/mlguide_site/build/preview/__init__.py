"""Serves a preview of a site. After each edit, the site is rebuilt and the browser is updated."""

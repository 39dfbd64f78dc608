"""From rendered pages to a built site: cache, engines, preview."""

"""Views of all pages, and the renderer that turns a view into a page's Markdown."""

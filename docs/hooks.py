"""An MkDocs hook for the manual. Links to files outside `docs/` point to the repository, or become plain text if the
address of the repository is unknown."""

import re

from mkdocs.config.defaults import MkDocsConfig

OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+([A-Z]+\.md(?:#[\w-]+)?)\)")


def on_page_markdown(markdown: str, config: MkDocsConfig, **_: object) -> str:
    """Return the text of a page with links that work on the site."""
    target = rf"[\1]({config.repo_url.rstrip('/')}/blob/HEAD/\2)" if config.repo_url else r"\1"
    return OUTSIDE.sub(target, markdown)

"""The parts of mkdocs-material's style sheet and script that our pages don't use, and that `make theme` removes.

The parts are identified by the theme's own names: classes, components, selectors and texts in the script. Trimmed files
are used only if a site's settings need none of these parts (`mlguide_site.build.use_trimmed_theme`).
"""

CLASSES = tuple(
    "md-search md-annotation md-consent md-version md-feedback md-post md-author md-tag md-social md-banner md-source"
    " md-select md-pagination md-profile md-blog md-hero md-outdated md-footer__link md-footer__title"
    " md-footer__direction tabbed- critic keys key- grid mermaid arithmatex twemoji footnote lightbox".split()
)
"""Prefixes of classes in the style sheet."""
VARIABLES = tuple(
    "--md-search --md-annotation --md-version --md-source --md-mermaid --md-tag --md-tabbed --md-footnotes".split()
)
"""Prefixes of variables in the style sheet. Most of these are icons."""

COMPONENTS = frozenset({"consent", "search", "source", "announce", "progress"})
"""Components of the script that our pages don't have."""
SELECTORS = frozenset({".annotate:not(.highlight)", "pre.mermaid", "[data-tabs]", ".footnote-ref", "a"})
"""Selectors of the script that match nothing on our pages. Links have our own previews."""
CONDITIONS = frozenset({"md-code__content", "content.code.annotate"})
"""Texts in the conditions of functions for code blocks: selecting lines, and annotations."""
STATEMENTS = frozenset({"mike"})
"""Texts in statements that have no effect on our pages: several versions of a site."""
ROUTINES = frozenset({"link[rel=alternate]"})
"""Texts in functions that have no effect on our pages: sites in several languages."""

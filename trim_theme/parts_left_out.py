"""The parts of mkdocs-material's style sheet and script that no page of ours uses, and that `make theme` leaves out.

They are named as the theme's authors name them: by classes, components, selectors and texts in the script. Trimmed
files are used only where a site's settings need none of these parts (`mlguide_site.build.use_trimmed_theme`).
"""

CLASSES = tuple(
    "md-search md-annotation md-consent md-version md-feedback md-post md-author md-tag md-social md-banner md-source"
    " md-select md-pagination md-profile md-blog md-hero md-outdated md-footer__link md-footer__title"
    " md-footer__direction tabbed- critic keys key- grid mermaid arithmatex twemoji footnote lightbox".split()
)
"""Of the style sheet: classes that begin so."""

COMPONENTS = frozenset({"consent", "search", "source", "announce", "progress"})
"""Of the script: components that no page of ours has."""
SELECTORS = frozenset({".annotate:not(.highlight)", "pre.mermaid", "[data-tabs]", ".footnote-ref", "a"})
"""What it looks for in texts of ours in vain; links have previews of our own."""
CONDITIONS = frozenset({"md-code__content", "content.code.annotate"})
"""Texts in the conditions of what it does to code besides: selecting lines, notes within code."""
STATEMENTS = frozenset({"mike"})
"""Texts in statements that never come to anything: several versions of a site."""
ROUTINES = frozenset({"link[rel=alternate]"})
"""Texts in functions that never come to anything: sites in several languages."""

"""The terms of schema.org that pages use, as a JSON-LD context. Expanding linked data needs no other host.

Expanding drops unknown terms. This is how a test finds terms that don't belong to the vocabulary.
"""

SCHEMA = "https://schema.org/"
TYPES = (
    "AudioObject Book BreadcrumbList Course CreativeWork CreativeWorkSeries DefinedTerm DefinedTermSet "
    "LearningResource BlogPosting ListItem Person PodcastEpisode PodcastSeries SoftwareApplication WebSite"
).split()
WORDS = (
    "alternateName applicationCategory associatedMedia author breadcrumb contributor datePublished description "
    "duration encodingFormat episodeNumber inLanguage isAccessibleForFree isPartOf itemListElement jobTitle name "
    "partOfSeries position provider timeRequired"
).split()
ADDRESSES = "contentUrl image inDefinedTermSet item license mainEntityOfPage sameAs url".split()
CONTEXT = {
    "@context": {
        "@version": 1.1,
        **{name: SCHEMA + name for name in (*TYPES, *WORDS)},
        **{name: {"@id": SCHEMA + name, "@type": "@id"} for name in ADDRESSES},
    }
}

"""The terms of schema.org that pages use, as a JSON-LD context, so that expanding asks no other host.

A term that isn't here is dropped by the expansion, which is how a test finds that one is not of the vocabulary.
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

"""The glossary as a table of its own."""

from mlguide_site.content.site_settings import Origin
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import page_path, page_url
from mlguide_site.publish.exports.cells import csv_bytes, joined

COLUMNS = "term abbreviations aliases definition topics see page".split()


def glossary_csv(catalog: Catalog, origin: Origin) -> bytes:
    """A row for each term, by slug: topics and terms to see also by name; `page` is an address where the site has one.

    Lists are parted by a semicolon and a space.
    """
    topics, terms = catalog.topics, catalog.terms
    return csv_bytes(
        COLUMNS,
        (
            {
                "term": term.term,
                "abbreviations": joined(term.abbreviations),
                "aliases": joined(term.aliases),
                "definition": term.definition,
                "topics": joined(topics[topic].name for topic in term.topics if topic in topics),
                "see": joined(terms[other].term for other in term.see if other in terms),
                "page": term_address(slug, origin),
            }
            for slug, term in terms.items()
        ),
    )


def term_address(slug: str, origin: Origin) -> str:
    """The address of a term's page; empty where the site has none.

    >>> term_address("frond", Origin("Ferns", "https://a.example/")), term_address("frond", Origin("Ferns"))
    ('https://a.example/glossary/frond/', '')
    """
    return origin.address + page_url(page_path("term", slug), origin.directories) if origin.address else ""

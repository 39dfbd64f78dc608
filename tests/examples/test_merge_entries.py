"""Examples of the functions in `mlguide_site.merge.entries`."""

from mlguide_site.merge.entries import topic_slugs


def test_topic_slugs() -> None:
    assert dict(topic_slugs("nlp:\n  name: Natural language\n  aliases: [Text-mining]\n")) == {
        "nlp": "nlp",
        "natural language": "nlp",
        "text mining": "nlp",
    }

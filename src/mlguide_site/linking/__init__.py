"""Links: mentions, references, backlinks and related episodes."""

"""Links: mentions, references, backlinks, related episodes."""

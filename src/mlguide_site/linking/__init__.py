"""What texts name, joined: mentions, references, backlinks, related episodes."""

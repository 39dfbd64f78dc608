"""Commands that write to a root: init, new, rename, suggest."""

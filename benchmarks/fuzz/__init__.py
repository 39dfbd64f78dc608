"""Fuzzing of all parsers, with inputs from grammars and from changed examples, and with limits on time and memory."""

"""Fuzzing of every reader: seeded inputs from grammars and from mutated examples, under caps on time and memory."""

"""Mutation testing: small changes to critical modules, each of which must make a test fail."""

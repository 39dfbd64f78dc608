"""Structure of flattened notes: see `recovery.recover`."""

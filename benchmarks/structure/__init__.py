"""How well the structure of flattened notes is recovered."""

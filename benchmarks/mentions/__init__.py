"""How well names and references are found: texts marked by hand, and the command that measures against them."""

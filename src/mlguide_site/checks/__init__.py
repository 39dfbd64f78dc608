"""What is wrong with a root, and how it is fixed."""

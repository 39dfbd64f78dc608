"""Functions that take values and return files for other programs, such as feeds and Markdown copies. Builds import only
the modules that they need."""

"""Generates files for other programs, such as feeds and Markdown copies. A build imports only the modules that it
needs."""

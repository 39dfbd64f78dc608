"""The parts of the installed theme that a site's pages use."""

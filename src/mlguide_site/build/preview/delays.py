"""All delays of the preview, in seconds."""

PAUSE_IN_EDITS = 0.01  # edits with no longer pause between them are one burst, such as those of a tool
LONGEST_BURST = 0.4  # after which continuous edits are passed on
PAUSE_BEFORE_BUILD = 0.3  # without an edit, after which the full build follows the pages that were rendered early
LONGEST_DELAY_OF_BUILD = 3.0  # of continuous editing, after which it follows all the same
TOP_FILES = 0.1  # between two looks at the files at the top of the root, which are not watched
QUIET_STREAM = 15.0  # after which a browser gets a comment, so that the connection stays open

"""All delays of the preview, in seconds."""

PAUSE_IN_EDITS = 0.01  # edits that follow each other within this time are one burst, such as a tool's
LONGEST_BURST = 0.4  # a burst is reported after this time, even if edits continue
PAUSE_BEFORE_BUILD = 0.3  # time without edits between the first, quick rendering of pages and the full build
LONGEST_DELAY_OF_BUILD = 3.0  # the full build starts after this time, even if edits continue
TOP_FILES = 0.1  # interval at which files at the top of the root are polled, because they aren't watched
QUIET_STREAM = 15.0  # idle time after which a browser is sent a comment, to keep the connection open

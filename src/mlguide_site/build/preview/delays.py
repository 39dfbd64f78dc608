"""All delays of the preview, in seconds."""

PAUSE_IN_EDITS = 0.01  # edits that follow each other within this time are reported together, as one burst
LONGEST_BURST = 0.4  # a burst is reported after this time, even if edits continue
PAUSE_BEFORE_BUILD = 0.3  # time without edits before a build, if pages have already been rendered by `render_early`
LONGEST_DELAY_OF_BUILD = 3.0  # the build starts after this time, even if edits continue
TOP_FILES = 0.1  # the files at the top of the root are checked at this interval, because only folders are watched
QUIET_STREAM = 15.0  # after this idle time, the server sends a comment, so that the event stream stays open

"""What builds remember: results of slow steps under keys that hold all they depend on, in one file that may be deleted.

Only data is kept (numbers, texts, JSON), never code, and only in a file that this user's own builds have made. Whatever
is damaged, foreign or of another version is left aside: then everything is worked out anew, with the same result.
"""

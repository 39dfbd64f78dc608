"""What machines read of a site: feeds, linked data, `llms.txt`, Markdown copies, cards, the pages' policy. Values in,
bytes out. Each part is imported by itself: a build that makes one page needs few of them.
"""

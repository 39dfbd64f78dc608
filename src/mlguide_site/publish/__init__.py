"""Files for programs: feeds, linked data, `llms.txt`, Markdown copies, cards, the pages' policy. Values in, bytes out.
Each part is imported separately: a build of one page needs few of them.
"""

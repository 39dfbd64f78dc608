"""Notes in Markdown or plain text: HackMD, Obsidian and learning logs, read by one reader with a table of dialects."""

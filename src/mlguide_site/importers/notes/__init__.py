"""Importers for notes in Markdown or plain text: HackMD, Obsidian and learning logs. All dialects share one reader."""

"""Where something stands in a body: offsets and line numbers to line and column."""


class Places:
    """The lines of one body, split only once somebody asks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] | None = None

    def of_offset(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1.

        >>> Places("ab\\ncd").of_offset(4)
        (2, 2)
        """
        start = self._text.rfind("\n", 0, offset) + 1
        return self._text.count("\n", 0, start) + 1, offset - start + 1

    def of_text(self, needle: str, line: int, after: int = 0) -> tuple[int, int]:
        """Line and column of the first line of `needle`, looked for in line `line` from column `after` on, and in the
        few lines below; the line's first column where it is spelled otherwise there.

        >>> Places("ab\\ncd <x> <x>").of_text("<x>", 1), Places("ab").of_text("c", 1)
        ((2, 4), (1, 1))
        """
        if self._lines is None:
            self._lines = self._text.split("\n")
        needle = needle.split("\n", 1)[0]
        for number in range(line, min(line + 10, len(self._lines) + 1)):
            if (found := self._lines[number - 1].find(needle, after)) >= 0:
                return number, found + 1
            after = 0
        return line, 1

"""Detects notes that a source truncated at a maximum length, without a sign such as an ellipsis."""

from collections import Counter
from collections.abc import Sequence

from mlguide_site.markdown.plain import text_ends_whole

MIN_LIMIT = 120
ROUND = 250
LONG = 500
NEAR = 0.01  # how much shorter than the limit a truncated text may be, as a share of the limit
ENDING = 30  # how many characters at the end of a truncated text must be unique


def length_limit(lengths: Sequence[int]) -> int | None:
    """Return the length at which a source truncates its notes, or None. The limit is the maximum length if two long
    notes have this length, if three are within 1 % of it, or if it or the next number is round, such as 500."""
    top = max(lengths, default=0)
    near = sum(length >= top * (1 - NEAR) for length in lengths)
    is_round = any(size % ROUND == 0 or size in (256, 512, 1024, 2048, 4096) for size in (top, top + 1))
    is_shared = near >= 3 or (top >= LONG and Counter(lengths)[top] >= 2)
    return top if top >= MIN_LIMIT and (is_shared or is_round) else None


def truncated_texts(texts: Sequence[str]) -> tuple[bool, ...]:
    """Check for each text of a source whether it was truncated. A truncated text is within 1 % of the limit, ends
    within a sentence but not with a web address, and has a unique ending. The limit is in characters or in bytes."""
    texts = [text.strip() for text in texts]
    endings = Counter(text[-ENDING:] for text in texts)
    for lengths in ([len(text) for text in texts], [len(text.encode("utf-8", "surrogatepass")) for text in texts]):
        if top := length_limit(lengths):
            return tuple(
                length >= top * (1 - NEAR)
                and not (text_ends_whole(text) or "://" in text.split()[-1])
                and endings[text[-ENDING:]] == 1
                for length, text in zip(lengths, texts, strict=True)
            )
    return (False,) * len(texts)

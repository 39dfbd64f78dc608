"""Notes that a source cut without a mark: recognised by the length at which it cuts."""

from collections import Counter
from collections.abc import Callable, Sequence

from mlguide_site.markdown.plain import text_ends_whole

MIN_CEILING = 120
ROUND = 250
LONG = 500
NEAR = 0.01
ENDING = 30
_UNITS: tuple[Callable[[str], int], ...] = (
    len,
    lambda text: len(text.encode("utf-8", "surrogatepass")),
    lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
)


def ceiling(lengths: Sequence[int]) -> int | None:
    """The length at which a source cuts its notes; None where no such length shows.

    It is the greatest length, if three notes come within 1 % of it, or two long ones share it, or it is round (a
    multiple of 250, or a power of two from 256 to 4,096) or one less. Notes rarely do any of these by chance and end
    unfinished too.

    >>> ceiling([900, 5000, 4999, 5000]), ceiling([900, 3120, 2500]), ceiling([300, 4000])
    (5000, None, 4000)
    """
    top = max(lengths, default=0)
    if top < MIN_CEILING:
        return None
    near = sum(length >= top * (1 - NEAR) for length in lengths)
    if near >= 3 or (top >= LONG and Counter(lengths)[top] >= 2):
        return top
    rounded = {size for k in range(8, 13) for size in (2**k, 2**k - 1)}
    return top if top in rounded or top % ROUND == 0 or (top + 1) % ROUND == 0 else None


def cut_texts(texts: Sequence[str]) -> tuple[bool, ...]:
    """For each text of one source, whether the source cut it.

    It did where the length is within 1 % of the ceiling, no sentence ends, and no other text ends in the same words.
    Sources count characters, bytes or UTF-16 units; the first of these that shows a ceiling counts.

    >>> cut_texts(["word " * 200, "word " * 199 + "end.", "Short.", "word " * 199 + "stop"])
    (True, False, False, True)
    >>> cut_texts([f"{n} " * 60 + "Music by the house band, all rights reserved" for n in "abc"])
    (False, False, False)
    """
    texts = [text.strip() for text in texts]
    endings = Counter(text[-ENDING:] for text in texts)
    for size in _UNITS:
        lengths = [size(text) for text in texts]
        top = ceiling(lengths)
        if top is not None:
            return tuple(
                length >= top * (1 - NEAR) and not text_ends_whole(text) and endings[text[-ENDING:]] == 1
                for length, text in zip(lengths, texts, strict=True)
            )
    return (False,) * len(texts)

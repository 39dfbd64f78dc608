"""Directions as parts of a whole turn, from 0 at the right, clockwise as screens count.

The sine of the C library differs between systems in its last digit, which may round to another pixel; sums and products
of Python's floats do not (IEEE 754).
"""

_EIGHTH = 0.7853981633974483


def direction(turn: float) -> tuple[float, float]:
    """The point of the unit circle at a part of a turn; right to about nine digits.

    >>> [tuple(round(value, 6) + 0.0 for value in direction(turn)) for turn in (0, 0.25, 1 / 3, 0.625, -0.25)]
    [(1.0, 0.0), (0.0, 1.0), (-0.5, 0.866025), (-0.707107, -0.707107), (0.0, -1.0)]
    """
    eighths = (turn % 1.0) * 8
    number = int(eighths) % 8
    part = eighths - int(eighths)
    # in every other eighth the angle is measured from its end
    angle = (1 - part if number & 1 else part) * _EIGHTH
    square = angle * angle
    sine = angle * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72))))
    cosine = 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56 * (1 - square / 90))))
    long, short = cosine, sine
    x, y = (short, long) if number in (1, 2, 5, 6) else (long, short)
    return (-x if 2 <= number <= 5 else x, -y if number >= 4 else y)


def turn_of(x: float, y: float) -> float:
    """About the part of a turn at which a point lies, from 0 to 1, never off by more than an eightieth and rising with
    the angle: good enough to sort by. The centre lies at 0.

    >>> turn_of(1, 0), turn_of(0, 2), turn_of(-1, 0), turn_of(1, -1)
    (0.0, 0.25, 0.5, 0.875)
    """
    whole = abs(x) + abs(y)
    if not whole:
        return 0.0
    part = y / whole
    return ((2 - part if x < 0 else part) / 4) % 1.0

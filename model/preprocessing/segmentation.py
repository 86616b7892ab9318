"""How many marks stand side by side in an image: two digits at once are refused as such."""

import numpy as np

_PART = 0.2  # of all ink: what is less is a serif, a dot or a loose end, not a mark of its own
_SLANTS = (0.0, 0.2, 0.4, -0.2)  # columns a row, to the right towards the top: how handwriting leans
_CLEAR = 0.9  # ink in a column of final pixels: less is the edges of lines, not a line that crosses it


def parts_side_by_side(image: np.ndarray) -> int:
    """How many marks stand side by side, a gap between them, upright or slanting, and each a fair share of the ink.

    image: (28, 28), ink = 1. A digit is one, even one in pieces as long as they overlap from left to right.
    """
    y, x = np.nonzero(image)
    ink = image[y, x]
    most = 0
    for slant in _SLANTS:
        place = np.rint(x + slant * y).astype(int)
        columns = np.bincount(place - place.min(initial=0), ink)
        columns[columns < _CLEAR] = 0  # the edges of a gap are no marks: a dot is all edge
        marks = np.split(columns, np.flatnonzero(columns == 0))
        most = max(most, sum(int(mark.sum() > _PART * ink.sum()) for mark in marks))
    return most

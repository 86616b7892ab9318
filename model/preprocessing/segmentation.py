"""How many marks stand side by side in an image: two digits at once are refused as such."""

import numpy as np

from model.preprocessing.normalize import to_uint8

PART = 5  # a fifth of all ink: what is less is a serif, a dot or a loose end, not a mark of its own
SLANTS = (0, 1, 2, -1)  # fifths of a column a row, to the right towards the top: how handwriting leans
SLANT_STEPS = 5
CLEAR = 230  # of 255, ink in a column of final pixels: less is the edges of lines, not a line that crosses it


def parts_side_by_side(image: np.ndarray) -> int:
    """How many marks stand side by side, a gap between them, upright or slanting, and each a fair share of the ink.

    image: (28, 28), ink = 1. A digit is one, even one in pieces as long as they overlap from left to right.
    `assets/engine/segmentation.js` counts the same.
    """
    pixels = to_uint8(image)
    y, x = np.nonzero(pixels)
    ink = pixels[y, x].astype(int)
    most = 0
    for slant in SLANTS:
        place = x + (slant * y + SLANT_STEPS // 2) // SLANT_STEPS  # to the nearest column
        columns = np.bincount(place - place.min(initial=0), ink)
        columns[columns < CLEAR] = 0  # the edges of a gap are no marks: a dot is all edge
        at_gaps = columns.cumsum()[columns == 0]
        marks = np.diff(at_gaps, prepend=0, append=columns.sum())  # the ink from one gap to the next
        most = max(most, int(np.count_nonzero(PART * marks > ink.sum())))
    return most

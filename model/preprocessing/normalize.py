"""The form in which the network reads a digit: 28 × 28, ink = 1, as MNIST was made; and that form as bytes.

LeCun, Cortes & Burges, "The MNIST database": the digit, its aspect kept, is fitted into 20 × 20 pixels with
anti-aliasing, and placed in 28 × 28 so that its centre of mass is the centre of the field.

All of it is sums of whole numbers, so that `assets/engine/normalize.js` gives the same bytes.
"""

import numpy as np
from PIL import Image

from model.networks.dimensions import PIXELS

SIDE = PIXELS  # of the field, in final pixels
BOX = 20  # what the digit's longer side is fitted into
FINE = 8  # work at eight times the final resolution, then average: that is the anti-aliasing
SHEET = SIDE + 2 * (SIDE - BOX)  # room for shifting the centre of mass, on every side


def centred(sheet: np.ndarray | Image.Image) -> np.ndarray:
    """Cut 28 × 28 out of the sheet, the centre of mass in the middle, and average down.

    sheet: (h, w) uint8 at the fine resolution, ink = 255, or such a picture; its ink no larger than the field.
    Returns (28, 28) float32 in 0…1, multiples of 1/255; all zeros where there is no ink.
    """
    fine = np.asarray(sheet)
    rows, columns = (np.flatnonzero(fine.any(axis)) for axis in (1, 0))
    field = np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)
    if rows.size:
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        ink = fine[top:bottom, left:right]
        x, y = _corner(ink.sum(0, dtype=np.uint32)), _corner(ink.sum(1, dtype=np.uint32))
        field[-y : bottom - top - y, -x : right - left - x] = ink
    blocks = field.reshape(SIDE, FINE, SIDE * FINE).sum(1, dtype=np.uint16).reshape(SIDE, SIDE, FINE).sum(2)
    return to_float32((blocks + FINE * FINE // 2) // (FINE * FINE))


def _corner(ink: np.ndarray) -> int:
    """Where the field begins along one axis, counted from the first ink: the centre of mass in its middle.

    ink: (n,) sums, from the first ink to the last. It never leaves the field: a lone far mark pulls the centre of mass
    only as far as its box allows.
    """
    middle = int(ink @ np.arange(len(ink), dtype=np.int64)) // int(ink.sum())
    return min(max(middle - (SIDE * FINE // 2 - 1), len(ink) - SIDE * FINE), 0)


def to_uint8(image: np.ndarray) -> np.ndarray:
    """Ink in 0…1 as bytes, ink = 255, of any shape."""
    return np.rint(image * 255).astype(np.uint8)


def to_float32(pixels: np.ndarray) -> np.ndarray:
    """Bytes as ink in 0…1, float32, of any shape."""
    return pixels.astype(np.float32) / 255

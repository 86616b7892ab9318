"""The form in which the network reads a digit: 28 × 28, ink = 1, as MNIST was made; and that form as bytes.

LeCun, Cortes & Burges, "The MNIST database": the digit, its aspect kept, is fitted into 20 × 20 pixels with
anti-aliasing, and placed in 28 × 28 so that its centre of mass is the centre of the field.
"""

import numpy as np
from PIL import Image

from model.networks.dimensions import PIXELS

SIDE = PIXELS  # of the field, in final pixels
BOX = 20  # what the digit's longer side is fitted into
FINE = 8  # work at eight times the final resolution, then average: that is the anti-aliasing
SHEET = SIDE + 2 * (SIDE - BOX)  # room for shifting the centre of mass, on every side


def centred(sheet: Image.Image) -> np.ndarray:
    """Cut 28 × 28 out of the sheet, the centre of mass in the middle, and average down."""
    fine = np.asarray(sheet)
    # Where there is ink: eight columns at a time, as the bytes of one number. Only there anything is summed up.
    eights = fine.view(np.uint64)
    rows = np.bitwise_or.reduce(eights, 1).nonzero()[0]
    top, bottom = rows[0], rows[-1] + 1
    columns = np.bitwise_or.reduce(eights[top:bottom], 0).view(np.uint8).nonzero()[0]
    left, right = columns[0], columns[-1] + 1
    ink = fine[top:bottom, left:right].astype(np.float32)  # whose sums are exact, below 2 ** 24
    x = _corner(np.ones(bottom - top, np.float32) @ ink, left, right)
    y = _corner(ink @ np.ones(right - left, np.float32), top, bottom)
    return to_float32(np.asarray(sheet.reduce(FINE, (x, y, x + SIDE * FINE, y + SIDE * FINE))))


def _corner(ink: np.ndarray, low: int, high: int) -> int:
    """Where the field begins along one axis: the centre of mass of `ink`, which lies from low to high, in its middle.

    Ink never leaves the field: a lone far mark pulls the centre of mass only as far as its box allows.
    """
    middle = ink @ (np.arange(low, high) + 0.5) / ink.sum()
    return int(min(max(round(middle - SIDE * FINE / 2), high - SIDE * FINE), low))


def to_uint8(image: np.ndarray) -> np.ndarray:
    """Ink in 0…1 as bytes, ink = 255, of any shape."""
    return np.rint(image * 255).astype(np.uint8)


def to_float32(pixels: np.ndarray) -> np.ndarray:
    """Bytes as ink in 0…1, float32, of any shape."""
    return pixels.astype(np.float32) / 255

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
    fine = np.asarray(sheet, np.float32)
    total = fine.sum()
    corner = []
    for axis in (1, 0):
        middle = (fine.sum(1 - axis) @ (np.arange(fine.shape[axis]) + 0.5)) / total
        corner.append(round(middle - SIDE * FINE / 2))
    # Ink never leaves the field: a lone far mark pulls the centre of mass only as far as its box allows.
    left, top, right, bottom = sheet.getbbox()
    x = int(np.clip(corner[0], right - SIDE * FINE, left))
    y = int(np.clip(corner[1], bottom - SIDE * FINE, top))
    return np.asarray(sheet.crop((x, y, x + SIDE * FINE, y + SIDE * FINE)).reduce(FINE), np.float32) / 255


def to_uint8(image: np.ndarray) -> np.ndarray:
    """Ink in 0…1 as bytes, ink = 255, of any shape."""
    return np.rint(image * 255).astype(np.uint8)


def to_float32(pixels: np.ndarray) -> np.ndarray:
    """Bytes as ink in 0…1, float32, of any shape."""
    return pixels.astype(np.float32) / 255

"""Digits turned, sheared, stretched and moved at random.

After affNIST (Tieleman 2013, https://www.cs.toronto.edu/~tijmen/affNIST).
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from model.networks.dimensions import ROWS


@dataclass(frozen=True)
class Affine:
    """How much is varied at the most, either way; all by affNIST's amounts."""

    turn: float = np.radians(20)
    shear: float = 0.2  # pixels sideways a pixel down
    stretch: float = 0.2  # of each side
    field: int = 40  # pixels, the side of what the digit is then placed in


def varied(images: np.ndarray, rng: np.random.Generator, settings: Affine) -> np.ndarray:
    """Each turned, sheared and stretched at random about the middle: (n, 28, 28) ink in 0…1 to (n, 40, 40)."""
    most = np.array([settings.turn, settings.shear, settings.stretch, settings.stretch])
    turn, shear, tall, wide = (rng.uniform(-1, 1, (len(images), 4)) * most).T
    none, one = np.zeros_like(turn), np.ones_like(turn)
    cos, sin = np.cos(turn), np.sin(turn)
    # From the source to the result, (row, column): stretched first, then sheared, then turned.
    stretched = _matrices(1 + tall, none, none, 1 + wide)
    forward = _matrices(cos, sin, -sin, cos) @ _matrices(one, none, shear, one) @ stretched
    return resampled(images, np.linalg.inv(forward), np.zeros((len(images), 2)), settings.field)


def placed(images: np.ndarray, rng: np.random.Generator, side: int) -> np.ndarray:
    """Each moved by whole pixels to a place at random where all its ink is inside: (n, h, h) to (n, side, side).

    The few that are larger than that stand in the middle and lose what is outside.
    """
    return np.stack([_placed(image, rng, side) for image in images])


def _placed(image: np.ndarray, rng: np.random.Generator, side: int) -> np.ndarray:
    for axis in (0, 1):
        inked = np.flatnonzero(image.any(axis=1 - axis))
        first, last = (inked[0], inked[-1] + 1) if len(inked) else (0, 0)
        room = side - (last - first)
        before = rng.integers(room + 1) if room >= 0 else room // 2
        # Where the field begins in the image, which is given as much paper on both sides.
        begin = side + first - before
        padded = np.pad(image, [(side, side) if a == axis else (0, 0) for a in (0, 1)])
        image = padded.take(range(begin, begin + side), axis)
    return image


def resampled(images: np.ndarray, matrices: np.ndarray, shifts: np.ndarray, side: int = ROWS) -> np.ndarray:
    """The images at other places, between pixels by bilinear interpolation: (n, h, h) to (n, side, side).

    matrices, (n, 2, 2), and shifts, (n, 2): a pixel of the result, (row, column) from the middle, is that of the source
    at matrix · pixel + shift from the middle. Outside is no ink.
    """
    middle, source = np.full(2, (side - 1) / 2), np.full(2, (images.shape[1] - 1) / 2)
    offsets = source + shifts - matrices @ middle
    out = [
        ndimage.affine_transform(image, matrix, offset, (side, side), order=1)
        for image, matrix, offset in zip(images, matrices, offsets, strict=True)
    ]
    return np.stack(out)


def _matrices(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """(n, 2, 2) of their entries, (n,) each, row by row."""
    return np.stack([a, b, c, d], axis=1).reshape(-1, 2, 2)

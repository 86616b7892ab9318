"""What is done to a field of whole numbers, such as a picture's brightness: `assets/engine/fields.js` does the same."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

SLANT = 293  # thousandths of a regular octagon's width that a slanting side takes of it

Array = np.ndarray
Place = tuple[slice, slice]


class Shape(NamedTuple):
    """What the pixels of a patch are together like."""

    solid: float  # their number, by the area of a parallelogram that is spread likewise: 1 of one, 1.05 of an ellipse
    long: float  # 4 of a square or circle; of what is k times as long as wide about k² + 2


def smoothed(gray: Array) -> Array:
    """Sixteen times the mean over 3 × 3 pixels with weights 1 2 1."""
    around = np.pad(gray, 1, "edge")
    rows = around[:-2] + 2 * around[1:-1] + around[2:]
    return rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]


def closed(values: Array, width: int, paper: int | None) -> Array:
    """The closing by an octagon so wide, an odd number. Beyond its border the picture is paper, or as at its border."""
    reach = width // 2
    slanting = min((SLANT * reach + 500) // 1000, (reach - 1) // 2)  # the straight sides are no shorter than a pixel
    straight = reach - 2 * slanting
    how = {"mode": "edge"} if paper is None else {"constant_values": paper}
    around = np.pad(values.astype(np.int16), 2 * reach, **how)
    for pick in (np.maximum, np.minimum):
        # Lines in four directions, one after the other, are together an octagon.
        for down, right, length in ((0, 1, straight), (1, 0, straight), (1, 1, slanting), (1, -1, slanting)):
            around = _along(around, down, right, 2 * length + 1, pick)
    return around.astype(np.int64)


def _along(values: Array, down: int, right: int, length: int, pick: np.ufunc) -> Array:
    """The highest or lowest of so many in a row, wherever all of them lie in the picture, which so gets smaller."""
    seen = 1
    while seen < length:
        step = min(seen, length - seen)
        h, w = values.shape[0] - down * step, values.shape[1] - abs(right) * step
        first, second = max(0, -right * step), max(0, right * step)
        values = pick(values[:h, first : first + w], values[down * step :, second : second + w])
        seen += step
    return values


def quantile(counts: Array, percent: int) -> int:
    """The least value up to which so many of all lie. counts: of each value from 0 on."""
    return int(np.argmax(100 * counts.cumsum() >= percent * counts.sum()))


def otsu(counts: Array) -> int:
    """The least value of the upper of two classes, between which the variance is largest."""
    n, m = counts.cumsum().astype(float), (counts * np.arange(len(counts))).cumsum().astype(float)
    total, mass = n[-1], m[-1]
    apart = mass * n - total * m
    within = n * (total - n)
    return int(np.argmax(np.where(within > 0, apart * apart / np.maximum(within, 1), 0))) + 1


def border(values: Array) -> Array:
    """What is along the picture's border, some of it twice."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def edges(mask: Array, reach: int) -> Iterator[tuple[Place, Place, Array]]:
    """Where a mask, (h, w) bool, ends within so many pixels: upwards, downwards, to the left and to the right.

    Yields for each the part of a picture that lies within, the part so far beyond, and where of these the mask ends.
    """
    near, far, whole = slice(reach, None), slice(None, -reach), slice(None)
    for within, beyond in (
        ((near, whole), (far, whole)),
        ((far, whole), (near, whole)),
        ((whole, near), (whole, far)),
        ((whole, far), (whole, near)),
    ):
        yield within, beyond, mask[within] & ~mask[beyond]


def shape_of(patch: Array) -> Shape:
    """The shape of a patch, (h, w) bool, of which some is true, by its moments."""
    y, x = np.nonzero(patch)
    n = len(y)
    yy, xx, yx = (float(n * int((a * b).sum()) - int(a.sum()) * int(b.sum())) for a, b in ((y, y), (x, x), (y, x)))
    # A parallelogram's area is 12 times the root of the determinant of its covariance, which here is n⁴ times as large.
    determinant = max(yy * xx - yx * yx, 1.0)
    return Shape(float(n * n * n) / (12 * float(np.sqrt(determinant))), (yy + xx) * (yy + xx) / determinant)


def twice_hull(patch: Array) -> int:
    """Twice the area of the convex hull of a patch's pixels, by a monotone chain (Andrew 1979). patch: (h, w) bool."""
    rows = np.flatnonzero(patch.any(1))
    first, last = patch[rows].argmax(1), patch.shape[1] - patch[rows, ::-1].argmax(1)
    area = 0
    for ends, sign in ((first, 1), (last, -1)):
        chain: list[tuple[int, int]] = []
        for x, y in ((int(end), int(row) + below) for end, row in zip(ends, rows, strict=True) for below in (0, 1)):
            while len(chain) > 1 and sign * _turn(chain[-2], chain[-1], (x, y)) >= 0:
                chain.pop()
            chain.append((x, y))
        area -= sign * sum((a[0] + b[0]) * (b[1] - a[1]) for a, b in pairwise(chain))
    return area


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    """Above 0 when the way from a over b to c turns to the right, where y points down."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])

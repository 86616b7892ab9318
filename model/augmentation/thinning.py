"""Images of digits redrawn with the page's pen: thinned to a line, and the line drawn with a round pen.

So the network learns the handwriting of the about 250 people who wrote MNIST's training images also as the page would
show it.
"""

import numpy as np
import tensorflow as tf

from model.networks.dimensions import PIXELS, ROWS
from model.preprocessing.normalize import to_uint8

FINE = 4  # work at four times the resolution
INK = 110  # of 255: from here on a pixel belongs to the line
PASSES = 9  # a pass takes a pixel off on each side, and no line of MNIST is wider than 18
WIDTHS = 12  # of the pen, evenly from the thinnest to the widest

_CHUNK = 500  # images at once, at the most


def redrawn(images: np.ndarray, seed: int, pens: tuple[float, float]) -> np.ndarray:
    """Each image with its lines redrawn by a pen of random width: (n, 28, 28) uint8, ink = 255, to the same.

    pens: the thinnest and the widest, in pixels of the image.
    """
    widths = np.linspace(*pens, WIDTHS)
    chosen = np.random.default_rng(seed).integers(WIDTHS, size=len(images))
    chunk = min(_CHUNK, np.bincount(chosen).max(initial=1))
    result = np.empty_like(images)
    for pen, width in enumerate(widths):
        which = np.flatnonzero(chosen == pen)
        disc = tf.constant(_disc(width * FINE / 2))
        for start in range(0, len(which), chunk):
            part = which[start : start + chunk]
            full = np.pad(images[part], ((0, chunk - len(part)), (0, 0), (0, 0)))  # one shape, compiled once
            result[part] = to_uint8(_draw(_thin(_mask(full)), disc).numpy()[: len(part)])
    return result


def _mask(images: tf.Tensor) -> tf.Tensor:
    large = tf.image.resize(tf.constant(images)[..., None], (ROWS * FINE, PIXELS * FINE), "bicubic")
    return (large > INK)[..., 0]


@tf.function(jit_compile=True)
def _thin(mask: tf.Tensor) -> tf.Tensor:
    """The lines one pixel wide (Zhang & Suen 1984, doi 10.1145/357994.358023): (n, h, w) bool to the same."""
    for _ in tf.range(PASSES):
        for odd in (False, True):
            around = tf.pad(mask, [[0, 0], [1, 1], [1, 1]])
            h, w = mask.shape[1:]
            places = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))  # clockwise from the north
            ring = [around[:, y : y + h, x : x + w] for y, x in places]
            north, _, east, _, south, _, west, _ = ring
            neighbours = tf.add_n([tf.cast(pixel, tf.int32) for pixel in ring])
            starts = [~pixel & after for pixel, after in zip(ring, ring[1:] + ring[:1], strict=True)]
            ends = tf.add_n([tf.cast(start, tf.int32) for start in starts]) == 1
            sides = north & west & (east | south) if odd else east & south & (north | west)
            mask &= ~((neighbours >= 2) & (neighbours <= 6) & ends & ~sides)
    return mask


def _draw(lines: tf.Tensor, disc: tf.Tensor) -> tf.Tensor:
    ink = tf.nn.conv2d(tf.cast(lines, tf.float32)[..., None], disc[..., None, None], 1, "SAME")
    return tf.nn.avg_pool2d(tf.minimum(ink, 1.0), FINE, FINE, "VALID")[..., 0]


def _disc(radius: float) -> np.ndarray:
    """The pen's tip: 1 inside the radius, falling to 0 within a pixel."""
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.clip(radius + 0.5 - np.hypot(y, x), 0, 1).astype(np.float32)

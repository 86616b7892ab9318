"""Random distortions of images for training.

Small affine maps and smooth displacement: Simard, Steinkraus & Platt 2003, doi 10.1109/ICDAR.2003.1227801.
Random numbers are stateless: the same images and seed give the same result.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import tensorflow as tf

from model.networks.dimensions import PIXELS, ROWS


@dataclass(frozen=True)
class Elastic:
    """How much is distorted at the most."""

    turn: float = 0.2  # radians, either way
    stretch: float = 0.12  # of each side, either way
    shear: float = 0.2  # pixels sideways a pixel down, either way
    shift: float = 1.5  # pixels, either way
    wobble: float = 0.8  # pixels, standard deviation of the smooth displacement at its knots
    knots: int = 5  # the smooth displacement is drawn on 5 by 5 knots and interpolated
    thicken: float = 0.4  # the largest share of a one-pixel dilation mixed in
    thin: float = 0.25  # the largest share of a one-pixel erosion mixed in
    gamma: float = 0.5  # the exponent on the ink is e to the power of at most this, either way


def distort(images: tf.Tensor, seed: tf.Tensor, settings: Elastic, strength: tf.Tensor | float = 1.0) -> tf.Tensor:
    """Each image distorted at random: (n, 28, 28) ink in 0…1 to the same.

    seed: (2,) int32. strength: what all amounts of the settings are multiplied by.
    """
    bend_seed, pen_seed, gamma_seed = tf.unstack(tf.random.split(seed, 3))
    images = _bend(images, bend_seed, settings, strength)
    images = _pen(images, pen_seed, settings, strength)
    return _gamma(images, gamma_seed, settings, strength)


def _bend(images: tf.Tensor, seed: tf.Tensor, settings: Elastic, strength: tf.Tensor | float) -> tf.Tensor:
    """A random affine map and a smooth displacement, resampled once."""
    n = tf.shape(images)[0]
    affine_seed, wobble_seed = tf.unstack(tf.random.split(seed, 2))
    most = [settings.turn, *[settings.stretch] * 2, settings.shear, *[settings.shift] * 2]
    turn, tall, wide, shear, down, across = tf.unstack(
        strength * tf.random.stateless_uniform((6, n), affine_seed, -1.0, 1.0) * tf.constant(most)[:, None]
    )
    cos, sin = tf.cos(turn), tf.sin(turn)
    tall, wide = 1 + tall, 1 + wide
    # For each pixel of the result, the place in the source: turned, after shear, after stretch.
    matrix = tf.stack([cos * tall, -sin * wide, sin * tall + shear * cos, cos * wide - shear * sin], axis=1)
    moved = tf.reshape(matrix, (n, 2, 2)) @ _GRID + tf.stack([down, across], axis=1)[:, :, None]  # (n, 2, 784)
    knots = tf.random.stateless_normal((n, 2, settings.knots**2), wobble_seed)
    wobble = strength * settings.wobble * knots @ _spread(settings.knots)  # (n, 2, 784)
    return _sample(images, moved + wobble + _CENTRE)


def _sample(images: tf.Tensor, places: tf.Tensor) -> tf.Tensor:
    """The images at other places, between pixels by bilinear interpolation. places: (n, 2, 784), row and column."""
    n = tf.shape(images)[0]
    # A border of empty pixels: whatever falls outside reads as no ink.
    padded = tf.reshape(tf.pad(images, [[0, 0], [1, 1], [1, 1]]), [-1])
    side = ROWS + 2
    places = tf.clip_by_value(places + 1, 0.0, side - 1.001)
    corner = tf.floor(places)
    row, column = tf.unstack(places - corner, axis=1)  # (n, 784), how far on the way to the next pixel
    whole = tf.cast(corner, tf.int32)
    first = whole[:, 0] * side + whole[:, 1] + tf.range(n)[:, None] * side * side
    above = (1 - column) * tf.gather(padded, first) + column * tf.gather(padded, first + 1)
    below = (1 - column) * tf.gather(padded, first + side) + column * tf.gather(padded, first + side + 1)
    return tf.reshape((1 - row) * above + row * below, (n, ROWS, PIXELS))


def _pen(images: tf.Tensor, seed: tf.Tensor, settings: Elastic, strength: tf.Tensor | float) -> tf.Tensor:
    """Thicker or thinner lines: a mixture with the grey dilation, or with the grey erosion."""
    images = images[..., None]
    thick = tf.nn.max_pool2d(images, 3, 1, "SAME")
    thin = -tf.nn.max_pool2d(-images, 3, 1, "SAME")
    shape = (tf.shape(images)[0], 1, 1, 1)
    amount = strength * tf.random.stateless_uniform(shape, seed, -settings.thin, settings.thicken)
    changed = images + tf.nn.relu(amount) * (thick - images) + tf.nn.relu(-amount) * (thin - images)
    return changed[..., 0]


def _gamma(images: tf.Tensor, seed: tf.Tensor, settings: Elastic, strength: tf.Tensor | float) -> tf.Tensor:
    """Lighter or darker grey, by an exponent."""
    shape = (tf.shape(images)[0], 1, 1)
    exponent = tf.exp(strength * tf.random.stateless_uniform(shape, seed, -settings.gamma, settings.gamma))
    return tf.clip_by_value(images, 0.0, 1.0) ** exponent


@cache
def _spread(knots: int) -> np.ndarray:
    """(knots², 784): how much each knot moves each pixel. A cubic through the knots, as tf.image.resize draws it."""
    each = np.eye(knots**2, dtype=np.float32).reshape(-1, knots, knots, 1)
    with tf.init_scope():  # an array, also where a compiled function asks for it
        return tf.image.resize(each, (ROWS, PIXELS), "bicubic").numpy().reshape(knots**2, ROWS * PIXELS)


_CENTRE = np.float32([[(ROWS - 1) / 2], [(PIXELS - 1) / 2]])
_GRID = np.indices((ROWS, PIXELS)).reshape(2, -1).astype(np.float32) - _CENTRE  # (2, 784), row and column

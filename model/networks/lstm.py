"""The network: 28 rows of 28 pixels, one LSTM of 128 units, a linear readout to 10 classes.

The same cell stands here twice, on purpose. `build` is Keras's own, which learns. `read_rows` is the textbook's,
which shows its work: every gate, candidate, cell and hidden state at every row. The tests hold one against the other.

Hochreiter & Schmidhuber 1997, doi 10.1162/neco.1997.9.8.1735; the forget gate: Gers, Schmidhuber & Cummins 2000,
doi 10.1162/089976600300015015; its bias of 1: Jozefowicz, Zaremba & Sutskever 2015.
"""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from model.networks.dimensions import CLASSES, PIXELS, ROWS, UNITS

FREE = -1.0
"""In `hold`: this gate of this unit at this row is the network's own."""


class Weights(NamedTuple):
    """All that was learned. Keras keeps the four kernels side by side in the order i, f, g, o."""

    kernel: np.ndarray  # (28, 4 * 128) from the row's pixels
    recurrent_kernel: np.ndarray  # (128, 4 * 128) from the hidden state
    bias: np.ndarray  # (4 * 128,)
    readout_kernel: np.ndarray  # (128, 10)
    readout_bias: np.ndarray  # (10,)

    @classmethod
    def shapes(cls) -> "Weights":
        """The shape of each array, in the same order."""
        gates = 4 * UNITS
        return cls((PIXELS, gates), (UNITS, gates), (gates,), (UNITS, CLASSES), (CLASSES,))


class Rows(NamedTuple):
    """What `read_rows` gives for n images, one value a unit or a class at every row. The first six are the trace."""

    input_gate: tf.Tensor  # (28, n, 128)
    forget_gate: tf.Tensor  # (28, n, 128)
    candidate: tf.Tensor  # (28, n, 128)
    output_gate: tf.Tensor  # (28, n, 128)
    cell: tf.Tensor  # (28, n, 128)
    hidden: tf.Tensor  # (28, n, 128)
    logits: tf.Tensor  # (28, n, 10) the readout applied to the hidden state after each row
    memory: tf.Tensor  # (28, n, 128) how much of what each row wrote into the cell is left after the last row
    added: tf.Tensor  # (28, n, 128) what each row adds to the last hidden state
    evidence: tf.Tensor  # (28, n, 10) what each row adds to each of the last logits


def build() -> keras.Model:
    """The network as Keras builds it, untrained: (n, 28, 28) ink in 0…1 to (n, 10) logits."""
    image = keras.Input((ROWS, PIXELS), name="image")
    hidden = keras.layers.LSTM(UNITS, unit_forget_bias=True, name="lstm")(image)
    logits = keras.layers.Dense(CLASSES, name="readout")(hidden)
    return keras.Model(image, logits, name="gatescope")


def read_rows(
    weights: Weights, images: tf.Tensor, hold: tf.Tensor, heard: tf.Tensor, of: tf.Tensor | None = None
) -> Rows:
    """The LSTM, row by row, as the field writes it.

    images: (n, 28, 28) ink in 0…1. hold: (28, 3, 128), for each of GATES at each row a value for every unit, or FREE;
    (28, 3, n, 1) to hold each image's own alike for all units. heard: (128,), 0 for a unit whose hidden output is
    silenced, else 1; or (n, 128). of: (3, n, 128), False where hold does not reach the gate of a unit.
    """
    W, U, b, V, d = weights

    def is_free(held: tf.Tensor) -> tf.Tensor:
        return held == FREE if of is None else (held == FREE) | ~of

    def cell(before: tuple, now: tuple) -> tuple:
        *_, c, h = before
        x, held = now
        i, f, g, o = tf.split(x @ W + h @ U + b, 4, axis=1)  # each (n, 128)
        i, f, o = (
            tf.where(free, tf.sigmoid(gate), value)
            for gate, value, free in zip((i, f, o), tf.unstack(held), tf.unstack(is_free(held)), strict=True)
        )
        g = tf.tanh(g)
        c = f * c + i * g
        h = o * tf.tanh(c) * heard
        return i, f, g, o, c, h

    nothing = tf.zeros((tf.shape(images)[0], UNITS))
    rows = tf.transpose(images, (1, 0, 2))  # (28, n, 28)
    i, f, g, o, c, h = tf.scan(cell, (rows, hold), initializer=(nothing,) * 6)
    memory = tf.math.cumprod(f, axis=0, exclusive=True, reverse=True)
    added = what_rows_add(memory * i * g, o[-1] * heard)
    return Rows(i, f, g, o, c, h, logits=h @ V + d, memory=memory, added=added, evidence=added @ V)


def what_rows_add(left: tf.Tensor, last_o: tf.Tensor) -> tf.Tensor:
    """What each row adds to the last hidden state, (28, n, 128): exact, and it sums to that state.

    Murdoch & Szlam 2017, arXiv 1702.02540. left: (28, n, 128), what remains at the end of the i·g that each row wrote,
    which is that times the forget gates of all later rows. Their running sum, C, ends as the last cell.
    """
    C = tf.cumsum(left, axis=0)
    before = tf.concat([tf.zeros_like(C[:1]), C[:-1]], axis=0)
    return last_o * (tf.tanh(C) - tf.tanh(before))

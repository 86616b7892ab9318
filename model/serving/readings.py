"""Batched reading: drawings that wait at the same time are read in one pass of the network.

A pass over eight images takes about as long as three over one, since at every row the weights are fetched once. What
is asked for while the server is busy with something else waits for the next pass, so nobody waits for company.
"""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from model.networks import readout
from model.networks.dimensions import CLASSES, GATES, PIXELS, ROWS, UNITS
from model.networks.lstm import FREE, read_rows
from model.reader import NOTHING_HELD, Reader, heard_units, held_gates
from model.serving import reply
from model.serving.request import Request

BATCH = 8  # images in a pass

_SAID = 1 + CLASSES  # numbers before the gates: the score, and the probabilities
_FINE = 8  # parts of a step of 16 bits in which sums are kept: exact in float32 for 28 rows


class _Waiting(NamedTuple):
    """An image to read, and whoever waits for it."""

    image: np.ndarray  # (28, 28)
    hold: np.ndarray  # (28, 3)
    of: np.ndarray  # (3, 128)
    heard: np.ndarray  # (128,)
    reading: asyncio.Future[tuple[reply.Said, bytes]]


class Readings:
    """Answers requests from within one event loop. What it reads is the same whatever else is read beside it."""

    def __init__(self, reader: Reader) -> None:
        """Compile the pass with the network of this reader."""
        self._reader = reader
        self._waiting: list[_Waiting] = []
        signature = [
            tf.TensorSpec((BATCH, ROWS, PIXELS)),
            tf.TensorSpec((BATCH, ROWS, len(GATES))),
            tf.TensorSpec((BATCH, len(GATES), UNITS), tf.bool),
            tf.TensorSpec((BATCH, UNITS)),
        ]
        self._pass = tf.function(
            self._read_batch, input_signature=signature, jit_compile=True, autograph=False
        ).get_concrete_function()
        self._pass(*(tf.zeros(spec.shape, spec.dtype) for spec in signature))  # compiles

    async def answer(self, request: Request) -> bytes:
        """The reading that is asked for, as `reply` describes it.

        With an experiment on the network, what it reads untouched too. Raises ValueError, with a sentence for people,
        when there is no such unit to silence.
        """
        if request.full:
            return self.in_full(request)
        asked = [self._read(request.image, *_rows_and_units(request.hold), heard_units(request.silence))]
        if request.is_experiment:
            asked.append(self._read(request.image, *_rows_and_units({}), heard_units(())))
        said, gates = await asked[0]
        untouched = (await asked[1])[0] if request.is_experiment else None
        return reply.compact(said, untouched, request.image, gates)

    def in_full(self, request: Request) -> bytes:
        """The same with all arrays, read alone: from any thread, since it takes several times as long."""
        reading = self._reader.read(request.image, request.hold, request.silence)
        untouched = self._reader.read(request.image) if request.is_experiment else None
        return reply.full(reading, untouched)

    def _read(self, *arrays: np.ndarray) -> asyncio.Future[tuple[reply.Said, bytes]]:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._read_waiting)  # after all that the loop has to do already, which may ask for more
        self._waiting.append(_Waiting(*arrays, loop.create_future()))
        return self._waiting[-1].reading

    def _read_waiting(self) -> None:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._read_waiting)
        waiting = [one for one in batch if not one.reading.done()]  # the others were given up
        try:
            read = self._read_together(waiting) if waiting else []
        except Exception as error:  # or they would wait for ever
            for one in waiting:
                one.reading.set_exception(error)
        else:
            for one, row in zip(waiting, read, strict=True):
                one.reading.set_result(self._taken_apart(one.image, row))

    def _read_together(self, batch: list[_Waiting]) -> np.ndarray:
        filled = batch + batch[:1] * (BATCH - len(batch))
        *arrays, _ = zip(*filled, strict=True)
        packed = self._pass(*(tf.constant(np.stack(array)) for array in arrays))
        return packed.numpy()[: len(batch)]

    def _taken_apart(self, image: np.ndarray, row: np.ndarray) -> tuple[reply.Said, bytes]:
        score, *_ = numbers = row[: 2 * _SAID].view(np.float32)
        probabilities = numbers[1:]
        why = self._reader.why_not(image, score)
        digit = int(probabilities.argmax()) if why is None else None
        return reply.Said(digit, why, score, probabilities), row[2 * _SAID :].tobytes()

    def _read_batch(self, images: tf.Tensor, hold: tf.Tensor, of: tf.Tensor, heard: tf.Tensor) -> tf.Tensor:
        """What is sent of n readings, (n, 22 + 4 · 28 · 128) uint16: score and probabilities as float32, then gates.

        images: (n, 28, 28). hold: (n, 28, 3). of: (n, 3, 128), whether it reaches the gate of a unit. heard: (n, 128).
        """
        by_row = tf.transpose(hold, (1, 2, 0))[..., None]
        rows = read_rows(self._reader.weights, images, by_row, heard, tf.transpose(of, (1, 0, 2)))
        last = rows.logits[-1]
        said = tf.concat([readout.score(last)[:, None], tf.nn.softmax(last)], axis=1)
        gates = (
            tf.round(rows.input_gate * reply.GATE_STEPS),
            _rounded_together(rows.forget_gate * reply.GATE_STEPS),
            tf.round(rows.output_gate * reply.GATE_STEPS),
            tf.round(rows.candidate * reply.CANDIDATE_STEPS),
        )
        n = images.shape[0]
        parts = (tf.reshape(tf.transpose(gate, (1, 0, 2)), (n, ROWS * UNITS)) for gate in gates)
        halves = tf.reshape(tf.bitcast(said, tf.uint16), (n, 2 * _SAID))
        return tf.concat([halves, *(tf.cast(tf.cast(part, tf.int32), tf.uint16) for part in parts)], axis=1)


_NOTHING_HELD = (NOTHING_HELD[:, :, 0], np.ones((len(GATES), UNITS), bool))


def _rows_and_units(hold: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """What a request holds, by rows, (28, 3), and the units of which, (3, 128) bool.

    For each gate these are one unit or all. A value for every row and unit would make each pass a fifth slower.
    """
    held = held_gates(hold)
    if held is NOTHING_HELD:
        return _NOTHING_HELD
    return held.max(axis=2), (held != FREE).any(axis=0)  # FREE is below all values


def _rounded_together(rows: tf.Tensor) -> tf.Tensor:
    """Rounded, (28, n, 128), so that the errors of neighbouring rows cancel, each still less than 1.

    The page multiplies the forget gates of all later rows: with each gate rounded on its own, errors would add up.
    Here their sum from any row to the last is off by no more than half a step.
    """
    fine = tf.reshape(tf.round(rows * _FINE), (ROWS, -1))
    sums = tf.floor(np.triu(np.ones((ROWS, ROWS), np.float32)) @ fine / _FINE + 0.5)
    return tf.reshape(sums - tf.concat([sums[1:], tf.zeros_like(sums[:1])], axis=0), tf.shape(rows))

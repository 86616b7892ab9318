"""The reader: one compiled pass of the network over an image, and everything it did at every row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import tensorflow as tf

from model.networks import readout
from model.networks.dimensions import CLASSES, GATES, PIXELS, ROWS, UNITS
from model.networks.lstm import FREE, Weights, read_rows
from model.networks.registry import NETWORKS, SHIPPED
from model.networks.weights import load
from model.preprocessing.segmentation import parts_side_by_side

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BATCH = 256  # images that `classify` and `trace` read at once

NOTHING_HELD = np.full((ROWS, len(GATES), UNITS), FREE, np.float32)
"""`held_gates` of nothing, this very array: who sees it need not look into it."""

_ALL_FREE = np.full_like(NOTHING_HELD, np.nan)
_ALL_HEARD = np.ones(UNITS, np.float32)
for _shared in (NOTHING_HELD, _ALL_FREE, _ALL_HEARD):
    _shared.flags.writeable = False


class Trace(NamedTuple):
    """What every unit did at every row, each (28, 128) float32. Gates lie in 0…1, candidate and hidden in −1…1.

    That of n images, from `Reader.trace`, holds arrays (n, 28, 128).
    """

    input_gate: np.ndarray
    forget_gate: np.ndarray
    candidate: np.ndarray
    output_gate: np.ndarray
    cell: np.ndarray
    hidden: np.ndarray


@dataclass(frozen=True)
class Reading:
    """What the network made of one image. All arrays are float32."""

    digit: int | None
    """The digit it reads, or None: then `why` says why not."""
    why: str | None
    """Why there is none: "blank", "several" (marks side by side) or "other" (not a digit). None when there is one."""
    score: float
    """How much speaks for a digit at all: the log-sum-exp of the last logits. Low scores are refused."""
    probabilities: np.ndarray
    """(10,) after the last row; calibrated on validation images."""
    logits: np.ndarray
    """(28, 10): the readout applied to the hidden state after each row."""
    verdict: np.ndarray
    """(28, 10): the softmax of the logits, which is what it would say if it stopped there."""
    trace: Trace
    """The gates, candidate, cell and hidden state at every row."""
    memory: np.ndarray
    """(28, 128): how much of what each row wrote into the cell is left at the end, from 0 to 1."""
    added: np.ndarray
    """(28, 128): what each row adds to the last hidden state; `added.sum(0)` == `trace.hidden[-1]`."""
    evidence: np.ndarray
    """(28, 10): what each row adds to each last logit; `evidence.sum(0)` + readout bias == `logits[-1]`."""
    image: np.ndarray
    """(28, 28): what was read, ink = 1."""
    hold: np.ndarray
    """(28, 3, 128): at each row the values at which input, forget and output gate of each unit were held; NaN where
    they were free."""
    silence: tuple[int, ...]
    """The units that were silenced, in order."""

    @property
    def closest(self) -> int | None:
        """The most probable of the ten, taken for a digit or not; None when the image is blank."""
        return None if self.why == "blank" else int(self.probabilities.argmax())

    def figure(self, dark: bool = False) -> "Figure":
        """A picture of it, by matplotlib: the image, what the network says of it row by row, and all six maps."""
        from model.figure import figure  # here, since what serves has no need of matplotlib

        return figure(self, dark)


class Reader:
    """The trained network, compiled and warm. Safe to use from several threads."""

    def __init__(self, weights: Weights, card: dict | None = None) -> None:
        """Compile the network with these weights; `card` says what they are.

        The card's "least_score" is the score below which an image is taken for no digit; without it none is.
        """
        self.card = card or {}
        self.least_score = self.card.get("least_score", -np.inf)
        self.readout = weights.readout_kernel  # (128, 10)
        self.readout_bias = weights.readout_bias  # (10,)
        self.weights = Weights(*(tf.constant(array, tf.float32) for array in weights))
        self._nothing_held = tf.constant(NOTHING_HELD)
        self._read = tf.function(
            self._read_one,
            input_signature=[
                tf.TensorSpec((ROWS, PIXELS)),
                tf.TensorSpec(NOTHING_HELD.shape),
                tf.TensorSpec(_ALL_HEARD.shape),
            ],
            jit_compile=True,
            autograph=False,
        ).get_concrete_function()
        self._classify = tf.function(
            self._read_batch,
            input_signature=[tf.TensorSpec((_BATCH, ROWS, PIXELS))],
            jit_compile=True,
            autograph=False,
        )
        self._trace = tf.function(
            self._trace_batch,
            input_signature=[tf.TensorSpec((_BATCH, ROWS, PIXELS))],
            jit_compile=True,
            autograph=False,
        )
        self.read(np.zeros((ROWS, PIXELS), np.float32))  # compiles

    def read(
        self,
        image: np.ndarray,
        hold: Mapping[str, float | np.ndarray] | None = None,
        silence: Iterable[int] = (),
    ) -> Reading:
        """Read one image, (28, 28) ink in 0…1.

        hold: gates ("input_gate", "forget_gate", "output_gate") to fix: a number from 0 to 1 for every unit at all
        rows; 28 numbers, one a row; or (28, 128), one a row and unit. NaN where the gate stays free. silence: units,
        0 to 127, whose hidden output is put to 0. Raises ValueError, with a sentence for people, for anything else.
        """
        image = _floats(image, "An image must be an array of numbers.")
        if image.shape != (ROWS, PIXELS):
            raise ValueError(f"An image must be of shape (28, 28); this one is {image.shape}.")
        if not (image.min() >= 0 and image.max() <= 1):  # false for NaN too
            raise ValueError("An image must hold numbers from 0 (paper) to 1 (ink).")
        # One tensor in which everything lies side by side: fetching it costs less than fetching twelve.
        held, heard = held_gates({} if hold is None else hold), heard_units(silence)
        free = held is NOTHING_HELD
        told = self._nothing_held if free else tf.constant(held)
        packed = self._read(tf.constant(image), told, tf.constant(heard)).numpy()
        maps = packed[:, : 8 * UNITS].reshape(ROWS, 8, UNITS)
        logits, verdict, evidence = np.split(packed[:, 8 * UNITS : -1], 3, axis=1)
        probabilities = verdict[-1]
        score = float(packed[-1, -1])
        why = self.why_not(image, score)
        return Reading(
            digit=int(probabilities.argmax()) if why is None else None,
            why=why,
            score=score,
            probabilities=probabilities,
            logits=logits,
            verdict=verdict,
            trace=Trace(*(maps[:, k] for k in range(6))),
            memory=maps[:, 6],
            added=maps[:, 7],
            evidence=evidence,
            image=image.copy(),
            hold=_ALL_FREE if free else np.where(held == FREE, np.float32(np.nan), held),
            silence=tuple(np.flatnonzero(heard == 0).tolist()),
        )

    def classify(self, images: np.ndarray) -> np.ndarray:
        """The probabilities, (n, 10) float32, of n images, (n, 28, 28) ink in 0…1.

        Raises ValueError, with a sentence for people, for anything else.
        """
        return self._probabilities_and_scores(images)[:, :CLASSES]

    def scores(self, images: np.ndarray) -> np.ndarray:
        """The scores, (n,) float32, of the same: how much speaks for a digit at all. Raises what `classify` raises."""
        return self._probabilities_and_scores(images)[:, CLASSES]

    def trace(self, images: np.ndarray) -> Trace:
        """What every unit did at every row of n images, (n, 28, 28) ink in 0…1: each array (n, 28, 128) float32.

        That is 86 KB an image. Raises ValueError, with a sentence for people, for anything else.
        """
        images = _several(images)
        trace = Trace(*(np.empty((len(images), ROWS, UNITS), np.float32) for _ in Trace._fields))
        for part, batch in _batches(images):
            for whole, rows in zip(trace, self._trace(batch), strict=True):
                whole[part] = rows.numpy().transpose(1, 0, 2)[: len(whole[part])]
        return trace

    def _probabilities_and_scores(self, images: np.ndarray) -> np.ndarray:
        images = _several(images)
        found = np.empty((len(images), CLASSES + 1), np.float32)
        for part, batch in _batches(images):
            found[part] = self._classify(batch).numpy()[: len(found[part])]
        return found

    def why_not(self, image: np.ndarray, score: float) -> str | None:
        """Why an image of this score is no digit, as `Reading.why` has it; None when it is one."""
        if not image.any():
            return "blank"
        if score >= self.least_score:
            return None
        return "several" if parts_side_by_side(image) > 1 else "other"

    def _read_one(self, image: tf.Tensor, hold: tf.Tensor, heard: tf.Tensor) -> tf.Tensor:
        rows = read_rows(self.weights, image[None], hold, heard)
        said = (rows.logits, tf.nn.softmax(rows.logits), rows.evidence, readout.score(rows.logits)[..., None])
        return tf.concat([*rows[:6], rows.memory, rows.added, *said], axis=-1)[:, 0]

    def _read_batch(self, images: tf.Tensor) -> tf.Tensor:
        rows = read_rows(self.weights, images, self._nothing_held, tf.constant(_ALL_HEARD))
        last = rows.logits[-1]
        return tf.concat([tf.nn.softmax(last), readout.score(last)[:, None]], axis=1)

    def _trace_batch(self, images: tf.Tensor) -> tuple[tf.Tensor, ...]:
        # Each (28, n, 128): NumPy brings the images to the front faster than this would.
        return read_rows(self.weights, images, self._nothing_held, tf.constant(_ALL_HEARD))[:6]


def load_reader(path: str | Path = SHIPPED.name) -> Reader:
    """A reader with the shipped weights, or with others: the name of a network of the registry, or a weights file.

    Raises what `model.networks.weights.load` raises.
    """
    network = NETWORKS.get(str(path))
    return Reader(*load(network.weights if network else path))


def _floats(values: Any, sentence: str, kinds: str = "fiub") -> np.ndarray:
    """Numbers as float32, those beyond it as infinities. Raises ValueError with this sentence when they are none.

    kinds: of dtypes that are numbers here. NumPy itself would take text for numbers, and None for NaN.
    """
    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as error:  # lists of unequal lengths
        raise ValueError(sentence) from error
    if array.dtype.kind not in kinds:
        raise ValueError(sentence)
    with np.errstate(over="ignore"):
        return array.astype(np.float32, copy=False)


def _several(images: np.ndarray) -> np.ndarray:
    images = _floats(images, "Images must be an array of numbers.")
    if images.ndim != 3 or images.shape[1:] != (ROWS, PIXELS):
        raise ValueError(f"Images must be of shape (n, 28, 28); these are {images.shape}.")
    if images.size and not (images.min() >= 0 and images.max() <= 1):
        raise ValueError("Images must hold numbers from 0 (paper) to 1 (ink).")
    return images


def _batches(images: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """The images by batches, the last one filled up with blank ones, and where each batch stands."""
    for start in range(0, len(images), _BATCH):
        batch = images[start : start + _BATCH]
        yield slice(start, start + _BATCH), np.pad(batch, ((0, _BATCH - len(batch)), (0, 0), (0, 0)))


def held_gates(hold: Mapping[str, float | np.ndarray]) -> np.ndarray:
    """What `Reader.read` is told to hold, (28, 3, 128) as `read_rows` takes it. Raises ValueError for no gate."""
    if not isinstance(hold, Mapping):
        raise ValueError("What to hold is a dictionary of gates and values, such as {'forget_gate': 1}.")
    if not hold:
        return NOTHING_HELD
    held = NOTHING_HELD.copy()
    for gate, value in hold.items():
        if gate not in GATES:
            raise ValueError(f"There is no gate {gate!r} to hold; there are {', '.join(GATES)}.")
        sentence = f"Hold the {gate} at one number, or at 28, one a row, or at 28 × 128, one a row and unit."
        values = _floats(value, sentence, kinds="fiu")
        if values.shape not in ((), (ROWS,), (ROWS, UNITS)):
            raise ValueError(sentence)
        free = np.isnan(values) if values.ndim else False
        if not ((values >= 0) & (values <= 1) | free).all():
            raise ValueError(f"Hold the {gate} at numbers from 0 to 1.")
        fixed = np.where(free, FREE, values)
        held[:, GATES.index(gate)] = fixed[:, None] if values.ndim == 1 else fixed
    return held


def heard_units(silence: Iterable[int]) -> np.ndarray:
    """What `Reader.read` is told to silence, (128,) as `read_rows` takes it. Raises ValueError for what is no unit."""
    sentence = f"Units to silence are whole numbers from 0 to {UNITS - 1}."
    try:
        units = list(silence)
    except TypeError as error:
        raise ValueError(sentence) from error
    if not units:
        return _ALL_HEARD
    # A truth value is an int to Python, and a list of them a mask to NumPy; a span of time is an integer to NumPy.
    whole = all(isinstance(unit, int | np.integer) and not isinstance(unit, bool | np.timedelta64) for unit in units)
    if not (whole and all(0 <= unit < UNITS for unit in units)):
        raise ValueError(sentence)
    heard = _ALL_HEARD.copy()
    heard[units] = 0
    return heard

"""Answers to the page: a reading in binary, and what does not change with the drawing as JSON.

A reading is little-endian; `assets/backend/decode.js` takes it apart:

    offset  bytes
         0      1  1: gates at 16 bits, from which the page derives the rest; 2: all arrays, as float32
         1      1  int8: the digit, -1 for none
         2      1  why there is none: 0 there is one, 1 blank, 2 several, 3 other
         3      1  1: the reading is of an experiment on the network; what it reads untouched follows
         4      1  int8: the untouched digit
         5      1  why there is no untouched digit
         6      2  0
         8      4  float32: the score
        12     40  10 × float32: the probabilities after the last row
        52      4  float32: the untouched score
        56     40  10 × float32: the untouched probabilities
        96    784  the image, uint8, ink = 255
       880         1: input_gate, forget_gate, output_gate as uint16, 65535 = 1, candidate as int16, 32767 = 1;
                   2: input_gate, forget_gate, candidate, output_gate, cell, hidden, memory, added (28 × 128 each),
                      logits, verdict, evidence (28 × 10 each)
"""

import base64
import hashlib
import struct
from typing import NamedTuple

import numpy as np
import orjson

from model.networks import registry
from model.networks.dimensions import CLASSES
from model.networks.units import Units
from model.networks.weights import packed
from model.preprocessing.normalize import to_uint8
from model.reader import Reader, Reading

GATE_STEPS, CANDIDATE_STEPS = 65_535, 32_767  # of 16 bits, from 0 to 1

_WHYS = (None, "blank", "several", "other")
_HEAD = struct.Struct("<BbBBbB2x")
_COMPACT, _FULL = 1, 2


class Said(NamedTuple):
    """What a reading came to, as `Reading` has it."""

    digit: int | None
    why: str | None
    score: float
    probabilities: np.ndarray


def compact(said: Said, untouched: Said | None, image: np.ndarray, gates: bytes) -> bytes:
    """A reading at 16 bits a gate value. image: (28, 28) float32. gates: as they are sent."""
    return _packed(_COMPACT, said, untouched, image, [gates])


def full(reading: Reading, untouched: Reading | None) -> bytes:
    """A reading with all its arrays."""
    arrays = [*reading.trace, reading.memory, reading.added, reading.logits, reading.verdict, reading.evidence]
    return _packed(_FULL, reading, untouched, reading.image, [array.astype("<f4").tobytes() for array in arrays])


def _packed(
    form: int, said: Said | Reading, untouched: Said | Reading | None, image: np.ndarray, arrays: list[bytes]
) -> bytes:
    digit, why, certainty = _parts(said)
    digit_untouched, why_untouched, certainty_untouched = _parts(untouched)
    head = _HEAD.pack(form, digit, why, untouched is not None, digit_untouched, why_untouched)
    return b"".join((head, certainty, certainty_untouched, to_uint8(image).tobytes(), *arrays))


def _parts(said: Said | Reading | None) -> tuple[int, int, bytes]:
    """Digit and why as numbers; score and probabilities as float32."""
    if said is None:
        return -1, 0, bytes(4 * (1 + CLASSES))
    digit = -1 if said.digit is None else said.digit
    return digit, _WHYS.index(said.why), struct.pack("<f", said.score) + said.probabilities.astype("<f4").tobytes()


def facts(reader: Reader, units: Units) -> dict[str, bytes]:
    """What does not change with the drawing, by where the page finds it."""
    return {
        "page/network.json": network_facts(reader, units),
        "page/units.json": unit_facts(units),
        "page/weights.bin": packed(reader.weights),
    }


def network_facts(reader: Reader, units: Units) -> bytes:
    """What the first picture needs besides a reading, as JSON."""
    return orjson.dumps(
        {
            "name": registry.SHIPPED.title,
            "sha256": reader.card.get("sha256"),
            "weights": hashlib.sha256(packed(reader.weights)).hexdigest(),
            "temperature": reader.card.get("temperature"),
            "least_score": reader.card.get("least_score"),
            "readout": base64.b64encode(reader.readout.astype("<f4").tobytes()).decode("ascii"),
            "bias": reader.readout_bias.tolist(),
            "similarity": units.similarity.tolist(),
        }
    )


def unit_facts(units: Units) -> bytes:
    """What is known of the units, as JSON: which images of the bank drive each highest, and the bank."""
    bank = base64.b64encode(units.bank.tobytes()).decode("ascii")
    return orjson.dumps({"best": units.best.tolist(), "least": units.least.tolist(), "bank": bank})

"""What the page is answered: a reading in binary, and what does not change with the drawing as JSON.

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
import struct

import numpy as np
import orjson

from model.networks import registry
from model.networks.units import Units
from model.preprocessing.normalize import to_uint8
from model.reader import Reader, Reading
from model.serving.request import Request

WHYS = (None, "blank", "several", "other")

_HEAD = struct.Struct("<BbBBbB2x")
_NOTHING = np.zeros(11, np.float32).tobytes()  # in place of what is read untouched


def answer(reader: Reader, request: Request) -> bytes:
    """Read what is asked for; with an experiment on the network, what it reads untouched too."""
    reading = reader.read(request.image, request.hold, request.silence)
    untouched = reader.read(request.image) if request.is_experiment else None
    return reading_bytes(reading, untouched, request.full)


def reading_bytes(reading: Reading, untouched: Reading | None = None, full: bool = False) -> bytes:
    """A reading as the page takes it apart; see above."""
    arrays = _all_arrays(reading) if full else _gates(reading)
    head = _HEAD.pack(1 + full, *_digit_and_why(reading), untouched is not None, *_digit_and_why(untouched))
    image = to_uint8(reading.image).tobytes()
    return b"".join((head, _certainty(reading), _certainty(untouched), image, *arrays))


def network_facts(reader: Reader, units: Units) -> bytes:
    """What the first picture needs besides a reading, as JSON."""
    return orjson.dumps(
        {
            "name": registry.SHIPPED.title,
            "sha256": reader.card.get("sha256"),
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
    return orjson.dumps({"best": units.best.tolist(), "bank": bank})


def _digit_and_why(reading: Reading | None) -> tuple[int, int]:
    if reading is None:
        return -1, 0
    return -1 if reading.digit is None else reading.digit, WHYS.index(reading.why)


def _certainty(reading: Reading | None) -> bytes:
    if reading is None:
        return _NOTHING
    return struct.pack("<f", reading.score) + reading.probabilities.astype("<f4").tobytes()


def _gates(reading: Reading) -> list[bytes]:
    trace = reading.trace
    gates = np.stack([trace.input_gate, trace.forget_gate, trace.output_gate])
    return [
        np.rint(gates * 65535).astype("<u2").tobytes(),
        np.rint(trace.candidate * 32767).astype("<i2").tobytes(),
    ]


def _all_arrays(reading: Reading) -> list[bytes]:
    arrays = [*reading.trace, reading.memory, reading.added, reading.logits, reading.verdict, reading.evidence]
    return [array.astype("<f4").tobytes() for array in arrays]

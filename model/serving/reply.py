"""What a reading is answered with, in bytes; and what the page knows of the network and its units, in JSON."""

import base64
import json
import struct
from typing import Any

import numpy as np

from model.networks.units import Units
from model.reader import Reader, Reading

_WHY = {None: 0, "blank": 1, "several": 2, "other": 3}


def packed(reading: Reading, untouched: Reading | None, full: bool) -> bytes:
    """The answer to `page/read`."""
    t = reading.trace
    head = struct.pack(
        "<BbBBbBHf",
        2 if full else 1,
        -1 if reading.digit is None else reading.digit,
        _WHY[reading.why],
        untouched is not None,
        -1 if untouched is None or untouched.digit is None else untouched.digit,
        0 if untouched is None else _WHY[untouched.why],
        0,
        reading.score,
    )
    rest = [
        reading.probabilities.astype("<f4"),
        np.float32(0 if untouched is None else untouched.score),
        np.zeros(10, "<f4") if untouched is None else untouched.probabilities.astype("<f4"),
        np.rint(reading.image * 255).astype(np.uint8),
    ]
    if full:
        arrays = (t.input_gate, t.forget_gate, t.candidate, t.output_gate, t.cell, t.hidden)
        arrays += (reading.memory, reading.added, reading.logits, reading.verdict, reading.evidence)
        rest += [array.astype("<f4") for array in arrays]
    else:
        rest += [np.rint(gate * 65535).astype("<u2") for gate in (t.input_gate, t.forget_gate, t.output_gate)]
        rest.append(np.rint(t.candidate * 32767).astype("<i2"))
    return head + b"".join(array.tobytes() for array in rest)


def network_facts(reader: Reader, bias: np.ndarray, units: Units) -> bytes:
    """What `page/network` answers."""
    facts: dict[str, Any] = {
        "name": "LSTM, 128 units",
        "sha256": reader.card.get("sha256"),
        "temperature": reader.card.get("temperature", 1.0),
        "least_score": reader.card.get("least_score"),
        "readout": base64.b64encode(reader.readout.astype("<f4").tobytes()).decode(),
        "bias": bias.tolist(),
        "similarity": units.likeness.tolist(),
    }
    return json.dumps(facts).encode()


def unit_facts(units: Units) -> bytes:
    """What `page/units` answers."""
    return json.dumps({"best": units.best.tolist(), "bank": base64.b64encode(units.bank.tobytes()).decode()}).encode()

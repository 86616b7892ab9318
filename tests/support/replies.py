"""Answers to `page/read` made of any reading, whoever asked for it."""

import numpy as np

from model.reader import Reading
from model.serving import reply


def reading_bytes(reading: Reading, untouched: Reading | None = None, full: bool = False) -> bytes:
    """The reading as it is sent, at 16 bits a gate value or in full."""
    return (
        reply.full(reading, untouched)
        if full
        else reply.compact(_said(reading), untouched and _said(untouched), reading.image, _gates(reading))
    )


def _said(reading: Reading) -> reply.Said:
    return reply.Said(reading.digit, reading.why, reading.score, reading.probabilities)


def _gates(reading: Reading) -> bytes:
    trace = reading.trace
    gates = np.stack([trace.input_gate, trace.forget_gate, trace.output_gate])
    candidate = np.rint(trace.candidate * reply.CANDIDATE_STEPS).astype("<i2")
    return np.rint(gates * reply.GATE_STEPS).astype("<u2").tobytes() + candidate.tobytes()

"""The trace against Keras's own layer, against the textbook's equations, and against what must hold of any LSTM."""

from collections.abc import Mapping

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import model
from model.networks import lstm, weights
from model.networks.dimensions import GATES

images = arrays(np.float32, (28, 28), elements=st.floats(0, 1, width=32), fill=st.just(np.float32(0)))
held_by_unit = arrays(np.float32, (28, 128), elements=st.floats(0, 1, width=32), fill=st.just(np.float32(np.nan)))


@pytest.fixture(scope="module")
def shipped() -> lstm.Weights:
    return weights.load()[0]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def textbook(w: lstm.Weights, image: np.ndarray, hold: Mapping[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
    """The equations, one gate and one row after another, in float64. hold: (28, 128) by gate, NaN where it is free."""
    free = np.full((28, 128), np.nan)
    held = [{**dict.fromkeys(GATES, free), **(hold or {})}[gate] for gate in GATES]
    W, U, b = (np.split(a.astype(np.float64), 4, axis=-1) for a in (w.kernel, w.recurrent_kernel, w.bias))
    h, c = np.zeros(128), np.zeros(128)
    rows: dict[str, list] = {name: [] for name in model.Trace._fields}
    for row, x in enumerate(image.astype(np.float64)):
        i = sigmoid(x @ W[0] + h @ U[0] + b[0])
        f = sigmoid(x @ W[1] + h @ U[1] + b[1])
        g = np.tanh(x @ W[2] + h @ U[2] + b[2])
        o = sigmoid(x @ W[3] + h @ U[3] + b[3])
        i, f, o = (np.where(np.isnan(at[row]), gate, at[row]) for gate, at in zip((i, f, o), held, strict=True))
        c = f * c + i * g
        h = o * np.tanh(c)
        for name, value in zip(model.Trace._fields, (i, f, g, o, c, h), strict=True):
            rows[name].append(value)
    return {name: np.array(values) for name, values in rows.items()}


def test_hidden_states_are_those_of_keras(reader, shipped, mnist) -> None:
    image = keras.Input((28, 28))
    layer = keras.layers.LSTM(128, return_sequences=True)
    every_row = keras.Model(image, layer(image))
    layer.set_weights(shipped[:3])
    theirs = every_row.predict(mnist[0], verbose=0)
    ours = np.stack([reader.read(digit).trace.hidden for digit in mnist[0]])
    assert len(ours) == 1000
    assert np.abs(ours - theirs).max() <= 1e-5


def test_logits_are_those_of_the_keras_model(reader, shipped, mnist) -> None:
    keras_model = lstm.build()
    keras_model.set_weights(shipped)
    theirs = keras_model.predict(mnist[0], verbose=0)
    ours = np.stack([reader.read(digit).logits[-1] for digit in mnist[0]])
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_every_state_is_the_textbooks(reader, shipped, mnist) -> None:
    for digit in mnist[0][:100]:
        trace = reader.read(digit).trace
        for name, values in textbook(shipped, digit).items():
            np.testing.assert_allclose(getattr(trace, name), values, atol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    ("gate", "value", "rows", "unit"),
    [("forget_gate", 1, slice(None), 18), ("input_gate", 0, slice(14, 28), 0), ("output_gate", 0.35, slice(3, 9), 127)],
)
def test_with_one_unit_s_gate_held_every_state_is_the_textbooks(
    reader, shipped, mnist, gate, value, rows, unit
) -> None:
    held = np.full((28, 128), np.nan)
    held[rows, unit] = value
    for digit in mnist[0][:20]:
        free, touched = reader.read(digit).trace, reader.read(digit, hold={gate: held}).trace
        for name, values in textbook(shipped, digit, {gate: held}).items():
            np.testing.assert_allclose(getattr(touched, name), values, atol=1e-5, err_msg=name)
        assert (getattr(touched, gate)[rows, unit] == np.float32(value)).all()
        others = np.arange(128) != unit
        first = rows.start or 0
        np.testing.assert_array_equal(getattr(touched, gate)[first, others], getattr(free, gate)[first, others])


@settings(max_examples=25, deadline=None)
@given(held=st.dictionaries(st.sampled_from(GATES), held_by_unit), which=st.integers(0, 999))
def test_whatever_is_held_of_any_unit_at_any_row_every_state_is_the_textbooks(
    reader, shipped, mnist, held, which
) -> None:
    reading = reader.read(mnist[0][which], held)
    for name, values in textbook(shipped, mnist[0][which], held).items():
        np.testing.assert_allclose(getattr(reading.trace, name), values, atol=3e-5, err_msg=name)
    free = np.full((28, 128), np.nan)
    for k, gate in enumerate(GATES):
        np.testing.assert_array_equal(reading.hold[:, k], held.get(gate, free))


def test_the_forget_bias_starts_at_one() -> None:
    bias = lstm.build().get_weights()[2]
    np.testing.assert_array_equal(bias, np.repeat([0, 1, 0, 0], 128).astype(np.float32))


@settings(max_examples=60, deadline=None)
@given(image=images)
def test_what_holds_of_any_reading(reader, shipped, image) -> None:
    reading = reader.read(image)
    trace = reading.trace
    for gate in (trace.input_gate, trace.forget_gate, trace.output_gate):
        assert gate.min() > 0
        assert gate.max() < 1
    assert np.abs(trace.candidate).max() <= 1
    assert np.abs(trace.hidden).max() < 1
    before = np.vstack([np.zeros((1, 128), np.float32), trace.cell[:-1]])
    np.testing.assert_allclose(trace.cell, trace.forget_gate * before + trace.input_gate * trace.candidate, atol=1e-5)
    np.testing.assert_allclose(trace.hidden, trace.output_gate * np.tanh(trace.cell), atol=1e-6)
    np.testing.assert_allclose(reading.logits, trace.hidden @ shipped.readout_kernel + shipped.readout_bias, atol=1e-4)
    np.testing.assert_allclose(reading.evidence.sum(0) + shipped.readout_bias, reading.logits[-1], atol=1e-4)
    np.testing.assert_allclose(reading.added.sum(0), trace.hidden[-1], atol=1e-5)
    np.testing.assert_allclose(reading.added @ shipped.readout_kernel, reading.evidence, atol=1e-4)
    survives = np.vstack([np.cumprod(trace.forget_gate[:0:-1], axis=0)[::-1], np.ones((1, 128))])
    np.testing.assert_allclose(reading.memory, survives, atol=1e-5)
    softmax = np.exp(reading.logits - reading.logits.max(1, keepdims=True))
    np.testing.assert_allclose(reading.verdict, softmax / softmax.sum(1, keepdims=True), atol=1e-5)
    np.testing.assert_array_equal(reading.probabilities, reading.verdict[-1])
    assert reading.closest == (int(reading.probabilities.argmax()) if image.any() else None)
    assert reading.digit in (None, reading.closest)
    assert (reading.digit is None) == (not image.any() or reading.score < reader.least_score)


def test_evidence_is_what_each_row_adds(reader, shipped, mnist) -> None:
    """Murdoch & Szlam's running sum, written out with loops."""
    for digit in mnist[0][:20]:
        reading = reader.read(digit)
        i, f, g, o = (
            getattr(reading.trace, name) for name in ("input_gate", "forget_gate", "candidate", "output_gate")
        )
        running = np.zeros(128)
        for t in range(28):
            grown = running + np.prod(f[t + 1 :].astype(float), axis=0) * i[t] * g[t]
            expected = (o[-1] * (np.tanh(grown) - np.tanh(running))) @ shipped.readout_kernel
            np.testing.assert_allclose(reading.evidence[t], expected, atol=1e-4)
            running = grown
        np.testing.assert_allclose(running, reading.trace.cell[-1], atol=1e-4)

"""The trace against Keras's own layer, against the textbook's equations, and against what must hold of any LSTM."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import model
from model.networks import lstm, weights

GATES = lstm.GATES
images = arrays(np.float32, (28, 28), elements=st.floats(0, 1, width=32), fill=st.just(np.float32(0)))


@pytest.fixture(scope="module")
def shipped() -> lstm.Weights:
    return weights.load()[0]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def textbook(w: lstm.Weights, image: np.ndarray) -> dict[str, np.ndarray]:
    """The equations, one gate and one row after another, in float64."""
    W, U, b = (np.split(a.astype(np.float64), 4, axis=-1) for a in (w.kernel, w.recurrent_kernel, w.bias))
    h, c = np.zeros(128), np.zeros(128)
    rows: dict[str, list] = {name: [] for name in model.Trace._fields}
    for x in image.astype(np.float64):
        i = sigmoid(x @ W[0] + h @ U[0] + b[0])
        f = sigmoid(x @ W[1] + h @ U[1] + b[1])
        g = np.tanh(x @ W[2] + h @ U[2] + b[2])
        o = sigmoid(x @ W[3] + h @ U[3] + b[3])
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


@settings(max_examples=30, deadline=None)
@given(gate=st.sampled_from(GATES), value=st.floats(0, 1, width=32), unit=st.integers(0, 127))
def test_hold_and_silence_do_what_they_say(reader, shipped, mnist, gate, value, unit) -> None:
    image = mnist[0][unit]
    reading = reader.read(image, hold={gate: value}, silence=[unit])
    trace = reading.trace
    assert (getattr(trace, gate) == np.float32(value)).all()
    assert (trace.hidden[:, unit] == 0).all()
    before = np.vstack([np.zeros((1, 128), np.float32), trace.cell[:-1]])
    np.testing.assert_allclose(trace.cell, trace.forget_gate * before + trace.input_gate * trace.candidate, atol=1e-4)
    np.testing.assert_allclose(reading.evidence.sum(0) + shipped.readout_bias, reading.logits[-1], atol=1e-3)


def test_a_gate_held_at_some_rows_is_free_at_the_others(reader, mnist) -> None:
    image = mnist[0][0]
    held = np.full(28, np.nan)
    held[10:15] = 0.25
    free, touched = reader.read(image).trace, reader.read(image, hold={"forget_gate": held}).trace
    np.testing.assert_array_equal(touched.forget_gate[:10], free.forget_gate[:10])
    assert (touched.forget_gate[10:15] == 0.25).all()
    assert not (touched.forget_gate[15:] == 0.25).any()


def test_nothing_held_and_nothing_silenced_changes_nothing(reader, mnist) -> None:
    plain = reader.read(mnist[0][0])
    for other in (reader.read(mnist[0][0], hold={}, silence=[]), reader.read(mnist[0][0], hold=None, silence=())):
        np.testing.assert_array_equal(plain.logits, other.logits)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1000])
def test_classify_says_what_read_says(reader, mnist, count) -> None:
    probabilities = reader.classify(mnist[0][:count])
    assert probabilities.shape == (count, 10)
    assert probabilities.dtype == np.float32
    for k in range(0, count, 97):
        np.testing.assert_allclose(probabilities[k], reader.read(mnist[0][k]).probabilities, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257])
def test_trace_says_what_read_says(reader, mnist, count) -> None:
    trace = reader.trace(mnist[0][:count])
    for name, values in trace._asdict().items():
        assert values.shape == (count, 28, 128)
        assert values.dtype == np.float32
        for k in {0, count // 2, count - 1} if count else ():
            np.testing.assert_allclose(values[k], getattr(reader.read(mnist[0][k]).trace, name), atol=1e-5)


def test_the_shipped_weights_read_digits(reader, mnist) -> None:
    images, labels = mnist
    assert (reader.classify(images).argmax(1) == labels).mean() >= 0.99


def test_a_blank_image_is_no_digit(reader) -> None:
    assert reader.read(np.zeros((28, 28))).digit is None


@pytest.mark.parametrize("shape", [(28, 27), (784,), (2, 28, 28, 1), ()])
def test_what_has_another_shape_is_refused(reader, shape) -> None:
    with pytest.raises(ValueError, match=r"shape \(28, 28\)"):
        reader.read(np.zeros(shape))
    with pytest.raises(ValueError, match=r"shape \(n, 28, 28\)"):
        reader.classify(np.zeros(shape))
    with pytest.raises(ValueError, match=r"shape \(n, 28, 28\)"):
        reader.trace(np.zeros(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, 1.1, 255])
def test_what_is_no_ink_is_refused(reader, value) -> None:
    image = np.zeros((28, 28))
    image[3, 4] = value
    with pytest.raises(ValueError, match=r"from 0 \(paper\) to 1 \(ink\)"):
        reader.read(image)
    with pytest.raises(ValueError, match=r"from 0 \(paper\) to 1 \(ink\)"):
        reader.classify(image[None])
    with pytest.raises(ValueError, match=r"from 0 \(paper\) to 1 \(ink\)"):
        reader.trace(image[None])


@pytest.mark.parametrize(
    ("hold", "silence", "sentence"),
    [
        ({"gate": 1}, (), "no gate 'gate'"),
        ({"candidate": 0.5}, (), "no gate 'candidate'"),
        ({"input_gate": 1.5}, (), "from 0 to 1"),
        ({"input_gate": -1}, (), "from 0 to 1"),
        ({"input_gate": "open"}, (), "one number, or at 28"),
        ({"input_gate": [0.5] * 27}, (), "one number, or at 28"),
        (None, [128], "from 0 to 127"),
        (None, [-1], "from 0 to 127"),
        (None, [1.5], "from 0 to 127"),
        (None, ["3"], "from 0 to 127"),
    ],
)
def test_read_refuses_what_it_cannot_hold_or_silence(reader, hold, silence, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        reader.read(np.zeros((28, 28)), hold=hold, silence=silence)

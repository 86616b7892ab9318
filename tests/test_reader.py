"""What the reader reads, holds, silences and refuses. Its numbers are held against Keras's in networks/test_lstm.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

from model.networks import weights
from model.networks.dimensions import GATES
from model.networks.lstm import FREE, Weights
from model.reader import heard_units, held_gates
from tests.support.refusals import given_or_refused


@pytest.fixture(scope="module")
def shipped() -> Weights:
    return weights.load()[0]


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


def test_what_is_held_for_all_units_by_rows_or_by_rows_and_units_is_the_same(reader, mnist) -> None:
    rows = np.linspace(0, 1, 28)
    by_unit = np.repeat(rows[:, None], 128, axis=1)
    by_rows, one_by_one = (reader.read(mnist[0][0], {"output_gate": held}) for held in (rows, by_unit))
    np.testing.assert_array_equal(by_rows.logits, one_by_one.logits)
    for reading in (by_rows, one_by_one):
        np.testing.assert_array_equal(reading.hold[:, 2], np.float32(by_unit))
        assert np.isnan(reading.hold[:, :2]).all()


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


def test_a_reading_keeps_what_was_read(reader, mnist) -> None:
    image = mnist[0][0].copy()
    reading = reader.read(image)
    image[14:] = 0
    np.testing.assert_array_equal(reading.image, mnist[0][0])


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


@pytest.mark.parametrize(
    "image",
    [None, "blank", {}, [[0.0], []], [["0"] * 28] * 28, np.zeros((28, 28), complex), np.zeros((28, 28), object)],
)
def test_what_is_no_array_of_numbers_is_refused(reader, image) -> None:
    for read in (reader.read, reader.classify, reader.trace):
        with pytest.raises(ValueError, match="must be an array of numbers"):
            read(image)


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, 1.1, 255, 1e300])
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
        ({"input_gate": np.full(128, 0.5)}, (), "or at 28 × 128, one a row and unit"),
        ({"input_gate": np.full((128, 28), 0.5)}, (), "or at 28 × 128, one a row and unit"),
        ({"input_gate": np.full((28, 128), 1.5)}, (), "from 0 to 1"),
        ({"input_gate": [0.5]}, (), "one number, or at 28"),
        ({"input_gate": np.full((1, 28), 0.5)}, (), "one number, or at 28"),
        ({"input_gate": [[0.5], []]}, (), "one number, or at 28"),
        ({"input_gate": "0.5"}, (), "one number, or at 28"),
        ({"input_gate": None}, (), "one number, or at 28"),
        ({"input_gate": True}, (), "one number, or at 28"),
        ({"input_gate": np.ones(28, bool)}, (), "one number, or at 28"),
        ({"input_gate": 0.5j}, (), "one number, or at 28"),
        ({"input_gate": 10**400}, (), "one number, or at 28"),
        ({"input_gate": 1e300}, (), "from 0 to 1"),
        ({"input_gate": np.nan}, (), "from 0 to 1"),
        ([1], (), "dictionary of gates"),
        ([], (), "dictionary of gates"),
        ("forget_gate", (), "dictionary of gates"),
        (np.ones((28, 3)), (), "dictionary of gates"),
        (0, (), "dictionary of gates"),
        (None, [128], "from 0 to 127"),
        (None, [-1], "from 0 to 127"),
        (None, [1.5], "from 0 to 127"),
        (None, ["3"], "from 0 to 127"),
        (None, "3", "from 0 to 127"),
        (None, [True], "from 0 to 127"),
        (None, [False] * 128, "from 0 to 127"),
        (None, np.ones(128, bool), "from 0 to 127"),
        (None, [[3, 17]], "from 0 to 127"),
        (None, np.array([3.0]), "from 0 to 127"),
        (None, [10**400], "from 0 to 127"),
        (None, 5, "from 0 to 127"),
        (None, np.array(5), "from 0 to 127"),
        (None, True, "from 0 to 127"),
        (None, None, "from 0 to 127"),
    ],
)
def test_read_refuses_what_it_cannot_hold_or_silence(reader, hold, silence, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        reader.read(np.zeros((28, 28)), hold=hold, silence=silence)


# What people may hand over for a number, a row of them or a unit: their own numbers, NumPy's, and what is none.
numbers = st.floats() | st.floats(0, 1) | st.integers(-2, 130) | st.integers()
oddments = st.none() | st.booleans() | numbers | st.text(max_size=4) | st.complex_numbers() | st.sampled_from([{}, int])
shapes = array_shapes(min_dims=0, max_dims=3, max_side=28) | st.sampled_from([(28,), (28, 128)])
several = arrays(scalar_dtypes(), shapes) | st.lists(oddments)
names = st.sampled_from(GATES) | st.text(max_size=4) | st.integers()


@settings(deadline=None)
@given(st.dictionaries(names, oddments | several, max_size=3) | oddments | several)
def test_anything_to_hold_is_held_or_refused_in_a_sentence(hold) -> None:
    held = given_or_refused(held_gates, hold)
    if held is not None:
        assert held.shape == (28, 3, 128)
        assert (((held >= 0) & (held <= 1)) | (held == FREE)).all()


@settings(deadline=None)
@given(oddments | several | st.sets(st.integers(0, 127)))
def test_anything_to_silence_is_silenced_or_refused_in_a_sentence(silence) -> None:
    heard = given_or_refused(heard_units, silence)
    if heard is not None:
        assert sorted(set(silence)) == np.flatnonzero(heard == 0).tolist()
        assert not any(isinstance(unit, bool) for unit in silence)


@pytest.mark.parametrize("kind", [int, np.int8, np.uint64, np.int32])
def test_numpys_numbers_are_numbers(kind) -> None:
    np.testing.assert_array_equal(np.flatnonzero(heard_units([kind(3), kind(17)]) == 0), [3, 17])
    np.testing.assert_array_equal(heard_units(np.array([17, 3], kind)), heard_units({3, 17}))
    np.testing.assert_array_equal(held_gates({"input_gate": kind(1)}), held_gates({"input_gate": 1.0}))


@pytest.mark.parametrize("kind", [np.float16, np.float64, np.longdouble])
def test_rows_of_nothing_but_nan_hold_nothing(kind) -> None:
    np.testing.assert_array_equal(held_gates({"forget_gate": np.full(28, np.nan, kind)}), held_gates({}))

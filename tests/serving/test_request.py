"""What the page asks: taken apart as it is meant, or refused in words."""

import base64
import io
import json
import re
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model import strokes_to_image
from model.preprocessing.strokes import MAX_POINTS
from model.preprocessing.variations import VARIATIONS, varied
from model.serving.readings import Readings
from model.serving.request import checked, found, parsed
from tests.support.demo import run_async
from tests.support.drawings import as_points, pen_digits, photo
from tests.support.refusals import REFUSED_REQUESTS

DIGIT = pen_digits()[3]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["strokes", "image", "hold", "silence", "vary", "picture", "input_gate"]), inner
        )
    ),
    max_leaves=20,
)


def read(readings: Readings, request: Any) -> bytes:
    return run_async(readings.answer(checked(request)))


def test_strokes_become_the_image_that_they_draw() -> None:
    image, hold, silence, full = asked = checked({"strokes": DIGIT["strokes"]})
    np.testing.assert_array_equal(image, strokes_to_image(as_points(DIGIT["strokes"])))
    assert (hold, silence, full, asked.is_experiment) == ({}, [], False, False)


def test_an_image_is_taken_as_it_is(mnist) -> None:
    image = mnist[0][0]
    sent = base64.b64encode(np.rint(image * 255).astype(np.uint8)).decode()
    np.testing.assert_array_equal(checked({"image": sent}).image, image)


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]])
def test_an_empty_pad_is_a_blank_page(strokes) -> None:
    assert not checked({"strokes": strokes}).image.any()


def test_experiments_are_told_from_what_changes_only_the_drawing() -> None:
    held = checked({"strokes": [], "hold": {"input_gate": [0.25, 14, 27]}, "full": True})
    np.testing.assert_array_equal(held.hold["input_gate"], np.repeat(np.float32([np.nan, 0.25]), 14))
    assert held.is_experiment
    assert held.full
    of_one = checked({"strokes": [], "hold": {"input_gate": [0.25, 14, 27, 18]}}).hold["input_gate"]
    assert of_one.shape == (28, 128)
    assert (of_one[14:, 18] == 0.25).all()
    assert np.isnan(of_one).sum() == 28 * 128 - 14
    assert checked({"strokes": [], "silence": [3, 5]}).silence == [3, 5]
    assert checked({"strokes": [], "silence": [3]}).is_experiment
    assert not checked({"strokes": [], "vary": "rotated"}).is_experiment


@pytest.mark.parametrize(("request_", "sentence"), REFUSED_REQUESTS)
def test_a_request_that_is_none_gets_a_sentence(readings, request_, sentence) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read(readings, request_)


@settings(deadline=None)
@given(
    value=st.floats(0, 1),
    rows=st.tuples(st.integers(0, 27), st.integers(0, 27)).map(sorted),
    unit=st.integers(0, 127),
    gate=st.sampled_from(["input_gate", "forget_gate", "output_gate"]),
)
def test_a_gate_of_one_unit_is_held_there_and_nowhere_else(value, rows, unit, gate) -> None:
    held = checked({"strokes": [], "hold": {gate: [value, *rows, unit]}}).hold
    assert list(held) == [gate]
    at, of = np.nonzero(~np.isnan(held[gate]))
    assert at.tolist() == list(range(rows[0], rows[1] + 1))
    assert set(of) == {unit}
    assert (held[gate][at, of] == np.float32(value)).all()


@pytest.mark.parametrize("body", [b"", b"{", b"[NaN]", b"[1e400]", b"\xff", b"[" * 100_000, b'{"strokes": [[1, 2]]}}'])
def test_what_is_no_json_gets_a_sentence(body) -> None:
    with pytest.raises(ValueError, match=r"not JSON\.$"):
        parsed(body)


def test_json_is_parsed() -> None:
    assert parsed(json.dumps(good := {"strokes": [[1, 2.5, -3e5, 2**53]]}).encode()) == good


@settings(deadline=None)
@given(request_=anything)
def test_any_request_gets_an_answer(readings, request_) -> None:
    for handle in (lambda: read(readings, request_), lambda: found(request_)):
        try:
            said = handle() and "An answer."
        except ValueError as error:
            said = str(error)
        assert said.endswith(".")


@pytest.mark.parametrize("how", VARIATIONS)
def test_a_varied_drawing_is_another_image(reader, how) -> None:
    image = strokes_to_image(as_points(DIGIT["strokes"]))
    other = varied(image, how)
    assert other.shape == (28, 28)
    assert other.dtype == np.float32
    assert 0 <= other.min() <= other.max() <= 1
    assert np.abs(other - image).max() > 0.3
    assert other.sum() < 0.75 * image.sum() if how == "thinner" else other.sum() == pytest.approx(image.sum(), rel=0.1)
    np.testing.assert_array_equal(checked({"strokes": DIGIT["strokes"], "vary": how}).image, other)


def png(picture: Image.Image) -> dict[str, str]:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return {"picture": base64.b64encode(file.getvalue()).decode()}


def test_a_digit_is_found_in_a_picture_and_read(reader) -> None:
    image = found({"picture": base64.b64encode(photo(DIGIT)).decode()})
    assert reader.read(checked({"image": image}).image).digit == DIGIT["digit"]


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (png(Image.new("L", (90, 90), 200)), "Nothing in this picture stands out"),
        (png(Image.new("L", (2000, 10))), "too long and thin"),
        ({"picture": base64.b64encode(b"no picture at all").decode()}, "no picture that can be read"),
        ({"picture": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()}, "no picture that can be read"),
        ({"picture": "not base64!"}, "not base64"),
        ({"picture": 7}, "holds no picture"),
        ({}, "holds no picture"),
        (None, "holds no picture"),
    ],
)
def test_what_is_no_picture_gets_a_sentence(request_, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        found(request_)


def test_what_holds_more_than_any_drawing_is_not_taken_apart() -> None:
    largest = orjson.dumps([[[k, k + 0.5] for k in range(MAX_POINTS)]])
    assert parsed(largest)
    for part in (b"[0],", b"1,", b'{"a":1},'):
        with pytest.raises(ValueError, match="more than any drawing"):
            parsed(b"[" + part * 110_000 + b"1]")

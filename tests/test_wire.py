"""What the page asks and what it is answered."""

import base64
import json

import numpy as np
import pytest
from conftest import as_points, pen_digits
from hypothesis import given, settings
from hypothesis import strategies as st

from model import strokes_to_image
from model.wire import answer

DIGIT = pen_digits()[3]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["strokes", "hold", "a"]), inner),
    max_leaves=20,
)


def test_the_answer_is_the_reading(reader) -> None:
    reply = answer(reader, {"strokes": DIGIT["strokes"]})
    reading = reader.read(strokes_to_image(as_points(DIGIT["strokes"])))
    assert reply["ok"] is True
    assert reply["digit"] == reading.digit
    flat = np.frombuffer(base64.b64decode(reply["arrays"]), "<f2").astype(float)
    parts = [*reading.trace, reading.logits, reading.verdict, reading.evidence, reading.probabilities, reading.image]
    assert len(flat) == sum(part.size for part in parts) == 6 * 28 * 128 + 3 * 280 + 10 + 784
    np.testing.assert_allclose(flat, np.concatenate([part.ravel() for part in parts]), rtol=1e-3, atol=1e-4)
    json.dumps(reply)


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]])
def test_an_empty_pad_is_a_blank_page(reader, strokes) -> None:
    reply = answer(reader, {"strokes": strokes})
    assert reply["ok"] is True
    assert reply["digit"] is None


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (None, "no list of strokes"),
        ([], "no list of strokes"),
        ({}, "no list of strokes"),
        ({"strokes": "all"}, "no list of strokes"),
        ({"strokes": [[1, 2, 3]]}, "a list x, y"),
        ({"strokes": [{"x": 1}]}, "a list x, y"),
        ({"strokes": [["1", "2"]]}, "numbers only"),
        ({"strokes": [[True, False]]}, "numbers only"),
        ({"strokes": [[None, 1]]}, "numbers only"),
        ({"strokes": [[[1, 2], [3, 4]]]}, "numbers only"),
        ({"strokes": [[float("nan"), 1]]}, "finite"),
        ({"strokes": [[1e308, 1]]}, "beyond"),
        ({"strokes": [[10**400, 1]]}, "too large"),
        ({"strokes": [[0] * 50_000]}, "at most 20,000"),
        ({"strokes": [[0, 0] * 9_000] * 3}, "27,000 points"),
        ({"strokes": [[0, 0]] * 1_001}, "1,001 strokes"),
    ],
)
def test_a_request_that_is_none_gets_a_sentence(reader, request_, sentence) -> None:
    reply = answer(reader, request_)
    assert reply["ok"] is False
    assert sentence in reply["error"]


@settings(max_examples=300, deadline=None)
@given(request_=anything)
def test_any_request_gets_an_answer(reader, request_) -> None:
    reply = answer(reader, request_)
    assert reply["ok"] is True or (reply["ok"] is False and reply["error"].endswith("."))
